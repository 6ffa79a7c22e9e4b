/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own answers, to compare the driver's with.
 */
#ifndef REFERENCE_H
#define REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Bytes, or -errno as the driver would say it: what process_vm_readv(2)
 * calls EFAULT for the target's memory is EIO.
 */
int64_t reference_read(pid_t pid, uint64_t address, void *buffer, size_t length);
int64_t reference_write(pid_t pid, uint64_t address, const void *buffer, size_t length);

/* The same by /proc/PID/mem, which ignores protection as MEMRW_FORCE does. */
int64_t reference_read_forced(pid_t pid, uint64_t address, void *buffer, size_t length);
int64_t reference_write_forced(pid_t pid, uint64_t address, const void *buffer, size_t length);

/*
 * Reads the range through the session @fd by every way there is, and asserts
 * that count, error and bytes are those of process_vm_readv(2), or with
 * MEMRW_FORCE those of /proc/PID/mem.  Returns the count or -errno.
 */
int64_t assert_reads_match(int fd, pid_t pid, uint64_t address, size_t length);
int64_t assert_forced_reads_match(int fd, pid_t pid, uint64_t address, size_t length);

#endif
