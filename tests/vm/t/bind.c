// SPDX-License-Identifier: GPL-2.0-only
/* MEMRW_IOC_SET_TARGET: what can be bound, and what a refusal leaves. */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define KTHREADD 2

static void read_without_target_is_ebadfd(void **state)
{
	uint64_t word;

	(void)state;
	assert_int_equal(session_read(session_open(O_RDWR), 0x1000, &word, sizeof(word), 0),
			 -EBADFD);
}

static void write_without_target_is_ebadfd(void **state)
{
	uint64_t word = 0;

	(void)state;
	assert_int_equal(session_write(session_open(O_RDWR), 0x1000, &word, sizeof(word), 0),
			 -EBADFD);
}

static void pread_without_target_is_ebadfd(void **state)
{
	uint64_t word;

	(void)state;
	assert_int_equal(session_pread(session_open(O_RDWR), 0x1000, &word, sizeof(word)), -EBADFD);
}

static void pwrite_without_target_is_ebadfd(void **state)
{
	uint64_t word = 0;

	(void)state;
	assert_int_equal(session_pwrite(session_open(O_RDWR), 0x1000, &word, sizeof(word)),
			 -EBADFD);
}

static void get_target_without_target_is_ebadfd(void **state)
{
	struct memrw_get_target target;

	(void)state;
	assert_int_equal(session_get_target(session_open(O_RDWR), &target), -EBADFD);
}

static void query_region_without_target_is_ebadfd(void **state)
{
	struct memrw_query_region region;

	(void)state;
	assert_int_equal(session_query_region(session_open(O_RDWR), 0, &region, NULL, 0), -EBADFD);
}

static void bind_to_nonexistent_pid_is_esrch(void **state)
{
	(void)state;
	/* Above the largest that pid_max can be set to. */
	assert_int_equal(session_bind(session_open(O_RDWR), 1 << 23), -ESRCH);
}

static void bind_to_reaped_process_is_esrch(void **state)
{
	struct worker *target = worker_start(ROOT);

	(void)state;
	assert_true(worker_kill(target, SIGKILL, 5000));
	assert_int_equal(session_bind(session_open(O_RDWR), worker_pid(target)), -ESRCH);
}

static void bind_to_zombie_is_esrch(void **state)
{
	struct worker *target = worker_start(ROOT);

	(void)state;
	worker_make_zombie(target);
	assert_int_equal(session_bind(session_open(O_RDWR), worker_pid(target)), -ESRCH);
}

static void bind_to_kernel_thread_is_einval(void **state)
{
	(void)state;
	assert_int_equal(session_bind(session_open(O_RDWR), KTHREADD), -EINVAL);
}

static void bind_to_minus_one_is_einval(void **state)
{
	(void)state;
	assert_int_equal(session_bind(session_open(O_RDWR), -1), -EINVAL);
}

static void bind_to_int_min_is_einval(void **state)
{
	(void)state;
	assert_int_equal(session_bind(session_open(O_RDWR), INT_MIN), -EINVAL);
}

struct bind_request {
	int fd;
	pid_t pid;
};

static long bind_in_worker(void *arg)
{
	const struct bind_request *request = arg;

	return session_bind(request->fd, request->pid);
}

static long own_pid(void *arg)
{
	(void)arg;
	return getpid();
}

static void bind_to_pid_outside_the_callers_namespace_is_esrch(void **state)
{
	struct bind_request request = { .fd = session_open(O_RDWR), .pid = getpid() };
	struct worker *caller = worker_start_pidns(ROOT);

	(void)state;
	assert_int_equal(worker_call(caller, bind_in_worker, &request, sizeof(request)), -ESRCH);
}

static void pid_is_looked_up_in_the_callers_namespace(void **state)
{
	struct bind_request request = { .fd = session_open(O_RDWR), .pid = 1 };
	struct worker *caller = worker_start_pidns(ROOT);
	struct memrw_get_target target;

	(void)state;
	assert_int_equal(worker_call(caller, own_pid, NULL, 0), 1);
	assert_int_equal(worker_call(caller, bind_in_worker, &request, sizeof(request)), 0);
	/* Seen from here, the session's target is the worker. */
	assert_int_equal(session_get_target(request.fd, &target), 0);
	assert_int_equal(target.pid, worker_pid(caller));
}

static pthread_barrier_t thread_started;

