// SPDX-License-Identifier: GPL-2.0-only
/* A target that may have no more memory: ENOMEM, and nothing worse. */
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#define HIERARCHY	"/tmp/memrw-cgroup"
#define GROUP		HIERARCHY "/memrw-test"
#define LIMIT		(2 * MIB)
#define AREA		(16 * MIB)

/*
 * A group whose members wait for memory rather than be killed for it: a wait
 * that somebody else, who asks for them, does not join.  That is cgroup v1's.
 */
static bool make_group(void)
{
	char limit[32];

	mkdir(HIERARCHY, 0700);
	if (mount("cgroup", HIERARCHY, "cgroup", 0, "memory") < 0)
		return false;
	if (mkdir(GROUP, 0700) < 0 && errno != EEXIST)
		return false;
	snprintf(limit, sizeof(limit), "%lu", LIMIT);
	return !file_write(GROUP "/memory.limit_in_bytes", limit) &&
	       !file_write(GROUP "/memory.oom_control", "1");
}

static int teardown(void **state)
{
	test_teardown(state);
	rmdir(GROUP);
	umount(HIERARCHY);
	rmdir(HIERARCHY);
	return 0;
}

static void write_beyond_the_targets_limit_is_partial_and_then_enomem(void **state)
{
	struct worker *target = worker_start(ROOT);
	uint64_t address = memory_map_anonymous(target, AREA);
	int fd = session_open_bound(worker_pid(target));
	uint8_t *data = test_calloc(1, AREA);
	char pid[16];
	int64_t done;

	(void)state;
	if (!make_group()) {
		test_free(data);
		skip_because("the kernel has no memory groups of version 1");
	}
	memory_advise(target, address, AREA, MADV_NOHUGEPAGE);
	snprintf(pid, sizeof(pid), "%d", worker_pid(target));
	assert_int_equal(file_write(GROUP "/cgroup.procs", pid), 0);
	done = session_write(fd, address, data, AREA, 0);
	assert_in_range(done, PAGE, LIMIT);
	assert_int_equal(session_write(fd, address + AREA - PAGE, data, PAGE, 0), -ENOMEM);
	assert_int_equal(session_write(fd, address + AREA - PAGE, data, 8, 0), -ENOMEM);
	/* What it has goes on being there. */
	assert_int_equal(session_read(fd, address, data, PAGE, 0), PAGE);
	assert_int_equal(session_state(fd), MEMRW_TARGET_BOUND);
	test_free(data);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
			write_beyond_the_targets_limit_is_partial_and_then_enomem, teardown),
	};

	return run_behaviours(tests);
}
