// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the caller does with its own windows: every way to split, move, protect,
 * inherit and end one, after which not a page is pinned that is not mapped.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/window.h"
#include "lib/worker.h"

#define RW	(PROT_READ | PROT_WRITE)
#define PAGES	16

static struct worker *target;
static int session;
static uint64_t address;
static uint8_t *window;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	address = memory_map_pattern(target, PAGES * PAGE, 1);
	window = window_map(session, address, PAGES * PAGE, RW);
	assert_true(pattern_matches(window, PAGES * PAGE, 0, 1));
	return 0;
}

static int teardown(void **state)
{
	int result;

	munmap(window, PAGES * PAGE);
	result = test_teardown(state);
	if (window_pinned()) {
		print_error("%llu bytes are still pinned\n", (unsigned long long)window_pinned());
		return -1;
	}
	return result;
}

static void assert_shows(const uint8_t *at, size_t first, size_t pages)
{
	assert_true(pattern_matches(at, pages * PAGE, first * PAGE, 1));
}

/*
 * Its parts
 */

static void unmapped_in_parts_each_part_is_given_back(void **state)
{
	(void)state;
	munmap(window + 4 * PAGE, 2 * PAGE);
	assert_int_equal(window_pinned(), (PAGES - 2) * PAGE);
	munmap(window, 2 * PAGE);
	munmap(window + 14 * PAGE, 2 * PAGE);
	assert_int_equal(window_pinned(), (PAGES - 6) * PAGE);
	assert_shows(window + 2 * PAGE, 2, 2);
	assert_shows(window + 6 * PAGE, 6, 8);
}

static void moved_it_shows_the_same(void **state)
{
	uint8_t *moved;

	(void)state;
	moved = mremap(window, PAGES * PAGE, PAGES * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		       window_map(session, address, PAGES * PAGE, PROT_READ));
	assert_ptr_not_equal(moved, MAP_FAILED);
	assert_shows(moved, 0, PAGES);
	assert_true(window_store(moved, 4711));
	assert_int_equal(memory_peek(target, address), 4711);
	assert_int_equal(window_pinned(), PAGES * PAGE);
	munmap(moved, PAGES * PAGE);
}

/* Half of it somewhere else: two parts of one window. */
static void moved_in_part_both_parts_show_the_same(void **state)
{
	uint8_t *aside = mmap(NULL, 8 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_ptr_equal(mremap(window, 8 * PAGE, 8 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, aside),
			 aside);
	assert_shows(aside, 0, 8);
	assert_shows(window + 8 * PAGE, 8, 8);
	munmap(aside, 8 * PAGE);
	assert_int_equal(window_pinned(), 8 * PAGE);
}

static void shrunk_it_gives_back_the_rest(void **state)
{
	(void)state;
	assert_ptr_equal(mremap(window, PAGES * PAGE, 3 * PAGE, 0), window);
	assert_int_equal(window_pinned(), 3 * PAGE);
	assert_shows(window, 0, 3);
}

static void it_does_not_grow(void **state)
{
	(void)state;
	assert_ptr_equal(mremap(window, PAGES * PAGE, 2 * PAGES * PAGE, MREMAP_MAYMOVE), MAP_FAILED);
	assert_int_equal(errno, EFAULT);
	/* Nor is there a second one by way of a length of 0. */
	assert_ptr_equal(mremap(window, 0, PAGES * PAGE, MREMAP_MAYMOVE), MAP_FAILED);
	assert_shows(window, 0, PAGES);
}

static void mapped_over_by_itself_it_shows_the_same(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		void *again = mmap(window + 4 * PAGE, 4 * PAGE, RW, MAP_SHARED | MAP_FIXED, session,
				   (off_t)(address + 4 * PAGE));

		assert_ptr_equal(again, window + 4 * PAGE);
		assert_shows(window, 0, PAGES);
	}
	assert_int_equal(window_pinned(), PAGES * PAGE);
}

static void protection_goes_down_and_up(void **state)
{
	uint64_t value;

	(void)state;
	assert_true(window_store(window, 1));
	assert_int_equal(mprotect(window, PAGES * PAGE, PROT_READ), 0);
	assert_int_equal(window_peek(window), 1);
	assert_int_equal(mprotect(window + PAGE, PAGE, PROT_NONE), 0);
	assert_int_equal(mprotect(window, PAGES * PAGE, RW), 0);
	for (size_t i = 0; i < PAGES; i++) {
		assert_true(window_load(window + i * PAGE, &value));
		assert_true(window_store(window + i * PAGE, i + 100));
		assert_int_equal(memory_peek(target, address + i * PAGE), i + 100);
	}
}

