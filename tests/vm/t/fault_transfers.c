// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transfers by every call there is for them, of memory of every kind, with each
 * thing in them that can fail failing: what a transfer says that it moved has
 * been moved, and nothing else.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/sweep.h"
#include "lib/test.h"
#include "lib/worker.h"

#define LARGE_MAX	(SWEEP_PAGES * PAGE_MAX)
#define FILLER		0xa5

static uint8_t buffer[LARGE_MAX] __attribute__((aligned(PAGE_MAX)));

/*
 * The ways: each moves @length bytes between the target's @address and @memory;
 * returns the count, or -errno.
 */

static void seek(uint64_t address)
{
	lseek(sweep_session(), address, SEEK_SET);
}

static int64_t counted(ssize_t n)
{
	return n < 0 ? -errno : n;
}

static int64_t by_read_command(uint64_t address, void *memory, size_t length)
{
	return session_read(sweep_session(), address, memory, length, 0);
}

static int64_t by_write_command(uint64_t address, void *memory, size_t length)
{
	return session_write(sweep_session(), address, memory, length, 0);
}

static int64_t by_sparing_read_command(uint64_t address, void *memory, size_t length)
{
	return session_read(sweep_session(), address, memory, length, MEMRW_NO_POPULATE);
}

static int64_t by_forced_write_command(uint64_t address, void *memory, size_t length)
{
	return session_write(sweep_session(), address, memory, length, MEMRW_FORCE);
}

static int64_t by_read(uint64_t address, void *memory, size_t length)
{
	seek(address);
	return counted(read(sweep_session(), memory, length));
}

static int64_t by_write(uint64_t address, void *memory, size_t length)
{
	seek(address);
	return counted(write(sweep_session(), memory, length));
}

static int64_t by_pread(uint64_t address, void *memory, size_t length)
{
	return session_pread(sweep_session(), address, memory, length);
}

static int64_t by_pwrite(uint64_t address, void *memory, size_t length)
{
	return session_pwrite(sweep_session(), address, memory, length);
}

/* More parts than the kernel has room for on its stack: it allocates some. */
#define PARTS	16

static struct iovec parts[PARTS];

static const struct iovec *split(uint8_t *memory, size_t length)
{
	for (int i = 0; i < PARTS; i++) {
		size_t from = length * i / PARTS, to = length * (i + 1) / PARTS;

		parts[i] = (struct iovec){ memory + from, to - from };
	}
	return parts;
}

static int64_t by_readv(uint64_t address, void *memory, size_t length)
{
	seek(address);
	return counted(readv(sweep_session(), split(memory, length), PARTS));
}

static int64_t by_writev(uint64_t address, void *memory, size_t length)
{
	seek(address);
	return counted(writev(sweep_session(), split(memory, length), PARTS));
}

static int64_t by_preadv(uint64_t address, void *memory, size_t length)
{
	return counted(preadv(sweep_session(), split(memory, length), PARTS, address));
}

static int64_t by_pwritev(uint64_t address, void *memory, size_t length)
{
	return counted(pwritev(sweep_session(), split(memory, length), PARTS, address));
}

/* What a way is. */
enum {
	WRITE = 1,
	ANSWERED = 2,	/* by a struct that is copied out when all is done */
	COMMON = 4,	/* to the driver the same as another: a word will do */
};

struct way {
	const char *name;
	int64_t (*move)(uint64_t address, void *memory, size_t length);
	unsigned int is;
};

static const struct way ways[] = {
	{ "MEMRW_IOC_READ", by_read_command, ANSWERED },
	{ "sparing_MEMRW_IOC_READ", by_sparing_read_command, ANSWERED },
	{ "read", by_read, COMMON },
	{ "pread", by_pread, COMMON },
	{ "readv", by_readv, COMMON },
	{ "preadv", by_preadv, 0 },
	{ "MEMRW_IOC_WRITE", by_write_command, WRITE | ANSWERED },
	{ "forced_MEMRW_IOC_WRITE", by_forced_write_command, WRITE | ANSWERED },
	{ "write", by_write, WRITE | COMMON },
	{ "pwrite", by_pwrite, WRITE | COMMON },
	{ "writev", by_writev, WRITE | COMMON },
	{ "pwritev", by_pwritev, WRITE },
};

