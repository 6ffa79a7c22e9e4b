/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VALUEs of the command line.
 */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include "bytes.h"
#include "memrw.h"
#include "options.h"

/**
 * values_encode() - the bytes of values, one behind the other
 * @bytes: out
 *
 * Return: 0, or the exit status after a report: there is none, one is bad, or
 * one too many of type str.
 */
int values_encode(const struct options *options, enum memrw_type type, int count,
		  char **values, struct bytes *bytes);

#endif /* CLI_VALUES_H */
