/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of numbers that calls take: which are worth trying, and what they
 * are called in the text of a program.
 */
#ifndef FUZZ_VALUE_H
#define FUZZ_VALUE_H

#include <stdbool.h>
#include <stdint.h>

enum kind {
	KIND_NONE,
	KIND_SLOT,	/* of the table of descriptors */
	KIND_PLACE,	/* enum place */
	KIND_SIZE,	/* of a struct */
	KIND_FLAGS,
	KIND_PID,	/* enum pid_name */
	KIND_ADDRESS,	/* in the target */
	KIND_BUFFER,	/* in the caller */
	KIND_SEGMENTS,	/* in the caller, for an array */
	KIND_LENGTH,
	KIND_COUNT,
	KIND_INDEX,	/* of a segment */
	KIND_STEP,	/* from a segment to the next */
	KIND_OPERATION,	/* enum memrw_atomic_op */
	KIND_WIDTH,
	KIND_WORD,
	KIND_ZERO,	/* what must be 0 */
	KIND_COMMAND,	/* of ioctl(2) */
	KIND_OPEN_FLAGS,
	KIND_RW_FLAGS,
	KIND_WHENCE,
	KIND_PROT,
	KIND_MAP_FLAGS,
	KIND_PAGE,	/* of the caller's buffer */
	KIND_WINDOW,	/* a window's place */
	KIND_WINDOW_PAGE,	/* in it */
	KIND_WINDOW_ADDRESS,
	KIND_ADVICE,	/* of madvise(2) */
	KIND_WATCH,	/* a watch's number */
	KIND_WATCHED,	/* in the target, for a watch and for accesses */
	KIND_WATCH_FLAGS,
	KIND_WATCH_LENGTH,
	KIND_WATCH_TYPE,
	KIND_CONDITION,	/* enum memrw_watch_condition */
	KIND_EVERY,
	KIND_OPERAND,
	KIND_IP_FIRST,
	KIND_IP_LAST,
	KIND_LIMIT,
	KIND_CAPACITY,
	KIND_HIT_SIZE,
	KIND_HITS_LENGTH,	/* of a read(2) of hits */
	KIND_EVENTS,	/* of poll(2) */
	KIND_STATUS,	/* of fcntl(2) */
	KIND_ACCESS,	/* enum access */
	KIND_ZONE,	/* enum target_zone */
	KIND_CHANGE,	/* enum change */
	KIND_USER,	/* enum user */
	KINDS
};

/* Where the struct of an ioctl is. */
enum place {
	PLACE_END,	/* whole, and behind it a page that is not mapped */
	PLACE_CUT,	/* as much as there is room for, which is not all */
	PLACE_READ_ONLY,
	PLACE_NULL,
	PLACE_HOLE,
	PLACE_KERNEL,
	PLACES
};

enum pid_name {
	PID_CHILD,
	PID_SELF,
	PID_DEAD,	/* a zombie */
	PID_STRANGER,	/* another user's */
	PID_KERNEL,
	PID_ABSENT,
	PID_ZERO,
	PID_NEGATIVE,
	PID_NAMES
};

enum change {
	CHANGE_UNMAP,
	CHANGE_NO_ACCESS,
	CHANGE_READ_ONLY,
	CHANGE_WRITABLE,
	CHANGE_DISCARD,
	CHANGE_EXEC,
	CHANGE_EXIT,
	CHANGES
};

enum access {
	ACCESS_LOAD,
	ACCESS_STORE,
	ACCESS_SYSTEM_CALL,	/* a store of the kernel's */
	ACCESSES
};

enum user {
	USER_ROOT,
	USER_MEMBER,
	USERS
};

/* One to try; @size is that of the struct that the call takes, or 0. */
uint64_t value_make(enum kind kind, uint64_t size);

/* One that is near @value. */
uint64_t value_mutate(enum kind kind, uint64_t value, uint64_t size);

/* Into @text, which has room for 32 bytes. */
void value_print(enum kind kind, uint64_t value, char *text);
bool value_parse(enum kind kind, const char *text, uint64_t *value);

#endif
