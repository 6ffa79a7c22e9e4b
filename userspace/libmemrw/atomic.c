// SPDX-License-Identifier: LGPL-2.1-or-later
/* Atomic operations on a word of a target. */
#include "backend.h"

#include <errno.h>

static bool is_valid(enum memrw_op op, const struct memrw_target_word *word)
{
	switch (word->width) {
	case 1:
	case 2:
	case 4:
	case 8:
		return (unsigned int)op <= MEMRW_OP_COMPARE_EXCHANGE &&
		       word->address % word->width == 0;
	}
	return false;
}

int memrw_target_atomic(struct memrw_target *target, enum memrw_op op,
			struct memrw_target_word *word, unsigned int flags)
{
	struct mrw_binding *binding = mrw_target_binding(target);

	if (mrw_target_check(target, flags, op != MEMRW_OP_LOAD) < 0)
		return -1;
	if (!is_valid(op, word)) {
		errno = EINVAL;
		return -1;
	}
	if (!binding->backend->atomic) {
		errno = ENOTSUP;
		return -1;
	}
	return binding->backend->atomic(binding, op, word, flags);
}
