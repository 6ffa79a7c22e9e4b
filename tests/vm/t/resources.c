// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a caller asks for does not make the kernel use memory in proportion, and
 * what it keeps counts as the caller's: all of this in a group that may have 64 MiB.
 * Named so that it runs after out_of_memory, which needs groups of the old kind.
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cgroup.h"
#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define LIMIT		(64 * MIB)
#define GIB		(1UL << 30)
#define CALL_MS		120000

/* What a request may cost beside: page tables, and what the system keeps at hand. */
#define SMALL		(6 * MIB)

static struct worker *target, *caller;
static int session, file;	/* of 1 MiB, in memory that nobody has to pay for */

struct request {
	int session;
	uint64_t address, array;
	uint32_t count, flags;
};

static struct request request;

static int setup(void **state)
{
	(void)state;
	session = session_open(O_RDWR);
	file = memfd_create("memrw-test", MFD_CLOEXEC);
	assert_return_code(file, errno);
	assert_return_code(fallocate(file, 0, 0, MIB), errno);
	target = worker_start(MEMBER);
	caller = worker_start(MEMBER);
	assert_int_equal(session_bind(session, worker_pid(target)), 0);
	request = (struct request){ .session = session };
	return 0;
}

static int teardown(void **state)
{
	close(file);
	test_teardown(state);
	cgroup_remove();
	return 0;
}

/* From here on the caller has what it is to have. */
static void shut_in(void)
{
	cgroup_make(LIMIT);
	cgroup_enter(caller);
}

static long call(worker_fn fn)
{
	long result;

	worker_send(caller, fn, &request, sizeof(request));
	if (!worker_wait(caller, CALL_MS, &request, sizeof(request), &result))
		fail_msg("the caller is gone, or waits; %u were killed", cgroup_kills());
	return result;
}

static double mib(uint64_t bytes)
{
	return (double)bytes / MIB;
}

static void assert_cost_little(const char *what)
{
	uint64_t peak = cgroup_peak(), now = cgroup_memory();

	note("%s: %.2f MiB now, %.2f MiB at most, %.2f MiB slab", what, mib(now), mib(peak),
	     mib(cgroup_slab()));
	assert_int_equal(cgroup_kills(), 0);
	assert_int_equal(cgroup_at_limit(), 0);
	assert_in_range(peak ? peak : now, 0, SMALL);
}

/* 1 MiB of memory, so often one behind the other that it is *@arg bytes. */
static long map_repeatedly(void *arg)
{
	uint64_t length = *(uint64_t *)arg;
	uint8_t *area = mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		return -errno;
	for (uint64_t at = 0; at < length; at += MIB) {
		if (mmap(area + at, MIB, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) ==
		    MAP_FAILED)
			return -errno;
	}
	return (long)(uintptr_t)area;
}

static uint64_t map_much(struct worker *worker, uint64_t length)
{
	long address = worker_call(worker, map_repeatedly, &length, sizeof(length));

	assert_true(address > 0);
	return address;
}

static long read_gib(void *arg)
{
	const struct request *r = arg;

	return session_read(r->session, r->address, (void *)r->array, GIB, r->flags);
}

static long write_gib(void *arg)
{
	const struct request *r = arg;

	return session_write(r->session, r->address, (void *)r->array, GIB, r->flags);
}

static void a_transfer_of_1_gib_costs_its_page_tables(void **state)
{
	(void)state;
	shut_in();
	request.address = map_much(target, GIB);
	request.array = map_much(caller, GIB);
	assert_int_equal(call(read_gib), GIB);
	assert_cost_little("1 GiB read");
	assert_int_equal(call(write_gib), GIB);
	assert_cost_little("1 GiB written");
}

