// SPDX-License-Identifier: GPL-2.0-only
/*
 * References and memory: sessions leave nothing behind, and the module cannot
 * go while one is open.  MEMRW_CYCLES says how often the first tests bind.
 */
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/watch.h"
#include "lib/worker.h"

#define CYCLES		100000
#define FIRST_CYCLES	1000	/* before the count begins */
#define GROWTH_KB	512	/* less than 8 bytes, the least there is, a cycle */
#define TARGETS		300
#define WARM_UP		20	/* targets before the count begins */
#define SLACK		40	/* objects that other processes may come to have meanwhile */

static unsigned long cycles(void)
{
	const char *text = getenv("MEMRW_CYCLES");

	return text ? strtoul(text, NULL, 0) : CYCLES;
}

/* Active objects of a slab cache; -1 if it is not there by that name. */
static long long slab_objects(const char *cache)
{
	char path[64], key[64];

	/* Free ones on the CPUs' own lists count as active, until this gives them back. */
	snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", cache);
	file_write(path, "1");
	snprintf(key, sizeof(key), "%s ", cache);
	return file_number("/proc/slabinfo", key);
}

struct count {
	const char *cache;
	long long limit;
};

static bool is_below_limit(void *arg)
{
	const struct count *count = arg;

	return slab_objects(count->cache) <= count->limit;
}

/* Freeing takes its time: RCU, and the CPUs' own lists. */
static void assert_returns_to(const char *cache, long long before)
{
	struct count count = { cache, before + SLACK };

	if (!eventually(is_below_limit, &count, 10000))
		fail_msg("%lld objects of %s, and %lld before", slab_objects(cache), cache, before);
}

static void need_slabinfo(void)
{
	if (slab_objects("mm_struct") < 0)
		skip_because("the kernel has no count of its mm_structs");
}

static void one_cycle(pid_t pid, uint64_t address)
{
	int fd = open(MEMRW_NODE, O_RDWR | O_CLOEXEC);
	uint64_t word = 0;

	if (fd < 0 || session_bind(fd, pid) || session_read(fd, address, &word, 8, 0) != 8)
		fail_msg("open, bind or read failed");
	close(fd);
}

/* Without what is free already, which goes up and down by hundreds of kB. */
static long long slab_kb(void)
{
	glob_t caches;

	assert_int_equal(glob("/sys/kernel/slab/*/shrink", 0, NULL, &caches), 0);
	for (size_t i = 0; i < caches.gl_pathc; i++)
		file_write(caches.gl_pathv[i], "1");
	globfree(&caches);
	return file_number("/proc/meminfo", "SUnreclaim:");
}

static bool slab_is_below(void *arg)
{
	return slab_kb() < *(long long *)arg;
}

static void assert_slab_did_not_grow(unsigned long count, long long before)
{
	long long limit = before + GROWTH_KB;
	bool below = eventually(slab_is_below, &limit, 5000);

	note("%lu times; unreclaimable slab before %lld kB, after %lld kB", count, before,
	     slab_kb());
	assert_true(below);
}

static void cycles_of_open_bind_read_close_leave_no_slab_behind(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	unsigned long total = cycles();
	long long before;

	(void)state;
	for (int i = 0; i < FIRST_CYCLES; i++)
		one_cycle(worker_pid(target), address);
	before = slab_kb();
	for (unsigned long i = 0; i < total; i++)
		one_cycle(worker_pid(target), address);
	assert_slab_did_not_grow(total, before);
}

static void rebinding_leaves_no_slab_behind(void **state)
{
	struct worker *target = worker_start(ROOT);
	int fd = session_open_bound(worker_pid(target));
	unsigned long total = cycles();
	long long before;

	(void)state;
	for (int i = 0; i < FIRST_CYCLES; i++)
		assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	before = slab_kb();
	for (unsigned long i = 0; i < total; i++)
		assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	assert_slab_did_not_grow(total, before);
}

static void one_watch(int fd, uint64_t address)
{
	int watch = watch_open(fd, watch_stores(address));

	assert_return_code(close(watch), errno);
}

static void watches_leave_no_slab_behind(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	int fd = session_open_bound(worker_pid(target));
	unsigned long total = cycles() / 10;
	long long before;

	(void)state;
	for (int i = 0; i < FIRST_CYCLES / 10; i++)
		one_watch(fd, address);
	before = slab_kb();
	for (unsigned long i = 0; i < total; i++)
		one_watch(fd, address);
	assert_slab_did_not_grow(total, before);
}

