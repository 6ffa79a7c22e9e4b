// SPDX-License-Identifier: GPL-2.0-only
/* Flags of preadv2(2) and of open(2) that a file can heed and memory cannot. */
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

static struct worker *target;
static uint64_t address;
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, PAGE, 1);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static int64_t read_with(int fd, uint64_t *word, int flags)
{
	struct iovec part = { word, sizeof(*word) };
	ssize_t n = preadv2(fd, &part, 1, address, flags);

	return n < 0 ? -errno : n;
}

static int64_t write_with(int fd, uint64_t word, int flags)
{
	struct iovec part = { &word, sizeof(word) };
	ssize_t n = pwritev2(fd, &part, 1, address, flags);

	return n < 0 ? -errno : n;
}

static void without_flags_both_work(void **state)
{
	uint64_t word = 0;

	(void)state;
	assert_int_equal(write_with(session, 77, 0), 8);
	assert_int_equal(read_with(session, &word, 0), 8);
	assert_int_equal(word, 77);
}

static void without_an_offset_they_move_on(void **state)
{
	uint64_t words[2] = { 0 };
	struct iovec part = { words, sizeof(words) };

	(void)state;
	lseek(session, address, SEEK_SET);
	assert_int_equal(preadv2(session, &part, 1, -1, 0), 16);
	assert_true(pattern_matches(words, 16, 0, 1));
	assert_int_equal(pwritev2(session, &part, 1, -1, 0), 16);
	assert_int_equal(memory_peek(target, address + 16), words[0]);
	assert_int_equal(lseek(session, 0, SEEK_CUR), address + 32);
}

static void a_flag_is_eopnotsupp(void **state)
{
	int flag = *(int *)*state;
	uint64_t word = 5;

	assert_int_equal(read_with(session, &word, flag), -EOPNOTSUPP);
	assert_int_equal(word, 5);
	assert_int_equal(write_with(session, 6, flag), -EOPNOTSUPP);
	assert_true(memory_matches(target, address, PAGE, 1));
}

/* As those of any device, they are passed over. */
static void assert_descriptor_works(int fd)
{
	uint64_t word = 0;

	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	assert_int_equal(write_with(fd, 1, 0), 8);
	assert_int_equal(memory_peek(target, address), 1);
	assert_int_equal(read_with(fd, &word, 0), 8);
	assert_int_equal(word, 1);
	word = 2;
	assert_int_equal(session_pwrite(fd, address, &word, 8), 8);
	assert_int_equal(memory_peek(target, address), 2);
	word = 0;
	assert_int_equal(session_pread(fd, address, &word, 8), 8);
	assert_int_equal(word, 2);
	word = 3;
	assert_int_equal(lseek(fd, address, SEEK_SET), address);
	assert_int_equal(write(fd, &word, 8), 8);
	assert_int_equal(memory_peek(target, address), 3);
}

static void a_descriptor_opened_with_a_flag_works(void **state)
{
	assert_descriptor_works(session_open(O_RDWR | *(int *)*state));
}

static void a_descriptor_that_becomes_append_works(void **state)
{
	int fd = session_open(O_RDWR);

	(void)state;
	assert_return_code(fcntl(fd, F_SETFL, O_APPEND), errno);
	assert_descriptor_works(fd);
}

/* Another flag than the descriptor's own is refused nevertheless. */
static void append_descriptor_refuses_sync(void **state)
{
	int fd = session_open(O_RDWR | O_APPEND);

	(void)state;
	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	assert_int_equal(write_with(fd, 1, RWF_SYNC), -EOPNOTSUPP);
}

static int64_t read_now(uint64_t from, void *buffer, size_t length)
{
	struct iovec part = { buffer, length };
	ssize_t n = preadv2(session, &part, 1, from, RWF_NOWAIT);

	return n < 0 ? -errno : n;
}

static void what_is_there_is_moved_at_once(void **state)
{
	uint8_t *bytes = malloc(PAGE);

	(void)state;
	assert_int_equal(read_now(address, bytes, PAGE), PAGE);
	assert_true(pattern_matches(bytes, PAGE, 0, 1));
	assert_int_equal(write_with(session, 9, RWF_NOWAIT), 8);
	assert_int_equal(memory_peek(target, address), 9);
	free(bytes);
}

/* A word, a page, and what begins with one that is there. */
static void what_was_never_touched_is_not_waited_for(void **state)
{
	uint64_t untouched = memory_map_anonymous(target, 2 * PAGE), word;
	uint8_t *bytes = malloc(2 * PAGE);

	(void)state;
	assert_int_equal(read_now(untouched, &word, sizeof(word)), -EAGAIN);
	assert_int_equal(read_now(untouched, bytes, 2 * PAGE), -EAGAIN);
	memory_poke(target, untouched, 1);
	assert_int_equal(read_now(untouched, bytes, 2 * PAGE), -EAGAIN);
	assert_int_equal(session_pread(session, untouched, bytes, 2 * PAGE), 2 * PAGE);
	free(bytes);
}

static void a_hole_is_no_wait(void **state)
{
	uint64_t hole = memory_map_anonymous(target, PAGE), word;

	(void)state;
	memory_unmap(target, hole, PAGE);
	assert_int_equal(read_now(hole, &word, sizeof(word)), -EIO);
}

static void direct_is_refused_by_open(void **state)
{
	(void)state;
	errno = 0;
	assert_int_equal(open(MEMRW_NODE, O_RDWR | O_DIRECT), -1);
	assert_int_equal(errno, EINVAL);
}

struct flag {
	const char *name;
	int value;
};

static struct flag refused[] = {
	{ "rwf_hipri", RWF_HIPRI },   { "rwf_dsync", RWF_DSYNC },   { "rwf_sync", RWF_SYNC },
	{ "rwf_append", RWF_APPEND }, { "an_unknown_flag", 1 << 30 },
};

static struct flag passed_over[] = {
	{ "o_append", O_APPEND },     { "o_sync", O_SYNC }, { "o_dsync", O_DSYNC },
	{ "o_nonblock", O_NONBLOCK },
};

static void add(struct test_list *list, CMUnitTestFunction fn, int *flag, const char *name,
		const char *how)
{
	test_list_add(list, fn, flag, "%s_%s", name, how);
	list->tests[list->count - 1].setup_func = setup;
}

int main(void)
{
	struct test_list list = { 0 };

	add(&list, without_flags_both_work, NULL, "no_flag", "works");
	add(&list, without_an_offset_they_move_on, NULL, "no_offset", "is_the_descriptors_own");
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		add(&list, a_flag_is_eopnotsupp, &refused[i].value, refused[i].name,
		    "is_eopnotsupp");
	for (size_t i = 0; i < ARRAY_SIZE(passed_over); i++)
		add(&list, a_descriptor_opened_with_a_flag_works, &passed_over[i].value,
		    passed_over[i].name, "is_passed_over");
	add(&list, a_descriptor_that_becomes_append_works, NULL, "o_append_by_fcntl",
	    "is_passed_over");
	add(&list, append_descriptor_refuses_sync, NULL, "o_append_with_rwf_sync",
	    "is_eopnotsupp");
	add(&list, what_is_there_is_moved_at_once, NULL, "rwf_nowait", "moves_what_is_there");
	add(&list, what_was_never_touched_is_not_waited_for, NULL, "rwf_nowait",
	    "is_eagain_for_what_was_never_touched");
	add(&list, a_hole_is_no_wait, NULL, "rwf_nowait", "is_eio_in_a_hole");
	add(&list, direct_is_refused_by_open, NULL, "o_direct", "is_einval");
	return test_list_run(&list);
}
