// SPDX-License-Identifier: GPL-2.0-only
/* MEMRW_IOC_READV and MEMRW_IOC_WRITEV: many segments, each with its own result. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define WORDS	110	/* more than twice what the driver takes in at a time */
#define MANY	65536

static struct worker *target;
static uint64_t address;	/* 8 pages of pattern 1 */
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, 8 * PAGE, 1);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static uint64_t pattern_at(size_t offset)
{
	uint8_t pattern[8 * PAGE];
	uint64_t word;

	pattern_fill(pattern, sizeof(pattern), 1);
	memcpy(&word, pattern + offset, sizeof(word));
	return word;
}

/* @count segments of a word each, @stride apart. */
static void word_segments(struct memrw_segment *segments, uint64_t *words, size_t count,
			  uint64_t from, size_t stride)
{
	for (size_t i = 0; i < count; i++)
		segments[i] = segment(from + i * stride, &words[i], sizeof(*words));
}

static void *map_here(size_t length, int prot, int flags)
{
	void *p = mmap(NULL, length, prot, flags | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(p, MAP_FAILED);
	return p;
}

/*
 * Results
 */

static void every_word_is_read_and_has_a_result(void **state)
{
	struct memrw_segment segments[WORDS];
	uint64_t words[WORDS];

	(void)state;
	word_segments(segments, words, WORDS, address, 24);
	assert_int_equal(session_readv(session, segments, WORDS, 0), WORDS);
	for (size_t i = 0; i < WORDS; i++) {
		assert_int_equal(segments[i].result, 8);
		assert_true(pattern_matches(&words[i], 8, i * 24, 1));
	}
}

static void every_word_is_written_and_has_a_result(void **state)
{
	struct memrw_segment segments[WORDS];
	uint64_t words[WORDS];

	(void)state;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = ~i;
	word_segments(segments, words, WORDS, address, 24);
	assert_int_equal(session_writev(session, segments, WORDS, 0), WORDS);
	for (size_t i = 0; i < WORDS; i++) {
		assert_int_equal(segments[i].result, 8);
		assert_int_equal(memory_peek(target, address + i * 24), ~i);
		assert_int_equal(memory_peek(target, address + i * 24 + 8),
				 pattern_at(i * 24 + 8));
	}
}

/* From one byte to 1 MiB, aligned and not, small ones between large ones. */
static const size_t lengths[] = { 8, 4096, 1, 8, 3, 65536, 8, 8, 33, 32, 31, 100, MIB, 8, 4,
				  2, 5000, 64, 65, 8, 12345, 7, 16, 8 };

/* Lays them out in the target one behind the other, with gaps of @gap bytes. */
static size_t lay_out(struct memrw_segment *segments, uint64_t from, uint8_t *buffer, size_t gap)
{
	size_t offset = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		segments[i] = segment(from + offset, buffer + offset, lengths[i]);
		offset += lengths[i] + gap;
	}
	return offset;
}

static void lengths_of_all_kinds_are_read(void **state)
{
	struct memrw_segment segments[ARRAY_SIZE(lengths)];
	uint64_t large = memory_map_pattern(target, 2 * MIB, 2);
	uint8_t *buffer = test_malloc(2 * MIB);

	(void)state;
	for (size_t gap = 0; gap < 3; gap++) {
		lay_out(segments, large, buffer, gap);
		memset(buffer, 0, 2 * MIB);
		assert_int_equal(session_readv(session, segments, ARRAY_SIZE(lengths), 0),
				 ARRAY_SIZE(lengths));
		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
			assert_int_equal(segments[i].result, lengths[i]);
			assert_true(pattern_matches((void *)(uintptr_t)segments[i].buffer,
						    lengths[i], segments[i].address - large, 2));
		}
	}
	test_free(buffer);
}

static void lengths_of_all_kinds_are_written(void **state)
{
	struct memrw_segment segments[ARRAY_SIZE(lengths)];
	uint64_t large = memory_map_anonymous(target, 2 * MIB);
	uint8_t *buffer = test_malloc(2 * MIB);
	size_t end;

	(void)state;
	pattern_fill(buffer, 2 * MIB, 3);
	end = lay_out(segments, large, buffer, 0);
	assert_int_equal(session_writev(session, segments, ARRAY_SIZE(lengths), 0),
			 ARRAY_SIZE(lengths));
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		assert_int_equal(segments[i].result, lengths[i]);
	assert_true(memory_matches(target, large, end, 3));
	assert_true(memory_is(target, large + end, 2 * MIB - end, 0));
	test_free(buffer);
}

