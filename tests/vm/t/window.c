// SPDX-License-Identifier: GPL-2.0-only
/* Windows: the target's pages, seen and changed by plain loads and stores. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/window.h"
#include "lib/worker.h"

#define RW (PROT_READ | PROT_WRITE)

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ	22
#define MADV_POPULATE_WRITE	23
#endif

static struct worker *target;
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

/*
 * Seeing and changing
 */

static void what_the_target_stores_is_seen_at_once(void **state)
{
	uint64_t address = memory_map_pattern(target, 4 * PAGE, 1);
	uint8_t *window = window_map(session, address, 4 * PAGE, PROT_READ);

	(void)state;
	assert_true(pattern_matches(window, 4 * PAGE, 0, 1));
	for (uint64_t i = 1; i <= 100; i++) {
		memory_poke(target, address + 3 * PAGE + 8, i);
		assert_int_equal(*(volatile uint64_t *)(window + 3 * PAGE + 8), i);
	}
	munmap(window, 4 * PAGE);
}

static void what_is_stored_the_target_sees_at_once(void **state)
{
	uint64_t address = memory_map_pattern(target, 4 * PAGE, 1);
	uint8_t *window = window_map(session, address, 4 * PAGE, RW);

	(void)state;
	for (uint64_t i = 1; i <= 100; i++) {
		*(volatile uint64_t *)(window + PAGE) = i;
		assert_int_equal(memory_peek(target, address + PAGE), i);
	}
	/* One that was read first. */
	assert_true(pattern_matches(window, PAGE, 0, 1));
	assert_true(window_store(window, 4711));
	assert_int_equal(memory_peek(target, address), 4711);
	munmap(window, 4 * PAGE);
	assert_int_equal(memory_peek(target, address), 4711);
}

