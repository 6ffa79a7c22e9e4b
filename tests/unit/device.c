// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device: where the driver is not loaded by default, where it is with
 * MEMRW_TEST_VIA=driver.
 */
#include "support/unit.h"
#include "group.h"

#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool module_is_loaded(void)
{
	return !access("/sys/module/memrw", F_OK);
}

static void need_driver(void)
{
	if (unit_via() != MEMRW_BACKEND_DRIVER)
		skip();
}

static void query_without_the_module(void **state)
{
	struct memrw_device device;

	(void)state;
	if (module_is_loaded())
		skip();
	memset(&device, 0xff, sizeof(device));
	assert_int_equal(memrw_device_query(&device), 0);
	assert_int_equal(device.status, MEMRW_DEVICE_NO_MODULE);
	assert_false(device.module_loaded);
	assert_false(device.in_group);
	assert_false(device.in_group_database);
	assert_string_equal(device.node, "");
	assert_string_equal(device.version, "");
	assert_int_equal(device.mode, 0);
	assert_int_equal(device.abi_version, 0);
	assert_int_equal(device.features, 0);
	assert_int_equal(device.transfer_max, 0);
}

static void query_of_a_device_that_is_ready(void **state)
{
	struct memrw_device device;
	struct stat node;

	(void)state;
	need_driver();
	assert_int_equal(memrw_device_query(&device), 0);
	assert_int_equal(device.status, MEMRW_DEVICE_READY);
	assert_true(device.module_loaded);
	assert_string_equal(device.node, "/dev/memrw");
	assert_int_equal(stat(device.node, &node), 0);
	assert_int_equal(device.mode, node.st_mode & 07777);
	assert_int_equal(device.uid, node.st_uid);
	assert_int_equal(device.gid, node.st_gid);
	assert_string_equal(device.version, EXPECTED_VERSION);
	assert_int_equal(device.abi_version, 1);
	assert_int_equal(device.page_size, sysconf(_SC_PAGESIZE));
	assert_true(device.transfer_max >= device.page_size);
	assert_true(device.features & MEMRW_FEATURE_REGION);
}

static void query_tells_the_policy_that_sysfs_tells(void **state)
{
	struct memrw_device device;
	char text[32] = "";
	FILE *file;

	(void)state;
	need_driver();
	file = fopen("/sys/module/memrw/parameters/access", "re");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	assert_int_equal(memrw_device_query(&device), 0);
	assert_string_equal(memrw_policy_name(device.policy), text);
}

static int query_as_nobody(void)
{
	struct memrw_device device;

	if (memrw_device_query(&device))
		return __LINE__;
	if (device.status != MEMRW_DEVICE_NO_PERMISSION)
		return __LINE__;
	if (device.in_group || device.in_group_database)
		return __LINE__;
	if (strcmp(device.node, "/dev/memrw") || device.version[0])
		return __LINE__;
	return device.module_loaded ? 0 : __LINE__;
}

static void query_without_permission(void **state)
{
	(void)state;
	need_driver();
	if (geteuid())
		skip();
	assert_int_equal(run_unprivileged(query_as_nobody), 0);
}

static int open_as_nobody(void)
{
	errno = 0;
	if (memrw_target_open(getpid(), MEMRW_BACKEND_DRIVER, 0))
		return __LINE__;
	return errno == EACCES ? 0 : __LINE__;
}

static void open_without_permission(void **state)
{
	(void)state;
	need_driver();
	if (geteuid())
		skip();
	assert_int_equal(run_unprivileged(open_as_nobody), 0);
}

static void module_is_installed_if_modprobe_finds_it(void **state)
{
	struct memrw_device device;
	int status;

	(void)state;
	/* 127: there is no modprobe to ask. */
	status = system("PATH=$PATH:/sbin:/usr/sbin modprobe --dry-run memrw >/dev/null 2>&1");
	if (status == 127 << 8)
		skip();
	assert_int_equal(memrw_device_query(&device), 0);
	if (!module_is_loaded())
		assert_int_equal(device.module_installed, !status);
}

/*
 * Waiting
 */

static long milliseconds_of_wait(int timeout, int expected)
{
	struct timespec before, after;

	clock_gettime(CLOCK_MONOTONIC, &before);
	if (expected)
		assert_errno(memrw_device_wait(timeout), expected);
	else
		assert_int_equal(memrw_device_wait(timeout), 0);
	clock_gettime(CLOCK_MONOTONIC, &after);
	return (after.tv_sec - before.tv_sec) * 1000 +
	       (after.tv_nsec - before.tv_nsec) / 1000000;
}