static void small_segments_across_pages_are_whole(void **state)
{
	struct memrw_segment segments[31];
	uint8_t buffer[31][32];

	(void)state;
	for (int i = 0; i < 31; i++)
		segments[i] = segment(address + (1 + i % 7) * PAGE - 1 - i, buffer[i], 32);
	assert_int_equal(session_readv(session, segments, 31, 0), 31);
	for (int i = 0; i < 31; i++) {
		assert_int_equal(segments[i].result, 32);
		assert_true(pattern_matches(buffer[i], 32, segments[i].address - address, 1));
	}
}

/* The middle page of three is gone: what lies in it, or begins in front of it. */
static void assert_hole_costs_its_segments_alone(bool write)
{
	uint64_t words[6] = { 0 }, at[6] = { address, address + PAGE, address + 2 * PAGE - 8,
					     address + 2 * PAGE, address + PAGE - 3, address + 8 };
	int64_t results[6] = { 8, -EIO, -EIO, 8, 3, 8 };
	struct memrw_segment segments[6];

	for (int i = 0; i < 6; i++)
		segments[i] = segment(at[i], &words[i], 8);
	assert_int_equal(memory_unmap(target, address + PAGE, PAGE), 0);
	assert_int_equal(write ? session_writev(session, segments, 6, 0) :
				 session_readv(session, segments, 6, 0), 6);
	for (int i = 0; i < 6; i++)
		assert_int_equal(segments[i].result, results[i]);
}

static void a_hole_costs_reads_in_it_alone(void **state)
{
	(void)state;
	assert_hole_costs_its_segments_alone(false);
}

static void a_hole_costs_writes_in_it_alone(void **state)
{
	(void)state;
	assert_hole_costs_its_segments_alone(true);
}

static void a_large_segment_ends_at_a_hole(void **state)
{
	uint8_t *buffer = test_malloc(16 * PAGE);
	struct memrw_segment segments[3] = {
		segment(address, buffer, 8),
		segment(address, buffer + 8, 8 * PAGE),
		segment(address + 8, buffer, 8),
	};

	(void)state;
	assert_int_equal(memory_unmap(target, address + 5 * PAGE, PAGE), 0);
	assert_int_equal(session_readv(session, segments, 3, 0), 3);
	assert_int_equal(segments[0].result, 8);
	assert_int_equal(segments[1].result, 5 * PAGE);
	assert_int_equal(segments[2].result, 8);
	assert_true(pattern_matches(buffer + 8, 5 * PAGE, 0, 1));
	test_free(buffer);
}

static void addresses_of_no_process_are_eio(void **state)
{
	static const uint64_t nowhere[] = { 0, 8, 0xffffffff81000000, ~0ULL, ~0ULL - 7,
					    0x8000000000000000, 0x0000800000000000 };
	struct memrw_segment segments[ARRAY_SIZE(nowhere)];
	uint64_t words[ARRAY_SIZE(nowhere)];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++)
		segments[i] = segment(nowhere[i], &words[i], 8);
	assert_int_equal(session_readv(session, segments, ARRAY_SIZE(nowhere), 0),
			 ARRAY_SIZE(nowhere));
	for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++)
		assert_int_equal(segments[i].result, -EIO);
}

static void a_batch_of_nothing_succeeds(void **state)
{
	(void)state;
	assert_int_equal(session_readv(session, NULL, 0, 0), 0);
	assert_int_equal(session_writev(session, NULL, 0, 0), 0);
}

static void a_segment_of_nothing_has_the_result_zero(void **state)
{
	uint64_t word = 0;
	struct memrw_segment segments[4] = {
		segment(address, &word, 0),
		segment(0, NULL, 0),
		segment(address, &word, 8),
		segment(~0ULL, NULL, 0),
	};

	(void)state;
	assert_int_equal(session_readv(session, segments, 4, 0), 4);
	assert_int_equal(segments[0].result, 0);
	assert_int_equal(segments[1].result, 0);
	assert_int_equal(segments[2].result, 8);
	assert_int_equal(segments[3].result, 0);
}

