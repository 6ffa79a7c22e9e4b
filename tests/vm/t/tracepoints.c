// SPDX-License-Identifier: GPL-2.0-only
/* The driver's tracepoints, and what else a trace shows. */
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/trace.h"
#include "lib/watch.h"
#include "lib/worker.h"

static int64_t number(const char *text, const char *event, pid_t pid, const char *name)
{
	int64_t value = 0;

	if (!trace_number(text, event, pid, name, &value))
		fail_msg("no number %s of %s by %d in: %s", name, event, pid, text);
	return value;
}

static void assert_bind_traced(const char *text, pid_t by, pid_t pid, uid_t uid, int result)
{
	assert_int_equal(number(text, "memrw_set_target", by, "pid"), pid);
	assert_int_equal(number(text, "memrw_set_target", by, "uid"), uid);
	assert_int_equal(number(text, "memrw_set_target", by, "result"), result);
}

static void a_bind_is_traced(void **state)
{
	struct worker *target = worker_start(ROOT);
	char *text;

	(void)state;
	trace_start("memrw/memrw_set_target");
	session_open_bound(worker_pid(target));
	text = trace_stop();
	assert_bind_traced(text, getpid(), worker_pid(target), 0, 0);
	free(text);
}

static void a_refused_bind_is_traced(void **state)
{
	struct worker *target = worker_start(ROOT);
	struct member_request request = { .session = session_open(O_RDWR),
					  .pid = worker_pid(target) };
	struct worker *caller = worker_start(MEMBER);
	char *text;

	(void)state;
	trace_start("memrw/memrw_set_target");
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), -EPERM);
	text = trace_stop();
	assert_bind_traced(text, worker_pid(caller), worker_pid(target), MEMBER_UID, -EPERM);
	free(text);
}

static void a_bind_to_nobody_is_traced(void **state)
{
	char *text;

	(void)state;
	trace_start("memrw/memrw_set_target");
	assert_int_equal(session_bind(session_open(O_RDWR), 1 << 23), -ESRCH);
	text = trace_stop();
	assert_bind_traced(text, getpid(), 1 << 23, 0, -ESRCH);
	free(text);
}

static void assert_transfer_traced(const char *text, const char *direction, uint64_t address,
				   uint64_t length, int64_t done)
{
	char word[16] = "";

	assert_true(trace_word(text, "memrw_transfer", getpid(), "direction", word, sizeof(word)));
	assert_string_equal(word, direction);
	assert_int_equal(number(text, "memrw_transfer", getpid(), "address"), address);
	assert_int_equal(number(text, "memrw_transfer", getpid(), "length"), length);
	assert_int_equal(number(text, "memrw_transfer", getpid(), "done"), done);
}

typedef int64_t (*transfer_fn)(int fd, uint64_t address, void *buffer);

static int64_t read_command(int fd, uint64_t address, void *buffer)
{
	return session_read(fd, address, buffer, 100, 0);
}

static int64_t write_command(int fd, uint64_t address, void *buffer)
{
	return session_write(fd, address, buffer, 100, 0);
}

static int64_t read_file(int fd, uint64_t address, void *buffer)
{
	return session_pread(fd, address, buffer, 100);
}

static int64_t write_file(int fd, uint64_t address, void *buffer)
{
	return session_pwrite(fd, address, buffer, 100);
}

static void assert_traced(transfer_fn transfer, const char *direction)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, 2 * PAGE, 1);
	int fd = session_open_bound(worker_pid(target));
	/* Whole, partial, and not at all. */
	struct { uint64_t address; int64_t done; } cases[] = {
		{ address + 5, 100 }, { address + PAGE - 7, 7 }, { address + PAGE, -EIO },
	};
	uint8_t buffer[100] = { 0 };

	memory_unmap(target, address + PAGE, PAGE);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text;

		trace_start("memrw/memrw_transfer");
		assert_int_equal(transfer(fd, cases[i].address, buffer), cases[i].done);
		text = trace_stop();
		assert_transfer_traced(text, direction, cases[i].address, 100, cases[i].done);
		free(text);
	}
}

static void a_read_command_is_traced(void **state)
{
	(void)state;
	assert_traced(read_command, "read");
}

static void a_write_command_is_traced(void **state)
{
	(void)state;
	assert_traced(write_command, "write");
}

static void pread_is_traced(void **state)
{
	(void)state;
	assert_traced(read_file, "read");
}

static void pwrite_is_traced(void **state)
{
	(void)state;
	assert_traced(write_file, "write");
}

typedef int64_t (*batch_fn)(int fd, struct memrw_segment *segments, __u32 count, __u32 flags);

static void assert_batch_traced(const char *direction, int64_t done)
{
	char *text = trace_stop();
	char word[16] = "";

	assert_true(trace_word(text, "memrw_batch", getpid(), "direction", word, sizeof(word)));
	assert_string_equal(word, direction);
	assert_int_equal(number(text, "memrw_batch", getpid(), "count"), 3);
	assert_int_equal(number(text, "memrw_batch", getpid(), "done"), done);
	/* Its segments are no transfers of their own there. */
	assert_false(trace_has(text, "memrw_transfer", getpid()));
	free(text);
}

