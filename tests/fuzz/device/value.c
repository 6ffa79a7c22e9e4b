// SPDX-License-Identifier: GPL-2.0-only
#include "value.h"

#include <fcntl.h>
#include <linux/memrw.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include "rng.h"
#include "zone.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

static const char *const place_names[PLACES] = {
	"end", "cut", "read-only", "null", "hole", "kernel",
};

static const char *const pid_names[PID_NAMES] = {
	"child", "self", "dead", "stranger", "kernel", "absent", "zero", "negative",
};

static const char *const change_names[CHANGES] = {
	"unmap", "no-access", "read-only", "writable", "discard", "exec", "exit",
};

static const char *const access_names[ACCESSES] = { "load", "store", "system-call" };

static const char *const user_names[USERS] = { "root", "member" };

/*
 * What a kind is made of: its good values, then the others; a good one is taken
 * fifteen times of sixteen: a call has many, and one bad one ends it.
 */
struct choice {
	const char *const *names;
	const uint64_t *values;
	size_t good;
	size_t all;
};

static const uint64_t slots[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3 };
static const uint64_t places[] = {
	PLACE_END, PLACE_CUT, PLACE_READ_ONLY, PLACE_NULL, PLACE_HOLE, PLACE_KERNEL,
};
static const uint64_t flags[] = {
	0, 0, MEMRW_FORCE, MEMRW_NO_POPULATE, MEMRW_FORCE | MEMRW_NO_POPULATE,
	4, 0x80000000, 0xffffffff,
};
static const uint64_t pids[] = {
	PID_CHILD, PID_CHILD, PID_CHILD, PID_SELF,
	PID_DEAD, PID_STRANGER, PID_KERNEL, PID_ABSENT, PID_ZERO, PID_NEGATIVE,
};
static const uint64_t lengths[] = {
	1, 2, 4, 8, 3, 7, 16, 31, 32, 33, 64, 65, 4095, 4096, 4097, 8192, 32768,
	0, 0x21000, 0x7ffff000, 0x7ffff001, 0xffffffff, 0x7fffffffffffffff, -1,
};
static const uint64_t counts[] = {
	1, 2, 3, 8, 47, 48, 49, 96, 97, 300,
	0, 383, 384, 385, 0x7fffffff, 0xffffffff,
};
static const uint64_t indexes[] = { 0, 0, 1, 2, 10, 47, 48, 49, 95, 96, 200, 383 };
static const uint64_t steps[] = { 0, 1, 4, 8, 16, 32, 4096, 4104, -8, -4096 };
static const uint64_t operations[] = { 0, 1, 2, 3, 4, 5, 0xffffffff };
static const uint64_t widths[] = { 1, 2, 4, 8, 0, 3, 16, 0xffffffff };
static const uint64_t words[] = { 0, 0, 0, 0, 1, 0xb7, 0xb7b7b7b7b7b7b7b7, -1, 0x8000000000000000 };
static const uint64_t zeros[] = { 0, 1, 0x80000000, 0xffffffff };
static const uint64_t commands[] = {
	MEMRW_IOC_GET_INFO, MEMRW_IOC_SET_TARGET, MEMRW_IOC_GET_TARGET, MEMRW_IOC_READ,
	MEMRW_IOC_WRITE, MEMRW_IOC_READV, MEMRW_IOC_WRITEV, MEMRW_IOC_ATOMIC,
	MEMRW_IOC_QUERY_REGION, MEMRW_IOC_SYNC_WINDOW, MEMRW_IOC_WATCH,
	_IO(MEMRW_IOC_TYPE, 0x0b), _IO(MEMRW_IOC_TYPE, 0xff),
	_IOWR(MEMRW_IOC_TYPE, 0x03, struct memrw_transfer), _IOR(MEMRW_IOC_TYPE, 0x00, int),
	_IO(0xe6, 0x03), 0, 0xffffffff,
};
static const uint64_t open_flags[] = {
	O_RDWR, O_RDWR, O_RDWR, O_RDONLY, O_WRONLY,
	O_RDWR | O_NONBLOCK, O_RDWR | O_APPEND, O_RDWR | O_SYNC, O_RDWR | O_DIRECT, O_PATH,
	O_RDWR | O_TRUNC, O_RDWR | O_DIRECTORY, 3,
};
static const uint64_t rw_flags[] = {
	0, 0, RWF_NOWAIT, RWF_APPEND, RWF_HIPRI, RWF_DSYNC, RWF_SYNC, 0x80000000,
};
static const uint64_t whences[] = { SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE, 9 };
static const uint64_t prots[] = {
	PROT_READ, PROT_READ | PROT_WRITE, PROT_NONE, PROT_READ | PROT_EXEC, 0xffff,
};
static const uint64_t map_flags[] = {
	MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE, MAP_SHARED | MAP_POPULATE, 0,
};
static const uint64_t pages[] = { 0, 1, 2, 3 };
static const uint64_t windows[] = { 0, 0, 0, 1, 2, 3 };
static const uint64_t window_pages[] = { 0, 0, 1, 2, 3, 4, 7, 8 };
static const uint64_t advices[] = {
	MADV_POPULATE_READ, MADV_POPULATE_WRITE, MADV_DONTNEED, MADV_WILLNEED,
	MADV_REMOVE, MADV_DOFORK, MADV_DONTFORK, MADV_HUGEPAGE, MADV_MERGEABLE, MADV_FREE,
	MADV_PAGEOUT, MADV_HWPOISON, 99,
};
static const uint64_t watches[] = { 0, 0, 0, 0, 0, 0, 1, 2, 3 };
static const uint64_t watch_flags[] = {
	0, 0, 0, 0, 0, MEMRW_WATCH_CHANGED, MEMRW_WATCH_ONCE_PER_IP,
	MEMRW_WATCH_CHANGED | MEMRW_WATCH_ONCE_PER_IP,
	MEMRW_WATCH_SIGNED, MEMRW_WATCH_CHANGED | MEMRW_WATCH_SIGNED, 0x10, 0x80000000, 0xffffffff,
};
static const uint64_t watch_lengths[] = { 8, 8, 4, 2, 1, 1, 0, 3, 16, 0xffffffff };
static const uint64_t watch_types[] = {
	MEMRW_WATCH_TYPE_WRITE, MEMRW_WATCH_TYPE_READ_WRITE, MEMRW_WATCH_TYPE_READ_WRITE,
	MEMRW_WATCH_TYPE_EXECUTE, 0, 2, 5, 7, 0xffffffff,
};
static const uint64_t conditions[] = {
	MEMRW_WATCH_ALWAYS, MEMRW_WATCH_ALWAYS, MEMRW_WATCH_ALWAYS, MEMRW_WATCH_EQUAL, MEMRW_WATCH_CROSS, 3, 0xffffffff,
};
static const uint64_t everies[] = { 0, 0, 0, 1, 2, 3, 1000, 0x80000000, 0xffffffff };
static const uint64_t operands[] = { 0, 0, 0, 0, 0xb7b7b7b7b7b7b7b7, 0xb7, 1, -1 };
static const uint64_t first_ips[] = { 0, 0, 0, 0, 0, 1, 0x400000, -1 };
static const uint64_t last_ips[] = { 0, 0, -1, 0x7fffffffffff, 0, 1, 0x400000 };
static const uint64_t limits[] = { 0, 0, 0, 1, 2, 10, -1 };
static const uint64_t capacities[] = {
	0, 1, 2, 3, 64, 1000, MEMRW_WATCH_CAPACITY_MAX,
	MEMRW_WATCH_CAPACITY_MAX + 1, 0x80000000, 0xffffffff,
};
static const uint64_t hit_sizes[] = {
	512, 512, 512, 520, 513, 1024, 4096, 0, 511, 4097, 0x80000000, 0xffffffff,
};
static const uint64_t hits_lengths[] = {
	512, 1024, 4096, 8192, 0x4000, 511, 1, 0, 0x7fffffff, -1,
};
static const uint64_t events[] = { POLLIN, POLLIN | POLLRDNORM, 0, POLLOUT, POLLPRI };
static const uint64_t statuses[] = { 0, O_ASYNC, O_NONBLOCK, O_APPEND, O_DIRECT, 0xffffffff };
static const uint64_t accesses[] = { ACCESS_STORE, ACCESS_LOAD, ACCESS_SYSTEM_CALL };
static const uint64_t zones[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
static const uint64_t changes[] = { 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6 };
static const uint64_t users[] = { USER_ROOT, USER_MEMBER };

#define CHOICE(_values, _good)	{ .values = _values, .good = _good, .all = COUNT(_values) }
#define ALL_GOOD(_values)	CHOICE(_values, COUNT(_values))
#define NAMED(_values, _good, _names)	\
	{ .values = _values, .good = _good, .all = COUNT(_values), .names = _names }

static const struct choice choices[KINDS] = {
	[KIND_SLOT] = ALL_GOOD(slots),
	[KIND_PLACE] = NAMED(places, 1, place_names),
	[KIND_FLAGS] = CHOICE(flags, 5),
	[KIND_PID] = NAMED(pids, 4, pid_names),
	[KIND_LENGTH] = CHOICE(lengths, 17),
	[KIND_COUNT] = CHOICE(counts, 10),
	[KIND_INDEX] = ALL_GOOD(indexes),
	[KIND_STEP] = ALL_GOOD(steps),
	[KIND_OPERATION] = CHOICE(operations, 5),
	[KIND_WIDTH] = CHOICE(widths, 4),
	[KIND_WORD] = ALL_GOOD(words),
	[KIND_ZERO] = CHOICE(zeros, 1),
	[KIND_COMMAND] = CHOICE(commands, 11),
	[KIND_OPEN_FLAGS] = CHOICE(open_flags, 5),
	[KIND_RW_FLAGS] = CHOICE(rw_flags, 3),
	[KIND_WHENCE] = CHOICE(whences, 2),
	[KIND_PROT] = ALL_GOOD(prots),
	[KIND_MAP_FLAGS] = ALL_GOOD(map_flags),
	[KIND_PAGE] = ALL_GOOD(pages),
	[KIND_WINDOW] = ALL_GOOD(windows),
	[KIND_WINDOW_PAGE] = ALL_GOOD(window_pages),
	[KIND_ADVICE] = CHOICE(advices, 3),
	[KIND_WATCH] = ALL_GOOD(watches),
	[KIND_WATCH_FLAGS] = CHOICE(watch_flags, 8),
	[KIND_WATCH_LENGTH] = CHOICE(watch_lengths, 6),
	[KIND_WATCH_TYPE] = CHOICE(watch_types, 4),
	[KIND_CONDITION] = CHOICE(conditions, 5),
	[KIND_EVERY] = CHOICE(everies, 6),
	[KIND_OPERAND] = CHOICE(operands, 5),
	[KIND_IP_FIRST] = CHOICE(first_ips, 5),
	[KIND_IP_LAST] = CHOICE(last_ips, 4),
	[KIND_LIMIT] = ALL_GOOD(limits),
	[KIND_CAPACITY] = CHOICE(capacities, 6),
	[KIND_HIT_SIZE] = CHOICE(hit_sizes, 7),
	[KIND_HITS_LENGTH] = CHOICE(hits_lengths, 5),
	[KIND_EVENTS] = ALL_GOOD(events),
	[KIND_STATUS] = CHOICE(statuses, 3),
	[KIND_ACCESS] = NAMED(accesses, 3, access_names),
	[KIND_ZONE] = ALL_GOOD(zones),
	[KIND_CHANGE] = NAMED(changes, COUNT(changes), change_names),
	[KIND_USER] = NAMED(users, 2, user_names),
};

static size_t name_count(enum kind kind)
{
	switch (kind) {
	case KIND_PLACE:
		return PLACES;
	case KIND_PID:
		return PID_NAMES;
	case KIND_CHANGE:
		return CHANGES;
	case KIND_ACCESS:
		return ACCESSES;
	case KIND_USER:
		return USERS;
	default:
		return 0;
	}
}

static uint64_t choose(const struct choice *choice)
{
	size_t among = rng_once_in(16) ? choice->all : choice->good;

	return choice->values[rng_below(among)];
}

/* Around where a page begins or ends, or a word, or anywhere. */
static uint64_t offset_in(const struct zone *zone)
{
	uint64_t page = rng_below(zone->length / ZONE_PAGE) * ZONE_PAGE;

	switch (rng_below(5)) {
	case 0:
		return page;
	case 1:
		return page + 8 * rng_below(ZONE_PAGE / 8);
	case 2:
		return page + ZONE_PAGE - 1 - rng_below(72);
	case 3:
		return zone->length - 1 - rng_below(40);
	default:
		return rng_below(zone->length);
	}
}

static uint64_t any_word(void)
{
	return rng_once_in(2) ? rng_next() : rng_next() >> rng_below(64);
}

static uint64_t make_address(void)
{
	/* Most of it plain memory: what is special is there often enough. */
	const struct zone *zone = &target_zones[rng_once_in(3) ? rng_below(TARGET_ZONES) :
								 ZONE_BASE];

	if (rng_once_in(24))
		return any_word();
	if (rng_once_in(24))
		return caller_zones[rng_below(CALLER_ZONES)].start;
	return zone->start + offset_in(zone);
}

static uint64_t make_window_address(void)
{
	const struct zone *zone = &caller_zones[ZONE_WINDOWS];

	if (rng_once_in(16))
		return any_word();
	return zone->start + rng_below(zone->length / ZONE_PAGE) * ZONE_PAGE;
}

/* Few of them, so that what is watched is accessed. */
static uint64_t make_watched(void)
{
	static const uint64_t offsets[] = { 0, 0, 0, 0, 0, 8, 1, ZONE_PAGE - 8 };
	const struct zone *zone = &target_zones[rng_once_in(4) ? rng_below(TARGET_ZONES) :
								 ZONE_BASE];

	if (!rng_once_in(3))
		return target_zones[ZONE_BASE].start;
	if (rng_once_in(12))
		return make_address();
	return zone->start + offsets[rng_below(COUNT(offsets))];
}

static uint64_t make_buffer(void)
{
	const struct zone *zone = &caller_zones[ZONE_BUFFER];

	if (rng_once_in(24))
		return any_word();
	if (rng_once_in(12))
		zone = &caller_zones[ZONE_WINDOWS];
	if (rng_once_in(16))
		zone = &caller_zones[rng_once_in(2) ? ZONE_BUFFER_READ_ONLY : ZONE_CALLER_HOLE];
	return zone->start + offset_in(zone);
}

static uint64_t make_segments(void)
{
	const struct zone *zone = &caller_zones[ZONE_SEGMENTS];

	if (!rng_once_in(6))
		return zone->start;
	switch (rng_below(4)) {
	case 0:
		return zone->start + sizeof(struct memrw_segment) * rng_below(384);
	case 1:
		return zone->start + offset_in(zone);
	case 2:
		return caller_zones[ZONE_BUFFER_READ_ONLY].start;
	default:
		return any_word();
	}
}

static uint64_t make_size(uint64_t size)
{
	const uint64_t others[] = {
		0, 1, 4, 7, 8, size - 1, size - 8, size + 1, size + 8, 2 * size,
		4095, 4096, 4097, 0x80000000, 0xffffffff,
	};

	return rng_once_in(16) ? others[rng_below(COUNT(others))] : size;
}

uint64_t value_make(enum kind kind, uint64_t size)
{
	switch (kind) {
	case KIND_SIZE:
		return make_size(size);
	case KIND_ADDRESS:
		return make_address();
	case KIND_BUFFER:
		return make_buffer();
	case KIND_SEGMENTS:
		return make_segments();
	case KIND_WATCHED:
		return make_watched();
	case KIND_WINDOW_ADDRESS:
		return make_window_address();
	default:
		return choose(&choices[kind]);
	}
}

uint64_t value_mutate(enum kind kind, uint64_t value, uint64_t size)
{
	if (name_count(kind) || kind == KIND_SLOT || kind == KIND_PAGE || kind == KIND_ZONE ||
	    kind == KIND_WINDOW || kind == KIND_ADVICE || kind == KIND_WATCH || rng_once_in(2))
		return value_make(kind, size);
	switch (rng_below(4)) {
	case 0:
		return value ^ UINT64_C(1) << rng_below(64);
	case 1:
		return value + rng_below(17) - 8;
	case 2:
		return value + (rng_below(3) - 1) * ZONE_PAGE;
	default:
		return any_word();
	}
}

void value_print(enum kind kind, uint64_t value, char *text)
{
	if (value < name_count(kind))
		strcpy(text, choices[kind].names[value]);
	else
		sprintf(text, "%#llx", (unsigned long long)value);
}

bool value_parse(enum kind kind, const char *text, uint64_t *value)
{
	char *end;

	for (*value = 0; *value < name_count(kind); ++*value)
		if (!strcmp(text, choices[kind].names[*value]))
			return true;
	if (name_count(kind))
		return false;
	*value = strtoull(text, &end, 0);
	return *text && !*end;
}
