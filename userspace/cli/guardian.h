/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process that holds a target, and what it says to the one that wanted so.
 * See hold.h.
 */
#ifndef CLI_GUARDIAN_H
#define CLI_GUARDIAN_H

#include <stdint.h>
#include <sys/types.h>

/* More than any set of registers that is asked for. */
#define GUARDIAN_REGISTERS_MAX	4096

/** struct guardian_request - for the registers of a thread */
struct guardian_request {
	int32_t tid;
	uint32_t set;
};

/**
 * struct guardian_answer - to being started, and to each request
 * @error: an errno value, or 0
 * @length: bytes of @bytes that follow
 */
struct guardian_answer {
	int32_t error;
	uint32_t length;
	unsigned char bytes[GUARDIAN_REGISTERS_MAX];
};

/**
 * guardian_run() - hold a process until the other end of @channel is closed
 * @pid: the process
 * @pidfd: of it
 * @way: HOLD_BY_TRACING or HOLD_BY_SIGNAL
 * @channel: a socket that keeps messages apart
 *
 * For a process that was forked for it: it gives up all else that it has.
 */
_Noreturn void guardian_run(pid_t pid, int pidfd, unsigned int way, int channel);

#endif /* CLI_GUARDIAN_H */
