// SPDX-License-Identifier: GPL-2.0-only
#include "cast.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"
#include "zone.h"

/* Descriptors of the child, which execve(2) leaves open. */
enum {
	CHILD_ORDERS = 100,
	CHILD_ANSWERS,
};

/* Past what any kernel gives, unless it has more than a million processors. */
#define PID_OF_NOBODY	0x3ffffff

/*
 * A change of a zone, or an access to an address.
 */
struct order {
	enum { ORDER_CHANGE, ORDER_ACCESS } kind;
	enum change change;
	unsigned int zone;
	enum access access;
	uint64_t address;
};

struct users users;

static pid_t child, dead, stranger;
static int orders, answers;
static bool changed;

static const struct passwd *user_of(const char *name)
{
	const struct passwd *user = getpwnam(name);

	if (!user)
		err(2, "%s", name);
	return user;
}

void cast_find_users(void)
{
	const struct group *group = getgrnam("memrw");

	if (!group)
		err(2, "group memrw");
	users.device_group = group->gr_gid;
	users.member = user_of("member")->pw_uid;
	users.member_group = user_of("member")->pw_gid;
	users.outsider = user_of("outsider")->pw_uid;
}

/* For good.  One who changes users is not dumpable, and so nobody's to bind. */
static void drop_to(uid_t uid)
{
	if (setresuid(uid, uid, uid) < 0)
		err(2, "setresuid");
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void cast_become(enum user user)
{
	uid_t uid = user == USER_MEMBER ? users.member : 0;

	if (setresuid(uid, uid, 0) < 0)
		err(2, "setresuid");
	prctl(PR_SET_DUMPABLE, 1);
}

/*
 * The child
 */

/* A system call that stores where it is told. */
static long store_by_kernel(uint64_t address)
{
	uid_t ids[2];

	return syscall(SYS_getresuid, address, &ids[0], &ids[1]) ? -errno : 0;
}

long cast_do_access(enum access access, uint64_t address)
{
	if (access == ACCESS_SYSTEM_CALL)
		return store_by_kernel(address);
	return touch((uint64_t *)(uintptr_t)address, access == ACCESS_STORE);
}

static void do_change(const struct order *order)
{
	const struct zone *zone = &target_zones[order->zone % TARGET_ZONES];
	void *start = (void *)zone->start;

	switch (order->change) {
	case CHANGE_UNMAP:
		munmap(start, zone->length);
		break;
	case CHANGE_NO_ACCESS:
		mprotect(start, zone->length, PROT_NONE);
		break;
	case CHANGE_READ_ONLY:
		mprotect(start, zone->length, PROT_READ);
		break;
	case CHANGE_WRITABLE:
		mprotect(start, zone->length, PROT_READ | PROT_WRITE);
		break;
	case CHANGE_DISCARD:
		madvise(start, zone->length, MADV_DONTNEED);
		break;
	case CHANGE_EXEC:
		execl("/proc/self/exe", "target", "--target", NULL);
		_exit(1);
	default:
		_exit(0);
	}
}

static void obey(const struct order *order)
{
	if (order->kind == ORDER_CHANGE)
		do_change(order);
	else
		cast_do_access(order->access, order->address);
}

static _Noreturn void serve(void)
{
	struct order order;

	/* That it is there, and after each order that it was done. */
	while (write(CHILD_ANSWERS, "", 1) == 1 &&
	       read(CHILD_ORDERS, &order, sizeof(order)) == sizeof(order))
		obey(&order);
	_exit(0);
}

_Noreturn void cast_be_target(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	zones_map_target();
	serve();
}

/* A second, as the emulated processor may be busy; one that died says nothing. */
static void await_answer(void)
{
	struct pollfd ready = { .fd = answers, .events = POLLIN };
	char byte;

	if (poll(&ready, 1, 5000) != 1 || read(answers, &byte, 1) < 0)
		err(2, "the target does not answer");
}

static _Noreturn void be_child(int from, int to)
{
	if (dup2(from, CHILD_ORDERS) < 0 || dup2(to, CHILD_ANSWERS) < 0)
		err(2, "dup2");
	close_range(3, CHILD_ORDERS - 1, 0);
	close_range(CHILD_ANSWERS + 1, ~0U, 0);
	drop_to(users.member);
	serve();
}

static void start_child(void)
{
	int down[2], up[2];

	if (pipe2(down, O_CLOEXEC) < 0 || pipe2(up, O_CLOEXEC) < 0)
		err(2, "pipe");
	child = fork();
	if (child < 0)
		err(2, "fork");
	if (!child)
		be_child(down[0], up[1]);
	close(down[0]);
	close(up[1]);
	orders = down[1];
	answers = up[0];
	await_answer();
	changed = false;
}

static void end_child(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(orders);
	close(answers);
}

void cast_kill(void)
{
	changed = true;
	kill(child, SIGKILL);
}

/* It may be dead. */
static void give(struct order order)
{
	if (write(orders, &order, sizeof(order)) == sizeof(order))
		await_answer();
}

void cast_change(enum change change, unsigned int zone)
{
	changed = true;
	give((struct order){ .kind = ORDER_CHANGE, .change = change, .zone = zone });
}

void cast_access(enum access access, uint64_t address)
{
	give((struct order){ .kind = ORDER_ACCESS, .access = access, .address = address });
}

/*
 * The others
 */

static void start_dead(void)
{
	siginfo_t info;

	dead = fork();
	if (dead < 0)
		err(2, "fork");
	if (!dead)
		_exit(0);
	waitid(P_PID, dead, &info, WEXITED | WNOWAIT);
}

static void start_stranger(void)
{
	stranger = fork();
	if (stranger < 0)
		err(2, "fork");
	if (stranger)
		return;
	drop_to(users.outsider);
	close_range(3, ~0U, 0);
	for (;;)
		pause();
}

void cast_start(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGIO, SIG_IGN);	/* a watch's */
	start_dead();
	start_stranger();
	start_child();
}

void cast_renew(void)
{
	cast_become(USER_ROOT);
	if (!changed)
		return;
	end_child();
	start_child();
}

pid_t cast_pid(enum pid_name name)
{
	switch (name) {
	case PID_CHILD:
		return child;
	case PID_SELF:
		return getpid();
	case PID_DEAD:
		return dead;
	case PID_STRANGER:
		return stranger;
	case PID_KERNEL:
		return 2;
	case PID_ZERO:
		return 0;
	case PID_NEGATIVE:
		return -1;
	default:
		return PID_OF_NOBODY;
	}
}
