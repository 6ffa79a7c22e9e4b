/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The calls to the driver, and the errors that each may end with.
 */
#ifndef CALL_H
#define CALL_H

#include <stdint.h>

enum call {
	CALL_OPEN, CALL_CLOSE, CALL_INFO, CALL_BIND, CALL_BIND_ANYBODY, CALL_UNBIND,
	CALL_TARGET, CALL_READ, CALL_WRITE, CALL_PREAD, CALL_PWRITE, CALL_READV,
	CALL_WRITEV, CALL_SEGMENT, CALL_ATOMIC, CALL_REGION, CALL_DUP, CALL_SEND,
	CALL_RECEIVE, CALL_FORK, CALL_MAP, CALL_TOUCH, CALL_SYNC,
	CALL_WATCH, CALL_HITS, CALLS
};

/* How a call ended. */
enum result {
	DONE, R_EBADFD, R_ESRCH, R_ESTALE, R_EPERM, R_EACCES, R_EIO, R_EFAULT, R_EINVAL,
	R_EINTR, R_EBADF, R_ENOENT, R_ENODEV, R_EAGAIN, R_ENOSPC, R_OTHER, RESULTS
};

#define MAY(result)	(1U << (result))
#define MAY_ANYTHING	UINT32_MAX

struct board;
struct actor;

const char *call_name(enum call call);
const char *call_result_name(enum result result);

/* Around each call: what the watchdog sees. */
void call_begin(struct actor *actor, enum call call);

/*
 * Returns @result (-errno or more).  It is a failure if the interface does not
 * know such an error for that call, or @may, what it may end with at this point,
 * has not got it.
 */
int64_t call_end(struct actor *actor, enum call call, int64_t result, uint32_t may);

/* What a call has ended with, without having been one: a segment of a batch. */
void call_count(struct actor *actor, enum call call, int64_t result, uint32_t may);

#endif
