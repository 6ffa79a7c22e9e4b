// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_pass.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <time.h>
#include <unistd.h>

/* Enough chunks for a thread to take one counter's turn for; few to wait for. */
#define ITEM_CHUNKS 16

/* struct item - what a thread takes at once: memory, or matches from an index on */
struct item {
	uint64_t start;
	uint64_t end;
	uint64_t limit;
};

/*
 * struct pass - what the threads and the caller share
 * @lock: guards what follows; the counters beside it are atomic
 * @ended: a thread has ended
 * @running: threads that have not
 * @error: errno of the first that failed; 0
 */
struct pass {
	const struct mrw_work *work;
	const struct mrw_set *old;
	struct item *items;
	struct mrw_chunk_list *lists;
	size_t count;
	uint64_t total;
	size_t next __attribute__((aligned(64)));
	uint64_t done;
	bool stop;
	pthread_mutex_t lock __attribute__((aligned(64)));
	pthread_cond_t ended;
	unsigned int running;
	int error;
};

/*
 * Threads
 */

static int scan_item(struct mrw_worker *worker, const struct item *item,
		     struct mrw_chunk_list *list)
{
	size_t reach = worker->work->query->shape.width - 1;
	uint64_t start = item->start, end, limit;

	while (start < item->end) {
		end = MIN(item->end - start, MRW_CHUNK - start % MRW_CHUNK) + start;
		limit = MIN(item->limit - end, reach) + end;
		if (mrw_worker_scan(worker, start, end, limit, list) < 0)
			return -1;
		start = end;
	}
	return 0;
}

static int narrow_item(struct mrw_worker *worker, const struct mrw_set *old,
		       const struct item *item, struct mrw_chunk_list *list)
{
	for (size_t i = item->start; i < item->end; i++)
		if (mrw_worker_narrow(worker, old->list.chunks[i], list) < 0)
			return -1;
	return 0;
}

static int do_item(struct pass *pass, struct mrw_worker *worker, size_t i)
{
	mrw_reader_forget(&worker->reader);
	if (pass->old)
		return narrow_item(worker, pass->old, &pass->items[i], &pass->lists[i]);
	return scan_item(worker, &pass->items[i], &pass->lists[i]);
}

static uint64_t item_bytes(const struct pass *pass, const struct item *item)
{
	return (item->end - item->start) * (pass->old ? MRW_CHUNK : 1);
}

static void fail_pass(struct pass *pass, int error)
{
	__atomic_store_n(&pass->stop, true, __ATOMIC_RELAXED);
	pthread_mutex_lock(&pass->lock);
	if (!pass->error)
		pass->error = error;
	pthread_mutex_unlock(&pass->lock);
}

static void do_items(struct pass *pass, struct mrw_worker *worker)
{
	size_t i;

	while (!__atomic_load_n(&pass->stop, __ATOMIC_RELAXED)) {
		i = __atomic_fetch_add(&pass->next, 1, __ATOMIC_RELAXED);
		if (i >= pass->count)
			return;
		if (do_item(pass, worker, i) < 0) {
			fail_pass(pass, errno);
			return;
		}
		__atomic_fetch_add(&pass->done, item_bytes(pass, &pass->items[i]),
				   __ATOMIC_RELAXED);
	}
}

static void *run_thread(void *data)
{
	struct pass *pass = data;
	struct mrw_worker *worker = mrw_worker_open(pass->work);

	if (worker)
		do_items(pass, worker);
	else
		fail_pass(pass, ENOMEM);
	mrw_worker_close(worker);

	pthread_mutex_lock(&pass->lock);
	pass->running--;
	pthread_cond_signal(&pass->ended);
	pthread_mutex_unlock(&pass->lock);
	return NULL;
}

static unsigned int allowed_cpus(void)
{
	cpu_set_t cpus;
	long online;

	if (!sched_getaffinity(0, sizeof(cpus), &cpus))
		return CPU_COUNT(&cpus);
	/* More than such a set has room for. */
	online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? online : 1;
}

/* Signals are the caller's. */
static int start_threads(struct pass *pass, pthread_t *threads, unsigned int wanted)
{
	sigset_t all, before;
	unsigned int count = 0;
	int error = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (count < wanted && !error) {
		pthread_mutex_lock(&pass->lock);
		pass->running++;
		pthread_mutex_unlock(&pass->lock);
		error = pthread_create(&threads[count], NULL, run_thread, pass);
		if (!error)
			count++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!error)
		return count;
	pthread_mutex_lock(&pass->lock);
	pass->running--;
	pthread_mutex_unlock(&pass->lock);
	errno = EAGAIN;
	return count ? (int)count : -1;
}

/*
 * The caller
 */

