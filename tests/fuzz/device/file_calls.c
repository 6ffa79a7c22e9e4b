// SPDX-License-Identifier: GPL-2.0-only
#include "file_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "guard.h"

#define DEVICE	"/dev/memrw"

/* A file that would be made, and a wait for a terminal, are not wanted. */
#define OPEN_FLAGS	(O_ACCMODE | O_APPEND | O_SYNC | O_NONBLOCK | O_DIRECT | O_PATH | \
			 O_TRUNC | O_DIRECTORY)

#define PIECES	16

static long errno_of(long ret)
{
	return ret < 0 ? -errno : ret;
}

static long open_in(struct run *run, const char *path, uint64_t slot, uint64_t flags)
{
	int fd = open(path, (flags & OPEN_FLAGS) | O_CLOEXEC);
	int *into = run_slot(run, slot);

	if (fd < 0)
		return -errno;
	if (*into >= 0)
		close(*into);
	*into = fd;
	return 0;
}

long call_open(struct run *run, const uint64_t *args)
{
	return open_in(run, DEVICE, args[0], args[1]);
}

long call_reopen(struct run *run, const uint64_t *args)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", *run_slot(run, args[0]));
	return open_in(run, path, args[1], args[2]);
}

long call_close(struct run *run, const uint64_t *args)
{
	int *slot = run_slot(run, args[0]);
	long ret = errno_of(close(*slot));

	*slot = -1;
	return ret;
}

long call_dup(struct run *run, const uint64_t *args)
{
	int fd = fcntl(*run_slot(run, args[0]), F_DUPFD_CLOEXEC, 0);
	int *to = run_slot(run, args[1]);

	if (fd < 0)
		return -errno;
	if (*to >= 0)
		close(*to);
	*to = fd;
	return 0;
}

static long check_moved(struct run *run, long moved, uint64_t length)
{
	if (moved > 0 && (uint64_t)moved > length)
		run_fail(run, "%ld bytes moved of %llu", moved, (unsigned long long)length);
	return errno_of(moved);
}

long call_pread(struct run *run, const uint64_t *args)
{
	guard_allow(args[1], args[2]);
	return check_moved(run, syscall(SYS_pread64, *run_slot(run, args[0]), args[1], args[2],
					args[3]), args[2]);
}

long call_pwrite(struct run *run, const uint64_t *args)
{
	guard_allow(args[3], args[2]);
	return check_moved(run, syscall(SYS_pwrite64, *run_slot(run, args[0]), args[1], args[2],
					args[3]), args[2]);
}

/* The buffer in so many pieces, the last with what is left. */
static unsigned int cut(struct iovec *pieces, const uint64_t *args)
{
	unsigned int count = args[3] % PIECES + 1;
	uint64_t each = args[2] / count;

	for (unsigned int i = 0; i < count; i++) {
		pieces[i].iov_base = (void *)(uintptr_t)(args[1] + i * each);
		pieces[i].iov_len = i + 1 < count ? each : args[2] - i * each;
	}
	return count;
}

static long vector(struct run *run, const uint64_t *args, long number)
{
	struct iovec pieces[PIECES];
	unsigned int count = cut(pieces, args);

	/* An address of -1 stands for the descriptor's own: to be written to. */
	if (number == SYS_pwritev2 && args[4] == UINT64_MAX)
		guard_allow_all();
	guard_allow(number == SYS_preadv2 ? args[1] : args[4], args[2]);
	return check_moved(run, syscall(number, *run_slot(run, args[0]), pieces, count, args[4],
					0, args[5]), args[2]);
}

long call_preadv(struct run *run, const uint64_t *args)
{
	return vector(run, args, SYS_preadv2);
}

long call_pwritev(struct run *run, const uint64_t *args)
{
	return vector(run, args, SYS_pwritev2);
}

long call_lseek(struct run *run, const uint64_t *args)
{
	return errno_of(lseek(*run_slot(run, args[0]), args[1], args[2]));
}
