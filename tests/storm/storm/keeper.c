// SPDX-License-Identifier: GPL-2.0-only
#include "storm/keeper.h"

#include <err.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/report.h"
#include "storm/attacker.h"
#include "storm/minder.h"
#include "storm/target.h"

#define TICK		(SECOND / 500)

/* So many are there in a second at least, or else it is the machine that is stuck. */
#define TICKS_A_SECOND	50

/* What the watchdog remembers of an actor. */
struct watched {
	uint64_t since, tick;
};

struct keeper {
	struct board *board;
	struct chance chance;
	pid_t targets[TARGETS];
	pid_t attackers[ATTACKERS];
	pid_t minder;
	struct passing passing[2];	/* of the strict, of the crowd */
	uint64_t next_kill;
	uint64_t tick;			/* counts */
	struct watched watched[ATTACKERS][ACTORS];
	uint64_t stuck;			/* nanoseconds that no call takes */
};

/* Each in a process group of its own, with what it forks. */
static pid_t start(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid) {
		setpgid(pid, pid);
		return pid;
	}
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	if (getppid() != parent)
		_exit(1);
	return 0;
}

static void start_target(struct keeper *keeper, unsigned int number)
{
	keeper->targets[number] = start();
	if (!keeper->targets[number])
		target_run(keeper->board, number);
}

static void start_attacker(struct keeper *keeper, unsigned int number)
{
	static struct attacker attacker;

	for (int i = 0; i < ACTORS; i++) {
		keeper->board->actors[number][i].since = 0;
		keeper->board->actors[number][i].tid = 0;
	}
	attacker = (struct attacker){ keeper->board, number, keeper->passing[number % 2] };
	keeper->attackers[number] = start();
	if (!keeper->attackers[number])
		attacker_run(&attacker);
}

static void start_minder(struct keeper *keeper)
{
	keeper->minder = start();
	if (!keeper->minder)
		minder_run(keeper->board);
}

static void start_all(struct keeper *keeper)
{
	for (unsigned int i = 0; i < TARGETS; i++)
		start_target(keeper, i);
	for (unsigned int i = 0; i < ATTACKERS; i++)
		start_attacker(keeper, i);
	start_minder(keeper);
}

/* Attackers end by being killed, and targets that way or as they like. */
static void check_end(struct keeper *keeper, const char *what, pid_t pid, int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	board_fail(keeper->board, "%s %d ended with status %#x", what, pid, status);
}

/* @pid has ended, and is a zombie yet. */
static void reap(struct keeper *keeper, pid_t pid, bool start_again)
{
	int status = 0;

	board_forget(keeper->board, pid);
	waitpid(pid, &status, 0);
	for (unsigned int i = 0; i < TARGETS; i++) {
		if (keeper->targets[i] != pid)
			continue;
		check_end(keeper, "target", pid, status);
		keeper->targets[i] = 0;
		if (start_again)
			start_target(keeper, i);
	}
	for (unsigned int i = 0; i < ATTACKERS; i++) {
		if (keeper->attackers[i] != pid)
			continue;
		check_end(keeper, "attacker", pid, status);
		keeper->attackers[i] = 0;
		if (start_again)
			start_attacker(keeper, i);
	}
	if (keeper->minder == pid)
		keeper->minder = 0;
}

/* False when no child is left. */
static bool reap_all(struct keeper *keeper, bool start_again)
{
	siginfo_t info = { .si_pid = 0 };

	while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT)) {
		if (!info.si_pid)
			return true;
		reap(keeper, info.si_pid, start_again);
		info.si_pid = 0;
	}
	return errno != ECHILD;
}

static void interrupt_one(struct keeper *keeper)
{
	unsigned int process = chance_below(&keeper->chance, ATTACKERS);
	struct board_actor *actor = &keeper->board->actors[process]
						[chance_below(&keeper->chance, THREADS)];

	if (!actor->tid || !keeper->attackers[process])
		return;
	syscall(SYS_tgkill, keeper->attackers[process], (int)actor->tid, SIGUSR1);
	atomic_fetch_add(&keeper->board->signals, 1);
}

