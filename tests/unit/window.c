// SPDX-License-Identifier: GPL-2.0-only
/* Windows: memory of a target, mapped into the caller. */
#include "support/arena.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define FLIPS	20000

/* What the target is asked to do with the two pages of @shown in its memory. */
enum {
	COUNT_UP,
	FLIP_OFTEN,
	REPLACE_SECOND,
	UNMAP_SECOND,
	MAP_SECOND,
	EXEC,
};

static uintptr_t arena;
static uint64_t *shown;
static struct child child;
static struct memrw_target *target;

static void map_second(uint64_t value)
{
	char *second = (char *)shown + PAGE;

	second = mmap(second, PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	*(uint64_t *)(void *)second = value;
}

static void flip_often(void)
{
	volatile uint64_t *word = shown;
	int i;

	for (i = 0; i < FLIPS; i++)
		*word = i % 2 ? UINT64_MAX : 0;
}

static long act(long what)
{
	switch (what) {
	case COUNT_UP:
		shown[0]++;
		return shown[0];
	case FLIP_OFTEN:
		flip_often();
		return 0;
	case REPLACE_SECOND:
		map_second(222);
		return 0;
	case UNMAP_SECOND:
		return munmap((char *)shown + PAGE, PAGE);
	case MAP_SECOND:
		map_second(333);
		return 0;
	default:
		return child_exec(0);
	}
}

static int open_arena(void **state)
{
	(void)state;
	arena = arena_map();
	shown = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(shown != MAP_FAILED);
	map_second(111);
	child_start(&child, act);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	memrw_target_close(target);
	target = NULL;
	child_stop(&child);
	munmap(shown, 2 * PAGE);
	arena_unmap(arena);
	return 0;
}

/* Only the driver has what is tested here. */
static int open_on_the_driver(void **state)
{
	return unit_via() == MEMRW_BACKEND_DRIVER ? open_arena(state) : 0;
}

static int close_on_the_driver(void **state)
{
	return unit_via() == MEMRW_BACKEND_DRIVER ? close_arena(state) : 0;
}

static struct memrw_window *open_window(uintptr_t address, size_t length, unsigned int flags)
{
	struct memrw_window *window = memrw_window_open(target, address, length, flags);

	assert_non_null(window);
	return window;
}

static struct memrw_window *open_shown(unsigned int flags)
{
	return open_window((uintptr_t)shown, 2 * PAGE, flags);
}

/* The word at the start of the first or second page, by memrw_window_read(). */
static uint64_t word_of(struct memrw_window *window, size_t page)
{
	uint64_t word = 4711;

	assert_int_equal(memrw_window_read(window, page * PAGE, &word, sizeof(word)),
			 sizeof(word));
	return word;
}

/* The pages that this process has pinned. */
static size_t pinned(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	size_t kib = 0;

	assert_non_null(status);
	while (fgets(line, sizeof(line), status)) {
		if (sscanf(line, "VmPin: %zu", &kib) == 1)
			break;
	}
	fclose(status);
	return kib * 1024 / PAGE;
}

/*
 * Seeing and changing
 */

static void what_the_target_stores_is_seen_at_once(void **state)
{
	struct memrw_window *window;
	volatile uint64_t *word;
	int i;

	(void)state;
	skip_without_the_driver();
	window = open_shown(0);
	word = memrw_window_data(window);
	for (i = 0; i < 10; i++) {
		long count = child_call(&child, COUNT_UP);

		assert_int_equal(*word, count);
		assert_int_equal(word_of(window, 0), count);
	}
	memrw_window_close(window);
}

static void what_is_stored_the_target_sees(void **state)
{
	struct memrw_window *window;
	volatile uint64_t *word;

	(void)state;
	skip_without_the_driver();
	window = open_shown(MEMRW_WINDOW_WRITE);
	word = memrw_window_data(window);
	*word = 1000;
	assert_int_equal(child_call(&child, COUNT_UP), 1001);
	assert_int_equal(*word, 1001);
	memrw_window_close(window);
	assert_int_equal(child_call(&child, COUNT_UP), 1002);
}

static void any_address_and_length_will_do(void **state)
{
	static const size_t places[] = { 0, 1, 4095, 4096, 5000, 8191 };
	static const size_t lengths[] = { 1, 3, 8, 100, 4096, 5000 };
	struct memrw_window *window;
	char seen[5000];
	size_t i, j, k;

	(void)state;
	skip_without_the_driver();
	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		for (j = 0; j < sizeof(lengths) / sizeof(*lengths); j++) {
			size_t place = places[i], length = lengths[j];
			const unsigned char *data;

			/* Three pages in a row can be read. */
			if (place + length > 3 * PAGE)
				continue;
			window = open_window(arena + place, length, 0);
			data = memrw_window_data(window);
			assert_int_equal(memrw_window_pages(window),
					 (place + length - 1) / PAGE - place / PAGE + 1);
			assert_int_equal(memrw_window_read(window, 0, seen, length), length);
			for (k = 0; k < length; k++) {
				assert_int_equal(data[k], arena_byte(place + k));
				assert_int_equal((unsigned char)seen[k], data[k]);
			}
			memrw_window_close(window);
		}
	}
}

