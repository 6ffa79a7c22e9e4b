// SPDX-License-Identifier: GPL-2.0-only
#include "arena.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

const enum page_kind arena_kinds[ARENA_PAGES] = {
	PAGE_RW, PAGE_RW, PAGE_RO, PAGE_RW, PAGE_NONE, PAGE_RW, PAGE_WO,
	PAGE_NONE, PAGE_RW, PAGE_FRESH, PAGE_FRESH, PAGE_RW, PAGE_HOLE,
	PAGE_RO, PAGE_RW, PAGE_RW,
};

size_t arena_page(enum page_kind kind)
{
	size_t page = 0;

	while (arena_kinds[page] != kind)
		page++;
	return page;
}

unsigned char arena_byte(size_t offset)
{
	if (arena_kinds[offset / PAGE] == PAGE_FRESH)
		return 0;
	/* Neither zero nor the same at the same place of two pages. */
	return 1 + (offset * 7 + offset / PAGE) % 255;
}

static void fill_page(unsigned char *arena, size_t page)
{
	size_t i;

	for (i = page * PAGE; i < (page + 1) * PAGE; i++)
		arena[i] = arena_byte(i);
}

static void protect_page(unsigned char *arena, size_t page)
{
	static const int protections[] = {
		[PAGE_RO] = PROT_READ, [PAGE_WO] = PROT_WRITE,
		[PAGE_NONE] = PROT_NONE,
	};
	enum page_kind kind = arena_kinds[page];

	if (kind == PAGE_HOLE)
		assert_int_equal(munmap(arena + page * PAGE, PAGE), 0);
	if (kind == PAGE_RO || kind == PAGE_WO || kind == PAGE_NONE)
		assert_int_equal(mprotect(arena + page * PAGE, PAGE,
					  protections[kind]), 0);
}

uintptr_t arena_map(void)
{
	unsigned char *arena;
	size_t page;

	arena = mmap(NULL, (ARENA_PAGES + 1) * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(arena != MAP_FAILED);
	/* A huge page would touch the fresh ones too. */
	madvise(arena, (ARENA_PAGES + 1) * PAGE, MADV_NOHUGEPAGE);
	for (page = 0; page < ARENA_PAGES; page++) {
		if (arena_kinds[page] != PAGE_FRESH)
			fill_page(arena, page);
		protect_page(arena, page);
	}
	assert_int_equal(munmap(arena + ARENA_PAGES * PAGE, PAGE), 0);
	return (uintptr_t)arena;
}

void arena_unmap(uintptr_t arena)
{
	munmap((void *)arena, ARENA_PAGES * PAGE);
}

static bool permits(enum page_kind kind, bool write, bool force)
{
	switch (kind) {
	case PAGE_RW:
	case PAGE_FRESH:
		return true;
	case PAGE_RO:
		return force || !write;
	case PAGE_WO:
		return force || write;
	case PAGE_NONE:
		return force;
	case PAGE_HOLE:
		return false;
	}
	return false;
}

size_t arena_expect(size_t offset, size_t length, bool write, bool force)
{
	size_t end = offset;

	while (end < offset + length && end / PAGE < ARENA_PAGES &&
	       permits(arena_kinds[end / PAGE], write, force))
		end += PAGE - end % PAGE;
	return end < offset + length ? end - offset : length;
}

void peek(pid_t pid, uintptr_t address, void *buffer, size_t length)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, buffer, length, address), length);
	close(fd);
}