static void a_read_of_1_gib_that_nobody_touched_costs_page_tables(void **state)
{
	(void)state;
	shut_in();
	request.address = memory_map(target, 0, GIB, PROT_READ,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	request.array = map_much(caller, GIB);
	request.flags = MEMRW_NO_POPULATE;
	assert_int_equal(call(read_gib), GIB);
	assert_cost_little("1 GiB of nothing read, with MEMRW_NO_POPULATE");
	request.flags = 0;
	assert_int_equal(call(read_gib), GIB);
	assert_cost_little("1 GiB of nothing read");
}

static long read_iovecs(void *arg)
{
	const struct request *r = arg;
	struct iovec iovecs[IOV_MAX];
	ssize_t n;

	for (size_t i = 0; i < IOV_MAX; i++)
		iovecs[i] = (struct iovec){ (void *)r->array, MIB };
	n = preadv(r->session, iovecs, IOV_MAX, r->address);
	return n < 0 ? -errno : n;
}

static void as_many_iovecs_as_there_may_be_cost_little(void **state)
{
	(void)state;
	shut_in();
	request.address = map_much(target, GIB);
	request.array = map_much(caller, MIB);
	assert_int_equal(call(read_iovecs), GIB);
	assert_cost_little("1024 iovecs of 1 MiB");
}

/* All of the area is an array of segments; then it ends. */
#define SEGMENTS	(64 * MIB / sizeof(struct memrw_segment))

static long fill_segments(void *arg)
{
	const struct request *r = arg;
	struct memrw_segment *segments = (void *)r->array;
	static uint64_t word;

	for (size_t i = 0; i < MIB / sizeof(*segments); i++)
		segments[i] = segment(r->address, &word, sizeof(word));
	return 0;
}

static long read_batch(void *arg)
{
	const struct request *r = arg;

	return session_readv(r->session, (void *)r->array, r->count, 0);
}

static void a_batch_without_end_costs_little(void **state)
{
	(void)state;
	shut_in();
	request.address = memory_map_pattern(target, PAGE, 1);
	request.array = map_much(caller, 64 * MIB);
	assert_int_equal(call(fill_segments), 0);
	request.count = UINT32_MAX;
	assert_in_range(call(read_batch), SEGMENTS, SEGMENTS + MIB);
	assert_cost_little("a batch of 4294967295 segments");
}

#define REGIONS 60000

/* Every other page is another region; max_map_count is 65530. */
static long make_regions(void *arg)
{
	uint8_t *area = mmap(NULL, REGIONS * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg;
	if (area == MAP_FAILED)
		return -errno;
	for (size_t i = 0; i < REGIONS; i += 2) {
		if (mprotect(area + i * PAGE, PAGE, PROT_NONE) < 0)
			return -errno;
	}
	return 0;
}

static long query_all_regions(void *arg)
{
	const struct request *r = arg;
	struct memrw_query_region region;
	static char name[PATH_MAX + 64];
	uint64_t address = 0;
	long regions = 0;

	while (!session_query_region(r->session, address, &region, name, UINT32_MAX)) {
		address = region.end;
		regions++;
	}
	return regions;
}

static void questions_for_60000_regions_cost_little(void **state)
{
	(void)state;
	shut_in();
	assert_int_equal(worker_call(target, make_regions, NULL, 0), 0);
	for (int i = 0; i < 3; i++)
		assert_true(call(query_all_regions) >= REGIONS);
	assert_cost_little("three times all of 60000 regions");
}

#define SESSIONS 10000

static int fds[SESSIONS];

static long open_many(const char *path)
{
	for (size_t i = 0; i < SESSIONS; i++) {
		fds[i] = open(path, O_RDWR | O_CLOEXEC);
		if (fds[i] < 0)
			return -errno;
	}
	return 0;
}

static long open_many_nulls(void *arg)
{
	(void)arg;
	return open_many("/dev/null");
}

static long open_many_sessions(void *arg)
{
	(void)arg;
	return open_many(MEMRW_NODE);
}

static long bind_many(void *arg)
{
	const struct request *r = arg;
	int error = 0;

	for (size_t i = 0; i < SESSIONS && !error; i++)
		error = session_bind(fds[i], r->count);
	return error;
}

static long close_many(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < SESSIONS; i++)
		close(fds[i]);
	return 0;
}

static void allow_many_descriptors(void)
{
	struct rlimit limit = { SESSIONS + 100, SESSIONS + 100 };

	assert_return_code(prlimit(worker_pid(caller), RLIMIT_NOFILE, &limit, NULL), errno);
}

/* What is closed is freed a while later, and counted every two seconds. */
static uint64_t settled_slab(void)
{
	sleep_ms(2500);
	return cgroup_slab();
}

/* Of the slab, by a worker's function, for each. */
static uint64_t cost_of(worker_fn fn)
{
	uint64_t before = settled_slab();

	assert_int_equal(call(fn), 0);
	return (settled_slab() - before) / SESSIONS;
}

/*
 * What a session and a binding have for themselves counts as the caller's: they
 * cost more than a file without either.
 */
static void ten_thousand_sessions_are_paid_for(void **state)
{
	uint64_t file_alone, opened, bound, system;

	(void)state;
	shut_in();
	allow_many_descriptors();
	request.count = worker_pid(target);
	/* The table of descriptors grows, and stays. */
	assert_int_equal(call(open_many_nulls), 0);
	assert_int_equal(call(close_many), 0);
	file_alone = cost_of(open_many_nulls);
	assert_int_equal(call(close_many), 0);
	system = file_number("/proc/meminfo", "Slab:");
	opened = cost_of(open_many_sessions);
	bound = cost_of(bind_many);
	system = file_number("/proc/meminfo", "Slab:") - system;
	note("each, in bytes: a file of /dev/null %lu, a session %lu, a binding %lu more", file_alone,
	     opened, bound);
	note("the system's slab is %lu KiB larger", system);
	note("10000 bound: %.2f MiB now, %.2f MiB slab", mib(cgroup_memory()), mib(cgroup_slab()));
	assert_in_range(opened, file_alone + 32, 4096);
	assert_in_range(bound, 32, 1024);
	assert_int_equal(cgroup_kills(), 0);
	assert_int_equal(cgroup_at_limit(), 0);
	assert_int_equal(call(close_many), 0);
}

/* The targets that were replaced wait to be freed. */
static long rebind_for_two_seconds(void *arg)
{
	const struct request *r = arg;
	uint64_t end = now_ms() + 2000;
	long times = 0;
	int error;

	while (now_ms() < end) {
		error = session_bind(r->session, r->count);
		if (error)
			return error;
		times++;
	}
	return times;
}

static void rebinding_does_not_pile_up(void **state)
{
	long times;

	(void)state;
	shut_in();
	request.count = worker_pid(target);
	times = call(rebind_for_two_seconds);
	note("bound %ld times", times);
	assert_true(times > 0);
	assert_cost_little("rebinding for two seconds");
}

#define DEAD 500

/* Each session is bound to a child that has ended since. */
static long bind_to_the_dead(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < DEAD; i++) {
		pid_t child = fork();
		int error;

		if (!child)
			for (;;)
				pause();
		fds[i] = open(MEMRW_NODE, O_RDWR | O_CLOEXEC);
		error = fds[i] < 0 ? -errno : session_bind(fds[i], child);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		if (error)
			return error;
	}
	return 0;
}

