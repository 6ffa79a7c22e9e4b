// SPDX-License-Identifier: GPL-2.0-only
#include "storm/bind.h"

#include <errno.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/device.h"
#include "storm/board.h"
#include "storm/call.h"

/* The policy, if it stays the same from before a bind until after it. */
struct policy {
	unsigned int changes;
	enum memrw_access access;
};

static struct policy policy_now(const struct board *board)
{
	struct policy policy = { .changes = board->access_changes };

	policy.access = board->access;
	return policy;
}

/* What it may say of one target in the slot @slot; odd ones are a member's. */
static uint32_t may_by_policy(const struct actor *actor, const struct policy *before,
			      unsigned int slot)
{
	bool granted;

	if (before->changes % 2 || actor->board->access_changes != before->changes)
		return MAY(DONE) | MAY(R_EPERM);
	if (!actor->member || before->access == MEMRW_ACCESS_ANY)
		granted = true;
	else
		granted = before->access == MEMRW_ACCESS_OWNER && slot % TARGETS % 2;
	return granted ? MAY(DONE) : MAY(R_EPERM);
}

/* One with somebody in it, if there are some. */
static unsigned int any_slot(struct actor *actor)
{
	unsigned int number = chance_below(&actor->chance, SLOTS);

	for (int i = 0; i < SLOTS && !actor->board->slots[number].who; i++)
		number = chance_below(&actor->chance, SLOTS);
	return number;
}

int bind_to_any(struct actor *actor, int fd, uint32_t may, uint32_t *id)
{
	struct chance *chance = &actor->chance;
	unsigned int number = any_slot(actor);
	atomic_ullong *slot = &actor->board->slots[number].who;
	struct policy policy = policy_now(actor->board);
	uint64_t who = *slot;
	int error;

	*id = 0;
	if (!who)
		return -ESRCH;
	call_begin(actor, CALL_BIND);
	error = session_bind_flags(fd, who >> 32, (const uint32_t[]){ 0, MEMRW_FORCE,
			    MEMRW_NO_POPULATE }[chance_below(chance, 3)]);
	/* The same at both times: so it was all the time, and is who was bound. */
	if (*slot == who) {
		may &= may_by_policy(actor, &policy, number) | MAY(R_ESRCH) | MAY(R_EINTR) |
		       MAY(R_EBADF);
		*id = error ? 0 : (uint32_t)who;
	}
	return call_end(actor, CALL_BIND, error, may);
}

int bind_to_none(struct actor *actor, int fd, uint32_t may)
{
	call_begin(actor, CALL_UNBIND);
	return call_end(actor, CALL_UNBIND, session_bind_flags(fd, 0, 0), may);
}

int bind_open(struct actor *actor, int mode)
{
	uint32_t may = actor->member ? MAY_ANYTHING : ~MAY(R_EACCES);
	int fd;

	call_begin(actor, CALL_OPEN);
	fd = device_open(mode);
	call_end(actor, CALL_OPEN, fd, may);
	if (fd >= 0)
		return fd;
	/* It comes sooner if not everybody asks for it without a pause. */
	clock_sleep(SECOND / 500);
	return -1;
}

void bind_close(struct actor *actor, int fd)
{
	int error;

	if (fd < 0)
		return;
	call_begin(actor, CALL_CLOSE);
	error = close(fd) ? -errno : 0;
	call_end(actor, CALL_CLOSE, error, MAY_ANYTHING);
}
