/* SPDX-License-Identifier: GPL-2.0-only */
/* Programs to be searched. */
#ifndef TARGET_H
#define TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define MIB	((size_t)1 << 20)
#define GIB	((size_t)1 << 30)

/* What is to be found: few times; and in the crowd 10 million times a gigabyte. */
#define RARE	1122334455
#define COMMON	77007700
#define CROWD_STEP 104

/*
 * enum content - what the heap of a program holds
 * @PROGRAM: numbers, pointers and text in three pages of four, one of zeros
 * @CROWDED: the same, and COMMON often
 * @ZEROS: pages of zeros that were all written
 * @SPARSE: nothing: 64 GiB beside the heap are reserved, 100 MiB of them touched
 */
enum content {
	PROGRAM,
	CROWDED,
	ZEROS,
	SPARSE,
};

struct target {
	pid_t pid;
	uint64_t start;
	size_t length;
};

void target_start(struct target *target, enum content content, size_t length);
void target_stop(struct target *target);

/* Resident bytes. */
size_t target_resident(const struct target *target);

#endif
