// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target whose memory is moved about while it is read and written: what is
 * read is always what was there at some time, and no write is lost, neither the
 * driver's nor the target's own.
 *
 * On each page of the target are three words: "ours" is written by this test
 * alone, through the driver, "its" counts up, by a thread of the target's, and
 * "tag" says which page it is.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define RACE_MS	300
#define PAGES	64

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

struct page {
	_Alignas(8) uint64_t ours;
	_Atomic uint64_t its;
	uint64_t tag;
};

enum { OURS, ITS, TAG, WORDS };

/* Shared with the target. */
struct board {
	atomic_bool over;
	atomic_ulong disturbances, useless, counted, differences;
	char *memory;		/* PAGES pages in the target */
	size_t length;		/* from @memory on; the neighbours are behind it */
	bool alike;		/* all pages have the same tag */
};

/* What happens to the target's memory meanwhile. */
struct disturbance {
	const char *name;
	bool (*disturb)(unsigned int round);	/* in the target; did anything happen? */
	bool writes_may_fail;	/* for it makes pages read-only */
	bool huge;
	bool whole_tables;	/* as large as a huge page, but of small ones */
	bool slow;
	bool alike;		/* takes pages that are the same, and stay so for a while */
};

static struct worker *target;
static struct board *board;
static int session;

static struct page *page_at(size_t i)
{
	return (struct page *)(board->memory + i * PAGE);
}

static uint64_t tag_of(size_t i)
{
	return 0x7a9000000000005a | (board->alike ? 0 : i << 8);
}

/*
 * The target: disturbances
 */

static bool protect_neighbours(unsigned int round)
{
	char *page = board->memory + board->length + round % 2 * PAGE;

	return !mprotect(page, PAGE, round % 4 < 2 ? PROT_READ : PROT_READ | PROT_WRITE);
}

static bool protect_pages(unsigned int round)
{
	size_t i = round / 2 % (PAGES - 4) + 2;

	/* Of what the counting thread does not write to: every other page. */
	i |= 1;
	return !mprotect(page_at(i), PAGE, round % 2 ? PROT_READ | PROT_WRITE : PROT_READ);
}

