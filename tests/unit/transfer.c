// SPDX-License-Identifier: GPL-2.0-only
/* Reading and writing a target's memory. */
#include "support/arena.h"

#include <fcntl.h>
#include <linux/memfd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MIB	(1UL << 20)

static uintptr_t arena;
static struct child child;
static struct memrw_target *target;

/* Which of the child's pages are in memory, as the child itself sees it. */
static long is_resident(long address)
{
	unsigned char resident;

	if (mincore((void *)address, PAGE, &resident))
		return -errno;
	return resident & 1;
}

static void start(void)
{
	child_start(&child, is_resident);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
}

static int open_arena(void **state)
{
	(void)state;
	arena = arena_map();
	start();
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	memrw_target_close(target);
	target = NULL;
	child_stop(&child);
	arena_unmap(arena);
	return 0;
}

static uintptr_t page_address(enum page_kind kind)
{
	return arena + arena_page(kind) * PAGE;
}

static ssize_t read_at(uint64_t address, void *buffer, size_t length,
		       unsigned int flags)
{
	return memrw_target_read(target, address, buffer, length, flags);
}

static ssize_t write_at(uint64_t address, const void *buffer, size_t length,
			unsigned int flags)
{
	return memrw_target_write(target, address, buffer, length, flags);
}

static void assert_arena(const unsigned char *bytes, size_t offset,
			 size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		assert_int_equal(bytes[i], arena_byte(offset + i));
}

/*
 * Which bytes move
 */

static void read_at_random(unsigned int flags)
{
	static unsigned char bytes[(ARENA_PAGES + 1) * PAGE_MAX];
	unsigned int seed = 1;
	int i;

	for (i = 0; i < 2000; i++) {
		size_t offset = rand_r(&seed) % (ARENA_PAGES * PAGE);
		size_t length = 1 + rand_r(&seed) % (i % 2 ? 64 : 6 * PAGE);
		size_t expected = arena_expect(offset, length, false,
					       flags & MEMRW_FORCE);

		memset(bytes, 0xee, length);
		if (!expected) {
			assert_errno(read_at(arena + offset, bytes, length, flags), EIO);
			continue;
		}
		assert_int_equal(read_at(arena + offset, bytes, length, flags),
				 expected);
		assert_arena(bytes, offset, expected);
		if (expected < length)
			assert_int_equal(bytes[expected], 0xee);
	}
}

static void read_ends_at_the_first_page_that_cannot_be_read(void **state)
{
	(void)state;
	read_at_random(0);
}

static void read_with_force_ends_at_a_hole(void **state)
{
	(void)state;
	read_at_random(MEMRW_FORCE);
}

static void read_without_populating_ends_at_the_same_page(void **state)
{
	(void)state;
	read_at_random(MEMRW_NO_POPULATE);
	read_at_random(MEMRW_NO_POPULATE | MEMRW_FORCE);
}

/* The whole arena, with what is not mapped left out. */
static void peek_arena(unsigned char *bytes)
{
	size_t page;

	for (page = 0; page < ARENA_PAGES; page++)
		if (arena_kinds[page] != PAGE_HOLE)
			peek(child.pid, arena + page * PAGE, bytes + page * PAGE, PAGE);
}

static void write_at_random(unsigned int flags)
{
	static unsigned char expected[ARENA_PAGES * PAGE_MAX], now[ARENA_PAGES * PAGE_MAX];
	static unsigned char bytes[6 * PAGE_MAX];
	unsigned int seed = 2;
	int i;

	peek_arena(expected);
	for (i = 0; i < 300; i++) {
		size_t offset = rand_r(&seed) % (ARENA_PAGES * PAGE);
		size_t length = 1 + rand_r(&seed) % (i % 2 ? 64 : 6 * PAGE);
		size_t moved = arena_expect(offset, length, true,
					    flags & MEMRW_FORCE);

		memset(bytes, i, 6 * PAGE);
		if (moved)
			assert_int_equal(write_at(arena + offset, bytes, length, flags),
					 moved);
		else
			assert_errno(write_at(arena + offset, bytes, length, flags), EIO);
		memcpy(expected + offset, bytes, moved);
		peek_arena(now);
		assert_memory_equal(now, expected, ARENA_PAGES * PAGE);
	}
}

static void write_ends_at_the_first_page_that_cannot_be_written(void **state)
{
	(void)state;
	write_at_random(0);
}

static void write_with_force_ends_at_a_hole(void **state)
{
	(void)state;
	write_at_random(MEMRW_FORCE);
}

