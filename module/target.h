/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_TARGET_H
#define MEMRW_TARGET_H

#include <linux/types.h>
#include <uapi/linux/memrw.h>

struct memrw_target;
struct mm_struct;
struct pid;

int memrw_target_init(void);
void memrw_target_exit(void);

struct memrw_target *memrw_target_create(pid_t nr, u32 transfer_flags);
bool memrw_target_get(struct memrw_target *target);
void memrw_target_put(struct memrw_target *target);
void memrw_target_put_unseen(struct memrw_target *target);

enum memrw_target_state memrw_target_state(const struct memrw_target *target);
struct mm_struct *memrw_target_get_mm(const struct memrw_target *target);
struct mm_struct *memrw_target_grab_mm(const struct memrw_target *target);
const struct mm_struct *memrw_target_mm(const struct memrw_target *target);
struct pid *memrw_target_pid(const struct memrw_target *target);
u32 memrw_target_transfer_flags(const struct memrw_target *target);
void memrw_target_describe(const struct memrw_target *target, struct memrw_get_target *out);

#endif /* MEMRW_TARGET_H */
