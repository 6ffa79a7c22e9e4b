// SPDX-License-Identifier: GPL-2.0-only
#include "lib/commands.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int session_command(int fd, unsigned long command, void *arg)
{
	return ioctl(fd, command, arg) < 0 ? -errno : 0;
}

int session_bind_flags(int fd, pid_t pid, __u32 flags)
{
	struct memrw_set_target target = { .size = sizeof(target), .pid = pid, .flags = flags };

	return session_command(fd, MEMRW_IOC_SET_TARGET, &target);
}

int session_bind(int fd, pid_t pid)
{
	return session_bind_flags(fd, pid, 0);
}

int session_get_info(int fd, struct memrw_info *info)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	return session_command(fd, MEMRW_IOC_GET_INFO, info);
}

int session_get_target(int fd, struct memrw_get_target *target)
{
	memset(target, 0, sizeof(*target));
	target->size = sizeof(*target);
	return session_command(fd, MEMRW_IOC_GET_TARGET, target);
}

static int64_t transfer(int fd, unsigned long command, uint64_t address, const void *buffer,
			uint64_t length, __u32 flags)
{
	struct memrw_transfer transfer = {
		.size = sizeof(transfer),
		.flags = flags,
		.address = address,
		.buffer = (uintptr_t)buffer,
		.length = length,
	};
	int error = session_command(fd, command, &transfer);

	return error ? error : (int64_t)transfer.done;
}

int64_t session_read(int fd, uint64_t address, void *buffer, uint64_t length, __u32 flags)
{
	return transfer(fd, MEMRW_IOC_READ, address, buffer, length, flags);
}

int64_t session_write(int fd, uint64_t address, const void *buffer, uint64_t length, __u32 flags)
{
	return transfer(fd, MEMRW_IOC_WRITE, address, buffer, length, flags);
}

static int64_t batch(int fd, unsigned long command, struct memrw_segment *segments, __u32 count,
		     __u32 flags)
{
	struct memrw_batch batch = {
		.size = sizeof(batch),
		.flags = flags,
		.segments = (uintptr_t)segments,
		.count = count,
	};
	int error = session_command(fd, command, &batch);

	return error ? error : (int64_t)batch.done;
}

int64_t session_readv(int fd, struct memrw_segment *segments, __u32 count, __u32 flags)
{
	return batch(fd, MEMRW_IOC_READV, segments, count, flags);
}

int64_t session_writev(int fd, struct memrw_segment *segments, __u32 count, __u32 flags)
{
	return batch(fd, MEMRW_IOC_WRITEV, segments, count, flags);
}

struct memrw_segment segment(uint64_t address, const void *buffer, uint64_t length)
{
	return (struct memrw_segment){
		.address = address,
		.buffer = (uintptr_t)buffer,
		.length = length,
		.result = INT64_MIN,	/* what no segment ends with */
	};
}

int session_atomic(int fd, struct memrw_atomic atomic, uint64_t *old)
{
	int error;

	atomic.size = sizeof(atomic);
	error = session_command(fd, MEMRW_IOC_ATOMIC, &atomic);
	if (old)
		*old = atomic.old;
	return error;
}

int64_t session_pread(int fd, uint64_t address, void *buffer, size_t length)
{
	ssize_t n = pread(fd, buffer, length, address);

	return n < 0 ? -errno : n;
}

int64_t session_pwrite(int fd, uint64_t address, const void *buffer, size_t length)
{
	ssize_t n = pwrite(fd, buffer, length, address);

	return n < 0 ? -errno : n;
}

int session_query_region(int fd, uint64_t address, struct memrw_query_region *region, char *name,
			 size_t name_size)
{
	*region = (struct memrw_query_region){
		.size = sizeof(*region),
		.address = address,
		.name = (uintptr_t)name,
		.name_size = name_size,
	};
	return session_command(fd, MEMRW_IOC_QUERY_REGION, region);
}