static void *run_thread(void *arg)
{
	*(pid_t *)arg = syscall(SYS_gettid);
	pthread_barrier_wait(&thread_started);
	for (;;)
		pause();
	return NULL;
}

static long start_thread(void *arg)
{
	static pid_t tid;
	pthread_t thread;

	(void)arg;
	pthread_barrier_init(&thread_started, NULL, 2);
	if (pthread_create(&thread, NULL, run_thread, &tid))
		return -1;
	pthread_barrier_wait(&thread_started);
	return tid;
}

static void bind_to_a_thread_binds_its_process(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 7);
	pid_t tid = worker_call(target, start_thread, NULL, 0);
	struct memrw_get_target answer;
	uint8_t page[PAGE];
	int fd;

	(void)state;
	assert_int_not_equal(tid, worker_pid(target));
	fd = session_open_bound(tid);
	assert_int_equal(session_read(fd, address, page, PAGE, 0), PAGE);
	assert_true(pattern_matches(page, PAGE, 0, 7));
	assert_int_equal(session_get_target(fd, &answer), 0);
	assert_int_equal(answer.pid, worker_pid(target));
}

static long leave_to_thread(void *arg)
{
	long tid = start_thread(NULL);

	(void)arg;
	/* As pthread_exit() from main() does: the thread keeps the memory. */
	if (tid > 0)
		syscall(SYS_exit, 0);
	return -1;
}

static pid_t other_thread(pid_t pid)
{
	char command[64];
	FILE *file;
	int tid = 0;

	snprintf(command, sizeof(command), "ls /proc/%d/task | grep -vx %d", pid, pid);
	file = popen(command, "r");
	assert_non_null(file);
	if (fscanf(file, "%d", &tid) != 1)
		tid = 0;
	pclose(file);
	return tid;
}

static bool is_zombie(void *arg)
{
	char path[64], text[512];

	snprintf(path, sizeof(path), "/proc/%d/stat", worker_pid(arg));
	FILE *file = fopen(path, "re");
	bool zombie = file && fgets(text, sizeof(text), file) && strstr(text, ") Z ");

	if (file)
		fclose(file);
	return zombie;
}

static void a_process_whose_first_thread_ended_stays_bound(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 8);
	int fd = session_open_bound(worker_pid(target));
	uint8_t page[PAGE];

	(void)state;
	worker_send(target, leave_to_thread, NULL, 0);
	assert_true(eventually(is_zombie, target, 5000));
	assert_int_equal(session_read(fd, address, page, PAGE, 0), PAGE);
	assert_true(pattern_matches(page, PAGE, 0, 8));
	assert_int_equal(session_state(fd), MEMRW_TARGET_BOUND);
}

static void a_process_whose_first_thread_ended_can_be_bound_by_another(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 9);
	uint8_t page[PAGE];
	int fd;

	(void)state;
	worker_send(target, leave_to_thread, NULL, 0);
	assert_true(eventually(is_zombie, target, 5000));
	fd = session_open_bound(other_thread(worker_pid(target)));
	assert_int_equal(session_read(fd, address, page, PAGE, 0), PAGE);
	assert_true(pattern_matches(page, PAGE, 0, 9));
	assert_int_equal(session_state(fd), MEMRW_TARGET_BOUND);
}

static void bind_to_pid_zero_unbinds(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	int fd = session_open_bound(worker_pid(target));
	uint64_t word;

	(void)state;
	assert_int_equal(session_bind(fd, 0), 0);
	assert_int_equal(session_read(fd, address, &word, sizeof(word), 0), -EBADFD);
}

static void bind_to_pid_zero_without_target_succeeds(void **state)
{
	(void)state;
	assert_int_equal(session_bind(session_open(O_RDWR), 0), 0);
}

static void bind_to_pid_zero_with_flags_is_einval(void **state)
{
	(void)state;
	assert_int_equal(session_bind_flags(session_open(O_RDWR), 0, MEMRW_FORCE), -EINVAL);
}

static void bind_again_changes_the_target(void **state)
{
	struct worker *first = worker_start(ROOT), *second = worker_start(ROOT);
	uint64_t address = memory_map_pattern(second, PAGE, 2);
	int fd = session_open_bound(worker_pid(first));
	uint8_t page[PAGE];

	(void)state;
	assert_int_equal(session_bind(fd, worker_pid(second)), 0);
	assert_int_equal(session_read(fd, address, page, PAGE, 0), PAGE);
	assert_true(pattern_matches(page, PAGE, 0, 2));
}

