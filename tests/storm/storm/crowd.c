// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "storm/attacker.h"
#include "storm/bind.h"
#include "storm/board.h"
#include "storm/call.h"
#include "storm/op.h"

#define SESSIONS	8

/* Changed by one at a time: who makes @version odd. */
struct session {
	atomic_uint version;
	atomic_int fd;			/* -1: none */
	atomic_uint binding;
};

/* What was there at one time. */
struct snapshot {
	unsigned int version, binding;
	int fd;
};

static struct session sessions[SESSIONS] = {
	{ .fd = -1 }, { .fd = -1 }, { .fd = -1 }, { .fd = -1 },
	{ .fd = -1 }, { .fd = -1 }, { .fd = -1 }, { .fd = -1 },
};

/*
 * The number of a descriptor that was closed is soon another's, of whose binds
 * an account is kept, too: so no bind uses an outdated one, and neither does a
 * fork, which copies descriptors and memory one after the other.  All else may.
 */
static pthread_rwlock_t numbers = PTHREAD_RWLOCK_INITIALIZER;

/* A child has no others beside it, and must not wait for a lock that it inherited. */
static bool is_child;

static bool take(const struct session *session, struct snapshot *now)
{
	now->version = session->version;
	now->fd = session->fd;
	now->binding = session->binding;
	return now->version % 2 == 0 && now->version == session->version && now->fd >= 0;
}

static bool is_current(const struct session *session, const struct snapshot *then)
{
	return session->version == then->version;
}

/* By @fd, or by none. */
static void replace(struct actor *actor, struct session *session, int fd, unsigned int binding)
{
	unsigned int version = session->version & ~1U;

	if (!atomic_compare_exchange_strong(&session->version, &version, version + 1)) {
		bind_close(actor, fd);
		return;
	}
	pthread_rwlock_wrlock(&numbers);
	fd = atomic_exchange(&session->fd, fd);
	session->binding = binding;
	session->version = version + 2;
	bind_close(actor, fd);
	pthread_rwlock_unlock(&numbers);
}

static void open_one(struct actor *actor, struct session *session)
{
	unsigned int number = atomic_fetch_add(&actor->board->next_binding, 1) % BINDINGS;
	struct binding *binding = &actor->board->bindings[number];
	int fd = bind_open(actor, O_RDWR);

	if (fd < 0)
		return;
	binding->starts = binding->ends = 0;
	binding->known = 0;
	replace(actor, session, fd, number);
}

/* To one of the targets, or to none: who is alone in this can say to whom it led. */
static void bind_accounted(struct actor *actor, const struct snapshot *now, bool to_none)
{
	struct binding *binding = &actor->board->bindings[now->binding];
	uint64_t number = atomic_fetch_add(&binding->starts, 1) + 1;
	bool alone = binding->ends == number - 1;
	uint64_t before = binding->known;
	uint32_t id = 0;
	int error;

	if (to_none)
		error = bind_to_none(actor, now->fd, MAY(DONE));
	else
		error = bind_to_any(actor, now->fd, ~MAY(R_EBADF), &id);
	/* One that fails leaves all as it was. */
	if (error && before >> 32 == number - 1)
		id = before;
	if (alone)
		binding->known = number << 32 | id;
	atomic_fetch_add(&binding->ends, 1);
}

static void bind_one(struct actor *actor, struct session *session)
{
	bool to_none = chance_one_in(&actor->chance, 8);
	struct snapshot now;

	if (!is_child)
		pthread_rwlock_rdlock(&numbers);
	if (take(session, &now))
		bind_accounted(actor, &now, to_none);
	if (!is_child)
		pthread_rwlock_unlock(&numbers);
}

/* Whose memory the session has, if that is known, and as of which bind. */
static uint32_t known_id(const struct binding *binding, unsigned int *bind)
{
	uint64_t known = binding->known;

	*bind = binding->starts;
	return binding->ends == *bind && known >> 32 == *bind ? known : 0;
}

