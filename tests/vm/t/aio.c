// SPDX-License-Identifier: GPL-2.0-only
/* io_submit(2), as programs use it that are older than io_uring. */
#include <linux/aio_abi.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define REQUESTS	64
#define LENGTH		1000
#define HOLE		13	/* the request whose memory is not there */

static struct worker *target;
static uint64_t address;
static aio_context_t context;
static int session;
static uint8_t buffers[REQUESTS][LENGTH];

/* Every request has a page of its own. */
static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, REQUESTS * PAGE, 1);
	session = session_open_bound(worker_pid(target));
	context = 0;
	memset(buffers, 0, sizeof(buffers));
	if (syscall(SYS_io_setup, REQUESTS, &context) < 0)
		skip_because("io_setup: %s", strerror(errno));
	return 0;
}

static int teardown(void **state)
{
	syscall(SYS_io_destroy, context);
	return test_teardown(state);
}

/* The results, each at the index of its request. */
static void run(__u16 opcode, int64_t *results)
{
	struct iocb requests[REQUESTS] = { 0 }, *list[REQUESTS];
	struct io_event events[REQUESTS];

	for (size_t i = 0; i < REQUESTS; i++) {
		requests[i] = (struct iocb){
			.aio_lio_opcode = opcode,
			.aio_fildes = session,
			.aio_data = i,
			.aio_buf = (uintptr_t)buffers[i],
			.aio_nbytes = LENGTH,
			.aio_offset = address + i * PAGE + i,
		};
		list[i] = &requests[i];
	}
	assert_int_equal(syscall(SYS_io_submit, context, REQUESTS, list), REQUESTS);
	assert_int_equal(syscall(SYS_io_getevents, context, REQUESTS, REQUESTS, events, NULL),
			 REQUESTS);
	for (size_t i = 0; i < REQUESTS; i++)
		results[events[i].data] = events[i].res;
}

static void reads_are_answered(void **state)
{
	int64_t results[REQUESTS] = { 0 };

	(void)state;
	memory_unmap(target, address + HOLE * PAGE, PAGE);
	run(IOCB_CMD_PREAD, results);
	for (size_t i = 0; i < REQUESTS; i++) {
		if (i == HOLE) {
			assert_int_equal(results[i], -EIO);
			continue;
		}
		assert_int_equal(results[i], LENGTH);
		assert_true(pattern_matches(buffers[i], LENGTH, i * PAGE + i, 1));
	}
}

static void writes_are_answered(void **state)
{
	int64_t results[REQUESTS] = { 0 };

	(void)state;
	memory_protect(target, address + HOLE * PAGE, PAGE, PROT_READ);
	for (size_t i = 0; i < REQUESTS; i++)
		memset(buffers[i], i + 1, LENGTH);
	run(IOCB_CMD_PWRITE, results);
	for (size_t i = 0; i < REQUESTS; i++) {
		if (i == HOLE) {
			assert_int_equal(results[i], -EIO);
			continue;
		}
		assert_int_equal(results[i], LENGTH);
		assert_true(memory_is(target, address + i * PAGE + i, LENGTH, i + 1));
	}
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(reads_are_answered),
		on_target(writes_are_answered),
	};

	return run_behaviours(tests);
}
