// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files are only read, with the rights of this process, and of those that have no
 * end or no contents none.
 */

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/param.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gdb_session.h"

/* What the protocol calls an error that it has no number for. */
#define OTHER_ERROR	9999

/* Opened to be read is all that is possible: its number is 0 for them, too. */
#define READ_ONLY	0

void gdb_files_begin(struct gdb_files *files)
{
	files->root = -1;
	for (size_t i = 0; i < GDB_FILES; i++)
		files->fds[i] = -1;
}

static void close_if_open(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void gdb_files_end(struct gdb_files *files)
{
	close_if_open(&files->root);
	for (size_t i = 0; i < GDB_FILES; i++)
		close_if_open(&files->fds[i]);
}

/* Those up to EROFS have the same numbers there. */
static void fail(struct gdb_session *session, int error)
{
	gdb_reply_clear(&session->reply);
	gdb_reply_text(&session->reply, "F-1,%x",
		       (unsigned int)(error <= EROFS ? error : OTHER_ERROR));
}

static void succeed(struct gdb_session *session, size_t number)
{
	gdb_reply_text(&session->reply, "F%zx", number);
}

/*
 * Paths
 */

/* No link of the target's leads out of its root. */
static int open_in(int root, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned int)flags, .resolve = RESOLVE_IN_ROOT };

	if (root < 0)
		return open(path, flags);
	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

/* "PID": as that process sees them; 0: as this one does. */
static void set_root(struct gdb_session *session, struct gdb_text *text)
{
	char path[32];
	uint64_t pid;

	if (!gdb_text_number(text, &pid) || !gdb_text_ended(text) ||
	    (pid != 0 && pid != (uint64_t)session->pid)) {
		fail(session, EINVAL);
		return;
	}
	close_if_open(&session->files.root);
	/* Where its root may not be seen, it is most likely the same. */
	snprintf(path, sizeof(path), "/proc/%d/root", session->pid);
	if (pid != 0)
		session->files.root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	succeed(session, 0);
}

/*
 * Open files
 */

static int *find_free(struct gdb_files *files)
{
	for (size_t i = 0; i < GDB_FILES; i++) {
		if (files->fds[i] < 0)
			return &files->fds[i];
	}
	return NULL;
}

/* A directory or a pipe is nothing to be read.  Return: 0, or an errno. */
static int check(int fd)
{
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return errno;
	return S_ISREG(status.st_mode) ? 0 : EINVAL;
}

/* "PATH,FLAGS,MODE" */
static void open_file(struct gdb_session *session, struct gdb_text *text)
{
	int *place = find_free(&session->files), error;
	uint64_t flags, mode;
	char path[PATH_MAX];

	if (!gdb_text_path(text, path, sizeof(path)) || !gdb_text_skip(text, ",") ||
	    !gdb_text_numbers(text, &flags, &mode)) {
		fail(session, EINVAL);
		return;
	}
	if (flags != READ_ONLY || !place) {
		fail(session, place ? EROFS : EMFILE);
		return;
	}
	*place = open_in(session->files.root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	error = check(*place);
	if (error) {
		close_if_open(place);
		fail(session, error);
		return;
	}
	succeed(session, (size_t)(place - session->files.fds));
}

/* Return: the one of that number; NULL after the reply if there is none. */
static int *take_file(struct gdb_session *session, struct gdb_text *text)
{
	uint64_t number;

	if (gdb_text_number(text, &number) && number < GDB_FILES &&
	    session->files.fds[number] >= 0)
		return &session->files.fds[number];
	fail(session, EBADF);
	return NULL;
}

/* "FILE,COUNT,OFFSET": as many as fit in a reply. */
static void read_file(struct gdb_session *session, struct gdb_text *text)
{
	char bytes[GDB_PACKET_MAX], head[16];
	int *file = take_file(session, text), length;
	uint64_t count, offset;
	ssize_t got;
	size_t sent;

	if (!file)
		return;
	if (!gdb_text_skip(text, ",") || !gdb_text_numbers(text, &count, &offset)) {
		fail(session, EINVAL);
		return;
	}
	got = pread(*file, bytes, MIN(count, sizeof(bytes)), (off_t)offset);
	if (got < 0) {
		fail(session, errno);
		return;
	}
	/* How many there are goes first, and is known last. */
	gdb_reply_text(&session->reply, "F%04x;", 0U);
	sent = gdb_reply_binary(&session->reply, bytes, (size_t)got);
	length = snprintf(head, sizeof(head), "F%04zx;", sent);
	memcpy(session->reply.data, head, (size_t)length);
}

/* The protocol's own struct: numbers with the highest byte first, which nothing aligns. */
struct __attribute__((packed)) file_status {
	uint32_t device, inode, mode, links, uid, gid, special;
	uint64_t size, block_size, blocks;
	uint32_t accessed, modified, changed;
};

static void read_status(struct gdb_session *session, struct gdb_text *text)
{
	const int *file = take_file(session, text);
	struct file_status reply;
	struct stat status;

	if (!file)
		return;
	if (fstat(*file, &status) < 0) {
		fail(session, errno);
		return;
	}
	reply = (struct file_status){
		htobe32((uint32_t)status.st_dev), htobe32((uint32_t)status.st_ino),
		htobe32(status.st_mode), htobe32((uint32_t)status.st_nlink),
		htobe32(status.st_uid), htobe32(status.st_gid), htobe32((uint32_t)status.st_rdev),
		htobe64((uint64_t)status.st_size), htobe64((uint64_t)status.st_blksize),
		htobe64((uint64_t)status.st_blocks), htobe32((uint32_t)status.st_atime),
		htobe32((uint32_t)status.st_mtime), htobe32((uint32_t)status.st_ctime),
	};
	succeed(session, sizeof(reply));
	gdb_reply_text(&session->reply, ";");
	gdb_reply_binary(&session->reply, &reply, sizeof(reply));
}

static void close_file(struct gdb_session *session, struct gdb_text *text)
{
	int *file = take_file(session, text);

	if (!file)
		return;
	close_if_open(file);
	succeed(session, 0);
}

static void read_link(struct gdb_session *session, struct gdb_text *text)
{
	char path[PATH_MAX], link[PATH_MAX];
	ssize_t length;
	int fd;

	if (!gdb_text_path(text, path, sizeof(path))) {
		fail(session, EINVAL);
		return;
	}
	fd = open_in(session->files.root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	length = fd < 0 ? -1 : readlinkat(fd, "", link, sizeof(link));
	if (length < 0) {
		fail(session, errno == ENOENT && fd >= 0 ? EINVAL : errno);
	} else {
		succeed(session, (size_t)length);
		gdb_reply_text(&session->reply, ";");
		gdb_reply_binary(&session->reply, link, (size_t)length);
	}
	if (fd >= 0)
		close(fd);
}

static void refuse_change(struct gdb_session *session, struct gdb_text *text)
{
	(void)text;
	fail(session, EROFS);
}

void gdb_answer_file(struct gdb_session *session, struct gdb_text text)
{
	static const struct {
		const char *name;
		void (*answer)(struct gdb_session *session, struct gdb_text *text);
	} requests[] = {
		{ "setfs:", set_root }, { "open:", open_file }, { "pread:", read_file },
		{ "fstat:", read_status }, { "close:", close_file }, { "readlink:", read_link },
		{ "pwrite:", refuse_change }, { "unlink:", refuse_change },
	};

	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		if (gdb_text_skip(&text, requests[i].name)) {
			requests[i].answer(session, &text);
			return;
		}
	}
}
