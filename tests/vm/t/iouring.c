// SPDX-License-Identifier: GPL-2.0-only
/* Many requests at once through an io_uring: each is answered as pread(2) would be. */
#include <fcntl.h>
#include <liburing.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/uffd.h"
#include "lib/worker.h"

#define DEPTH		256
#define LENGTH		2048	/* bytes, of the longest request */
#define PAGES		64
#define PROMPT_MS	5000	/* so soon counts as promptly, on a slow machine */

static struct worker *target;
static uint64_t address;	/* PAGES pages of pattern 1 */
static struct io_uring ring;
static bool ring_is_open;
static int session;
static uint8_t (*buffers)[LENGTH];	/* of each request */

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, PAGES * PAGE, 1);
	session = session_open_bound(worker_pid(target));
	buffers = mmap(NULL, DEPTH * LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	if (buffers == MAP_FAILED)
		return -1;
	/* Some kernels have it switched off until root says otherwise. */
	file_write("/proc/sys/kernel/io_uring_disabled", "0");
	return 0;
}

static int teardown(void **state)
{
	if (ring_is_open)
		io_uring_queue_exit(&ring);
	ring_is_open = false;
	munmap(buffers, DEPTH * LENGTH);
	return test_teardown(state);
}

static void open_ring(unsigned int flags)
{
	int error = io_uring_queue_init(DEPTH, &ring, flags);

	if (error)
		skip_because("io_uring: %s", strerror(-error));
	ring_is_open = true;
}

static struct io_uring_sqe *request(void)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);

	assert_non_null(sqe);
	return sqe;
}

/* After the request is prepared, which may clear it. */
static void set_id(struct io_uring_sqe *sqe, uint64_t id)
{
	sqe->user_data = id;
}

/* Waits for @count answers: each is put at the index that its request has. */
static void collect(unsigned int count, int *results)
{
	for (unsigned int i = 0; i < count; i++) {
		struct io_uring_cqe *cqe;

		assert_int_equal(io_uring_wait_cqe(&ring, &cqe), 0);
		results[cqe->user_data] = cqe->res;
		io_uring_cqe_seen(&ring, cqe);
	}
}

/* All requests are submitted together. */
static void run(unsigned int count, int *results)
{
	assert_int_equal(io_uring_submit(&ring), count);
	collect(count, results);
}

static int run_one(void)
{
	int result = 0;

	run(1, &result);
	return result;
}

/*
 * The requests of a full queue: lengths from 1 to LENGTH, at any alignment; some
 * go across the end of a page.
 */

static size_t length_of(unsigned int i)
{
	return i % 8 == 0 ? 8 : 1 + i * 97 % LENGTH;
}

static size_t offset_of(unsigned int i)
{
	return i % 8 == 0 ? i * 8 : (i * 1019 + i) % (PAGES * PAGE - LENGTH);
}

static void prepare_reads(unsigned int flags)
{
	for (unsigned int i = 0; i < DEPTH; i++) {
		struct io_uring_sqe *sqe = request();

		io_uring_prep_read(sqe, session, buffers[i], length_of(i), address + offset_of(i));
		sqe->flags |= flags;
		set_id(sqe, i);
	}
}

static void assert_reads(const int *results)
{
	uint8_t expected[LENGTH];

	for (unsigned int i = 0; i < DEPTH; i++) {
		assert_int_equal(results[i], length_of(i));
		assert_int_equal(session_pread(session, address + offset_of(i), expected,
					       length_of(i)), length_of(i));
		assert_memory_equal(buffers[i], expected, length_of(i));
	}
}

static void a_queue_of_reads_is_answered(void **state)
{
	int results[DEPTH];

	(void)state;
	open_ring(0);
	prepare_reads(0);
	run(DEPTH, results);
	assert_reads(results);
}

