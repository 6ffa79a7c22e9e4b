// SPDX-License-Identifier: GPL-2.0-only
/* Watches: the target's threads, waiting for hits, and how it all ends. */
#include "support/watchee.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS	3
#define EACH	10

/* Stores, for threads on several processors to be at it at the same time. */
#define LONG_ENOUGH	300

static struct memrw_watch *open_stores(void)
{
	return watchee_open(MEMRW_WATCH_WRITE, NULL);
}

/* What was read until there was nothing more; what the hits told was dropped before them. */
struct tally {
	uint64_t hits;
	uint64_t of_first;	/* thread */
	uint64_t lost;
};

static struct tally read_all(struct memrw_watch *watch)
{
	struct memrw_hit hits[16];
	struct tally tally = { 0 };
	ssize_t got;

	while ((got = memrw_watch_read(watch, hits, 16, 0)) > 0) {
		tally.hits += got;
		for (; got > 0; got--) {
			tally.of_first += hits[got - 1].tid == watchee_child.pid;
			tally.lost += hits[got - 1].lost;
		}
	}
	return tally;
}

/*
 * Threads
 */

static void every_thread_hits(void **state)
{
	struct memrw_hit hits[THREADS * EACH];
	struct memrw_watch *watch;
	size_t i, j, same;

	(void)state;
	skip_without_watches();
	assert_int_equal(watchee_do(PARK, THREADS), 0);
	watch = open_stores();
	assert_int_equal(watchee_do(STORE_PARKED, EACH), 0);
	watchee_expect(watch, hits, THREADS * EACH);
	watchee_expect_none(watch);
	for (i = 0; i < THREADS * EACH; i++) {
		assert_int_not_equal(hits[i].tid, watchee_child.pid);
		for (j = same = 0; j < THREADS * EACH; j++)
			same += hits[i].tid == hits[j].tid;
		assert_int_equal(same, EACH);
	}
	memrw_watch_close(watch);
}

static void hits_of_all_threads_are_in_the_order_of_time(void **state)
{
	const struct memrw_watch_filter roomy = { .capacity = THREADS * LONG_ENOUGH };
	static struct memrw_hit hits[THREADS * LONG_ENOUGH];
	struct memrw_watch *watch;
	size_t i;

	(void)state;
	skip_without_watches();
	assert_int_equal(watchee_do(PARK, THREADS), 0);
	watch = watchee_open(MEMRW_WATCH_WRITE, &roomy);
	assert_int_equal(watchee_do(STORE_PARKED, LONG_ENOUGH), 0);
	watchee_expect(watch, hits, THREADS * LONG_ENOUGH);
	for (i = 1; i < THREADS * LONG_ENOUGH; i++)
		assert_true(hits[i].time >= hits[i - 1].time);
	memrw_watch_close(watch);
}

static void threads_that_are_started_later_hit(void **state)
{
	struct memrw_watch *watch;
	struct tally tally;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(watchee_do(STORE_IN_NEW, 100), 0);
	tally = read_all(watch);
	assert_int_equal(tally.hits, 100);
	assert_int_equal(tally.lost, 0);
	assert_int_equal(tally.of_first, 0);
	memrw_watch_close(watch);
}

/* Only what the watch was not yet there for can be missing, and nothing comes twice. */
static void threads_that_come_and_go_while_it_is_opened(void **state)
{
	struct tally meanwhile, later;
	struct memrw_watch *watch;
	long stores;

	(void)state;
	skip_without_watches();
	assert_int_equal(watchee_do(CHURN, 0), 0);
	watch = open_stores();
	stores = watchee_do(CHURN_STOP, 0);
	assert_true(stores >= 0);
	meanwhile = read_all(watch);

	assert_int_equal(watchee_do(STORE_IN_NEW, 20), 0);
	assert_int_equal(watchee_do(STORE, 5), 0);
	later = read_all(watch);
	assert_int_equal(later.hits, 25);
	assert_int_equal(later.of_first, 5);
	/* What there was no room for is told with a hit that comes after it. */
	assert_in_range(meanwhile.hits + meanwhile.lost + later.lost, 0, stores);
	memrw_watch_close(watch);
}

