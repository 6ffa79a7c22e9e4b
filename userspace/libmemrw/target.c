// SPDX-License-Identifier: LGPL-2.1-or-later
/* A target: one process's address space, opened on one backend. */
#include "backend.h"
#include "pidfd.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

struct memrw_target {
	pid_t pid;
	int pidfd;
	bool read_only;
	int fallback_reason;
	struct mrw_binding *binding;
};

struct mrw_binding *mrw_target_binding(struct memrw_target *target)
{
	return target->binding;
}

/*
 * Backends find the process by its pid.  One that has not exited after that
 * kept its pid all the while, so it was the one found.
 */
static int bind_on(struct memrw_target *target, const struct mrw_backend *backend)
{
	struct mrw_binding *binding;

	binding = backend->open(target->pid, target->pidfd, target->read_only);
	if (!binding) {
		if (mrw_pidfd_exited(target->pidfd))
			errno = ESRCH;
		return -1;
	}
	if (mrw_pidfd_exited(target->pidfd)) {
		backend->close(binding);
		errno = ESRCH;
		return -1;
	}

	target->binding = binding;
	return 0;
}

static int bind_auto(struct memrw_target *target)
{
	if (!bind_on(target, &mrw_driver))
		return 0;
	target->fallback_reason = errno;
	return bind_on(target, &mrw_procfs);
}

static int bind_target(struct memrw_target *target, enum memrw_backend backend)
{
	switch (backend) {
	case MEMRW_BACKEND_AUTO:
		return bind_auto(target);
	case MEMRW_BACKEND_DRIVER:
		return bind_on(target, &mrw_driver);
	case MEMRW_BACKEND_PROCFS:
		return bind_on(target, &mrw_procfs);
	}
	errno = EINVAL;
	return -1;
}

struct memrw_target *memrw_target_open(pid_t pid, enum memrw_backend backend,
				       unsigned int flags)
{
	struct memrw_target *target;

	if (flags & ~MEMRW_OPEN_READ_ONLY) {
		errno = EINVAL;
		return NULL;
	}

	target = calloc(1, sizeof(*target));
	if (!target)
		return NULL;

	target->pid = pid;
	target->read_only = flags & MEMRW_OPEN_READ_ONLY;
	target->pidfd = mrw_pidfd_open(pid);
	if (target->pidfd < 0 || bind_target(target, backend) < 0) {
		memrw_target_close(target);
		return NULL;
	}
	return target;
}

void memrw_target_close(struct memrw_target *target)
{
	int saved = errno;

	if (!target)
		return;
	if (target->binding)
		target->binding->backend->close(target->binding);
	if (target->pidfd >= 0)
		close(target->pidfd);
	free(target);
	errno = saved;
}

pid_t memrw_target_pid(const struct memrw_target *target)
{
	return target->pid;
}

const char *memrw_target_comm(const struct memrw_target *target)
{
	return target->binding->comm;
}

enum memrw_backend memrw_target_backend(const struct memrw_target *target)
{
	return target->binding->backend->id;
}

const char *memrw_backend_name(enum memrw_backend backend)
{
	switch (backend) {
	case MEMRW_BACKEND_AUTO:
		return "auto";
	case MEMRW_BACKEND_DRIVER:
		return "driver";
	case MEMRW_BACKEND_PROCFS:
		return "procfs";
	}
	return "?";
}

int memrw_target_fallback_reason(const struct memrw_target *target)
{
	return target->fallback_reason;
}

int memrw_target_state(struct memrw_target *target, enum memrw_state *state)
{
	if (mrw_pidfd_exited(target->pidfd)) {
		*state = MEMRW_STATE_EXITED;
		return 0;
	}
	return target->binding->backend->state(target->binding, state);
}

int mrw_target_check(const struct memrw_target *target, unsigned int flags,
		     bool write)
{
	if (flags & ~(MEMRW_FORCE | MEMRW_NO_POPULATE)) {
		errno = EINVAL;
		return -1;
	}
	if (write && target->read_only) {
		errno = EACCES;
		return -1;
	}
	return 0;
}

/* What a ssize_t cannot count is left to the caller's next transfer. */
static size_t countable(size_t length)
{
	return length < SSIZE_MAX ? length : SSIZE_MAX;
}

/*
 * One transfer of the backend after another, for as long as each does all
 * that it was asked: a short one met the end, or a signal that the caller may
 * be waiting for.
 */
struct progress {
	size_t done;
	size_t piece;
};

static bool next_piece(struct progress *progress, size_t length, size_t max)
{
	size_t rest = length - progress->done;

	progress->piece = rest < max ? rest : max;
	return rest > 0;
}

static bool account(struct progress *progress, ssize_t moved)
{
	if (moved > 0)
		progress->done += moved;
	return moved >= 0 && (size_t)moved == progress->piece;
}

ssize_t memrw_target_read(struct memrw_target *target, uint64_t address,
			  void *buffer, size_t length, unsigned int flags)
{
	struct mrw_binding *binding = target->binding;
	struct progress progress = { 0 };
	ssize_t moved = 0;

	if (mrw_target_check(target, flags, false) < 0)
		return -1;
	length = countable(length);

	while (next_piece(&progress, length, binding->transfer_max)) {
		moved = binding->backend->read(
			binding, address + progress.done,
			mrw_buffer_at(buffer, progress.done), progress.piece,
			flags);
		if (!account(&progress, moved))
			break;
	}
	return progress.done ? (ssize_t)progress.done : moved;
}

ssize_t memrw_target_write(struct memrw_target *target, uint64_t address,
			   const void *buffer, size_t length, unsigned int flags)
{
	struct mrw_binding *binding = target->binding;
	struct progress progress = { 0 };
	ssize_t moved = 0;

	if (mrw_target_check(target, flags, true) < 0)
		return -1;
	length = countable(length);

	while (next_piece(&progress, length, binding->transfer_max)) {
		moved = binding->backend->write(
			binding, address + progress.done,
			mrw_buffer_at(buffer, progress.done), progress.piece,
			flags);
		if (!account(&progress, moved))
			break;
	}
	return progress.done ? (ssize_t)progress.done : moved;
}
