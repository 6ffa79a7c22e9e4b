// SPDX-License-Identifier: GPL-2.0-only
#include "watchee.h"

#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* A call is one of these, and a count. */
#define ACTS	64

unsigned long *watched;
struct child watchee_child;
struct memrw_target *watchee_target;

/*
 * The target
 */

static void store_known(volatile unsigned long *word)
{
#if defined(__x86_64__)
	__asm__ volatile("mov %1, (%0)" : : "r"(word), "b"(WATCHEE_KNOWN) : "memory");
#elif defined(__aarch64__)
	register uint64_t known __asm__("x9") = WATCHEE_KNOWN;

	__asm__ volatile("str %1, [%0]" : : "r"(word), "r"(known) : "memory");
#else
	*word = (unsigned long)WATCHEE_KNOWN;
#endif
}

static void store(long count)
{
	long i;

	for (i = 1; i <= count; i++)
		watchee_here(watched, i);
}

static void store_there(long count)
{
	long i;

	for (i = 1; i <= count; i++)
		watchee_there(watched, i);
}

static void store_bytes(long width)
{
	if (width == 1)
		*(volatile uint8_t *)(void *)watched = 0x11;
	else if (width == 2)
		*(volatile uint16_t *)(void *)watched = 0x2222;
	else if (width == 4)
		*(volatile uint32_t *)(void *)watched = 0x44444444;
	else
		*(volatile uint64_t *)(void *)watched = 0x8888888888888888ULL;
}

static void load(long count)
{
	while (count-- > 0)
		(void)*(volatile unsigned long *)watched;
}

static void call(long count)
{
	while (count-- > 0)
		watchee_called();
}

static void call_outer(long count)
{
	while (count-- > 0)
		watchee_outer(watched);
}

static long store_in_process(long count)
{
	pid_t pid = fork();

	if (!pid) {
		store(count);
		_exit(0);
	}
	return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

/*
 * Its threads
 */

/* Each is to do its part, which a semaphore would let another do. */
static pthread_barrier_t begin, end;
static long to_store;
static bool slowly;

static void store_slowly(long count)
{
	while (count-- > 0) {
		usleep(20000);
		store(1);
	}
}

static void *wait_and_store(void *unused)
{
	(void)unused;
	for (;;) {
		pthread_barrier_wait(&begin);
		(slowly ? store_slowly : store)(to_store);
		pthread_barrier_wait(&end);
	}
	return NULL;
}

static long park(long count)
{
	pthread_t thread;

	pthread_barrier_init(&begin, NULL, count + 1);
	pthread_barrier_init(&end, NULL, count + 1);
	for (; count > 0; count--) {
		if (pthread_create(&thread, NULL, wait_and_store, NULL))
			return -1;
	}
	return 0;
}

static long store_parked(long count)
{
	to_store = count;
	pthread_barrier_wait(&begin);
	pthread_barrier_wait(&end);
	return 0;
}

static long end_first(long count)
{
	to_store = count;
	slowly = true;
	pthread_barrier_wait(&begin);
	return syscall(SYS_exit, 0);
}

static void *store_once(void *unused)
{
	(void)unused;
	store(1);
	return NULL;
}

static long store_in_new(long count)
{
	pthread_t thread;

	for (; count > 0; count--) {
		if (pthread_create(&thread, NULL, store_once, NULL) ||
		    pthread_join(thread, NULL))
			return -1;
	}
	return 0;
}

static pthread_t churner;
static long churned;
static bool churning;

static void *churn(void *unused)
{
	(void)unused;
	while (__atomic_load_n(&churning, __ATOMIC_RELAXED) && !store_in_new(1))
		churned++;
	return NULL;
}

static long start_churn(void)
{
	churning = true;
	return pthread_create(&churner, NULL, churn, NULL);
}

static long stop_churn(void)
{
	__atomic_store_n(&churning, false, __ATOMIC_RELAXED);
	pthread_join(churner, NULL);
	return churned;
}

static void *exec_here(void *unused)
{
	(void)unused;
	child_exec(0);
	return NULL;
}

static long exec_in_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, exec_here, NULL);
	/* It does not come back. */
	pthread_join(thread, NULL);
	return -1;
}

static long act_in_threads(enum watchee_act act, long count)
{
	switch (act) {
	case PARK:
		return park(count);
	case STORE_PARKED:
		return store_parked(count);
	case STORE_IN_NEW:
		return store_in_new(count);
	case CHURN:
		return start_churn();
	case CHURN_STOP:
		return stop_churn();
	case END_FIRST:
		return end_first(count);
	case EXEC:
		return child_exec(0);
	default:
		return exec_in_thread();
	}
}

