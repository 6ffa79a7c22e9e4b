// SPDX-License-Identifier: GPL-2.0-only
/* A 32-bit program on the 64-bit kernel: as a caller, and as a target. */
#include <fcntl.h>
#include <inttypes.h>
#include <linux/audit.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/maps.h"
#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/watch.h"
#include "lib/worker.h"

#define LENGTH 16384UL

static struct worker *target;
static uint64_t address;	/* above 4 GiB */

static char output[LENGTH + 1];
static size_t output_length;

/* What the helper is built for; many an arm64 processor runs none. */
static void need_32_bit_programs(void)
{
#ifndef __x86_64__
	skip_because("only x86-64 has 32-bit programs here");
#endif
}

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	address = memory_map_pattern(target, LENGTH, 1);
	return 0;
}

/* Runs the 32-bit program; its exit status, its output in output. */
static int client(const char *format, ...) __attribute__((format(printf, 1, 2)));

static int client(const char *format, ...)
{
	char arguments[256], command[4400];
	va_list ap;
	FILE *pipe;
	int status;

	need_32_bit_programs();
	va_start(ap, format);
	vsnprintf(arguments, sizeof(arguments), format, ap);
	va_end(ap);
	snprintf(command, sizeof(command), "%s %s", helper_path("client32"), arguments);
	pipe = popen(command, "re");
	assert_non_null(pipe);
	output_length = fread(output, 1, LENGTH, pipe);
	output[output_length] = '\0';
	status = pclose(pipe);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127)
		skip_because("the kernel runs no 32-bit programs");
	return WEXITSTATUS(status);
}

static void structs_have_the_same_layout(void **state)
{
	char expected[128];

	(void)state;
	snprintf(expected, sizeof(expected), "%zu %zu %zu %zu %zu\n", sizeof(struct memrw_info),
		 sizeof(struct memrw_set_target), sizeof(struct memrw_get_target),
		 sizeof(struct memrw_transfer), sizeof(struct memrw_query_region));
	assert_int_equal(client("layout"), 0);
	assert_string_equal(output, expected);
}

static void get_info_answers_the_same(void **state)
{
	struct memrw_info info;
	char expected[128];

	(void)state;
	assert_int_equal(session_get_info(session_open(O_RDWR), &info), 0);
	snprintf(expected, sizeof(expected), "%u %u %llu %s\n", info.abi_version, info.page_size,
		 info.features, info.version);
	assert_int_equal(client("info"), 0);
	assert_string_equal(output, expected);
}

static void get_target_answers_the_same(void **state)
{
	char expected[64];

	(void)state;
	snprintf(expected, sizeof(expected), "%d %d\n", worker_pid(target), MEMRW_TARGET_BOUND);
	assert_int_equal(client("target %d", worker_pid(target)), 0);
	assert_string_equal(output, expected);
}

static void assert_client_reads(const char *how)
{
	uint8_t reference[LENGTH];

	assert_true(address > UINT32_MAX);
	assert_int_equal(client("%s %d %#" PRIx64 " %zu", how, worker_pid(target), address,
				LENGTH), 0);
	assert_int_equal(output_length, LENGTH);
	assert_int_equal(reference_read(worker_pid(target), address, reference, LENGTH), LENGTH);
	assert_memory_equal(output, reference, LENGTH);
}

static void read_command_reads_above_4_gib(void **state)
{
	(void)state;
	assert_client_reads("read");
}

static void pread_reads_above_4_gib(void **state)
{
	(void)state;
	assert_client_reads("pread");
}

static void assert_client_writes(const char *how)
{
	char word[9] = "";

	assert_int_equal(client("%s %d %#" PRIx64 " newtext", how, worker_pid(target), address),
			 0);
	assert_string_equal(output, "7\n");
	assert_int_equal(reference_read(worker_pid(target), address, word, 7), 7);
	assert_string_equal(word, "newtext");
}

static void write_command_writes_above_4_gib(void **state)
{
	(void)state;
	assert_client_writes("write");
}

static void pwrite_writes_above_4_gib(void **state)
{
	(void)state;
	assert_client_writes("pwrite");
}

static void errors_are_the_same(void **state)
{
	(void)state;
	assert_int_equal(client("read %d 0 8", worker_pid(target)), EIO);
	assert_int_equal(client("pread %d 0 8", worker_pid(target)), EIO);
	assert_int_equal(client("write %d 0xffffffff81000000 x", worker_pid(target)), EIO);
	assert_int_equal(client("target %d", 1 << 23), ESRCH);
	assert_int_equal(client("target -1"), EINVAL);
	assert_int_equal(client("region %d 0xffffffffffff0000", worker_pid(target)), EIO);
}

static void query_region_answers_as_maps(void **state)
{
	struct map_entry entry;
	char expected[4500];

	(void)state;
	assert_true(maps_find(worker_pid(target), "[stack]", &entry));
	snprintf(expected, sizeof(expected),
		 "%" PRIx64 " %" PRIx64 " %x %" PRIx64 " %" PRIu64 " %x:%x %s\n", entry.start,
		 entry.end, entry.properties, entry.offset, entry.inode, entry.major, entry.minor,
		 entry.name);
	assert_int_equal(client("region %d %#" PRIx64, worker_pid(target), entry.start), 0);
	assert_string_equal(output, expected);
}

