/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A target whose accesses to a few words are watched: it makes as many of them as it is
 * told, from functions that are known, in threads that are known.
 */
#ifndef WATCHEE_H
#define WATCHEE_H

#include "unit.h"

#define SECOND	1000	/* ms */

/* Longer than anything that is sure to come takes. */
#define LONG	(60 * SECOND)

/* What the target is told to do, @count times where that makes sense. */
enum watchee_act {
	STORE,		/* 1, 2, 3 and so on, from here */
	STORE_THERE,
	STORE_BYTES,	/* so many, once */
	STORE_BESIDE,	/* to the second word, once */
	STORE_TO_EACH,	/* of so many words, once */
	STORE_NUMBER,	/* the count itself, sign and all, once */
	STORE_KNOWN,	/* WATCHEE_KNOWN, from WATCHEE_REGISTER, once */
	LOAD,
	CALL,		/* watchee_called() */
	CALL_OUTER,	/* watchee_outer(), which calls watchee_inner(), which stores */
	STORE_IN_PROCESS, /* one that it starts */
	STORE_AT_EXIT,	/* and exit */
	PARK,		/* start so many threads, which wait */
	STORE_PARKED,	/* in each of them */
	STORE_IN_NEW,	/* in so many new threads, one after another, once each */
	CHURN,		/* start and end threads all the time, which store once each */
	CHURN_STOP,	/* and how often they have stored */
	END_FIRST,	/* the first thread; those that wait store, slowly */
	EXEC,
	EXEC_IN_THREAD,
};

#define WATCHEE_KNOWN	0x4711081511aa22bbULL

/* Where accesses come from: none of these functions is longer than WATCHEE_CODE. */
#define WATCHEE_CODE	128

void watchee_here(volatile unsigned long *word, unsigned long value);
void watchee_there(volatile unsigned long *word, unsigned long value);
void watchee_called(void);
void watchee_outer(volatile unsigned long *word);
void watchee_inner(volatile unsigned long *word);

static inline bool watchee_is_in(uint64_t ip, uintptr_t function)
{
	return ip >= function && ip < function + WATCHEE_CODE;
}

extern unsigned long *watched;	/* some, each of them one access for the processor */
extern struct child watchee_child;
extern struct memrw_target *watchee_target;

/*
 * setup and teardown; without what it takes, the target is NULL: a processor, or a virtual
 * one, may have no debug registers, and the system may not let the caller have them.
 */
int watchee_start(void **state);
int watchee_stop(void **state);

#define skip_without_watches()						\
	do {								\
		if (!watchee_target)					\
			skip();						\
	} while (0)

/* 0, or why the kernel does not let the caller have a breakpoint in itself. */
int watchee_probe(void);

long watchee_do(enum watchee_act act, long count);

/* The two halves of that, for what stops the target. */
void watchee_tell(enum watchee_act act, long count);
long watchee_answer(void);

/* A watch of the first word. */
struct memrw_watch *watchee_open(enum memrw_watch_kind kind,
				 const struct memrw_watch_filter *filter);

/* There are so many hits, in one or more reads, and then there is none. */
void watchee_expect(struct memrw_watch *watch, struct memrw_hit *hits, size_t count);
void watchee_expect_none(struct memrw_watch *watch);

/* It ends, without another hit. */
void watchee_expect_end(struct memrw_watch *watch, enum memrw_watch_ending ending);

#endif