static void the_first_thread_may_end(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hits[20];

	(void)state;
	skip_without_watches();
	assert_int_equal(watchee_do(PARK, 1), 0);
	watch = open_stores();
	watchee_tell(END_FIRST, 20);
	watchee_expect(watch, hits, 20);
	watchee_expect_none(watch);
	assert_int_equal(memrw_watch_ending(watch, NULL), MEMRW_ENDING_NONE);
	child_stop(&watchee_child);
	watchee_expect_end(watch, MEMRW_ENDING_EXITED);
	memrw_watch_close(watch);
}

static bool is_zombie(pid_t tid)
{
	char path[64], line[256], letter = 0;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	status = fopen(path, "r");
	assert_non_null(status);
	while (fgets(line, sizeof(line), status)) {
		if (sscanf(line, "State: %c", &letter) == 1)
			break;
	}
	fclose(status);
	return letter == 'Z';
}

static void the_first_thread_may_have_ended(void **state)
{
	struct memrw_target *target;
	struct memrw_watch *watch;
	struct memrw_hit hits[3];

	(void)state;
	skip_without_watches();
	assert_int_equal(watchee_do(PARK, 1), 0);
	watchee_tell(END_FIRST, 1000000);
	while (!is_zombie(watchee_child.pid))
		usleep(1000);
	target = memrw_target_open(watchee_child.pid, unit_via(), 0);
	assert_non_null(target);
	watch = memrw_watch_open(target, (uintptr_t)watched, 1, MEMRW_WATCH_WRITE, NULL);
	assert_non_null(watch);
	watchee_expect(watch, hits, 3);
	assert_int_not_equal(hits[2].tid, watchee_child.pid);
	memrw_watch_close(watch);
	memrw_target_close(target);
}

/*
 * Waiting
 */

static int64_t now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static bool is_readable(const struct memrw_watch *watch, int timeout)
{
	struct pollfd pfd = { .fd = memrw_watch_fd(watch), .events = POLLIN };

	return poll(&pfd, 1, timeout) == 1;
}

static void no_hit_in_time(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;
	int64_t begin;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	begin = now_ms();
	assert_errno(memrw_watch_read(watch, &hit, 1, 50), EAGAIN);
	assert_true(now_ms() >= begin + 50);
	memrw_watch_close(watch);
}

static void hits_that_are_not_wanted_do_not_prolong_it(void **state)
{
	const struct memrw_watch_filter nowhere = { .ip_first = 1, .ip_last = 1 };
	struct memrw_watch *watch;
	struct memrw_hit hit;
	int64_t begin;

	(void)state;
	skip_without_watches();
	watch = watchee_open(MEMRW_WATCH_WRITE, &nowhere);
	assert_int_equal(watchee_do(CHURN, 0), 0);
	begin = now_ms();
	assert_errno(memrw_watch_read(watch, &hit, 1, SECOND / 2), EAGAIN);
	assert_in_range(now_ms() - begin, SECOND / 2, LONG);
	assert_true(watchee_do(CHURN_STOP, 0) > 0);
	memrw_watch_close(watch);
}

static void *store_later(void *unused)
{
	(void)unused;
	usleep(100000);
	return (void *)watchee_do(STORE, 1);
}

static void a_hit_wakes_who_waits(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;
	pthread_t thread;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(pthread_create(&thread, NULL, store_later, NULL), 0);
	assert_int_equal(memrw_watch_read(watch, &hit, 1, -1), 1);
	assert_int_equal(pthread_join(thread, NULL), 0);
	memrw_watch_close(watch);
}

static void ignore(int signal)
{
	(void)signal;
}

