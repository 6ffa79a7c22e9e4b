// SPDX-License-Identifier: GPL-2.0-only
#include "hits.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define AT_A_TIME	1024
#define PAUSE_US	1000
#define UNTIL_IT_WAITS_US	20000

/*
 * struct reader - a thread, until all that is expected were read or are told of as lost
 * @hits, @lost: by now
 */
struct reader {
	pthread_t thread;
	int watch;
	enum hits_pace pace;
	unsigned long expected, hits, lost;
};

static int open_device(void)
{
	int session = open("/dev/memrw", O_RDWR | O_CLOEXEC);

	if (session < 0)
		err(1, "/dev/memrw");
	return session;
}

bool hits_are_there(void)
{
	struct memrw_info info = { .size = sizeof(info) };
	int session = open_device();

	if (ioctl(session, MEMRW_IOC_GET_INFO, &info) < 0)
		err(1, "MEMRW_IOC_GET_INFO");
	close(session);
	return info.features & MEMRW_FEATURE_WATCH;
}

int hits_open(pid_t target, const struct memrw_set_watch *set)
{
	struct memrw_set_target target_set = { .size = sizeof(target_set), .pid = target };
	int session = open_device(), watch;

	if (ioctl(session, MEMRW_IOC_SET_TARGET, &target_set) < 0)
		err(1, "the target");
	watch = ioctl(session, MEMRW_IOC_WATCH, set);
	if (watch < 0)
		err(1, "a watch");
	close(session);
	return watch;
}

static void set_nonblocking(int watch, bool nonblocking)
{
	if (fcntl(watch, F_SETFL, nonblocking ? O_NONBLOCK : 0) < 0)
		err(1, "O_NONBLOCK");
}

/* Returns how many records that were. */
static size_t read_some(int watch, struct memrw_watch_hit *records)
{
	ssize_t got = read(watch, records, AT_A_TIME * sizeof(*records));

	if (got < 0 && errno != EAGAIN)
		err(1, "read of a watch");
	return got < 0 ? 0 : got / sizeof(*records);
}

unsigned long hits_read_all(int watch)
{
	static struct memrw_watch_hit records[AT_A_TIME];
	unsigned long hits = 0;
	size_t got;

	set_nonblocking(watch, true);
	while ((got = read_some(watch, records)))
		hits += got;
	return hits;
}

/* The last processor: the first is the target's. */
static void stay_on_last_processor(void)
{
	cpu_set_t processors;

	CPU_ZERO(&processors);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &processors);
	if (pthread_setaffinity_np(pthread_self(), sizeof(processors), &processors))
		errx(1, "the last processor");
}

/*
 * No other goes before it, if root runs this: also where it shares the target's
 * processor it is in time.
 */
static void go_first(void)
{
	const struct sched_param first = { .sched_priority = 1 };

	pthread_setschedparam(pthread_self(), SCHED_FIFO, &first);
}

static void *be_reader(void *argument)
{
	static struct memrw_watch_hit records[AT_A_TIME];
	struct reader *reader = argument;

	stay_on_last_processor();
	go_first();
	while (reader->hits + reader->lost < reader->expected) {
		size_t got;

		if (reader->pace == HITS_BY_TIME)
			usleep(PAUSE_US);
		got = read_some(reader->watch, records);
		reader->hits += got;
		for (size_t i = 0; i < got; i++)
			reader->lost += records[i].lost;
	}
	return NULL;
}

static void wait_until_empty(int watch)
{
	struct pollfd ready = { .fd = watch, .events = POLLIN };

	while (poll(&ready, 1, 0) == 1)
		usleep(PAUSE_US);
}

unsigned long hits_read_meanwhile(int watch, enum hits_pace pace, const struct burst *burst,
				  double *elapsed)
{
	/* Its record says how many were lost before. */
	const struct burst one_more = { 1, burst->step, 0 };
	struct reader reader = {
		.watch = watch,
		.pace = pace,
		.expected = burst->stores + 1,
	};

	set_nonblocking(watch, pace == HITS_BY_TIME);
	if (pthread_create(&reader.thread, NULL, be_reader, &reader))
		errx(1, "no thread");
	usleep(UNTIL_IT_WAITS_US);
	*elapsed = stores_run(burst);
	wait_until_empty(watch);
	stores_run(&one_more);
	pthread_join(reader.thread, NULL);
	if (reader.hits + reader.lost != reader.expected)
		errx(1, "%lu hits and %lu lost, of %lu", reader.hits, reader.lost,
		     reader.expected);
	return reader.hits - 1;
}