/* By the kernel's own threads. */
static void a_queue_of_asynchronous_reads_is_answered(void **state)
{
	int results[DEPTH];

	(void)state;
	open_ring(0);
	prepare_reads(IOSQE_ASYNC);
	run(DEPTH, results);
	assert_reads(results);
}

static void a_queue_that_the_kernel_polls_is_answered(void **state)
{
	int results[DEPTH];

	(void)state;
	open_ring(IORING_SETUP_SQPOLL);
	/* Before Linux 5.11 it takes registered files alone. */
	assert_int_equal(io_uring_register_files(&ring, &session, 1), 0);
	for (unsigned int i = 0; i < DEPTH; i++) {
		struct io_uring_sqe *sqe = request();

		io_uring_prep_read(sqe, 0, buffers[i], length_of(i), address + offset_of(i));
		sqe->flags |= IOSQE_FIXED_FILE;
		set_id(sqe, i);
	}
	assert_true(io_uring_submit(&ring) >= 0);
	collect(DEPTH, results);
	assert_reads(results);
}

static void register_buffers(void)
{
	struct iovec whole = { buffers, DEPTH * LENGTH };
	int error = io_uring_register_buffers(&ring, &whole, 1);

	if (error)
		skip_because("io_uring_register_buffers: %s", strerror(-error));
}

static void reads_into_registered_buffers_are_answered(void **state)
{
	int results[DEPTH];

	(void)state;
	open_ring(0);
	register_buffers();
	for (unsigned int i = 0; i < DEPTH; i++) {
		struct io_uring_sqe *sqe = request();

		/* Every fourth into one that is not, beside them. */
		if (i % 4 == 3)
			io_uring_prep_read(sqe, session, buffers[i], length_of(i),
					   address + offset_of(i));
		else
			io_uring_prep_read_fixed(sqe, session, buffers[i], length_of(i),
						 address + offset_of(i), 0);
		set_id(sqe, i);
	}
	run(DEPTH, results);
	assert_reads(results);
}

static void assert_pages_written(const int *results)
{
	for (unsigned int i = 0; i < PAGES; i++) {
		assert_int_equal(results[i], LENGTH);
		assert_true(memory_matches(target, address + i * PAGE, LENGTH, 100 + i));
	}
}

static void writes_are_answered(void **state)
{
	int results[PAGES];

	(void)state;
	open_ring(0);
	for (unsigned int i = 0; i < PAGES; i++) {
		struct io_uring_sqe *sqe = request();

		pattern_fill(buffers[i], LENGTH, 100 + i);
		io_uring_prep_write(sqe, session, buffers[i], LENGTH, address + i * PAGE);
		set_id(sqe, i);
	}
	run(PAGES, results);
	assert_pages_written(results);
}

static void writes_from_registered_buffers_are_answered(void **state)
{
	int results[PAGES];

	(void)state;
	open_ring(0);
	register_buffers();
	for (unsigned int i = 0; i < PAGES; i++) {
		struct io_uring_sqe *sqe = request();

		pattern_fill(buffers[i], LENGTH, 100 + i);
		io_uring_prep_write_fixed(sqe, session, buffers[i], LENGTH, address + i * PAGE, 0);
		set_id(sqe, i);
	}
	run(PAGES, results);
	assert_pages_written(results);
}

static void a_vector_is_read_and_written(void **state)
{
	struct iovec parts[3] = { { buffers[0], 100 }, { buffers[1], 8 }, { buffers[2], 2000 } };
	uint8_t whole[2108];
	struct io_uring_sqe *sqe;

	(void)state;
	open_ring(0);
	sqe = request();
	io_uring_prep_readv(sqe, session, parts, 3, address + 4);
	set_id(sqe, 0);
	assert_int_equal(run_one(), 2108);
	assert_true(pattern_matches(buffers[0], 100, 4, 1));
	assert_true(pattern_matches(buffers[1], 8, 104, 1));
	assert_true(pattern_matches(buffers[2], 2000, 112, 1));

	pattern_fill(whole, sizeof(whole), 2);
	memcpy(buffers[0], whole, 100);
	memcpy(buffers[1], whole + 100, 8);
	memcpy(buffers[2], whole + 108, 2000);
	sqe = request();
	io_uring_prep_writev(sqe, session, parts, 3, address + PAGE);
	set_id(sqe, 0);
	assert_int_equal(run_one(), 2108);
	assert_true(memory_matches(target, address + PAGE, 2108, 2));
}

