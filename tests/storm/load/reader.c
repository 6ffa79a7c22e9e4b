// SPDX-License-Identifier: GPL-2.0-only
/*
 * A reader has its share of the sessions and does one thing after another with
 * them, without a rest; or the same with the kernel's own system calls.
 */
#include "load/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/chance.h"
#include "lib/clock.h"
#include "lib/device.h"
#include "load/target.h"

#define SESSIONS_MAX	256
#define SEGMENTS	16

struct session {
	int fd;
	unsigned int target;
};

struct reader {
	struct board *board;
	struct board_reader *shown;
	struct chance chance;
	struct session sessions[SESSIONS_MAX];
	unsigned int count;
	uint64_t buffer[AREA_WORDS];
};

/* One way to do the work; -errno where it fails. */
struct way {
	int64_t (*read)(struct reader *r, const struct session *s, uint64_t address,
			void *buffer, size_t length);
	int64_t (*write)(struct reader *r, const struct session *s, uint64_t address,
			 const void *buffer, size_t length);
	int64_t (*readv)(struct reader *r, const struct session *s, const uint64_t *addresses,
			 uint64_t *buffer);
	int64_t (*add)(struct reader *r, const struct session *s, uint64_t address);
};

static int64_t driver_read(struct reader *r, const struct session *s, uint64_t address,
			   void *buffer, size_t length)
{
	(void)r;
	return session_pread(s->fd, address, buffer, length);
}

static int64_t driver_write(struct reader *r, const struct session *s, uint64_t address,
			    const void *buffer, size_t length)
{
	(void)r;
	return session_pwrite(s->fd, address, buffer, length);
}

static int64_t driver_readv(struct reader *r, const struct session *s, const uint64_t *addresses,
			    uint64_t *buffer)
{
	struct memrw_segment segments[SEGMENTS];
	int64_t done;

	(void)r;
	for (int i = 0; i < SEGMENTS; i++)
		segments[i] = (struct memrw_segment){ .address = addresses[i],
						      .buffer = (uintptr_t)&buffer[i],
						      .length = sizeof(*buffer) };
	done = session_readv(s->fd, segments, SEGMENTS, 0);
	for (int i = 0; i < done; i++) {
		if (segments[i].result != sizeof(*buffer))
			return segments[i].result;
	}
	return done;
}

static int64_t driver_add(struct reader *r, const struct session *s, uint64_t address)
{
	struct memrw_atomic atomic = { .address = address, .op = MEMRW_ATOMIC_ADD, .width = 8,
				       .operand = 1 };
	int error = session_atomic(s->fd, atomic, NULL);

	r->shown->added += !error;
	return error;
}

static int64_t kernel_move(struct reader *r, const struct session *s, uint64_t address,
			   void *buffer, size_t length, bool write)
{
	struct iovec here = { buffer, length }, there = { (void *)(uintptr_t)address, length };
	pid_t pid = r->board->target[s->target].pid;
	ssize_t done = write ? process_vm_writev(pid, &here, 1, &there, 1, 0) :
			       process_vm_readv(pid, &here, 1, &there, 1, 0);

	return done < 0 ? -errno : done;
}

static int64_t kernel_read(struct reader *r, const struct session *s, uint64_t address,
			   void *buffer, size_t length)
{
	return kernel_move(r, s, address, buffer, length, false);
}

static int64_t kernel_write(struct reader *r, const struct session *s, uint64_t address,
			    const void *buffer, size_t length)
{
	return kernel_move(r, s, address, (void *)buffer, length, true);
}

static int64_t kernel_readv(struct reader *r, const struct session *s, const uint64_t *addresses,
			    uint64_t *buffer)
{
	struct iovec here = { buffer, SEGMENTS * sizeof(*buffer) }, there[SEGMENTS];
	ssize_t done;

	for (int i = 0; i < SEGMENTS; i++)
		there[i] = (struct iovec){ (void *)(uintptr_t)addresses[i], sizeof(*buffer) };
	done = process_vm_readv(r->board->target[s->target].pid, &here, 1, there, SEGMENTS, 0);
	return done < 0 ? -errno : done / (ssize_t)sizeof(*buffer);
}

/* The kernel has no such thing; a read is the nearest. */
static int64_t kernel_add(struct reader *r, const struct session *s, uint64_t address)
{
	uint64_t word;
	int64_t done = kernel_read(r, s, address, &word, sizeof(word));

	return done < 0 ? done : 0;
}

