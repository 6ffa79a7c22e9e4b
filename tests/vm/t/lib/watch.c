// SPDX-License-Identifier: GPL-2.0-only
#include "lib/watch.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/session.h"
#include "lib/test.h"

#define LONG_MS	(10000 * patience())

int watch_try(int session, struct memrw_set_watch set)
{
	int watch;

	set.size = set.size ? set.size : sizeof(set);
	set.hit_size = set.hit_size ? set.hit_size : sizeof(struct memrw_watch_hit);
	watch = ioctl(session, MEMRW_IOC_WATCH, &set);
	return watch < 0 ? -errno : watch;
}

int watch_open(int session, struct memrw_set_watch set)
{
	int watch;

	if (!session_has_feature(session, MEMRW_FEATURE_WATCH))
		skip_because("the driver has no watches here");
	watch = watch_try(session, set);
	assert_true(watch >= 0);
	return watch;
}

struct memrw_set_watch watch_stores(uint64_t address)
{
	return (struct memrw_set_watch){
		.address = address,
		.length = WORD,
		.type = MEMRW_WATCH_TYPE_WRITE,
	};
}

bool watch_has_hit(int watch, unsigned int timeout_ms)
{
	struct pollfd ready = { .fd = watch, .events = POLLIN };

	return poll(&ready, 1, timeout_ms) == 1;
}

size_t watch_read(int watch, struct memrw_watch_hit *hits, size_t count)
{
	size_t done = 0;
	ssize_t got = 1;

	while (done < count && got > 0) {
		assert_true(watch_has_hit(watch, LONG_MS));
		got = read(watch, hits + done, (count - done) * sizeof(*hits));
		assert_true(got >= 0 && got % sizeof(*hits) == 0);
		done += got / sizeof(*hits);
	}
	return done;
}

void assert_no_hit(int watch)
{
	assert_false(watch_has_hit(watch, 20 * patience()));
}

void watch_read_all(int watch, struct memrw_watch_hit *hits, size_t count)
{
	assert_int_equal(watch_read(watch, hits, count), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(hits[i].kind, MEMRW_HIT_ACCESS);
	assert_no_hit(watch);
}

size_t watch_read_end(int watch, struct memrw_watch_hit *end)
{
	size_t hits = 0;

	while (watch_read(watch, end, 1) == 1 && end->kind == MEMRW_HIT_ACCESS)
		hits++;
	assert_int_equal(end->kind, MEMRW_HIT_END);
	return hits;
}

long do_stores(void *argument)
{
	struct accesses *a = argument;
	volatile void *at = (volatile void *)(uintptr_t)a->address;

	for (unsigned int i = 0; i < a->times; i++) {
		uint64_t value = a->value + i * a->step;

		switch (a->width) {
		case 1:
			*(volatile uint8_t *)at = value;
			break;
		case 2:
			*(volatile uint16_t *)at = value;
			break;
		case 4:
			*(volatile uint32_t *)at = value;
			break;
		default:
			*(volatile uint64_t *)at = value;
			break;
		}
	}
	return 0;
}

long do_loads(void *argument)
{
	struct accesses *a = argument;

	for (unsigned int i = 0; i < a->times; i++)
		(void)*(volatile uint8_t *)(uintptr_t)a->address;
	return 0;
}

void target_stores(struct worker *worker, uint64_t address, uint64_t value)
{
	target_stores_on(worker, address, value, 1);
}

void target_stores_on(struct worker *worker, uint64_t address, uint64_t from, unsigned int times)
{
	struct accesses accesses = { .address = address, .width = WORD, .times = times,
				     .value = from, .step = 1 };

	worker_call(worker, do_stores, &accesses, sizeof(accesses));
}
