// SPDX-License-Identifier: GPL-2.0-only
/* The file of a watch, all threads of a target, debug registers, and how a watch ends. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/watch.h"
#include "lib/watched.h"
#include "lib/worker.h"

#define SLOTS		4	/* that an x86 processor has */
#define THREADS		1000
#define BORN		200

static struct memrw_watch_hit hits[64];

static int open_watch(void)
{
	return watch_open(session, watch_stores(address));
}

/*
 * The file
 */

static void it_waits_for_a_hit(void **state)
{
	struct accesses one = { .address = address, .width = WORD, .times = 1, .value = 1 };
	int watch = open_watch();

	(void)state;
	assert_int_equal(fcntl(watch, F_GETFD), FD_CLOEXEC);
	worker_send(target, do_stores, &one, sizeof(one));
	assert_int_equal(read(watch, hits, sizeof(hits)), sizeof(hits[0]));
	assert_true(worker_wait(target, 10000, &one, sizeof(one), &(long){ 0 }));
	close(watch);
}

static void without_waiting_it_is_eagain(void **state)
{
	int watch = open_watch();

	(void)state;
	fcntl(watch, F_SETFL, O_NONBLOCK);
	assert_int_equal(read(watch, hits, sizeof(hits)), -1);
	assert_int_equal(errno, EAGAIN);
	target_stores(target, address, 1);
	assert_int_equal(read(watch, hits, sizeof(hits)), sizeof(hits[0]));
	assert_int_equal(read(watch, hits, sizeof(hits)), -1);
	assert_int_equal(errno, EAGAIN);
	close(watch);
}

static void a_read_gives_whole_hits_only(void **state)
{
	int watch = open_watch();

	(void)state;
	target_stores_on(target, address, 1, 5);
	assert_int_equal(read(watch, hits, sizeof(hits[0]) - 1), -1);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(read(watch, hits, 3 * sizeof(hits[0]) - 1), 2 * sizeof(hits[0]));
	assert_int_equal(hits[1].value, 2);
	assert_int_equal(read(watch, hits, sizeof(hits)), 3 * sizeof(hits[0]));
	assert_int_equal(hits[2].value, 5);
	close(watch);
}

/* What was not copied is not lost. */
static void a_bad_buffer_is_efault(void **state)
{
	void *nothing = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int watch = open_watch();

	(void)state;
	target_stores(target, address, 1);
	assert_int_equal(read(watch, nothing, sizeof(hits[0])), -1);
	assert_int_equal(errno, EFAULT);
	assert_int_equal(read(watch, hits, sizeof(hits)), sizeof(hits[0]));
	munmap(nothing, PAGE);
	close(watch);
}

static void a_caller_with_a_larger_record_gets_zeros_behind_it(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	uint8_t records[2][sizeof(hits[0]) + 24];
	int watch;

	(void)state;
	set.hit_size = sizeof(records[0]);
	watch = watch_open(session, set);
	memset(records, 0xff, sizeof(records));
	target_stores_on(target, address, 1, 2);
	assert_int_equal(read(watch, records, sizeof(records)), sizeof(records));
	for (int i = 0; i < 2; i++) {
		memcpy(&hits[i], records[i], sizeof(hits[i]));
		assert_int_equal(hits[i].value, i + 1);
		for (int byte = 0; byte < 24; byte++)
			assert_int_equal(records[i][sizeof(hits[0]) + byte], 0);
	}
	close(watch);
}

static void epoll_tells(void **state)
{
	int watch = open_watch(), poller = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.fd = watch };

	(void)state;
	assert_int_equal(epoll_ctl(poller, EPOLL_CTL_ADD, watch, &event), 0);
	assert_int_equal(epoll_wait(poller, &event, 1, 0), 0);
	for (int i = 0; i < 3; i++) {
		target_stores(target, address, i);
		assert_int_equal(epoll_wait(poller, &event, 1, 10000 * patience()), 1);
		assert_int_equal(event.events, EPOLLIN);
	}
	close(poller);
	close(watch);
}