static void memory_that_processes_share_is_shared_with_the_window(void **state)
{
	uint64_t address = memory_map(target, 0, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint8_t *window = window_map(session, address, 2 * PAGE, RW);

	(void)state;
	memory_poke(target, address + PAGE, 42);
	assert_int_equal(window_peek(window + PAGE), 42);
	assert_true(window_store(window, 43));
	assert_int_equal(memory_peek(target, address), 43);
	munmap(window, 2 * PAGE);
}

static void a_window_of_64_mib_shows_all_of_it(void **state)
{
	size_t length = 64 * MIB;
	uint64_t address = memory_map_pattern(target, length, 7);
	uint8_t *window = window_map(session, address, length, PROT_READ);

	(void)state;
	assert_true(pattern_matches(window, length, 0, 7));
	assert_int_equal(window_pinned(), length);
	munmap(window, length);
	assert_int_equal(window_pinned(), 0);
}

static void huge_pages_are_seen_and_changed(void **state)
{
	size_t huge = huge_page_size();
	uint64_t area = memory_map_anonymous(target, 3 * huge);
	uint64_t address = (area + huge - 1) / huge * huge;
	uint8_t *window;

	(void)state;
	memory_advise(target, address, huge, MADV_HUGEPAGE);
	memory_fill(target, address, huge, 3);
	window = window_map(session, address, huge, RW);
	assert_true(pattern_matches(window, huge, 0, 3));
	assert_true(window_store(window + huge - 8, 99));
	assert_int_equal(memory_peek(target, address + huge - 8), 99);
	munmap(window, huge);
}

static void mapping_populated_pins_all_at_once(void **state)
{
	uint64_t address = memory_map_pattern(target, 100 * PAGE, 1);
	int64_t window;

	(void)state;
	if (!kernel_at_least(5, 18))
		skip_because("windows are not populated by this kernel");
	window = window_try(session, address, 100 * PAGE, PROT_READ, MAP_POPULATE);
	assert_true(window > 0);
	assert_int_equal(window_pinned(), 100 * PAGE);
	munmap((void *)(intptr_t)window, 100 * PAGE);
}

static void advice_populates_for_reading_and_for_writing(void **state)
{
	uint64_t address = memory_map_pattern(target, 10 * PAGE, 1);
	uint8_t *window;

	(void)state;
	if (!kernel_at_least(5, 18))
		skip_because("windows are not populated by this kernel");
	window = window_map(session, address, 10 * PAGE, RW);
	assert_int_equal(madvise(window, 5 * PAGE, MADV_POPULATE_READ), 0);
	assert_int_equal(madvise(window + 5 * PAGE, 5 * PAGE, MADV_POPULATE_WRITE), 0);
	assert_int_equal(window_pinned(), 10 * PAGE);
	assert_true(pattern_matches(window, 10 * PAGE, 0, 1));
	/* What the target has not got is told. */
	munmap(window, 10 * PAGE);
	assert_int_equal(memory_unmap(target, address + 5 * PAGE, PAGE), 0);
	window = window_map(session, address, 10 * PAGE, RW);
	assert_int_equal(madvise(window, 10 * PAGE, MADV_POPULATE_READ), -1);
	assert_int_equal(errno, EFAULT);
	munmap(window, 10 * PAGE);
}

static void storing_to_a_page_leaves_those_behind_it_alone(void **state)
{
	uint64_t address = memory_map_anonymous(target, 8 * PAGE);
	uint8_t *window = window_map(session, address, 8 * PAGE, RW);

	(void)state;
	assert_true(window_store(window + 2 * PAGE, 1));
	assert_int_equal(window_pinned(), PAGE);
	munmap(window, 8 * PAGE);
}

static void a_page_that_is_touched_is_pinned_and_those_behind_it(void **state)
{
	uint64_t address = memory_map_pattern(target, 100 * PAGE, 1);
	uint8_t *window = window_map(session, address, 100 * PAGE, PROT_READ);

	(void)state;
	assert_int_equal(window_pinned(), 0);
	window_peek(window + 50 * PAGE);
	assert_in_range(window_pinned(), PAGE, 50 * PAGE);
	munmap(window, 100 * PAGE);
}

/*
 * What the target does not have
 */

static void only_a_page_that_the_target_has_not_got_ends_in_sigbus(void **state)
{
	uint64_t address = memory_map_pattern(target, 3 * PAGE, 1);
	uint8_t *window = window_map(session, address, 3 * PAGE, RW);
	uint64_t value;

	(void)state;
	assert_int_equal(memory_unmap(target, address + PAGE, PAGE), 0);
	for (int i = 0; i < 3; i++) {
		assert_true(window_load(window, &value));
		assert_false(window_load(window + PAGE, &value));
		assert_false(window_store(window + PAGE, 1));
		assert_true(window_load(window + 2 * PAGE, &value));
	}
	/* There again: it is seen without more. */
	memory_map(target, address + PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memory_poke(target, address + PAGE, 5);
	assert_int_equal(window_peek(window + PAGE), 5);
	munmap(window, 3 * PAGE);
}

static void memory_that_is_no_memory_ends_in_sigbus(void **state)
{
	struct worker *other = worker_start(ROOT);
	int to_other = session_open_bound(worker_pid(other));
	uint64_t value;
	void *window;

	(void)state;
	/* Not mapped at all. */
	window = window_map(to_other, PAGE, PAGE, RW);
	assert_false(window_load(window, &value));
	assert_false(window_store(window, 1));
	munmap(window, PAGE);
}

static void a_page_that_the_target_may_not_read_ends_in_sigbus(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	void *window = window_map(session, address, PAGE, PROT_READ);
	uint64_t value;

	(void)state;
	memory_protect(target, address, PAGE, PROT_NONE);
	assert_false(window_load(window, &value));
	memory_protect(target, address, PAGE, PROT_READ);
	assert_true(window_load(window, &value));
	munmap(window, PAGE);
}

static void a_page_that_the_target_may_only_write_is_not_shown(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1), value;
	void *window = window_map(session, address, PAGE, RW);

	(void)state;
	memory_protect(target, address, PAGE, PROT_WRITE);
	assert_false(window_load(window, &value));
	assert_false(window_store(window, 1));
	memory_protect(target, address, PAGE, RW);
	assert_true(window_load(window, &value));
	munmap(window, PAGE);
}

static void a_page_that_the_target_may_not_write_is_not_written(void **state)
{
	uint64_t address = memory_map_pattern(target, 2 * PAGE, 1);
	uint8_t *window = window_map(session, address, 2 * PAGE, RW);

	(void)state;
	memory_protect(target, address, 2 * PAGE, PROT_READ);
	/* One that was read before, and one that was not. */
	assert_true(pattern_matches(window, PAGE, 0, 1));
	assert_false(window_store(window, 1));
	assert_false(window_store(window + PAGE, 1));
	assert_true(memory_matches(target, address, 2 * PAGE, 1));
	memory_protect(target, address, 2 * PAGE, RW);
	assert_true(window_store(window, 1));
	assert_true(window_store(window + PAGE, 1));
	munmap(window, 2 * PAGE);
}

/* A page of a file in @directory. */
static uint64_t map_shared_file(const char *directory, int prot)
{
	char path[64];
	uint64_t address;
	int fd;

	snprintf(path, sizeof(path), "%s/window-XXXXXX", directory);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(ftruncate(fd, PAGE), 0);
	assert_int_equal(pwrite(fd, "file", 4, 0), 4);
	/* A worker that is forked now has the descriptor. */
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	address = memory_map(target, 0, PAGE, prot, MAP_SHARED, fd, 0);
	close(fd);
	return address;
}

static void a_read_only_page_of_a_shared_file_is_never_written(void **state)
{
	uint64_t address = map_shared_file("/tmp", PROT_READ);
	uint8_t *window;
	int forced;

	(void)state;
	window = window_map(session, address, PAGE, RW);
	assert_memory_equal(window, "file", 4);
	assert_false(window_store(window, 1));
	munmap(window, PAGE);
	forced = session_open(O_RDWR);
	assert_int_equal(session_bind_flags(forced, worker_pid(target), MEMRW_FORCE), 0);
	window = window_map(forced, address, PAGE, RW);
	assert_false(window_store(window, 1));
	assert_memory_equal(window, "file", 4);
	munmap(window, PAGE);
}

static void a_page_of_a_file_is_written_where_it_is_memory_alone(void **state)
{
	char directory[] = "/tmp/ramfs-XXXXXX";
	uint64_t address = map_shared_file("/tmp", RW);
	uint8_t *window = window_map(session, address, PAGE, RW);

	(void)state;
	assert_true(window_store(window, 1));
	assert_int_equal(memory_peek(target, address), 1);
	munmap(window, PAGE);

	/* No filesystem learns of such a store that would have to write it to a disk. */
	assert_non_null(mkdtemp(directory));
	assert_int_equal(mount("none", directory, "ramfs", 0, NULL), 0);
	address = map_shared_file(directory, RW);
	window = window_map(session, address, PAGE, RW);
	assert_memory_equal(window, "file", 4);
	assert_false(window_store(window, 1));
	memory_poke(target, address, 2);
	assert_int_equal(window_peek(window), 2);
	munmap(window, PAGE);
	workers_stop();
	umount(directory);
	rmdir(directory);
}

static void force_gives_the_target_its_own_copy_of_a_read_only_page(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	int forced = session_open(O_RDWR);
	uint8_t *window;

	(void)state;
	memory_protect(target, address, PAGE, PROT_READ);
	assert_int_equal(session_bind_flags(forced, worker_pid(target), MEMRW_FORCE), 0);
	window = window_map(forced, address, PAGE, RW);
	assert_true(window_store(window, 4711));
	assert_int_equal(memory_peek(target, address), 4711);
	munmap(window, PAGE);
}

static void what_was_never_touched_stays_so_with_no_populate(void **state)
{
	uint64_t address = memory_map_anonymous(target, 4 * PAGE);
	int sparse = session_open(O_RDWR);
	uint8_t *window;
	uint64_t value;

	(void)state;
	assert_int_equal(session_bind_flags(sparse, worker_pid(target), MEMRW_NO_POPULATE), 0);
	memory_poke(target, address, 1);
	window = window_map(sparse, address, 4 * PAGE, PROT_READ);
	assert_int_equal(window_peek(window), 1);
	assert_false(window_load(window + PAGE, &value));
	memory_poke(target, address + PAGE, 2);
	assert_int_equal(window_peek(window + PAGE), 2);
	munmap(window, 4 * PAGE);
	/* Without, it is zero. */
	window = window_map(session, address, 4 * PAGE, PROT_READ);
	assert_int_equal(window_peek(window + 3 * PAGE), 0);
	memory_poke(target, address + 3 * PAGE, 3);
	munmap(window, 4 * PAGE);
}

/*
 * Who may have one, and for what
 */

static void a_descriptor_for_reading_gives_windows_to_read(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	int reader = session_open(O_RDONLY);
	uint8_t *window;

	(void)state;
	assert_int_equal(session_bind(reader, worker_pid(target)), 0);
	assert_int_equal(window_try(reader, address, PAGE, RW, 0), -EACCES);
	window = window_map(reader, address, PAGE, PROT_READ);
	assert_true(pattern_matches(window, PAGE, 0, 1));
	assert_int_equal(mprotect(window, PAGE, RW), -1);
	assert_int_equal(errno, EACCES);
	munmap(window, PAGE);
}

static void a_descriptor_for_writing_alone_gives_none(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	int writer = session_open(O_WRONLY);

	(void)state;
	assert_int_equal(session_bind(writer, worker_pid(target)), 0);
	assert_int_equal(window_try(writer, address, PAGE, PROT_WRITE, 0), -EACCES);
	assert_int_equal(window_try(writer, address, PAGE, PROT_READ, 0), -EACCES);
}

static void there_is_none_without_a_target(void **state)
{
	int unbound = session_open(O_RDWR);

	(void)state;
	assert_int_equal(window_try(unbound, PAGE, PAGE, PROT_READ, 0), -EBADFD);
	worker_kill(target, 9, 5000);
	assert_int_equal(window_try(session, PAGE, PAGE, PROT_READ, 0), -ESRCH);
}

static void private_and_executable_ones_are_refused(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	void *window = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, session, (off_t)address);

	(void)state;
	assert_ptr_equal(window, MAP_FAILED);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(window_try(session, address, PAGE, PROT_READ | PROT_EXEC, 0), -EINVAL);
	window = window_map(session, address, PAGE, PROT_READ);
	assert_int_equal(mprotect(window, PAGE, PROT_READ | PROT_EXEC), -1);
	assert_int_equal(errno, EACCES);
	munmap(window, PAGE);
}

