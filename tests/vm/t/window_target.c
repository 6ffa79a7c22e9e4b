// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the target does to memory that a window shows, and what the window shows
 * then: the table of memrw(4), a test for each row.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/uffd.h"
#include "lib/window.h"
#include "lib/worker.h"

#define RW	(PROT_READ | PROT_WRITE)
#define PAGES	8

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

static struct worker *target;
static int session;
static uint64_t address;
static uint8_t *window;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static int teardown(void **state)
{
	if (window)
		munmap(window, PAGES * PAGE);
	window = NULL;
	return test_teardown(state);
}

/* A window on memory that is there, all of it pinned. */
static void open_window(uint64_t memory, int prot)
{
	address = memory;
	window = window_map(session, memory, PAGES * PAGE, prot);
	for (size_t i = 0; i < PAGES; i++) {
		uint64_t value = window_peek(window + i * PAGE);

		if (prot & PROT_WRITE)
			assert_true(window_store(window + i * PAGE, value));
	}
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, NULL), 0);
}

static void open_window_on_pattern(void)
{
	open_window(memory_map_pattern(target, PAGES * PAGE, 1), RW);
}

/* Each sees what the other one stores, in all pages. */
static void assert_up_to_date(void)
{
	uint64_t stale = ~0UL;

	for (size_t i = 0; i < PAGES; i++) {
		memory_poke(target, address + i * PAGE, i + 1);
		assert_int_equal(window_peek(window + i * PAGE), i + 1);
		assert_true(window_store(window + i * PAGE + 8, i + 2));
		assert_int_equal(memory_peek(target, address + i * PAGE + 8), i + 2);
	}
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, &stale), 0);
	assert_int_equal(stale, 0);
}

/* Only page 3, which shows what was there, until it is refreshed. */
static void assert_third_out_of_date(void)
{
	uint64_t stale = 0;

	assert_true(pattern_matches(window + 3 * PAGE, PAGE, 3 * PAGE, 1));
	assert_int_equal(window_sync(session, window, PAGES * PAGE, MEMRW_SYNC_KEEP, &stale), 1);
	assert_int_equal(stale, 1 << 3);
	assert_true(pattern_matches(window + 3 * PAGE, PAGE, 3 * PAGE, 1));
	assert_int_equal(window_sync(session, window + 3 * PAGE, PAGE, 0, &stale), 1);
	assert_int_equal(stale, 1);
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, &stale), 0);
}

static void assert_third_is_gone(void)
{
	uint64_t value;

	assert_third_out_of_date();
	assert_false(window_load(window + 3 * PAGE, &value));
	assert_true(pattern_matches(window + 4 * PAGE, PAGE, 4 * PAGE, 1));
}

/*
 * Before Linux 5.19 the target gets another page when it writes to one that was
 * write-protected meanwhile, pinned or not: that is told, and mended.
 */
static void assert_up_to_date_again(void)
{
	if (!kernel_at_least(5, 19)) {
		for (size_t i = 0; i < PAGES; i++)
			memory_poke(target, address + i * PAGE, i);
		assert_true(window_sync(session, window, PAGES * PAGE, 0, NULL) > 0);
	}
	assert_up_to_date();
}

/*
 * What changes nothing
 */

static void fork_leaves_the_parent_its_pages(void **state)
{
	(void)state;
	open_window_on_pattern();
	assert_true(worker_call(target, worker_fork_idle, NULL, 0) > 0);
	assert_up_to_date();
}

static void protection_changes_no_page(void **state)
{
	(void)state;
	open_window_on_pattern();
	assert_int_equal(memory_protect(target, address, PAGES * PAGE, PROT_NONE), 0);
	assert_true(pattern_matches(window, PAGE, 0, 1));
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, NULL), 0);
	assert_int_equal(memory_protect(target, address, PAGES * PAGE, RW), 0);
	assert_up_to_date_again();
}

static void what_is_pinned_is_not_paged_out(void **state)
{
	(void)state;
	open_window_on_pattern();
	memory_advise(target, address, PAGES * PAGE, MADV_PAGEOUT);
	assert_up_to_date();
}

