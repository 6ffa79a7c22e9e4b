/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of the program where there is nothing to measure.
 */
#ifndef DIE_H
#define DIE_H

/* With errno. */
_Noreturn void die(const char *what);

_Noreturn void die_because(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
