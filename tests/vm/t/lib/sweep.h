/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sweep: one call, made again and again, of which first the 1st thing that can
 * fail does, then the 2nd, and so on until there is none left.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/fault.h"
#include "lib/test.h"
#include "lib/worker.h"

#define SWEEP_PAGES	80

/* Of struct sweep's @fails_by. */
#define FAILS_BY(fault)	(1U << (fault))

/*
 * struct sweep - one call
 * @name: of its test
 * @prepare: makes things so as @call is to find them; or NULL
 * @call: the call and nothing else; 0 or a count, or -errno
 * @check: is all so as @call's result says, where @fault was injected?
 * @fails_by: FAILS_BY() of what has to fail this call sooner or later
 * @fails_anyway: an -errno that it may end with whatever was injected, or 0
 */
struct sweep {
	const char *name;
	void (*prepare)(void);
	int64_t (*call)(void);
	void (*check)(int64_t result, enum fault fault);
	unsigned int fails_by;
	int fails_anyway;
};

void sweep_add(struct test_list *list, const struct sweep *sweep);

/* For what is prepared at run time: a test runs @fn, which is to call sweep_do(). */
void sweep_do(const struct sweep *sweep);

/* The tests, and then how much was injected.  The number of them that failed. */
int sweep_run(struct test_list *list);

/*
 * While a sweep runs: its target, and an open session that is bound to that.
 * Of SWEEP_PAGES are the target's memory, with the pattern of seed 1, and the part
 * of it that it has shared; both are there.
 */
struct worker *sweep_target(void);
pid_t sweep_pid(void);
int sweep_session(void);
uint64_t sweep_private(void);
uint64_t sweep_shared(void);

/* As many that the target has never touched, at an address that never changes. */
uint64_t sweep_untouched(void);
void sweep_map_untouched(void);

#endif