static void what_is_pinned_is_not_moved(void **state)
{
	(void)state;
	open_window_on_pattern();
	if (file_write("/proc/sys/vm/compact_memory", "1"))
		skip_because("the kernel does not compact memory");
	assert_up_to_date();
}

static void what_is_pinned_is_not_merged(void **state)
{
	(void)state;
	if (file_write("/sys/kernel/mm/ksm/run", "1"))
		skip_because("the kernel does not merge pages");
	file_write("/sys/kernel/mm/ksm/sleep_millisecs", "1");
	file_write("/sys/kernel/mm/ksm/pages_to_scan", "1000");
	open_window(memory_map_anonymous(target, PAGES * PAGE), RW);
	assert_int_equal(memory_advise(target, address, PAGES * PAGE, MADV_MERGEABLE), 0);
	sleep_ms(300);
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, NULL), 0);
	assert_up_to_date();
	file_write("/sys/kernel/mm/ksm/run", "2");
}

static void a_huge_page_that_is_split_stays_the_same_memory(void **state)
{
	size_t huge = huge_page_size();
	uint64_t area = memory_map_anonymous(target, 3 * huge);
	uint64_t start = (area + huge - 1) / huge * huge;

	(void)state;
	if (memory_advise(target, start, huge, MADV_HUGEPAGE))
		skip_because("the kernel has no transparent huge pages");
	memory_fill(target, start, huge, 1);
	open_window(start, RW);
	assert_int_equal(memory_protect(target, start + 2 * PAGE, PAGE, PROT_READ), 0);
	assert_int_equal(memory_protect(target, start + 2 * PAGE, PAGE, RW), 0);
	assert_int_equal(memory_unmap(target, start + huge / 2, huge / 2), 0);
	assert_up_to_date_again();
}

/*
 * What puts pages out of date
 */

static void unmapped(void **state)
{
	(void)state;
	open_window_on_pattern();
	assert_int_equal(memory_unmap(target, address + 3 * PAGE, PAGE), 0);
	assert_third_is_gone();
}

static void unmapped_and_mapped_anew(void **state)
{
	(void)state;
	open_window_on_pattern();
	memory_map(target, address + 3 * PAGE, PAGE, RW,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memory_fill(target, address + 3 * PAGE, PAGE, 9);
	assert_third_out_of_date();
	assert_true(pattern_matches(window + 3 * PAGE, PAGE, 0, 9));
	assert_true(window_store(window + 3 * PAGE, 1));
	assert_up_to_date();
}

static void not_needed_any_more(void **state)
{
	(void)state;
	open_window_on_pattern();
	assert_int_equal(memory_advise(target, address + 3 * PAGE, PAGE, MADV_DONTNEED), 0);
	assert_third_out_of_date();
	assert_int_equal(window_peek(window + 3 * PAGE), 0);
	assert_up_to_date();
}

static long move_away(void *arg)
{
	void *page = *(void **)arg;

	return mremap(page, getpagesize(), getpagesize(), MREMAP_MAYMOVE | MREMAP_FIXED,
		      (char *)page + (1 << 20)) == MAP_FAILED;
}

static void moved_away(void **state)
{
	uint64_t third;

	(void)state;
	open_window_on_pattern();
	third = address + 3 * PAGE;
	assert_int_equal(worker_call(target, move_away, &third, sizeof(third)), 0);
	assert_third_is_gone();
}

/* A store finds out what a load does not: that it is another page now. */
static void out_of_date_a_store_goes_to_what_the_target_has(void **state)
{
	(void)state;
	open_window(memory_map_pattern(target, PAGES * PAGE, 1), PROT_READ);
	assert_int_equal(memory_advise(target, address, PAGE, MADV_DONTNEED), 0);
	memory_poke(target, address, 42);
	assert_true(pattern_matches(window, PAGE, 0, 1));
	assert_int_equal(mprotect(window, PAGES * PAGE, RW), 0);
	assert_true(window_store(window + 8, 43));
	assert_int_equal(memory_peek(target, address + 8), 43);
	assert_int_equal(window_peek(window), 42);
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, NULL), 0);
	assert_int_equal(window_pinned(), PAGES * PAGE);
}

