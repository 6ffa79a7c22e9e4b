// SPDX-License-Identifier: GPL-2.0-only
/* The walk over a target's regions, against /proc/PID/maps. */
#include "support/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAGE	((size_t)getpagesize())

#ifndef PR_SET_VMA
#define PR_SET_VMA		0x53564d41
#define PR_SET_VMA_ANON_NAME	0
#endif

static struct child child;
static struct memrw_target *target;
static struct memrw_region_iter *walk;

/* So that a call can change the child's memory in the middle of a walk. */
static long unmap_page(long address)
{
	return munmap((void *)address, PAGE);
}

static void start(child_fn fn)
{
	child_start(&child, fn);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
	walk = memrw_region_iter_open(target);
	assert_non_null(walk);
}

static int stop(void **state)
{
	(void)state;
	memrw_region_iter_close(walk);
	walk = NULL;
	memrw_target_close(target);
	target = NULL;
	child_stop(&child);
	return 0;
}

/* The region at the address; its name lives until the next call. */
static struct memrw_region find(const void *address)
{
	static struct memrw_region_iter *iter;
	struct memrw_region region;

	memrw_region_iter_close(iter);
	iter = memrw_region_iter_open(target);
	assert_non_null(iter);
	while (memrw_region_iter_next(iter, &region) == 1)
		if (region.end > (uintptr_t)address)
			break;
	assert_true(region.start <= (uintptr_t)address &&
		    (uintptr_t)address < region.end);
	return region;
}

/*
 * Against the kernel's own list
 */

struct line {
	unsigned long long start, end, offset, inode;
	unsigned int major, minor;
	char perms[5];
	char *name;
};

/* By fields that white space parts, each with strtoull() and its like. */
static void split_line(char *text, struct line *line)
{
	char *at = text;

	line->start = strtoull(at, &at, 16);
	assert_int_equal(*at, '-');
	line->end = strtoull(at + 1, &at, 16);
	memcpy(line->perms, at + 1, 4);
	line->perms[4] = '\0';
	line->offset = strtoull(at + 6, &at, 16);
	line->major = strtoul(at + 1, &at, 16);
	assert_int_equal(*at, ':');
	line->minor = strtoul(at + 1, &at, 16);
	line->inode = strtoull(at + 1, &at, 10);
	while (*at == ' ')
		at++;
	line->name = at;
	at[strcspn(at, "\n")] = '\0';
}

static bool has_property(const struct memrw_region *region, uint32_t property)
{
	return region->properties & property;
}

static void assert_same(const struct memrw_region *region,
			const struct line *line)
{
	assert_int_equal(region->start, line->start);
	assert_int_equal(region->end, line->end);
	assert_int_equal(has_property(region, MEMRW_REGION_READ), line->perms[0] == 'r');
	assert_int_equal(has_property(region, MEMRW_REGION_WRITE), line->perms[1] == 'w');
	assert_int_equal(has_property(region, MEMRW_REGION_EXEC), line->perms[2] == 'x');
	assert_int_equal(has_property(region, MEMRW_REGION_SHARED), line->perms[3] == 's');
	assert_int_equal(region->offset, line->offset);
	assert_int_equal(region->device_major, line->major);
	assert_int_equal(region->device_minor, line->minor);
	assert_int_equal(region->inode, line->inode);
	assert_string_equal(region->name, line->name);
}

static void assert_walk_is_that_of_maps(void)
{
	struct memrw_region region;
	char path[32], *text = NULL;
	struct line line;
	size_t size = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", child.pid);
	maps = fopen(path, "re");
	assert_non_null(maps);
	while (getline(&text, &size, maps) >= 0) {
		split_line(text, &line);
		if (!strcmp(line.name, "[vsyscall]"))
			continue;
		assert_int_equal(memrw_region_iter_next(walk, &region), 1);
		assert_same(&region, &line);
	}
	assert_int_equal(memrw_region_iter_next(walk, &region), 0);
	assert_int_equal(memrw_region_iter_next(walk, &region), 0);
	free(text);
	fclose(maps);
}

static void walk_gives_what_maps_gives(void **state)
{
	(void)state;
	start(unmap_page);
	assert_walk_is_that_of_maps();
}

static void walk_over_thousands_of_regions(void **state)
{
	size_t pages = 6000, i;
	char *memory;

	(void)state;
	memory = mmap(NULL, pages * PAGE, PROT_READ,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	for (i = 0; i < pages; i += 2)
		assert_int_equal(mprotect(memory + i * PAGE, PAGE, PROT_NONE), 0);
	start(unmap_page);
	assert_walk_is_that_of_maps();
	munmap(memory, pages * PAGE);
}

static void two_walks_at_once(void **state)
{
	struct memrw_region_iter *other;
	struct memrw_region a, b;
	int ret;

	(void)state;
	start(unmap_page);
	other = memrw_region_iter_open(target);
	assert_non_null(other);
	do {
		ret = memrw_region_iter_next(walk, &a);
		assert_int_equal(memrw_region_iter_next(other, &b), ret);
		if (ret) {
			assert_int_equal(a.start, b.start);
			assert_string_equal(a.name, b.name);
		}
	} while (ret);
	memrw_region_iter_close(other);
}

/*
 * Names
 */

/* Maps a new file of that name, and with @unlink_it takes the name away. */
static void *map_named(const char *name, char *path, size_t size,
		       bool unlink_it)
{
	char dir[] = "/tmp/memrw-unit-XXXXXX";
	void *memory;
	int fd;

	assert_non_null(mkdtemp(dir));
	snprintf(path, size, "%s/%s", dir, name);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 3 * PAGE), 0);
	memory = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 2 * PAGE);
	assert_true(memory != MAP_FAILED);
	close(fd);
	if (unlink_it) {
		unlink(path);
		rmdir(dir);
	}
	return memory;
}