static void kill_one(struct keeper *keeper)
{
	pid_t pid = chance_one_in(&keeper->chance, 5) ?
		    keeper->attackers[chance_below(&keeper->chance, ATTACKERS)] :
		    keeper->targets[chance_below(&keeper->chance, TARGETS)];

	if (pid <= 0)
		return;
	atomic_fetch_add(&keeper->board->kills, 1);
	kill(-pid, SIGKILL);
}

static void stop_one(struct keeper *keeper)
{
	pid_t pid = keeper->targets[chance_below(&keeper->chance, TARGETS)];

	if (pid > 0) {
		kill(pid, SIGSTOP);
		clock_sleep(SECOND / 100);
		kill(pid, SIGCONT);
	}
}

static void disturb_all(struct keeper *keeper)
{
	if (chance_one_in(&keeper->chance, 2))
		interrupt_one(keeper);
	if (!chance_one_in(&keeper->chance, 60) || clock_now() < keeper->next_kill)
		return;
	/* On a fast machine they are to come to something in between. */
	keeper->next_kill = clock_now() + SECOND / 4;
	if (chance_one_in(&keeper->chance, 3))
		stop_one(keeper);
	else
		kill_one(keeper);
}

/* Where in the kernel it is. */
static void note_stack(pid_t process, int thread)
{
	char path[64], line[160];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stack", process, thread);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		report_note("  %s", line);
	}
	if (file)
		fclose(file);
}

/* By the clock, and by the turns that this process has had meanwhile. */
static bool takes_too_long(struct keeper *keeper, const struct board_actor *actor,
			   struct watched *watched)
{
	uint64_t since = actor->since;

	if (since != watched->since)
		*watched = (struct watched){ since, keeper->tick };
	return since && clock_now() > since + keeper->stuck &&
	       keeper->tick > watched->tick + keeper->stuck / SECOND * TICKS_A_SECOND;
}

/* False when a call has taken too long. */
static bool watch(struct keeper *keeper)
{
	for (unsigned int i = 0; i < ATTACKERS; i++) {
		for (unsigned int j = 0; j < ACTORS; j++) {
			struct board_actor *actor = &keeper->board->actors[i][j];

			if (!takes_too_long(keeper, actor, &keeper->watched[i][j]))
				continue;
			board_fail(keeper->board, "%s does not end", call_name(actor->call));
			note_stack(keeper->attackers[i], actor->tid);
			return false;
		}
	}
	return true;
}

/* One that cannot be killed is stuck, too. */
static void stop_all(struct keeper *keeper)
{
	uint64_t begin = clock_now();

	keeper->board->over = true;
	/* It may just have the driver out. */
	while (keeper->minder && clock_now() < begin + keeper->stuck) {
		reap_all(keeper, false);
		clock_sleep(TICK);
	}
	for (unsigned int i = 0; i < TARGETS; i++)
		if (keeper->targets[i] > 0)
			kill(-keeper->targets[i], SIGKILL);
	for (unsigned int i = 0; i < ATTACKERS; i++)
		if (keeper->attackers[i] > 0)
			kill(-keeper->attackers[i], SIGKILL);
	while (reap_all(keeper, false)) {
		if (clock_now() > begin + 2 * keeper->stuck) {
			board_fail(keeper->board, "a process cannot be killed");
			return;
		}
		clock_sleep(TICK);
	}
}

void keeper_run(struct board *board, unsigned int seconds, unsigned int stuck_seconds,
		bool (*enough)(const struct board *board))
{
	static struct keeper keeper;
	uint64_t begin = clock_now(), length = seconds * SECOND;
	bool good = true;

	keeper = (struct keeper){ .board = board, .stuck = stuck_seconds * SECOND };
	chance_seed(&keeper.chance, board->seed, 1 << 21);
	/* What targets leave behind them is to be reaped here. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	board->over = false;
	passing_open(&keeper.passing[0]);
	passing_open(&keeper.passing[1]);
	start_all(&keeper);
	while (good && (clock_now() < begin + length ||
			(clock_now() < begin + 10 * length && !enough(board)))) {
		clock_sleep(TICK);
		keeper.tick++;
		reap_all(&keeper, true);
		disturb_all(&keeper);
		good = watch(&keeper);
	}
	stop_all(&keeper);
	passing_close(&keeper.passing[0]);
	passing_close(&keeper.passing[1]);
}
