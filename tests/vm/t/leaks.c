// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing comes out of the driver but what it is asked for: no byte of the
 * kernel's that was not written to first, and no address of the kernel's.
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/kernel_address.h"
#include "lib/klog.h"
#include "lib/memory.h"
#include "lib/policy.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/trace.h"
#include "lib/worker.h"

/* Structs: what was there before, in a place that the driver fills in, is gone. */

#define FILL 0xaa

static void assert_bytes(const void *got, const void *expected, size_t size, const char *what)
{
	const uint8_t *a = got, *b = expected;

	for (size_t i = 0; i < size; i++) {
		if (a[i] != b[i])
			fail_msg("%s: byte %zu is 0x%02x and not 0x%02x", what, i, a[i], b[i]);
	}
}

/* Fields in turn, so that one which is forgotten shows. */
#define FILLED(type, ...) ({						\
	type filled_;							\
	memset(&filled_, FILL, sizeof(filled_));			\
	filled_.size = sizeof(filled_);					\
	filled_.flags = 0;						\
	__VA_ARGS__;							\
	filled_;							\
})

static void info_has_no_byte_but_its_own(void **state)
{
	struct memrw_info info = FILLED(struct memrw_info), expected = { .size = sizeof(info) };
	char access[32];

	(void)state;
	assert_int_equal(session_command(session_open(O_RDWR), MEMRW_IOC_GET_INFO, &info), 0);
	policy_read(access, sizeof(access));
	expected.abi_version = MEMRW_ABI_VERSION;
	expected.access = !strcmp(access, "any") ? MEMRW_ACCESS_ANY :
			  !strcmp(access, "capable") ? MEMRW_ACCESS_CAPABLE : MEMRW_ACCESS_OWNER;
	/* Known from elsewhere, or checked there, but no wider than they are. */
	expected.features = info.features;
	assert_true(info.features < 1 << 16);
	expected.transfer_max = INT_MAX & ~(PAGE - 1);
	expected.page_size = PAGE;
	expected.name_max = info.name_max;
	assert_in_range(info.name_max, 1, 2 * PATH_MAX);
	assert_true(file_read("/sys/module/memrw/version", expected.version,
			      sizeof(expected.version)) > 0);
	*strchrnul(expected.version, '\n') = '\0';
	assert_bytes(&info, &expected, sizeof(info), "info");
}

static long set_name(void *name)
{
	return prctl(PR_SET_NAME, name) < 0 ? -errno : 0;
}

static void a_targets_name_has_nothing_of_a_longer_one_behind_it(void **state)
{
	struct memrw_get_target got = FILLED(struct memrw_get_target, filled_.reserved = 0);
	struct memrw_get_target expected = { .size = sizeof(got), .comm = "b" };
	struct worker *target = worker_start(MEMBER);
	char longer[16] = "fifteen.letters", shorter[16] = "b";
	int fd = session_open_bound(worker_pid(target));

	(void)state;
	assert_int_equal(worker_call(target, set_name, longer, sizeof(longer)), 0);
	assert_int_equal(worker_call(target, set_name, shorter, sizeof(shorter)), 0);
	expected.pid = worker_pid(target);
	expected.state = MEMRW_TARGET_BOUND;
	assert_int_equal(session_command(fd, MEMRW_IOC_GET_TARGET, &got), 0);
	assert_bytes(&got, &expected, sizeof(got), "a target that runs");

	/* And that which the driver remembers of one that has gone. */
	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	assert_true(worker_kill(target, SIGKILL, 5000));
	got = FILLED(struct memrw_get_target, filled_.reserved = 0);
	assert_int_equal(session_command(fd, MEMRW_IOC_GET_TARGET, &got), 0);
	expected.pid = got.pid;
	expected.state = MEMRW_TARGET_EXITED;
	assert_bytes(&got, &expected, sizeof(got), "a target that has gone");
}

static void set_target_comes_back_as_it_was(void **state)
{
	struct memrw_set_target set = FILLED(struct memrw_set_target, filled_.reserved = 0,
					     filled_.pid = getpid()), expected = set;

	(void)state;
	assert_int_equal(session_command(session_open(O_RDWR), MEMRW_IOC_SET_TARGET, &set), 0);
	assert_bytes(&set, &expected, sizeof(set), "set_target");
}

