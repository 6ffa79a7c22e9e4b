// SPDX-License-Identifier: GPL-2.0-only
/* Numbers: what is parsed is what was written. */
#include "number.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void print_and_parse(uint64_t number, const char *format)
{
	char text[32];
	uint64_t back;

	snprintf(text, sizeof(text), format, number);
	require(mrw_number_parse(text, &back) == 0 && back == number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of(data, size);
	uint64_t number;

	if (mrw_number_parse(text, &number) == 0) {
		print_and_parse(number, "%" PRIu64);
		print_and_parse(number, "0x%" PRIx64);
		print_and_parse(number, "0%" PRIo64);
	} else {
		require(errno == EINVAL || errno == ERANGE);
	}
	free(text);
	return 0;
}