static void what_is_no_window_cannot_be_refreshed(void **state)
{
	int other = session_open_bound(worker_pid(target));
	uint64_t own = 0;

	(void)state;
	open_window_on_pattern();
	assert_int_equal(window_sync(session, &own - (uintptr_t)&own % PAGE / 8, PAGE, 0, NULL),
			 -EINVAL);
	assert_int_equal(window_sync(session, NULL, PAGE, 0, NULL), -EINVAL);
	/* Another session's; behind its end; not whole pages; none. */
	assert_int_equal(window_sync(other, window, PAGES * PAGE, 0, NULL), -EINVAL);
	assert_int_equal(window_sync(session, window + PAGE, PAGES * PAGE, 0, NULL), -EINVAL);
	assert_int_equal(window_sync(session, window + 8, PAGE, 0, NULL), -EINVAL);
	assert_int_equal(window_sync(session, window, PAGE + 8, 0, NULL), -EINVAL);
	assert_int_equal(window_sync(session, window, 0, 0, NULL), -EINVAL);
	assert_int_equal(window_sync(session, window, PAGE, 0, (uint64_t *)8), -EFAULT);
}

/* It is the target's own, before it is seen. */
static void what_the_target_shares_with_a_child(void **state)
{
	(void)state;
	address = memory_map_pattern(target, PAGES * PAGE, 1);
	assert_true(worker_call(target, worker_fork_idle, NULL, 0) > 0);
	open_window(address, PROT_READ);
	memory_poke(target, address, 4711);
	assert_int_equal(window_peek(window), 4711);
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, NULL), 0);
}

static uint64_t map_file(int fd)
{
	uint64_t memory;

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, PAGES * PAGE), 0);
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	memory = memory_map(target, 0, PAGES * PAGE, RW, MAP_SHARED, fd, 0);
	memory_fill(target, memory, PAGES * PAGE, 1);
	return memory;
}

static void of_a_file_that_was_truncated(void **state)
{
	int fd = memfd_create("window", 0);
	uint64_t value;

	(void)state;
	open_window(map_file(fd), RW);
	assert_int_equal(ftruncate(fd, 3 * PAGE), 0);
	assert_true(pattern_matches(window, PAGES * PAGE, 0, 1));
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, NULL), PAGES - 3);
	assert_true(pattern_matches(window, 3 * PAGE, 0, 1));
	assert_false(window_load(window + 3 * PAGE, &value));
	close(fd);
}

static void punched_out_of_a_file(void **state)
{
	int fd = memfd_create("window", 0);

	(void)state;
	open_window(map_file(fd), RW);
	assert_int_equal(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 3 * PAGE, PAGE),
			 0);
	assert_third_out_of_date();
	assert_int_equal(window_peek(window + 3 * PAGE), 0);
	assert_up_to_date();
	close(fd);
}

/*
 * The end of the target
 */

static void assert_stays_as_it_was(void)
{
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, NULL), -ESRCH);
	assert_true(pattern_matches(window, PAGES * PAGE, 0, 1));
	assert_true(window_store(window, 4711));
	assert_int_equal(window_pinned(), PAGES * PAGE);
}

static void a_target_that_exits_leaves_what_was_touched(void **state)
{
	(void)state;
	open_window_on_pattern();
	worker_kill(target, SIGKILL, 5000);
	assert_stays_as_it_was();
}

static void a_target_that_executes_leaves_what_was_touched(void **state)
{
	(void)state;
	open_window_on_pattern();
	worker_exec(target, helper_path("idle"));
	assert_stays_as_it_was();
}

static void what_was_not_touched_ends_with_the_target(void **state)
{
	uint64_t value;

	(void)state;
	address = memory_map_pattern(target, PAGES * PAGE, 1);
	window = window_map(session, address, PAGES * PAGE, RW);
	worker_kill(target, SIGKILL, 5000);
	for (size_t i = 0; i < PAGES; i++)
		assert_false(window_load(window + i * PAGE, &value));
	assert_int_equal(window_pinned(), 0);
}

/*
 * Memory that has to be waited for
 */

struct touch {
	int session;
	uint64_t address;
};

