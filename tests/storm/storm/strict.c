// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/device.h"
#include "lib/figure.h"
#include "storm/attacker.h"
#include "storm/bind.h"
#include "storm/board.h"
#include "storm/call.h"
#include "storm/op.h"
#include "storm/watch.h"

#define SESSIONS	5

/* What its owner knows of a session, and tells whoever gets it. */
struct session {
	int mode;
	bool bound;
	uint32_t id;			/* whose memory; 0: unknown */
	enum memrw_target_state state;	/* at least that much has become of the target */
};

struct strict {
	struct actor *actor;
	const struct passing *passing;
	struct session sessions[SESSIONS];
	int fds[SESSIONS];		/* -1: none */
};

static uint32_t what_may_come(const struct session *session)
{
	if (!session->bound)
		return MAY(R_EBADFD);
	switch (session->state) {
	case MEMRW_TARGET_EXITED:
		return MAY(R_ESRCH);
	case MEMRW_TARGET_EXECED:
		return MAY(R_ESRCH) | MAY(R_ESTALE);
	default:
		return MAY(DONE) | MAY(R_EIO) | MAY(R_ESRCH) | MAY(R_ESTALE) | MAY(R_EINTR);
	}
}

static void learn_state(struct actor *actor, struct session *session, unsigned int state)
{
	if (state < session->state)
		board_fail(actor->board, "%s: a target was in state %u, and is in %u",
			   actor->name, session->state, state);
	else
		session->state = state;
}

static void learn(struct session *session, const struct op *op)
{
	if (op->call == CALL_TARGET && !op->result)
		learn_state(op->actor, session, op->state);
	else if (op->result == -ESTALE && session->state < MEMRW_TARGET_EXECED)
		session->state = MEMRW_TARGET_EXECED;
	else if (op->result == -ESRCH)
		session->state = MEMRW_TARGET_EXITED;
}

static void use(struct strict *strict, int i)
{
	struct session *session = &strict->sessions[i];
	struct op op = {
		.actor = strict->actor,
		.fd = strict->fds[i],
		.mode = session->mode,
		.writes = session->id,
		.opens = true,
		.may = what_may_come(session),
	};

	op_run(&op);
	learn(session, &op);
	if (session->bound)
		look_at(strict->actor, &op.seen, session->id, call_name(op.call));
}

static void open_one(struct strict *strict, int i)
{
	int mode = (const int[]){ O_RDWR, O_RDWR, O_RDWR, O_RDONLY,
				  O_WRONLY }[chance_below(&strict->actor->chance, 5)];

	bind_close(strict->actor, strict->fds[i]);
	strict->fds[i] = bind_open(strict->actor, mode);
	strict->sessions[i] = (struct session){ .mode = mode };
}

static void bind_one(struct strict *strict, int i)
{
	struct session *session = &strict->sessions[i];
	uint32_t id;

	if (bind_to_any(strict->actor, strict->fds[i], ~MAY(R_EBADF), &id))
		return;
	session->bound = true;
	session->id = id;
	session->state = MEMRW_TARGET_BOUND;
}

static void unbind_one(struct strict *strict, int i)
{
	if (!bind_to_none(strict->actor, strict->fds[i], MAY(DONE)))
		strict->sessions[i] = (struct session){ .mode = strict->sessions[i].mode };
}

static void pass_one(struct strict *strict, int i)
{
	if (!passing_send(strict->passing, strict->actor, strict->fds[i], &strict->sessions[i],
			  sizeof(strict->sessions[i])))
		return;
	bind_close(strict->actor, strict->fds[i]);
	strict->fds[i] = -1;
}

static void receive_one(struct strict *strict, int i)
{
	struct session session;
	int fd = passing_receive(strict->passing, strict->actor, &session, sizeof(session));

	if (fd < 0)
		return;
	bind_close(strict->actor, strict->fds[i]);
	strict->fds[i] = fd;
	strict->sessions[i] = session;
}

/* Whoever that is: itself, a thread of the kernel's, the first process. */
static void look_at_anybody(struct strict *strict)
{
	struct actor *actor = strict->actor;
	long pids = figure("/proc/sys/kernel/pid_max", NULL);
	int fd = bind_open(actor, O_RDONLY), error;
	struct op op = { .actor = actor, .fd = fd, .mode = O_RDONLY, .opens = true,
			 .may = MAY_ANYTHING & ~MAY(R_EBADFD) & ~MAY(R_EBADF) };

	if (fd < 0)
		return;
	call_begin(actor, CALL_BIND_ANYBODY);
	error = session_bind_flags(fd, 1 + chance_below(&actor->chance, pids), 0);
	if (!call_end(actor, CALL_BIND_ANYBODY, error, ~MAY(R_EBADF))) {
		for (int i = 0; i < 8; i++)
			op_run(&op);
	}
	bind_close(actor, fd);
}

static void do_something(struct strict *strict)
{
	struct chance *chance = &strict->actor->chance;
	int i = chance_below(chance, SESSIONS);
	unsigned int what = chance_below(chance, 200);

	if (what == 0)
		look_at_anybody(strict);
	else if (what < 4)
		receive_one(strict, i);
	else if (what < 8 || strict->fds[i] < 0)
		open_one(strict, i);
	else if (!strict->sessions[i].bound && !chance_one_in(chance, 4))
		bind_one(strict, i);
	else if (strict->sessions[i].state && chance_one_in(chance, 4))
		bind_one(strict, i);
	else if (what < 11)
		pass_one(strict, i);
	else if (what < 14)
		unbind_one(strict, i);
	else if (what < 30)
		bind_one(strict, i);
	else
		use(strict, i);
}

static void close_all(struct strict *strict)
{
	int fd;

	watch_close_all(strict->actor);
	for (int i = 0; i < SESSIONS; i++)
		bind_close(strict->actor, strict->fds[i]);
	while ((fd = passing_receive(strict->passing, strict->actor, strict->sessions,
				     sizeof(*strict->sessions))) >= 0)
		bind_close(strict->actor, fd);
}

void strict_run(struct actor *actor, const struct passing *passing)
{
	struct strict strict = { .actor = actor, .passing = passing };

	for (int i = 0; i < SESSIONS; i++)
		strict.fds[i] = -1;
	while (!actor->board->quiet && !actor->board->over)
		do_something(&strict);
	close_all(&strict);
}
