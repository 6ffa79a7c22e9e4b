// SPDX-License-Identifier: GPL-2.0-only

#include "frozen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "value_order.h"
#include "word.h"

/* How often the target may come between, until it is left for the next time. */
#define TRIES	16

int frozen_make(struct frozen *frozen, const struct freeze *freeze, int64_t now)
{
	void *bytes = NULL;

	if (freeze->interval <= 0 ||
	    (!freeze->bytes && !freeze->has_min && !freeze->has_max)) {
		errno = EINVAL;
		return -1;
	}
	if (freeze->bytes) {
		bytes = malloc(freeze->length);
		if (!bytes)
			return -1;
		memcpy(bytes, freeze->bytes, freeze->length);
	}
	*frozen = (struct frozen){ .freeze = *freeze, .due = now };
	frozen->freeze.bytes = bytes;
	return 0;
}

/*
 * Each function returns 0, or an errno value.
 */

static int read_value(const struct frozen *frozen, struct memrw_target *target,
		      unsigned int flags, void *value, size_t size)
{
	ssize_t got = memrw_target_read(target, frozen->freeze.address, value, size,
					flags);

	if (got < 0)
		return errno;
	return (size_t)got < size ? EIO : 0;
}

static int write_value(struct frozen *frozen, struct memrw_target *target,
		       unsigned int flags, const void *bytes, size_t length)
{
	ssize_t done = memrw_target_write(target, frozen->freeze.address, bytes,
					  length, flags);

	if (done < 0)
		return errno;
	frozen->status.writes++;
	return (size_t)done < length ? EIO : 0;
}

/* Return: the bound that the value is outside of, or NULL. */
static const void *bound_of(const struct freeze *freeze, const void *value)
{
	if (freeze->has_min && value_order(freeze->type, value, freeze->min) == -1)
		return freeze->min;
	if (freeze->has_max && value_order(freeze->type, value, freeze->max) == 1)
		return freeze->max;
	return NULL;
}

static bool is_atomic(const struct memrw_target *target, const struct freeze *freeze)
{
	return memrw_target_backend(target) == MEMRW_BACKEND_DRIVER &&
	       freeze->address % memrw_type_size(freeze->type) == 0;
}

/* Every time that it is another value than expected, that one is looked at. */
static int exchange(struct frozen *frozen, struct memrw_target *target,
		    unsigned int flags, char *value)
{
	const struct freeze *freeze = &frozen->freeze;
	struct memrw_target_word word = {
		.address = freeze->address,
		.width = memrw_type_size(freeze->type),
	};
	const void *bound;

	for (int i = 0; i < TRIES && (bound = bound_of(freeze, value)); i++) {
		word.expected = word_from_bytes(value, word.width);
		word.operand = word_from_bytes(bound, word.width);
		if (memrw_target_atomic(target, MEMRW_OP_COMPARE_EXCHANGE, &word,
					flags) < 0)
			return errno;
		if (word.old == word.expected) {
			frozen->status.writes++;
			return 0;
		}
		word_to_bytes(word.old, value, word.width);
	}
	return 0;
}

static int keep_within_bounds(struct frozen *frozen, struct memrw_target *target,
			      unsigned int flags)
{
	size_t size = memrw_type_size(frozen->freeze.type);
	char value[sizeof(uint64_t)];
	int error = read_value(frozen, target, flags, value, size);
	const void *bound = error ? NULL : bound_of(&frozen->freeze, value);

	if (!bound)
		return error;
	if (is_atomic(target, &frozen->freeze)) {
		error = exchange(frozen, target, flags, value);
		if (error != ENOTSUP)
			return error;
	}
	return write_value(frozen, target, flags, bound, size);
}

int frozen_write(struct frozen *frozen, struct memrw_target *target,
		 unsigned int flags)
{
	const struct freeze *freeze = &frozen->freeze;
	int error = freeze->bytes ? write_value(frozen, target, flags, freeze->bytes,
						freeze->length) :
				    keep_within_bounds(frozen, target, flags);

	/* A signal came between: the next time will do. */
	frozen->status.error = error == EINTR ? 0 : error;
	return frozen->status.error;
}

void frozen_schedule(struct frozen *frozen, int64_t now)
{
	int64_t interval = frozen->freeze.interval, late = now - frozen->due;

	frozen->due += (late / interval + 1) * interval;
}

void frozen_clear(struct frozen *frozen)
{
	free((void *)frozen->freeze.bytes);
}
