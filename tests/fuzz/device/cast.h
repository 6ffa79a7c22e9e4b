/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The processes that a program can bind.
 */
#ifndef FUZZ_CAST_H
#define FUZZ_CAST_H

#include <stdint.h>
#include <sys/types.h>

#include "value.h"

/* Users of the guest; the child is @member's, the stranger @outsider's. */
struct users {
	uid_t member, outsider;
	gid_t member_group, device_group;
};

extern struct users users;

void cast_find_users(void);

void cast_start(void);

/* For the next program: the child as it was at first, and its caller root. */
void cast_renew(void);

/* The process of that name; the absent and the odd ones have numbers too. */
pid_t cast_pid(enum pid_name name);

/* What the child is to do to itself. */
void cast_change(enum change change, unsigned int zone);

/* What it is to do to its memory, which leaves it as new; one access is done here. */
void cast_access(enum access access, uint64_t address);
long cast_do_access(enum access access, uint64_t address);

void cast_kill(void);
void cast_become(enum user user);

/* The main program of a child that has replaced itself. */
_Noreturn void cast_be_target(void);

#endif
