/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of typed values, as the target has them in memory.
 */
#ifndef CLI_VALUE_ORDER_H
#define CLI_VALUE_ORDER_H

#include "memrw.h"

/** What value_order() returns if one of the values is not a number. */
#define VALUE_UNORDERED	2

/**
 * value_order() - compare two values
 * @type: their type, not MEMRW_TYPE_STR
 * @a: the one; need not be aligned
 * @b: the other
 *
 * Return: -1 if @a is less, 0, 1 if it is more; VALUE_UNORDERED.
 */
int value_order(enum memrw_type type, const void *a, const void *b);

#endif /* CLI_VALUE_ORDER_H */