static void not_needed_any_more_it_shows_the_same(void **state)
{
	(void)state;
	/* Refused before Linux 5.18. */
	if (kernel_at_least(5, 18))
		assert_int_equal(madvise(window, PAGES * PAGE, MADV_DONTNEED), 0);
	assert_shows(window, 0, PAGES);
	assert_int_equal(window_pinned(), PAGES * PAGE);
}

/*
 * Its end
 */

static void a_child_does_not_inherit_it(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (!pid) {
		uint8_t resident;

		_exit(mincore(window, PAGE, &resident) == -1 && errno == ENOMEM ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_shows(window, 0, PAGES);
}

struct place {
	int session;
	uint64_t address;
};

static long map_and_touch(void *arg)
{
	const struct place *place = arg;
	uint8_t *at = window_map(place->session, place->address, PAGES * PAGE, RW);

	for (size_t i = 0; i < PAGES; i++)
		at[i * PAGE] = 1;
	return window_pinned() == PAGES * PAGE ? 0 : 1;
}

static struct worker *start_watcher(void)
{
	struct place place = { .session = session, .address = address };
	struct worker *watcher = worker_start(ROOT);

	assert_int_equal(worker_call(watcher, map_and_touch, &place, sizeof(place)), 0);
	return watcher;
}

static bool are_given_back(void *arg)
{
	return pinned_pages() == *(long long *)arg;
}

static void killed_the_caller_gives_all_back(void **state)
{
	long long before = pinned_pages();
	struct worker *watcher = start_watcher();

	(void)state;
	assert_int_equal(pinned_pages() - before, PAGES);
	assert_true(worker_kill(watcher, SIGKILL, 5000));
	assert_true(eventually(are_given_back, &before, 5000));
}

static void executing_the_caller_gives_all_back(void **state)
{
	long long before = pinned_pages();
	struct worker *watcher = start_watcher();

	(void)state;
	worker_exec(watcher, helper_path("idle"));
	assert_true(eventually(are_given_back, &before, 5000));
}

static void it_outlives_its_descriptor_and_its_binding(void **state)
{
	struct worker *other = worker_start(ROOT);

	(void)state;
	assert_int_equal(session_bind(session, worker_pid(other)), 0);
	memory_poke(target, address, 42);
	assert_int_equal(window_peek(window), 42);
	assert_int_equal(window_sync(session, window, PAGES * PAGE, 0, NULL), 0);
	session_close(session);
	memory_poke(target, address, 43);
	assert_int_equal(window_peek(window), 43);
	madvise(window, PAGES * PAGE, MADV_DONTNEED);
	assert_int_equal(window_peek(window), 43);
}

/*
 * On whom, and by whom
 */

static void on_oneself_it_is_refused(void **state)
{
	int own = session_open_bound(getpid());

	(void)state;
	assert_int_equal(window_try(own, (uintptr_t)window, PAGE, PROT_READ, 0), -EINVAL);
}

static int map_own_memory(void *arg)
{
	int fd = open(MEMRW_NODE, O_RDWR | O_CLOEXEC);

	(void)arg;
	if (fd < 0 || session_bind(fd, getppid()))
		_exit(1);
	_exit(window_try(fd, (uintptr_t)&window, PAGE, PROT_READ, 0) == -EINVAL ? 0 : 2);
}

static void on_a_process_that_shares_the_memory_it_is_refused(void **state)
{
	static char stack[65536];
	int status;
	pid_t pid = clone(map_own_memory, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);

	(void)state;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* What others get of the caller's window: an error, of the kernel's and of ours. */
static long look_at_window(void *arg)
{
	uint64_t at = *(uint64_t *)arg, word;
	int fd = open(MEMRW_NODE, O_RDWR);
	uint8_t *on_it;

	if (reference_read(getppid(), at, &word, 8) != -EIO ||
	    reference_read_forced(getppid(), at, &word, 8) != -EIO)
		return 1;
	if (fd < 0 || session_bind(fd, getppid()))
		return 2;
	if (session_read(fd, at, &word, 8, 0) != -EIO || session_write(fd, at, &word, 8, 0) != -EIO)
		return 3;
	on_it = window_map(fd, at, PAGE, RW);
	if (window_load(on_it, &word) || window_store(on_it, 1))
		return 4;
	return 0;
}

static void by_others_it_cannot_be_looked_into(void **state)
{
	struct worker *other = worker_start(ROOT);
	uint64_t at = (uintptr_t)window;
	void *untouched;

	(void)state;
	assert_int_equal(worker_call(other, look_at_window, &at, sizeof(at)), 0);
	assert_shows(window, 0, PAGES);
	/* Nor do they have anything pinned for the caller. */
	untouched = window_map(session, address, PAGE, RW);
	at = (uintptr_t)untouched;
	assert_int_equal(worker_call(other, look_at_window, &at, sizeof(at)), 0);
	assert_int_equal(window_pinned(), PAGES * PAGE);
	munmap(untouched, PAGE);
}

static bool has_flag(const char *flag)
{
	static char smaps[1 << 20];
	char line[64], *at;

	snprintf(line, sizeof(line), "%lx-", (unsigned long)(uintptr_t)window);
	assert_true(file_read("/proc/self/smaps", smaps, sizeof(smaps)) > 0);
	at = strstr(smaps, line);
	assert_non_null(at);
	at = strstr(at, "VmFlags:");
	assert_non_null(at);
	*strchr(at, '\n') = '\0';
	return strstr(at, flag);
}

static void it_is_in_no_core_dump_and_in_no_child(void **state)
{
	(void)state;
	assert_true(has_flag(" dd"));
	assert_true(has_flag(" dc"));
	assert_true(has_flag(" de"));
}

/*
 * Many
 */

static void ten_thousand_windows(void **state)
{
	enum { MANY = 10000 };
	static void *windows[MANY];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		windows[i] = window_map(session, address + i % PAGES * PAGE, PAGE, PROT_READ);
		assert_shows(windows[i], i % PAGES, 1);
	}
	assert_int_equal(window_pinned(), (MANY + PAGES) * PAGE);
	for (size_t i = 0; i < MANY; i++)
		munmap(windows[i], PAGE);
	assert_int_equal(window_pinned(), PAGES * PAGE);
}

struct mutual {
	pid_t pid;
	uint64_t address;
	uint64_t end_ms;
};

static void *map_and_unmap(void *arg)
{
	const struct mutual *mutual = arg;

	while (now_ms() < mutual->end_ms)
		munmap(mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), PAGE);
	return NULL;
}

/* Looks, while a thread of its own keeps its mmap_lock wanted for writing. */
static long look_and_map(void *arg)
{
	struct mutual *mutual = arg;
	int fd = open(MEMRW_NODE, O_RDWR);
	long looks = 0;
	pthread_t thread;
	uint64_t value;

	if (fd < 0 || session_bind(fd, mutual->pid))
		return -1;
	pthread_create(&thread, NULL, map_and_unmap, mutual);
	while (now_ms() < mutual->end_ms) {
		uint8_t *at = window_map(fd, mutual->address, PAGES * PAGE, RW);

		for (size_t i = 0; i < PAGES; i++)
			looks += window_load(at + i * PAGE, &value);
		munmap(at, PAGES * PAGE);
	}
	pthread_join(thread, NULL);
	return looks;
}

/* Where each fault waited for the other's mmap_lock with its own held, they would stand. */
static void two_that_look_into_each_other_do_not_wait_for_each_other(void **state)
{
	struct worker *other = worker_start(ROOT);
	struct mutual there = { .pid = worker_pid(other) }, here = { .pid = worker_pid(target) };
	long looks_here = 0, looks_there = 0;

	(void)state;
	here.address = address;
	there.address = memory_map_pattern(other, PAGES * PAGE, 1);
	here.end_ms = there.end_ms = now_ms() + 1000;
	worker_send(other, look_and_map, &here, sizeof(here));
	worker_send(target, look_and_map, &there, sizeof(there));
	assert_true(worker_wait(other, 15000, NULL, 0, &looks_here));
	assert_true(worker_wait(target, 15000, NULL, 0, &looks_there));
	note("%ld and %ld looks", looks_here, looks_there);
	assert_true(looks_here > 100 && looks_there > 100);
}

#define on_window(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_window(unmapped_in_parts_each_part_is_given_back),
		on_window(moved_it_shows_the_same),
		on_window(moved_in_part_both_parts_show_the_same),
		on_window(shrunk_it_gives_back_the_rest),
		on_window(it_does_not_grow),
		on_window(mapped_over_by_itself_it_shows_the_same),
		on_window(protection_goes_down_and_up),
		on_window(not_needed_any_more_it_shows_the_same),
		on_window(a_child_does_not_inherit_it),
		on_window(killed_the_caller_gives_all_back),
		on_window(executing_the_caller_gives_all_back),
		on_window(it_outlives_its_descriptor_and_its_binding),
		on_window(on_oneself_it_is_refused),
		on_window(on_a_process_that_shares_the_memory_it_is_refused),
		on_window(by_others_it_cannot_be_looked_into),
		on_window(it_is_in_no_core_dump_and_in_no_child),
		on_window(ten_thousand_windows),
		on_window(two_that_look_into_each_other_do_not_wait_for_each_other),
	};

	return run_behaviours(tests);
}
