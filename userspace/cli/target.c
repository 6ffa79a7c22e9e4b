// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "advice.h"
#include "process_choice.h"
#include "command.h"
#include "process_status.h"
#include "report.h"
#include "target.h"

/*
 * Why a process cannot be opened
 */

static const char *user_name(uid_t uid, char *name, size_t size)
{
	struct passwd *user = getpwuid(uid);

	if (user)
		snprintf(name, size, "%s", user->pw_name);
	else
		snprintf(name, size, "uid %u", uid);
	return name;
}

static void report_refusal(const char *who, pid_t pid, const char *rule)
{
	long uid = process_status(pid, "Uid:");
	char owner[64];

	if (uid >= 0 && (uid_t)uid != geteuid())
		report(who, "%s refuse: it belongs to another user, %s", rule,
		       user_name(uid, owner, sizeof(owner)));
	else
		report(who, "%s refuse: it is setuid or otherwise not dumpable, or has capabilities",
		       rule);
}

static void report_driver_refusal(const char *who, pid_t pid,
				  const struct memrw_device *device)
{
	char rule[64];

	if (device->policy == MEMRW_POLICY_CAPABLE) {
		report(who, "the driver's rules (access=capable) refuse: CAP_SYS_PTRACE is needed");
		return;
	}
	snprintf(rule, sizeof(rule), "the driver's rules (access=%s)",
		 memrw_policy_name(device->policy));
	report_refusal(who, pid, rule);
}

static void report_procfs_refusal(const char *who, pid_t pid)
{
	long uid = process_status(pid, "Uid:");
	int yama = process_yama();

	if (yama > 0 && (uid_t)uid == geteuid())
		report(who, "Yama (kernel.yama.ptrace_scope is %d) refuses procfs this process",
		       yama);
	else
		report_refusal(who, pid, "the rules of ptrace(2)");
}

static void report_device(const struct advice *advice)
{
	if (advice->command[0] != '\0')
		report_try("%s", advice->command);
}

/* AUTO went on to procfs in vain: the driver's answer matters as much. */
static void report_no_permission(const char *who, pid_t pid,
				 enum memrw_backend via)
{
	struct memrw_device device;
	bool driver_ready = memrw_device_query(&device) == 0 &&
			    device.status == MEMRW_DEVICE_READY;
	struct advice advice;
	struct module module;

	if (via != MEMRW_BACKEND_PROCFS && driver_ready) {
		report_driver_refusal(who, pid, &device);
		return;
	}
	report_procfs_refusal(who, pid);
	if (via != MEMRW_BACKEND_AUTO)
		return;
	module_find_here(&module);
	advice = advice_of(&device, &module);
	report_note("the driver was not used: %s", advice.why);
	report_device(&advice);
}

static void report_no_driver(int error)
{
	struct memrw_device device;
	struct advice advice;
	struct module module;

	if (memrw_device_query(&device) < 0 || device.status == MEMRW_DEVICE_READY) {
		report("/dev/memrw", "%s", strerror(error));
		return;
	}
	module_find_here(&module);
	advice = advice_of(&device, &module);
	report("/dev/memrw", "%s", advice.why);
	report_device(&advice);
}

static void report_not_a_process(const char *who, pid_t pid)
{
	long process = process_status(pid, "Tgid:");

	if (process > 0 && process != pid)
		report(who, "it is a thread of process %ld: give that ID", process);
	else
		report(who, "a kernel thread has no memory of its own");
}

static void report_open(pid_t pid, enum memrw_backend via, int error)
{
	char who[64], name[32];

	snprintf(who, sizeof(who), "%d (%s)", pid,
		 process_name(pid, name, sizeof(name)));
	switch (error) {
	case ESRCH:
		snprintf(who, sizeof(who), "%d", pid);
		report(who, "no such process");
		break;
	case EINVAL:
		report_not_a_process(who, pid);
		break;
	case EPERM:
		report_no_permission(who, pid, via);
		break;
	case ENOENT:
	case ENXIO:
	case EACCES:
		report_no_driver(error);
		break;
	default:
		report(who, "%s", strerror(error));
	}
}

struct memrw_target *target_open(struct options *options, const char *text,
				 unsigned int flags)
{
	struct memrw_target *target;
	pid_t pid = choose_process(options, text);

	if (pid == 0)
		return NULL;

	target = memrw_target_open(pid, options->via, flags);
	if (!target) {
		report_open(pid, options->via, errno);
		options->status = STATUS_FAILED;
	}
	return target;
}
