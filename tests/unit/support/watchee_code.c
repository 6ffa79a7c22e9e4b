// SPDX-License-Identifier: GPL-2.0-only
/* Code that hits: with frame pointers, and by itself, for compilers not to look into it. */
#include "watchee.h"

/* No two of them are in the same bytes. */
#define code_of_its_own	__attribute__((noinline, aligned(WATCHEE_CODE)))

code_of_its_own void watchee_here(volatile unsigned long *word, unsigned long value)
{
	*word = value;
}

code_of_its_own void watchee_there(volatile unsigned long *word, unsigned long value)
{
	*word = value;
}

code_of_its_own void watchee_called(void)
{
	__asm__ volatile("" : : : "memory");
}

code_of_its_own void watchee_inner(volatile unsigned long *word)
{
	/* A function that calls none need not have a frame, but for this. */
	__asm__ volatile("" : : "r"(__builtin_frame_address(0)));
	*word = 1;
}

code_of_its_own void watchee_outer(volatile unsigned long *word)
{
	watchee_inner(word);
	/* Or the call would be a jump. */
	__asm__ volatile("" : : : "memory");
}
