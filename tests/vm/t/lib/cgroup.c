// SPDX-License-Identifier: GPL-2.0-only
#include "lib/cgroup.h"

#include <inttypes.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/test.h"

#define HIERARCHY	"/tmp/memrw-cgroup2"
#define GROUP		HIERARCHY "/memrw-test"

static bool has_memory(void *arg)
{
	char text[256];

	(void)arg;
	return file_read(HIERARCHY "/cgroup.controllers", text, sizeof(text)) > 0 &&
	       strstr(text, "memory");
}

void cgroup_make(uint64_t limit)
{
	char text[32];

	mkdir(HIERARCHY, 0700);
	if (mount("cgroup2", HIERARCHY, "cgroup2", 0, NULL) < 0)
		skip_because("the kernel has no groups of version 2: %s", strerror(errno));
	/* It comes back a while after the last group of version 1 has gone. */
	if (!eventually(has_memory, NULL, 10000))
		skip_because("the memory of groups is version 1's");
	assert_int_equal(file_write(HIERARCHY "/cgroup.subtree_control", "+memory"), 0);
	assert_return_code(mkdir(GROUP, 0700), errno);
	snprintf(text, sizeof(text), "%" PRIu64, limit);
	assert_int_equal(file_write(GROUP "/memory.max", text), 0);
}

void cgroup_enter(const struct worker *worker)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", worker_pid(worker));
	assert_int_equal(file_write(GROUP "/cgroup.procs", text), 0);
}

static uint64_t number(const char *file)
{
	long long value = file_number(file, "");

	return value < 0 ? 0 : value;
}

uint64_t cgroup_memory(void)
{
	return number(GROUP "/memory.current");
}

uint64_t cgroup_peak(void)
{
	return number(GROUP "/memory.peak");
}

uint64_t cgroup_slab(void)
{
	long long slab = file_number(GROUP "/memory.stat", "slab ");

	assert_true(slab >= 0);
	return slab;
}

unsigned int cgroup_at_limit(void)
{
	return file_number(GROUP "/memory.events", "max ");
}

unsigned int cgroup_kills(void)
{
	return file_number(GROUP "/memory.events", "oom_kill ");
}

static bool removed(void *arg)
{
	(void)arg;
	return rmdir(GROUP) == 0 || errno == ENOENT;
}

void cgroup_remove(void)
{
	if (!eventually(removed, NULL, 10000))
		note("%s stays: %s", GROUP, strerror(errno));
	file_write(HIERARCHY "/cgroup.subtree_control", "-memory");
	umount(HIERARCHY);
	rmdir(HIERARCHY);
}
