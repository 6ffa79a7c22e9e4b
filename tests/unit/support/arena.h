/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stretch of memory with pages of every protection, made before a child is
 * forked: the child then has it at the same addresses.
 */
#ifndef ARENA_H
#define ARENA_H

#include "unit.h"

/* The kernel's, and the greatest that a kernel may have. */
#define PAGE	((size_t)getpagesize())
#define PAGE_MAX 65536UL

enum page_kind {
	PAGE_RW,
	PAGE_RO,
	PAGE_WO,
	PAGE_NONE,
	PAGE_HOLE,
	PAGE_FRESH,	/* readable and writable, never touched */
};

#define ARENA_PAGES	16

extern const enum page_kind arena_kinds[ARENA_PAGES];

/* The index of the first page of that kind. */
size_t arena_page(enum page_kind kind);

/* What the arena's byte at this offset holds; fresh pages hold zeros. */
unsigned char arena_byte(size_t offset);

/* Returns the address; the memory behind it ends with a hole. */
uintptr_t arena_map(void);
void arena_unmap(uintptr_t arena);

/*
 * How many bytes a transfer moves from @offset on, by the kinds of the pages
 * alone; up to @length.
 */
size_t arena_expect(size_t offset, size_t length, bool write, bool force);

/* The memory of a process as the kernel shows it, beside the library. */
void peek(pid_t pid, uintptr_t address, void *buffer, size_t length);

#endif
