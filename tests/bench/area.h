/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of the target's.
 */
#ifndef AREA_H
#define AREA_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum pages { BASE, HUGE, PAGES };

extern const char *const pages_names[PAGES];

struct area {
	enum pages pages;
	size_t length;
	uint8_t *start;
};

/*
 * Only address space, which a child inherits and fills: this process has no
 * memory there, and the child no copy to make.
 */
void area_reserve(struct area *area, enum pages pages, size_t length);

/* With what area_word() says, in the process that has the memory. */
void area_fill(const struct area *area);

/* What area_fill() puts at an address, a multiple of 8. */
uint64_t area_word(uintptr_t address);

/* Ends the program unless all of it is in pages of that kind. */
void area_check(const struct area *area, pid_t owner);

#endif
