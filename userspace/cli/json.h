/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON as the manual pages describe it.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "memrw.h"

/** json_address() - "0x..." */
json_t *json_address(uint64_t address);

/** json_hex() - bytes as one string of hexadecimal digits */
json_t *json_hex(const void *bytes, size_t length);

/**
 * json_text() - text of the target's: a string, or where it is not UTF-8 (or
 *	has a NUL) {"hex": ...}
 */
json_t *json_text(const char *text, size_t length);

/**
 * json_value() - a value: a number; a string where JSON has no such number
 *	(past 63 bits, NaN, infinite) and for an address
 */
json_t *json_value(enum memrw_type type, const void *value);

/** json_target() - an object that names the target and the backend */
json_t *json_target(const struct memrw_target *target);

/**
 * json_print() - print and free a document
 *
 * Return: an exit status; it is a failure, and reported, if @root is NULL.
 */
int json_print(json_t *root);

/**
 * json_print_line() - print and free one of many objects, a line each
 *
 * Return: 0, or -1 if it is NULL or nobody listens.
 */
int json_print_line(json_t *object);

#endif /* CLI_JSON_H */