/* As what client32 does by that name. */
static pid_t start_target32(char *command, uint64_t *at, char *text)
{
	char line[128] = "";
	int pipe_fds[2];
	pid_t pid;

	need_32_bit_programs();
	assert_return_code(pipe2(pipe_fds, O_CLOEXEC), errno);
	pid = fork();
	if (!pid) {
		dup2(pipe_fds[1], STDOUT_FILENO);
		execl(helper_path("client32"), "client32", command, NULL);
		_exit(127);
	}
	close(pipe_fds[1]);
	if (read(pipe_fds[0], line, sizeof(line) - 1) <= 0 ||
	    sscanf(line, "%" SCNx64 " %63[^\n]", at, text) != 2) {
		waitpid(pid, NULL, 0);
		close(pipe_fds[0]);
		skip_because("the kernel runs no 32-bit programs");
	}
	close(pipe_fds[0]);
	return pid;
}

static void a_32_bit_target_reads_and_writes(void **state)
{
	char text[64], read_back[64] = "";
	uint64_t at = 0;
	pid_t pid = start_target32("idle", &at, text);
	int fd = session_open_bound(pid);

	(void)state;
	assert_true(at && at <= UINT32_MAX);
	assert_int_equal(session_read(fd, at, read_back, strlen(text), 0), strlen(text));
	assert_string_equal(read_back, text);
	assert_int_equal(assert_reads_match(fd, pid, at, strlen(text)), strlen(text));
	assert_int_equal(session_write(fd, at, "changed", 7, 0), 7);
	assert_int_equal(reference_read(pid, at, read_back, 7), 7);
	assert_memory_equal(read_back, "changed", 7);
	/* Above what it can have. */
	assert_int_equal(assert_reads_match(fd, pid, 0x100000000, 8), -EIO);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void a_32_bit_target_is_watched(void **state)
{
	struct memrw_watch_hit hits[3];
	char text[64];
	uint64_t at = 0;
	pid_t pid = start_target32("count", &at, text);
	struct memrw_set_watch set = watch_stores(at);
	int watch;

	(void)state;
	set.length = 4;
	watch = watch_open(session_open_bound(pid), set);
	assert_int_equal(watch_read(watch, hits, ARRAY_SIZE(hits)), ARRAY_SIZE(hits));
	for (size_t i = 0; i < ARRAY_SIZE(hits); i++) {
		assert_int_equal(hits[i].tid, pid);
		/* What was counted while the watch was being set is in the first. */
		if (i)
			assert_int_equal(hits[i].value, hits[i].before + 1);
		else
			assert_true(hits[i].value > hits[i].before);
		assert_int_equal(hits[i].architecture, AUDIT_ARCH_I386);
		assert_true(hits[i].ip && hits[i].ip <= UINT32_MAX);
		assert_int_equal(hits[i].ip, hits[0].ip);
		for (unsigned int caller = 0; caller < hits[i].nr_callers; caller++)
			assert_true(hits[i].callers[caller] <= UINT32_MAX);
	}
	close(watch);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void a_32_bit_target_has_no_more_addresses(void **state)
{
	char text[64];
	uint64_t at = 0;
	pid_t pid = start_target32("idle", &at, text);
	int session = session_open_bound(pid);

	(void)state;
	if (session_has_feature(session, MEMRW_FEATURE_WATCH))
		assert_int_equal(watch_try(session, watch_stores(1ULL << 32)), -EIO);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static long store_for_a_while(void *argument)
{
	for (int i = 0; i < 100000; i++) {
		*(volatile uint64_t *)(uintptr_t)*(uint64_t *)argument = 77;
		usleep(1000);
	}
	return 0;
}

static void a_hit_tells_a_32_bit_caller_the_same(void **state)
{
	char expected[64];

	(void)state;
	worker_send(target, store_for_a_while, &address, sizeof(address));
	assert_int_equal(client("watch %d %#" PRIx64, worker_pid(target), address), 0);
	snprintf(expected, sizeof(expected), "set\n77 %d 24\n", worker_pid(target));
	assert_string_equal(output, expected);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(structs_have_the_same_layout),
		on_target(get_info_answers_the_same),
		on_target(get_target_answers_the_same),
		on_target(read_command_reads_above_4_gib),
		on_target(pread_reads_above_4_gib),
		on_target(write_command_writes_above_4_gib),
		on_target(pwrite_writes_above_4_gib),
		on_target(errors_are_the_same),
		on_target(query_region_answers_as_maps),
		on_target(a_32_bit_target_reads_and_writes),
		on_target(a_32_bit_target_is_watched),
		on_target(a_32_bit_target_has_no_more_addresses),
		on_target(a_hit_tells_a_32_bit_caller_the_same),
	};

	return run_behaviours(tests);
}
