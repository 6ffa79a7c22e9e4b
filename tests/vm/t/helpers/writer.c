// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that writes to its standard output when a byte comes from its
 * standard input, or that has ended.  What it writes is the address of a word of
 * its own, which is the same whenever it runs.  Its exit status is the errno of
 * the write, or 0, and 128 more if the word is no longer what it was.
 */
#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#define UNTOUCHED 0x756e746f75636865

static volatile uint64_t word = UNTOUCHED;

int main(void)
{
	uint64_t address = (uintptr_t)&word;
	int status = 0;
	char byte;

	if (read(STDIN_FILENO, &byte, 1) < 0)
		return 255;
	if (write(STDOUT_FILENO, &address, sizeof(address)) < 0)
		status = errno;
	return status | (word == UNTOUCHED ? 0 : 128);
}