/* A page, and nothing behind it. */
static uint64_t map_one_page(struct worker *target)
{
	uint64_t address = memory_map_anonymous(target, 2 * PAGE);

	memory_fill(target, address, PAGE, 1);
	assert_int_equal(memory_unmap(target, address + PAGE, PAGE), 0);
	return address;
}

static void a_read_leaves_alone_what_it_could_not_read(void **state)
{
	struct worker *target = worker_start(MEMBER);
	uint64_t end = map_one_page(target) + PAGE;
	int fd = session_open_bound(worker_pid(target));
	uint8_t bytes[256], untouched[256];
	struct memrw_transfer read = FILLED(struct memrw_transfer, filled_.address = end - 16,
					    filled_.buffer = (uintptr_t)bytes,
					    filled_.length = sizeof(bytes)), expected = read;

	(void)state;
	memset(bytes, FILL, sizeof(bytes));
	memset(untouched, FILL, sizeof(untouched));
	assert_int_equal(session_command(fd, MEMRW_IOC_READ, &read), 0);
	expected.done = 16;
	assert_bytes(&read, &expected, sizeof(read), "transfer");
	assert_bytes(bytes + 16, untouched, sizeof(bytes) - 16, "buffer");

	memset(bytes, FILL, sizeof(bytes));
	read.address = expected.address = end;
	assert_int_equal(session_command(fd, MEMRW_IOC_READ, &read), -EIO);
	expected.done = 0;
	assert_bytes(&read, &expected, sizeof(read), "failed transfer");
	assert_bytes(bytes, untouched, sizeof(bytes), "buffer");
}

static void a_batch_has_results_and_leaves_the_rest_alone(void **state)
{
	struct worker *target = worker_start(MEMBER);
	uint64_t end = map_one_page(target) + PAGE;
	int fd = session_open_bound(worker_pid(target));
	uint8_t bytes[64], untouched[64];
	struct memrw_segment segments[2] = {
		{ end - 8, (uintptr_t)bytes, 32, 0x5555555555555555 },
		{ end, (uintptr_t)bytes + 32, 32, 0x5555555555555555 },
	}, results[2];
	struct memrw_batch batch = FILLED(struct memrw_batch,
					  filled_.segments = (uintptr_t)segments,
					  filled_.count = 2), expected = batch;

	(void)state;
	memset(bytes, FILL, sizeof(bytes));
	memset(untouched, FILL, sizeof(untouched));
	memcpy(results, segments, sizeof(results));
	results[0].result = 8;
	results[1].result = -EIO;
	expected.done = 2;
	assert_int_equal(session_command(fd, MEMRW_IOC_READV, &batch), 0);
	assert_bytes(&batch, &expected, sizeof(batch), "batch");
	assert_bytes(segments, results, sizeof(results), "segments");
	assert_bytes(bytes + 8, untouched, sizeof(bytes) - 8, "buffers");
}

static void an_atomic_operation_tells_the_word_alone(void **state)
{
	struct worker *target = worker_start(MEMBER);
	uint64_t address = map_one_page(target);
	int fd = session_open_bound(worker_pid(target));
	struct memrw_atomic load = FILLED(struct memrw_atomic, filled_.address = address,
					  filled_.op = MEMRW_ATOMIC_LOAD, filled_.width = 1,
					  filled_.operand = 0, filled_.expected = 0);
	struct memrw_atomic store = load, expected = load;

	(void)state;
	memory_poke(target, address, 0xffffffffffffff42);
	expected.old = 0x42;
	assert_int_equal(session_command(fd, MEMRW_IOC_ATOMIC, &load), 0);
	assert_bytes(&load, &expected, sizeof(load), "load");

	store.op = expected.op = MEMRW_ATOMIC_STORE;
	store.old = 0x5555555555555555;
	expected.old = 0;
	assert_int_equal(session_command(fd, MEMRW_IOC_ATOMIC, &store), 0);
	assert_bytes(&store, &expected, sizeof(store), "store");
}

