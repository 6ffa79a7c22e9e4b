// SPDX-License-Identifier: LGPL-2.1-or-later
/* The search of any processor. */
#define SEARCH_TARGET
#include "scan_search.h"

const struct mrw_search mrw_search_portable = {
	.range = search_range,
	.pattern = search_pattern,
};
