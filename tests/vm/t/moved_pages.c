// SPDX-License-Identifier: GPL-2.0-only
/*
 * Huge pages of the target that the kernel moves from node to node, again and
 * again: what a session reads there is what the target has there, and what it
 * writes stays.
 */
#include <linux/mempolicy.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/window.h"
#include "lib/worker.h"

#define HUGE_PAGES	16
#define MOVES		300	/* that a test is to see */
#define PATIENCE_MS	60000

static struct worker *target;
static int session;
static uint64_t start, huge;
static unsigned int *moves;
static pid_t mover;

static uint64_t page_at(unsigned int index)
{
	return start + index * huge;
}

/*
 * The mover
 */

static bool move(uint64_t address, int node)
{
	void *page = (void *)address;
	int status = -1;

	return !syscall(SYS_move_pages, worker_pid(target), 1, &page, &node, &status,
			MPOL_MF_MOVE) && status == node;
}

static _Noreturn void keep_moving(void)
{
	for (unsigned int round = 0;; round++) {
		for (unsigned int i = 0; i < HUGE_PAGES; i++) {
			if (move(page_at(i), round % 2))
				__atomic_add_fetch(moves, 1, __ATOMIC_RELAXED);
		}
	}
}

/*
 * The test
 */

static long long huge_bytes(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", worker_pid(target));
	return file_number(path, "AnonHugePages:") * 1024;
}

static void map_huge_pages(void)
{
	huge = huge_page_size();
	file_write("/sys/kernel/mm/transparent_hugepage/enabled", "madvise");
	start = memory_map_anonymous(target, (HUGE_PAGES + 1) * huge);
	start = (start + huge - 1) & -huge;
	if (memory_advise(target, start, HUGE_PAGES * huge, MADV_HUGEPAGE))
		skip_because("the kernel has no transparent huge pages");
	for (unsigned int i = 0; i < HUGE_PAGES; i++)
		memory_poke(target, page_at(i), i + 1);
	if (huge_bytes() < (long long)(HUGE_PAGES * huge))
		skip_because("not as many huge pages are free");
}

static int setup(void **state)
{
	(void)state;
	mover = 0;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	moves = mmap(NULL, sizeof(*moves), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	return moves == MAP_FAILED ? -1 : 0;
}

static int teardown(void **state)
{
	if (mover > 0) {
		kill(mover, SIGKILL);
		waitpid(mover, NULL, 0);
	}
	munmap(moves, sizeof(*moves));
	return test_teardown(state);
}

static void while_pages_move(void (*check)(unsigned int index))
{
	uint64_t end = now_ms() + PATIENCE_MS * patience();

	if (access("/sys/devices/system/node/node1", F_OK))
		skip_because("the machine has one node: vm/run --nodes 2");
	map_huge_pages();
	mover = fork();
	assert_return_code(mover, errno);
	if (!mover)
		keep_moving();
	while (__atomic_load_n(moves, __ATOMIC_RELAXED) < MOVES) {
		assert_true(now_ms() < end);
		for (unsigned int i = 0; i < HUGE_PAGES; i++)
			check(i);
	}
}

static void assert_read(unsigned int index, __u32 flags)
{
	uint64_t word = 0;

	assert_int_equal(session_read(session, page_at(index), &word, sizeof(word), flags),
			 sizeof(word));
	assert_int_equal(word, index + 1);
}

static void check_read(unsigned int index)
{
	assert_read(index, 0);
}

static void check_no_populate(unsigned int index)
{
	assert_read(index, MEMRW_NO_POPULATE);
}

static void check_write(unsigned int index)
{
	static uint64_t written[HUGE_PAGES];
	uint64_t address = page_at(index) + PAGE, word = 0;

	written[index]++;
	assert_int_equal(session_write(session, address, &written[index], sizeof(word), 0),
			 sizeof(word));
	assert_int_equal(session_read(session, address, &word, sizeof(word), 0), sizeof(word));
	assert_int_equal(word, written[index]);
}

/* One that the window is on from the first time, and others that are new each time. */
static void check_window(unsigned int index)
{
	static uint8_t *first;
	uint8_t *window = window_map(session, page_at(index), PAGE, PROT_READ | PROT_WRITE);

	assert_int_equal(window_peek(window), index + 1);
	assert_true(window_store(window + 8, *moves));
	assert_int_equal(memory_peek(target, page_at(index) + 8), window_peek(window + 8));
	if (index) {
		munmap(window, PAGE);
	} else if (!first) {
		first = window;
	} else {
		assert_int_equal(window_sync(session, first, PAGE, 0, NULL), 0);
		assert_int_equal(window_peek(first + 8), window_peek(window + 8));
		munmap(window, PAGE);
	}
}

static void what_a_window_shows_is_the_targets_while_it_is_moved(void **state)
{
	(void)state;
	while_pages_move(check_window);
}

static void a_huge_page_is_read_while_it_is_moved(void **state)
{
	(void)state;
	while_pages_move(check_read);
}

static void a_huge_page_that_is_being_moved_is_no_hole(void **state)
{
	(void)state;
	while_pages_move(check_no_populate);
}

static void a_huge_page_is_written_to_while_it_is_moved(void **state)
{
	(void)state;
	while_pages_move(check_write);
}

#define with_mover(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		with_mover(a_huge_page_is_read_while_it_is_moved),
		with_mover(a_huge_page_that_is_being_moved_is_no_hole),
		with_mover(a_huge_page_is_written_to_while_it_is_moved),
		with_mover(what_a_window_shows_is_the_targets_while_it_is_moved),
	};

	return run_behaviours(tests);
}