static void a_region_has_no_byte_but_its_own(void **state)
{
	struct worker *target = worker_start(MEMBER);
	uint64_t address = map_one_page(target);
	int fd = session_open_bound(worker_pid(target));
	char name[64], expected_name[64];
	struct memrw_query_region region =
		FILLED(struct memrw_query_region, filled_.address = address,
		       filled_.name = (uintptr_t)name, filled_.name_size = sizeof(name));
	struct memrw_query_region expected = {
		.size = sizeof(region), .address = address, .name = (uintptr_t)name,
		.properties = MEMRW_REGION_READ | MEMRW_REGION_WRITE,
	};

	(void)state;
	memset(name, FILL, sizeof(name));
	memset(expected_name, FILL, sizeof(expected_name));
	expected_name[0] = '\0';
	assert_int_equal(session_command(fd, MEMRW_IOC_QUERY_REGION, &region), 0);
	/* The kernel may have put the page to others. */
	assert_in_range(address, region.start, region.end - 1);
	expected.start = region.start;
	expected.end = region.end;
	assert_int_equal((region.start | region.end) % PAGE, 0);
	assert_bytes(&region, &expected, sizeof(region), "region without a file");
	assert_bytes(name, expected_name, sizeof(name), "no name");
}

static void a_regions_name_has_nothing_behind_it(void **state)
{
	char name[64], expected[64];
	struct memrw_query_region region =
		FILLED(struct memrw_query_region, filled_.address = 0,
		       filled_.name = (uintptr_t)name, filled_.name_size = sizeof(name));
	int fd = session_open_bound(getpid());

	(void)state;
	do {
		memset(name, FILL, sizeof(name));
		region.name_size = sizeof(name);
		assert_int_equal(session_command(fd, MEMRW_IOC_QUERY_REGION, &region), 0);
		region.address = region.end;
	} while (strcmp(name, "[stack]"));
	memset(expected, FILL, sizeof(expected));
	strcpy(expected, "[stack]");
	assert_int_equal(region.name_size, sizeof("[stack]"));
	assert_bytes(name, expected, sizeof(name), "name");
}

/* Addresses. */

static void assert_no_address_in_text(const char *text, const char *what)
{
	uint64_t address = kernel_address_in_text(text);

	if (address)
		fail_msg("0x%llx in %s", (unsigned long long)address, what);
}

static void assert_no_address_in_bytes(const void *bytes, size_t size, const char *what)
{
	uint64_t address = kernel_address_in_bytes(bytes, size);

	if (address)
		fail_msg("0x%llx in %s", (unsigned long long)address, what);
}

static void the_search_finds_an_address_in_text(void **state)
{
	static char text[4 << 20];

	(void)state;
	assert_true(kernel_address_in_text("at ffff888012345678.") != 0);
	assert_true(kernel_address_in_text("0xffffffff81000000") != 0);
	assert_true(kernel_address_in_text("0xfffffffffffffffb 00007fff12345678 ffff8880123456789") == 0);
	/* root's, of the real kernel: or kallsyms is restricted for all. */
	assert_true(file_read("/proc/kallsyms", text, sizeof(text)) > 0);
	if (!kernel_address_in_text(text))
		skip_because("the kernel hides them from root, too");
}

static void in_no_struct_is_a_kernel_address(void **state)
{
	int fd = session_open_bound(getpid());
	struct memrw_query_region region = { .size = sizeof(region) };
	struct memrw_get_target target = { .size = sizeof(target) };
	struct memrw_info info = { .size = sizeof(info) };
	unsigned int count = 0;

	(void)state;
	assert_int_equal(session_command(fd, MEMRW_IOC_GET_INFO, &info), 0);
	assert_no_address_in_bytes(&info, sizeof(info), "memrw_info");
	assert_int_equal(session_command(fd, MEMRW_IOC_GET_TARGET, &target), 0);
	assert_no_address_in_bytes(&target, sizeof(target), "memrw_get_target");
	while (!session_command(fd, MEMRW_IOC_QUERY_REGION, &region)) {
		assert_no_address_in_bytes(&region, sizeof(region), "memrw_query_region");
		region.address = region.end;
		count++;
	}
	assert_true(count > 5);
}

static char searched[PATH_MAX];
static unsigned int files_searched;

static int search_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	static char text[1 << 20];

	(void)st;
	(void)ftw;
	/* What cannot be read tells nothing. */
	if (type != FTW_F || file_read(path, text, sizeof(text)) < 0)
		return 0;
	files_searched++;
	if (!kernel_address_in_text(text))
		return 0;
	snprintf(searched, sizeof(searched), "%s", path);
	return 1;
}

