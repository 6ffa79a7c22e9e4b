/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Holding a target still: all of its threads, for as long as a struct hold is
 * open.
 *
 * A process of its own, the guardian, does it, and lets the target go when it
 * hears no more from this one, however this one ended, kill -9 included.  It
 * stops the threads by ptrace(2), which sends no signal and leaves a target
 * alone that was stopped before; where ptrace is refused, by SIGSTOP, which
 * the target's parent is told of.  A target that was stopped already is not
 * continued.
 */
#ifndef CLI_HOLD_H
#define CLI_HOLD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "memrw.h"

/* Ways to hold a target. */
#define HOLD_BY_TRACING	(1U << 0)
#define HOLD_BY_SIGNAL	(1U << 1)
#define HOLD_ANY_WAY	(HOLD_BY_TRACING | HOLD_BY_SIGNAL)

struct hold;

/**
 * hold_begin() - stop all threads of a target
 * @target: the target; may be closed before hold_end()
 * @ways: which ways may be tried, HOLD_ANY_WAY but in a test
 *
 * When it returns, no thread runs code of its own.  One that is in the kernel
 * and cannot be interrupted there counts as stopped after a second: it stops
 * before it gets back.
 *
 * Return: the hold, to be given back with hold_end(), from any thread; NULL
 * with errno: ESRCH, ESTALE the target is gone; EBUSY another process traces
 * it; EDEADLK it is the caller itself; EPERM it may neither be traced nor be
 * sent a signal.
 */
struct hold *hold_begin(struct memrw_target *target, unsigned int ways);

/**
 * hold_begin_reported() - the same in any way, and what to do on failure
 *
 * Return: the hold, or NULL after a report.
 */
struct hold *hold_begin_reported(struct memrw_target *target);

/** hold_way() - HOLD_BY_TRACING or HOLD_BY_SIGNAL, whichever was taken */
unsigned int hold_way(const struct hold *hold);

/**
 * hold_registers() - registers of a thread of the target
 * @hold: the hold
 * @tid: the thread
 * @set: which, as PTRACE_GETREGSET has them: NT_PRSTATUS and so on
 * @buffer: out, in the layout of the target's architecture
 * @size: of @buffer
 *
 * Return: bytes, or -1 with errno: ENOTSUP if the target is not held by
 * tracing; ESRCH no such thread.
 */
ssize_t hold_registers(struct hold *hold, pid_t tid, unsigned int set,
		       void *buffer, size_t size);

/**
 * hold_end() - let the target go; NULL is fine
 *
 * Return: 0, or -1 with errno ECHILD if somebody killed the guardian, so that
 * the target may have been running for some time.
 */
int hold_end(struct hold *hold);

/**
 * hold_end_reported() - the same, and a report if the target was not held
 *
 * Return: the exit status.
 */
int hold_end_reported(struct hold *hold);

#endif /* CLI_HOLD_H */