static void a_length_without_end_is_partial(void **state)
{
	uint8_t *buffer = map_here(16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	uint64_t last = address + 7 * PAGE, word;
	struct memrw_segment segments[3] = {
		segment(last, buffer, ~0ULL),
		segment(last, buffer, 1ULL << 63),
		segment(last, &word, 8),
	};

	(void)state;
	memory_map(target, address + 8 * PAGE, PAGE, PROT_NONE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	assert_int_equal(session_readv(session, segments, 3, 0), 3);
	assert_int_equal(segments[0].result, PAGE);
	assert_int_equal(segments[1].result, PAGE);
	assert_int_equal(segments[2].result, 8);
	munmap(buffer, 16 * PAGE);
}

static void the_fields_of_a_segment_stay_but_its_result(void **state)
{
	struct memrw_segment segments[WORDS], before[WORDS];
	uint64_t words[WORDS];

	(void)state;
	word_segments(segments, words, WORDS, address, 8);
	memcpy(before, segments, sizeof(segments));
	assert_int_equal(session_readv(session, segments, WORDS, 0), WORDS);
	for (size_t i = 0; i < WORDS; i++)
		before[i].result = 8;
	assert_memory_equal(segments, before, sizeof(segments));
}

/*
 * Bad pointers
 */

static void a_bad_buffer_costs_its_segment_alone(void **state)
{
	uint8_t *constant = map_here(PAGE, PROT_READ, MAP_PRIVATE);
	uint64_t words[2] = { 0 };
	struct memrw_segment segments[5] = {
		segment(address, &words[0], 8),
		segment(address, NULL, 8),
		segment(address, (void *)0xffffffff81000000UL, 8),
		segment(address, constant, 8),
		segment(address + 8, &words[1], 8),
	};

	(void)state;
	assert_int_equal(session_readv(session, segments, 5, 0), 5);
	for (int i = 1; i < 4; i++)
		assert_int_equal(segments[i].result, -EFAULT);
	assert_int_equal(segments[0].result, 8);
	assert_int_equal(segments[4].result, 8);
	assert_true(pattern_matches(words, sizeof(words), 0, 1));
	munmap(constant, PAGE);
}

static void a_bad_buffer_of_a_write_costs_its_segment_alone(void **state)
{
	uint64_t words[2] = { 11, 22 };
	struct memrw_segment segments[4] = {
		segment(address, &words[0], 8),
		segment(address + 16, NULL, 8),
		segment(address + 24, NULL, 3 * PAGE),
		segment(address + 8, &words[1], 8),
	};

	(void)state;
	assert_int_equal(session_writev(session, segments, 4, 0), 4);
	assert_int_equal(segments[0].result, 8);
	assert_int_equal(segments[1].result, -EFAULT);
	assert_int_equal(segments[2].result, -EFAULT);
	assert_int_equal(segments[3].result, 8);
	assert_int_equal(memory_peek(target, address), 11);
	assert_int_equal(memory_peek(target, address + 8), 22);
	/* Not even zeros, as the kernel fills up what it could not copy. */
	assert_int_equal(memory_peek(target, address + 16), pattern_at(16));
	assert_int_equal(memory_peek(target, address + 24), pattern_at(24));
	assert_int_equal(memory_peek(target, address + PAGE), pattern_at(PAGE));
}

/* A page with nothing behind it. */
static uint8_t *page_before_hole(void)
{
	uint8_t *pages = map_here(2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	munmap(pages + PAGE, PAGE);
	return pages;
}

static void a_buffer_that_ends_too_early_makes_a_partial_segment(void **state)
{
	uint8_t *page = page_before_hole(), *end = page + PAGE;
	uint64_t word;
	struct memrw_segment segments[3] = {
		segment(address, end - 3, 8),
		segment(address, page, 4 * PAGE),
		segment(address, &word, 8),
	};

	(void)state;
	assert_int_equal(session_readv(session, segments, 3, 0), 3);
	assert_in_range(segments[0].result, 1, 3);
	assert_int_equal(segments[1].result, PAGE);
	assert_true(pattern_matches(page, PAGE, 0, 1));
	assert_int_equal(segments[2].result, 8);
	munmap(page, PAGE);
}

static void a_source_that_ends_too_early_writes_what_it_tells(void **state)
{
	uint8_t *page = page_before_hole();
	struct memrw_segment partial = segment(address, page + PAGE - 3, 8);
	uint8_t word[8];

	(void)state;
	memset(page, 0xee, PAGE);
	assert_int_equal(session_writev(session, &partial, 1, 0), 1);
	assert_in_range(partial.result, 1, 3);
	assert_int_equal(session_read(session, address, word, 8, 0), 8);
	assert_true(memory_is(target, address, partial.result, 0xee));
	assert_true(pattern_matches(word + partial.result, 8 - partial.result, partial.result, 1));
	munmap(page, PAGE);
}

static void a_bad_array_is_efault(void **state)
{
	struct memrw_segment *constant = map_here(PAGE, PROT_READ, MAP_PRIVATE);

	(void)state;
	assert_int_equal(session_readv(session, NULL, 1, 0), -EFAULT);
	assert_int_equal(session_writev(session, NULL, 1, 0), -EFAULT);
	assert_int_equal(session_readv(session, (void *)0xffffffff81000000UL, 1, 0), -EFAULT);
	assert_int_equal(session_readv(session, (void *)-32UL, 4, 0), -EFAULT);
	/* Where its results cannot be told. */
	assert_int_equal(session_readv(session, constant, 4, 0), -EFAULT);
	munmap(constant, PAGE);
}

/* What is there of the array is done, and to go on tells why no more was. */
static void assert_array_ends_at(struct memrw_segment *segments, size_t there, uint32_t count)
{
	static uint64_t words[2 * PAGE_MAX / sizeof(struct memrw_segment)];
	int64_t done, total = 0;

	word_segments(segments, words, there, address, 8);
	done = session_readv(session, segments, count, 0);
	assert_in_range(done, 1, there);
	while (done > 0) {
		for (int64_t i = total; i < total + done; i++)
			assert_int_equal(segments[i].result, 8);
		total += done;
		assert_true((size_t)total <= there);
		done = session_readv(session, segments + total, count - total, 0);
	}
	assert_int_equal(done, -EFAULT);
	assert_int_equal(total, there);
}

static void an_array_that_ends_too_early_ends_the_batch(void **state)
{
	uint8_t *page = page_before_hole();

	(void)state;
	assert_array_ends_at((void *)page, PAGE / 32, PAGE / 32 + 100);
	assert_array_ends_at((void *)page, PAGE / 32, UINT32_MAX);
	munmap(page, PAGE);
}

static void an_array_that_becomes_constant_ends_the_batch(void **state)
{
	uint8_t *pages = map_here(2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	(void)state;
	mprotect(pages + PAGE, PAGE, PROT_READ);
	assert_array_ends_at((void *)pages, PAGE / 32, 2 * PAGE / 32);
	munmap(pages, 2 * PAGE);
}

/*
 * Order
 */

static void the_last_write_to_an_address_stays(void **state)
{
	struct memrw_segment segments[WORDS];
	uint64_t words[WORDS];

	(void)state;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = i;
	word_segments(segments, words, WORDS, address, 0);
	assert_int_equal(session_writev(session, segments, WORDS, 0), WORDS);
	assert_int_equal(memory_peek(target, address), WORDS - 1);
}

/* A small one behind a large one, and the other way round. */
static void large_and_small_writes_keep_their_order(void **state)
{
	uint8_t *data = test_malloc(3 * PAGE);
	uint64_t word = 0x1122334455667788;
	struct memrw_segment segments[4] = {
		segment(address + PAGE, &word, 8),
		segment(address, data, 3 * PAGE),
		segment(address + 2 * PAGE, &word, 8),
		segment(address + 2 * PAGE + 2, data, 4),
	};

	(void)state;
	memset(data, 0xaa, 3 * PAGE);
	assert_int_equal(session_writev(session, segments, 4, 0), 4);
	assert_int_equal(memory_peek(target, address + PAGE), 0xaaaaaaaaaaaaaaaa);
	assert_int_equal(memory_peek(target, address + 2 * PAGE), 0x1122aaaaaaaa7788);
	test_free(data);
}

static uint32_t random_number(uint32_t limit)
{
	static uint64_t x = 88172645463325252;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x % limit;
}

/* Any order, any overlap: what comes of it is what memcpy() makes of a copy. */
static void random_writes_end_as_one_by_one(void **state)
{
	size_t room = 4 * PAGE;
	uint8_t *model = test_malloc(room), *data = test_malloc(room), *seen = test_malloc(room);
	struct memrw_segment segments[100];

	(void)state;
	pattern_fill(model, room, 1);
	for (int round = 0; round < 50; round++) {
		pattern_fill(data, room, 100 + round);
		for (size_t i = 0; i < ARRAY_SIZE(segments); i++) {
			size_t length = 1 + random_number(random_number(4) ? 40 : 3 * PAGE / 2);
			size_t to = random_number(room - length), from = random_number(room - length);

			segments[i] = segment(address + to, data + from, length);
			memcpy(model + to, data + from, length);
		}
		assert_int_equal(session_writev(session, segments, ARRAY_SIZE(segments), 0),
				 ARRAY_SIZE(segments));
	}
	assert_int_equal(reference_read(worker_pid(target), address, seen, room), room);
	assert_memory_equal(seen, model, room);
	test_free(model);
	test_free(data);
	test_free(seen);
}

typedef int64_t (*batch_fn)(int fd, struct memrw_segment *segments, __u32 count, __u32 flags);

/*
 * Each word of the target's memory is moved to the next, one after the other:
 * then all are the first one.  @here is where the caller has the memory, @there
 * where the target has.
 */
static void assert_chain(int fd, uint64_t *here, uint64_t there, batch_fn batch)
{
	struct memrw_segment segments[WORDS];

	for (size_t i = 0; i < WORDS; i++) {
		here[i] = i + 1;
		segments[i] = batch == session_readv ?
			segment(there + 8 * i, &here[i + 1], 8) :
			segment(there + 8 * (i + 1), &here[i], 8);
	}
	assert_int_equal(batch(fd, segments, WORDS, 0), WORDS);
	for (size_t i = 0; i <= WORDS; i++)
		assert_int_equal(here[i], 1);
}

static void a_caller_that_is_the_target_sees_each_segment_in_the_next(void **state)
{
	uint64_t *words = map_here(8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
	int fd = session_open_bound(getpid());

	(void)state;
	assert_chain(fd, words, (uintptr_t)words, session_readv);
	assert_chain(fd, words, (uintptr_t)words, session_writev);
	munmap(words, 8 * PAGE);
}

static void memory_shared_with_the_target_sees_each_segment_in_the_next(void **state)
{
	uint64_t *words = map_here(8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
	struct worker *sharer = worker_start(ROOT);
	int fd = session_open_bound(worker_pid(sharer));

	(void)state;
	assert_chain(fd, words, (uintptr_t)words, session_readv);
	assert_chain(fd, words, (uintptr_t)words, session_writev);
	munmap(words, 8 * PAGE);
}

/* The target's mapping is private; while it has no copy it sees what the caller writes. */
static void a_file_mapped_privately_by_the_target_sees_each_segment_in_the_next(void **state)
{
	int file = memfd_create("shared", MFD_CLOEXEC);
	struct worker *sharer;
	uint64_t *words;
	uint64_t there;

	(void)state;
	assert_true(file >= 0 && !ftruncate(file, 8 * PAGE));
	sharer = worker_start(ROOT);
	there = memory_map(sharer, 0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	words = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	assert_ptr_not_equal(words, MAP_FAILED);
	assert_chain(session_open_bound(worker_pid(sharer)), words, there, session_readv);
	munmap(words, 8 * PAGE);
	close(file);
}

/*
 * Whose, and whether at all
 */

static int64_t one_word(int fd, batch_fn batch, uint64_t from, uint64_t *word, __u32 flags)
{
	struct memrw_segment one = segment(from, word, 8);
	int64_t done = batch(fd, &one, 1, flags);

	return done == 1 ? one.result : done;
}

static int reopen(int flags)
{
	int fd = session_open(flags);

	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	return fd;
}

static void writev_on_a_read_only_descriptor_is_eacces(void **state)
{
	uint64_t word = 0;
	int fd = reopen(O_RDONLY);

	(void)state;
	assert_int_equal(one_word(fd, session_writev, address, &word, 0), -EACCES);
	assert_int_equal(one_word(fd, session_writev, address, &word, MEMRW_FORCE), -EACCES);
	assert_int_equal(session_writev(fd, NULL, 0, 0), -EACCES);
	assert_true(memory_matches(target, address, PAGE, 1));
	assert_int_equal(one_word(fd, session_readv, address, &word, 0), 8);
}

static void readv_on_a_write_only_descriptor_is_eacces(void **state)
{
	uint64_t word = 5;
	int fd = reopen(O_WRONLY);

	(void)state;
	assert_int_equal(one_word(fd, session_readv, address, &word, 0), -EACCES);
	assert_int_equal(word, 5);
	assert_int_equal(one_word(fd, session_writev, address, &word, 0), 8);
	assert_int_equal(memory_peek(target, address), 5);
}

static void without_a_target_a_batch_is_ebadfd(void **state)
{
	uint64_t word;
	int fd = session_open(O_RDWR);

	(void)state;
	assert_int_equal(one_word(fd, session_readv, address, &word, 0), -EBADFD);
	assert_int_equal(one_word(fd, session_writev, address, &word, 0), -EBADFD);
	assert_int_equal(session_readv(fd, NULL, 0, 0), -EBADFD);
}

static void after_the_targets_end_a_batch_is_esrch(void **state)
{
	uint64_t word;

	(void)state;
	assert_true(worker_kill(target, SIGKILL, 5000));
	assert_int_equal(one_word(session, session_readv, address, &word, 0), -ESRCH);
	assert_int_equal(one_word(session, session_writev, address, &word, 0), -ESRCH);
}

static void after_the_targets_execve_a_batch_is_estale(void **state)
{
	uint64_t word;

	(void)state;
	worker_exec(target, helper_path("idle"));
	assert_int_equal(one_word(session, session_readv, address, &word, 0), -ESTALE);
	assert_int_equal(one_word(session, session_writev, address, &word, 0), -ESTALE);
}

/*
 * Memory of all kinds
 */

static void protected_memory_is_eio_for_its_segments(void **state)
{
	uint64_t words[3] = { 7, 8, 9 };
	struct memrw_segment segments[3];

	(void)state;
	word_segments(segments, words, 3, address, PAGE);
	memory_protect(target, address + PAGE, PAGE, PROT_READ);
	assert_int_equal(session_writev(session, segments, 3, 0), 3);
	assert_int_equal(segments[0].result, 8);
	assert_int_equal(segments[1].result, -EIO);
	assert_int_equal(segments[2].result, 8);
	memory_protect(target, address + PAGE, PAGE, PROT_NONE);
	assert_int_equal(session_readv(session, segments, 3, 0), 3);
	assert_int_equal(segments[1].result, -EIO);
	memory_protect(target, address + PAGE, PAGE, PROT_READ | PROT_WRITE);
	assert_int_equal(session_writev(session, segments, 3, 0), 3);
	assert_int_equal(segments[1].result, 8);
	assert_int_equal(memory_peek(target, address + PAGE), 8);
}

static void force_is_for_every_segment(void **state)
{
	uint64_t words[WORDS];
	struct memrw_segment segments[WORDS];

	(void)state;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = i;
	memory_protect(target, address, 8 * PAGE, PROT_NONE);
	word_segments(segments, words, WORDS, address, 16);
	assert_int_equal(session_writev(session, segments, WORDS, MEMRW_FORCE), WORDS);
	for (size_t i = 0; i < WORDS; i++) {
		assert_int_equal(segments[i].result, 8);
		words[i] = ~0ULL;
	}
	assert_int_equal(session_readv(session, segments, WORDS, MEMRW_FORCE), WORDS);
	for (size_t i = 0; i < WORDS; i++)
		assert_int_equal(words[i], i);
	assert_int_equal(one_word(session, session_readv, address, words, 0), -EIO);
}

static void force_at_bind_is_for_every_batch(void **state)
{
	uint64_t word = 3;

	(void)state;
	memory_protect(target, address, PAGE, PROT_READ);
	assert_int_equal(one_word(session, session_writev, address, &word, 0), -EIO);
	assert_int_equal(session_bind_flags(session, worker_pid(target), MEMRW_FORCE), 0);
	assert_int_equal(one_word(session, session_writev, address, &word, 0), 8);
	assert_int_equal(memory_peek(target, address), 3);
}

static long long footprint(const char *key)
{
	char path[64];

	/* VmRSS is counted by each CPU for itself; this walks the page tables. */
	snprintf(path, sizeof(path), "/proc/%d/%s", worker_pid(target),
		 key[0] == 'V' ? "status" : "smaps_rollup");
	return file_number(path, key);
}

static void no_populate_reads_untouched_memory_without_growth(void **state)
{
	uint64_t untouched = memory_map(target, 0, 1024 * MIB, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	long long rss = footprint("Rss:"), tables = footprint("VmPTE:");
	struct memrw_segment segments[WORDS];
	uint64_t words[WORDS];

	(void)state;
	memset(words, 0xff, sizeof(words));
	word_segments(segments, words, WORDS, untouched, 3 * MIB);
	assert_int_equal(session_readv(session, segments, WORDS, MEMRW_NO_POPULATE), WORDS);
	for (size_t i = 0; i < WORDS; i++) {
		assert_int_equal(segments[i].result, 8);
		assert_int_equal(words[i], 0);
	}
	assert_true(rss > 0 && tables > 0);
	assert_int_equal(footprint("Rss:"), rss);
	assert_int_equal(footprint("VmPTE:"), tables);
	/* So that the above has something to find. */
	assert_int_equal(session_readv(session, segments, WORDS, 0), WORDS);
	assert_true(footprint("VmPTE:") > tables);
}

static void untouched_memory_is_written(void **state)
{
	uint64_t untouched = memory_map_anonymous(target, WORDS * PAGE), words[WORDS];
	struct memrw_segment segments[WORDS];

	(void)state;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = i + 1;
	word_segments(segments, words, WORDS, untouched, PAGE);
	assert_int_equal(session_writev(session, segments, WORDS, 0), WORDS);
	for (size_t i = 0; i < WORDS; i++) {
		assert_int_equal(segments[i].result, 8);
		assert_int_equal(memory_peek(target, untouched + i * PAGE), i + 1);
	}
}

/* To memory that was only read so far: the kernel's page of zeros is there. */
static void memory_that_was_only_read_is_written(void **state)
{
	uint64_t zeros = memory_map_anonymous(target, 4 * PAGE), words[2] = { 5, 6 };
	uint64_t others = memory_map_anonymous(target, PAGE);
	struct memrw_segment segments[2] = { segment(zeros, &words[0], 8),
					     segment(zeros + PAGE, &words[1], 8) };

	(void)state;
	assert_true(memory_is(target, zeros, 4 * PAGE, 0));
	assert_true(memory_is(target, others, PAGE, 0));
	assert_int_equal(session_writev(session, segments, 2, 0), 2);
	assert_int_equal(memory_peek(target, zeros), 5);
	assert_int_equal(memory_peek(target, zeros + PAGE), 6);
	assert_true(memory_is(target, others, PAGE, 0));
	assert_true(memory_is(target, zeros + 2 * PAGE, 2 * PAGE, 0));
}

static void assert_words_of(uint64_t from, size_t stride)
{
	struct memrw_segment segments[WORDS];
	uint64_t words[WORDS];

	for (size_t i = 0; i < WORDS; i++)
		words[i] = 1000 + i;
	word_segments(segments, words, WORDS, from, stride);
	assert_int_equal(session_writev(session, segments, WORDS, 0), WORDS);
	for (size_t i = 0; i < WORDS; i++) {
		assert_int_equal(segments[i].result, 8);
		assert_int_equal(memory_peek(target, from + i * stride), 1000 + i);
		memory_poke(target, from + i * stride, 2000 + i);
	}
	assert_int_equal(session_readv(session, segments, WORDS, 0), WORDS);
	for (size_t i = 0; i < WORDS; i++) {
		assert_int_equal(segments[i].result, 8);
		assert_int_equal(words[i], 2000 + i);
	}
}

static void shared_memory_is_read_and_written(void **state)
{
	uint64_t shared = memory_map(target, 0, WORDS * PAGE, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_words_of(shared, PAGE);
}

static void huge_pages_are_read_and_written(void **state)
{
	uint64_t huge = huge_page_size(), at;

	(void)state;
	file_write("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	at = memory_map_anonymous(target, 3 * huge);
	at = (at + huge - 1) & -huge;
	if (memory_advise(target, at, 2 * huge, MADV_HUGEPAGE))
		skip_because("the kernel has no transparent huge pages");
	memory_fill(target, at, 2 * huge, 1);
	if (footprint("AnonHugePages:") * 1024 < (long long)huge)
		skip_because("no huge page was free");
	assert_words_of(at, 2 * huge / WORDS & ~7);
	/* Split: the half of one is read-only. */
	memory_protect(target, at, huge / 2, PROT_READ);
	memory_protect(target, at, huge / 2, PROT_READ | PROT_WRITE);
	assert_words_of(at, 2 * huge / WORDS & ~7);
}

/* The whole of the program's own text, in pieces: a file's, and not written to. */
static void program_text_is_read(void **state)
{
	uint64_t text = (uintptr_t)assert_words_of & -PAGE;
	struct memrw_segment segments[64];
	uint64_t words[64];

	(void)state;
	word_segments(segments, words, 64, text, 8);
	assert_int_equal(session_readv(session, segments, 64, 0), 64);
	assert_memory_equal(words, (void *)(uintptr_t)text, sizeof(words));
	assert_int_equal(session_writev(session, segments, 64, 0), 64);
	for (int i = 0; i < 64; i++)
		assert_int_equal(segments[i].result, -EIO);
}

static void write_words(int fd, uint64_t value)
{
	struct memrw_segment segments[8];
	uint64_t words[8];

	for (int i = 0; i < 8; i++)
		words[i] = value;
	word_segments(segments, words, 8, address, PAGE);
	assert_int_equal(session_writev(fd, segments, 8, 0), 8);
	for (int i = 0; i < 8; i++)
		assert_int_equal(segments[i].result, 8);
}

static void assert_words(pid_t pid, uint64_t value)
{
	for (int i = 0; i < 8; i++) {
		uint64_t word;

		assert_int_equal(reference_read(pid, address + i * PAGE, &word, 8), 8);
		assert_int_equal(word, value);
	}
}

static void a_write_after_fork_reaches_one_process_alone(void **state)
{
	pid_t child;

	(void)state;
	write_words(session, 1);
	child = worker_call(target, worker_fork_idle, NULL, 0);
	write_words(session, 2);
	assert_words(child, 1);
	assert_words(worker_pid(target), 2);
	write_words(session_open_bound(child), 3);
	assert_words(child, 3);
	assert_words(worker_pid(target), 2);
}

static void a_write_into_a_child_does_not_reach_its_parent(void **state)
{
	pid_t child;

	(void)state;
	write_words(session, 1);
	child = worker_call(target, worker_fork_idle, NULL, 0);
	write_words(session_open_bound(child), 2);
	assert_words(child, 2);
	assert_words(worker_pid(target), 1);
}

static void what_two_processes_share_is_read(void **state)
{
	struct memrw_segment segments[8];
	uint64_t words[8];
	pid_t child;

	(void)state;
	write_words(session, 9);
	child = worker_call(target, worker_fork_idle, NULL, 0);
	for (int i = 0; i < 2; i++) {
		memset(words, 0, sizeof(words));
		word_segments(segments, words, 8, address, PAGE);
		assert_int_equal(session_readv(i ? session_open_bound(child) : session, segments,
					       8, 0), 8);
		for (int j = 0; j < 8; j++)
			assert_int_equal(words[j], 9);
	}
}

static void many_segments_work(void **state)
{
	struct memrw_segment *segments = test_malloc(MANY * sizeof(*segments));
	uint64_t *words = test_malloc(MANY * sizeof(*words));
	uint64_t large = memory_map_pattern(target, MANY * 8, 4);

	(void)state;
	/* One far from the other: each in another page than the one before. */
	for (size_t i = 0; i < MANY; i++)
		segments[i] = segment(large + i * 4099 % MANY * 8, &words[i * 4099 % MANY], 8);
	assert_int_equal(session_readv(session, segments, MANY, 0), MANY);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(segments[i].result, 8);
	assert_true(pattern_matches(words, MANY * 8, 0, 4));

	pattern_fill(words, MANY * 8, 5);
	assert_int_equal(session_writev(session, segments, MANY, 0), MANY);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(segments[i].result, 8);
	assert_true(memory_matches(target, large, MANY * 8, 5));
	test_free(segments);
	test_free(words);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(every_word_is_read_and_has_a_result),
		on_target(every_word_is_written_and_has_a_result),
		on_target(lengths_of_all_kinds_are_read),
		on_target(lengths_of_all_kinds_are_written),
		on_target(small_segments_across_pages_are_whole),
		on_target(a_hole_costs_reads_in_it_alone),
		on_target(a_hole_costs_writes_in_it_alone),
		on_target(a_large_segment_ends_at_a_hole),
		on_target(addresses_of_no_process_are_eio),
		on_target(a_batch_of_nothing_succeeds),
		on_target(a_segment_of_nothing_has_the_result_zero),
		on_target(a_length_without_end_is_partial),
		on_target(the_fields_of_a_segment_stay_but_its_result),
		on_target(a_bad_buffer_costs_its_segment_alone),
		on_target(a_bad_buffer_of_a_write_costs_its_segment_alone),
		on_target(a_buffer_that_ends_too_early_makes_a_partial_segment),
		on_target(a_source_that_ends_too_early_writes_what_it_tells),
		on_target(a_bad_array_is_efault),
		on_target(an_array_that_ends_too_early_ends_the_batch),
		on_target(an_array_that_becomes_constant_ends_the_batch),
		on_target(the_last_write_to_an_address_stays),
		on_target(large_and_small_writes_keep_their_order),
		on_target(random_writes_end_as_one_by_one),
		on_target(a_caller_that_is_the_target_sees_each_segment_in_the_next),
		on_target(memory_shared_with_the_target_sees_each_segment_in_the_next),
		on_target(a_file_mapped_privately_by_the_target_sees_each_segment_in_the_next),
		on_target(writev_on_a_read_only_descriptor_is_eacces),
		on_target(readv_on_a_write_only_descriptor_is_eacces),
		on_target(without_a_target_a_batch_is_ebadfd),
		on_target(after_the_targets_end_a_batch_is_esrch),
		on_target(after_the_targets_execve_a_batch_is_estale),
		on_target(protected_memory_is_eio_for_its_segments),
		on_target(force_is_for_every_segment),
		on_target(force_at_bind_is_for_every_batch),
		on_target(no_populate_reads_untouched_memory_without_growth),
		on_target(untouched_memory_is_written),
		on_target(memory_that_was_only_read_is_written),
		on_target(shared_memory_is_read_and_written),
		on_target(huge_pages_are_read_and_written),
		on_target(program_text_is_read),
		on_target(a_write_after_fork_reaches_one_process_alone),
		on_target(a_write_into_a_child_does_not_reach_its_parent),
		on_target(what_two_processes_share_is_read),
		on_target(many_segments_work),
	};

	return run_behaviours(tests);
}
