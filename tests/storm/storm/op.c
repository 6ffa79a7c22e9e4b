// SPDX-License-Identifier: GPL-2.0-only
#include "storm/op.h"

#include <fcntl.h>
#include <string.h>

#include "lib/device.h"
#include "storm/board.h"
#include "storm/watch.h"
#include "storm/window.h"
#include "storm/zone.h"

/* What no read may leave where it says that it has read, nor touch elsewhere. */
#define POISON		0xa5
#define BEHIND		64UL

#define SEGMENT_WORDS	4

/* A word of a zone; now and then one that is in none. */
static uint64_t any_address(struct chance *chance)
{
	enum zone_kind kind = chance_below(chance, ZONES);

	if (chance_one_in(chance, 24))
		return (const uint64_t[]){ 0, AREA - PAGE, AREA + ZONE_STRIDE / 2,
					   0x7ffffffff000, UINT64_MAX - 7,
					   0xffff888000000000 }[chance_below(chance, 6)];
	return zone_start(kind) + chance_below(chance, zone_get(kind)->pages) * PAGE +
	       chance_below(chance, PAGE_WORDS) * sizeof(uint64_t);
}

/* Bytes: often a word, rarely more than a huge page's worth of small ones. */
static size_t any_length(struct chance *chance)
{
	static const size_t most[] = { 8, 8, 64, 512, 2 * PAGE, 4 * PAGE, BUFFER - BEHIND };
	size_t words = most[chance_below(chance, 7)] / sizeof(uint64_t);

	return (1 + chance_below(chance, words)) * sizeof(uint64_t);
}

static uint32_t any_flags(struct chance *chance)
{
	return (const uint32_t[]){ 0, 0, MEMRW_FORCE, MEMRW_NO_POPULATE,
				   MEMRW_FORCE | MEMRW_NO_POPULATE }[chance_below(chance, 5)];
}

/* Where in the caller's memory @length bytes are: now and then it has not got all. */
static uint64_t *place(struct op *op, size_t length, bool *bad)
{
	char *end = (char *)op->actor->buffer + BUFFER;

	*bad = chance_one_in(&op->actor->chance, 16);
	if (!*bad)
		return op->actor->buffer;
	op->may |= op->may & MAY(DONE) ? MAY(R_EFAULT) : 0;
	return (uint64_t *)(end - length / 2 / sizeof(uint64_t) * sizeof(uint64_t));
}

static bool is_untouched(const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (((const unsigned char *)bytes)[i] != POISON)
			return false;
	}
	return true;
}

static void check_amount(struct op *op, size_t length)
{
	if (op->result > (int64_t)length || (!op->result && length))
		board_fail(op->actor->board, "%s of %zu bytes: %lld were moved",
			   call_name(op->call), length, (long long)op->result);
}

static void finish(struct op *op, uint32_t may)
{
	call_end(op->actor, op->call, op->result, may);
}

/* What may come of a call that wants a descriptor open for @mode. */
static uint32_t may_with(const struct op *op, int mode, bool plain)
{
	if (op->mode == O_RDWR || op->mode == mode)
		return op->may;
	return plain ? MAY(R_EBADF) : MAY(R_EACCES);
}

static void read_range(struct op *op)
{
	struct chance *chance = &op->actor->chance;
	uint64_t address = any_address(chance);
	size_t length = any_length(chance), read = 0;
	uint32_t flags = any_flags(chance);
	/* Of pread() no address is negative. */
	bool bad, plain = (int64_t)address >= 0 && chance_one_in(chance, 2);
	uint64_t *words = place(op, length, &bad);

	memset(op->actor->buffer, POISON, bad ? BUFFER : length + BEHIND);
	call_begin(op->actor, op->call = plain ? CALL_PREAD : CALL_READ);
	op->result = plain ? session_pread(op->fd, address, words, length) :
			     session_read(op->fd, address, words, length, flags);
	finish(op, may_with(op, O_RDONLY, plain));
	if (op->result >= 0) {
		check_amount(op, length);
		read = op->result;
	}
	if (!bad && !is_untouched((char *)words + read, length - read + BEHIND))
		board_fail(op->actor->board, "%s of %zu bytes: %zu read, and more touched",
			   call_name(op->call), length, read);
	seen_add(&op->seen, address, words, read / sizeof(*words));
}

