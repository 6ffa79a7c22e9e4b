/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the data of packets is made of: numbers in hexadecimal, bytes as digits or
 * escaped, and threads.
 */
#ifndef CLI_GDB_TEXT_H
#define CLI_GDB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** gdb_digit() - of hexadecimal; -1 if it is none */
int gdb_digit(char digit);

/** gdb_hex() - two digits for each byte; no NUL behind them */
void gdb_hex(char *digits, const void *bytes, size_t length);

/** gdb_must_escape() - may the byte not stand in binary data? */
bool gdb_must_escape(char byte);

/**
 * struct gdb_text - what is left to be read of a packet
 *
 * Each gdb_text_*() that returns false, or a negative number, found something else.
 */
struct gdb_text {
	const char *next;
	const char *end;
};

/** gdb_text_skip() - these characters come next */
bool gdb_text_skip(struct gdb_text *text, const char *literal);

/** gdb_text_ended() - is nothing left? */
bool gdb_text_ended(const struct gdb_text *text);

/** gdb_text_number() - hexadecimal digits, of 64 bits at most */
bool gdb_text_number(struct gdb_text *text, uint64_t *number);

/** gdb_text_numbers() - "ADDRESS,LENGTH", which most requests have */
bool gdb_text_numbers(struct gdb_text *text, uint64_t *first, uint64_t *second);

/** gdb_text_bytes() - pairs of digits, all that are left.  Return: how many, or -1. */
ssize_t gdb_text_bytes(struct gdb_text *text, void *bytes, size_t room);

/** gdb_text_path() - the same up to a comma or the end, as a string without a NUL in it */
bool gdb_text_path(struct gdb_text *text, char *path, size_t room);

/** gdb_text_binary() - escaped bytes, all that are left.  Return: how many, or -1. */
ssize_t gdb_text_binary(struct gdb_text *text, void *bytes, size_t room);

/**
 * struct gdb_thread - a thread, or several
 * @pid: 0 where it was not said, -1 for all
 * @tid: 0 for any, -1 for all
 */
struct gdb_thread {
	int64_t pid;
	int64_t tid;
};

/** gdb_text_thread() - "TID", "pPID" or "pPID.TID" */
bool gdb_text_thread(struct gdb_text *text, struct gdb_thread *thread);

#endif /* CLI_GDB_TEXT_H */
