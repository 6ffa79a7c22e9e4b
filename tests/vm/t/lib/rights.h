/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a worker does to its own rights before it is a caller or a target: its
 * ids, capabilities and user namespace.  All of these are functions for a
 * worker, and return -errno where they fail.
 */
#ifndef RIGHTS_H
#define RIGHTS_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define CAP_BIT(capability)	(1ULL << (capability))
#define ALL_CAPABILITIES	UINT64_MAX

struct rights {
	uid_t uids[3];		/* real, effective, saved */
	gid_t gids[3];
	uid_t fsuid;		/* where it is not the effective one; 0: it is */
	uint64_t permitted, effective, inheritable;
	bool stays_non_dumpable;	/* which a change of ids makes it */
};

/* For a worker of root's; @arg: a struct rights. */
long rights_set(void *arg);

/* What the process has permitted but @arg, a uint64_t of capabilities. */
long rights_drop_capabilities(void *arg);

long rights_become_non_dumpable(void *arg);

/* Into a user namespace of one's own, that knows no ids; stays dumpable. */
long rights_enter_namespace(void *arg);

/* Into one that knows one's own ids, and one within. */
long rights_enter_mapped_namespace(void *arg);
long rights_enter_nested_namespace(void *arg);

/* Into the one that the descriptor *@arg is of. */
long rights_join_namespace(void *arg);

#endif