/* Runs in a member; the number of files, and @arg the path of one with an address. */
static long search_files(void *arg)
{
	const char *places[] = { "/sys/module/memrw", "/sys/class/misc/memrw/", "/proc/modules",
				 "/proc/kallsyms", "/proc/misc", "/proc/self/fdinfo",
				 "/proc/self/maps", "/proc/self/wchan", "/proc/self/stack" };

	((char *)arg)[0] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (nftw(places[i], search_file, 16, FTW_PHYS) == 1)
			strcpy(arg, searched);
	}
	return files_searched;
}

static void an_ordinary_user_finds_no_kernel_address_in_files(void **state)
{
	char path[WORKER_ARG_MAX] = "";
	long count;

	(void)state;
	session_open_bound(getpid());
	count = worker_call(worker_start(MEMBER), search_files, path, sizeof(path));
	if (path[0])
		fail_msg("a kernel address in %s", path);
	note("%ld files", count);
	/* /proc/modules, kallsyms, misc, maps, and some of the driver's own. */
	assert_true(count >= 10);
}

static void an_ordinary_user_finds_no_kernel_address_in_what_memrw_prints(void **state)
{
	static char text[1 << 20];
	size_t n;
	FILE *out;

	(void)state;
	out = popen("exec 2>&1; tests/vm/as member sh -c 'memrw info; memrw info --json;"
		    " memrw maps --via driver $$; memrw maps --via driver --json $$;"
		    " memrw read --via driver 1 0 8; memrw read --via driver $$ 0xffff888000000 8'",
		    "r");
	assert_non_null(out);
	n = fread(text, 1, sizeof(text) - 1, out);
	text[n] = '\0';
	pclose(out);
	if (!strstr(text, "[stack]"))
		skip_because("the command is not here");
	assert_no_address_in_text(text, "the output of memrw");
}

/* All that leaves a trace, well and badly done. */
static void do_everything(void)
{
	uint64_t word = 1, old = 0;
	struct memrw_segment segments[2] = {
		segment((uintptr_t)&word, &old, sizeof(old)), segment(0, &old, sizeof(old)),
	};
	struct memrw_atomic load = { .op = MEMRW_ATOMIC_LOAD, .width = 8 };
	int fd = session_open(O_RDWR);

	session_bind(fd, 1 << 30);
	assert_int_equal(session_bind(fd, getpid()), 0);
	assert_int_equal(session_pread(fd, (uintptr_t)&word, &old, 8), 8);
	session_pread(fd, 0, &old, 8);
	session_pwrite(fd, (uintptr_t)&word, &old, 8);
	session_readv(fd, segments, 2, 0);
	session_writev(fd, segments, 2, 0);
	session_atomic(fd, load, NULL);
	load.address = (uintptr_t)&word;
	assert_int_equal(session_atomic(fd, load, NULL), 0);
}

static void the_trace_shows_no_kernel_address(void **state)
{
	char *text;

	(void)state;
	trace_start("memrw");
	do_everything();
	text = trace_stop();
	assert_true(trace_has(text, "memrw_atomic", getpid()));
	assert_no_address_in_text(text, "the trace");
	free(text);
}

/* Events as they lie in one page of a processor's buffer; bytes read. */
static ssize_t read_raw_page(int cpu, void *page, size_t size)
{
	char path[PATH_MAX];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/per_cpu/cpu%d/trace_pipe_raw", trace_root(), cpu);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = read(fd, page, size);
	close(fd);
	return n > 0 ? n : 0;
}

/* Behind a time and their length: what is further is not part of them. */
static size_t raw_events(const void *page, ssize_t n)
{
	uint64_t length;

	if (n < 16)
		return 0;
	memcpy(&length, (const char *)page + 8, sizeof(length));
	length &= 0xfffff;
	return length < (size_t)n - 16 ? length : (size_t)n - 16;
}

/* The events that are in the buffers now; the first address in them, or 0. */
static uint64_t address_in_raw_events(size_t *bytes)
{
	static _Alignas(8) char page[PAGE_MAX];
	uint64_t found = 0;

	*bytes = 0;
	/* Or else to read them could make more of them. */
	trace_pause();
	for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_CONF); cpu++) {
		size_t n;

		while ((n = raw_events(page, read_raw_page(cpu, page, PAGE)))) {
			*bytes += n;
			found = found ?: kernel_address_in_bytes(page + 16, n);
		}
	}
	return found;
}

