// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pointer_table.h"

/* Of an address, sorted by so many at once. */
#define DIGIT_BITS	16
#define DIGITS		(1 << DIGIT_BITS)

int mrw_pointer_table_add(struct mrw_pointer_table *table, uint64_t value,
			  uint64_t location)
{
	if (table->count == table->room) {
		size_t more = table->room ? 2 * table->room : 4096;
		void *grown = reallocarray(table->pointers, more, sizeof(*table->pointers));

		if (!grown)
			return -1;
		table->pointers = grown;
		table->room = more;
	}
	table->pointers[table->count++] = (struct mrw_pointer){
		.value = value,
		.location = location,
	};
	return 0;
}

void mrw_pointer_table_clear(struct mrw_pointer_table *table)
{
	free(table->pointers);
	*table = (struct mrw_pointer_table){ 0 };
}

static unsigned int digit(const struct mrw_pointer *pointer, unsigned int shift)
{
	return pointer->value >> shift & (DIGITS - 1);
}

/* Return: false where all have the same digit: there is nothing to do. */
static bool sort_digit(const struct mrw_pointer *from, struct mrw_pointer *to,
		       size_t count, unsigned int shift, size_t *places)
{
	size_t place = 0;

	memset(places, 0, DIGITS * sizeof(*places));
	for (size_t i = 0; i < count; i++)
		places[digit(&from[i], shift)]++;
	if (places[digit(&from[0], shift)] == count)
		return false;
	for (size_t i = 0; i < DIGITS; i++) {
		size_t number = places[i];

		places[i] = place;
		place += number;
	}
	for (size_t i = 0; i < count; i++)
		to[places[digit(&from[i], shift)]++] = from[i];
	return true;
}

int mrw_pointer_table_sort(struct mrw_pointer_table *table)
{
	struct mrw_pointer *other, *swap;
	size_t *places;

	if (table->count == 0)
		return 0;
	other = reallocarray(NULL, table->count, sizeof(*other));
	places = calloc(DIGITS, sizeof(*places));
	for (unsigned int shift = 0; other && places && shift < 64; shift += DIGIT_BITS) {
		if (!sort_digit(table->pointers, other, table->count, shift, places))
			continue;
		swap = table->pointers;
		table->pointers = other;
		other = swap;
		table->room = table->count;
	}
	free(places);
	if (!other || !places) {
		free(other);
		errno = ENOMEM;
		return -1;
	}
	free(other);
	return 0;
}
