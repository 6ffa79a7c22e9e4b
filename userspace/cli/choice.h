/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which memory is meant: --range, --region and --all.
 */
#ifndef CLI_CHOICE_H
#define CLI_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"
#include "options.h"
#include "parts.h"

/**
 * struct span - addresses that were chosen
 * @at: offset of @start in the file of a dump
 */
struct span {
	uint64_t start;
	uint64_t end;
	uint64_t at;
};

/**
 * struct choice - of the command line, and what came of it
 * @all: all regions
 * @ranges: texts of --range
 * @range_count: how many
 * @regions: texts of --region
 * @region_count: how many
 * @spans: what was chosen: rising, none touches another
 * @span_count: how many
 */
struct choice {
	bool all;
	const char **ranges;
	size_t range_count;
	const char **regions;
	size_t region_count;
	struct span *spans;
	size_t span_count;
};

/**
 * choice_add() - an option's argument
 * @texts: @ranges or @regions
 * @count: the number of them
 *
 * Return: 0, or the exit status after a report.
 */
int choice_add(const char ***texts, size_t *count, const char *text);

/**
 * choice_range() - FROM..TO or FROM..+LENGTH
 * @option: which has it, for a report
 * @text: its argument
 * @options: of the subcommand
 * @target: for the addresses; NULL if they can only be numbers
 * @start: out
 * @end: out: behind the last address
 *
 * Return: 0, or the exit status after a report.
 */
int choice_range(const char *option, const char *text, const struct options *options,
		 struct memrw_target *target, uint64_t *start, uint64_t *end);

/**
 * choice_resolve() - find the @spans
 * @choice: the choice; nothing chosen is all
 * @options: of the subcommand
 * @target: for the addresses of ranges; NULL if they can only be numbers
 * @regions: among which @all and @regions choose
 *
 * Return: 0, or the exit status after a report.
 */
int choice_resolve(struct choice *choice, const struct options *options,
		   struct memrw_target *target, const struct parts *regions);

/**
 * choice_lay_out() - where each span is in the file of a dump
 *
 * Return: the size of the file, bytes; UINT64_MAX if that is too much.
 */
uint64_t choice_lay_out(struct choice *choice);

/**
 * choice_parts() - what of the regions is in the spans
 * @parts: out
 *
 * Return: 0, or the exit status after a report.
 */
int choice_parts(const struct choice *choice, const struct parts *regions,
		 struct parts *parts);

/**
 * choice_check() - is all that --range asks for there?
 *
 * Return: 0, or the exit status after a report of what is missing.
 */
int choice_check(const struct choice *choice, const struct parts *parts);

/**
 * choice_check_any() - is anything of what was chosen there?
 * @name: of what has the parts
 *
 * Return: 0, or the exit status after a report.
 */
int choice_check_any(const struct choice *choice, const struct parts *parts,
		     const char *name);

/** choice_is_name() - is @text a region's name, or the file name in that? */
bool choice_is_name(const char *name, const char *text);

/** choice_clear() - free what it holds */
void choice_clear(struct choice *choice);

#endif /* CLI_CHOICE_H */