static void wait_for_a_device_that_does_not_come(void **state)
{
	(void)state;
	if (module_is_loaded())
		skip();
	assert_errno(memrw_device_wait(0), ETIMEDOUT);
	assert_in_range(milliseconds_of_wait(150, ETIMEDOUT), 149, 10000);
}

static void wait_for_a_device_that_is_there(void **state)
{
	(void)state;
	need_driver();
	assert_int_equal(memrw_device_wait(0), 0);
	assert_int_equal(memrw_device_wait(-1), 0);
	assert_in_range(milliseconds_of_wait(10000, 0), 0, 5000);
}

static int load_module(void)
{
	usleep(300 * 1000);
	return system("modprobe memrw");
}

static pid_t load_module_soon(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(load_module() != 0);
	return pid;
}

/* As udev's rules leave the node, not as the kernel makes it. */
static void wait_for_a_device_that_comes(void **state)
{
	struct memrw_device before, after;
	int status;
	pid_t pid;

	(void)state;
	need_driver();
	assert_int_equal(memrw_device_query(&before), 0);
	if (geteuid() || !before.module_installed || system("modprobe -r memrw"))
		skip();
	assert_errno(memrw_device_wait(0), ETIMEDOUT);
	assert_int_equal(memrw_device_query(&after), 0);
	assert_int_equal(after.status, MEMRW_DEVICE_NO_MODULE);
	assert_true(after.module_installed);

	pid = load_module_soon();
	assert_in_range(milliseconds_of_wait(60000, 0), 300, 59999);
	assert_int_equal(memrw_device_query(&after), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(after.status, MEMRW_DEVICE_READY);
	assert_int_equal(after.mode, before.mode);
	assert_int_equal(after.gid, before.gid);
}

static void wait_for_less_than_for_ever(void **state)
{
	(void)state;
	assert_errno(memrw_device_wait(-2), EINVAL);
}

/*
 * Names and groups
 */

static void policy_names(void **state)
{
	(void)state;
	assert_string_equal(memrw_policy_name(MEMRW_POLICY_OWNER), "owner");
	assert_string_equal(memrw_policy_name(MEMRW_POLICY_ANY), "any");
	assert_string_equal(memrw_policy_name(MEMRW_POLICY_CAPABLE), "capable");
	assert_string_equal(memrw_policy_name(99), "?");
}

#define SOME_GROUP	54321

static int join_some_group(void)
{
	const gid_t groups[] = { 12345, SOME_GROUP };

	if (mrw_group_has_process(SOME_GROUP))
		return __LINE__;
	if (setgroups(2, groups))
		return __LINE__;
	if (!mrw_group_has_process(SOME_GROUP))
		return __LINE__;
	return mrw_group_has_user(SOME_GROUP) ? __LINE__ : 0;
}

static void process_joins_a_group(void **state)
{
	(void)state;
	if (geteuid())
		skip();
	assert_int_equal(run_in_child(join_some_group), 0);
}

static void own_group_is_one_of_the_process(void **state)
{
	(void)state;
	assert_true(mrw_group_has_process(getegid()));
	assert_false(mrw_group_has_process(SOME_GROUP));
}

static void group_of_root_in_the_database(void **state)
{
	(void)state;
	if (getuid())
		skip();
	assert_true(mrw_group_has_user(0));
	assert_false(mrw_group_has_user(SOME_GROUP));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(query_without_the_module),
	cmocka_unit_test(query_of_a_device_that_is_ready),
	cmocka_unit_test(query_tells_the_policy_that_sysfs_tells),
	cmocka_unit_test(query_without_permission),
	cmocka_unit_test(open_without_permission),
	cmocka_unit_test(module_is_installed_if_modprobe_finds_it),
	cmocka_unit_test(wait_for_a_device_that_does_not_come),
	cmocka_unit_test(wait_for_a_device_that_is_there),
	cmocka_unit_test(wait_for_a_device_that_comes),
	cmocka_unit_test(wait_for_less_than_for_ever),
	cmocka_unit_test(policy_names),
	cmocka_unit_test(process_joins_a_group),
	cmocka_unit_test(own_group_is_one_of_the_process),
	cmocka_unit_test(group_of_root_in_the_database),
};

unit_main(tests)
