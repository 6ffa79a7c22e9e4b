// SPDX-License-Identifier: GPL-2.0-only
#include "storm/minder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/chance.h"
#include "lib/clock.h"
#include "lib/device.h"
#include "lib/figure.h"
#include "storm/board.h"

#define ACCESS		"/sys/module/memrw/parameters/access"

extern char **environ;

static const char *const access_names[] = {
	[MEMRW_ACCESS_OWNER] = "owner",
	[MEMRW_ACCESS_ANY] = "any",
	[MEMRW_ACCESS_CAPABLE] = "capable",
};

/* While the number of changes is odd, nobody knows which policy is in force. */
static void change_access(struct board *board, enum memrw_access access)
{
	atomic_fetch_add(&board->access_changes, 1);
	if (!figure_set(ACCESS, access_names[access]))
		board_fail(board, "%s cannot be written to", ACCESS);
	board->access = access;
	atomic_fetch_add(&board->access_changes, 1);
	atomic_fetch_add(&board->flips, 1);
}

static void load(void)
{
	char *const arguments[] = { "modprobe", "memrw", NULL };
	pid_t pid;

	if (!posix_spawnp(&pid, arguments[0], NULL, NULL, arguments, environ))
		waitpid(pid, NULL, 0);
}

/* Until udev has given it to the group. */
static bool wait_for_node(gid_t group)
{
	struct stat node;

	for (int i = 0; i < 6000; i++) {
		if (!stat(MEMRW_NODE, &node) && node.st_gid == group)
			return true;
		clock_sleep(SECOND / 100);
	}
	return false;
}

/* Whether it is out, and has come back. */
static bool try_to_remove(struct board *board)
{
	if (syscall(SYS_delete_module, "memrw", O_NONBLOCK)) {
		if (errno != EAGAIN && errno != EBUSY)
			board_fail(board, "rmmod: errno %d", errno);
		atomic_fetch_add(&board->busy, 1);
		return false;
	}
	atomic_fetch_add(&board->access_changes, 1);
	load();
	if (!wait_for_node(board->group))
		board_fail(board, "%s does not come back", MEMRW_NODE);
	board->access = MEMRW_ACCESS_OWNER;
	atomic_fetch_add(&board->access_changes, 1);
	atomic_fetch_add(&board->reloads, 1);
	return true;
}

/* All close what they have; that takes as long as the slowest of their calls. */
static void make_a_quiet_moment(struct board *board)
{
	uint64_t begin = clock_now();

	board->quiet = true;
	while (!board->over && clock_now() < begin + 10 * SECOND && !try_to_remove(board))
		clock_sleep(SECOND / 200);
	board->quiet = false;
}

void minder_run(struct board *board)
{
	struct chance chance;
	uint64_t next = clock_now() + 3 * SECOND;

	chance_seed(&chance, board->seed, 1 << 20);
	while (!board->over) {
		clock_sleep(chance_below(&chance, 100) * (SECOND / 1000));
		if (chance_one_in(&chance, 3))
			change_access(board, chance_below(&chance, 3));
		if (chance_one_in(&chance, 3))
			try_to_remove(board);
		if (clock_now() > next) {
			make_a_quiet_moment(board);
			next = clock_now() + 4 * SECOND;
		}
	}
	_exit(0);
}

void minder_restore(void)
{
	load();
	figure_set(ACCESS, access_names[MEMRW_ACCESS_OWNER]);
}
