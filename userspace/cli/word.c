// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "report.h"
#include "word.h"

uint64_t word_from_bytes(const void *bytes, size_t width)
{
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (width) {
	case sizeof(u8):
		return memcpy(&u8, bytes, width), u8;
	case sizeof(u16):
		return memcpy(&u16, bytes, width), u16;
	case sizeof(u32):
		return memcpy(&u32, bytes, width), u32;
	default:
		return memcpy(&u64, bytes, sizeof(u64)), u64;
	}
}

void word_to_bytes(uint64_t word, void *bytes, size_t width)
{
	uint8_t u8 = word;
	uint16_t u16 = word;
	uint32_t u32 = word;

	switch (width) {
	case sizeof(u8):
		memcpy(bytes, &u8, width);
		break;
	case sizeof(u16):
		memcpy(bytes, &u16, width);
		break;
	case sizeof(u32):
		memcpy(bytes, &u32, width);
		break;
	default:
		memcpy(bytes, &word, sizeof(word));
	}
}

int word_parse(const struct options *options, const char *what,
	       enum memrw_type type, const char *text, uint64_t *word)
{
	char bytes[sizeof(uint64_t)];

	errno = 0;
	if (memrw_value_parse(type, text, bytes, sizeof(bytes)) < 0)
		return report_usage(options->subcommand, errno == ERANGE ?
				    "%s '%s' does not fit %s" : "%s '%s' is not of type %s",
				    what, text, memrw_type_name(type));
	*word = word_from_bytes(bytes, memrw_type_size(type));
	return STATUS_DONE;
}

int word_check_address(const struct options *options, enum memrw_type type,
		       uint64_t address)
{
	if (address % memrw_type_size(type) == 0)
		return STATUS_DONE;
	return report_usage(options->subcommand,
			    "ADDRESS 0x%jx is not a multiple of %zu, the size of %s",
			    (uintmax_t)address, memrw_type_size(type), memrw_type_name(type));
}

static const char *format(enum memrw_type type, uint64_t word, char *text, size_t size)
{
	char bytes[sizeof(word)];

	word_to_bytes(word, bytes, memrw_type_size(type));
	return memrw_value_format(type, bytes, text, size) < 0 ? "?" : text;
}

void word_report_difference(enum memrw_type type, uint64_t address, uint64_t old,
			    uint64_t expected)
{
	char what[32], is[32], is_not[32];

	snprintf(what, sizeof(what), "0x%jx", (uintmax_t)address);
	report(what, "it is %s, not %s; nothing was written",
	       format(type, old, is, sizeof(is)),
	       format(type, expected, is_not, sizeof(is_not)));
}
