/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_POLICY_H
#define MEMRW_POLICY_H

#include <uapi/linux/memrw.h>

struct mm_struct;
struct task_struct;

enum memrw_access memrw_policy_access(void);
int memrw_policy_check(struct task_struct *task, struct mm_struct *mm);

#endif /* MEMRW_POLICY_H */