/* Each by itself: neither the others nor the ring suffer. */
static void a_bad_request_fails_alone(void **state)
{
	static const uint64_t nowhere[] = { 8, 0x00007ffffffff000 };
	int results[DEPTH];

	(void)state;
	open_ring(0);
	memory_unmap(target, address + PAGE, PAGE);
	for (unsigned int i = 0; i < DEPTH; i++) {
		struct io_uring_sqe *sqe = request();
		uint64_t hole = i % 8 == 1 ? address + PAGE : nowhere[i % 2];

		if (i % 4 == 1)
			io_uring_prep_read(sqe, session, buffers[i], 8 + i, hole);
		else if (i % 4 == 2)
			io_uring_prep_read(sqe, session, NULL, 8 + i, address);
		else
			io_uring_prep_read(sqe, session, buffers[i], 8 + i, address);
		set_id(sqe, i);
	}
	run(DEPTH, results);
	for (unsigned int i = 0; i < DEPTH; i++) {
		assert_int_equal(results[i], i % 4 == 1 ? -EIO : i % 4 == 2 ? -EFAULT : (int)i + 8);
		if (results[i] > 0)
			assert_true(pattern_matches(buffers[i], results[i], 0, 1));
	}
}

static void a_read_across_the_end_is_partial(void **state)
{
	struct io_uring_sqe *sqe;

	(void)state;
	open_ring(0);
	memory_unmap(target, address + PAGE, PAGE);
	sqe = request();
	io_uring_prep_read(sqe, session, buffers[0], 2 * LENGTH, address + PAGE - LENGTH);
	set_id(sqe, 0);
	assert_int_equal(run_one(), LENGTH);
	assert_true(pattern_matches(buffers[0], LENGTH, PAGE - LENGTH, 1));
}

static void linked_requests_are_done_in_order(void **state)
{
	uint64_t words[DEPTH], read[DEPTH];
	int results[DEPTH];

	(void)state;
	open_ring(0);
	for (unsigned int i = 0; i < DEPTH; i++) {
		struct io_uring_sqe *sqe = request();

		words[i] = i + 1;
		if (i % 2)
			io_uring_prep_read(sqe, session, &read[i], 8, address);
		else
			io_uring_prep_write(sqe, session, &words[i], 8, address);
		sqe->flags |= i < DEPTH - 1 ? IOSQE_IO_LINK : 0;
		set_id(sqe, i);
	}
	run(DEPTH, results);
	for (unsigned int i = 0; i < DEPTH; i++) {
		assert_int_equal(results[i], 8);
		if (i % 2)
			assert_int_equal(read[i], words[i - 1]);
	}
}

static void without_an_offset_a_read_moves_on(void **state)
{
	struct io_uring_sqe *sqe;

	(void)state;
	open_ring(0);
	lseek(session, address, SEEK_SET);
	for (size_t i = 0; i < 4; i++) {
		sqe = request();
		io_uring_prep_read(sqe, session, buffers[i], 100, -1);
		set_id(sqe, 0);
		assert_int_equal(run_one(), 100);
		assert_true(pattern_matches(buffers[i], 100, i * 100, 1));
	}
	assert_int_equal(lseek(session, 0, SEEK_CUR), address + 400);
}

static int read_on(int fd, int rw_flags)
{
	struct io_uring_sqe *sqe = request();

	io_uring_prep_read(sqe, fd, buffers[0], 8, address);
	sqe->rw_flags = rw_flags;
	set_id(sqe, 0);
	return run_one();
}

