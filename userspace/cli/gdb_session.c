// SPDX-License-Identifier: GPL-2.0-only

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gdb_session.h"
#include "parts.h"

static void find_image(struct gdb_session *session)
{
	struct parts regions = { 0 };

	session->image = (struct core_image){ 0 };
	if (parts_of_target(&regions, session->target) == 0)
		core_image_find(&session->image, session->target, &regions);
	parts_clear(&regions);
}

void gdb_session_begin(struct gdb_session *session)
{
	session->pid = memrw_target_pid(session->target);
	session->tid = session->pid;
	session->pidfd = (int)syscall(SYS_pidfd_open, session->pid, 0);
	find_image(session);
	gdb_files_begin(&session->files);
}

/* The process that the descriptor stands for: its pid is not another one's. */
static bool is_alive(const struct gdb_session *session)
{
	struct pollfd wait = { .fd = session->pidfd, .events = POLLIN };

	return session->pidfd >= 0 && poll(&wait, 1, 0) == 0;
}

bool gdb_session_follow(struct gdb_session *session)
{
	struct memrw_target *target = memrw_target_open(session->pid, session->via, 0);

	if (!target || !is_alive(session)) {
		memrw_target_close(target);
		return false;
	}
	gdb_watches_clear(&session->watches);
	memrw_target_close(session->target);
	session->target = target;
	session->tid = session->pid;
	find_image(session);
	return true;
}

struct transfer gdb_session_transfer(const struct gdb_session *session, uint64_t address,
				     uint64_t length)
{
	return (struct transfer){
		.target = session->target,
		.flags = session->flags,
		.address = address,
		.remaining = length,
	};
}

void gdb_session_end(struct gdb_session *session)
{
	gdb_watches_clear(&session->watches);
	gdb_files_end(&session->files);
	gdb_xfer_clear(&session->xfer);
	if (session->pidfd >= 0)
		close(session->pidfd);
	memrw_target_close(session->target);
}