static volatile sig_atomic_t signals;

static void count_signal(int signal)
{
	(void)signal;
	signals++;
}

static bool was_signalled(void *unused)
{
	(void)unused;
	return signals;
}

static void sigio_tells(void **state)
{
	struct accesses one = { .address = address, .width = WORD, .times = 1, .value = 1 };
	int watch = open_watch();

	(void)state;
	signals = 0;
	signal(SIGIO, count_signal);
	fcntl(watch, F_SETOWN, getpid());
	fcntl(watch, F_SETFL, O_ASYNC);
	worker_send(target, do_stores, &one, sizeof(one));
	assert_true(eventually(was_signalled, NULL, 10000));
	signal(SIGIO, SIG_IGN);
	assert_true(worker_wait(target, 10000, &one, sizeof(one), &(long){ 0 }));
	signal(SIGIO, SIG_DFL);
	close(watch);
}

static void a_signal_ends_the_wait(void **state)
{
	/* Again and again: one alone could come before the wait. */
	const struct itimerval often = { { 0, 100000 }, { 0, 100000 } }, never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { .sa_handler = count_signal };
	int watch = open_watch();

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	assert_int_equal(read(watch, hits, sizeof(hits)), -1);
	assert_int_equal(errno, EINTR);
	setitimer(ITIMER_REAL, &never, NULL);
	close(watch);
}

/* Every one is told of: read, or counted as lost. */
static void what_does_not_fit_is_counted(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	int watch;

	(void)state;
	set.capacity = 5;
	watch = watch_open(session, set);
	target_stores_on(target, address, 1, 30);
	watch_read_all(watch, hits, 8);
	assert_int_equal(hits[7].value, 8);
	assert_int_equal(hits[7].lost, 0);
	target_stores_on(target, address, 31, 2);
	watch_read_all(watch, hits, 2);
	assert_int_equal(hits[0].lost, 22);
	assert_int_equal(hits[0].value, 31);
	assert_int_equal(hits[0].before, 30);
	assert_int_equal(hits[1].lost, 0);
	target_stores_on(target, address, 33, 10);
	worker_kill(target, SIGKILL, 10000);
	assert_int_equal(watch_read_end(watch, hits), 8);
	assert_int_equal(hits[0].lost, 2);
	close(watch);
}

static void the_smallest_ring_is_of_two(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	int watch;

	(void)state;
	set.capacity = 1;
	watch = watch_open(session, set);
	for (int i = 0; i < 5; i++) {
		target_stores_on(target, address, 1, 5);
		watch_read_all(watch, hits, 2);
		assert_int_equal(hits[0].value, 1);
		assert_int_equal(hits[1].value, 2);
		assert_int_equal(hits[0].lost, i ? 3 : 0);
	}
	close(watch);
}

/*
 * Threads
 */

struct crowd {
	uint64_t address;
	unsigned int threads;
	unsigned int stores;
};

static struct crowd crowd;
static pthread_t crowd_threads[THREADS];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *store_when_let(void *unused)
{
	struct accesses stores = { .address = crowd.address, .width = WORD, .times = crowd.stores };

	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	do_stores(&stores);
	return unused;
}

static long start_crowd(void *argument)
{
	pthread_attr_t attributes;

	crowd = *(struct crowd *)argument;
	pthread_mutex_lock(&gate);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 64 << 10);
	for (unsigned int i = 0; i < crowd.threads; i++) {
		if (pthread_create(&crowd_threads[i], &attributes, store_when_let, NULL))
			return -1;
	}
	return 0;
}

static long run_crowd(void *unused)
{
	(void)unused;
	pthread_mutex_unlock(&gate);
	for (unsigned int i = 0; i < crowd.threads; i++)
		pthread_join(crowd_threads[i], NULL);
	return 0;
}

