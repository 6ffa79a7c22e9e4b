// SPDX-License-Identifier: GPL-2.0-only
#include "worker.h"

#include <err.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cast.h"
#include "cover.h"
#include "zone.h"

/* A program takes milliseconds, and a machine may be busy. */
#define SECONDS_MOST	120

struct exchange {
	struct program program;
	struct result result;
};

static struct exchange *exchange;
static pid_t worker;
static int orders, answers;

/* Root may bind whom it likes; it becomes a member of the group for the rest. */
static void become_bindable(void)
{
	if (setgroups(1, &users.device_group) < 0 ||
	    setresgid(users.member_group, users.member_group, users.member_group) < 0)
		err(2, "setgroups");
	cast_become(USER_ROOT);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static _Noreturn void work(int from, int to)
{
	char byte;

	become_bindable();
	zones_map_target();
	zones_map_caller();
	cast_start();
	cover_enable();
	while (write(to, "", 1) == 1 && read(from, &byte, 1) == 1) {
		cover_begin();
		run_program(&exchange->program, &exchange->result);
	}
	_exit(0);
}

/* Until it is ready: false if it is not, in time. */
static bool await(void)
{
	struct pollfd ready = { .fd = answers, .events = POLLIN };
	char byte;

	return poll(&ready, 1, SECONDS_MOST * 1000) == 1 && read(answers, &byte, 1) == 1;
}

static void share_exchange(void)
{
	exchange = mmap(NULL, sizeof(*exchange), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (exchange == MAP_FAILED)
		err(2, "mmap");
}

void worker_start(void)
{
	int down[2], up[2];

	if (!exchange)
		share_exchange();
	if (pipe2(down, O_CLOEXEC) < 0 || pipe2(up, O_CLOEXEC) < 0)
		err(2, "pipe");
	worker = fork();
	if (worker < 0)
		err(2, "fork");
	if (!worker) {
		close(down[1]);
		close(up[0]);
		work(down[0], up[1]);
	}
	close(down[0]);
	close(up[1]);
	orders = down[1];
	answers = up[0];
	if (!await())
		err(2, "the worker did not come up");
}

/* Its children end with it. */
void worker_stop(void)
{
	close(orders);
	close(answers);
	kill(worker, SIGKILL);
	waitpid(worker, NULL, 0);
}

static void tell_death(struct result *result)
{
	int status;

	if (waitpid(worker, &status, WNOHANG) == worker)
		snprintf(result->failure, RUN_FAILURE, "the worker ended with status %#x",
			 status);
	else
		snprintf(result->failure, RUN_FAILURE, "the program took more than %d seconds",
			 SECONDS_MOST);
}

const struct result *worker_run(const struct program *program)
{
	struct result *result = &exchange->result;

	exchange->program = *program;
	if (write(orders, "", 1) != 1)
		err(2, "the worker");
	if (!await() && !result->failure[0])
		tell_death(result);
	return result;
}
