/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the procfs backend share. */
#ifndef MEMRW_PROCFS_H
#define MEMRW_PROCFS_H

#include "backend.h"
#include "image.h"
#include "maps.h"

/*
 * struct procfs - a process, bound
 * @binding: must be first
 * @pid: in the caller's pid namespace; a thread of the process whose first
 *	one has ended
 * @is_thread: that is what @pid is
 * @pidfd: of the process
 * @dir: /proc/PID
 * @mem: /proc/PID/mem; this and the next two are of one address space
 * @maps: /proc/PID/maps
 * @pagemap: /proc/PID/pagemap; -1 where the kernel has none
 * @image: the program behind @mem
 */
struct procfs {
	struct mrw_binding binding;
	pid_t pid;
	bool is_thread;
	int pidfd;
	int dir;
	int mem;
	struct mrw_maps maps;
	int pagemap;
	struct mrw_image image;
};

/* All of a small file in @dir, NUL-terminated, or as much as there is room for. */
ssize_t mrw_procfs_read_file(int dir, const char *name, char *text, size_t size);

/*
 * Has the first thread of the process, or the thread, in @dir lost its memory?
 * It drops that on its way out, before the pidfd tells.
 */
bool mrw_procfs_has_no_memory(int dir);

/*
 * The directory of a thread that still has it, for a process whose first
 * thread has ended goes on in the others; ESRCH if none has.
 */
int mrw_procfs_open_thread(int process_dir, pid_t *tid);

/* Does the process still run in the address space bound?  ESRCH, ESTALE. */
int mrw_procfs_confirm(const struct procfs *p);

/*
 * A copy that is good for mrw_procfs_confirm() and nothing else, and lives on when @p is
 * closed.
 */
int mrw_procfs_keep(struct procfs *copy, const struct procfs *p);
void mrw_procfs_let_go(struct procfs *copy);

/* The address space is gone: ESRCH or ESTALE? */
int mrw_procfs_gone(const struct procfs *p);

ssize_t mrw_procfs_read(struct procfs *p, uint64_t address, void *buffer,
			size_t length, unsigned int flags);
ssize_t mrw_procfs_write(struct procfs *p, uint64_t address, const void *buffer,
			 size_t length, unsigned int flags);
ssize_t mrw_procfs_readv(struct procfs *p, struct memrw_target_segment *segments,
			 size_t count, unsigned int flags);
struct memrw_watch *mrw_procfs_watch_open(const struct procfs *p, uint64_t address,
					  size_t length, enum memrw_watch_kind kind,
					  const struct memrw_watch_filter *filter);

#endif
