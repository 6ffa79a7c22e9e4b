// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever tracks what is written to the target's memory learns of what is
 * written through the driver, in whatever way: soft-dirty bits, by which a
 * process is checkpointed, and userfaultfd's write protection.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/uffd.h"
#include "lib/worker.h"

#define PAGES		8
#define SOFT_DIRTY	(1ULL << 55)
#define BLOCKED_MS	200	/* so long without an answer counts as blocked */
#define PROMPT_MS	5000	/* so soon counts as promptly, on a slow machine */

static struct worker *target, *caller;
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	caller = worker_start(ROOT);
	return 0;
}

enum way { COMMAND, FILE_OPERATION, BATCH, ATOMIC, LARGE };

struct write {
	int session;
	enum way way;
	uint64_t address;
};

/* Writes 77 to a word, and with LARGE to what is behind it, too. */
static long run_write(void *arg)
{
	const struct write *write = arg;
	uint64_t words[32] = { 77 };
	struct memrw_segment one = segment(write->address, words, 8);
	struct memrw_atomic add = { .address = write->address, .op = MEMRW_ATOMIC_ADD,
				    .width = 8, .operand = 77 };

	switch (write->way) {
	case COMMAND:
		return session_write(write->session, write->address, words, 8, 0);
	case FILE_OPERATION:
		return session_pwrite(write->session, write->address, words, 8);
	case BATCH:
		return session_writev(write->session, &one, 1, 0) == 1 ? one.result : -EPROTO;
	case ATOMIC:
		return session_atomic(write->session, add, NULL) ?: 8;
	default:
		return session_write(write->session, write->address, words, sizeof(words), 0) / 32;
	}
}

static bool is_soft_dirty(uint64_t address)
{
	uint64_t entry = 0;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", worker_pid(target));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, &entry, 8, address / PAGE * 8), 8);
	close(fd);
	return entry & SOFT_DIRTY;
}

static void clear_soft_dirty(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/clear_refs", worker_pid(target));
	assert_int_equal(file_write(path, "4"), 0);
}

/* The memory was written to before, and so is there, and is the target's own. */
static void a_written_page_is_soft_dirty_and_no_other(void **state)
{
	struct write write = { .session = session, .way = *(enum way *)*state };
	uint64_t address = memory_map_pattern(target, PAGES * PAGE, 1);

	memory_advise(target, address, PAGES * PAGE, MADV_NOHUGEPAGE);
	if (!is_soft_dirty(address))
		skip_because("the kernel has no soft-dirty bits");
	clear_soft_dirty();
	assert_false(is_soft_dirty(address + 3 * PAGE));
	write.address = address + 3 * PAGE + 8;
	assert_int_equal(run_write(&write), 8);
	for (int i = 0; i < PAGES; i++)
		assert_int_equal(is_soft_dirty(address + i * PAGE), i == 3);
	/* Again and again. */
	clear_soft_dirty();
	assert_int_equal(run_write(&write), 8);
	assert_true(is_soft_dirty(address + 3 * PAGE));
}

static void a_protected_page_is_written_when_it_is_allowed(void **state)
{
	struct write write = { .session = session, .way = *(enum way *)*state };
	uint64_t address = uffd_map_protected(target, PAGES * PAGE);
	long result = 0;

	write.address = address + PAGE;
	worker_send(caller, run_write, &write, sizeof(write));
	assert_true(uffd_wait_fault(target, PROMPT_MS));
	assert_false(worker_wait(caller, BLOCKED_MS, NULL, 0, NULL));
	assert_int_equal(memory_peek(target, address + PAGE), 0);
	uffd_unprotect(target, address, PAGES * PAGE);
	assert_true(worker_wait(caller, PROMPT_MS, NULL, 0, &result));
	assert_int_equal(result, 8);
	assert_int_equal(memory_peek(target, address + PAGE), 77);
}

static void a_protected_page_is_read_at_once(void **state)
{
	uint64_t address = uffd_map_protected(target, PAGES * PAGE), word = 1;
	struct memrw_segment one = segment(address, &word, 8);

	(void)state;
	assert_int_equal(session_readv(session, &one, 1, 0), 1);
	assert_int_equal(word, 0);
	assert_false(uffd_wait_fault(target, 0));
}

static void add(struct test_list *list, CMUnitTestFunction fn, enum way *way, const char *what,
		const char *how)
{
	test_list_add(list, fn, way, "%s%s", what, how);
	list->tests[list->count - 1].setup_func = setup;
}

int main(void)
{
	static enum way ways[] = { COMMAND, FILE_OPERATION, BATCH, ATOMIC, LARGE };
	static const char * const names[] = { "a_write_command", "pwrite", "a_batch",
					      "an_atomic_operation", "a_large_write" };
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		add(&list, a_written_page_is_soft_dirty_and_no_other, &ways[i],
		    "the_written_page_is_soft_dirty_and_no_other_after_", names[i]);
		add(&list, a_protected_page_is_written_when_it_is_allowed, &ways[i],
		    "a_protected_page_is_written_when_it_is_allowed_by_", names[i]);
	}
	add(&list, a_protected_page_is_read_at_once, NULL, "a_protected_page_is_read_at_once", "");
	return test_list_run(&list);
}