static const struct way ways[] = {
	[KERNEL] = { kernel_read, kernel_write, kernel_readv, kernel_add },
	[DRIVER] = { driver_read, driver_write, driver_readv, driver_add },
};

static void expect(struct reader *r, const char *what, int64_t result, int64_t expected)
{
	if (result != expected)
		board_fail(r->board, "%s: %lld instead of %lld", what, (long long)result,
			   (long long)expected);
}

/* What @count words at @address ought to be. */
static void check(struct reader *r, const struct session *s, uint64_t address,
		  const uint64_t *words, size_t count)
{
	r->shown->words += count;
	for (size_t i = 0; i < count; i++) {
		uint64_t at = address + i * sizeof(*words);

		if (at % PAGE / sizeof(*words) < SPECIAL_WORDS)
			continue;
		if (words[i] != word_of(target_id(s->target), at))
			board_fail(r->board, "target %u: %#llx at %#llx", s->target,
				   (unsigned long long)words[i], (unsigned long long)at);
	}
}

static uint64_t any_word(struct reader *r)
{
	size_t page = chance_below(&r->chance, AREA_PAGES);
	size_t word = SPECIAL_WORDS + chance_below(&r->chance, PAGE_WORDS - SPECIAL_WORDS);

	return AREA + page * PAGE + word * sizeof(uint64_t);
}

static void read_range(struct reader *r, const struct session *s, const struct way *way,
		       size_t length)
{
	uint64_t address = AREA + chance_below(&r->chance, AREA_PAGES * PAGE - length + 1) / 8 * 8;

	memset(r->buffer, 0xa5, length);
	expect(r, "read", way->read(r, s, address, r->buffer, length), length);
	check(r, s, address, r->buffer, length / sizeof(uint64_t));
}

static void write_word(struct reader *r, const struct session *s, const struct way *way)
{
	uint64_t address = any_word(r), word = word_of(target_id(s->target), address);

	expect(r, "write", way->write(r, s, address, &word, sizeof(word)), sizeof(word));
}

static void read_segments(struct reader *r, const struct session *s, const struct way *way)
{
	uint64_t addresses[SEGMENTS], words[SEGMENTS] = { 0 };

	for (int i = 0; i < SEGMENTS; i++)
		addresses[i] = any_word(r);
	expect(r, "batch", way->readv(r, s, addresses, words), SEGMENTS);
	for (int i = 0; i < SEGMENTS; i++)
		check(r, s, addresses[i], &words[i], 1);
}

static void add_one(struct reader *r, const struct session *s, const struct way *way)
{
	uint64_t address = AREA + chance_below(&r->chance, AREA_PAGES) * PAGE +
			   ADDED_BY_READERS * sizeof(uint64_t);

	expect(r, "atomic addition", way->add(r, s, address), 0);
}

static void do_something(struct reader *r, const struct way *way)
{
	const struct session *s = &r->sessions[chance_below(&r->chance, r->count)];

	switch (chance_below(&r->chance, 8)) {
	case 0: read_range(r, s, way, AREA_PAGES * PAGE); break;
	case 1: read_range(r, s, way, PAGE); break;
	case 2: write_word(r, s, way); break;
	case 3: read_segments(r, s, way); break;
	case 4: add_one(r, s, way); break;
	default: read_range(r, s, way, sizeof(uint64_t)); break;
	}
}

static void open_sessions(struct reader *r, unsigned int number)
{
	unsigned int first = number * r->board->sessions / r->board->readers;
	unsigned int end = (number + 1) * r->board->sessions / r->board->readers;

	for (unsigned int i = first; i < end && r->count < SESSIONS_MAX; i++) {
		struct session *s = &r->sessions[r->count++];

		s->target = i % r->board->targets;
		s->fd = device_open(O_RDWR);
		expect(r, "bind", s->fd < 0 ? s->fd :
		       session_bind_flags(s->fd, r->board->target[s->target].pid, 0), 0);
	}
}

static void work_until_over(struct reader *r)
{
	while (!r->board->over) {
		enum phase phase = r->board->phase;

		if (phase == KERNEL || phase == DRIVER) {
			do_something(r, &ways[phase]);
			r->shown->calls[phase]++;
		} else {
			clock_sleep(SECOND / 100);
		}
	}
}

void reader_run(struct board *board, unsigned int number)
{
	static struct reader r;

	r.board = board;
	r.shown = &board->reader[number];
	chance_seed(&r.chance, board->seed, number);
	open_sessions(&r, number);
	atomic_fetch_add(&board->ready, 1);
	work_until_over(&r);
	_exit(0);
}
