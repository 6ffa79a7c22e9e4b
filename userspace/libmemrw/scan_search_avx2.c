// SPDX-License-Identifier: LGPL-2.1-or-later
/* The search of x86-64 processors that have AVX2. */
#ifdef __x86_64__
#define SEARCH_TARGET __attribute__((target("avx2")))
#include "scan_search.h"

const struct mrw_search mrw_search_avx2 = {
	.range = search_range,
	.pattern = search_pattern,
};
#else
typedef int mrw_no_avx2_here; /* ISO C wants a declaration in every file */
#endif
