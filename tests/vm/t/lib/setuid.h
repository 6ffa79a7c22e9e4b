/* SPDX-License-Identifier: GPL-2.0-only */
/* A program that belongs to root and is setuid, and what a member does to it. */
#ifndef SETUID_H
#define SETUID_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/worker.h"

/* The path of helpers/idle with the setuid bit set. */
void setuid_program(char *path, size_t size);

/* The worker runs the program; returns when it has root's rights. */
void setuid_exec(struct worker *worker, const char *path);

/* Functions for a worker. */
struct member_request {
	int session;
	pid_t pid;
	uint64_t address;
};

/* MEMRW_IOC_SET_TARGET */
long member_bind(void *arg);

/* MEMRW_IOC_READ of 8 bytes */
long member_read(void *arg);

#endif
