/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_BREAKPOINTS_H
#define MEMRW_BREAKPOINTS_H

#include <linux/list.h>
#include <linux/perf_event.h>
#include <linux/types.h>
#include <uapi/linux/memrw.h>

struct pid;

/*
 * struct memrw_breakpoints - one breakpoint, in all threads of a process
 * @attr: what perf is asked for
 * @handler: is called where it hits, in any context, with @context in the event
 * @events: those that did not come by inheritance
 *
 * For one caller at a time.
 */
struct memrw_breakpoints {
	struct perf_event_attr attr;
	perf_overflow_handler_t handler;
	void *context;
	struct list_head events;
};

void memrw_breakpoints_init(struct memrw_breakpoints *breakpoints,
			    const struct memrw_set_watch *set,
			    perf_overflow_handler_t handler, void *context);
int memrw_breakpoints_cover(struct memrw_breakpoints *breakpoints, struct pid *process);
void memrw_breakpoints_remove(struct memrw_breakpoints *breakpoints);

#endif /* MEMRW_BREAKPOINTS_H */