/* 1 for a page that there is not, or else whether it is the pattern. */
static long touch_first_page(void *arg)
{
	const struct touch *t = arg;
	uint8_t *page = window_map(t->session, t->address, PAGE, PROT_READ);
	uint64_t value;

	if (!window_load(page, &value))
		return 1;
	return pattern_matches(page, PAGE, 0, 5) ? 0 : 2;
}

static struct worker *start_to_touch(void)
{
	struct worker *watcher = worker_start(ROOT);
	struct touch t = { .session = session, .address = address };

	worker_send(watcher, touch_first_page, &t, sizeof(t));
	assert_true(uffd_wait_fault(target, 5000));
	return watcher;
}

static void touching_waits_until_the_page_is_served(void **state)
{
	struct worker *watcher;
	long result = -1;

	(void)state;
	address = uffd_map(target, PAGES * PAGE);
	watcher = start_to_touch();
	assert_false(worker_wait(watcher, 200, NULL, 0, &result));
	uffd_serve(target, address, PAGES * PAGE, 5);
	assert_true(worker_wait(watcher, 5000, NULL, 0, &result));
	assert_int_equal(result, 0);
}

static void who_waits_for_a_page_can_be_killed(void **state)
{
	struct worker *watcher;

	(void)state;
	address = uffd_map(target, PAGES * PAGE);
	watcher = start_to_touch();
	assert_true(worker_kill(watcher, SIGKILL, 5000));
}

static void *touch_window(void *arg)
{
	return (void *)(uintptr_t)window_peek(arg);
}

/* Had it been the part that is waited for, there would be nothing to keep. */
static void while_a_page_is_waited_for_another_part_goes(void **state)
{
	pthread_t thread;
	void *seen;

	(void)state;
	address = uffd_map(target, PAGES * PAGE);
	window = window_map(session, address, PAGES * PAGE, PROT_READ);
	assert_int_equal(pthread_create(&thread, NULL, touch_window, window), 0);
	assert_true(uffd_wait_fault(target, 5000));
	assert_int_equal(munmap(window + 4 * PAGE, PAGE), 0);
	uffd_serve(target, address, PAGES * PAGE, 5);
	assert_int_equal(pthread_join(thread, &seen), 0);
	assert_true(pattern_matches(window, 4 * PAGE, 0, 5));
	assert_int_equal((uintptr_t)seen, window_peek(window));
}

/* Nobody else has to wait for it, neither the target nor other windows. */
static void who_waits_for_a_page_holds_nobody_up(void **state)
{
	uint64_t other = memory_map_pattern(target, PAGES * PAGE, 1);
	struct worker *watcher;

	(void)state;
	address = uffd_map(target, PAGES * PAGE);
	watcher = start_to_touch();
	open_window(other, RW);
	assert_up_to_date();
	assert_int_equal(memory_unmap(target, other, PAGE), 0);
	assert_true(worker_kill(watcher, SIGKILL, 5000));
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(fork_leaves_the_parent_its_pages),
		on_target(protection_changes_no_page),
		on_target(what_is_pinned_is_not_paged_out),
		on_target(what_is_pinned_is_not_moved),
		on_target(what_is_pinned_is_not_merged),
		on_target(a_huge_page_that_is_split_stays_the_same_memory),
		on_target(unmapped),
		on_target(unmapped_and_mapped_anew),
		on_target(not_needed_any_more),
		on_target(moved_away),
		on_target(out_of_date_a_store_goes_to_what_the_target_has),
		on_target(what_is_no_window_cannot_be_refreshed),
		on_target(what_the_target_shares_with_a_child),
		on_target(of_a_file_that_was_truncated),
		on_target(punched_out_of_a_file),
		on_target(a_target_that_exits_leaves_what_was_touched),
		on_target(a_target_that_executes_leaves_what_was_touched),
		on_target(what_was_not_touched_ends_with_the_target),
		on_target(touching_waits_until_the_page_is_served),
		on_target(who_waits_for_a_page_can_be_killed),
		on_target(while_a_page_is_waited_for_another_part_goes),
		on_target(who_waits_for_a_page_holds_nobody_up),
	};

	return run_behaviours(tests);
}
