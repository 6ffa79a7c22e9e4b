// SPDX-License-Identifier: GPL-2.0-only

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "view_bytes.h"

static bool allocate(struct view_bytes *bytes)
{
	bytes->bytes = calloc(bytes->length + 1, sizeof(*bytes->bytes));
	bytes->known = calloc(bytes->length + 1, sizeof(*bytes->known));
	bytes->changed = calloc(bytes->length + 1, sizeof(*bytes->changed));
	return bytes->bytes && bytes->known && bytes->changed;
}

static void take_over(struct view_bytes *bytes, const struct view_bytes *before)
{
	for (size_t i = 0; i < bytes->length; i++) {
		uint64_t old = bytes->address + i - before->address;

		if (old >= before->length)
			continue;
		bytes->bytes[i] = before->bytes[old];
		bytes->known[i] = before->known[old];
		bytes->changed[i] = before->changed[old];
	}
}

int view_bytes_move(struct view_bytes *bytes, uint64_t address, size_t length)
{
	struct view_bytes moved = { .address = address, .length = length };

	if (bytes->bytes && bytes->address == address && bytes->length == length)
		return 0;
	if (!allocate(&moved)) {
		view_bytes_clear(&moved);
		return -1;
	}
	if (bytes->bytes)
		take_over(&moved, bytes);
	view_bytes_clear(bytes);
	*bytes = moved;
	return 0;
}

void view_bytes_see(struct view_bytes *bytes, const uint8_t *seen, const bool *known,
		    int64_t now)
{
	for (size_t i = 0; i < bytes->length; i++) {
		if (known[i] && bytes->known[i] && seen[i] != bytes->bytes[i])
			bytes->changed[i] = now;
		bytes->known[i] = known[i];
		bytes->bytes[i] = known[i] ? seen[i] : 0;
	}
}

int view_bytes_age(const struct view_bytes *bytes, size_t i, int64_t now)
{
	static const int64_t ends[VIEW_AGES] = {
		400 * MILLISECOND, 1000 * MILLISECOND, 1800 * MILLISECOND, 3000 * MILLISECOND,
	};
	int age = 0;

	if (bytes->changed[i] == 0)
		return VIEW_AGES;
	while (age < VIEW_AGES && now - bytes->changed[i] >= ends[age])
		age++;
	return age;
}

bool view_bytes_has(const struct view_bytes *bytes, uint64_t address, size_t length)
{
	uint64_t first = address - bytes->address;

	if (first > bytes->length || length > bytes->length - first)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!bytes->known[first + i])
			return false;
	}
	return true;
}

void view_bytes_clear(struct view_bytes *bytes)
{
	free(bytes->bytes);
	free(bytes->known);
	free(bytes->changed);
	*bytes = (struct view_bytes){ 0 };
}
