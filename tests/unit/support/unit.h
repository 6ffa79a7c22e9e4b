/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the unit tests share: cmocka and all that it wants before it, and
 * children that serve as targets.
 */
#ifndef UNIT_H
#define UNIT_H

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "memrw.h"

/* A call that must fail, and how. */
#define assert_errno(call, expected)					\
	do {								\
		errno = 0;						\
		assert_int_equal(call, -1);				\
		assert_int_equal(errno, expected);			\
	} while (0)

#define assert_null_errno(call, expected)				\
	do {								\
		errno = 0;						\
		assert_null(call);					\
		assert_int_equal(errno, expected);			\
	} while (0)

/* The backend that MEMRW_TEST_VIA asks for: "driver", or else "procfs". */
enum memrw_backend unit_via(void);

/*
 * A child has a copy of this process's memory as it was at the fork, at the
 * same addresses, and answers calls until it is stopped.  Its function runs
 * in the child: what it returns is what child_call() returns.
 */
typedef long (*child_fn)(long argument);

struct child {
	pid_t pid;
	pid_t parent;	/* 0 where this process is it */
	int call;
	int answer;
};

void child_start(struct child *child, child_fn fn);

/* A child whose memory is that of another process, which waits for it. */
void child_start_vforked(struct child *child, child_fn fn);

/* A function that does not return gives -1, and the child is gone then. */
long child_call(struct child *child, long argument);

/* Wait until the child has exited, and leave it a zombie. */
void child_wait_zombie(struct child *child);

/* Kill and reap; harmless when repeated. */
void child_stop(struct child *child);

/*
 * For a child's function: run this program again in place of the child, as
 * one that answers this and each further call with CHILD_NEW_IMAGE, and to
 * CHILD_EXEC_AGAIN does the same once more.
 */
#define CHILD_NEW_IMAGE		4711L
#define CHILD_EXEC_AGAIN	4712L
long child_exec(long argument);

/*
 * Run a function in a process of its own, and the second one as a user
 * without privileges.  cmocka's assertions do not work there: the function
 * returns 0 or the __LINE__ that failed.
 */
int run_in_child(int (*fn)(void));
int run_unprivileged(int (*fn)(void));

/* To be called first thing in main(). */
void unit_init(int argc, char **argv);

#define unit_main(tests)						\
	int main(int argc, char **argv)					\
	{								\
		unit_init(argc, argv);					\
		return cmocka_run_group_tests(tests, NULL, NULL);	\
	}

/* Leaves a test of what only the driver has, as skipped. */
#define skip_without_the_driver()					\
	do {								\
		if (unit_via() != MEMRW_BACKEND_DRIVER)			\
			skip();						\
	} while (0)

#endif