static int write_on(int fd, int rw_flags)
{
	struct io_uring_sqe *sqe = request();

	io_uring_prep_write(sqe, fd, buffers[0], 8, address);
	sqe->rw_flags = rw_flags;
	set_id(sqe, 0);
	return run_one();
}

static void flags_that_make_no_sense_are_eopnotsupp(void **state)
{
	(void)state;
	open_ring(0);
	assert_int_equal(write_on(session, RWF_DSYNC), -EOPNOTSUPP);
	assert_int_equal(write_on(session, RWF_SYNC), -EOPNOTSUPP);
	assert_int_equal(write_on(session, RWF_APPEND), -EOPNOTSUPP);
	assert_int_equal(read_on(session, RWF_SYNC), -EOPNOTSUPP);
	assert_true(memory_matches(target, address, PAGE, 1));
	assert_int_equal(read_on(session, 0), 8);
}

static void an_append_descriptor_works(void **state)
{
	int fd = session_open(O_RDWR | O_APPEND | O_SYNC);

	(void)state;
	open_ring(0);
	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	assert_int_equal(read_on(fd, 0), 8);
	assert_true(pattern_matches(buffers[0], 8, 0, 1));
	memset(buffers[0], 7, 8);
	assert_int_equal(write_on(fd, 0), 8);
	assert_true(memory_is(target, address, 8, 7));
}

static void the_direction_of_the_descriptor_counts(void **state)
{
	int fd = session_open(O_RDONLY);

	(void)state;
	open_ring(0);
	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	assert_int_equal(read_on(fd, 0), 8);
	assert_int_equal(write_on(fd, 0), -EBADF);
	assert_true(memory_matches(target, address, PAGE, 1));
}

static void the_state_of_the_target_counts(void **state)
{
	(void)state;
	open_ring(0);
	assert_int_equal(read_on(session_open(O_RDWR), 0), -EBADFD);
	assert_true(worker_kill(target, SIGKILL, PROMPT_MS));
	assert_int_equal(read_on(session, 0), -ESRCH);
}

static void a_ring_that_polls_for_completion_is_eopnotsupp(void **state)
{
	int result;

	(void)state;
	open_ring(IORING_SETUP_IOPOLL);
	result = read_on(session, 0);
	assert_true(result == -EOPNOTSUPP || result == -EINVAL);
}

/* The caller is the target: the kernel's threads have its memory, too. */
static void own_memory_is_read(void **state)
{
	static uint64_t words[2] = { 5, 0 };
	int fd = session_open_bound(getpid());

	(void)state;
	open_ring(0);
	for (unsigned int flags = 0; flags <= IOSQE_ASYNC; flags += IOSQE_ASYNC) {
		struct io_uring_sqe *sqe = request();

		words[1] = 0;
		io_uring_prep_read(sqe, fd, &words[1], 8, (uintptr_t)&words[0]);
		sqe->flags |= flags;
		set_id(sqe, 0);
		assert_int_equal(run_one(), 8);
		assert_int_equal(words[1], 5);
	}
}

/*
 * A request whose memory never arrives
 */

static uint64_t stuck;

static void submit_stuck_read(void)
{
	struct io_uring_sqe *sqe;

	stuck = uffd_map(target, PAGE);
	sqe = request();
	io_uring_prep_read(sqe, session, buffers[0], 8, stuck);
	sqe->flags |= IOSQE_ASYNC;
	set_id(sqe, 0);
	assert_int_equal(io_uring_submit(&ring), 1);
	assert_true(uffd_wait_fault(target, PROMPT_MS));
}

