/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operands of a condition: from text to what a term compares with. */
#ifndef MRW_SCAN_OPERAND_H
#define MRW_SCAN_OPERAND_H

#include "scan_query.h"

/*
 * Complete the term, which has its type, for an operation that has operands.
 * -1: EINVAL or ERANGE, the text is no such value of the type, or an interval
 * that has nothing in it.
 */
int mrw_operand_apply(struct mrw_term *term, const struct mrw_leeway *leeway,
		      const struct memrw_scan_condition *condition);

#endif
