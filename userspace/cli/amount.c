// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>

#include "amount.h"

static const char units[] = "BKMGTPE";

/* Return: the unit, of which @amount is how many. */
static char scale(uint64_t bytes, double *amount)
{
	size_t unit = 0;

	*amount = bytes;
	/* What would be rounded to 1000 has no room for its digits. */
	while (*amount >= 999.5 && unit + 2 < sizeof(units)) {
		*amount /= 1024;
		unit++;
	}
	return units[unit];
}

const char *amount_format(uint64_t bytes, char *text, size_t size)
{
	double amount;
	char unit = scale(bytes, &amount);

	if (unit == 'B')
		snprintf(text, size, "%.0f B", amount);
	else
		snprintf(text, size, amount < 9.95 ? "%.1f %ciB" : "%.0f %ciB", amount, unit);
	return text;
}

const char *amount_format_short(uint64_t bytes, char *text, size_t size)
{
	double amount;
	char unit = scale(bytes, &amount);

	snprintf(text, size, unit == 'B' || amount >= 9.95 ? "%.0f%c" : "%.1f%c", amount, unit);
	return text;
}
