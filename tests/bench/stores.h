/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that stores to a word, as often as it is told to, and says how long that
 * took it.
 */
#ifndef STORES_H
#define STORES_H

#include <stdint.h>
#include <sys/types.h>

/*
 * struct burst - stores, one right behind the other
 * @stores: how many
 * @step: how much more than the last one each value is; 0: the word does not change
 * @gap: how often a loop that does nothing goes round between two
 */
struct burst {
	unsigned long stores;
	uint64_t step;
	unsigned long gap;
};

/* It dies with this process.  One at a time. */
pid_t stores_start(void);
void stores_end(void);

/* The address of the word, and of one on another page. */
uint64_t stores_address(void);
uint64_t stores_address_of_other(void);

/* The time from the first store until the last one is done. */
double stores_run(const struct burst *burst);

#endif
