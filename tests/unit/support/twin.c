// SPDX-License-Identifier: GPL-2.0-only
#include "twin.h"
#include "arena.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define HUGE	(2UL << 20)

enum sort {
	HOLE,
	PRIVATE,
	SHARED,
	PRIVATE_FILE,	/* whose pages nobody has touched */
	SHARED_FILE,
};

enum touch {
	NOT,
	READ,		/* all have the one page of zeros */
	WRITTEN,
	COPIED,		/* written, and so far shared with a child */
};

#define RW (PROT_READ | PROT_WRITE)

static const struct stretch {
	size_t pages;
	enum sort sort;
	int protection;
	enum touch touch;
} stretches[] = {
	{ 5, PRIVATE, RW, WRITTEN },
	{ 2, HOLE, 0, NOT },
	{ 2, PRIVATE, RW, WRITTEN },
	{ 2, PRIVATE, PROT_READ, WRITTEN },
	{ 1, PRIVATE, RW, WRITTEN },
	{ 2, PRIVATE, PROT_NONE, WRITTEN },
	{ 1, PRIVATE, PROT_WRITE, WRITTEN },
	{ 3, PRIVATE, RW, NOT },
	{ 1, PRIVATE, PROT_NONE, NOT },
	{ 3, PRIVATE, RW, READ },
	{ 2, PRIVATE, PROT_READ, READ },
	{ 4, PRIVATE, RW, COPIED },
	{ 2, PRIVATE, PROT_READ, COPIED },
	{ 1, HOLE, 0, NOT },
	{ 4, SHARED, RW, WRITTEN },
	{ 3, SHARED, RW, NOT },
	{ 2, SHARED, PROT_READ, WRITTEN },
	{ 1, SHARED, PROT_NONE, NOT },
	{ 3, PRIVATE_FILE, RW, NOT },
	{ 2, PRIVATE_FILE, RW, WRITTEN },
	{ 2, PRIVATE_FILE, PROT_READ, NOT },
	{ 3, SHARED_FILE, RW, NOT },
	{ 2, SHARED_FILE, PROT_READ, READ },
	{ 2, PRIVATE, RW, WRITTEN },
	{ 2, HOLE, 0, NOT },
};

#define STRETCHES (sizeof(stretches) / sizeof(*stretches))

/* Behind them two huge pages, where the kernel has any, one of them touched. */
static unsigned char *world;
static size_t small_pages;

static unsigned char *huge_pages(void)
{
	uintptr_t end = (uintptr_t)world + small_pages * PAGE;

	return (unsigned char *)((end + HUGE - 1) / HUGE * HUGE);
}

static size_t world_length(void)
{
	return small_pages * PAGE + 4 * HUGE;
}

