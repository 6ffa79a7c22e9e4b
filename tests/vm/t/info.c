// SPDX-License-Identifier: GPL-2.0-only
/* MEMRW_IOC_GET_INFO */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/policy.h"
#include "lib/session.h"
#include "lib/test.h"

static struct memrw_info get_info(void)
{
	struct memrw_info info;

	assert_int_equal(session_get_info(session_open(O_RDONLY), &info), 0);
	return info;
}

static void get_info_needs_no_target(void **state)
{
	struct memrw_info info = get_info();

	(void)state;
	assert_int_equal(info.abi_version, MEMRW_ABI_VERSION);
}

static void get_info_works_on_a_write_only_descriptor(void **state)
{
	struct memrw_info info;

	(void)state;
	assert_int_equal(session_get_info(session_open(O_WRONLY), &info), 0);
}

static void get_info_tells_the_page_size(void **state)
{
	struct memrw_info info = get_info();

	(void)state;
	assert_int_equal(info.page_size, sysconf(_SC_PAGESIZE));
}

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

#define KERNELS_FEATURES	\
	(MEMRW_FEATURE_INTERRUPTIBLE | MEMRW_FEATURE_ANON_NAME | MEMRW_FEATURE_WATCH)

static void get_info_tells_the_features_of_this_header(void **state)
{
	struct memrw_info info = get_info();

	(void)state;
	assert_int_equal(info.features & ~KERNELS_FEATURES,
			 MEMRW_FEATURE_FORCE | MEMRW_FEATURE_NO_POPULATE | MEMRW_FEATURE_REGION |
			 MEMRW_FEATURE_BATCH | MEMRW_FEATURE_ATOMIC | MEMRW_FEATURE_WINDOW);
}

static void get_info_tells_of_watches_on_x86(void **state)
{
	struct memrw_info info = get_info();
	struct utsname name;

	(void)state;
	uname(&name);
	assert_int_equal(!!(info.features & MEMRW_FEATURE_WATCH), !strcmp(name.machine, "x86_64"));
}

/* An older kernel may have taken it over; the tests of the wait find out. */
static void get_info_tells_that_waits_are_interruptible_from_linux_6_2_on(void **state)
{
	struct memrw_info info = get_info();

	(void)state;
	if (!kernel_at_least(6, 2))
		skip_because("this kernel is older");
	assert_true(info.features & MEMRW_FEATURE_INTERRUPTIBLE);
}

static void get_info_tells_whether_the_kernel_names_anonymous_memory(void **state)
{
	struct memrw_info info = get_info();
	void *memory = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool named;

	(void)state;
	assert_ptr_not_equal(memory, MAP_FAILED);
	named = prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, memory, PAGE, "a name") == 0;
	assert_int_equal(!!(info.features & MEMRW_FEATURE_ANON_NAME), named);
	munmap(memory, PAGE);
}

static void get_info_tells_the_version_that_sysfs_shows(void **state)
{
	struct memrw_info info = get_info();
	char version[64];

	(void)state;
	assert_true(file_read("/sys/module/memrw/version", version, sizeof(version)) > 0);
	version[strcspn(version, "\n")] = '\0';
	assert_string_equal(info.version, version);
}

static void get_info_tells_a_name_limit_that_holds_any_path(void **state)
{
	struct memrw_info info = get_info();

	(void)state;
	assert_in_range(info.name_max, 256, 65536);
}

static void assert_access(const char *name, enum memrw_access access)
{
	policy_set(name);
	assert_int_equal(get_info().access, access);
}

static void get_info_tells_the_policy_in_force(void **state)
{
	(void)state;
	assert_access("any", MEMRW_ACCESS_ANY);
	assert_access("capable", MEMRW_ACCESS_CAPABLE);
	assert_access("owner", MEMRW_ACCESS_OWNER);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		behaviour(get_info_needs_no_target),
		behaviour(get_info_works_on_a_write_only_descriptor),
		behaviour(get_info_tells_the_page_size),
		behaviour(get_info_tells_the_features_of_this_header),
		behaviour(get_info_tells_of_watches_on_x86),
		behaviour(get_info_tells_that_waits_are_interruptible_from_linux_6_2_on),
		behaviour(get_info_tells_whether_the_kernel_names_anonymous_memory),
		behaviour(get_info_tells_the_version_that_sysfs_shows),
		behaviour(get_info_tells_a_name_limit_that_holds_any_path),
		behaviour(get_info_tells_the_policy_in_force),
	};

	return run_behaviours(tests);
}