static void use(struct actor *actor, struct session *session)
{
	struct op op = {
		.actor = actor,
		.mode = O_RDWR,
		/* It may be another's memory by the time that it is written to. */
		.writes = WORD_OF_ALL,
		/* One of the others may use a number that was a session's. */
		.opens = is_child,
		.may = MAY_ANYTHING & ~MAY(R_EACCES) & ~MAY(R_EFAULT),
	};
	const struct binding *binding;
	struct snapshot now;
	unsigned int bind;
	uint32_t id;

	if (!take(session, &now))
		return;
	op.fd = now.fd;
	binding = &actor->board->bindings[now.binding];
	id = known_id(binding, &bind);
	op_run(&op);
	if (binding->starts != bind)
		id = 0;
	if (is_current(session, &now))
		look_at(actor, &op.seen, id, call_name(op.call));
}

/* One more descriptor of the same session, which is nobody else's; -1: none. */
static int duplicate(struct actor *actor, struct session *session, struct snapshot *now)
{
	int fd;

	if (!take(session, now))
		return -1;
	call_begin(actor, CALL_DUP);
	fd = fcntl(now->fd, F_DUPFD_CLOEXEC, 0);
	fd = call_end(actor, CALL_DUP, fd < 0 ? -errno : fd, MAY(DONE) | MAY(R_EBADF));
	if (fd >= 0 && !is_current(session, now)) {
		bind_close(actor, fd);
		fd = -1;
	}
	return fd;
}

static void duplicate_one(struct actor *actor, struct session *session)
{
	struct session *other = &sessions[chance_below(&actor->chance, SESSIONS)];
	struct snapshot now;
	int fd = duplicate(actor, session, &now);

	if (fd >= 0)
		replace(actor, other, fd, now.binding);
}

static void pass_one(struct actor *actor, const struct passing *passing, struct session *session)
{
	struct snapshot now;
	int fd = duplicate(actor, session, &now);

	if (fd < 0)
		return;
	passing_send(passing, actor, fd, &now.binding, sizeof(now.binding));
	bind_close(actor, fd);
}

static void receive_one(struct actor *actor, const struct passing *passing,
			struct session *session)
{
	unsigned int binding = 0;
	int fd = passing_receive(passing, actor, &binding, sizeof(binding));

	if (fd >= 0)
		replace(actor, session, fd, binding);
}

static _Noreturn void live_as_child(struct actor *actor)
{
	is_child = true;
	actor_become_child(actor);
	for (int i = 0; i < 30; i++) {
		struct session *session = &sessions[chance_below(&actor->chance, SESSIONS)];

		if (chance_one_in(&actor->chance, 8))
			bind_one(actor, session);
		else
			use(actor, session);
	}
	_exit(0);
}

static void fork_one(struct actor *actor)
{
	pid_t pid;

	pthread_rwlock_rdlock(&numbers);
	call_begin(actor, CALL_FORK);
	pid = fork();
	if (pid == 0)
		live_as_child(actor);
	call_end(actor, CALL_FORK, pid < 0 ? -errno : pid, MAY_ANYTHING);
	pthread_rwlock_unlock(&numbers);
}

static void do_something(struct actor *actor, const struct passing *passing)
{
	struct session *session = &sessions[chance_below(&actor->chance, SESSIONS)];
	unsigned int what = chance_below(&actor->chance, 200);

	if (what == 0)
		fork_one(actor);
	else if (what < 3)
		replace(actor, session, -1, 0);
	else if (what < 9 || session->fd < 0)
		open_one(actor, session);
	else if (what < 12)
		duplicate_one(actor, session);
	else if (what < 15)
		pass_one(actor, passing, session);
	else if (what < 18)
		receive_one(actor, passing, session);
	else if (what < 32)
		bind_one(actor, session);
	else
		use(actor, session);
}

static void close_all(struct actor *actor, const struct passing *passing)
{
	unsigned int binding;
	int fd;

	for (int i = 0; i < SESSIONS; i++)
		replace(actor, &sessions[i], -1, 0);
	while ((fd = passing_receive(passing, actor, &binding, sizeof(binding))) >= 0)
		bind_close(actor, fd);
}

void crowd_run(struct actor *actor, const struct passing *passing)
{
	while (!actor->board->quiet && !actor->board->over)
		do_something(actor, passing);
	close_all(actor, passing);
}
