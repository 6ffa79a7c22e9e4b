// SPDX-License-Identifier: GPL-2.0-only
/* Opening a target, and what becomes of it.  See transfer.c for its memory. */
#include "support/unit.h"
#include "image.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t witness = 0x1122334455667788;

static long do_nothing(long argument)
{
	return argument;
}

static long do_exit(long argument)
{
	_exit(argument);
}

static long exec_unrandomised(long argument)
{
	personality(ADDR_NO_RANDOMIZE);
	return child_exec(argument);
}

static struct child child;

static int stop_child(void **state)
{
	(void)state;
	child_stop(&child);
	return 0;
}

static struct memrw_target *open_child(unsigned int flags)
{
	struct memrw_target *target;

	target = memrw_target_open(child.pid, unit_via(), flags);
	assert_non_null(target);
	return target;
}

static ssize_t read_witness(struct memrw_target *target, unsigned int flags)
{
	uint64_t value = 0;
	ssize_t got;

	got = memrw_target_read(target, (uintptr_t)&witness, &value,
				sizeof(value), flags);
	if (got >= 0)
		assert_int_equal(value, witness);
	return got;
}

static void assert_state(struct memrw_target *target, enum memrw_state expected)
{
	enum memrw_state state = -1;

	assert_int_equal(memrw_target_state(target, &state), 0);
	assert_int_equal(state, expected);
}

/* Every way to the target's memory fails alike. */
static void assert_lost(struct memrw_target *target, int expected)
{
	unsigned char byte = 0;

	assert_errno(read_witness(target, 0), expected);
	assert_errno(read_witness(target, MEMRW_FORCE), expected);
	assert_errno(read_witness(target, MEMRW_NO_POPULATE), expected);
	assert_errno(memrw_target_read(target, 0, &byte, 1, 0), expected);
	assert_errno(memrw_target_read(target, UINT64_MAX, &byte, 1, 0), expected);
	assert_errno(memrw_target_write(target, (uintptr_t)&witness, &byte, 1, 0),
		     expected);
	assert_errno(memrw_target_write(target, (uintptr_t)&witness, &byte, 1,
					MEMRW_FORCE), expected);
	assert_null_errno(memrw_region_iter_open(target), expected);
}

/*
 * Opening
 */

static void open_tells_what_it_opened(void **state)
{
	struct memrw_target *target;
	char comm[32] = "";

	(void)state;
	prctl(PR_SET_NAME, "a (strange) nam");
	child_start(&child, do_nothing);
	prctl(PR_GET_NAME, comm);
	target = open_child(0);
	assert_int_equal(memrw_target_pid(target), child.pid);
	assert_string_equal(memrw_target_comm(target), comm);
	assert_int_equal(memrw_target_backend(target), unit_via());
	assert_int_equal(memrw_target_fallback_reason(target), 0);
	assert_state(target, MEMRW_STATE_BOUND);
	memrw_target_close(target);
}

static void open_oneself(void **state)
{
	struct memrw_target *target;

	(void)state;
	target = memrw_target_open(getpid(), unit_via(), 0);
	assert_non_null(target);
	assert_int_equal(read_witness(target, 0), sizeof(witness));
	memrw_target_close(target);
}

static void open_auto_takes_the_driver_if_it_is_there(void **state)
{
	struct memrw_target *target;

	(void)state;
	child_start(&child, do_nothing);
	target = memrw_target_open(child.pid, MEMRW_BACKEND_AUTO, 0);
	assert_non_null(target);
	if (unit_via() == MEMRW_BACKEND_DRIVER) {
		assert_int_equal(memrw_target_backend(target),
				 MEMRW_BACKEND_DRIVER);
		assert_int_equal(memrw_target_fallback_reason(target), 0);
	} else if (access("/sys/module/memrw", F_OK)) {
		assert_int_equal(memrw_target_backend(target),
				 MEMRW_BACKEND_PROCFS);
		assert_int_equal(memrw_target_fallback_reason(target), ENOENT);
	}
	assert_int_equal(read_witness(target, 0), sizeof(witness));
	memrw_target_close(target);
}

static void open_driver_without_a_device(void **state)
{
	(void)state;
	if (!access("/sys/module/memrw", F_OK))
		skip();
	child_start(&child, do_nothing);
	assert_null_errno(memrw_target_open(child.pid, MEMRW_BACKEND_DRIVER, 0),
			  ENOENT);
}

static void open_pid_of_no_process(void **state)
{
	pid_t pid;

	(void)state;
	child_start(&child, do_nothing);
	pid = child.pid;
	child_stop(&child);
	assert_null_errno(memrw_target_open(pid, unit_via(), 0), ESRCH);
}