static void *let_child_flip(void *unused)
{
	(void)unused;
	return (void *)child_call(&child, FLIP_OFTEN);
}

static void a_word_never_tears(void **state)
{
	struct memrw_window *window;
	pthread_t thread;
	int i;

	(void)state;
	skip_without_the_driver();
	window = open_shown(0);
	assert_int_equal(pthread_create(&thread, NULL, let_child_flip, NULL), 0);
	for (i = 0; i < FLIPS; i++) {
		uint64_t word = word_of(window, 0);

		assert_true(word == 0 || word == UINT64_MAX);
	}
	assert_int_equal(pthread_join(thread, NULL), 0);
	memrw_window_close(window);
}

/*
 * Memory that is not there
 */

static void what_cannot_be_read_is_an_error_and_no_signal(void **state)
{
	struct memrw_window *window;
	size_t offset;

	(void)state;
	skip_without_the_driver();
	window = open_window(arena, ARENA_PAGES * PAGE, 0);
	for (offset = 0; offset < ARENA_PAGES * PAGE; offset += PAGE / 2) {
		size_t length = ARENA_PAGES * PAGE - offset, i;
		size_t expected = arena_expect(offset, length, false, false);
		unsigned char *seen = malloc(length);

		assert_non_null(seen);
		if (expected == 0)
			assert_errno(memrw_window_read(window, offset, seen, length), EIO);
		else
			assert_int_equal(memrw_window_read(window, offset, seen, length),
					 expected);
		for (i = 0; i < expected; i++)
			assert_int_equal(seen[i], arena_byte(offset + i));
		free(seen);
	}
	memrw_window_close(window);
}

static void only_bytes_of_the_window_are_read(void **state)
{
	struct memrw_window *window;
	char byte;

	(void)state;
	skip_without_the_driver();
	window = open_window(arena + 8, 16, 0);
	assert_int_equal(memrw_window_read(window, 15, &byte, 1), 1);
	assert_int_equal(memrw_window_read(window, 16, &byte, 0), 0);
	assert_errno(memrw_window_read(window, 16, &byte, 1), EINVAL);
	assert_errno(memrw_window_read(window, 17, &byte, 0), EINVAL);
	assert_errno(memrw_window_read(window, 1, &byte, SIZE_MAX), EINVAL);
	memrw_window_close(window);
}

static void all_of_it_is_pinned_or_none(void **state)
{
	const uintptr_t fresh = arena + arena_page(PAGE_FRESH) * PAGE;
	const uintptr_t read_only = arena + arena_page(PAGE_RO) * PAGE;
	const uintptr_t hole = arena + arena_page(PAGE_HOLE) * PAGE;
	struct memrw_window *window;

	(void)state;
	skip_without_the_driver();
	assert_int_equal(pinned(), 0);
	window = open_window(arena, 3 * PAGE, MEMRW_WINDOW_ALL);
	assert_int_equal(pinned(), 3);
	memrw_window_close(window);
	window = open_window(fresh, 3 * PAGE, MEMRW_WINDOW_ALL | MEMRW_WINDOW_WRITE);
	assert_int_equal(pinned(), 3);
	*(volatile char *)memrw_window_data(window) = 'x';
	memrw_window_close(window);

	assert_null_errno(memrw_window_open(target, hole - PAGE, 2 * PAGE, MEMRW_WINDOW_ALL), EIO);
	assert_null_errno(memrw_window_open(target, hole - PAGE, 2 * PAGE,
					    MEMRW_WINDOW_ALL | MEMRW_WINDOW_WRITE), EIO);
	assert_null_errno(memrw_window_open(target, read_only, PAGE,
					    MEMRW_WINDOW_ALL | MEMRW_WINDOW_WRITE), EIO);
	assert_int_equal(pinned(), 0);
}

