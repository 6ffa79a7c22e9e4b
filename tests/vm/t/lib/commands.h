/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of /dev/memrw, raw, for any test program.  What can fail returns
 * -errno.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/memrw.h>

#define MEMRW_NODE "/dev/memrw"

/* ioctl(2), with -errno. */
int session_command(int fd, unsigned long command, void *arg);

int session_bind(int fd, pid_t pid);
int session_bind_flags(int fd, pid_t pid, __u32 flags);
int session_get_info(int fd, struct memrw_info *info);

int session_get_target(int fd, struct memrw_get_target *target);

/* Bytes moved. */
int64_t session_read(int fd, uint64_t address, void *buffer, uint64_t length, __u32 flags);
int64_t session_write(int fd, uint64_t address, const void *buffer, uint64_t length, __u32 flags);

/* MEMRW_IOC_READV and MEMRW_IOC_WRITEV: segments that have a result. */
int64_t session_readv(int fd, struct memrw_segment *segments, __u32 count, __u32 flags);
int64_t session_writev(int fd, struct memrw_segment *segments, __u32 count, __u32 flags);

struct memrw_segment segment(uint64_t address, const void *buffer, uint64_t length);

/* MEMRW_IOC_ATOMIC; @old may be NULL. */
int session_atomic(int fd, struct memrw_atomic atomic, uint64_t *old);

/* pread(2) and pwrite(2). */
int64_t session_pread(int fd, uint64_t address, void *buffer, size_t length);
int64_t session_pwrite(int fd, uint64_t address, const void *buffer, size_t length);

int session_query_region(int fd, uint64_t address, struct memrw_query_region *region, char *name,
			 size_t name_size);

#endif
