/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kinds of processes that a policy tells apart: who might ask, and who might be
 * asked for.
 */
#ifndef KINDS_H
#define KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/rights.h"
#include "lib/setuid.h"
#include "lib/worker.h"

struct kind {
	const char *name;
	enum who who;
	bool in_pidns;
	const struct rights *rights;	/* of one of root's */
	worker_fn prepare;		/* then */
};

enum fate {
	LIVES,
	IS_ZOMBIE,
	HAS_LOST_ITS_LEADER,	/* the first thread has ended, another goes on */
	IS_TRACED,
	IS_CALLER,
	IS_KERNEL_THREAD,
	IS_NOT_THERE,
};

/*
 * @runs: the program that it executes in the end
 * @suid_dumpable: of fs.suid_dumpable, while it becomes what it is
 * @no_ptrace: why ptrace(2) refuses what process_vm_readv(2) may allow, as the
 *	driver does
 */
struct target {
	struct kind kind;
	const struct program *runs;
	int suid_dumpable;
	enum fate fate;
	const char *no_ptrace;
};

/* A caller or target as it was started. */
struct started {
	struct worker *worker;	/* NULL: it could not be */
	pid_t pid;		/* that is asked for; 0: the caller's own */
	pid_t witness;		/* that the kernel is asked for instead */
};

extern const struct kind callers[];
extern const size_t caller_count;
extern const struct target targets[];
extern const size_t target_count;

/*
 * One of each, for a test: kinds_stop() before its teardown.  What the kernel or
 * the file system has not got what it takes for is left out, and noted.
 */
void kinds_start(void);
void kinds_stop(void);
const struct started *kinds_caller(size_t i);
const struct started *kinds_target(size_t i);

/* Does the memory of it belong to the user namespace that the process is in? */
bool kinds_owns_memory(const struct target *target);

#endif