static bool map_neighbours(unsigned int round)
{
	char *page = board->memory + board->length;

	if (round % 2)
		return mmap(page, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page;
	return !munmap(page, PAGE);
}

static bool drop_neighbours(unsigned int round)
{
	char *page = board->memory + board->length;

	*(volatile char *)page = round;
	return !madvise(page, 2 * PAGE, MADV_DONTNEED);
}

/* In the child nothing may change: neither was it there when that was written. */
static _Noreturn void watch_as_child(void)
{
	uint64_t before[PAGES];

	for (size_t i = 0; i < PAGES; i++)
		before[i] = *(volatile uint64_t *)&page_at(i)->ours;
	usleep(200);
	for (size_t i = 0; i < PAGES; i++)
		board->differences += *(volatile uint64_t *)&page_at(i)->ours != before[i];
	_exit(0);
}

static bool fork_children(unsigned int round)
{
	pid_t child = fork();

	(void)round;
	if (child == 0)
		watch_as_child();
	return child > 0 && waitpid(child, NULL, 0) == child;
}

/* Splits the huge page by its protection, and puts it together again. */
static bool split_and_collapse(unsigned int round)
{
	if (round % 2)
		return !madvise(board->memory, board->length, MADV_COLLAPSE);
	return !madvise(board->memory + board->length - PAGE, PAGE, MADV_DONTNEED);
}

/* The same by khugepaged, which the test told not to sleep. */
static bool split_for_khugepaged(unsigned int round)
{
	(void)round;
	madvise(board->memory + board->length - PAGE, PAGE, MADV_DONTNEED);
	usleep(20000);
	*(volatile char *)(board->memory + board->length - PAGE) = 1;
	return true;
}

static bool migrate(unsigned int round)
{
	(void)round;
	return !file_write("/proc/sys/vm/compact_memory", "1");
}

static bool merge(unsigned int round)
{
	madvise(board->memory, board->length, round % 8 == 7 ? MADV_UNMERGEABLE : MADV_MERGEABLE);
	usleep(5000);
	return file_number("/sys/kernel/mm/ksm/pages_sharing", "") > 0;
}

/* Moves the memory to another address and back. */
static bool remap(unsigned int round)
{
	char *aside = board->memory + board->length + 2 * PAGE;
	char *page = board->memory + board->length;

	if (round % 2)
		return mremap(aside, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page) == page;
	return mremap(page, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, aside) == aside;
}

static const struct disturbance disturbances[] = {
	{ "mprotect_of_neighbours", .disturb = protect_neighbours },
	{ "mprotect_of_the_pages", .disturb = protect_pages, .writes_may_fail = true },
	{ "munmap_and_mmap_of_neighbours", .disturb = map_neighbours },
	{ "madvise_dontneed_of_neighbours", .disturb = drop_neighbours },
	{ "mremap_of_neighbours", .disturb = remap },
	{ "fork", .disturb = fork_children, .slow = true },
	{ "fork_with_huge_pages", .disturb = fork_children, .huge = true, .slow = true },
	{ "split_and_collapse_of_huge_pages", .disturb = split_and_collapse, .huge = true },
	{ "khugepaged", .disturb = split_for_khugepaged, .huge = true },
	{ "compaction", .disturb = migrate },
	{ "compaction_of_huge_pages", .disturb = migrate, .huge = true },
	{ "ksm", .disturb = merge, .slow = true, .alike = true },
};

/*
 * The target: its threads
 */

static void *count_up(void *arg)
{
	uint64_t counts = 0;

	while (!board->over) {
		counts++;
		for (size_t i = 0; i < PAGES; i += 2)
			atomic_store_explicit(&page_at(i)->its,
					      atomic_load_explicit(&page_at(i)->its,
								   memory_order_relaxed) + 1,
					      memory_order_relaxed);
	}
	board->counted = counts;
	return arg;
}

static long run_target(void *arg)
{
	const struct disturbance *d = *(const struct disturbance **)arg;
	pthread_t counter;

	if (pthread_create(&counter, NULL, count_up, NULL))
		return -EAGAIN;
	for (unsigned int round = 0; !board->over; round++) {
		if (d->disturb(round))
			board->disturbances++;
		else
			board->useless++;
	}
	pthread_join(counter, NULL);
	/* None of its own writes was lost. */
	for (size_t i = 0; i < PAGES; i += 2) {
		if (page_at(i)->its != board->counted)
			return i + 1;
	}
	return 0;
}

struct memory {
	size_t align;	/* to, and length in multiples of, that; or 0 */
	bool huge;
};

static long make_memory(void *arg)
{
	const struct memory *m = arg;
	size_t length = m->align ? m->align : PAGES * PAGE;
	char *p = mmap(NULL, 3 * length + m->align, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	if (m->align)
		p = (char *)(((uintptr_t)p + m->align - 1) & -m->align);
	board->memory = p;
	board->length = length;
	if (madvise(p, length, m->huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) && m->huge)
		return -errno;
	for (size_t i = 0; i < PAGES; i++)
		page_at(i)->tag = tag_of(i);
	return 0;
}

/*
 * The test
 */

static int setup(void **state)
{
	(void)state;
	board = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		return -1;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static void set_sleeplessness(bool on)
{
	file_write("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	file_write("/sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs",
		   on ? "0" : "10000");
	file_write("/sys/kernel/mm/ksm/sleep_millisecs", on ? "1" : "20");
	file_write("/sys/kernel/mm/ksm/run", on ? "1" : "0");
}

static int teardown(void **state)
{
	board->over = true;
	set_sleeplessness(false);
	test_teardown(state);
	munmap(board, PAGE);
	return 0;
}

/* What @d takes, in the target. */
static void prepare_memory(const struct disturbance *d)
{
	struct memory memory = {
		.align = d->huge || d->whole_tables ? huge_page_size() : 0,
		.huge = d->huge,
	};

	set_sleeplessness(true);
	board->alike = d->alike;
	if (worker_call(target, make_memory, &memory, sizeof(memory)))
		skip_because("the kernel has no transparent huge pages");
}

static uint64_t address_of(size_t page, int word)
{
	return (uintptr_t)page_at(page) + word * sizeof(uint64_t);
}

/* A page that must have kept its value has the one before. */
static uint64_t written[PAGES], seen[PAGES][WORDS];

static void note_write(const struct disturbance *d, size_t i, int64_t result, uint64_t value)
{
	if (result == 8)
		written[i] = value;
	else if (!d->writes_may_fail || result != -EIO)
		fail_msg("a write to page %zu: %lld", i, (long long)result);
}

/* By a batch, by single writes, by atomic operations: in turns. */
static void write_ours(const struct disturbance *d, uint64_t value)
{
	struct memrw_segment segments[PAGES];

	for (size_t i = 0; i < PAGES; i++)
		segments[i] = segment(address_of(i, OURS), &value, 8);
	if (value % 3 == 0) {
		assert_int_equal(session_writev(session, segments, PAGES, 0), PAGES);
	} else {
		for (size_t i = 0; i < PAGES; i++) {
			struct memrw_atomic store = { .address = segments[i].address, .width = 8,
						      .op = MEMRW_ATOMIC_EXCHANGE,
						      .operand = value };

			segments[i].result = value % 3 == 1 ?
				session_pwrite(session, store.address, &value, 8) :
				session_atomic(session, store, NULL) ?: 8;
		}
	}
	for (size_t i = 0; i < PAGES; i++)
		note_write(d, i, segments[i].result, value);
}

static void assert_words(size_t i, const uint64_t *words)
{
	if (words[OURS] != written[i])
		fail_msg("page %zu: %#lx was written, %#lx read", i, written[i], words[OURS]);
	if (words[TAG] != tag_of(i))
		fail_msg("page %zu: tag %#lx", i, words[TAG]);
	if (words[ITS] < seen[i][ITS])
		fail_msg("page %zu: the count went back from %lu to %lu", i, seen[i][ITS],
			 words[ITS]);
	memcpy(seen[i], words, sizeof(seen[i]));
}

static void read_all(uint64_t words[PAGES][WORDS], unsigned int how)
{
	struct memrw_segment segments[PAGES * WORDS];

	for (size_t i = 0; i < PAGES * WORDS; i++)
		segments[i] = segment(address_of(i / WORDS, i % WORDS),
				      &words[i / WORDS][i % WORDS], 8);
	if (how % 2) {
		assert_int_equal(session_readv(session, segments, PAGES * WORDS, 0),
				 PAGES * WORDS);
		for (size_t i = 0; i < PAGES * WORDS; i++)
			assert_int_equal(segments[i].result, 8);
		return;
	}
	for (size_t i = 0; i < PAGES * WORDS; i++)
		assert_int_equal(session_pread(session, segments[i].address,
					       (void *)(uintptr_t)segments[i].buffer, 8), 8);
}

/* All at once: what is large takes another way. */
static void read_large(uint64_t words[PAGES][WORDS])
{
	static uint8_t memory[PAGES * PAGE_MAX];

	assert_int_equal(session_pread(session, (uintptr_t)board->memory, memory, PAGES * PAGE),
			 PAGES * PAGE);
	for (size_t i = 0; i < PAGES; i++)
		memcpy(words[i], memory + i * PAGE, sizeof(words[i]));
}

static void read_by_kernel(uint64_t words[PAGES][WORDS])
{
	for (size_t i = 0; i < PAGES; i++)
		assert_int_equal(reference_read(worker_pid(target), address_of(i, 0), words[i],
						sizeof(words[i])), sizeof(words[i]));
}

static void race_once(const struct disturbance *d, unsigned int round)
{
	uint64_t words[PAGES][WORDS];

	write_ours(d, round);
	if (round % 4 == 0)
		read_by_kernel(words);
	else if (round % 4 == 1)
		read_large(words);
	else
		read_all(words, round);
	for (size_t i = 0; i < PAGES; i++)
		assert_words(i, words[i]);
}

static void nothing_is_lost(void **state)
{
	const struct disturbance *d = *state;
	unsigned int round = 1;
	uint64_t end;
	long result;

	prepare_memory(d);
	memset(written, 0, sizeof(written));
	memset(seen, 0, sizeof(seen));
	worker_send(target, run_target, &d, sizeof(d));
	for (end = now_ms() + RACE_MS * (d->slow ? 2 : 1); now_ms() < end; round++) {
		race_once(d, round);
		if (d->alike)
			sleep_ms(25);
	}
	board->over = true;
	assert_true(worker_wait(target, 10000, NULL, 0, &result));
	note("%u rounds, %lu disturbances, %lu in vain, %lu counts", round, board->disturbances,
	     board->useless, board->counted);
	assert_int_equal(result, 0);
	assert_int_equal(board->differences, 0);
	if (!board->disturbances)
		skip_because("the kernel does none of this");
}

/*
 * Memory that itself goes away: it reads as zeros or as what was there, or is
 * not there (EIO).  The target brings it back in another order, so that what
 * is written to a page that is gone would turn up in another one.
 */

static void bring_back(size_t first, size_t count)
{
	for (size_t i = first + count; i-- > first;)
		page_at(i)->tag = tag_of(i);
}

static bool drop_pages(unsigned int round)
{
	size_t first = round * 8 % PAGES;

	if (madvise(page_at(first), 8 * PAGE, MADV_DONTNEED))
		return false;
	bring_back(first, 8);
	return true;
}

static bool unmap_pages(unsigned int round)
{
	size_t first = round * 8 % PAGES;

	munmap(page_at(first), 8 * PAGE);
	if (mmap(page_at(first), 8 * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != (void *)page_at(first))
		return false;
	bring_back(first, 8);
	return true;
}

/* Whole tables at once: they are freed with what they map. */
static bool unmap_all(unsigned int round)
{
	(void)round;
	munmap(board->memory, board->length);
	if (mmap(board->memory, board->length, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != board->memory)
		return false;
	bring_back(0, PAGES);
	return true;
}

static bool drop_all(unsigned int round)
{
	(void)round;
	if (madvise(board->memory, board->length, MADV_DONTNEED))
		return false;
	bring_back(0, PAGES);
	return true;
}

static const struct disturbance losses[] = {
	{ "madvise_dontneed", .disturb = drop_pages },
	{ "munmap_and_mmap", .disturb = unmap_pages },
	{ "munmap_of_whole_tables", .disturb = unmap_all, .whole_tables = true },
	{ "madvise_dontneed_of_whole_tables", .disturb = drop_all, .whole_tables = true },
	{ "madvise_dontneed_of_huge_pages", .disturb = drop_all, .huge = true },
};

static long run_loser(void *arg)
{
	const struct disturbance *d = *(const struct disturbance **)arg;

	for (unsigned int round = 0; !board->over; round++)
		board->disturbances += d->disturb(round);
	return 0;
}

struct counts {
	unsigned long tags, zeros, holes;
};

static void count_tag(struct counts *counts, size_t i, int64_t result, uint64_t word)
{
	if (result == -EIO)
		counts->holes++;
	else if (result != 8)
		fail_msg("page %zu: %lld", i, (long long)result);
	else if (word == tag_of(i))
		counts->tags++;
	else if (word == 0)
		counts->zeros++;
	else
		fail_msg("page %zu: %#lx is not its tag", i, word);
}

/* @word: the target's own tag, or where the driver has written it. */
static void read_tags(struct counts *counts, int word, unsigned int how)
{
	struct memrw_segment segments[PAGES];
	uint64_t words[PAGES];

	for (size_t i = 0; i < PAGES; i++)
		segments[i] = segment(address_of(i, word), &words[i], 8);
	if (how % 2) {
		assert_int_equal(session_readv(session, segments, PAGES, 0), PAGES);
	} else {
		for (size_t i = 0; i < PAGES; i++)
			segments[i].result = session_pread(session, address_of(i, word), &words[i],
							   8);
	}
	for (size_t i = 0; i < PAGES; i++)
		count_tag(counts, i, segments[i].result, words[i]);
}

/* Into memory that goes: it arrives or it does not, and nobody else gets it. */
static void write_tags(void)
{
	struct memrw_segment segments[PAGES];
	uint64_t tags[PAGES];

	for (size_t i = 0; i < PAGES; i++) {
		tags[i] = tag_of(i);
		segments[i] = segment(address_of(i, OURS), &tags[i], 8);
	}
	assert_int_equal(session_writev(session, segments, PAGES, 0), PAGES);
	for (size_t i = 0; i < PAGES; i++)
		assert_true(segments[i].result == 8 || segments[i].result == -EIO);
}

/* For so long, and on a slow machine until there was something to see. */
static bool goes_on(uint64_t start, const struct counts *counts)
{
	uint64_t passed = now_ms() - start;

	return passed < RACE_MS || (passed < RACE_MS * 10 * patience() &&
				    !(board->disturbances && counts->tags));
}

static void what_goes_reads_as_it_was_or_as_zeros(void **state)
{
	const struct disturbance *d = *state;
	struct counts counts = { 0 };
	uint64_t start;

	prepare_memory(d);
	worker_send(target, run_loser, &d, sizeof(d));
	start = now_ms();
	for (unsigned int round = 0; goes_on(start, &counts); round++) {
		write_tags();
		read_tags(&counts, OURS, round);
		read_tags(&counts, TAG, round);
	}
	board->over = true;
	assert_true(worker_wait(target, 10000, NULL, 0, NULL));
	note("%lu disturbances; %lu tags, %lu zeros, %lu holes", board->disturbances, counts.tags,
	     counts.zeros, counts.holes);
	assert_true(board->disturbances > 0 && counts.tags > 0);
}

static void add(struct test_list *list, CMUnitTestFunction fn, const struct disturbance *d,
		const char *what)
{
	test_list_add(list, fn, (void *)d, "%s_%s", what, d->name);
	list->tests[list->count - 1].setup_func = setup;
	list->tests[list->count - 1].teardown_func = teardown;
}

int main(void)
{
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(disturbances); i++)
		add(&list, nothing_is_lost, &disturbances[i], "nothing_is_lost_in_a_race_with");
	for (size_t i = 0; i < ARRAY_SIZE(losses); i++)
		add(&list, what_goes_reads_as_it_was_or_as_zeros, &losses[i],
		    "what_goes_reads_as_it_was_or_as_zeros_in_a_race_with");
	return test_list_run(&list);
}
