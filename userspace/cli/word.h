/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values as the words of atomic operations.
 */
#ifndef CLI_WORD_H
#define CLI_WORD_H

#include <stdint.h>

#include "memrw.h"
#include "options.h"

/** word_from_bytes() - the word that a value of @width bytes is */
uint64_t word_from_bytes(const void *bytes, size_t width);

/** word_to_bytes() - and back */
void word_to_bytes(uint64_t word, void *bytes, size_t width);

/**
 * word_parse() - the word of a value's text
 * @what: "VALUE" and the like, which is reported
 * @type: not MEMRW_TYPE_STR
 *
 * Return: 0, or the exit status after a report.
 */
int word_parse(const struct options *options, const char *what,
	       enum memrw_type type, const char *text, uint64_t *word);

/**
 * word_check_address() - is it a multiple of the type's size?
 *
 * Return: 0, or the exit status after a report.
 */
int word_check_address(const struct options *options, enum memrw_type type,
		       uint64_t address);

/** word_report_difference() - it is @old, and not what was @expected */
void word_report_difference(enum memrw_type type, uint64_t address, uint64_t old,
			    uint64_t expected);

#endif /* CLI_WORD_H */