static void assert_batches_traced(batch_fn batch, const char *direction)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 1), words[3] = { 0 };
	int fd = session_open_bound(worker_pid(target));
	struct memrw_segment segments[3];

	for (int i = 0; i < 3; i++)
		segments[i] = segment(address + 8 * i, &words[i], 8);
	trace_start("memrw/memrw_transfer");
	trace_start("memrw/memrw_batch");
	assert_int_equal(batch(fd, segments, 3, 0), 3);
	assert_batch_traced(direction, 3);

	trace_start("memrw/memrw_transfer");
	trace_start("memrw/memrw_batch");
	assert_int_equal(batch(fd, NULL, 3, 0), -EFAULT);
	assert_batch_traced(direction, -EFAULT);
}

static void a_batch_that_reads_is_traced(void **state)
{
	(void)state;
	assert_batches_traced(session_readv, "read");
}

static void a_batch_that_writes_is_traced(void **state)
{
	(void)state;
	assert_batches_traced(session_writev, "write");
}

static void assert_atomic_traced(int fd, uint64_t address, int result)
{
	struct memrw_atomic atomic = { .address = address, .op = MEMRW_ATOMIC_ADD, .width = 4,
				       .operand = 1 };
	char *text;

	trace_start("memrw/memrw_atomic");
	assert_int_equal(session_atomic(fd, atomic, NULL), result);
	text = trace_stop();
	assert_int_equal(number(text, "memrw_atomic", getpid(), "op"), MEMRW_ATOMIC_ADD);
	assert_int_equal(number(text, "memrw_atomic", getpid(), "address"), address);
	assert_int_equal(number(text, "memrw_atomic", getpid(), "width"), 4);
	assert_int_equal(number(text, "memrw_atomic", getpid(), "result"), result);
	free(text);
}

static void an_atomic_operation_is_traced(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, 2 * PAGE, 1);
	int fd = session_open_bound(worker_pid(target));

	(void)state;
	memory_unmap(target, address + PAGE, PAGE);
	assert_atomic_traced(fd, address + 4, 0);
	assert_atomic_traced(fd, address + PAGE, -EIO);
	assert_atomic_traced(fd, address + 1, -EINVAL);
}

static void assert_watch_traced(int fd, uint64_t address, uint32_t type, int result)
{
	struct memrw_set_watch set = watch_stores(address);
	char *text;
	int watch;

	set.type = type;
	trace_start("memrw/memrw_watch");
	watch = watch_try(fd, set);
	text = trace_stop();
	assert_int_equal(number(text, "memrw_watch", getpid(), "type"), type);
	assert_int_equal(number(text, "memrw_watch", getpid(), "address"), address);
	assert_int_equal(number(text, "memrw_watch", getpid(), "length"), WORD);
	assert_int_equal(number(text, "memrw_watch", getpid(), "result"), watch);
	free(text);
	if (result)
		assert_int_equal(watch, result);
	else
		assert_return_code(close(watch), errno);
}

/* Where there are none, that is the result. */
static void a_watch_is_traced(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	int fd = session_open_bound(worker_pid(target));
	bool has = session_has_feature(fd, MEMRW_FEATURE_WATCH);

	(void)state;
	assert_watch_traced(fd, address, MEMRW_WATCH_TYPE_WRITE, has ? 0 : -EOPNOTSUPP);
	assert_watch_traced(fd, address + 1, MEMRW_WATCH_TYPE_READ_WRITE,
			    has ? -EINVAL : -EOPNOTSUPP);
}

static void the_formats_name_the_fields(void **state)
{
	static const char * const fields[][6] = {
		{ "memrw_set_target", "pid", "uid", "result", NULL },
		{ "memrw_transfer", "address", "length", "done", NULL },
		{ "memrw_batch", "write", "count", "done", NULL },
		{ "memrw_atomic", "op", "address", "width", "result", NULL },
		{ "memrw_watch", "type", "address", "length", "result", NULL },
	};
	char path[PATH_MAX], text[4096], declared[32];

	(void)state;
	if (!trace_root())
		skip_because("the kernel has no tracefs");
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		snprintf(path, sizeof(path), "%s/events/memrw/%s/format", trace_root(),
			 fields[i][0]);
		assert_true(file_read(path, text, sizeof(text)) > 0);
		for (size_t j = 1; fields[i][j]; j++) {
			snprintf(declared, sizeof(declared), " %s;", fields[i][j]);
			assert_non_null(strstr(text, declared));
		}
	}
}

struct reads {
	int session;
	uint64_t address;
	size_t length;
	int count;
};

