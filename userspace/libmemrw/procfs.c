// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The procfs backend: what the kernel offers by itself, under ptrace's rules.
 * Binding is here; procfs_life.c knows what becomes of a process,
 * procfs_transfer.c and procfs_batch.c move the bytes, and procfs_watch.c tells of
 * accesses.
 */
#include "pages.h"
#include "pidfd.h"
#include "procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Less than what read(2) does at once, by a whole number of pages of any size. */
#define TRANSFER_MAX 0x70000000

static struct procfs *to_procfs(struct mrw_binding *binding)
{
	return (struct procfs *)binding;
}

static int procfs_state(struct mrw_binding *binding, enum memrw_state *state)
{
	if (!mrw_procfs_confirm(to_procfs(binding)))
		*state = MEMRW_STATE_BOUND;
	else if (errno == ESTALE)
		*state = MEMRW_STATE_EXECED;
	else
		*state = MEMRW_STATE_EXITED;
	return 0;
}

/*
 * Finding the process
 */

/* PF_KTHREAD, as /proc/PID/stat has it among the flags of a process. */
#define KERNEL_THREAD 0x00200000

static bool is_kernel_thread(int dir)
{
	char stat[512], *fields;
	unsigned int flags;

	if (mrw_procfs_read_file(dir, "stat", stat, sizeof(stat)) < 0)
		return false;
	/* The name before it may hold anything, a parenthesis too. */
	fields = strrchr(stat, ')');
	return fields &&
	       sscanf(fields, ") %*c %*d %*d %*d %*d %*d %u", &flags) == 1 &&
	       flags & KERNEL_THREAD;
}

static void read_comm(int dir, char comm[MRW_COMM_LEN])
{
	char text[64] = "";

	mrw_procfs_read_file(dir, "comm", text, sizeof(text));
	text[strcspn(text, "\n")] = '\0';
	snprintf(comm, MRW_COMM_LEN, "%.*s", MRW_COMM_LEN - 1, text);
}

static int open_dir(struct procfs *p, pid_t proc_pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", (int)proc_pid);
	p->dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* /proc may be mounted so that it hides others' processes. */
	if (p->dir < 0 && errno == ENOENT)
		errno = EPERM;
	return p->dir < 0 ? -1 : 0;
}

static int find_process(struct procfs *p, pid_t proc_pid)
{
	if (open_dir(p, proc_pid) < 0)
		return -1;
	if (is_kernel_thread(p->dir)) {
		close(p->dir);
		errno = EINVAL;
		return -1;
	}
	read_comm(p->dir, p->binding.comm);
	return 0;
}

/*
 * Binding it
 */

