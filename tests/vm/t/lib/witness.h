/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A target that tells, at its end, whether the driver still holds anything: of
 * its memory, a page of it, or a session.
 */
#ifndef WITNESS_H
#define WITNESS_H

#include <stdint.h>

#include "lib/worker.h"

struct witness {
	struct worker *target;
	size_t length;
	uint64_t anonymous;	/* @length bytes, private */
	uint64_t shared;	/* @length bytes of a memfd */
	int memfd;
	long long references;
	size_t descriptors;
};

void witness_start(struct witness *witness, size_t length);

/* No descriptor and no session more than when it was started. */
void witness_assert_nothing_open(const struct witness *witness);

/*
 * Ends the target, when the test's sessions are closed, and looks.  Returns how many
 * of its pages somebody still holds.
 */
long witness_end(struct witness *witness);

/* For a teardown, whatever went before. */
void witness_clean_up(void);

#endif
