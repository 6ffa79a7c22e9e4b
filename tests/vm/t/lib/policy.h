/* SPDX-License-Identifier: GPL-2.0-only */
/* The access policy of the driver, and Yama's restriction of ptrace. */
#ifndef POLICY_H
#define POLICY_H

#include <stdbool.h>
#include <stddef.h>

#define POLICY_PARAMETER "/sys/module/memrw/parameters/access"

/* 0, or -errno.  What a test sets is undone at its end. */
int policy_write(const char *access);
void policy_set(const char *access);
void policy_read(char *access, size_t size);
void policy_restore(void);

/* False if the kernel has no Yama. */
bool yama_set(int ptrace_scope);

#endif
