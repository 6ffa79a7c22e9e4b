// SPDX-License-Identifier: LGPL-2.1-or-later
/* Breakpoints of perf_event_open(2). */
#include "procfs_watch.h"

#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static const uint32_t types[] = {
	[MEMRW_WATCH_WRITE] = HW_BREAKPOINT_W,
	[MEMRW_WATCH_READ_WRITE] = HW_BREAKPOINT_RW,
	[MEMRW_WATCH_EXECUTE] = HW_BREAKPOINT_X,
};

/* What the kernel wants of an instruction, however long it is. */
static size_t instruction_length(void)
{
#if defined(__aarch64__) || defined(__arm__)
	return 4;
#else
	struct utsname system;

	/* Its own sizeof(long), whatever that of this program is. */
	return !uname(&system) && strstr(system.machine, "64") ? 8 : sizeof(long);
#endif
}

void mrw_event_describe(struct perf_event_attr *attr, uint64_t address, size_t length,
			enum memrw_watch_kind kind)
{
	*attr = (struct perf_event_attr){
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(*attr),
		.bp_type = types[kind],
		.bp_addr = address,
		.bp_len = kind == MEMRW_WATCH_EXECUTE ? instruction_length() : length,
		.sample_period = 1,
		.sample_type = mrw_sample_type(),
		.sample_regs_user = mrw_sample_registers(),
		/* The instruction itself is the first. */
		.sample_max_stack = MEMRW_HIT_CALLERS + 1,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.exclude_callchain_kernel = 1,
		.wakeup_events = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		/* So will threads be that there are not yet, but not other processes. */
		.inherit = 1,
		.inherit_thread = 1,
		.remove_on_exec = 1,
	};
}

static int open_event(const struct perf_event_attr *attr, pid_t tid, int cpu)
{
	return syscall(SYS_perf_event_open, attr, tid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

/*
 * Linux before 5.13: processes that the target starts are watched like its threads, and
 * so is what comes after execve(2).  A record then tells of that, and wakes who polls, as
 * all records do then.
 */
static bool use_older_flags(struct perf_event_attr *attr)
{
	if (!attr->remove_on_exec)
		return false;
	attr->remove_on_exec = 0;
	attr->inherit_thread = 0;
	attr->comm = 1;
	attr->sample_id_all = 1;
	attr->watermark = 1;
	attr->wakeup_watermark = 1;
	return true;
}

/* The system's maximum is lower. */
static bool use_system_stack(struct perf_event_attr *attr)
{
	if (!attr->sample_max_stack)
		return false;
	attr->sample_max_stack = 0;
	return true;
}

/* Could it be opened with something else in @attr? */
static bool make_do(struct perf_event_attr *attr)
{
	switch (errno) {
	case EINVAL:
		return use_older_flags(attr);
	case EOVERFLOW:
		return use_system_stack(attr);
	}
	return false;
}

static int translate(int error)
{
	switch (error) {
	case EACCES:
		return EPERM;
	case EINVAL:
		/* Of what was given the address alone is unchecked. */
		return EIO;
	case ENOENT:
	case ENODEV:
	case ENOSYS:
		/* No such events, on this processor or in this kernel. */
		return ENOTSUP;
	}
	return error;
}

int mrw_event_open(struct perf_event_attr *attr, pid_t tid, int cpu)
{
	int event;

	do {
		event = open_event(attr, tid, cpu);
	} while (event < 0 && make_do(attr));
	if (event < 0)
		errno = translate(errno);
	return event;
}

uint64_t mrw_event_sum(const int *events, size_t count)
{
	uint64_t sum = 0, one;
	size_t i;

	for (i = 0; i < count; i++) {
		if (read(events[i], &one, sizeof(one)) == sizeof(one))
			sum += one;
	}
	return sum;
}
