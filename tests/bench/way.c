// SPDX-License-Identifier: GPL-2.0-only
#include "way.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buffer.h"

#define PTRACE_MAX	4096	/* word by word: nobody waits for more */

static pid_t target;
static int session, mem;
static uint8_t *mirror;		/* of this process, where memcpy() has the target's area */
static size_t mirror_length;

static bool is_transfer(const struct work *work)
{
	return work->layout == ALONE;
}

static bool is_batch(const struct work *work)
{
	return work->layout != ALONE;
}

/* Of the descriptors, which are files whose offset is the target's address. */
static bool by_file(int fd, const struct work *work)
{
	uintptr_t address = (uintptr_t)work->area->start;
	ssize_t moved = work->direction == READ ?
				pread(fd, work->buffer, work->length, address) :
				pwrite(fd, work->buffer, work->length, address);

	return moved == (ssize_t)work->length;
}

static bool by_memrw_file(const struct work *work)
{
	return by_file(session, work);
}

static bool by_proc_mem(const struct work *work)
{
	return by_file(mem, work);
}

/* For the small: of more bytes it costs what the other one does. */
static bool is_word(const struct work *work)
{
	return is_transfer(work) && work->length == 8;
}

static bool by_memrw_command(const struct work *work)
{
	struct memrw_transfer transfer = {
		.size = sizeof(transfer),
		.address = (uintptr_t)work->area->start,
		.buffer = (uintptr_t)work->buffer,
		.length = work->length,
	};
	unsigned long command = work->direction == READ ? MEMRW_IOC_READ : MEMRW_IOC_WRITE;

	return !ioctl(session, command, &transfer) && transfer.done == work->length;
}

static bool by_memrw_batch(const struct work *work)
{
	struct memrw_batch batch = {
		.size = sizeof(batch),
		.segments = (uintptr_t)work->segment,
		.count = work->segments,
	};
	unsigned long command = work->direction == READ ? MEMRW_IOC_READV : MEMRW_IOC_WRITEV;

	return !ioctl(session, command, &batch) && batch.done == work->segments;
}

/* More takes more than one call, which would only add to what a call costs. */
static bool fits_process_vm(const struct work *work)
{
	return work->segments <= 1024;
}

static bool by_process_vm(const struct work *work)
{
	struct iovec local = { work->buffer, work->length };
	struct iovec remote = { work->area->start, work->length };
	const struct iovec *from = work->local ?: &local, *to = work->remote ?: &remote;
	size_t count = work->segments;
	ssize_t moved = work->direction == READ ?
				process_vm_readv(target, from, count, to, count, 0) :
				process_vm_writev(target, from, count, to, count, 0);

	return moved == (ssize_t)work_bytes(work);
}

static bool fits_ptrace(const struct work *work)
{
	return is_transfer(work) && work->length <= PTRACE_MAX;
}

static void ptrace_begin(void)
{
	if (ptrace(PTRACE_SEIZE, target, 0, 0) < 0 || ptrace(PTRACE_INTERRUPT, target, 0, 0) < 0 ||
	    waitpid(target, NULL, 0) != target)
		err(1, "ptrace");
}

static void ptrace_end(void)
{
	if (ptrace(PTRACE_DETACH, target, 0, 0) < 0)
		err(1, "ptrace");
}

static bool peek(const long *from, long *to)
{
	errno = 0;
	*to = ptrace(PTRACE_PEEKDATA, target, from, 0);
	return !errno;
}

static bool poke(const long *from, long *to)
{
	return !ptrace(PTRACE_POKEDATA, target, to, *from);
}

static bool by_ptrace(const struct work *work)
{
	long *theirs = (long *)work->area->start, *ours = (long *)work->buffer;

	for (size_t i = 0; i < work->length / sizeof(long); i++) {
		if (!(work->direction == READ ? peek(theirs + i, ours + i) :
						poke(ours + i, theirs + i)))
			return false;
	}
	return true;
}

static bool fits_mirror(const struct work *work)
{
	size_t last = is_batch(work) ? work->segments * 4096 : work->length;

	return last <= mirror_length;
}

static void copy(enum direction direction, void *ours, void *theirs, size_t length)
{
	if (direction == READ)
		memcpy(ours, theirs, length);
	else
		memcpy(theirs, ours, length);
}

static bool by_memcpy(const struct work *work)
{
	if (is_transfer(work))
		copy(work->direction, work->buffer, mirror, work->length);
	for (size_t i = 0; is_batch(work) && i < work->segments; i++)
		copy(work->direction, work->local[i].iov_base,
		     mirror + ((uint8_t *)work->remote[i].iov_base - work->area->start),
		     work->length);
	return true;
}

const struct way ways[WAYS] = {
	[WAY_FILE] = {
		.names = { "memrw, pread", "memrw, pwrite" },
		.title = "memrw file",
		.kind = KIND_MEMRW,
		.can = is_transfer,
		.run = by_memrw_file,
	},
	[WAY_COMMAND] = {
		.names = { "memrw, MEMRW_IOC_READ", "memrw, MEMRW_IOC_WRITE" },
		.title = "memrw ioctl",
		.kind = KIND_MEMRW,
		.can = is_word,
		.run = by_memrw_command,
	},
	[WAY_BATCH] = {
		.names = { "memrw, MEMRW_IOC_READV", "memrw, MEMRW_IOC_WRITEV" },
		.title = "memrw batch",
		.kind = KIND_MEMRW,
		.can = is_batch,
		.run = by_memrw_batch,
	},
	[WAY_PROCESS_VM] = {
		.names = { "process_vm_readv", "process_vm_writev" },
		.title = "process_vm",
		.kind = KIND_EXISTING,
		.can = fits_process_vm,
		.run = by_process_vm,
	},
	[WAY_PROC_MEM] = {
		.names = { "/proc/PID/mem, pread", "/proc/PID/mem, pwrite" },
		.title = "/proc/mem",
		.kind = KIND_EXISTING,
		.can = is_transfer,
		.run = by_proc_mem,
	},
	[WAY_PTRACE] = {
		.names = { "PTRACE_PEEKDATA", "PTRACE_POKEDATA" },
		.title = "ptrace",
		.kind = KIND_EXISTING,
		.can = fits_ptrace,
		.begin = ptrace_begin,
		.end = ptrace_end,
		.run = by_ptrace,
	},
	[WAY_MEMCPY] = {
		.names = { "memcpy here", "memcpy here" },
		.title = "memcpy",
		.kind = KIND_LIMIT,
		.can = fits_mirror,
		.run = by_memcpy,
	},
};

int ways_session(void)
{
	return session;
}

void ways_open(pid_t pid, size_t limit)
{
	struct memrw_set_target set = { .size = sizeof(set), .pid = pid };
	char path[32];

	target = pid;
	session = open("/dev/memrw", O_RDWR | O_CLOEXEC);
	if (session < 0)
		err(1, "/dev/memrw");
	if (ioctl(session, MEMRW_IOC_SET_TARGET, &set) < 0)
		err(1, "MEMRW_IOC_SET_TARGET");
	snprintf(path, sizeof(path), "/proc/%d/mem", target);
	mem = open(path, O_RDWR | O_CLOEXEC);
	if (mem < 0)
		err(1, "%s", path);
	mirror = buffer_new(limit);
	mirror_length = limit;
}
