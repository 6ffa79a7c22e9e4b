// SPDX-License-Identifier: GPL-2.0-only
#include "storm/attacker.h"

#include <err.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/figure.h"
#include "storm/bind.h"
#include "storm/board.h"
#include "lib/device.h"

static const struct attacker *self;

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
	signal(SIGCHLD, SIG_IGN);
}

/* Whose sessions hold memory locked, would still do so. */
static void check_locked_memory(struct actor *actor)
{
	long locked = figure_of_process(getpid(), "VmLck"), pinned =
		      figure_of_process(getpid(), "VmPin");

	if (locked > 0 || pinned > 0)
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
	check_locked_memory(actor);
	while (actor->board->quiet && !actor->board->over)
		open_in_vain(actor);
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
	take_signals();
	if (attacker->number / 2 % 2)
		board_become_member(attacker->board);
	for (uintptr_t i = 0; i < THREADS; i++) {
		if (pthread_create(&threads[i], NULL, act, (void *)i))
			err(1, "a thread");
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}
