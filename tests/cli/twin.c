// SPDX-License-Identifier: GPL-2.0-only
/*
 * A symbol that target.c has too.
 */

int twin(void);

static volatile int twice = 2;

int twin(void)
{
	return twice;
}
