/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_SESSION_H
#define MEMRW_SESSION_H

#include <linux/types.h>
#include <uapi/linux/memrw.h>

struct address_space;
struct inode;
struct memrw_session;
struct memrw_target;
struct mm_struct;

struct memrw_session *memrw_session_create(struct inode *inode);
void memrw_session_destroy(struct memrw_session *session);

int memrw_session_bind(struct memrw_session *session, pid_t nr, u32 transfer_flags);
void memrw_session_unbind(struct memrw_session *session);
int memrw_session_describe(struct memrw_session *session, struct memrw_get_target *out);

struct mm_struct *memrw_session_get_mm(struct memrw_session *session, u32 *transfer_flags);
struct mm_struct *memrw_session_grab_mm(struct memrw_session *session, u32 *transfer_flags);
struct memrw_target *memrw_session_get_target(struct memrw_session *session);
struct address_space *memrw_session_windows(struct memrw_session *session);

#endif /* MEMRW_SESSION_H */