static void raw_events_hold_no_kernel_address(void **state)
{
	uint64_t address;
	size_t bytes;

	(void)state;
	trace_start("memrw");
	do_everything();
	address = address_in_raw_events(&bytes);
	free(trace_stop());
	note("%zu bytes", bytes);
	assert_true(bytes > 8 * 24);
	if (address)
		fail_msg("0x%llx in a raw event", (unsigned long long)address);
}

static void the_search_finds_an_address_in_raw_events(void **state)
{
	uint64_t address;
	size_t bytes;

	(void)state;
	trace_start("kmem/kmalloc");
	session_close(session_open(O_RDWR));
	address = address_in_raw_events(&bytes);
	free(trace_stop());
	assert_true(address != 0);
}

/* One line of a format: "field:TYPE NAME;  offset:N;  size:N;  signed:N;" */
static size_t check_field(const char *line, size_t expected_offset, const char *event)
{
	unsigned int offset, size;
	char declared[128];

	if (sscanf(line, " field:%127[^;]; offset:%u; size:%u;", declared, &offset, &size) != 3)
		fail_msg("%s: %s", event, line);
	if (strchr(declared, '*') || strstr(declared, "ptr"))
		fail_msg("%s: a pointer: %s", event, declared);
	if (offset != expected_offset)
		fail_msg("%s: %zu bytes before %s are of no field", event,
			 offset - expected_offset, declared);
	return offset + size;
}

static void check_format(const char *event)
{
	char path[PATH_MAX], text[4096];
	size_t end = 0;
	int fields = 0;

	snprintf(path, sizeof(path), "%s/events/memrw/%s/format", trace_root(), event);
	assert_true(file_read(path, text, sizeof(text)) > 0);
	for (const char *line = strstr(text, "\tfield:"); line; line = strstr(line + 1, "\tfield:")) {
		end = check_field(line, end, event);
		fields++;
	}
	assert_true(fields > 4);
	/* As large as the struct that they are in; all words of 4 bytes, or some of 8. */
	assert_int_equal(end % (strstr(text, "size:8;") ? 8 : 4), 0);
}

static void events_are_numbers_without_a_gap(void **state)
{
	char path[PATH_MAX];
	struct dirent *entry;
	int events = 0;
	DIR *dir;

	(void)state;
	if (!trace_root())
		skip_because("the kernel has no tracefs");
	snprintf(path, sizeof(path), "%s/events/memrw", trace_root());
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, "memrw_", 6))
			continue;
		check_format(entry->d_name);
		events++;
	}
	closedir(dir);
	assert_true(events >= 4);
}

static long open_file(void *path)
{
	return open(path, O_RDONLY | O_CLOEXEC) < 0 ? -errno : 0;
}

static void an_ordinary_user_cannot_read_the_trace(void **state)
{
	char path[128];

	(void)state;
	if (!trace_root())
		skip_because("the kernel has no tracefs");
	snprintf(path, sizeof(path), "%s/trace", trace_root());
	assert_int_equal(worker_call(worker_start(MEMBER), open_file, path, sizeof(path)),
			 -EACCES);
}

static void the_kernels_log_shows_no_kernel_address(void **state)
{
	char *text;

	(void)state;
	klog_mark();
	do_everything();
	text = klog_since_mark();
	assert_no_address_in_text(text, "the log");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		behaviour(info_has_no_byte_but_its_own),
		behaviour(a_targets_name_has_nothing_of_a_longer_one_behind_it),
		behaviour(set_target_comes_back_as_it_was),
		behaviour(a_read_leaves_alone_what_it_could_not_read),
		behaviour(a_batch_has_results_and_leaves_the_rest_alone),
		behaviour(an_atomic_operation_tells_the_word_alone),
		behaviour(a_region_has_no_byte_but_its_own),
		behaviour(a_regions_name_has_nothing_behind_it),
		behaviour(the_search_finds_an_address_in_text),
		behaviour(in_no_struct_is_a_kernel_address),
		behaviour(an_ordinary_user_finds_no_kernel_address_in_files),
		behaviour(an_ordinary_user_finds_no_kernel_address_in_what_memrw_prints),
		behaviour(the_trace_shows_no_kernel_address),
		behaviour(raw_events_hold_no_kernel_address),
		behaviour(the_search_finds_an_address_in_raw_events),
		behaviour(events_are_numbers_without_a_gap),
		behaviour(an_ordinary_user_cannot_read_the_trace),
		behaviour(the_kernels_log_shows_no_kernel_address),
	};

	return run_behaviours(tests);
}