/* How many hits the @expected stores have made, lost ones included; no thread's is missing. */
static void assert_hits(int watch, uint64_t expected)
{
	uint64_t count = 0;

	while (count < expected) {
		assert_int_equal(watch_read(watch, hits, 1), 1);
		count += 1 + hits[0].lost;
	}
	assert_int_equal(count, expected);
	assert_no_hit(watch);
}

static void start(struct crowd crowd)
{
	crowd.address = address;
	assert_int_equal(worker_call(target, start_crowd, &crowd, sizeof(crowd)), 0);
}

static void a_thousand_threads_are_watched(void **state)
{
	int watch;

	(void)state;
	start((struct crowd){ .threads = THREADS, .stores = 1 });
	watch = open_watch();
	worker_call(target, run_crowd, NULL, 0);
	assert_hits(watch, THREADS);
	close(watch);
}

/* So many that it takes a while, in which it is looked for others that were missed. */
static void threads_that_are_started_later_are_watched_once(void **state)
{
	int watch = open_watch();

	(void)state;
	start((struct crowd){ .threads = THREADS, .stores = 1 });
	worker_call(target, run_crowd, NULL, 0);
	assert_hits(watch, THREADS);
	close(watch);
}

static long be_born_and_store(void *argument)
{
	int result = 0;

	crowd = *(struct crowd *)argument;
	for (unsigned int i = 0; i < crowd.threads && !result; i++) {
		result = pthread_create(&crowd_threads[0], NULL, store_when_let, NULL);
		pthread_join(crowd_threads[0], NULL);
	}
	return result;
}

/* Set while threads are started and end all the time: each hits once, or not at all. */
static void threads_come_and_go(void **state)
{
	struct crowd born = { .address = address, .threads = BORN, .stores = 1 };
	int watch = open_watch();
	pid_t seen = 0;

	(void)state;
	close(watch);
	worker_send(target, be_born_and_store, &born, sizeof(born));
	watch = open_watch();
	assert_true(worker_wait(target, 60000, &born, sizeof(born), &(long){ 0 }));
	while (watch_has_hit(watch, 0)) {
		assert_int_equal(read(watch, hits, sizeof(hits[0])), sizeof(hits[0]));
		assert_int_not_equal(hits[0].tid, seen);
		seen = hits[0].tid;
	}
	worker_call(target, be_born_and_store, &born, sizeof(born));
	assert_hits(watch, BORN);
	close(watch);
}

static void stores_at_once_are_all_counted(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	uint64_t count = 0;
	int watch;

	(void)state;
	set.capacity = 64;
	watch = watch_open(session, set);
	start((struct crowd){ .threads = 8, .stores = 500 });
	worker_send(target, run_crowd, NULL, 0);
	for (unsigned int i = 0; i < 100; i++) {
		assert_int_equal(watch_read(watch, hits, 1), 1);
		count += 1 + hits[0].lost;
	}
	assert_true(worker_wait(target, 60000, NULL, 0, &(long){ 0 }));
	/* What was lost last is told at the end. */
	worker_kill(target, SIGKILL, 10000);
	do {
		assert_int_equal(watch_read(watch, hits, 1), 1);
		count += (hits[0].kind == MEMRW_HIT_ACCESS) + hits[0].lost;
	} while (hits[0].kind == MEMRW_HIT_ACCESS);
	assert_int_equal(count, 8 * 500);
	close(watch);
}

static long fork_and_store(void *argument)
{
	pid_t child = fork();

	if (!child) {
		do_stores(argument);
		_exit(0);
	}
	return waitpid(child, NULL, 0) == child ? 0 : -1;
}

static void a_forked_child_is_not_watched(void **state)
{
	struct accesses one = { .address = address, .width = WORD, .times = 1, .value = 1 };
	int watch = open_watch();

	(void)state;
	assert_int_equal(worker_call(target, fork_and_store, &one, sizeof(one)), 0);
	assert_no_hit(watch);
	close(watch);
}

/*
 * Debug registers
 */

/* As many as there are, at addresses apart; the next is refused. */
static void take_all(int *watches, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		watches[i] = watch_open(session, watch_stores(address + 8 * i));
	assert_int_equal(watch_try(session, watch_stores(address + 8 * SLOTS)), -ENOSPC);
}

