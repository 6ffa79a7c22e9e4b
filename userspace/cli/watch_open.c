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

static void report_not_permitted(const char *what)
{
	int level = perf_event_paranoid();

	report(what, "the kernel refuses perf_event_open(2): %s is %d", PARANOID, level);
	if (level > PARANOID_OWN)
		report_try("sudo sysctl kernel.perf_event_paranoid=%d   (or the driver)",
			   PARANOID_OWN);
}

static bool needs_values(const struct memrw_watch_filter *filter)
{
	return filter->test != MEMRW_WATCH_IF_ANY || filter->flags & MEMRW_WATCH_CHANGED;
}

static void report_not_supported(const char *what, const struct memrw_target *target,
				 const struct memrw_watch_filter *filter)
{
	if (memrw_target_backend(target) == MEMRW_BACKEND_DRIVER)
		report(what, "the driver here has no watches: it needs a newer one, on x86-64");
	else if (needs_values(filter))
		report(what, "--changed, --equal and --cross need the driver: procfs knows no values");
	else if (filter->flags & MEMRW_WATCH_STOP)
		report(what, "--stop needs the driver");
	else
		report(what, "this kernel has no hardware breakpoints");
}

static void explain(struct memrw_target *target, uint64_t address,
		    const struct memrw_watch_filter *filter, int error)
{
	char what[32];

	snprintf(what, sizeof(what), "0x%jx", (uintmax_t)address);
	switch (error) {
	case ENOSPC:
		report(what, "all debug registers of the target's threads are in use: by gdb, perf or other watches");
		break;
	case EPERM:
		report_not_permitted(what);
		break;
	case ENOTSUP:
		report_not_supported(what, target, filter);
		break;
	case EAGAIN:
		report(what, "--capacity is more than the limits on locked memory leave (perf_event_mlock_kb, ulimit -l)");
		break;
	case EIO:
		report(what, "no program has such an address");
		break;
	case ESRCH:
	case ESTALE:
		target_end_report(target, error);
		break;
	default:
		report(what, "%s", strerror(error));
	}
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