/* A process that only starts processes, for as long as the test runs. */
static pid_t start_forker(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	for (;;) {
		pid = fork();
		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

/* Bind to a process that ends, so that the session has the last reference to its mm. */
static void bind_to_the_dead(int fd)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	assert_int_equal(session_bind(fd, pid), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Freeing an mm takes a lock that starting a process holds. */
static void dead_targets_are_replaced_while_processes_start(void **state)
{
	int fd = session_open(O_RDWR);
	pid_t forkers[4];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forkers); i++)
		forkers[i] = start_forker();
	for (unsigned long i = 0; i < cycles() / 50; i++)
		bind_to_the_dead(fd);
	for (size_t i = 0; i < ARRAY_SIZE(forkers); i++) {
		kill(forkers[i], SIGKILL);
		waitpid(forkers[i], NULL, 0);
	}
	session_close(fd);
}

static const char * const caches[] = { "mm_struct", "task_struct", "pid" };

static void bind_and_read(struct worker *target)
{
	one_cycle(worker_pid(target), (uintptr_t)caches);
}

static void bind_zombie(struct worker *target)
{
	int fd = session_open(O_RDWR);

	worker_make_zombie(target);
	assert_int_equal(session_bind(fd, worker_pid(target)), -ESRCH);
	session_close(fd);
}

static void use_up_targets(int count, void (*use)(struct worker *target))
{
	for (int i = 0; i < count; i++) {
		use(worker_start(ROOT));
		workers_stop();
	}
}

/* Each of many targets is used once, so that each reference that stays shows. */
static void assert_no_object_stays(void (*use)(struct worker *target))
{
	long long before[ARRAY_SIZE(caches)];

	need_slabinfo();
	use_up_targets(WARM_UP, use);
	for (size_t i = 0; i < ARRAY_SIZE(caches); i++)
		before[i] = slab_objects(caches[i]);
	use_up_targets(TARGETS, use);
	for (size_t i = 0; i < ARRAY_SIZE(caches); i++) {
		if (before[i] >= 0)
			assert_returns_to(caches[i], before[i]);
	}
}

static void targets_that_exited_leave_no_object_behind(void **state)
{
	(void)state;
	assert_no_object_stays(bind_and_read);
}

static void failed_binds_leave_no_object_behind(void **state)
{
	(void)state;
	assert_no_object_stays(bind_zombie);
}

/* The other way round, so that the two tests above have something to find. */
static void an_open_session_keeps_the_mm_struct_until_it_is_closed(void **state)
{
	static int sessions[TARGETS];
	long long before, held;

	(void)state;
	need_slabinfo();
	before = slab_objects("mm_struct");
	for (int i = 0; i < TARGETS; i++) {
		struct worker *target = worker_start(ROOT);

		sessions[i] = session_open_bound(worker_pid(target));
		workers_stop();
	}
	held = slab_objects("mm_struct");
	note("%lld mm_structs before, %lld while %d sessions are open", before, held, TARGETS);
	assert_in_range(held, before + TARGETS - SLACK, before + TARGETS + SLACK);
	for (int i = 0; i < TARGETS; i++)
		session_close(sessions[i]);
	assert_returns_to("mm_struct", before);
}

static int run(const char *command)
{
	int status = system(command);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static long long module_references(void)
{
	return file_number("/sys/module/memrw/refcnt", "");
}

static bool module_is_loaded(void)
{
	return !access("/sys/module/memrw", F_OK);
}

/* udev gives the node its group. */
static bool node_is_ready(void *arg)
{
	struct stat st;

	(void)arg;
	return !stat(MEMRW_NODE, &st) && (st.st_mode & 0777) == 0660 && st.st_gid != 0;
}

static void need_module_tools(void)
{
	if (run("modprobe --dry-run --ignore-install --first-time memrw >/dev/null 2>&1;"
		"modinfo memrw >/dev/null 2>&1"))
		skip_because("modprobe does not find memrw");
}

static void assert_rmmod_refused(void)
{
	assert_int_not_equal(run("rmmod memrw 2>/dev/null"), 0);
	assert_true(module_is_loaded());
}

static void rmmod_is_refused_while_a_descriptor_is_open(void **state)
{
	int fd = session_open(O_RDWR);

	(void)state;
	assert_int_equal(module_references(), 1);
	assert_rmmod_refused();
	/* And it still works. */
	assert_int_equal(session_bind(fd, getpid()), 0);
	session_close(fd);
	assert_int_equal(module_references(), 0);
}

static void rmmod_is_refused_while_a_child_has_the_descriptor(void **state)
{
	int fd = session_open(O_RDWR);

	(void)state;
	worker_start(ROOT);
	session_close(fd);
	assert_rmmod_refused();
	workers_stop();
	assert_int_equal(module_references(), 0);
}

static void rmmod_is_clean_and_the_module_loads_again(void **state)
{
	(void)state;
	need_module_tools();
	for (int i = 0; i < 5; i++) {
		struct worker *target = worker_start(ROOT);
		int fd = session_open_bound(worker_pid(target));

		/* What it frees later must be freed before its code goes. */
		for (int j = 0; j < 100; j++)
			assert_int_equal(session_bind(fd, worker_pid(target)), 0);
		session_close(fd);
		assert_int_equal(run("rmmod memrw"), 0);
		assert_false(module_is_loaded());
		assert_int_not_equal(access(MEMRW_NODE, F_OK), 0);
		assert_int_equal(run("modprobe memrw"), 0);
		assert_true(eventually(node_is_ready, NULL, 10000));
		workers_stop();
	}
	one_cycle(getpid(), (uintptr_t)caches);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		behaviour(cycles_of_open_bind_read_close_leave_no_slab_behind),
		behaviour(rebinding_leaves_no_slab_behind),
		behaviour(watches_leave_no_slab_behind),
		behaviour(dead_targets_are_replaced_while_processes_start),
		behaviour(targets_that_exited_leave_no_object_behind),
		behaviour(failed_binds_leave_no_object_behind),
		behaviour(an_open_session_keeps_the_mm_struct_until_it_is_closed),
		behaviour(rmmod_is_refused_while_a_descriptor_is_open),
		behaviour(rmmod_is_refused_while_a_child_has_the_descriptor),
		behaviour(rmmod_is_clean_and_the_module_loads_again),
	};

	return run_behaviours(tests);
}