static long close_the_dead(void *arg)
{
	(void)arg;
	for (size_t i = 0; i < DEAD; i++)
		close(fds[i]);
	return 0;
}

static uint64_t memory_before;

static bool memory_came_back(void *arg)
{
	(void)arg;
	return cgroup_memory() < memory_before + 2 * MIB;
}

/* The mm_struct and the first page table, of which the rest is gone. */
static void what_is_kept_of_dead_targets_is_paid_for(void **state)
{
	uint64_t kept;

	(void)state;
	shut_in();
	allow_many_descriptors();
	memory_before = cgroup_memory();
	assert_int_equal(call(bind_to_the_dead), 0);
	kept = cgroup_memory() - memory_before;
	note("kept for each of %d dead targets: %lu bytes", DEAD, kept / DEAD);
	/* Not their memory, and not nothing. */
	assert_in_range(kept / DEAD, PAGE, 8 * PAGE);
	assert_int_equal(call(close_the_dead), 0);
	assert_true(eventually(memory_came_back, NULL, 20000));
}

#define limited(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		limited(a_transfer_of_1_gib_costs_its_page_tables),
		limited(a_read_of_1_gib_that_nobody_touched_costs_page_tables),
		limited(as_many_iovecs_as_there_may_be_cost_little),
		limited(a_batch_without_end_costs_little),
		limited(questions_for_60000_regions_cost_little),
		limited(ten_thousand_sessions_are_paid_for),
		limited(rebinding_does_not_pile_up),
		limited(what_is_kept_of_dead_targets_is_paid_for),
	};

	return run_behaviours(tests);
}
