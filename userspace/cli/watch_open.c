// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "target_end.h"
#include "watch_open.h"

#define PARANOID	"/proc/sys/kernel/perf_event_paranoid"

/* More than the kernel's own refuse even one's own processes: Debian has 3. */
#define PARANOID_OWN	2

static int perf_event_paranoid(void)
{
	FILE *file = fopen(PARANOID, "re");
	int level = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%d", &level) != 1)
		level = 0;
	fclose(file);
	return level;
}

static bool needs_values(const struct memrw_watch_filter *filter)
{
	return filter && (filter->test != MEMRW_WATCH_IF_ANY ||
			  filter->flags & MEMRW_WATCH_CHANGED);
}

static const char *why_not_supported(const struct memrw_target *target,
				     const struct memrw_watch_filter *filter)
{
	if (memrw_target_backend(target) == MEMRW_BACKEND_DRIVER)
		return "the driver here has no watches: it needs a newer one, on x86-64";
	if (needs_values(filter))
		return "--changed, --equal and --cross need the driver: procfs knows no values";
	if (filter && filter->flags & MEMRW_WATCH_STOP)
		return "--stop needs the driver";
	return "this kernel has no hardware breakpoints";
}

const char *watch_open_reason(const struct memrw_target *target,
			      const struct memrw_watch_filter *filter, int error)
{
	static char text[96];

	switch (error) {
	case ENOSPC:
		return "all debug registers of the target's threads are in use: by gdb, perf or other watches";
	case EPERM:
		snprintf(text, sizeof(text), "the kernel refuses perf_event_open(2): %s is %d",
			 PARANOID, perf_event_paranoid());
		return text;
	case ENOTSUP:
		return why_not_supported(target, filter);
	case EAGAIN:
		return "--capacity is more than the limits on locked memory leave (perf_event_mlock_kb, ulimit -l)";
	case EIO:
		return "no program has such an address";
	default:
		return strerror(error);
	}
}

static void explain(struct memrw_target *target, uint64_t address,
		    const struct memrw_watch_filter *filter, int error)
{
	char what[32];

	if (error == ESRCH || error == ESTALE) {
		target_end_report(target, error);
		return;
	}
	snprintf(what, sizeof(what), "0x%jx", (uintmax_t)address);
	report(what, "%s", watch_open_reason(target, filter, error));
	if (error == EPERM && perf_event_paranoid() > PARANOID_OWN)
		report_try("sudo sysctl kernel.perf_event_paranoid=%d   (or the driver)",
			   PARANOID_OWN);
}

struct memrw_watch *watch_open(struct memrw_target *target, uint64_t address, size_t length,
			       enum memrw_watch_kind kind,
			       const struct memrw_watch_filter *filter)
{
	struct memrw_watch *watch = memrw_watch_open(target, address, length, kind, filter);
	int error = errno;

	if (!watch)
		explain(target, address, filter, error);
	errno = error;
	return watch;
}