/* Without the privilege to pin as much as one likes. */
static int exceed_the_limit(void)
{
	const struct rlimit limit = { PAGE, PAGE };
	struct memrw_window *window;
	struct memrw_target *reader;
	char byte;

	if (setrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return __LINE__;
	reader = memrw_target_open(child.pid, MEMRW_BACKEND_DRIVER, MEMRW_OPEN_READ_ONLY);
	if (!reader)
		return __LINE__;
	if (memrw_window_open(reader, arena, PAGE + 1, 0) || errno != EAGAIN)
		return __LINE__;
	window = memrw_window_open(reader, arena, PAGE, 0);
	/* There is room for one page, but not for two windows. */
	if (!window || !memrw_window_open(reader, arena, 1, MEMRW_WINDOW_ALL))
		return __LINE__;
	if (memrw_window_read(window, 0, &byte, 1) >= 0 || errno != EAGAIN)
		return __LINE__;
	return 0;
}

static void pages_over_the_limit_are_refused(void **state)
{
	(void)state;
	skip_without_the_driver();
	/* Root has no such limit. */
	if (!geteuid())
		skip();
	assert_int_equal(run_in_child(exceed_the_limit), 0);
}

/*
 * Pages that are out of date
 */

static void a_page_that_was_replaced_is_out_of_date_until_a_sync(void **state)
{
	struct memrw_window *window;
	uint64_t bitmap = 99;

	(void)state;
	skip_without_the_driver();
	window = open_shown(MEMRW_WINDOW_ALL);
	assert_int_equal(memrw_window_sync(window, &bitmap, 0), 0);
	assert_int_equal(bitmap, 0);
	assert_int_equal(child_call(&child, REPLACE_SECOND), 0);
	assert_int_equal(word_of(window, 1), 111);

	assert_int_equal(memrw_window_sync(window, &bitmap, MEMRW_SYNC_KEEP), 1);
	assert_int_equal(bitmap, 2);
	assert_int_equal(word_of(window, 1), 111);
	assert_int_equal(memrw_window_sync(window, NULL, 0), 1);
	assert_int_equal(word_of(window, 1), 222);
	assert_int_equal(memrw_window_sync(window, &bitmap, 0), 0);
	memrw_window_close(window);
}

static void a_page_that_was_unmapped_is_an_error_after_a_sync(void **state)
{
	struct memrw_window *window;
	uint64_t word;

	(void)state;
	skip_without_the_driver();
	window = open_shown(0);
	assert_int_equal(word_of(window, 1), 111);
	assert_int_equal(child_call(&child, UNMAP_SECOND), 0);
	assert_int_equal(word_of(window, 1), 111);
	assert_int_equal(memrw_window_sync(window, NULL, 0), 1);
	assert_errno(memrw_window_read(window, PAGE, &word, sizeof(word)), EIO);
	assert_int_equal(memrw_window_read(window, PAGE - 4, &word, sizeof(word)), 4);

	assert_int_equal(child_call(&child, MAP_SECOND), 0);
	assert_int_equal(word_of(window, 1), 333);
	memrw_window_close(window);
}

static void a_target_that_has_exited(void **state)
{
	struct memrw_window *window;

	(void)state;
	skip_without_the_driver();
	child_call(&child, COUNT_UP);
	window = open_shown(0);
	assert_int_equal(*(volatile uint64_t *)memrw_window_data(window), 1);
	child_stop(&child);
	assert_errno(memrw_window_sync(window, NULL, 0), ESRCH);
	assert_int_equal(*(volatile uint64_t *)memrw_window_data(window), 1);
	memrw_window_close(window);
	assert_null_errno(memrw_window_open(target, (uintptr_t)shown, 1, 0), ESRCH);
}

static void a_target_that_runs_another_program(void **state)
{
	struct memrw_window *window;

	(void)state;
	skip_without_the_driver();
	child_call(&child, COUNT_UP);
	window = open_window((uintptr_t)shown, PAGE, MEMRW_WINDOW_ALL);
	assert_int_equal(child_call(&child, EXEC), CHILD_NEW_IMAGE);
	assert_errno(memrw_window_sync(window, NULL, 0), ESTALE);
	assert_int_equal(*(volatile uint64_t *)memrw_window_data(window), 1);
	memrw_window_close(window);
	assert_null_errno(memrw_window_open(target, (uintptr_t)shown, 1, 0), ESTALE);
}

/*
 * What is refused
 */

static void a_target_opened_for_reading_is_not_written_to(void **state)
{
	struct memrw_target *reader;
	struct memrw_window *window;

	(void)state;
	skip_without_the_driver();
	reader = memrw_target_open(child.pid, unit_via(), MEMRW_OPEN_READ_ONLY);
	assert_non_null(reader);
	assert_null_errno(memrw_window_open(reader, arena, 1, MEMRW_WINDOW_WRITE), EACCES);
	window = memrw_window_open(reader, arena, 1, MEMRW_WINDOW_ALL);
	assert_non_null(window);
	memrw_window_close(window);
	memrw_target_close(reader);
}

static void bad_ranges_and_flags(void **state)
{
	struct memrw_window *window;

	(void)state;
	skip_without_the_driver();
	assert_null_errno(memrw_window_open(target, arena, 0, 0), EINVAL);
	assert_null_errno(memrw_window_open(target, arena, SIZE_MAX, 0), EINVAL);
	assert_null_errno(memrw_window_open(target, UINT64_MAX, 2, 0), EINVAL);
	assert_null_errno(memrw_window_open(target, arena, 1, 1U << 2), EINVAL);
	window = open_window(arena, 1, 0);
	assert_errno(memrw_window_sync(window, NULL, 1U << 1), EINVAL);
	memrw_window_close(window);
}

static void there_is_no_memory_at_the_last_address(void **state)
{
	struct memrw_window *window;
	char byte;

	(void)state;
	skip_without_the_driver();
	window = memrw_window_open(target, UINT64_MAX, 1, 0);
	if (window)
		assert_errno(memrw_window_read(window, 0, &byte, 1), EIO);
	else
		assert_int_equal(errno, EINVAL);
	memrw_window_close(window);
}

static void procfs_has_none(void **state)
{
	struct memrw_target *procfs;

	(void)state;
	procfs = memrw_target_open(child.pid, MEMRW_BACKEND_PROCFS, 0);
	assert_non_null(procfs);
	assert_null_errno(memrw_window_open(procfs, arena, 1, 0), ENOTSUP);
	assert_null_errno(memrw_window_open(procfs, arena, PAGE, MEMRW_WINDOW_ALL), ENOTSUP);
	assert_null_errno(memrw_window_open(procfs, arena, 1, 1U << 2), EINVAL);
	memrw_target_close(procfs);
}

static void closing_nothing_is_harmless(void **state)
{
	(void)state;
	errno = 4711;
	memrw_window_close(NULL);
	assert_int_equal(errno, 4711);
}

#define driver_test(fn) \
	cmocka_unit_test_setup_teardown(fn, open_on_the_driver, close_on_the_driver)

static const struct CMUnitTest tests[] = {
	driver_test(what_the_target_stores_is_seen_at_once),
	driver_test(what_is_stored_the_target_sees),
	driver_test(any_address_and_length_will_do),
	driver_test(a_word_never_tears),
	driver_test(what_cannot_be_read_is_an_error_and_no_signal),
	driver_test(only_bytes_of_the_window_are_read),
	driver_test(all_of_it_is_pinned_or_none),
	driver_test(pages_over_the_limit_are_refused),
	driver_test(a_page_that_was_replaced_is_out_of_date_until_a_sync),
	driver_test(a_page_that_was_unmapped_is_an_error_after_a_sync),
	driver_test(a_target_that_has_exited),
	driver_test(a_target_that_runs_another_program),
	driver_test(a_target_opened_for_reading_is_not_written_to),
	driver_test(bad_ranges_and_flags),
	driver_test(there_is_no_memory_at_the_last_address),
	cmocka_unit_test_setup_teardown(procfs_has_none, open_arena, close_arena),
	cmocka_unit_test(closing_nothing_is_harmless),
};

unit_main(tests)
