/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of /dev/memrw, raw.  All return -errno where they fail.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/memrw.h>

#define DEVICE_NODE	"/dev/memrw"

/* A descriptor that is closed on exec. */
int device_open(int flags);

int device_info(int fd, struct memrw_info *info);

/* @pid 0 unbinds. */
int device_bind(int fd, pid_t pid, uint32_t flags);
int device_target(int fd, struct memrw_get_target *target);

/* Bytes moved. */
int64_t device_read(int fd, uint64_t address, void *buffer, size_t length, uint32_t flags);
int64_t device_write(int fd, uint64_t address, const void *buffer, size_t length,
		     uint32_t flags);
int64_t device_pread(int fd, uint64_t address, void *buffer, size_t length);
int64_t device_pwrite(int fd, uint64_t address, const void *buffer, size_t length);

/* Segments that have a result. */
int64_t device_readv(int fd, struct memrw_segment *segments, uint32_t count, uint32_t flags);
int64_t device_writev(int fd, struct memrw_segment *segments, uint32_t count, uint32_t flags);

/* Sets @atomic->size. */
int device_atomic(int fd, struct memrw_atomic *atomic);

int device_region(int fd, uint64_t address, struct memrw_query_region *region, char *name,
		  uint32_t name_size);

#endif