static long act(long what)
{
	enum watchee_act act = (unsigned long)what % ACTS;
	long count = (what - (long)act) / ACTS;

	switch (act) {
	case STORE:
		store(count);
		return 0;
	case STORE_THERE:
		store_there(count);
		return 0;
	case STORE_BYTES:
		store_bytes(count);
		return 0;
	case STORE_BESIDE:
		watchee_here(watched + 1, 1);
		return 0;
	case STORE_TO_EACH:
		for (long i = 0; i < count; i++)
			watchee_here(watched + i, 1);
		return 0;
	case STORE_NUMBER:
		watchee_here(watched, count);
		return 0;
	case STORE_KNOWN:
		store_known(watched);
		return 0;
	case LOAD:
		load(count);
		return 0;
	case CALL:
		call(count);
		return 0;
	case CALL_OUTER:
		call_outer(count);
		return 0;
	case STORE_IN_PROCESS:
		return store_in_process(count);
	case STORE_AT_EXIT:
		store(count);
		_exit(0);
	default:
		return act_in_threads(act, count);
	}
}

/*
 * The watcher
 */

int watchee_probe(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.bp_type = HW_BREAKPOINT_W,
		.bp_addr = (uintptr_t)watched,
		.bp_len = sizeof(*watched),
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* The driver's are for this processor, and are then there. */
static bool has_watches(void)
{
#ifdef __x86_64__
	if (unit_via() == MEMRW_BACKEND_DRIVER)
		return true;
#endif
	return unit_via() == MEMRW_BACKEND_PROCFS && !watchee_probe();
}

/*
 * Of two targets that perf watches at the same time, on a busy machine, Linux kills one with
 * SIGTRAP now and then, or misses hits.  So tests that run side by side have their turns:
 * by a file that all of the machine can lock.
 */
static int turn = -1;

static void take_turn(void)
{
	turn = open("/sys/bus/event_source/devices/breakpoint/type", O_RDONLY | O_CLOEXEC);
	if (turn >= 0)
		flock(turn, LOCK_EX);
}

static void end_turn(void)
{
	if (turn >= 0)
		close(turn);
	turn = -1;
}

int watchee_start(void **state)
{
	(void)state;
	take_turn();
	watched = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(watched != MAP_FAILED);
	if (!has_watches())
		return 0;
	child_start(&watchee_child, act);
	watchee_target = memrw_target_open(watchee_child.pid, unit_via(), 0);
	assert_non_null(watchee_target);
	return 0;
}

int watchee_stop(void **state)
{
	(void)state;
	memrw_target_close(watchee_target);
	watchee_target = NULL;
	child_stop(&watchee_child);
	end_turn();
	munmap(watched, 4096);
	return 0;
}

void watchee_tell(enum watchee_act what, long count)
{
	const long value = what + count * ACTS;

	assert_int_equal(write(watchee_child.call, &value, sizeof(value)), sizeof(value));
}

long watchee_answer(void)
{
	long value;

	if (read(watchee_child.answer, &value, sizeof(value)) != sizeof(value))
		return -1;
	return value;
}

long watchee_do(enum watchee_act what, long count)
{
	watchee_tell(what, count);
	return watchee_answer();
}

struct memrw_watch *watchee_open(enum memrw_watch_kind kind,
				 const struct memrw_watch_filter *filter)
{
	struct memrw_watch *watch;

	watch = memrw_watch_open(watchee_target, (uintptr_t)watched, sizeof(*watched), kind,
				 filter);
	assert_non_null(watch);
	return watch;
}

void watchee_expect(struct memrw_watch *watch, struct memrw_hit *hits, size_t count)
{
	size_t got = 0;
	ssize_t some;

	while (got < count) {
		some = memrw_watch_read(watch, hits + got, count - got, LONG);
		assert_true(some > 0);
		got += some;
	}
	assert_int_equal(got, count);
}

void watchee_expect_none(struct memrw_watch *watch)
{
	struct memrw_hit hit;

	assert_errno(memrw_watch_read(watch, &hit, 1, 0), EAGAIN);
}

void watchee_expect_end(struct memrw_watch *watch, enum memrw_watch_ending ending)
{
	struct memrw_hit hit;

	assert_int_equal(memrw_watch_read(watch, &hit, 1, LONG), 0);
	assert_int_equal(memrw_watch_ending(watch, NULL), ending);
	assert_int_equal(memrw_watch_read(watch, &hit, 1, LONG), 0);
}