static void open_pid_zero_or_less(void **state)
{
	(void)state;
	assert_null_errno(memrw_target_open(0, unit_via(), 0), EINVAL);
	assert_null_errno(memrw_target_open(-1, unit_via(), 0), EINVAL);
	assert_null_errno(memrw_target_open(INT32_MIN, unit_via(), 0), EINVAL);
}

static void open_unknown_flag(void **state)
{
	(void)state;
	assert_null_errno(memrw_target_open(getpid(), unit_via(), 1U << 1),
			  EINVAL);
}

static void open_unknown_backend(void **state)
{
	(void)state;
	assert_null_errno(memrw_target_open(getpid(), 99, 0), EINVAL);
}

static void *open_own_thread(void *unused)
{
	(void)unused;
	errno = 0;
	if (memrw_target_open(syscall(SYS_gettid), unit_via(), 0))
		return NULL;
	return errno == EINVAL ? "refused" : NULL;
}

static void open_thread_that_is_not_the_first(void **state)
{
	pthread_t thread;
	void *result;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, open_own_thread, NULL), 0);
	assert_int_equal(pthread_join(thread, &result), 0);
	assert_non_null(result);
}

static void open_zombie(void **state)
{
	(void)state;
	child_start(&child, do_exit);
	assert_int_equal(child_call(&child, 0), -1);
	child_wait_zombie(&child);
	assert_null_errno(memrw_target_open(child.pid, unit_via(), 0), ESRCH);
}

static bool is_kthreadd(pid_t pid)
{
	char path[32], comm[32] = "";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(comm, sizeof(comm), file))
		comm[0] = '\0';
	fclose(file);
	return !strcmp(comm, "kthreadd\n");
}

static void open_kernel_thread(void **state)
{
	(void)state;
	if (!is_kthreadd(2))
		skip();
	assert_null_errno(memrw_target_open(2, unit_via(), 0), EINVAL);
}

static void *go_on_alone(void *ready)
{
	/* Only once the first thread is a zombie does the other one matter. */
	while (syscall(SYS_tgkill, getpid(), getpid(), 0) == 0) {
		char path[64], stat[256] = "", *fields;
		FILE *file;

		snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
		file = fopen(path, "re");
		if (!file)
			break;
		if (!fgets(stat, sizeof(stat), file))
			stat[0] = '\0';
		fclose(file);
		fields = strrchr(stat, ')');
		if (fields && fields[2] == 'Z')
			break;
		usleep(1000);
	}
	if (write(*(int *)ready, "", 1) == 1)
		pause();
	return NULL;
}