static long read_many(void *arg)
{
	static uint8_t buffer[64 * PAGE_MAX];
	const struct reads *reads = arg;

	for (int i = 0; i < reads->count; i++) {
		if (session_pread(reads->session, reads->address, buffer, reads->length) < 0 ||
		    session_read(reads->session, reads->address, buffer, reads->length, 0) < 0)
			return -errno;
	}
	return 0;
}

static const char * const allocations[] = { "kmem/kmalloc", "kmem/kmem_cache_alloc",
					    "kmem/mm_page_alloc" };

static size_t count_lines_of(const char *text, pid_t pid)
{
	char task[32];
	size_t count = 0;

	snprintf(task, sizeof(task), "-%d ", pid);
	for (const char *at = text; (at = strstr(at, task)); at++)
		count++;
	return count;
}

static size_t allocations_of(struct worker *caller, struct reads reads)
{
	char *text;
	size_t count;

	for (size_t i = 0; i < ARRAY_SIZE(allocations); i++)
		trace_start(allocations[i]);
	assert_int_equal(worker_call(caller, read_many, &reads, sizeof(reads)), 0);
	text = trace_stop();
	count = count_lines_of(text, worker_pid(caller));
	free(text);
	return count;
}

/* Neither does a large one: what is counted is the worker's own bookkeeping. */
static void a_read_allocates_nothing(void **state)
{
	struct worker *target = worker_start(ROOT), *caller;
	struct reads reads = { .address = memory_map_pattern(target, 64 * PAGE, 1) };
	size_t without, with;

	(void)state;
	reads.session = session_open_bound(worker_pid(target));
	caller = worker_start(ROOT);
	for (reads.length = 8; reads.length <= 64 * PAGE; reads.length *= 32768) {
		reads.count = 1;
		allocations_of(caller, reads);
		reads.count = 0;
		without = allocations_of(caller, reads);
		reads.count = 100;
		with = allocations_of(caller, reads);
		note("%zu allocations without reads, %zu with 200 of %zu bytes", without, with,
		     reads.length);
		/* 200 reads that allocate do so 200 times; a few come with a tick. */
		assert_true(with < without + 50);
	}
}

struct batches {
	int session;
	uint64_t address;
	unsigned int segments, times;
};

static long read_batches(void *arg)
{
	static struct memrw_segment segments[10000];
	static uint64_t words[10000];
	const struct batches *batches = arg;

	for (unsigned int i = 0; i < batches->segments; i++)
		segments[i] = segment(batches->address + i % 8192 * 8, &words[i], 8);
	for (unsigned int i = 0; i < batches->times; i++) {
		if (session_readv(batches->session, segments, batches->segments, 0) !=
		    batches->segments)
			return -EIO;
	}
	return 0;
}

/* Bytes that @caller's kernel side asks for. */
static uint64_t bytes_allocated(struct worker *caller, struct batches batches)
{
	uint64_t total = 0;
	char *text, task[32];

	trace_start("kmem/kmalloc");
	assert_int_equal(worker_call(caller, read_batches, &batches, sizeof(batches)), 0);
	text = trace_stop();
	snprintf(task, sizeof(task), "-%d ", worker_pid(caller));
	for (const char *at = text; (at = strstr(at, task)); at++) {
		const char *bytes = strstr(at, " bytes_req=");

		total += bytes ? strtoull(bytes + 11, NULL, 10) : 0;
	}
	free(text);
	return total;
}

static void a_batch_allocates_the_same_whatever_its_count(void **state)
{
	struct worker *target = worker_start(ROOT), *caller;
	struct batches batches = { .address = memory_map_pattern(target, 8192 * 8, 1) };
	uint64_t none, few, many;

	(void)state;
	batches.session = session_open_bound(worker_pid(target));
	caller = worker_start(ROOT);
	batches.segments = 10000;
	bytes_allocated(caller, batches);
	none = bytes_allocated(caller, batches);
	batches.times = 10;
	many = bytes_allocated(caller, batches);
	batches.segments = 100;
	few = bytes_allocated(caller, batches);
	note("%lu bytes without batches, %lu with 10 of 100 segments, %lu with 10 of 10000", none,
	     few, many);
	/* So that there is something to see; then, not a byte for each segment more. */
	assert_true(few > none);
	assert_true(many < few + 10000);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		behaviour(a_bind_is_traced),
		behaviour(a_refused_bind_is_traced),
		behaviour(a_bind_to_nobody_is_traced),
		behaviour(a_read_command_is_traced),
		behaviour(a_write_command_is_traced),
		behaviour(pread_is_traced),
		behaviour(pwrite_is_traced),
		behaviour(a_batch_that_reads_is_traced),
		behaviour(a_batch_that_writes_is_traced),
		behaviour(an_atomic_operation_is_traced),
		behaviour(a_watch_is_traced),
		behaviour(the_formats_name_the_fields),
		behaviour(a_read_allocates_nothing),
		behaviour(a_batch_allocates_the_same_whatever_its_count),
	};

	return run_behaviours(tests);
}