/*
 * What it costs
 */

static void pinned_pages_are_charged_and_returned_exactly(void **state)
{
	uint64_t address = memory_map_pattern(target, 64 * PAGE, 1);
	uint8_t *window = window_map(session, address, 64 * PAGE, RW);
	long long pinned = pinned_pages();

	(void)state;
	assert_int_equal(window_pinned(), 0);
	assert_true(pattern_matches(window, 64 * PAGE, 0, 1));
	assert_int_equal(window_pinned(), 64 * PAGE);
	assert_int_equal(pinned_pages() - pinned, 64);
	/* For writing it is the same one. */
	for (size_t i = 0; i < 64; i++)
		window[i * PAGE] = 1;
	assert_int_equal(window_pinned(), 64 * PAGE);
	assert_int_equal(pinned_pages() - pinned, 64);
	munmap(window + 16 * PAGE, 16 * PAGE);
	assert_int_equal(window_pinned(), 48 * PAGE);
	munmap(window, 64 * PAGE);
	assert_int_equal(window_pinned(), 0);
	assert_int_equal(pinned_pages(), pinned);
}

struct place {
	pid_t pid;
	uint64_t address;
};

/* The number of what was not as it has to be. */
static long map_over_limit(void *arg)
{
	const struct place *place = arg;
	struct rlimit limit = { 8 * PAGE, 8 * PAGE };
	uint8_t *window, *second;
	uint64_t value;
	int fd = open(MEMRW_NODE, O_RDWR);

	if (fd < 0 || session_bind(fd, place->pid) || setrlimit(RLIMIT_MEMLOCK, &limit))
		return 1;
	if (window_try(fd, place->address, 9 * PAGE, PROT_READ, 0) != -EAGAIN)
		return 2;
	window = window_map(fd, place->address, 8 * PAGE, PROT_READ);
	second = window_map(fd, place->address, 8 * PAGE, PROT_READ);
	for (size_t i = 0; i < 8; i++)
		if (!window_load(window + i * PAGE, &value))
			return 3;
	/* There was room for it, but is not any more. */
	if (window_load(second, &value))
		return 4;
	if (window_try(fd, place->address, PAGE, PROT_READ, 0) != -EAGAIN)
		return 5;
	munmap(window, 8 * PAGE);
	return window_load(second, &value) ? 0 : 6;
}