static void more_than_there_are_registers_is_enospc(void **state)
{
	int watches[SLOTS];

	(void)state;
	take_all(watches, SLOTS);
	for (int i = 0; i < SLOTS; i++)
		target_stores(target, address + 8 * i, i);
	for (int i = 0; i < SLOTS; i++) {
		watch_read_all(watches[i], hits, 1);
		close(watches[i]);
	}
	take_all(watches, SLOTS);
	for (int i = 0; i < SLOTS; i++)
		close(watches[i]);
}

/*
 * One more than one would not show by its hits on an emulated processor.  It is looked
 * for threads without one while others are in the middle of their clone(2).
 */
static void each_thread_takes_one_register(void **state)
{
	struct crowd born = { .address = address, .threads = 20 * BORN, .stores = 1 };
	int watches[SLOTS];
	unsigned int count = 0;

	(void)state;
	worker_send(target, be_born_and_store, &born, sizeof(born));
	while (!worker_wait(target, 5, &born, sizeof(born), &(long){ 0 })) {
		for (int i = 0; i < SLOTS; i++)
			watches[i] = watch_open(session, watch_stores(address + 8 * i));
		for (int i = 0; i < SLOTS; i++)
			close(watches[i]);
		count++;
	}
	note("%u times four watches", count);
	assert_true(count > 10);
}

static void a_watch_that_has_ended_gives_its_register_back(void **state)
{
	struct memrw_set_watch set = watch_stores(address + 64);
	int watches[SLOTS], ended;

	(void)state;
	set.limit = 1;
	ended = watch_open(session, set);
	target_stores(target, address + 64, 1);
	watch_read_end(ended, hits);
	take_all(watches, SLOTS);
	for (int i = 0; i < SLOTS; i++)
		close(watches[i]);
	close(ended);
}

#ifdef __x86_64__
/* What gdb(1) does to set one: a register for the address, and the one that controls. */
static void debugger_watches(pid_t pid, unsigned int slot, uint64_t where)
{
	size_t base = offsetof(struct user, u_debugreg);
	unsigned long control = ptrace(PTRACE_PEEKUSER, pid, base + 7 * 8, NULL);

	control |= 1UL << (2 * slot) | 0x9UL << (16 + 4 * slot);
	assert_int_equal(ptrace(PTRACE_POKEUSER, pid, base + slot * 8, where), 0);
	assert_int_equal(ptrace(PTRACE_POKEUSER, pid, base + 7 * 8, control), 0);
}