static void write_range(struct op *op)
{
	struct chance *chance = &op->actor->chance;
	uint64_t address = any_address(chance);
	size_t length = any_length(chance);
	uint32_t flags = any_flags(chance);
	/* Of pread() no address is negative. */
	bool bad, plain = (int64_t)address >= 0 && chance_one_in(chance, 2);
	uint64_t *words = place(op, length, &bad);
	size_t there = bad ? length / 2 / sizeof(*words) : length / sizeof(*words);

	word_fill(words, there, op->writes, address);
	call_begin(op->actor, op->call = plain ? CALL_PWRITE : CALL_WRITE);
	op->result = plain ? session_pwrite(op->fd, address, words, length) :
			     session_write(op->fd, address, words, length, flags);
	finish(op, may_with(op, O_WRONLY, plain));
	if (op->result >= 0)
		check_amount(op, length);
}

static void prepare_segments(struct op *op, struct memrw_segment *segments, uint32_t count,
			     bool write)
{
	struct chance *chance = &op->actor->chance;

	memset(op->actor->buffer, POISON, count * SEGMENT_WORDS * sizeof(uint64_t));
	for (uint32_t i = 0; i < count; i++) {
		uint64_t *words = &op->actor->buffer[i * SEGMENT_WORDS];
		size_t length = 1 + chance_below(chance, SEGMENT_WORDS);

		segments[i] = (struct memrw_segment){
			.address = any_address(chance),
			.buffer = (uintptr_t)words,
			.length = length * sizeof(*words),
		};
		if (write)
			word_fill(words, length, op->writes, segments[i].address);
	}
}

/* In a batch that has a result for it. */
static void check_segment(struct op *op, const struct memrw_segment *segment, bool write)
{
	const uint64_t *words = (const uint64_t *)(uintptr_t)segment->buffer;
	int64_t result = segment->result;

	call_count(op->actor, CALL_SEGMENT, result, MAY(DONE) | MAY(R_EIO));
	if (result > (int64_t)segment->length || !result)
		board_fail(op->actor->board, "segment of %llu bytes: %lld were moved",
			   (unsigned long long)segment->length, (long long)result);
	if (write || result < 0)
		return;
	if (!is_untouched((const char *)words + result, segment->length - result))
		board_fail(op->actor->board, "segment: %lld bytes read, and more touched",
			   (long long)result);
	seen_add(&op->seen, segment->address, words, result / sizeof(*words));
}

static void run_batch(struct op *op, bool write)
{
	struct chance *chance = &op->actor->chance;
	struct memrw_segment segments[PIECES];
	uint32_t count = 1 + chance_below(chance, PIECES), flags = any_flags(chance);

	prepare_segments(op, segments, count, write);
	call_begin(op->actor, op->call = write ? CALL_WRITEV : CALL_READV);
	op->result = write ? session_writev(op->fd, segments, count, flags) :
			     session_readv(op->fd, segments, count, flags);
	finish(op, may_with(op, write ? O_WRONLY : O_RDONLY, false) & ~MAY(R_EIO));
	if (op->result > count || !op->result)
		board_fail(op->actor->board, "batch of %u segments: %lld are done", count,
			   (long long)op->result);
	for (int64_t i = 0; i < op->result && i < count; i++)
		check_segment(op, &segments[i], write);
}

static void read_batch(struct op *op)
{
	run_batch(op, false);
}

static void write_batch(struct op *op)
{
	run_batch(op, true);
}

static int mode_of_atomic(uint32_t operation)
{
	switch (operation) {
	case MEMRW_ATOMIC_LOAD: return O_RDONLY;
	case MEMRW_ATOMIC_STORE: return O_WRONLY;
	default: return O_RDWR;
	}
}

/* Of what an addition of nothing, or an exchange, does, no word becomes a strange one. */
static void run_atomic(struct op *op, uint32_t operation)
{
	struct chance *chance = &op->actor->chance;
	uint64_t old;
	struct memrw_atomic atomic = {
		.flags = any_flags(chance),
		.address = any_address(chance),
		.op = operation,
		.width = 8,
	};
	uint64_t word = word_of(op->writes, atomic.address);

	if (operation != MEMRW_ATOMIC_LOAD && operation != MEMRW_ATOMIC_ADD)
		atomic.operand = word;
	if (operation == MEMRW_ATOMIC_COMPARE_EXCHANGE)
		atomic.expected = word;
	call_begin(op->actor, op->call = CALL_ATOMIC);
	op->result = session_atomic(op->fd, atomic, &old);
	finish(op, may_with(op, mode_of_atomic(operation), false));
	if (op->result)
		return;
	op->actor->buffer[0] = old;
	if (operation != MEMRW_ATOMIC_STORE)
		seen_add(&op->seen, atomic.address, op->actor->buffer, 1);
	else if (old)
		board_fail(op->actor->board, "a store tells of %#llx",
			   (unsigned long long)old);
}