static int open_files(struct procfs *p, int dir, bool read_only)
{
	p->mem = openat(dir, "mem", (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (p->mem < 0)
		return -1;
	if (mrw_maps_open(&p->maps, dir) < 0) {
		close(p->mem);
		return -1;
	}
	p->pagemap = openat(dir, "pagemap", O_RDONLY | O_CLOEXEC);
	return 0;
}

static void close_files(struct procfs *p)
{
	if (p->pagemap >= 0)
		close(p->pagemap);
	mrw_maps_close(&p->maps);
	close(p->mem);
}

/*
 * An execve() among the openings would leave descriptors of different address
 * spaces: if the first one's is still the process's after the last was
 * opened, it was all the while.
 */
static int bind_files(struct procfs *p, int dir, bool read_only)
{
	if (open_files(p, dir, read_only) < 0) {
		/* So are the rules of ptrace and of hidden processes told. */
		if (errno == EACCES || errno == ENOENT)
			errno = EPERM;
		return -1;
	}
	mrw_image_learn(&p->image, dir, p->mem);
	if (!mrw_procfs_confirm(p))
		return 0;
	close_files(p);
	return -1;
}

/*
 * If /proc is of another pid namespace, the thread's id is not for the
 * caller's own calls; the process's is then kept, which they refuse.
 */
static int bind_thread(struct procfs *p, pid_t proc_pid, bool read_only)
{
	int dir, ret;
	pid_t tid;

	dir = mrw_procfs_open_thread(p->dir, &tid);
	if (dir < 0)
		return -1;
	p->is_thread = true;
	if (p->pid == proc_pid)
		p->pid = tid;
	ret = bind_files(p, dir, read_only);
	close(dir);
	return ret;
}

static int bind_process(struct procfs *p, pid_t proc_pid, bool read_only)
{
	pid_t pid = p->pid;
	int ret;

	do {
		p->pid = pid;
		p->is_thread = false;
		ret = mrw_procfs_has_no_memory(p->dir)
			      ? bind_thread(p, proc_pid, read_only)
			      : bind_files(p, p->dir, read_only);
	} while (ret < 0 && errno == ESTALE);
	return ret;
}

static struct mrw_binding *procfs_open(pid_t pid, int pidfd, bool read_only)
{
	pid_t proc_pid = mrw_pidfd_proc_pid(pidfd);
	struct procfs *p;

	if (proc_pid < 0)
		return NULL;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;

	p->binding.backend = &mrw_procfs;
	p->binding.transfer_max = TRANSFER_MAX;
	p->binding.batch_max = SIZE_MAX;
	p->pid = pid;
	p->pidfd = pidfd;
	if (find_process(p, proc_pid) < 0)
		goto free;
	if (bind_process(p, proc_pid, read_only) < 0)
		goto close_dir;
	return &p->binding;

close_dir:
	close(p->dir);
free:
	free(p);
	return NULL;
}

static void procfs_close(struct mrw_binding *binding)
{
	struct procfs *p = to_procfs(binding);

	close_files(p);
	close(p->dir);
	free(p);
}

static ssize_t procfs_read(struct mrw_binding *binding, uint64_t address,
			   void *buffer, size_t length, unsigned int flags)
{
	return mrw_procfs_read(to_procfs(binding), address, buffer, length,
			       flags);
}

static ssize_t procfs_write(struct mrw_binding *binding, uint64_t address,
			    const void *buffer, size_t length, unsigned int flags)
{
	return mrw_procfs_write(to_procfs(binding), address, buffer, length,
				flags);
}

static ssize_t procfs_readv(struct mrw_binding *binding,
			    struct memrw_target_segment *segments, size_t count,
			    unsigned int flags)
{
	return mrw_procfs_readv(to_procfs(binding), segments, count, flags);
}

static struct memrw_watch *procfs_watch_open(struct mrw_binding *binding, uint64_t address,
					     size_t length, enum memrw_watch_kind kind,
					     const struct memrw_watch_filter *filter)
{
	return mrw_procfs_watch_open(to_procfs(binding), address, length, kind, filter);
}

static int procfs_pages(struct mrw_binding *binding, uint64_t address,
			size_t length, struct mrw_run *run)
{
	return mrw_pages_ask(to_procfs(binding)->pagemap, address, length, run);
}

/*
 * A walk is over one snapshot: a descriptor of its own would be one of the
 * address space that the process has by then.
 */
struct walk {
	struct procfs *procfs;
	struct mrw_snapshot snapshot;
};

static int take_snapshot(struct walk *walk)
{
	int ret = mrw_snapshot_take(&walk->snapshot, &walk->procfs->maps);

	if (!ret)
		errno = mrw_procfs_gone(walk->procfs);
	return ret > 0 ? 0 : -1;
}

static void *procfs_walk_open(struct mrw_binding *binding)
{
	struct procfs *p = to_procfs(binding);
	struct walk *walk;

	if (mrw_procfs_confirm(p) < 0)
		return NULL;
	walk = malloc(sizeof(*walk));
	if (!walk)
		return NULL;
	walk->procfs = p;
	if (take_snapshot(walk) < 0) {
		free(walk);
		return NULL;
	}
	return walk;
}

static int procfs_walk_next(void *cookie, uint64_t address,
			    struct memrw_region *region)
{
	struct walk *walk = cookie;

	if (mrw_procfs_confirm(walk->procfs) < 0)
		return -1;
	return mrw_snapshot_seek(&walk->snapshot, address, region);
}

static void procfs_walk_close(void *cookie)
{
	struct walk *walk = cookie;

	mrw_snapshot_drop(&walk->snapshot);
	free(walk);
}

const struct mrw_backend mrw_procfs = {
	.id = MEMRW_BACKEND_PROCFS,
	.open = procfs_open,
	.close = procfs_close,
	.read = procfs_read,
	.write = procfs_write,
	.readv = procfs_readv,
	.watch_open = procfs_watch_open,
	.pages = procfs_pages,
	.state = procfs_state,
	.walk_open = procfs_walk_open,
	.walk_next = procfs_walk_next,
	.walk_close = procfs_walk_close,
};