static struct timespec time_after(unsigned int ms)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_nsec += ms % 1000 * 1000000L;
	time.tv_sec += ms / 1000 + time.tv_nsec / 1000000000L;
	time.tv_nsec %= 1000000000L;
	return time;
}

static int tell(struct pass *pass, const struct mrw_report *report)
{
	uint64_t done = __atomic_load_n(&pass->done, __ATOMIC_RELAXED);

	return report->progress ? report->progress(report->data, done, pass->total) : 0;
}

static void wait_and_tell(struct pass *pass, const struct mrw_report *report)
{
	struct timespec time = time_after(report->interval_ms);
	int error = 0;

	pthread_mutex_lock(&pass->lock);
	while (pass->running && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&pass->ended, &pass->lock, &time);
	pthread_mutex_unlock(&pass->lock);
	if (error == ETIMEDOUT && tell(pass, report))
		fail_pass(pass, ECANCELED);
}

static bool is_running(struct pass *pass)
{
	bool running;

	pthread_mutex_lock(&pass->lock);
	running = pass->running;
	pthread_mutex_unlock(&pass->lock);
	return running;
}

static int run_threads(struct pass *pass, unsigned int wanted,
		       const struct mrw_report *report)
{
	pthread_t *threads = reallocarray(NULL, wanted ? wanted : 1, sizeof(*threads));
	int count;

	if (!threads)
		return -1;
	count = start_threads(pass, threads, wanted);
	while (is_running(pass))
		wait_and_tell(pass, report);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	if (count < 0)
		return -1;
	if (!pass->error && tell(pass, report))
		pass->error = ECANCELED;
	errno = pass->error;
	return pass->error ? -1 : 0;
}

/*
 * What there is to do
 */

static uint64_t next_cut(uint64_t start)
{
	return (start / (ITEM_CHUNKS * MRW_CHUNK) + 1) * (ITEM_CHUNKS * MRW_CHUNK);
}

static size_t cut_range(const struct mrw_range *range, struct item *items)
{
	uint64_t start = range->start, end;
	size_t count = 0;

	for (; start < range->end; start = end) {
		end = MIN(next_cut(start), range->end);
		if (items)
			items[count] = (struct item){ start, end, range->end };
		count++;
	}
	return count;
}

static size_t cut_ranges(const struct mrw_areas *areas, struct item *items)
{
	size_t count = 0;

	for (size_t i = 0; i < areas->range_count; i++)
		count += cut_range(&areas->ranges[i], items ? items + count : NULL);
	return count;
}

static size_t cut_chunks(const struct mrw_set *set, struct item *items)
{
	size_t chunks = set->list.count;
	size_t count = (chunks + ITEM_CHUNKS - 1) / ITEM_CHUNKS;

	for (size_t i = 0; items && i < count; i++)
		items[i] = (struct item){
			.start = i * ITEM_CHUNKS,
			.end = MIN((i + 1) * ITEM_CHUNKS, chunks),
		};
	return count;
}

static size_t cut(const struct pass *pass, struct item *items)
{
	return pass->old ? cut_chunks(pass->old, items) :
			   cut_ranges(pass->work->areas, items);
}

static int plan(struct pass *pass)
{
	pass->count = cut(pass, NULL);
	pass->items = calloc(pass->count + 1, sizeof(*pass->items));
	pass->lists = calloc(pass->count + 1, sizeof(*pass->lists));
	if (!pass->items || !pass->lists)
		return -1;
	cut(pass, pass->items);
	for (size_t i = 0; i < pass->count; i++)
		pass->total += item_bytes(pass, &pass->items[i]);
	return 0;
}

static void drop_plan(struct pass *pass)
{
	int saved = errno;

	for (size_t i = 0; pass->lists && i < pass->count; i++)
		mrw_chunk_list_clear(&pass->lists[i]);
	free(pass->lists);
	free(pass->items);
	errno = saved;
}

static void init_locks(struct pass *pass)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&pass->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&pass->ended, &attributes);
	pthread_condattr_destroy(&attributes);
}

struct mrw_set *mrw_pass_run(const struct mrw_work *work, const struct mrw_set *old,
			     unsigned int threads, const struct mrw_report *report)
{
	struct pass pass = { .work = work, .old = old };
	struct mrw_set *set = NULL;

	init_locks(&pass);
	if (!threads)
		threads = allowed_cpus();
	if (plan(&pass) == 0 &&
	    run_threads(&pass, MIN(threads, pass.count), report) == 0)
		set = mrw_set_make(&work->query->shape, pass.lists, pass.count);
	drop_plan(&pass);
	pthread_cond_destroy(&pass.ended);
	pthread_mutex_destroy(&pass.lock);
	return set;
}
