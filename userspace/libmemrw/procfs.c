// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The procfs backend: what the kernel offers by itself, under ptrace's rules.
 * Binding and lifetime are here, procfs_transfer.c moves the bytes.
 */
#include "pidfd.h"
#include "procfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Less than what read(2) does at once, by a whole number of pages of any size. */
#define TRANSFER_MAX	0x70000000

static struct procfs *to_procfs(struct mrw_binding *binding)
{
	return (struct procfs *)binding;
}

static ssize_t read_small_file(int dir, const char *name, char *text,
			       size_t size)
{
	ssize_t got;
	int fd;

	fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	got = read(fd, text, size - 1);
	close(fd);
	if (got >= 0)
		text[got] = '\0';
	return got;
}

/*
 * What became of the address space
 */

/* An address that no process has: reading it fails, unless nothing is left. */
#define NOWHERE	(INT64_MAX - 7)

static bool memory_is_gone(const struct procfs *p)
{
	char byte;

	return pread(p->mem, &byte, 1, NOWHERE) == 0;
}

/* A process on its way out drops its memory before the pidfd tells. */
static bool has_no_memory(int dir)
{
	char statm[128];

	return read_small_file(dir, "statm", statm, sizeof(statm)) > 0 &&
	       !strncmp(statm, "0 ", 2);
}

int mrw_procfs_gone(const struct procfs *p)
{
	return has_no_memory(p->dir) || mrw_pidfd_exited(p->pidfd) ? ESRCH :
								     ESTALE;
}

static int confirm_alive(const struct procfs *p)
{
	if (!memory_is_gone(p))
		return 0;
	errno = mrw_procfs_gone(p);
	return -1;
}

/*
 * That the address space is alive is not enough: after vfork() the parent
 * keeps it alive for itself.
 */
int mrw_procfs_confirm(const struct procfs *p)
{
	if (mrw_pidfd_exited(p->pidfd)) {
		errno = ESRCH;
		return -1;
	}

	switch (mrw_image_compare(&p->image, p->pid, p->dir, p->mem)) {
	case MRW_IMAGE_SAME:
		return 0;
	case MRW_IMAGE_OTHER:
		errno = mrw_procfs_gone(p);
		return -1;
	case MRW_IMAGE_UNKNOWN:
		break;
	}
	return confirm_alive(p);
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
#define KERNEL_THREAD	0x00200000

static bool is_kernel_thread(int dir)
{
	char stat[512], *fields;
	unsigned int flags;

	if (read_small_file(dir, "stat", stat, sizeof(stat)) < 0)
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

	read_small_file(dir, "comm", text, sizeof(text));
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

/* The directory of a thread in @tasks that has memory; -1 if none has. */
static int find_thread(DIR *tasks, pid_t *tid)
{
	struct dirent *entry;
	int dir;

	while ((entry = readdir(tasks))) {
		*tid = atoi(entry->d_name);
		if (*tid <= 0)
			continue;
		dir = openat(dirfd(tasks), entry->d_name,
			     O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (dir >= 0 && !has_no_memory(dir))
			return dir;
		if (dir >= 0)
			close(dir);
	}
	return -1;
}

/*
 * A process whose first thread has ended goes on in the others.  If /proc is
 * of another pid namespace, the thread's id is not for the caller's calls;
 * the process's is then kept, which they refuse.
 */
static int use_living_thread(struct procfs *p, pid_t proc_pid)
{
	int fd, dir = -1;
	DIR *tasks;
	pid_t tid;

	fd = openat(p->dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tasks = fd < 0 ? NULL : fdopendir(fd);
	if (tasks) {
		dir = find_thread(tasks, &tid);
		closedir(tasks);
	} else if (fd >= 0) {
		close(fd);
	}
	if (dir < 0) {
		errno = ESRCH;
		return -1;
	}

	close(p->dir);
	p->dir = dir;
	if (p->pid == proc_pid)
		p->pid = tid;
	return 0;
}

static int check_process(struct procfs *p, pid_t proc_pid)
{
	if (is_kernel_thread(p->dir)) {
		errno = EINVAL;
		return -1;
	}
	read_comm(p->dir, p->binding.comm);
	return has_no_memory(p->dir) ? use_living_thread(p, proc_pid) : 0;
}

static int find_process(struct procfs *p)
{
	pid_t proc_pid = mrw_pidfd_proc_pid(p->pidfd);

	if (proc_pid < 0 || open_dir(p, proc_pid) < 0)
		return -1;
	if (check_process(p, proc_pid) < 0) {
		close(p->dir);
		return -1;
	}
	return 0;
}

/*
 * Binding it
 */

static int open_files(struct procfs *p, bool read_only)
{
	p->mem = openat(p->dir, "mem",
			(read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (p->mem < 0)
		return -1;
	if (mrw_maps_open(&p->maps, p->dir) < 0) {
		close(p->mem);
		return -1;
	}
	p->pagemap = openat(p->dir, "pagemap", O_RDONLY | O_CLOEXEC);
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
static int bind_files(struct procfs *p, bool read_only)
{
	for (;;) {
		if (open_files(p, read_only) < 0) {
			/* So are the rules of ptrace and of hidden processes told. */
			if (errno == EACCES || errno == ENOENT)
				errno = EPERM;
			return -1;
		}
		mrw_image_learn(&p->image, p->dir, p->mem);
		if (!mrw_procfs_confirm(p))
			return 0;
		close_files(p);
		if (errno != ESTALE)
			return -1;
	}
}

static struct mrw_binding *procfs_open(pid_t pid, int pidfd, bool read_only)
{
	struct procfs *p;

	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;

	p->binding.backend = &mrw_procfs;
	p->binding.transfer_max = TRANSFER_MAX;
	p->pid = pid;
	p->pidfd = pidfd;
	if (find_process(p) < 0)
		goto free;
	if (bind_files(p, read_only) < 0)
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
			    const void *buffer, size_t length,
			    unsigned int flags)
{
	return mrw_procfs_write(to_procfs(binding), address, buffer, length,
				flags);
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
	.state = procfs_state,
	.walk_open = procfs_walk_open,
	.walk_next = procfs_walk_next,
	.walk_close = procfs_walk_close,
};