static void a_window_over_the_limit_of_locked_memory_is_refused(void **state)
{
	struct worker *of_member = worker_start(MEMBER), *caller = worker_start(MEMBER);
	struct place place = {
		.pid = worker_pid(of_member),
		.address = memory_map_pattern(of_member, 16 * PAGE, 1),
	};

	(void)state;
	assert_int_equal(worker_call(caller, map_over_limit, &place, sizeof(place)), 0);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(what_the_target_stores_is_seen_at_once),
		on_target(what_is_stored_the_target_sees_at_once),
		on_target(memory_that_processes_share_is_shared_with_the_window),
		on_target(a_window_of_64_mib_shows_all_of_it),
		on_target(huge_pages_are_seen_and_changed),
		on_target(mapping_populated_pins_all_at_once),
		on_target(advice_populates_for_reading_and_for_writing),
		on_target(storing_to_a_page_leaves_those_behind_it_alone),
		on_target(a_page_that_is_touched_is_pinned_and_those_behind_it),
		on_target(only_a_page_that_the_target_has_not_got_ends_in_sigbus),
		on_target(memory_that_is_no_memory_ends_in_sigbus),
		on_target(a_page_that_the_target_may_not_read_ends_in_sigbus),
		on_target(a_page_that_the_target_may_only_write_is_not_shown),
		on_target(a_page_that_the_target_may_not_write_is_not_written),
		on_target(a_read_only_page_of_a_shared_file_is_never_written),
		on_target(a_page_of_a_file_is_written_where_it_is_memory_alone),
		on_target(force_gives_the_target_its_own_copy_of_a_read_only_page),
		on_target(what_was_never_touched_stays_so_with_no_populate),
		on_target(a_descriptor_for_reading_gives_windows_to_read),
		on_target(a_descriptor_for_writing_alone_gives_none),
		on_target(there_is_none_without_a_target),
		on_target(private_and_executable_ones_are_refused),
		on_target(pinned_pages_are_charged_and_returned_exactly),
		on_target(a_window_over_the_limit_of_locked_memory_is_refused),
	};

	return run_behaviours(tests);
}
