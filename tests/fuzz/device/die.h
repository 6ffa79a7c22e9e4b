/* SPDX-License-Identifier: GPL-2.0-only */
/* For what the fuzzer itself cannot do without. */
#ifndef FUZZ_DIE_H
#define FUZZ_DIE_H

/* Report @what with errno, and exit with 2. */
_Noreturn void die(const char *what);

#endif