/* Both answers: that of the request to cancel, which is 1, and that of the read. */
static void a_read_that_waits_can_be_cancelled(void **state)
{
	struct __kernel_timespec limit = { .tv_sec = PROMPT_MS / 1000 };
	int results[2] = { 0 };
	struct io_uring_sqe *sqe;

	(void)state;
	if (!session_has_feature(session, MEMRW_FEATURE_INTERRUPTIBLE))
		skip_because("in this kernel only a fatal signal ends the wait");
	open_ring(0);
	submit_stuck_read();
	sqe = request();
	io_uring_prep_cancel64(sqe, 0, 0);
	set_id(sqe, 1);
	assert_int_equal(io_uring_submit(&ring), 1);
	for (int i = 0; i < 2; i++) {
		struct io_uring_cqe *cqe;

		assert_int_equal(io_uring_wait_cqe_timeout(&ring, &cqe, &limit), 0);
		results[cqe->user_data] = cqe->res;
		io_uring_cqe_seen(&ring, cqe);
	}
	assert_true(results[0] == -EINTR || results[0] == -ECANCELED);
	/* What io_uring tells its own thread ends a wait, too: then it has just ended. */
	if (results[1] != -ENOENT || results[0] != -EINTR)
		assert_true(results[1] == 0 || results[1] == -EALREADY);
}

static void a_read_that_waits_holds_up_no_other(void **state)
{
	int results[2];
	struct io_uring_sqe *sqe;

	(void)state;
	open_ring(0);
	submit_stuck_read();
	sqe = request();
	io_uring_prep_read(sqe, session, buffers[1], 8, address);
	set_id(sqe, 1);
	assert_int_equal(io_uring_submit(&ring), 1);
	collect(1, results);
	assert_int_equal(results[1], 8);
	uffd_serve(target, stuck, PAGE, 3);
	collect(1, results);
	assert_int_equal(results[0], 8);
	assert_true(pattern_matches(buffers[0], 8, 0, 3));
}

struct stuck_reader {
	int session;
	uint64_t address;
};

static long read_for_ever(void *arg)
{
	const struct stuck_reader *reader = arg;
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	int error = io_uring_queue_init(8, &ring, 0);

	if (error)
		return error;
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_read(sqe, reader->session, buffers[0], 8, reader->address);
	sqe->flags |= IOSQE_ASYNC;
	io_uring_submit(&ring);
	return io_uring_wait_cqe(&ring, &cqe);
}

static void a_process_whose_read_waits_can_be_killed(void **state)
{
	struct stuck_reader reader = { .session = session };
	struct worker *caller = worker_start(ROOT);

	(void)state;
	open_ring(0);
	reader.address = uffd_map(target, PAGE);
	worker_send(caller, read_for_ever, &reader, sizeof(reader));
	assert_true(uffd_wait_fault(target, PROMPT_MS));
	assert_true(worker_kill(caller, SIGKILL, PROMPT_MS));
}

#define on_ring(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_ring(a_queue_of_reads_is_answered),
		on_ring(a_queue_of_asynchronous_reads_is_answered),
		on_ring(a_queue_that_the_kernel_polls_is_answered),
		on_ring(reads_into_registered_buffers_are_answered),
		on_ring(writes_are_answered),
		on_ring(writes_from_registered_buffers_are_answered),
		on_ring(a_vector_is_read_and_written),
		on_ring(a_bad_request_fails_alone),
		on_ring(a_read_across_the_end_is_partial),
		on_ring(linked_requests_are_done_in_order),
		on_ring(without_an_offset_a_read_moves_on),
		on_ring(flags_that_make_no_sense_are_eopnotsupp),
		on_ring(an_append_descriptor_works),
		on_ring(the_direction_of_the_descriptor_counts),
		on_ring(the_state_of_the_target_counts),
		on_ring(a_ring_that_polls_for_completion_is_eopnotsupp),
		on_ring(own_memory_is_read),
		on_ring(a_read_that_waits_can_be_cancelled),
		on_ring(a_read_that_waits_holds_up_no_other),
		on_ring(a_process_whose_read_waits_can_be_killed),
	};

	return run_behaviours(tests);
}
