// SPDX-License-Identifier: LGPL-2.1-or-later
/* Strings and bytes: the same stages as for numbers. */
#include "scan_kernel.h"

#include <string.h>

static uint64_t pattern_group(const struct mrw_pattern *pattern, const uint8_t *now,
			      size_t positions, unsigned int step)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < positions; i++)
		bits |= (uint64_t)mrw_pattern_matches(pattern, now + i * step) << i;
	return bits;
}

static uint64_t pattern_groups(const struct mrw_pattern *pattern,
			       const struct mrw_search *search, const uint8_t *now,
			       size_t positions, unsigned int step, uint64_t *bits)
{
	uint64_t any = 0;

	for (size_t i = 0; i < positions; i += 64) {
		size_t group = positions - i < 64 ? positions - i : 64;

		if (search && group == 64 && !search->pattern(pattern, now + i, 1))
			continue;
		bits[i / 64] = pattern_group(pattern, now + i * step, group, step);
		any |= bits[i / 64];
	}
	return any;
}

bool mrw_kernel_pattern(const struct mrw_pattern *pattern, const uint8_t *now,
			size_t positions, unsigned int step, uint64_t *bits)
{
	const struct mrw_search *search = step == 1 ? mrw_kernel_search() : NULL;
	size_t at_once = search ? MRW_MANY : positions;
	uint64_t any = 0;

	memset(bits, 0, MRW_WORDS(positions) * sizeof(*bits));
	for (size_t i = 0; i < positions; i += at_once) {
		size_t many = positions - i < at_once ? positions - i : at_once;

		if (search && many == at_once && !search->pattern(pattern, now + i, at_once / 64))
			continue;
		any |= pattern_groups(pattern, search, now + i * step, many, step,
				      bits + i / 64);
	}
	return any;
}

bool mrw_kernel_same(const uint8_t *now, const uint8_t *then, size_t size,
		     size_t positions, unsigned int step, uint64_t *bits)
{
	uint64_t any = 0;

	memset(bits, 0, MRW_WORDS(positions) * sizeof(*bits));
	for (size_t i = 0; i < positions; i++) {
		uint64_t same = !memcmp(now + i * step, then + i * step, size);

		bits[i / 64] |= same << (i % 64);
		any |= same;
	}
	return any;
}
