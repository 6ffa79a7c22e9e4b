// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module's load with each thing in it that can fail failing: it is loaded and
 * works, or it is not, and has left nothing.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/fault.h"
#include "lib/file.h"
#include "lib/session.h"
#include "lib/slab.h"
#include "lib/test.h"

/* No load has as many. */
#define NTH_MAX		4000
#define PATIENCE_MS	20000

static int module_file(void)
{
	struct utsname name;
	char path[256];

	uname(&name);
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/dkms/memrw.ko", name.release);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int load(int file)
{
	return syscall(SYS_finit_module, file, "", 0) < 0 ? -errno : 0;
}

static void unload(void)
{
	assert_return_code(syscall(SYS_delete_module, "memrw", O_NONBLOCK), errno);
}

static bool node_is_gone(void *arg)
{
	(void)arg;
	return access(MEMRW_NODE, F_OK);
}

/* udev gives the node its group. */
static bool node_is_ready(void *arg)
{
	struct stat st;

	(void)arg;
	return !stat(MEMRW_NODE, &st) && (st.st_mode & 0777) == 0660 && st.st_gid != 0;
}

static void assert_not_there(void)
{
	assert_int_equal(access("/sys/module/memrw", F_OK), -1);
	assert_int_equal(access("/sys/class/misc/memrw", F_OK), -1);
	assert_true(eventually(node_is_gone, NULL, PATIENCE_MS));
}

static void assert_works(void)
{
	struct memrw_info info;
	int fd = session_open(O_RDWR);

	assert_int_equal(session_get_info(fd, &info), 0);
	assert_int_equal(session_bind(fd, getpid()), 0);
	session_close(fd);
}

/* What a workqueue has; there may be others that come and go. */
#define QUEUES		"pool_workqueue"
#define SLACK		3

static bool workqueue_is_gone(void *arg)
{
	return slab_objects(QUEUES) <= *(long long *)arg + SLACK;
}

/* misc_register() says EBUSY of any failure to find a minor number. */
static void assert_errno(int result, enum fault fault)
{
	if (fault == FAULT_NONE)
		assert_int_equal(result, 0);
	else if (result && result != -EBUSY)
		assert_int_equal(result, fault == FAULT_COPY ? -EFAULT : -ENOMEM);
}

static enum fault load_with_fault(int file, unsigned int nth, int *result)
{
	enum fault fault;

	fault_arm(nth);
	*result = load(file);
	fault = fault_disarm();
	assert_errno(*result, fault);
	if (*result) {
		assert_not_there();
	} else {
		assert_works();
		unload();
		assert_not_there();
	}
	return fault;
}

static void the_module_is_loaded_or_leaves_nothing(void **state)
{
	unsigned int nth, injected[FAULT_KINDS] = { 0 }, failed = 0;
	enum fault fault;
	long long queues;
	int file, result;

	(void)state;
	fault_need();
	file = module_file();
	assert_return_code(file, errno);
	unload();
	queues = slab_objects(QUEUES);
	for (nth = 1; nth < NTH_MAX; nth++) {
		fault = load_with_fault(file, nth, &result);
		if (fault == FAULT_NONE)
			break;
		injected[fault]++;
		failed += result < 0;
	}
	close(file);
	assert_in_range(nth, 1, NTH_MAX - 1);
	note("injected: %u objects, %u pages, %u copies; %u loads failed", injected[FAULT_SLAB],
	     injected[FAULT_PAGE], injected[FAULT_COPY], failed);
	assert_true(failed > 0);
	assert_true(queues > 0);
	assert_true(eventually(workqueue_is_gone, &queues, PATIENCE_MS));
}

static int teardown(void **state)
{
	test_teardown(state);
	if (access("/sys/module/memrw", F_OK) && system("modprobe memrw"))
		return -1;
	return eventually(node_is_ready, NULL, PATIENCE_MS) ? 0 : -1;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_module_is_loaded_or_leaves_nothing, teardown),
	};

	return run_behaviours(tests);
}