void twins_reserve(void)
{
	size_t i;

	small_pages = 0;
	for (i = 0; i < STRETCHES; i++)
		small_pages += stretches[i].pages;
	world = mmap(NULL, world_length(), PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(world != MAP_FAILED);
}

void twins_release(void)
{
	munmap(world, world_length());
}

/*
 * In the twin itself: each function returns whether it worked
 */

static void fill(unsigned char *memory, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		memory[i] = 1 + ((uintptr_t)(memory + i) * 7 + (uintptr_t)(memory + i) / PAGE) % 255;
}

static int make_file(const unsigned char *memory, size_t length)
{
	char path[] = "/tmp/memrw-twin-XXXXXX";
	unsigned char bytes[PAGE_MAX];
	size_t i;
	int fd;

	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return -1;
	unlink(path);
	for (i = 0; i < length; i += PAGE) {
		memset(bytes, (uintptr_t)(memory + i) / PAGE, PAGE);
		if (write(fd, bytes, PAGE) != (ssize_t)PAGE)
			return -1;
	}
	return fd;
}

static bool map_stretch(unsigned char *memory, const struct stretch *stretch)
{
	bool shared = stretch->sort == SHARED || stretch->sort == SHARED_FILE;
	int flags = MAP_FIXED | (shared ? MAP_SHARED : MAP_PRIVATE), fd = -1;
	size_t length = stretch->pages * PAGE;
	void *mapped;

	if (stretch->sort == PRIVATE_FILE || stretch->sort == SHARED_FILE)
		fd = make_file(memory, length);
	else
		flags |= MAP_ANONYMOUS;
	mapped = mmap(memory, length, RW, flags, fd, 0);
	if (fd >= 0)
		close(fd);
	return mapped == memory && !madvise(memory, length, MADV_NOHUGEPAGE);
}

static void touch_stretch(unsigned char *memory, const struct stretch *stretch)
{
	size_t i;

	if (stretch->touch == WRITTEN || stretch->touch == COPIED)
		fill(memory, stretch->pages * PAGE);
	for (i = 0; stretch->touch == READ && i < stretch->pages; i++)
		*(volatile unsigned char *)(memory + i * PAGE);
}

static bool make_stretch(unsigned char *memory, const struct stretch *stretch)
{
	size_t length = stretch->pages * PAGE;

	if (stretch->sort == HOLE)
		return !munmap(memory, length);
	if (!map_stretch(memory, stretch))
		return false;
	touch_stretch(memory, stretch);
	return !mprotect(memory, length, stretch->protection);
}

static bool make_huge_pages(void)
{
	unsigned char *memory = huge_pages();

	if (mmap(memory, 2 * HUGE, RW, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS,
		 -1, 0) != memory)
		return false;
	/* Not every kernel has them. */
	madvise(memory, 2 * HUGE, MADV_HUGEPAGE);
	fill(memory, PAGE);
	return true;
}

/* What is not to be shared with the child is touched once more. */
static bool share_with_child(void)
{
	unsigned char *memory = world;
	size_t i;
	pid_t pid;

	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	for (i = 0; i < STRETCHES; i++) {
		if (stretches[i].protection == RW && stretches[i].touch == WRITTEN)
			fill(memory, stretches[i].pages * PAGE);
		memory += stretches[i].pages * PAGE;
	}
	return pid > 0;
}

static long make_world(long argument)
{
	unsigned char *memory = world;
	size_t i;

	(void)argument;
	for (i = 0; i < STRETCHES; i++) {
		if (!make_stretch(memory, &stretches[i]))
			return -1 - (long)i;
		memory += stretches[i].pages * PAGE;
	}
	return make_huge_pages() && share_with_child() ? 0 : -100;
}

/*
 * From outside
 */

void twin_start(struct twin *twin)
{
	char path[32];

	child_start(&twin->child, make_world);
	assert_int_equal(child_call(&twin->child, 0), 0);
	snprintf(path, sizeof(path), "/proc/%d/mem", twin->child.pid);
	twin->mem = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(twin->mem >= 0);
}

void twin_stop(struct twin *twin)
{
	close(twin->mem);
	child_stop(&twin->child);
}

/* As often a byte that begins a word of 8 as any. */
static size_t within_page(uint64_t random)
{
	size_t offset = (random >> 1) % PAGE;

	return random & 1 ? offset : offset / 8 * 8;
}

uint64_t twin_address(uint64_t random)
{
	uint64_t page = (uintptr_t)world + (random >> 20) % small_pages * PAGE;

	switch (random >> 16 & 15) {
	case 0:
		/* The first huge page, the border between the two, or the second. */
		return (uintptr_t)huge_pages() + (random >> 20) % (2 * HUGE);
	case 1:
		return (uintptr_t)huge_pages() + HUGE - (random >> 20) % 128;
	case 2:
		/* The end of a page. */
		return page + PAGE - 1 - (random >> 1) % 16;
	default:
		return page + within_page(random);
	}
}

static bool page_is_alike(const struct twin *one, const struct twin *other,
			  uint64_t address, uint64_t *difference)
{
	static unsigned char bytes[2][PAGE_MAX];
	size_t i;

	if (pread(one->mem, bytes[0], PAGE, address) != (ssize_t)PAGE ||
	    pread(other->mem, bytes[1], PAGE, address) != (ssize_t)PAGE)
		return true;
	for (i = 0; i < PAGE; i++) {
		if (bytes[0][i] != bytes[1][i]) {
			*difference = address + i;
			return false;
		}
	}
	return true;
}

/* Memory that nobody touched is not looked at: looking would touch it. */
static bool is_to_be_looked_at(const struct stretch *stretch)
{
	return stretch->sort != HOLE && stretch->touch != NOT;
}

bool twins_alike(const struct twin *one, const struct twin *other,
		 uint64_t *difference)
{
	uint64_t address = (uintptr_t)world;
	size_t i, page;

	for (i = 0; i < STRETCHES; i++)
		for (page = 0; page < stretches[i].pages; page++, address += PAGE)
			if (is_to_be_looked_at(&stretches[i]) &&
			    !page_is_alike(one, other, address, difference))
				return false;
	return page_is_alike(one, other, (uintptr_t)huge_pages(), difference);
}