static void load_atomic(struct op *op)
{
	run_atomic(op, MEMRW_ATOMIC_LOAD);
}

static void change_atomic(struct op *op)
{
	run_atomic(op, chance_below(&op->actor->chance, MEMRW_ATOMIC_COMPARE_EXCHANGE + 1));
}

static void check_region(struct op *op, const struct memrw_query_region *region,
			 const char *name, size_t room)
{
	size_t length = strnlen(name, room);

	if (region->end <= region->start || region->end <= region->address ||
	    region->start % PAGE || region->end % PAGE)
		board_fail(op->actor->board, "region at %#llx: from %#llx to %#llx",
			   (unsigned long long)region->address,
			   (unsigned long long)region->start, (unsigned long long)region->end);
	if (region->name_size <= room && region->name_size != (length ? length + 1 : 0))
		board_fail(op->actor->board, "region: a name of %u bytes has %zu",
			   region->name_size, length);
	if (length >= room || !is_untouched(name + length + 1, room - length - 1))
		board_fail(op->actor->board, "region: more than a name in %zu bytes", room);
}

static void query_region(struct op *op)
{
	char name[128];
	struct memrw_query_region region;
	size_t room = 1 + chance_below(&op->actor->chance, sizeof(name));

	memset(name, POISON, sizeof(name));
	call_begin(op->actor, op->call = CALL_REGION);
	op->result = session_query_region(op->fd, any_address(&op->actor->chance), &region, name, room);
	finish(op, op->may & ~MAY(R_EACCES));
	if (!op->result)
		check_region(op, &region, name, room);
}

/* The rest of its fields are the driver's to fill in. */
static void check_target(struct op *op, const struct memrw_get_target *target)
{
	size_t length = strnlen(target->comm, sizeof(target->comm));
	bool padded = length < sizeof(target->comm);

	for (size_t i = length; i < sizeof(target->comm); i++)
		padded = padded && !target->comm[i];
	if (!padded || target->state > MEMRW_TARGET_EXITED || target->pid < 0 ||
	    target->transfer_flags & ~(MEMRW_FORCE | MEMRW_NO_POPULATE))
		board_fail(op->actor->board, "GET_TARGET: pid %d, state %u, flags %#x, %.16s",
			   target->pid, target->state, target->transfer_flags, target->comm);
}

static void get_target(struct op *op)
{
	struct memrw_get_target target;

	call_begin(op->actor, op->call = CALL_TARGET);
	op->result = device_target(op->fd, &target);
	/* It tells of a target also when that is gone. */
	finish(op, (op->may & (MAY(DONE) | MAY(R_EBADFD) | MAY(R_EBADF))) |
	       (op->may & (MAY(R_ESRCH) | MAY(R_ESTALE)) ? MAY(DONE) : 0));
	if (!op->result) {
		check_target(op, &target);
		op->state = target.state;
	}
}

static void get_info(struct op *op)
{
	struct memrw_info info;

	call_begin(op->actor, op->call = CALL_INFO);
	op->result = session_get_info(op->fd, &info);
	finish(op, MAY(DONE) | (op->may & MAY(R_EBADF)));
	if (!op->result && (info.access > MEMRW_ACCESS_CAPABLE || info.page_size != PAGE))
		board_fail(op->actor->board, "GET_INFO: access %u, pages of %u", info.access,
			   info.page_size);
}

static void use_window(struct op *op)
{
	window_run(op, any_address(&op->actor->chance));
}

static void use_watch(struct op *op)
{
	if (op->opens)
		watch_run(op, any_address(&op->actor->chance));
}

static const struct {
	void (*run)(struct op *op);
	bool writes;
	unsigned int weight;
} ops[] = {
	{ read_range, false, 8 },
	{ write_range, true, 5 },
	{ read_batch, false, 4 },
	{ write_batch, true, 3 },
	{ load_atomic, false, 2 },
	{ change_atomic, true, 3 },
	{ query_region, false, 3 },
	{ get_target, false, 2 },
	{ get_info, false, 1 },
	{ use_window, false, 3 },
	{ use_watch, false, 3 },
};

void op_run(struct op *op)
{
	unsigned int number = chance_below(&op->actor->chance, 37), i = 0;

	while (number >= ops[i].weight)
		number -= ops[i++].weight;
	op->seen.count = 0;
	if (!ops[i].writes || op->writes)
		ops[i].run(op);
}
