// SPDX-License-Identifier: GPL-2.0-only
#include "storm/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/device.h"
#include "storm/bind.h"
#include "storm/board.h"
#include "storm/zone.h"

#define WATCHES		3
#define RECORDS		16	/* that are read at once */

/* Where a program's addresses end. */
#define TASK_SIZE	0x7ffffffff000UL

/* For so long an emulated processor may have left a thread where it was. */
#define LATE		(10 * SECOND)

/*
 * struct watch - one that is kept
 * @fd: 0: none
 * @id: whose memory is watched, if that is known
 * @set: how it was set
 * @since: when
 * @time: of the hit that was read last
 * @over: its end was read
 */
struct watch {
	int fd;
	uint32_t id;
	struct memrw_set_watch set;
	uint64_t since, time;
	bool over;
};

static __thread struct watch watches[WATCHES];

/*
 * Set
 */

/* Filters that keep little back. */
static void choose_filters(struct memrw_set_watch *set, struct chance *chance, uint32_t id)
{
	bool has_value = set->type != MEMRW_WATCH_TYPE_EXECUTE;

	if (has_value && chance_one_in(chance, 4))
		set->flags |= MEMRW_WATCH_CHANGED;
	if (chance_one_in(chance, 6))
		set->flags |= MEMRW_WATCH_ONCE_PER_IP;
	if (has_value && chance_one_in(chance, 6)) {
		set->condition = 1 + chance_below(chance, 2);
		set->operand = word_of(id ? id : WORD_OF_ALL, set->address);
		if (set->condition == MEMRW_WATCH_CROSS && chance_one_in(chance, 2))
			set->flags |= MEMRW_WATCH_SIGNED;
	}
	if (chance_one_in(chance, 4))
		set->every = chance_below(chance, 4);
	if (chance_one_in(chance, 6))
		set->ip_last = UINT64_MAX;
	if (chance_one_in(chance, 3))
		set->limit = 1 + chance_below(chance, 6);
}

/* A target runs this program, and is often where its parent was. */
static uint64_t any_function(struct chance *chance)
{
	return chance_one_in(chance, 4) ? (uintptr_t)word_is_valid : (uintptr_t)zone_fill;
}

static struct memrw_set_watch choose(struct chance *chance, uint64_t address, uint32_t id)
{
	struct memrw_set_watch set = {
		.size = sizeof(set),
		.length = chance_one_in(chance, 3) ? 1 << chance_below(chance, 4) : 8,
		.type = chance_one_in(chance, 2) ? MEMRW_WATCH_TYPE_WRITE :
						   MEMRW_WATCH_TYPE_READ_WRITE,
		.capacity = (const uint32_t[]){ 1, 4, 64, 0 }[chance_below(chance, 4)],
		.hit_size = sizeof(struct memrw_watch_hit) + 8 * chance_below(chance, 3),
		.address = address,
	};

	if (chance_one_in(chance, 4)) {
		set.type = MEMRW_WATCH_TYPE_EXECUTE;
		set.length = 1;
		set.address = any_function(chance);
	}
	choose_filters(&set, chance, id);
	return set;
}

/* Debug registers are also those of the other program that a target has become. */
static uint32_t what_may_come(const struct op *op, uint64_t address)
{
	uint32_t may = op->may & ~MAY(R_EIO);

	if (op->mode == O_WRONLY)
		return MAY(R_EACCES);
	if (op->may == MAY(R_EBADFD))
		return op->may;
	return may | MAY(R_ENOSPC) | (address >= TASK_SIZE - 8 ? MAY(R_EIO) : 0);
}

static void make_ready(const struct watch *watch, struct chance *chance)
{
	int flags = O_NONBLOCK;

	if (chance_one_in(chance, 3))
		flags = 0;
	if (chance_one_in(chance, 4)) {
		flags |= O_ASYNC;
		fcntl(watch->fd, F_SETOWN, getpid());
	}
	fcntl(watch->fd, F_SETFL, flags);
}

static void set(struct op *op, struct watch *watch, uint64_t address)
{
	struct chance *chance = &op->actor->chance;

	*watch = (struct watch){ .id = op->writes == WORD_OF_ALL ? 0 : op->writes };
	watch->set = choose(chance, address, watch->id);
	watch->since = clock_now();
	call_begin(op->actor, op->call = CALL_WATCH);
	op->result = ioctl(op->fd, MEMRW_IOC_WATCH, &watch->set);
	if (op->result < 0)
		op->result = -errno;
	call_end(op->actor, CALL_WATCH, op->result, what_may_come(op, watch->set.address));
	if (op->result < 0)
		return;
	watch->fd = op->result;
	make_ready(watch, chance);
}

/*
 * Looked at
 */

static bool is_hit_possible(const struct watch *watch, const struct memrw_watch_hit *hit)
{
	unsigned int bits = 8 * watch->set.length;
	bool has_value = !(hit->flags & MEMRW_HIT_NO_VALUE);

	if (hit->flags & ~(MEMRW_HIT_KERNEL | MEMRW_HIT_NO_VALUE) || hit->tid <= 0 ||
	    hit->nr_callers > MEMRW_HIT_CALLERS || hit->nr_registers > MEMRW_HIT_REGISTERS ||
	    !hit->nr_registers || hit->architecture != AUDIT_ARCH_X86_64 ||
	    hit->ip >= TASK_SIZE)
		return false;
	if (watch->set.type == MEMRW_WATCH_TYPE_EXECUTE)
		return hit->ip == watch->set.address && !has_value && !hit->value;
	if (has_value && watch->set.flags & MEMRW_WATCH_CHANGED && hit->value == hit->before)
		return false;
	return bits == 64 || !((hit->value | hit->before) >> bits);
}

