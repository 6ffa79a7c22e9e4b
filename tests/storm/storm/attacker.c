// SPDX-License-Identifier: GPL-2.0-only
#include "storm/attacker.h"

#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/figure.h"
#include "storm/bind.h"
#include "storm/board.h"
#include "storm/window.h"
#include "lib/device.h"

static const struct attacker *self;

/*
 * /proc/self/status, open from before there are threads: one of the crowd may use
 * the number of a descriptor that was closed, which then is to be no file's.
 */
static int status;

/* Threads that may have a window. */
static atomic_int busy;

static bool is_crowd(void)
{
	return self->number % 2;
}

static void interrupted(int signal)
{
	(void)signal;
}

/* Not restarted: a call that waits is to end. */
static void take_signals(void)
{
	struct sigaction action = { .sa_handler = interrupted };

	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGIO, &action, NULL);	/* a watch's */
	signal(SIGCHLD, SIG_IGN);
}

/* Whose sessions hold memory locked, would still do so; not one has a window. */
static void check_locked_memory(struct actor *actor)
{
	long locked = figure_in(status, "VmLck"), pinned = figure_in(status, "VmPin");

	if ((locked > 0 || pinned > 0) && actor->board->quiet && !busy)
		board_fail(actor->board, "%s has %ld kB locked and %ld kB pinned", actor->name,
			   locked, pinned);
}

/* While nobody is to keep a session: what comes when the driver is just leaving. */
static void open_in_vain(struct actor *actor)
{
	int fd = bind_open(actor, O_RDWR);
	struct memrw_info info;

	if (fd >= 0) {
		call_begin(actor, CALL_INFO);
		call_end(actor, CALL_INFO, session_get_info(fd, &info), MAY(DONE));
		bind_close(actor, fd);
	}
	clock_sleep(chance_below(&actor->chance, 4000000));
}

static void be_quiet(struct actor *actor)
{
	if (atomic_fetch_sub(&busy, 1) == 1)
		check_locked_memory(actor);
	while (actor->board->quiet && !actor->board->over)
		open_in_vain(actor);
	busy++;
}

static void *act(void *arg)
{
	struct actor actor;

	actor_init(&actor, self->board, self->number, (uintptr_t)arg);
	while (!self->board->over) {
		if (is_crowd())
			crowd_run(&actor, &self->passing);
		else
			strict_run(&actor, &self->passing);
		be_quiet(&actor);
	}
	return NULL;
}

void attacker_run(const struct attacker *attacker)
{
	pthread_t threads[THREADS];

	self = attacker;
	status = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	if (status < 0)
		err(1, "/proc/self/status");
	take_signals();
	window_catch_signals();
	busy = THREADS;
	if (attacker->number / 2 % 2)
		board_become_member(attacker->board);
	for (uintptr_t i = 0; i < THREADS; i++) {
		if (pthread_create(&threads[i], NULL, act, (void *)i))
			_exit(0);	/* there are no more pids */
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}
