/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways to read and write the target's memory.
 */
#ifndef WAY_H
#define WAY_H

#include <stdbool.h>
#include <sys/types.h>

#include "work.h"

enum kind {
	KIND_MEMRW,
	KIND_EXISTING,	/* what people use without the driver */
	KIND_LIMIT,	/* not a way to another process: no way can be better */
};

enum way_id {
	WAY_FILE,	/* memrw: pread(2), pwrite(2) */
	WAY_COMMAND,	/* memrw: MEMRW_IOC_READ, MEMRW_IOC_WRITE */
	WAY_BATCH,	/* memrw: MEMRW_IOC_READV, MEMRW_IOC_WRITEV */
	WAY_PROCESS_VM,
	WAY_PROC_MEM,
	WAY_PTRACE,
	WAY_MEMCPY,
	WAYS,
};

/*
 * struct way
 * @names: by direction
 * @title: for both, of a column
 * @can: whether it can do the work, and is worth to be seen doing it
 * @begin, @end: around all calls of @run; or NULL
 * @run: does the work; false if any of it was not done
 */
struct way {
	const char *names[DIRECTIONS];
	const char *title;
	enum kind kind;
	bool (*can)(const struct work *work);
	void (*begin)(void);
	void (*end)(void);
	bool (*run)(const struct work *work);
};

extern const struct way ways[WAYS];

/* The driver's, bound to the target. */
int ways_session(void);

/* For all ways; @limit is the most bytes that memcpy() is to move. */
void ways_open(pid_t target, size_t limit);

#endif
