// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target has zones of memory, which its threads disturb, each its own zones;
 * and it forks, starts other programs and ends in all the ways there are.
 */
#include "storm/target.h"

#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/chance.h"
#include "lib/clock.h"
#include "storm/board.h"
#include "storm/zone.h"

#define TARGET_THREADS	3

/* Of this process. */
static struct board *board;
static unsigned int slot;
static uint32_t id;
static atomic_bool leader_has_ended;

/* Nobody who binds this from now on knows whose memory it has. */
static void unpublish(void)
{
	board->slots[slot].who = 0;
}

static void publish(void)
{
	for (enum zone_kind kind = 0; kind < ZONES; kind++) {
		struct range range = zone_whole(kind);

		zone_fill(&range, id);
	}
	board->slots[slot].who = slot_who(getpid(), id);
	atomic_fetch_add(&board->lives[slot], 1);
}

static void count(enum disturbance disturbance)
{
	atomic_fetch_add(&board->disturbances[disturbance], 1);
}

static _Noreturn void start_again(enum disturbance how)
{
	char fd[16], number[16];

	snprintf(fd, sizeof(fd), "%d", board->fd);
	snprintf(number, sizeof(number), "%u", slot);
	unpublish();
	count(how);
	/* The first thread may have ended, and has no program then. */
	execl("/proc/thread-self/exe", "storm", "--target", fd, number, NULL);
	err(1, "execve");
}

static void *touch_a_page(void *arg)
{
	volatile uint64_t *word = arg;

	return (void *)(uintptr_t)*word;
}

/* They touch what is @thread's, which waits for them. */
static void start_threads_for_a_moment(struct chance *chance, unsigned int thread)
{
	pthread_t threads[4];
	unsigned int nr = 1 + chance_below(chance, 4), started = 0;
	enum zone_kind kind = 0;

	while (zone_get(kind)->thread != thread)
		kind++;
	while (started < nr && !pthread_create(&threads[started], NULL, touch_a_page,
					       (void *)zone_start(kind)))
		started++;
	for (unsigned int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	count(CLONE);
}

/* With what it inherited under another id, in the slot behind its parent's. */
static _Noreturn void live_as_child(struct chance *chance)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	slot += TARGETS;
	id = atomic_fetch_add(&board->next_id, 1);
	/* What it shares with its parent is to be its parent's alone. */
	zone_map_all();
	publish();
	for (int i = chance_below(chance, 40); i > 0; i--)
		disturb(board, chance, id, chance_below(chance, TARGET_THREADS));
	_exit(0);
}

static void reap_child(pid_t pid)
{
	siginfo_t info;

	while (waitid(P_PID, pid, &info, WEXITED | WNOWAIT) && errno == EINTR)
		;
	board_forget(board, pid);
	waitpid(pid, NULL, 0);
}

static void have_a_child(struct chance *chance)
{
	pid_t pid = fork();

	if (pid == 0)
		live_as_child(chance);
	if (pid < 0)
		return;
	count(FORK);
	reap_child(pid);
}

static void end(struct chance *chance, unsigned int thread)
{
	switch (chance_below(chance, 4)) {
	case 0:
		count(EXIT);
		unpublish();
		exit(0);
	case 1:
		count(KILL);
		kill(getpid(), SIGKILL);
		break;
	case 2:
		start_again(thread ? EXEC_BY_THREAD : EXEC);
	default:
		if (thread)
			break;
		count(LEADER_ENDS);
		leader_has_ended = true;
		/* pthread_exit() needs another library. */
		syscall(SYS_exit, 0);
	}
}

static void live(unsigned int thread)
{
	struct chance chance;

	chance_seed(&chance, board->seed + id, thread);
	while (!board->over) {
		unsigned int what = chance_below(&chance, 240);

		if (what == 0 || (leader_has_ended && what < 6))
			end(&chance, thread);
		else if (what < 6 && !thread)
			have_a_child(&chance);
		else if (what < 12)
			start_threads_for_a_moment(&chance, thread);
		else
			disturb(board, &chance, id, thread);
		if (chance_one_in(&chance, 4))
			clock_sleep(chance_below(&chance, 2000000));
	}
}

static void *live_as_thread(void *arg)
{
	live((uintptr_t)arg);
	return NULL;
}

void target_run(struct board *shared, unsigned int number)
{
	pthread_t thread;

	board = shared;
	slot = number;
	id = atomic_fetch_add(&board->next_id, 1);
	if (slot % 2 && geteuid() == 0)
		board_become_member(board);
	zone_map_all();
	publish();
	for (uintptr_t i = 1; i < TARGET_THREADS; i++) {
		if (pthread_create(&thread, NULL, live_as_thread, (void *)i))
			exit(0);	/* there are no more pids */
	}
	live(0);
	exit(0);
}
