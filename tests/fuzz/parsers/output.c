// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the command prints of a target's memory: text never has a byte that
 * controls a terminal, whatever the target has there.
 */
#include "hexdump.h"
#include "region_text.h"
#include "text.h"
#include "value_text.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *printed;
static size_t length;

static void require_printable(void)
{
	for (size_t i = 0; i < length; i++)
		require((unsigned char)printed[i] >= ' ' && printed[i] != 0x7f);
}

/* Into @printed, instead of standard output. */
static FILE *begin(void)
{
	FILE *terminal = stdout;

	stdout = open_memstream(&printed, &length);
	require(stdout != NULL);
	return terminal;
}

static void end(FILE *terminal)
{
	fclose(stdout);
	stdout = terminal;
}

static void print_dump(const uint8_t *data, size_t size)
{
	struct hexdump dump;

	hexdump_begin(&dump, UINT64_MAX - size / 2, size);
	hexdump_add(&dump, data, size);
	hexdump_end(&dump);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *terminal;
	char *text = text_of(data, size);
	struct memrw_region region = { .start = size, .end = UINT64_MAX, .name = text };

	setlocale(LC_ALL, "C.UTF-8");
	terminal = begin();
	string_print(text, size);
	end(terminal);
	require_printable();
	free(printed);

	terminal = begin();
	region_print(&region);
	print_dump(data, size);
	end(terminal);
	free(printed);
	free(text);
	return 0;
}
