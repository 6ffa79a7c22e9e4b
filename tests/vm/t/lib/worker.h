/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A worker is a forked child that runs functions of the test program when
 * told to: as the target of a session, or as a caller with another user's
 * rights.  Its memory is a copy of the test's at the time of its start.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MEMBER_UID	1000
#define OUTSIDER_UID	1001

/* Whose rights a worker has. */
enum who {
	ROOT,
	MEMBER,		/* uid 1000, in the group of /dev/memrw */
	OUTSIDER,	/* uid 1001, not in it */
};

struct worker;

#define WORKER_ARG_MAX	1024

/* Runs in the worker; what it leaves at @arg goes back to the test. */
typedef long (*worker_fn)(void *arg);

struct worker *worker_start(enum who who);

/* As the first process of a new pid namespace. */
struct worker *worker_start_pidns(enum who who);

pid_t worker_pid(const struct worker *worker);

/*
 * worker_call: runs fn(arg) and waits for it; fails the test if the worker
 * dies or takes more than 20 seconds.  worker_send and worker_wait are its
 * halves: worker_wait returns false if the worker has not answered in time.
 */
long worker_call(struct worker *worker, worker_fn fn, void *arg, size_t size);
void worker_send(struct worker *worker, worker_fn fn, const void *arg, size_t size);
bool worker_wait(struct worker *worker, unsigned int timeout_ms, void *arg, size_t size,
		 long *result);

/*
 * Makes the worker run another program, and returns when the worker's own
 * memory is gone; worker_exec_start does not wait for that.
 */
void worker_exec(struct worker *worker, const char *path);
void worker_exec_start(struct worker *worker, const char *path);

/* Kills the worker; false if it has not gone within @timeout_ms. */
bool worker_kill(struct worker *worker, int signal, unsigned int timeout_ms);

/* For worker_call: the worker forks; a child that does nothing, and ends with it. */
long worker_fork_idle(void *arg);

/* Ends the process, and leaves it a zombie until the teardown. */
void worker_make_zombie(struct worker *worker);

/* Kills and reaps all workers; safe to call at any time. */
void workers_stop(void);

/* Gives up root's rights for those of @who; the process stays dumpable. */
void become(enum who who);

#endif