static void a_signal_interrupts(void **state)
{
	const struct itimerval often = { { 0, 20000 }, { 0, 20000 } }, never = { 0 };
	struct sigaction action = { .sa_handler = ignore, .sa_flags = SA_RESTART }, old;
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(sigaction(SIGALRM, &action, &old), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	assert_errno(memrw_watch_read(watch, &hit, 1, LONG), EINTR);
	assert_errno(memrw_watch_read(watch, &hit, 1, -1), EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaction(SIGALRM, &old, NULL);
	memrw_watch_close(watch);
}

static void its_descriptor_is_readable_when_there_is_something(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hits[3];

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_false(is_readable(watch, 0));
	assert_int_equal(watchee_do(STORE, 3), 0);
	assert_true(is_readable(watch, LONG));
	watchee_expect(watch, hits, 1);
	assert_true(is_readable(watch, 0));
	assert_true(is_readable(watch, 0));
	watchee_expect(watch, hits, 2);
	assert_false(is_readable(watch, 0));
	assert_int_equal(watchee_do(STORE, 1), 0);
	assert_true(is_readable(watch, LONG));
	watchee_expect(watch, hits, 1);
	memrw_watch_close(watch);
}

static void its_descriptor_is_readable_at_the_end(void **state)
{
	const struct memrw_watch_filter limit = { .limit = 1 };
	struct memrw_watch *limited, *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_watches();
	limited = watchee_open(MEMRW_WATCH_WRITE, &limit);
	watch = memrw_watch_open(watchee_target, (uintptr_t)(watched + 1), sizeof(*watched),
				 MEMRW_WATCH_WRITE, NULL);
	assert_non_null(watch);
	assert_int_equal(watchee_do(STORE_TO_EACH, 2), 0);
	watchee_expect(limited, &hit, 1);
	assert_true(is_readable(limited, LONG));
	watchee_expect_end(limited, MEMRW_ENDING_LIMIT);
	assert_true(is_readable(limited, 0));

	watchee_expect(watch, &hit, 1);
	assert_false(is_readable(watch, 0));
	child_stop(&watchee_child);
	assert_true(is_readable(watch, LONG));
	watchee_expect_end(watch, MEMRW_ENDING_EXITED);
	assert_true(is_readable(watch, 0));
	memrw_watch_close(limited);
	memrw_watch_close(watch);
}

/*
 * Endings
 */

static void it_ends_when_the_target_exits(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hits[5];
	uint64_t lost = 4711;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(watchee_do(STORE_AT_EXIT, 5), -1);
	child_wait_zombie(&watchee_child);
	assert_int_equal(memrw_watch_ending(watch, &lost), MEMRW_ENDING_NONE);
	assert_int_equal(lost, 0);
	watchee_expect(watch, hits, 5);
	watchee_expect_end(watch, MEMRW_ENDING_EXITED);
	memrw_watch_ending(watch, &lost);
	assert_int_equal(lost, 0);
	memrw_watch_close(watch);
	assert_null_errno(memrw_watch_open(watchee_target, (uintptr_t)watched, 1,
					   MEMRW_WATCH_WRITE, NULL), ESRCH);
}

static void check_exec(enum watchee_act act)
{
	struct memrw_watch *watch;
	struct memrw_hit hits[5];

	watch = open_stores();
	assert_int_equal(watchee_do(STORE, 5), 0);
	assert_int_equal(watchee_do(act, 0), CHILD_NEW_IMAGE);
	watchee_expect(watch, hits, 5);
	watchee_expect_end(watch, MEMRW_ENDING_EXECED);
	memrw_watch_close(watch);
	assert_null_errno(memrw_watch_open(watchee_target, (uintptr_t)watched, 1,
					   MEMRW_WATCH_WRITE, NULL), ESTALE);
}

static void it_ends_when_the_target_runs_another_program(void **state)
{
	(void)state;
	skip_without_watches();
	check_exec(EXEC);
}

static void it_ends_when_a_thread_runs_another_program(void **state)
{
	(void)state;
	skip_without_watches();
	assert_int_equal(watchee_do(PARK, THREADS), 0);
	check_exec(EXEC_IN_THREAD);
}

static void *exec_later(void *unused)
{
	(void)unused;
	usleep(100000);
	return (void *)watchee_do(EXEC, 0);
}

static void an_execve_wakes_who_waits(void **state)
{
	struct memrw_watch *watch;
	pthread_t thread;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	assert_int_equal(pthread_create(&thread, NULL, exec_later, NULL), 0);
	watchee_expect_end(watch, MEMRW_ENDING_EXECED);
	assert_int_equal(pthread_join(thread, NULL), 0);
	memrw_watch_close(watch);
}

static void it_outlives_the_target(void **state)
{
	struct memrw_watch *watch;
	struct memrw_hit hit;

	(void)state;
	skip_without_watches();
	watch = open_stores();
	memrw_target_close(watchee_target);
	watchee_target = NULL;
	assert_int_equal(watchee_do(STORE, 1), 0);
	watchee_expect(watch, &hit, 1);
	watchee_expect_none(watch);
	child_stop(&watchee_child);
	watchee_expect_end(watch, MEMRW_ENDING_EXITED);
	memrw_watch_close(watch);
}

/*
 * Debug registers
 */

/* More than any processor has. */
#define MAX_SLOTS	17

/* Of words apart: QEMU sees but one of two watches of the same. */
static struct memrw_watch *open_nth(int n)
{
	const struct memrw_watch_filter limit = { .limit = 1 };

	return memrw_watch_open(watchee_target, (uintptr_t)(watched + n), sizeof(*watched),
				MEMRW_WATCH_WRITE, &limit);
}

/* How many this processor has. */
static int slots;

static void count_slots(void)
{
	struct memrw_watch *watches[MAX_SLOTS] = { NULL };

	for (slots = 0; slots < MAX_SLOTS; slots++) {
		watches[slots] = open_nth(slots);
		if (!watches[slots])
			break;
	}
	assert_int_equal(errno, ENOSPC);
	for (int i = 0; i < slots; i++)
		memrw_watch_close(watches[i]);
#if defined(__x86_64__) || defined(__i386__)
	assert_int_equal(slots, 4);
#endif
	assert_in_range(slots, 1, MAX_SLOTS);
}

static void needs_slots(void)
{
	skip_without_watches();
	count_slots();
}

static void open_all(struct memrw_watch **watches)
{
	int i;

	for (i = 0; i < slots; i++) {
		watches[i] = open_nth(i);
		assert_non_null(watches[i]);
	}
	assert_null_errno(memrw_watch_open(watchee_target, (uintptr_t)watched, 1,
					   MEMRW_WATCH_WRITE, NULL), ENOSPC);
}

static void close_all(struct memrw_watch **watches)
{
	int i;

	for (i = 0; i < slots; i++)
		memrw_watch_close(watches[i]);
}

static void there_are_so_many_and_no_more(void **state)
{
	struct memrw_watch *watches[MAX_SLOTS] = { NULL };
	struct memrw_hit hit;
	int i;

	(void)state;
	needs_slots();
	assert_int_equal(watchee_do(PARK, THREADS), 0);
	open_all(watches);
	assert_int_equal(watchee_do(STORE_TO_EACH, slots), 0);
	for (i = 0; i < slots; i++)
		watchee_expect(watches[i], &hit, 1);
	close_all(watches);
}

static void a_closed_one_makes_room(void **state)
{
	struct memrw_watch *watches[MAX_SLOTS] = { NULL };

	(void)state;
	needs_slots();
	open_all(watches);
	memrw_watch_close(watches[1]);
	watches[1] = open_stores();
	close_all(watches);
	open_all(watches);
	close_all(watches);
}

static void one_that_has_ended_makes_room(void **state)
{
	struct memrw_watch *ended[MAX_SLOTS] = { NULL }, *watches[MAX_SLOTS] = { NULL };
	struct memrw_hit hit;
	int i;

	(void)state;
	needs_slots();
	open_all(ended);
	assert_int_equal(watchee_do(STORE_TO_EACH, slots), 0);
	for (i = 0; i < slots; i++) {
		watchee_expect(ended[i], &hit, 1);
		watchee_expect_end(ended[i], MEMRW_ENDING_LIMIT);
	}
	open_all(watches);
	close_all(watches);
	close_all(ended);
}

static void one_of_another_program_makes_room(void **state)
{
	struct memrw_watch *ended[MAX_SLOTS] = { NULL }, *watches[MAX_SLOTS] = { NULL };
	int i;

	(void)state;
	needs_slots();
	open_all(ended);
	assert_int_equal(watchee_do(EXEC, 0), CHILD_NEW_IMAGE);
	for (i = 0; i < slots; i++)
		watchee_expect_end(ended[i], MEMRW_ENDING_EXECED);
	memrw_target_close(watchee_target);
	watchee_target = memrw_target_open(watchee_child.pid, unit_via(), 0);
	assert_non_null(watchee_target);
	open_all(watches);
	close_all(watches);
	close_all(ended);
}

/*
 * The rest
 */

static void the_driver_stops_the_target_at_each_hit(void **state)
{
	const struct memrw_watch_filter stop = { .flags = MEMRW_WATCH_STOP };
	struct memrw_watch *watch;
	struct memrw_hit hit;
	int i, status;

	(void)state;
	skip_without_the_driver();
	skip_without_watches();
	watch = watchee_open(MEMRW_WATCH_WRITE, &stop);
	watchee_tell(STORE, 2);
	for (i = 1; i <= 2; i++) {
		assert_int_equal(waitpid(watchee_child.pid, &status, WUNTRACED),
				 watchee_child.pid);
		assert_true(WIFSTOPPED(status));
		assert_int_equal(WSTOPSIG(status), SIGSTOP);
		watchee_expect(watch, &hit, 1);
		assert_int_equal(hit.value, i);
		watchee_expect_none(watch);
		assert_int_equal(kill(watchee_child.pid, SIGCONT), 0);
	}
	assert_int_equal(watchee_answer(), 0);
	memrw_watch_close(watch);
}

static size_t count_descriptors(void)
{
	DIR *fds = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(fds);
	while (readdir(fds))
		count++;
	closedir(fds);
	return count;
}

static void no_descriptor_is_left_open(void **state)
{
	struct memrw_watch *watches[MAX_SLOTS] = { NULL };
	size_t before, between;

	(void)state;
	needs_slots();
	before = count_descriptors();
	open_all(watches);
	between = count_descriptors();
	assert_true(between > before);
	assert_null_errno(memrw_watch_open(watchee_target, (uintptr_t)watched, 1,
					   MEMRW_WATCH_WRITE, NULL), ENOSPC);
	assert_int_equal(count_descriptors(), between);
	close_all(watches);
	assert_int_equal(count_descriptors(), before);
}

static void closing_nothing_is_harmless(void **state)
{
	(void)state;
	errno = 4711;
	memrw_watch_close(NULL);
	assert_int_equal(errno, 4711);
}

#define watch_test(fn) cmocka_unit_test_setup_teardown(fn, watchee_start, watchee_stop)

static const struct CMUnitTest tests[] = {
	watch_test(every_thread_hits),
	watch_test(hits_of_all_threads_are_in_the_order_of_time),
	watch_test(threads_that_are_started_later_hit),
	watch_test(threads_that_come_and_go_while_it_is_opened),
	watch_test(the_first_thread_may_end),
	watch_test(the_first_thread_may_have_ended),
	watch_test(no_hit_in_time),
	watch_test(hits_that_are_not_wanted_do_not_prolong_it),
	watch_test(a_hit_wakes_who_waits),
	watch_test(a_signal_interrupts),
	watch_test(its_descriptor_is_readable_when_there_is_something),
	watch_test(its_descriptor_is_readable_at_the_end),
	watch_test(it_ends_when_the_target_exits),
	watch_test(it_ends_when_the_target_runs_another_program),
	watch_test(it_ends_when_a_thread_runs_another_program),
	watch_test(an_execve_wakes_who_waits),
	watch_test(it_outlives_the_target),
	watch_test(there_are_so_many_and_no_more),
	watch_test(a_closed_one_makes_room),
	watch_test(one_that_has_ended_makes_room),
	watch_test(one_of_another_program_makes_room),
	watch_test(the_driver_stops_the_target_at_each_hit),
	watch_test(no_descriptor_is_left_open),
	cmocka_unit_test(closing_nothing_is_harmless),
};

unit_main(tests)