static void remove_named(char *path)
{
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
}

static void assert_name(const char *name)
{
	struct memrw_region region;
	char path[512];
	void *memory;

	memory = map_named(name, path, sizeof(path), false);
	start(unmap_page);
	region = find(memory);
	assert_string_equal(region.name, path);
	assert_int_equal(region.properties, MEMRW_REGION_READ | MEMRW_REGION_SHARED);
	assert_int_equal(region.offset, 2 * PAGE);
	assert_int_not_equal(region.inode, 0);
	munmap(memory, PAGE);
	remove_named(path);
}

static void name_with_spaces(void **state)
{
	(void)state;
	assert_name(" a  file ");
}

static void name_with_newlines(void **state)
{
	(void)state;
	assert_name("a\nfile\n");
}

static void name_with_a_backslash(void **state)
{
	(void)state;
	assert_name("a\\b\\n\\01");
}

static void name_that_is_called_deleted(void **state)
{
	(void)state;
	assert_name("a (deleted)");
}

static void name_of_other_bytes(void **state)
{
	(void)state;
	assert_name("\xff\xfe\t\x01");
}

static void name_of_255_bytes(void **state)
{
	char name[256];

	(void)state;
	memset(name, 'n', 255);
	name[255] = '\0';
	assert_name(name);
}

static void name_of_a_deleted_file(void **state)
{
	struct memrw_region region;
	char path[512];
	void *memory;

	(void)state;
	memory = map_named("gone\n", path, sizeof(path), true);
	start(unmap_page);
	region = find(memory);
	strcat(path, " (deleted)");
	assert_string_equal(region.name, path);
	munmap(memory, PAGE);
}

static void names_of_the_heap_and_the_stack(void **state)
{
	int on_the_stack;

	(void)state;
	if (sbrk(PAGE) == (void *)-1)
		skip();
	start(unmap_page);
	assert_string_equal(find((char *)sbrk(0) - 1).name, "[heap]");
	assert_string_equal(find(&on_the_stack).name, "[stack]");
}

static void name_of_anonymous_memory(void **state)
{
	void *memory;
	bool named;

	(void)state;
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	named = !prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, memory, PAGE, "some words");
	start(unmap_page);
	assert_string_equal(find(memory).name, named ? "[anon:some words]" : "");
	assert_int_equal(find(memory).properties,
			 MEMRW_REGION_READ | MEMRW_REGION_WRITE | MEMRW_REGION_EXEC);
	munmap(memory, PAGE);
}

/*
 * Targets that change
 */

static void walk_goes_on_while_regions_vanish(void **state)
{
	struct memrw_region region;
	uint64_t reached = 0;
	char *memory;
	int ret;

	(void)state;
	memory = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(memory != MAP_FAILED);
	start(unmap_page);
	while ((ret = memrw_region_iter_next(walk, &region)) == 1) {
		assert_true(region.start >= reached && region.end > region.start);
		if (!reached)
			assert_int_equal(child_call(&child, (long)(memory + PAGE)), 0);
		reached = region.end;
	}
	assert_int_equal(ret, 0);
	munmap(memory, 3 * PAGE);
}

static long do_exit(long argument)
{
	_exit(argument);
}

static void walk_ends_when_the_target_exits(void **state)
{
	struct memrw_region region;

	(void)state;
	start(do_exit);
	assert_int_equal(memrw_region_iter_next(walk, &region), 1);
	assert_int_equal(child_call(&child, 0), -1);
	child_wait_zombie(&child);
	assert_errno(memrw_region_iter_next(walk, &region), ESRCH);
}

static void walk_ends_when_the_target_execs(void **state)
{
	struct memrw_region region;

	(void)state;
	start(child_exec);
	assert_int_equal(memrw_region_iter_next(walk, &region), 1);
	assert_int_equal(child_call(&child, 0), CHILD_NEW_IMAGE);
	assert_errno(memrw_region_iter_next(walk, &region), ESTALE);
}

static void close_null_keeps_errno(void **state)
{
	(void)state;
	errno = ENOSPC;
	memrw_region_iter_close(NULL);
	assert_int_equal(errno, ENOSPC);
}

#define region_test(fn) cmocka_unit_test_teardown(fn, stop)

static const struct CMUnitTest tests[] = {
	region_test(walk_gives_what_maps_gives),
	region_test(walk_over_thousands_of_regions),
	region_test(two_walks_at_once),
	region_test(name_with_spaces),
	region_test(name_with_newlines),
	region_test(name_with_a_backslash),
	region_test(name_that_is_called_deleted),
	region_test(name_of_other_bytes),
	region_test(name_of_255_bytes),
	region_test(name_of_a_deleted_file),
	region_test(names_of_the_heap_and_the_stack),
	region_test(name_of_anonymous_memory),
	region_test(walk_goes_on_while_regions_vanish),
	region_test(walk_ends_when_the_target_exits),
	region_test(walk_ends_when_the_target_execs),
	region_test(close_null_keeps_errno),
};

unit_main(tests)