static void bind_again_replaces_the_flags(void **state)
{
	struct worker *target = worker_start(ROOT);
	int fd = session_open(O_RDWR);
	struct memrw_get_target answer;

	(void)state;
	assert_int_equal(session_bind_flags(fd, worker_pid(target), MEMRW_FORCE), 0);
	assert_int_equal(session_bind(fd, worker_pid(target)), 0);
	assert_int_equal(session_get_target(fd, &answer), 0);
	assert_int_equal(answer.transfer_flags, 0);
}

static void assert_still_bound(int fd, struct worker *target, uint64_t address)
{
	struct memrw_get_target answer;
	uint8_t page[PAGE];

	assert_int_equal(session_get_target(fd, &answer), 0);
	assert_int_equal(answer.pid, worker_pid(target));
	assert_int_equal(answer.transfer_flags, MEMRW_NO_POPULATE);
	assert_int_equal(session_read(fd, address, page, PAGE, 0), PAGE);
	assert_true(pattern_matches(page, PAGE, 0, 3));
}

static void failed_bind_keeps_the_target(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_pattern(target, PAGE, 3);
	int fd = session_open(O_RDWR);

	(void)state;
	assert_int_equal(session_bind_flags(fd, worker_pid(target), MEMRW_NO_POPULATE), 0);
	assert_int_equal(session_bind(fd, 1 << 23), -ESRCH);
	assert_still_bound(fd, target, address);
	assert_int_equal(session_bind(fd, KTHREADD), -EINVAL);
	assert_still_bound(fd, target, address);
	assert_int_equal(session_bind_flags(fd, worker_pid(target), 1U << 31), -EINVAL);
	assert_still_bound(fd, target, address);
}

static long bind_and_read(void *arg)
{
	const struct bind_request *request = arg;
	int error = session_bind(request->fd, request->pid);
	uint64_t word;

	return error ? error : session_read(request->fd, (uintptr_t)&thread_started, &word, 8, 0);
}

static void refused_bind_of_a_new_session_leaves_it_unbound(void **state)
{
	struct bind_request request = { .fd = session_open(O_RDWR), .pid = getpid() };
	struct worker *caller = worker_start(MEMBER);
	uint64_t word;

	(void)state;
	assert_int_equal(worker_call(caller, bind_and_read, &request, sizeof(request)), -EPERM);
	assert_int_equal(session_read(request.fd, (uintptr_t)&thread_started, &word, 8, 0),
			 -EBADFD);
}

static void bind_works_on_a_read_only_descriptor(void **state)
{
	struct worker *target = worker_start(ROOT);

	(void)state;
	assert_int_equal(session_bind(session_open(O_RDONLY), worker_pid(target)), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		behaviour(read_without_target_is_ebadfd),
		behaviour(write_without_target_is_ebadfd),
		behaviour(pread_without_target_is_ebadfd),
		behaviour(pwrite_without_target_is_ebadfd),
		behaviour(get_target_without_target_is_ebadfd),
		behaviour(query_region_without_target_is_ebadfd),
		behaviour(bind_to_nonexistent_pid_is_esrch),
		behaviour(bind_to_reaped_process_is_esrch),
		behaviour(bind_to_zombie_is_esrch),
		behaviour(bind_to_kernel_thread_is_einval),
		behaviour(bind_to_minus_one_is_einval),
		behaviour(bind_to_int_min_is_einval),
		behaviour(bind_to_pid_outside_the_callers_namespace_is_esrch),
		behaviour(pid_is_looked_up_in_the_callers_namespace),
		behaviour(bind_to_a_thread_binds_its_process),
		behaviour(a_process_whose_first_thread_ended_stays_bound),
		behaviour(a_process_whose_first_thread_ended_can_be_bound_by_another),
		behaviour(bind_to_pid_zero_unbinds),
		behaviour(bind_to_pid_zero_without_target_succeeds),
		behaviour(bind_to_pid_zero_with_flags_is_einval),
		behaviour(bind_again_changes_the_target),
		behaviour(bind_again_replaces_the_flags),
		behaviour(failed_bind_keeps_the_target),
		behaviour(refused_bind_of_a_new_session_leaves_it_unbound),
		behaviour(bind_works_on_a_read_only_descriptor),
	};

	return run_behaviours(tests);
}