static bool is_end_possible(const struct watch *watch, const struct memrw_watch_hit *hit)
{
	return !watch->over && !hit->tid && !hit->ip && !hit->nr_registers &&
	       (hit->value == MEMRW_WATCH_END_EXECED || hit->value == MEMRW_WATCH_END_EXITED ||
		(hit->value == MEMRW_WATCH_END_LIMIT && watch->set.limit));
}

/* Hits of one processor may be read a little before those of another. */
static bool is_time_possible(const struct watch *watch, const struct memrw_watch_hit *hit)
{
	uint64_t earliest = watch->time > watch->since ? watch->time : watch->since;

	return hit->time + LATE > earliest && hit->time < clock_now() + LATE;
}

static void check_record(struct op *op, struct watch *watch, const struct memrw_watch_hit *hit)
{
	bool end = hit->kind == MEMRW_HIT_END;
	bool possible = end ? is_end_possible(watch, hit) :
			      hit->kind == MEMRW_HIT_ACCESS && is_hit_possible(watch, hit);

	if (!possible || !is_time_possible(watch, hit) || watch->over)
		board_fail(op->actor->board,
			   "a watch of type %u at %#llx: kind %u, flags %#x, tid %d, ip %#llx, value %#llx, before %#llx, time %llu after %llu",
			   watch->set.type, (unsigned long long)watch->set.address, hit->kind,
			   hit->flags, hit->tid, (unsigned long long)hit->ip,
			   (unsigned long long)hit->value, (unsigned long long)hit->before,
			   (unsigned long long)hit->time, (unsigned long long)watch->time);
	watch->time = hit->time;
	watch->over |= end;
	atomic_fetch_add(end ? &op->actor->board->ends : &op->actor->board->hits, 1);
	atomic_fetch_add(&op->actor->board->lost_hits, hit->lost);
}

/* A word that was seen is one that may be there. */
static void look_at_value(struct op *op, const struct watch *watch,
			  const struct memrw_watch_hit *hit)
{
	const uint64_t words[] = { hit->before, hit->value };
	struct seen seen = { .count = 0 };

	if (hit->kind != MEMRW_HIT_ACCESS || watch->set.length != sizeof(*words) ||
	    hit->flags & MEMRW_HIT_NO_VALUE)
		return;
	seen_add(&seen, watch->set.address, &words[0], 1);
	seen_add(&seen, watch->set.address, &words[1], 1);
	look_at(op->actor, &seen, watch->id, "a hit");
}

static void check_records(struct op *op, struct watch *watch, const char *records, ssize_t length)
{
	static const char zeros[64];
	size_t size = watch->set.hit_size;
	struct memrw_watch_hit hit;

	for (; length >= (ssize_t)size; records += size, length -= size) {
		memcpy(&hit, records, sizeof(hit));
		check_record(op, watch, &hit);
		look_at_value(op, watch, &hit);
		if (memcmp(records + sizeof(hit), zeros, size - sizeof(hit)))
			board_fail(op->actor->board, "a watch: more than a hit in %zu bytes", size);
	}
	if (length > 0)
		board_fail(op->actor->board, "a watch: %zd bytes are no hit", length);
}

static bool is_ready(struct op *op, const struct watch *watch)
{
	struct pollfd ready = { .fd = watch->fd, .events = POLLIN };

	if (poll(&ready, 1, chance_below(&op->actor->chance, 10)) != 1)
		return false;
	if (ready.revents & ~(POLLIN | (watch->over ? POLLHUP : 0)))
		board_fail(op->actor->board, "a watch: poll() says %#x", ready.revents);
	return true;
}

/* What cannot be copied stays. */
static void read_records(struct op *op, struct watch *watch)
{
	bool bad = chance_one_in(&op->actor->chance, 8);
	size_t length = (1 + chance_below(&op->actor->chance, RECORDS)) * watch->set.hit_size;
	char *buffer = (char *)op->actor->buffer;
	bool over = watch->over;
	ssize_t got;

	if (bad)
		buffer += BUFFER - watch->set.hit_size / 2;
	call_begin(op->actor, CALL_HITS);
	got = read(watch->fd, buffer, length);
	got = call_end(op->actor, CALL_HITS, got < 0 ? -errno : got,
		       ~(bad ? 0 : MAY(R_EFAULT)));
	if (over ? got && got != -EINTR : !got)
		board_fail(op->actor->board, "a watch: %zd bytes, when it is %s", got,
			   over ? "over" : "not over");
	if (got > 0 && bad)
		board_fail(op->actor->board, "a watch: %zd bytes where there is no room", got);
	else if (got > 0)
		check_records(op, watch, buffer, got);
}

static void look_at_hits(struct op *op, struct watch *watch)
{
	bool waits = !(fcntl(watch->fd, F_GETFL) & O_NONBLOCK);

	op->call = CALL_HITS;
	op->result = 0;
	/* Nobody else reads: what is there now is there. */
	if (is_ready(op, watch) || !waits)
		read_records(op, watch);
}

static void end(struct actor *actor, struct watch *watch)
{
	bind_close(actor, watch->fd);
	watch->fd = 0;
}

void watch_run(struct op *op, uint64_t address)
{
	struct chance *chance = &op->actor->chance;
	struct watch *watch = &watches[chance_below(chance, WATCHES)];

	if (!watch->fd)
		set(op, watch, address);
	else if (chance_one_in(chance, 8))
		end(op->actor, watch);
	else
		look_at_hits(op, watch);
}

void watch_close_all(struct actor *actor)
{
	for (int i = 0; i < WATCHES; i++) {
		if (watches[i].fd)
			end(actor, &watches[i]);
	}
}