static void open_process_whose_first_thread_ended(void **state)
{
	struct memrw_target *target;
	pthread_t thread;
	int ready[2];
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pthread_create(&thread, NULL, go_on_alone, &ready[1]);
		syscall(SYS_exit, 0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	target = memrw_target_open(pid, unit_via(), 0);
	assert_non_null(target);
	assert_int_equal(read_witness(target, 0), sizeof(witness));
	assert_state(target, MEMRW_STATE_BOUND);
	memrw_target_close(target);

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(ready[0]);
	close(ready[1]);
}

static int open_child_by_pid_of_namespace(void)
{
	struct memrw_target *target;
	uint64_t value = 0;

	child_start(&child, do_nothing);
	/* In /proc, which is of the outer namespace, it has another pid. */
	if (getpid() != 1)
		return __LINE__;
	target = memrw_target_open(child.pid, unit_via(), 0);
	if (!target)
		return __LINE__;
	witness++;
	if (memrw_target_read(target, (uintptr_t)&witness, &value, 8, 0) != 8)
		return __LINE__;
	if (value != witness - 1)
		return __LINE__;
	memrw_target_close(target);
	child_stop(&child);
	return 0;
}

#define NO_NAMESPACE	-2

static int enter_namespace(void)
{
	return unshare(CLONE_NEWPID) ? NO_NAMESPACE :
				       run_in_child(open_child_by_pid_of_namespace);
}

static void open_pid_of_another_namespace_than_that_of_proc(void **state)
{
	int line = run_in_child(enter_namespace);

	(void)state;
	if (line == NO_NAMESPACE)
		skip();
	assert_int_equal(line, 0);
}

static int open_process_of_root(void)
{
	errno = 0;
	if (memrw_target_open(getppid(), unit_via(), 0))
		return __LINE__;
	return errno == EPERM ? 0 : __LINE__;
}

static void open_process_of_another_user(void **state)
{
	(void)state;
	/* The driver's node would not even be opened. */
	if (geteuid() || unit_via() == MEMRW_BACKEND_DRIVER)
		skip();
	assert_int_equal(run_unprivileged(open_process_of_root), 0);
}

static long set_dumpable(long argument)
{
	return prctl(PR_SET_DUMPABLE, argument);
}

static int open_undumpable_child(void)
{
	struct memrw_target *target;

	child_start(&child, set_dumpable);
	if (child_call(&child, 0))
		return __LINE__;
	errno = 0;
	target = memrw_target_open(child.pid, unit_via(), 0);
	child_stop(&child);
	return !target && errno == EPERM ? 0 : __LINE__;
}

static void open_undumpable_process(void **state)
{
	(void)state;
	if (!geteuid() && unit_via() == MEMRW_BACKEND_DRIVER)
		skip();
	assert_int_equal(run_unprivileged(open_undumpable_child), 0);
}

static int use_child_that_became_undumpable(void)
{
	struct memrw_region_iter *iter;
	struct memrw_target *target;
	struct memrw_region region;
	uint64_t value = 0;

	child_start(&child, set_dumpable);
	target = memrw_target_open(child.pid, unit_via(), 0);
	if (!target || child_call(&child, 0))
		return __LINE__;

	if (memrw_target_read(target, (uintptr_t)&witness, &value, 8, 0) != 8)
		return __LINE__;
	if (value != witness)
		return __LINE__;
	if (memrw_target_write(target, (uintptr_t)&witness, &value, 8, 0) != 8)
		return __LINE__;
	iter = memrw_region_iter_open(target);
	if (!iter || memrw_region_iter_next(iter, &region) != 1)
		return __LINE__;

	memrw_region_iter_close(iter);
	memrw_target_close(target);
	child_stop(&child);
	return 0;
}

static void bind_lasts_when_the_policy_would_refuse_it_now(void **state)
{
	(void)state;
	if (!geteuid() && unit_via() == MEMRW_BACKEND_DRIVER)
		skip();
	assert_int_equal(run_unprivileged(use_child_that_became_undumpable), 0);
}

static void close_null_keeps_errno(void **state)
{
	(void)state;
	errno = ENOSPC;
	memrw_target_close(NULL);
	assert_int_equal(errno, ENOSPC);
}

static int count_descriptors(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void close_gives_all_descriptors_back(void **state)
{
	int before;

	(void)state;
	child_start(&child, do_nothing);
	before = count_descriptors();
	memrw_target_close(open_child(0));
	memrw_target_open(2, unit_via(), 1U << 9);
	assert_int_equal(count_descriptors(), before);
}

static void backend_names(void **state)
{
	(void)state;
	assert_string_equal(memrw_backend_name(MEMRW_BACKEND_AUTO), "auto");
	assert_string_equal(memrw_backend_name(MEMRW_BACKEND_DRIVER), "driver");
	assert_string_equal(memrw_backend_name(MEMRW_BACKEND_PROCFS), "procfs");
	assert_string_equal(memrw_backend_name(99), "?");
}

/*
 * What becomes of the target
 */

static void target_execs(void **state)
{
	struct memrw_target *target;

	(void)state;
	child_start(&child, child_exec);
	target = open_child(0);
	assert_int_equal(read_witness(target, 0), sizeof(witness));
	assert_int_equal(child_call(&child, 0), CHILD_NEW_IMAGE);
	assert_lost(target, ESTALE);
	assert_state(target, MEMRW_STATE_EXECED);
	memrw_target_close(target);
}

static void target_execs_the_same_program_at_the_same_addresses(void **state)
{
	struct memrw_target *target;
	unsigned char byte;

	(void)state;
	child_start(&child, exec_unrandomised);
	assert_int_equal(child_call(&child, 0), CHILD_NEW_IMAGE);
	target = open_child(0);
	assert_state(target, MEMRW_STATE_BOUND);
	assert_int_equal(child_call(&child, CHILD_EXEC_AGAIN), CHILD_NEW_IMAGE);
	assert_state(target, MEMRW_STATE_EXECED);
	assert_errno(memrw_target_read(target, 0, &byte, 1, 0), ESTALE);
	memrw_target_close(target);
}

static void target_execs_and_leaves_its_memory_to_its_parent(void **state)
{
	struct memrw_target *target;

	(void)state;
	child_start_vforked(&child, child_exec);
	target = open_child(0);
	assert_int_equal(read_witness(target, 0), sizeof(witness));
	assert_int_equal(child_call(&child, 0), CHILD_NEW_IMAGE);
	assert_lost(target, ESTALE);
	assert_state(target, MEMRW_STATE_EXECED);
	memrw_target_close(target);
}

static void target_exits_and_leaves_its_memory_to_its_parent(void **state)
{
	struct memrw_target *target;

	(void)state;
	child_start_vforked(&child, do_exit);
	target = open_child(0);
	assert_int_equal(child_call(&child, 0), -1);
	assert_lost(target, ESRCH);
	assert_state(target, MEMRW_STATE_EXITED);
	memrw_target_close(target);
}

static void target_becomes_a_zombie(void **state)
{
	struct memrw_target *target;

	(void)state;
	child_start(&child, do_exit);
	target = open_child(0);
	assert_int_equal(child_call(&child, 0), -1);
	child_wait_zombie(&child);
	assert_lost(target, ESRCH);
	assert_state(target, MEMRW_STATE_EXITED);
	memrw_target_close(target);
}

static void target_is_killed_and_reaped(void **state)
{
	struct memrw_target *target;

	(void)state;
	child_start(&child, do_nothing);
	target = open_child(0);
	child_stop(&child);
	assert_lost(target, ESRCH);
	assert_state(target, MEMRW_STATE_EXITED);
	memrw_target_close(target);
}

static void target_execs_and_then_exits(void **state)
{
	struct memrw_target *target;

	(void)state;
	child_start(&child, child_exec);
	target = open_child(0);
	assert_int_equal(child_call(&child, 0), CHILD_NEW_IMAGE);
	child_stop(&child);
	assert_lost(target, ESRCH);
	assert_state(target, MEMRW_STATE_EXITED);
	memrw_target_close(target);
}

static void target_execs_and_is_opened_again(void **state)
{
	struct memrw_target *target;

	(void)state;
	child_start(&child, child_exec);
	assert_int_equal(child_call(&child, 0), CHILD_NEW_IMAGE);
	target = open_child(0);
	assert_state(target, MEMRW_STATE_BOUND);
	memrw_target_close(target);
}

/*
 * A target that execs all the time
 */

#define EXEC_LOOP	"--exec-loop"
#define IMAGES		100

/*
 * Nobody but this very image is to be given its number.  Every image has the
 * same addresses, and numbers that execve() made at random.
 */
static volatile uint64_t marker;

static uint64_t image_number(void)
{
	uint64_t number;

	memcpy(&number, (void *)getauxval(AT_RANDOM), sizeof(number));
	return number;
}

static void exec_on_and_on(void)
{
	usleep(500);
	if (marker && marker != image_number())
		_exit(99);
	execl("/proc/self/exe", "unit", EXEC_LOOP, NULL);
	_exit(98);
}

static pid_t start_exec_loop(void)
{
	pid_t pid = fork();

	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		personality(ADDR_NO_RANDOMIZE);
		exec_on_and_on();
	}
	return pid;
}

static ssize_t read_proc(pid_t pid, const char *name, void *buffer, size_t size)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	got = read(fd, buffer, size - 1);
	close(fd);
	if (got >= 0)
		((char *)buffer)[got] = '\0';
	return got;
}