/*
 * The places: memory of the target's, with zeros before it is written to, and
 * with the pattern before it is read unless it has never been touched.
 */
struct place {
	const char *name;
	uint64_t (*address)(void);
	size_t pages;	/* 0: a word */
	bool untouched;
};

static const struct place places[] = {
	{ "a_word", sweep_private, 0, false },
	{ "an_untouched_word", sweep_untouched, 0, true },
	{ "private_memory", sweep_private, SWEEP_PAGES, false },
	{ "shared_memory", sweep_shared, SWEEP_PAGES, false },
	{ "untouched_memory", sweep_untouched, SWEEP_PAGES, true },
};

struct transfer {
	const struct way *way;
	const struct place *place;
};

/* That of the sweep that runs. */
static const struct transfer *current;

static size_t length(void)
{
	return current->place->pages ? current->place->pages * PAGE : 8;
}

struct zeros {
	uint64_t address;
	size_t length;
};

static long do_zero(void *arg)
{
	const struct zeros *zeros = arg;

	memset((void *)(uintptr_t)zeros->address, 0, zeros->length);
	return 0;
}

static void prepare(void)
{
	struct zeros zeros = { current->place->address(), length() };

	if (current->place->untouched)
		sweep_map_untouched();
	else if (current->way->is & WRITE)
		worker_call(sweep_target(), do_zero, &zeros, sizeof(zeros));
	if (current->way->is & WRITE)
		pattern_fill(buffer, length(), 1);
	else
		memset(buffer, FILLER, length());
}

static int64_t call(void)
{
	return current->way->move(current->place->address(), buffer, length());
}

static bool all_bytes_are(const uint8_t *bytes, size_t count, uint8_t value)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] != value)
			return false;
	}
	return true;
}

static bool is_read(size_t done)
{
	bool right = current->place->untouched ? all_bytes_are(buffer, done, 0) :
						 pattern_matches(buffer, done, 0, 1);

	return right && all_bytes_are(buffer + done, length() - done, FILLER);
}

static bool is_written(size_t done)
{
	uint64_t address = current->place->address();

	return memory_matches(sweep_target(), address, done, 1) &&
	       memory_is(sweep_target(), address + done, length() - done, 0);
}

/*
 * As many bytes as it says.  Only where the copy of the answer was what failed
 * may all of them have been moved nevertheless.
 */
static void check(int64_t result, enum fault fault)
{
	bool (*is_moved)(size_t) = current->way->is & WRITE ? is_written : is_read;
	size_t done = result < 0 ? 0 : result;

	if (fault == FAULT_NONE)
		assert_int_equal(result, length());
	assert_true(is_moved(done) || (result < 0 && fault == FAULT_COPY &&
				       (current->way->is & ANSWERED) && is_moved(length())));
}

/*
 * What is there is found without an allocation; what is not takes page tables, at
 * least.  What a copy of the bytes has left is tried again, and then only a buffer
 * that is bad fails it.  Into the copy of a list of buffers newer kernels inject
 * nothing.
 */
static unsigned int fails_by(void)
{
	unsigned int fails = current->way->is & ANSWERED ? FAILS_BY(FAULT_COPY) : 0;

	if (!current->place->untouched)
		return fails;
	if (current->way->move == by_sparing_read_command)
		return fails;
	return fails | FAILS_BY(FAULT_PAGE);
}

static void transfer_with_each_fault(void **state)
{
	struct sweep sweep = { .prepare = prepare, .call = call, .check = check };

	current = *state;
	sweep.fails_by = fails_by();
	sweep_do(&sweep);
}

static void add_transfers(struct test_list *list)
{
	static struct transfer transfers[ARRAY_SIZE(ways) * ARRAY_SIZE(places)];
	struct transfer *next = transfers;

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(places); j++) {
			if (ways[i].is & COMMON && places[j].pages)
				continue;
			*next = (struct transfer){ &ways[i], &places[j] };
			test_list_add(list, transfer_with_each_fault, next++,
				      "%s_of_%s_with_each_fault", ways[i].name, places[j].name);
		}
	}
}

int main(void)
{
	struct test_list list = { 0 };

	add_transfers(&list);
	return sweep_run(&list);
}
