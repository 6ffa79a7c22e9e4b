// SPDX-License-Identifier: LGPL-2.1-or-later
/* Watches of the driver backend: descriptors that records are read from. */
#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/param.h>
#include <unistd.h>

/* Some of what a ring holds, for one read(2). */
#define RECORDS	32

/*
 * The values of the two headers are the same, so that they need not be translated.
 * Where their names are, too, the compiler compares them by itself.
 */
_Static_assert((int)MEMRW_WATCH_WRITE == MEMRW_WATCH_TYPE_WRITE &&
	       (int)MEMRW_WATCH_READ_WRITE == MEMRW_WATCH_TYPE_READ_WRITE &&
	       (int)MEMRW_WATCH_EXECUTE == MEMRW_WATCH_TYPE_EXECUTE, "kinds");
_Static_assert((int)MEMRW_WATCH_IF_ANY == MEMRW_WATCH_ALWAYS &&
	       (int)MEMRW_WATCH_IF_EQUAL == MEMRW_WATCH_EQUAL &&
	       (int)MEMRW_WATCH_IF_CROSS == MEMRW_WATCH_CROSS, "tests");
_Static_assert((int)MEMRW_ENDING_LIMIT == MEMRW_WATCH_END_LIMIT &&
	       (int)MEMRW_ENDING_EXECED == MEMRW_WATCH_END_EXECED &&
	       (int)MEMRW_ENDING_EXITED == MEMRW_WATCH_END_EXITED, "endings");

/*
 * struct driver_watch - a descriptor of MEMRW_IOC_WATCH
 * @watch: must be first
 * @records: what the last read(2) has brought
 */
struct driver_watch {
	struct memrw_watch watch;
	struct memrw_watch_hit records[RECORDS];
};

static struct driver_watch *to_driver_watch(struct memrw_watch *watch)
{
	return (struct driver_watch *)watch;
}

static void convert(struct memrw_hit *hit, const struct memrw_watch_hit *record)
{
	*hit = (struct memrw_hit){
		.flags = record->flags,
		.tid = record->tid,
		.time = record->time,
		.lost = record->lost,
		.ip = record->ip,
		.before = record->before,
		.value = record->value,
		.architecture = record->architecture,
		.nr_registers = MIN(record->nr_registers, MEMRW_HIT_REGISTERS),
		.nr_callers = MIN(record->nr_callers, MEMRW_HIT_CALLERS),
	};
	memcpy(hit->registers, record->registers, sizeof(hit->registers));
	memcpy(hit->callers, record->callers, sizeof(hit->callers));
}

/* It has no next one. */
static void end(struct memrw_watch *watch, const struct memrw_watch_hit *record)
{
	watch->ending = record->value;
	watch->lost = record->lost;
}

static ssize_t driver_watch_read(struct memrw_watch *watch, struct memrw_hit *hits,
				 size_t count)
{
	const struct memrw_watch_hit *records = to_driver_watch(watch)->records;
	size_t nr, i;
	ssize_t got;

	got = read(watch->fd, to_driver_watch(watch)->records,
		   MIN(count, RECORDS) * sizeof(*records));
	if (got < 0)
		return -1;
	nr = got / sizeof(*records);
	for (i = 0; i < nr && records[i].kind != MEMRW_HIT_END; i++)
		convert(&hits[i], &records[i]);
	if (i < nr)
		end(watch, &records[i]);
	return i;
}

static void driver_watch_close(struct memrw_watch *watch)
{
	close(watch->fd);
	free(watch);
}

static const struct mrw_watch_ops ops = {
	.read = driver_watch_read,
	.close = driver_watch_close,
};

/* read(2) is not to wait: memrw_watch_read() knows for how long it may. */
static int set_watch(int session, const struct memrw_set_watch *set)
{
	int fd = ioctl(session, MEMRW_IOC_WATCH, set), flags;

	if (fd < 0)
		return -1;
	flags = fcntl(fd, F_GETFL);
	if (flags >= 0 && !fcntl(fd, F_SETFL, flags | O_NONBLOCK))
		return fd;
	close(fd);
	return -1;
}

struct memrw_watch *mrw_driver_watch_open(struct mrw_binding *binding, uint64_t address,
					  size_t length, enum memrw_watch_kind kind,
					  const struct memrw_watch_filter *filter)
{
	const struct driver *d = mrw_to_driver(binding);
	const struct memrw_set_watch set = {
		.size = sizeof(set),
		.flags = filter->flags,
		.address = address,
		.length = length,
		.type = kind,
		.condition = filter->test,
		.every = filter->every,
		.operand = filter->operand,
		.ip_first = filter->ip_first,
		.ip_last = filter->ip_last,
		.limit = filter->limit,
		.capacity = filter->capacity,
		.hit_size = sizeof(struct memrw_watch_hit),
	};
	struct driver_watch *w;
	int fd;

	if (!(d->info.features & MEMRW_FEATURE_WATCH)) {
		errno = ENOTSUP;
		return NULL;
	}
	fd = set_watch(d->fd, &set);
	if (fd < 0)
		return NULL;
	w = calloc(1, sizeof(*w));
	if (!w) {
		close(fd);
		return NULL;
	}
	w->watch.ops = &ops;
	w->watch.fd = fd;
	return &w->watch;
}
