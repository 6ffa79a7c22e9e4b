/* SPDX-License-Identifier: GPL-2.0-only */
/* A program that gives rights to who runs it, and what a member does to that one. */
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

/* A program with a mode, an owner and, as capabilities(7) has them, capabilities. */
struct program {
	const char *name;
	const char *helper;	/* of helpers/; NULL: idle */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	uint64_t permitted, inheritable;
};

/* Makes it; 0, or -errno where its file system has no capabilities. */
int program_make(const struct program *program, char *path, size_t size);

/* The worker runs an idle one; returns when that idles, with all its rights. */
void program_exec(struct worker *worker, const char *path);

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
