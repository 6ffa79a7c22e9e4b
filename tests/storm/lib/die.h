/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of the process where the test itself cannot go on.
 */
#ifndef DIE_H
#define DIE_H

/* With errno. */
_Noreturn void die(const char *what);

_Noreturn void die_because(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
