/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of a worker: made, filled and looked at by the worker itself, which
 * is the other witness to what a session did.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "lib/worker.h"

/* The kernel's, and the greatest that a kernel may have. */
#define PAGE ((size_t)getpagesize())
#define PAGE_MAX 65536UL
#define MIB (1UL << 20)

/* The kernel's usual huge page, transparent or not: 2 MiB with pages of 4 KiB. */
uint64_t huge_page_size(void);

/* mmap(2) in the worker; fails the test if it fails. */
uint64_t memory_map(struct worker *worker, uint64_t hint, size_t length, int prot, int flags,
		    int fd, uint64_t offset);

/* Private anonymous, readable and writable. */
uint64_t memory_map_anonymous(struct worker *worker, size_t length);

/* The same, filled with the pattern of @seed. */
uint64_t memory_map_pattern(struct worker *worker, size_t length, unsigned int seed);

/* 0, or -errno. */
int memory_unmap(struct worker *worker, uint64_t address, size_t length);
int memory_protect(struct worker *worker, uint64_t address, size_t length, int prot);
int memory_advise(struct worker *worker, uint64_t address, size_t length, int advice);

/* Every 4-byte word of the pattern tells its offset and the seed. */
void pattern_fill(void *buffer, size_t length, unsigned int seed);
bool pattern_matches(const void *buffer, size_t length, size_t offset, unsigned int seed);

void memory_fill(struct worker *worker, uint64_t address, size_t length, unsigned int seed);

/* Does the worker see the pattern in its own memory? */
bool memory_matches(struct worker *worker, uint64_t address, size_t length, unsigned int seed);

/* Does the worker see @length bytes of @value? */
bool memory_is(struct worker *worker, uint64_t address, size_t length, uint8_t value);

uint64_t memory_peek(struct worker *worker, uint64_t address);
void memory_poke(struct worker *worker, uint64_t address, uint64_t value);

#endif