/* 0 where the vector has none. */
static uint64_t find_entry(const char *auxv, ssize_t size)
{
	unsigned long entry[2];

	for (; size >= (ssize_t)sizeof(entry); size -= sizeof(entry)) {
		memcpy(entry, auxv, sizeof(entry));
		if (entry[0] == AT_ENTRY)
			return entry[1];
		auxv += sizeof(entry);
	}
	return 0;
}

/*
 * Where the loop's images have their number and their marker.  That is as far from where
 * the program begins as it is here; it need not be the first thing in the memory, where
 * the address sanitizer has its own.
 */
static bool find_addresses(pid_t pid, uint64_t *number_at, uint64_t *marker_at)
{
	uint64_t entry;
	char text[4096];
	ssize_t size;

	/* Before the first execve() the addresses are those of this process. */
	size = read_proc(pid, "cmdline", text, sizeof(text));
	if (size < (ssize_t)sizeof("unit") || strcmp(text, "unit"))
		return false;
	size = read_proc(pid, "auxv", text, sizeof(text));
	*number_at = size > 0 ? mrw_image_parse_auxv(text, size) : 0;
	entry = find_entry(text, size);
	*marker_at = entry + ((uintptr_t)&marker - getauxval(AT_ENTRY));
	return *number_at && entry;
}

static void assert_moved(ssize_t moved)
{
	if (moved < 0)
		assert_int_equal(errno, ESTALE);
	else
		assert_int_equal(moved, sizeof(uint64_t));
}

