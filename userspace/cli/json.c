// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "json.h"
#include "output.h"
#include "report.h"

json_t *json_address(uint64_t address)
{
	return json_sprintf("0x%jx", (uintmax_t)address);
}

json_t *json_hex(const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char *text = malloc(2 * length + 1);
	json_t *hex;

	if (!text)
		return NULL;
	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[from[i] >> 4];
		text[2 * i + 1] = digits[from[i] & 0xf];
	}
	hex = json_stringn_nocheck(text, 2 * length);
	free(text);
	return hex;
}

json_t *json_text(const char *text, size_t length)
{
	json_t *string = memchr(text, '\0', length) ? NULL :
						      json_stringn(text, length);

	return string ? string : json_pack("{s:o}", "hex", json_hex(text, length));
}

static json_t *json_formatted(enum memrw_type type, const void *value)
{
	char text[32];

	if (memrw_value_format(type, value, text, sizeof(text)) < 0)
		return NULL;
	return json_string(text);
}

static json_t *json_float(enum memrw_type type, const void *value, double number)
{
	return isfinite(number) ? json_real(number) : json_formatted(type, value);
}

/* The text of a whole number is the shortest way to any of the types. */
static json_t *json_whole(enum memrw_type type, const void *value)
{
	char text[32];
	long long number;

	if (memrw_value_format(type, value, text, sizeof(text)) < 0)
		return NULL;
	errno = 0;
	number = strtoll(text, NULL, 10);
	return errno == ERANGE ? json_string(text) : json_integer(number);
}

json_t *json_value(enum memrw_type type, const void *value)
{
	double number;
	float single;

	switch (type) {
	case MEMRW_TYPE_F32:
		memcpy(&single, value, sizeof(single));
		return json_float(type, value, single);
	case MEMRW_TYPE_F64:
		memcpy(&number, value, sizeof(number));
		return json_float(type, value, number);
	case MEMRW_TYPE_PTR:
		return json_formatted(type, value);
	default:
		return json_whole(type, value);
	}
}

json_t *json_target(const struct memrw_target *target)
{
	const char *comm = memrw_target_comm(target);

	return json_pack("{s:i,s:o,s:s}", "pid", (int)memrw_target_pid(target),
			 "comm", json_text(comm, strlen(comm)), "via",
			 memrw_backend_name(memrw_target_backend(target)));
}

int json_print(json_t *root)
{
	int status;

	if (!root) {
		report("JSON", "out of memory");
		return STATUS_FAILED;
	}
	status = json_dumpf(root, stdout, JSON_INDENT(2));
	json_decref(root);
	putchar('\n');
	return output_flush() < 0 || status < 0 ? STATUS_FAILED : STATUS_DONE;
}

int json_print_line(json_t *object)
{
	int result = object ? json_dumpf(object, stdout, JSON_COMPACT) : -1;

	json_decref(object);
	putchar('\n');
	return result;
}
