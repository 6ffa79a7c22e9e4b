// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <string.h>

#include "command.h"
#include "report.h"
#include "values.h"

static int encode(const struct options *options, enum memrw_type type, const char *text,
		  struct bytes *bytes)
{
	size_t room = strlen(text) + sizeof(uint64_t);
	char *end = bytes_reserve(bytes, room);
	ssize_t length;

	if (!end)
		return STATUS_FAILED;
	length = memrw_value_parse(type, text, end, room);
	if (length < 0)
		return report_usage(options->subcommand, errno == ERANGE ?
				    "VALUE '%s' does not fit %s" :
				    "VALUE '%s' is not of type %s",
				    text, memrw_type_name(type));
	bytes->length += length;
	return STATUS_DONE;
}

int values_encode(const struct options *options, enum memrw_type type, int count,
		  char **values, struct bytes *bytes)
{
	int status = STATUS_DONE;

	if (count == 0)
		return report_usage(options->subcommand, "no VALUE given");
	if (type == MEMRW_TYPE_STR && count > 1)
		return report_usage(options->subcommand,
				    "more than one VALUE of type str given");
	for (int i = 0; i < count && !status; i++)
		status = encode(options, type, values[i], bytes);
	if (!status && bytes->length == 0)
		return report_usage(options->subcommand, "VALUE is empty");
	return status;
}