/* False where the kernel has not yet made the stack of a new image. */
static bool read_first(struct memrw_target *target, uint64_t number_at,
		       uint64_t *number)
{
	ssize_t moved;

	*number = 0;
	moved = memrw_target_read(target, number_at, number, sizeof(*number), 0);
	if (moved >= 0 || errno != EIO)
		assert_moved(moved);
	return *number != 0;
}

/* Use one image for as long as it lives; returns whether it was seen at all. */
static bool use_one_image(pid_t pid, uint64_t number_at, uint64_t marker_at)
{
	struct memrw_target *target;
	uint64_t first, number;
	ssize_t moved;
	bool seen;

	target = memrw_target_open(pid, unit_via(), 0);
	assert_non_null(target);
	seen = read_first(target, number_at, &first);
	moved = seen ? 1 : 0;
	while (moved > 0) {
		assert_moved(memrw_target_write(target, marker_at, &first,
						sizeof(first), 0));
		assert_moved(memrw_target_write(target, marker_at, &first,
						sizeof(first), MEMRW_FORCE));
		moved = memrw_target_read(target, number_at, &number,
					  sizeof(number), 0);
		assert_moved(moved);
		if (moved > 0)
			assert_int_equal(number, first);
	}
	memrw_target_close(target);
	return seen;
}

static void target_execs_on_and_on(void **state)
{
	uint64_t number_at, marker_at;
	pid_t pid = start_exec_loop();
	int images = 0, status;

	(void)state;
	assert_true(pid > 0);
	while (!find_addresses(pid, &number_at, &marker_at))
		usleep(100);
	/* While the loop has no processor there is nothing to be seen. */
	for (int i = 0; i < 100000 && images < IMAGES; i++) {
		if (use_one_image(pid, number_at, marker_at))
			images++;
		else
			usleep(100);
	}
	assert_int_equal(images, IMAGES);

	/* It ended by itself if it was written what was not for it. */
	assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
}

/*
 * Threads
 */

#define ROUNDS	300

static void *use_target(void *arg)
{
	struct memrw_target *target = arg;
	struct memrw_region_iter *iter;
	enum memrw_state state;
	struct memrw_region region;
	uint64_t value;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		if (memrw_target_read(target, (uintptr_t)&witness, &value, 8, 0) != 8 ||
		    value != witness ||
		    memrw_target_write(target, (uintptr_t)&witness, &value, 8, 0) != 8 ||
		    memrw_target_state(target, &state) || state != MEMRW_STATE_BOUND)
			return NULL;
		if (i % 16)
			continue;
		iter = memrw_region_iter_open(target);
		if (!iter || memrw_region_iter_next(iter, &region) != 1)
			return NULL;
		memrw_region_iter_close(iter);
	}
	return target;
}

static void threads_share_a_target(void **state)
{
	struct memrw_target *target;
	pthread_t threads[4];
	void *result;
	size_t i;

	(void)state;
	child_start(&child, do_nothing);
	target = open_child(0);
	for (i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use_target,
						target), 0);
	for (i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, target);
	}
	memrw_target_close(target);
}

#define target_test(fn) cmocka_unit_test_teardown(fn, stop_child)

static const struct CMUnitTest tests[] = {
	target_test(open_tells_what_it_opened),
	target_test(open_oneself),
	target_test(open_auto_takes_the_driver_if_it_is_there),
	target_test(open_driver_without_a_device),
	target_test(open_pid_of_no_process),
	target_test(open_pid_zero_or_less),
	target_test(open_unknown_flag),
	target_test(open_unknown_backend),
	target_test(open_thread_that_is_not_the_first),
	target_test(open_zombie),
	target_test(open_kernel_thread),
	target_test(open_process_whose_first_thread_ended),
	target_test(open_pid_of_another_namespace_than_that_of_proc),
	target_test(open_process_of_another_user),
	target_test(open_undumpable_process),
	target_test(bind_lasts_when_the_policy_would_refuse_it_now),
	target_test(close_null_keeps_errno),
	target_test(close_gives_all_descriptors_back),
	target_test(backend_names),
	target_test(target_execs),
	target_test(target_execs_the_same_program_at_the_same_addresses),
	target_test(target_execs_and_leaves_its_memory_to_its_parent),
	target_test(target_exits_and_leaves_its_memory_to_its_parent),
	target_test(target_becomes_a_zombie),
	target_test(target_is_killed_and_reaped),
	target_test(target_execs_and_then_exits),
	target_test(target_execs_and_is_opened_again),
	target_test(target_execs_on_and_on),
	target_test(threads_share_a_target),
};

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], EXEC_LOOP))
		exec_on_and_on();
	unit_init(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