static void write_is_the_targets_alone(void **state)
{
	const unsigned char *own = (void *)arena;

	(void)state;
	assert_int_equal(write_at(arena, "\0", 1, 0), 1);
	assert_int_equal(*own, arena_byte(0));
}

static void transfer_of_many_megabytes(void **state)
{
	size_t length = 5 * MIB + 1234, i;
	unsigned char *memory, *bytes;

	(void)state;
	memory = mmap(NULL, 6 * MIB, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bytes = malloc(length);
	assert_true(memory != MAP_FAILED && bytes);
	for (i = 0; i < 6 * MIB; i++)
		memory[i] = i * 31 + (i >> 12);
	start();

	assert_int_equal(read_at((uintptr_t)memory + 77, bytes, length, 0), length);
	assert_memory_equal(bytes, memory + 77, length);

	for (i = 0; i < length; i++)
		bytes[i] ^= 0xff;
	assert_int_equal(write_at((uintptr_t)memory + 77, bytes, length, 0), length);
	memset(bytes, 0, length);
	peek(child.pid, (uintptr_t)memory + 77, bytes, length);
	for (i = 0; i < length; i++)
		assert_int_equal(bytes[i] ^ 0xff, memory[77 + i]);

	free(bytes);
	munmap(memory, 6 * MIB);
}

/*
 * Addresses and lengths
 */

static void transfer_at_an_address_that_no_process_has(void **state)
{
	const uint64_t addresses[] = {
		0, 1, 8, PAGE - 1, 0x0000800000000000, 0x00007ffffffff000,
		0x0001000000000000, INT64_MAX - 7, INT64_MAX,
		(uint64_t)INT64_MAX + 1, 0xffff800000000000,
		0xffffffffff600000, UINT64_MAX - PAGE + 1, UINT64_MAX - 3,
		UINT64_MAX,
	};
	unsigned char bytes[PAGE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		assert_errno(read_at(addresses[i], bytes, 8, 0), EIO);
		assert_errno(read_at(addresses[i], bytes, PAGE, 0), EIO);
		assert_errno(read_at(addresses[i], bytes, 8, MEMRW_FORCE), EIO);
		assert_errno(read_at(addresses[i], bytes, 8, MEMRW_NO_POPULATE), EIO);
		assert_errno(write_at(addresses[i], bytes, 8, 0), EIO);
		assert_errno(write_at(addresses[i], bytes, 8, MEMRW_FORCE), EIO);
	}
}

static void transfer_of_no_bytes(void **state)
{
	(void)state;
	assert_int_equal(read_at(arena, NULL, 0, 0), 0);
	assert_int_equal(read_at(0, NULL, 0, 0), 0);
	assert_int_equal(write_at(UINT64_MAX, NULL, 0, 0), 0);
}

static void transfer_longer_than_any_memory(void **state)
{
	static const size_t lengths[] = {
		SIZE_MAX / 4, SIZE_MAX / 2 + 1, SIZE_MAX,
#if SIZE_MAX > UINT32_MAX
		1UL << 31, 1UL << 47,
#endif
	};
	/* With room behind it for as long as the kernel looks ahead. */
	const size_t room = SIZE_MAX > UINT32_MAX ? 1024 * 4 * MIB : 2 * 1024 * MIB;
	size_t page = arena_page(PAGE_HOLE) + 1;
	size_t rest = (ARENA_PAGES - page) * PAGE, i;
	uint64_t address = arena + page * PAGE;
	unsigned char *bytes;

	(void)state;
	bytes = mmap(NULL, room, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	assert_true(bytes != MAP_FAILED);
	for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		memset(bytes, 0, rest);
		assert_int_equal(read_at(address, bytes, lengths[i], 0), rest);
		assert_arena(bytes, page * PAGE, rest);
		assert_int_equal(read_at(address, bytes, lengths[i], MEMRW_NO_POPULATE), rest);
		assert_int_equal(write_at(address, bytes, lengths[i], MEMRW_FORCE), rest);
	}
	munmap(bytes, room);
}

/*
 * Flags and modes
 */

static void transfer_with_an_unknown_flag(void **state)
{
	unsigned char byte = 0;

	(void)state;
	assert_errno(read_at(arena, &byte, 1, 1U << 2), EINVAL);
	assert_errno(write_at(arena, &byte, 1, 1U << 31), EINVAL);
}

static void write_on_a_target_opened_for_reading(void **state)
{
	struct memrw_target *reader;
	unsigned char byte = 0;

	(void)state;
	reader = memrw_target_open(child.pid, unit_via(), MEMRW_OPEN_READ_ONLY);
	assert_non_null(reader);
	assert_errno(memrw_target_write(reader, arena, &byte, 1, 0), EACCES);
	assert_errno(memrw_target_write(reader, arena, &byte, 1, MEMRW_FORCE), EACCES);
	assert_errno(memrw_target_write(reader, arena, &byte, 0, 0), EACCES);
	assert_int_equal(memrw_target_read(reader, arena, &byte, 1, 0), 1);
	assert_int_equal(byte, arena_byte(0));
	memrw_target_close(reader);
}

/*
 * The caller's buffer
 */

/* A page of memory with nothing behind it; @prot is what it is left with. */
static unsigned char *map_last_page(int prot)
{
	unsigned char *page;

	page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(page != MAP_FAILED);
	memset(page, 0x5a, PAGE);
	assert_int_equal(munmap(page + PAGE, PAGE), 0);
	assert_int_equal(mprotect(page, PAGE, prot), 0);
	return page;
}

static const unsigned int all_flags[] = {
	0, MEMRW_FORCE, MEMRW_NO_POPULATE, MEMRW_FORCE | MEMRW_NO_POPULATE,
};

#define FLAG_SETS	(sizeof(all_flags) / sizeof(*all_flags))

static void read_into_a_bad_buffer(void **state)
{
	unsigned char *readonly = map_last_page(PROT_READ);
	uint64_t fresh = page_address(PAGE_FRESH);
	size_t i;

	(void)state;
	for (i = 0; i < FLAG_SETS; i++) {
		assert_errno(read_at(arena, NULL, 8, all_flags[i]), EFAULT);
		assert_errno(read_at(arena, readonly + PAGE, 8, all_flags[i]), EFAULT);
		assert_errno(read_at(arena, readonly, PAGE, all_flags[i]), EFAULT);
		assert_errno(read_at(fresh, readonly, PAGE, all_flags[i]), EFAULT);
		assert_errno(read_at(arena, (void *)INTPTR_MIN, 8, all_flags[i]), EFAULT);
	}
	munmap(readonly, PAGE);
}

static void read_into_a_buffer_that_ends_early(void **state)
{
	unsigned char *page = map_last_page(PROT_READ | PROT_WRITE);
	size_t i;

	(void)state;
	for (i = 0; i < FLAG_SETS; i++) {
		memset(page, 0, PAGE);
		assert_int_equal(read_at(arena + 5, page + PAGE - 10, 20, all_flags[i]), 10);
		assert_arena(page + PAGE - 10, 5, 10);
		assert_int_equal(read_at(arena + 5, page + 3, 2 * PAGE, all_flags[i]), PAGE - 3);
		assert_arena(page + 3, 5, PAGE - 3);
		assert_int_equal(read_at(page_address(PAGE_FRESH), page + 3, 2 * PAGE,
					 all_flags[i]), PAGE - 3);
	}
	munmap(page, PAGE);
}

static void write_from_a_bad_buffer(void **state)
{
	unsigned char *none = map_last_page(PROT_NONE), byte;
	size_t i;

	(void)state;
	for (i = 0; i < FLAG_SETS; i++) {
		assert_errno(write_at(arena, NULL, 8, all_flags[i]), EFAULT);
		assert_errno(write_at(arena, none, PAGE, all_flags[i]), EFAULT);
		assert_errno(write_at(arena, none + PAGE, 8, all_flags[i]), EFAULT);
	}
	peek(child.pid, arena, &byte, 1);
	assert_int_equal(byte, arena_byte(0));
	munmap(none, PAGE);
}

static void write_from_a_buffer_that_ends_early(void **state)
{
	unsigned char *page = map_last_page(PROT_READ);
	unsigned char bytes[2 * PAGE];

	(void)state;
	assert_int_equal(write_at(arena + 5, page + PAGE - 10, 20, 0), 10);
	peek(child.pid, arena, bytes, PAGE);
	assert_arena(bytes, 0, 5);
	assert_memory_equal(bytes + 5, page, 10);
	assert_arena(bytes + 15, 15, PAGE - 15);

	assert_int_equal(write_at(arena + 20, page + 3, 2 * PAGE, 0), PAGE - 3);
	peek(child.pid, arena, bytes, 2 * PAGE);
	assert_memory_equal(bytes + 20, page + 3, PAGE - 3);
	assert_arena(bytes + PAGE + 17, PAGE + 17, PAGE - 17);
	munmap(page, PAGE);
}

static void read_into_the_targets_own_memory(void **state)
{
	struct memrw_target *self;

	(void)state;
	self = memrw_target_open(getpid(), unit_via(), 0);
	assert_non_null(self);
	assert_int_equal(memrw_target_read(self, arena + PAGE,
					   (void *)(arena + 8), 64, 0), 64);
	assert_memory_equal((void *)(arena + 8), (void *)(arena + PAGE), 64);
	memrw_target_close(self);
}

/*
 * MEMRW_NO_POPULATE
 */

static void read_without_populating(void **state)
{
	uint64_t fresh = page_address(PAGE_FRESH);
	unsigned char bytes[4 * PAGE];

	(void)state;
	memset(bytes, 0xee, sizeof(bytes));
	assert_int_equal(read_at(fresh - PAGE, bytes, sizeof(bytes),
				 MEMRW_NO_POPULATE), sizeof(bytes));
	assert_arena(bytes, fresh - PAGE - arena, sizeof(bytes));
	assert_int_equal(child_call(&child, fresh), 0);
	assert_int_equal(child_call(&child, fresh + PAGE), 0);
	assert_int_equal(child_call(&child, fresh - PAGE), 1);
}

static void read_with_populating_populates(void **state)
{
	uint64_t fresh = page_address(PAGE_FRESH);
	unsigned char bytes[PAGE];

	(void)state;
	assert_int_equal(read_at(fresh, bytes, PAGE, 0), PAGE);
	assert_int_equal(child_call(&child, fresh), 1);
	assert_int_equal(child_call(&child, fresh + PAGE), 0);
}

static void read_without_populating_much(void **state)
{
	static const unsigned char zeros[PAGE_MAX];
	size_t length = 64 * MIB, i;
	unsigned char *memory, *bytes;

	(void)state;
	memory = mmap(NULL, length, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bytes = malloc(length);
	assert_true(memory != MAP_FAILED && bytes);
	madvise(memory, length, MADV_NOHUGEPAGE);
	for (i = 0; i < length; i += 8 * MIB)
		memory[i + 5] = 1 + i / MIB;
	memset(bytes, 0xee, length);
	start();

	assert_int_equal(read_at((uintptr_t)memory, bytes, length,
				 MEMRW_NO_POPULATE), length);
	for (i = 0; i < length; i += PAGE) {
		if (i % (8 * MIB) == 0) {
			assert_int_equal(bytes[i + 5], 1 + i / MIB);
			bytes[i + 5] = 0;
		} else {
			assert_int_equal(child_call(&child, (long)(memory + i)), 0);
		}
		assert_memory_equal(bytes + i, zeros, PAGE);
	}
	free(bytes);
	munmap(memory, length);
}

/*
 * Kinds of memory
 */

static int make_file(size_t length)
{
	char path[] = "/tmp/memrw-unit-XXXXXX";
	unsigned char *bytes = malloc(length);
	size_t i;
	int fd;

	fd = mkostemp(path, O_CLOEXEC);
	assert_true(fd >= 0 && bytes);
	unlink(path);
	for (i = 0; i < length; i++)
		bytes[i] = arena_byte(i % PAGE);
	assert_int_equal(write(fd, bytes, length), length);
	free(bytes);
	return fd;
}

static void *map_file(int fd, size_t length, int prot, int flags)
{
	void *memory = mmap(NULL, length, prot, flags, fd, 0);

	assert_true(memory != MAP_FAILED);
	return memory;
}

static void read_a_private_file_that_was_not_touched(void **state)
{
	unsigned char bytes[PAGE];
	int fd = make_file(PAGE);
	void *memory = map_file(fd, PAGE, PROT_READ, MAP_PRIVATE);

	(void)state;
	start();
	assert_int_equal(read_at((uintptr_t)memory, bytes, PAGE, MEMRW_NO_POPULATE), PAGE);
	assert_arena(bytes, 0, PAGE);
	munmap(memory, PAGE);
	close(fd);
}

static void read_behind_the_end_of_a_file(void **state)
{
	unsigned char bytes[2 * PAGE];
	int fd = make_file(PAGE / 2);
	void *memory = map_file(fd, 2 * PAGE, PROT_READ, MAP_PRIVATE);

	(void)state;
	start();
	assert_int_equal(read_at((uintptr_t)memory, bytes, 2 * PAGE, 0), PAGE);
	assert_arena(bytes, 0, PAGE / 2);
	assert_errno(read_at((uintptr_t)memory + PAGE, bytes, 1, 0), EIO);
	assert_errno(read_at((uintptr_t)memory + PAGE, bytes, 1, MEMRW_FORCE), EIO);
	munmap(memory, 2 * PAGE);
	close(fd);
}

static void write_with_force_leaves_a_private_file_alone(void **state)
{
	int fd = make_file(PAGE);
	void *memory = map_file(fd, PAGE, PROT_READ, MAP_PRIVATE);
	unsigned char byte;

	(void)state;
	start();
	assert_errno(write_at((uintptr_t)memory, "\xff", 1, 0), EIO);
	assert_int_equal(write_at((uintptr_t)memory, "\xff", 1, MEMRW_FORCE), 1);
	peek(child.pid, (uintptr_t)memory, &byte, 1);
	assert_int_equal(byte, 0xff);
	assert_int_equal(pread(fd, &byte, 1, 0), 1);
	assert_int_equal(byte, arena_byte(0));
	munmap(memory, PAGE);
	close(fd);
}

static void write_with_force_to_a_shared_file_that_is_read_only(void **state)
{
	int fd = make_file(PAGE);
	void *memory = map_file(fd, PAGE, PROT_READ, MAP_SHARED);

	(void)state;
	start();
	assert_errno(write_at((uintptr_t)memory, "\xff", 1, 0), EIO);
	assert_errno(write_at((uintptr_t)memory, "\xff", 1, MEMRW_FORCE), EIO);
	munmap(memory, PAGE);
	close(fd);
}

static void write_to_shared_memory_is_seen_by_all(void **state)
{
	unsigned char *memory;

	(void)state;
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	start();
	assert_int_equal(write_at((uintptr_t)memory + 9, "x", 1, 0), 1);
	assert_int_equal(memory[9], 'x');
	munmap(memory, PAGE);
}

static void read_secret_memory(void **state)
{
	unsigned char *memory, byte;
	int fd = syscall(SYS_memfd_secret, 0);

	(void)state;
	if (fd < 0)
		skip();
	assert_int_equal(ftruncate(fd, PAGE), 0);
	memory = map_file(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	*memory = 1;
	start();
	assert_errno(read_at((uintptr_t)memory, &byte, 1, 0), EIO);
	assert_errno(read_at((uintptr_t)memory, &byte, 1, MEMRW_FORCE), EIO);
	assert_errno(write_at((uintptr_t)memory, &byte, 1, 0), EIO);
	munmap(memory, PAGE);
	close(fd);
}

/* The kernel's code in every process: memory without a file, and not zeros. */
static void read_the_vdso(void **state)
{
	unsigned char bytes[4];
	unsigned long vdso = getauxval(AT_SYSINFO_EHDR);

	(void)state;
	if (!vdso)
		skip();
	start();
	assert_int_equal(read_at(vdso, bytes, 4, MEMRW_NO_POPULATE), 4);
	assert_memory_equal(bytes, "\177ELF", 4);
}

static int stop(void **state)
{
	(void)state;
	memrw_target_close(target);
	target = NULL;
	child_stop(&child);
	return 0;
}

#define arena_test(fn) cmocka_unit_test_setup_teardown(fn, open_arena, close_arena)
#define own_test(fn) cmocka_unit_test_teardown(fn, stop)

static const struct CMUnitTest tests[] = {
	arena_test(read_ends_at_the_first_page_that_cannot_be_read),
	arena_test(read_with_force_ends_at_a_hole),
	arena_test(read_without_populating_ends_at_the_same_page),
	arena_test(write_ends_at_the_first_page_that_cannot_be_written),
	arena_test(write_with_force_ends_at_a_hole),
	arena_test(write_is_the_targets_alone),
	own_test(transfer_of_many_megabytes),
	arena_test(transfer_at_an_address_that_no_process_has),
	arena_test(transfer_of_no_bytes),
	arena_test(transfer_longer_than_any_memory),
	arena_test(transfer_with_an_unknown_flag),
	arena_test(write_on_a_target_opened_for_reading),
	arena_test(read_into_a_bad_buffer),
	arena_test(read_into_a_buffer_that_ends_early),
	arena_test(write_from_a_bad_buffer),
	arena_test(write_from_a_buffer_that_ends_early),
	arena_test(read_into_the_targets_own_memory),
	arena_test(read_without_populating),
	arena_test(read_with_populating_populates),
	own_test(read_without_populating_much),
	own_test(read_a_private_file_that_was_not_touched),
	own_test(read_behind_the_end_of_a_file),
	own_test(write_with_force_leaves_a_private_file_alone),
	own_test(write_with_force_to_a_shared_file_that_is_read_only),
	own_test(write_to_shared_memory_is_seen_by_all),
	own_test(read_secret_memory),
	own_test(read_the_vdso),
};

unit_main(tests)
