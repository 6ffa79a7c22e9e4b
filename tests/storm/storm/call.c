// SPDX-License-Identifier: GPL-2.0-only
#include "storm/call.h"

#include <errno.h>

#include "lib/clock.h"
#include "storm/actor.h"
#include "storm/board.h"

#define NO_TARGET	(MAY(R_EBADFD) | MAY(R_ESRCH) | MAY(R_ESTALE))
#define TRANSFER	(MAY(DONE) | NO_TARGET | MAY(R_EIO) | MAY(R_EFAULT) | MAY(R_EINTR))

/*
 * What memrw(4) and include/uapi/linux/memrw.h allow.  ENOMEM is missing: the
 * machine has memory enough.  EBADF is the kernel's own word for a descriptor
 * that somebody else has closed; ENOENT and ENODEV are those of a driver that
 * is just not there, EACCES of open() that of a node that udev has not seen yet.
 */
static const struct {
	const char *name;
	uint32_t may;
} calls[] = {
	[CALL_OPEN] = { "open", MAY(DONE) | MAY(R_ENOENT) | MAY(R_ENODEV) | MAY(R_EACCES) |
				MAY(R_EINTR) },
	[CALL_CLOSE] = { "close", MAY(DONE) },
	[CALL_INFO] = { "GET_INFO", MAY(DONE) },
	[CALL_BIND] = { "SET_TARGET", MAY(DONE) | MAY(R_ESRCH) | MAY(R_EPERM) | MAY(R_EINVAL) |
				      MAY(R_EINTR) },
	[CALL_BIND_ANYBODY] = { "SET_TARGET of any pid", MAY(DONE) | MAY(R_ESRCH) |
				MAY(R_EPERM) | MAY(R_EINVAL) | MAY(R_EINTR) },
	[CALL_UNBIND] = { "SET_TARGET of none", MAY(DONE) },
	[CALL_TARGET] = { "GET_TARGET", MAY(DONE) | MAY(R_EBADFD) },
	[CALL_READ] = { "READ", TRANSFER | MAY(R_EACCES) },
	[CALL_WRITE] = { "WRITE", TRANSFER | MAY(R_EACCES) },
	[CALL_PREAD] = { "pread", TRANSFER },
	[CALL_PWRITE] = { "pwrite", TRANSFER },
	[CALL_READV] = { "READV", (TRANSFER & ~MAY(R_EIO)) | MAY(R_EACCES) },
	[CALL_WRITEV] = { "WRITEV", (TRANSFER & ~MAY(R_EIO)) | MAY(R_EACCES) },
	[CALL_SEGMENT] = { "segment of a batch", MAY(DONE) | MAY(R_EIO) | MAY(R_EFAULT) },
	[CALL_ATOMIC] = { "ATOMIC", (TRANSFER & ~MAY(R_EFAULT)) | MAY(R_EACCES) },
	[CALL_REGION] = { "QUERY_REGION", TRANSFER & ~MAY(R_EFAULT) },
	[CALL_DUP] = { "dup", MAY(DONE) },
	[CALL_SEND] = { "sendmsg of a session", MAY(DONE) | MAY(R_EAGAIN) | MAY(R_EINTR) },
	[CALL_RECEIVE] = { "recvmsg of a session", MAY(DONE) | MAY(R_EAGAIN) | MAY(R_EINTR) },
	[CALL_MAP] = { "mmap", MAY(DONE) | NO_TARGET | MAY(R_EACCES) | MAY(R_EAGAIN) |
			       MAY(R_EINVAL) },
	[CALL_TOUCH] = { "touch of a window", MAY(DONE) | MAY(R_EIO) },
	[CALL_SYNC] = { "SYNC_WINDOW", MAY(DONE) | MAY(R_ESRCH) | MAY(R_EINTR) | MAY(R_EINVAL) },
	[CALL_WATCH] = { "WATCH", MAY(DONE) | NO_TARGET | MAY(R_EACCES) | MAY(R_EIO) |
				  MAY(R_ENOSPC) | MAY(R_EINTR) },
	[CALL_HITS] = { "read of hits", MAY(DONE) | MAY(R_EAGAIN) | MAY(R_EFAULT) |
					MAY(R_EINTR) },
	[CALL_FORK] = { "fork", MAY(DONE) | MAY(R_EAGAIN) | MAY(R_EINTR) },
};

static const struct {
	const char *name;
	int number;
} results[] = {
	[DONE] = { "done", 0 },
	[R_EBADFD] = { "EBADFD", EBADFD },
	[R_ESRCH] = { "ESRCH", ESRCH },
	[R_ESTALE] = { "ESTALE", ESTALE },
	[R_EPERM] = { "EPERM", EPERM },
	[R_EACCES] = { "EACCES", EACCES },
	[R_EIO] = { "EIO", EIO },
	[R_EFAULT] = { "EFAULT", EFAULT },
	[R_EINVAL] = { "EINVAL", EINVAL },
	[R_EINTR] = { "EINTR", EINTR },
	[R_EBADF] = { "EBADF", EBADF },
	[R_ENOENT] = { "ENOENT", ENOENT },
	[R_ENODEV] = { "ENODEV", ENODEV },
	[R_EAGAIN] = { "EAGAIN", EAGAIN },
	[R_ENOSPC] = { "ENOSPC", ENOSPC },
	[R_OTHER] = { "another", -1 },
};

const char *call_name(enum call call)
{
	return calls[call].name;
}

const char *call_result_name(enum result result)
{
	return results[result].name;
}

static enum result result_of(int64_t value)
{
	if (value >= 0)
		return DONE;
	for (enum result result = DONE + 1; result < R_OTHER; result++) {
		if (results[result].number == -value)
			return result;
	}
	return R_OTHER;
}

void call_count(struct actor *actor, enum call call, int64_t value, uint32_t may)
{
	enum result result = result_of(value);
	/* A closed descriptor is no business of the driver's: where it may be one. */
	uint32_t allowed = calls[call].may | MAY(R_EBADF);

	atomic_fetch_add(&actor->board->results[call][result], 1);
	if (!(allowed & may & MAY(result)))
		board_fail(actor->board, "%s by %s: %s (%lld) is not allowed there",
			   calls[call].name, actor->name, results[result].name,
			   (long long)value);
}

void call_begin(struct actor *actor, enum call call)
{
	actor->shown->call = call;
	actor->shown->since = clock_now();
}

int64_t call_end(struct actor *actor, enum call call, int64_t result, uint32_t may)
{
	actor->shown->since = 0;
	call_count(actor, call, result, may);
	return result;
}
