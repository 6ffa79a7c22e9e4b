// SPDX-License-Identifier: GPL-2.0-only
#include "lib/device.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int device_open(int flags)
{
	int fd = open(DEVICE_NODE, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int command(int fd, unsigned long number, void *arg)
{
	return ioctl(fd, number, arg) < 0 ? -errno : 0;
}

int device_info(int fd, struct memrw_info *info)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	return command(fd, MEMRW_IOC_GET_INFO, info);
}

int device_bind(int fd, pid_t pid, uint32_t flags)
{
	struct memrw_set_target target = { .size = sizeof(target), .pid = pid, .flags = flags };

	return command(fd, MEMRW_IOC_SET_TARGET, &target);
}

int device_target(int fd, struct memrw_get_target *target)
{
	/* What the driver leaves as it was is to be seen. */
	memset(target, 0xa5, sizeof(*target));
	target->size = sizeof(*target);
	target->flags = 0;
	target->reserved = 0;
	return command(fd, MEMRW_IOC_GET_TARGET, target);
}

static int64_t transfer(int fd, unsigned long number, uint64_t address, const void *buffer,
			size_t length, uint32_t flags)
{
	struct memrw_transfer transfer = {
		.size = sizeof(transfer),
		.flags = flags,
		.address = address,
		.buffer = (uintptr_t)buffer,
		.length = length,
	};
	int error = command(fd, number, &transfer);

	return error ? error : (int64_t)transfer.done;
}

int64_t device_read(int fd, uint64_t address, void *buffer, size_t length, uint32_t flags)
{
	return transfer(fd, MEMRW_IOC_READ, address, buffer, length, flags);
}

int64_t device_write(int fd, uint64_t address, const void *buffer, size_t length, uint32_t flags)
{
	return transfer(fd, MEMRW_IOC_WRITE, address, buffer, length, flags);
}

int64_t device_pread(int fd, uint64_t address, void *buffer, size_t length)
{
	ssize_t done = pread(fd, buffer, length, address);

	return done < 0 ? -errno : done;
}

int64_t device_pwrite(int fd, uint64_t address, const void *buffer, size_t length)
{
	ssize_t done = pwrite(fd, buffer, length, address);

	return done < 0 ? -errno : done;
}

static int64_t batch(int fd, unsigned long number, struct memrw_segment *segments,
		     uint32_t count, uint32_t flags)
{
	struct memrw_batch batch = {
		.size = sizeof(batch),
		.flags = flags,
		.segments = (uintptr_t)segments,
		.count = count,
	};
	int error = command(fd, number, &batch);

	return error ? error : (int64_t)batch.done;
}

int64_t device_readv(int fd, struct memrw_segment *segments, uint32_t count, uint32_t flags)
{
	return batch(fd, MEMRW_IOC_READV, segments, count, flags);
}

int64_t device_writev(int fd, struct memrw_segment *segments, uint32_t count, uint32_t flags)
{
	return batch(fd, MEMRW_IOC_WRITEV, segments, count, flags);
}

int device_atomic(int fd, struct memrw_atomic *atomic)
{
	atomic->size = sizeof(*atomic);
	return command(fd, MEMRW_IOC_ATOMIC, atomic);
}

int device_region(int fd, uint64_t address, struct memrw_query_region *region, char *name,
		  uint32_t name_size)
{
	memset(region, 0, sizeof(*region));
	region->size = sizeof(*region);
	region->address = address;
	region->name = (uintptr_t)name;
	region->name_size = name_size;
	return command(fd, MEMRW_IOC_QUERY_REGION, region);
}