static void registers_are_shared_with_a_debugger(void **state)
{
	int watches[SLOTS], watch, status;
	pid_t pid = worker_pid(target);

	(void)state;
	watch = open_watch();
	close(watch);
	assert_int_equal(ptrace(PTRACE_SEIZE, pid, NULL, NULL), 0);
	assert_int_equal(ptrace(PTRACE_INTERRUPT, pid, NULL, NULL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	debugger_watches(pid, 0, address + 128);
	debugger_watches(pid, 1, address + 136);
	take_all(watches, SLOTS - 2);
	close(watches[0]);
	debugger_watches(pid, 2, address + 144);
	assert_int_equal(watch_try(session, watch_stores(address)), -ENOSPC);
	assert_int_equal(ptrace(PTRACE_POKEUSER, pid, offsetof(struct user, u_debugreg[7]), 0), 0);
	assert_int_equal(ptrace(PTRACE_DETACH, pid, NULL, NULL), 0);
	close(watches[1]);
}
#endif

/*
 * Ends
 */

static void assert_ended(int watch, enum memrw_watch_end why, size_t hits_before)
{
	struct pollfd ready = { .fd = watch, .events = POLLIN };
	struct memrw_watch_hit last;

	assert_int_equal(watch_read_end(watch, &last), hits_before);
	assert_int_equal(last.value, why);
	assert_int_equal(read(watch, &last, sizeof(last)), 0);
	assert_int_equal(poll(&ready, 1, 0), 1);
	assert_int_equal(ready.revents, POLLIN | POLLHUP);
	assert_int_equal(read(watch, &last, sizeof(last)), 0);
}

static void exit_ends_it_after_the_last_hit(void **state)
{
	int watch = open_watch();

	(void)state;
	target_stores_on(target, address, 1, 3);
	worker_kill(target, SIGKILL, 10000);
	assert_ended(watch, MEMRW_WATCH_END_EXITED, 3);
	close(watch);
}

static void execve_ends_it(void **state)
{
	int watch = open_watch();

	(void)state;
	target_stores(target, address, 1);
	worker_exec(target, helper_path("idle"));
	assert_ended(watch, MEMRW_WATCH_END_EXECED, 1);
	close(watch);
}

static void it_outlives_the_session_and_its_binding(void **state)
{
	struct worker *other = worker_start(ROOT);
	int bound = session_open_bound(worker_pid(target)), watch;

	(void)state;
	watch = watch_open(bound, watch_stores(address));
	assert_int_equal(session_bind(bound, worker_pid(other)), 0);
	target_stores(target, address, 1);
	watch_read_all(watch, hits, 1);
	session_close(bound);
	target_stores(target, address, 2);
	watch_read_all(watch, hits, 1);
	assert_int_equal(hits[0].value, 2);
	close(watch);
}

static void the_module_stays_while_one_is_open(void **state)
{
	int watch = open_watch();

	(void)state;
	sessions_close();
	assert_true(file_number("/sys/module/memrw/refcnt", "") > 0);
	assert_int_equal(syscall(SYS_delete_module, "memrw", O_NONBLOCK), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	target_stores(target, address, 1);
	watch_read_all(watch, hits, 1);
	close(watch);
}

static long store_on_and_on(void *argument)
{
	struct accesses *stores = argument;
	uint64_t end = now_ms() + 2000;

	while (now_ms() < end)
		do_stores(stores);
	return 0;
}

/* Closed in the middle of hits, again and again. */
static void it_may_be_closed_at_any_time(void **state)
{
	struct accesses stores = { .address = address, .width = WORD, .times = 10 };
	unsigned int closed = 0;
	int watch = open_watch();

	(void)state;
	close(watch);
	worker_send(target, store_on_and_on, &stores, sizeof(stores));
	while (!worker_wait(target, 1, &stores, sizeof(stores), &(long){ 0 })) {
		watch = open_watch();
		usleep(closed % 7 * 300);
		close(watch);
		closed++;
	}
	note("%u watches", closed);
	assert_true(closed > 10);
}

int main(void)
{
#define test(fn) cmocka_unit_test_setup_teardown(fn, watched_setup, test_teardown)
	static const struct CMUnitTest tests[] = {
		test(it_waits_for_a_hit),
		test(without_waiting_it_is_eagain),
		test(a_read_gives_whole_hits_only),
		test(a_bad_buffer_is_efault),
		test(a_caller_with_a_larger_record_gets_zeros_behind_it),
		test(epoll_tells),
		test(sigio_tells),
		test(a_signal_ends_the_wait),
		test(what_does_not_fit_is_counted),
		test(the_smallest_ring_is_of_two),
		test(a_thousand_threads_are_watched),
		test(threads_that_are_started_later_are_watched_once),
		test(threads_come_and_go),
		test(stores_at_once_are_all_counted),
		test(a_forked_child_is_not_watched),
		test(more_than_there_are_registers_is_enospc),
		test(each_thread_takes_one_register),
		test(a_watch_that_has_ended_gives_its_register_back),
#ifdef __x86_64__
		test(registers_are_shared_with_a_debugger),
#endif
		test(exit_ends_it_after_the_last_hit),
		test(execve_ends_it),
		test(it_outlives_the_session_and_its_binding),
		test(the_module_stays_while_one_is_open),
		test(it_may_be_closed_at_any_time),
	};

	return run_behaviours(tests);
}
