// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw write: change the memory of the target.
 *
 * All input is read and checked before the target is touched, and the range
 * is read before it is written: what fails, fails before the first byte where
 * that can be known.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "change.h"
#include "command.h"
#include "options.h"
#include "report.h"
#include "target.h"
#include "values.h"
#include "word.h"

static const char help[] =
	"Usage: memrw write [OPTIONS] -t TYPE TARGET ADDRESS VALUE...\n"
	"       memrw write [OPTIONS] -x HEX TARGET ADDRESS\n"
	"       memrw write [OPTIONS] -f FILE TARGET ADDRESS\n"
	"\n"
	"Write to TARGET's memory, and print what was there before.\n"
	"\n"
	HELP_TARGET
	HELP_ADDRESS
	"\n"
	"Options, before TARGET:\n"
	"  -t, --type=TYPE     i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr str;\n"
	"                        several VALUEs go one behind the other; of str there\n"
	"                        is one, and no NUL is put behind it\n"
	"  -x, --hex=HEX       bytes such as 'de ad be ef'\n"
	"  -f, --file=FILE     the bytes of a file, or of standard input (-)\n"
	"      --if-equal=OLD  write the one VALUE only if OLD is there, at once (needs\n"
	"                        the driver); else fail, and tell what is there\n"
	"  -q, --quiet         do not print what was there before\n"
	HELP_CHOICE
	HELP_VIA
	HELP_FORCE
	HELP_JSON
	HELP_HELP
	"\n"
	"See memrw-write(1).\n";

static const struct option long_options[] = {
	{ "type", required_argument, NULL, 't' },
	{ "hex", required_argument, NULL, 'x' },
	{ "file", required_argument, NULL, 'f' },
	{ "if-equal", required_argument, NULL, OPTION_IF_EQUAL },
	{ "quiet", no_argument, NULL, 'q' },
	OPTIONS_TARGET,
	OPTIONS_JSON,
	OPTIONS_HELP,
};

/* struct request - the command line; options that were not given are NULL */
struct request {
	struct options options;
	const char *type_name;
	const char *hex;
	const char *file;
	const char *if_equal;
	bool quiet;
	const char *target;
	const char *address;
	char **values;
	int value_count;
	enum memrw_type type;
	uint64_t expected;
};

/*
 * Command line
 */

static int parse_options(struct request *request, int argc, char **argv)
{
	int option;

	while ((option = options_next(&request->options, argc, argv)) != OPTIONS_END) {
		switch (option) {
		case 't':
			request->type_name = optarg;
			break;
		case 'x':
			request->hex = optarg;
			break;
		case 'f':
			request->file = optarg;
			break;
		case OPTION_IF_EQUAL:
			request->if_equal = optarg;
			break;
		case 'q':
			request->quiet = true;
			break;
		default:
			return OPTIONS_STOP;
		}
	}
	return OPTIONS_END;
}

static int check_source(const struct request *request)
{
	int sources = !!request->type_name + !!request->hex + !!request->file;

	if (sources != 1)
		return report_usage("write", sources ? "--type, --hex and --file exclude each other" :
				    "one of --type, --hex and --file is needed, before TARGET");
	return STATUS_DONE;
}

static int check_values(struct request *request)
{
	if (!request->type_name)
		return request->value_count ?
		       report_usage("write", "'%s' is one operand too many", request->values[0]) :
		       STATUS_DONE;
	if (memrw_type_parse(request->type_name, &request->type) < 0)
		return report_usage("write", "'%s' is not a type", request->type_name);
	return STATUS_DONE;
}

static int check_if_equal(struct request *request)
{
	if (!request->if_equal)
		return STATUS_DONE;
	if (!request->type_name || request->type == MEMRW_TYPE_STR)
		return report_usage("write", "--if-equal needs a --type of numbers");
	if (request->value_count > 1)
		return report_usage("write", "--if-equal goes with one VALUE");
	return word_parse(&request->options, "OLD", request->type, request->if_equal,
			  &request->expected);
}

static int parse_operands(struct request *request, int count, char **operands)
{
	int status = options_target(&request->options, &count, &operands,
				    &request->target);

	if (status)
		return status;
	if (count < 1)
		return report_usage("write", "no ADDRESS given");
	request->address = operands[0];
	request->values = operands + 1;
	request->value_count = count - 1;
	return STATUS_DONE;
}

static int parse(struct request *request, int argc, char **argv)
{
	int status;

	if (parse_options(request, argc, argv) == OPTIONS_STOP)
		return OPTIONS_STOP;
	status = parse_operands(request, argc - optind, argv + optind);
	if (!status)
		status = check_source(request);
	if (!status)
		status = check_values(request);
	if (!status)
		status = check_if_equal(request);
	request->options.status = status;
	return status ? OPTIONS_STOP : OPTIONS_END;
}

/*
 * The bytes to be written: each function returns 0, or the exit status after
 * a report.
 */

static int encode_hex(const char *text, struct bytes *bytes)
{
	size_t room = strlen(text) / 2;
	char *end = bytes_reserve(bytes, room + 1);
	ssize_t length;

	if (!end)
		return STATUS_FAILED;
	length = memrw_hex_parse(text, end, room);
	if (length <= 0)
		return report_usage("write", "'%s' is not pairs of hexadecimal digits", text);
	bytes->length = length;
	return STATUS_DONE;
}

static int read_descriptor(int fd, const char *name, struct bytes *bytes)
{
	ssize_t length;

	do {
		char *end = bytes_reserve(bytes, 64 * 1024);

		if (!end)
			return STATUS_FAILED;
		length = read(fd, end, 64 * 1024);
		if (length < 0) {
			report(name, "%s", strerror(errno));
			return STATUS_FAILED;
		}
		bytes->length += length;
	} while (length > 0);

	if (bytes->length == 0) {
		report(name, "it is empty: nothing to write");
		return STATUS_FAILED;
	}
	return STATUS_DONE;
}

static int read_file(const char *path, struct bytes *bytes)
{
	int fd, status;

	if (strcmp(path, "-") == 0)
		return read_descriptor(STDIN_FILENO, "standard input", bytes);

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		report(path, "%s", strerror(errno));
		return STATUS_FAILED;
	}
	status = read_descriptor(fd, path, bytes);
	close(fd);
	return status;
}

static int collect_bytes(const struct request *request, struct bytes *bytes)
{
	if (request->hex)
		return encode_hex(request->hex, bytes);
	if (request->file)
		return read_file(request->file, bytes);
	return values_encode(&request->options, request->type, request->value_count,
			     request->values, bytes);
}

static int make_change(const struct request *request, struct change *change)
{
	int status, shown = STATUS_DONE;

	status = target_address(&request->options, change->range.target,
				request->address, &change->range.address);
	if (!status && change->expected)
		status = word_check_address(&request->options, request->type,
					    change->range.address);
	if (status)
		return status;

	status = change_make(change);
	if (!request->quiet && change->written > 0)
		shown = change_show(change, request->options.json);
	change_report(change);
	return status ? status : shown;
}

static int write_bytes(struct request *request, const struct bytes *bytes)
{
	struct change change = {
		.range.flags = request->options.force ? MEMRW_FORCE : 0,
		.after = bytes->data,
		.length = bytes->length,
		.typed = request->type_name,
		.type = request->type,
	};
	char expected[sizeof(request->expected)];
	int status;

	if (request->if_equal) {
		word_to_bytes(request->expected, expected, bytes->length);
		change.expected = expected;
	}
	change.range.target = target_open(&request->options, request->target, 0);
	if (!change.range.target)
		return request->options.status;
	status = make_change(request, &change);
	free(change.before);
	memrw_target_close(change.range.target);
	return status;
}

int command_write(int argc, char **argv)
{
	struct request request = {
		.options = {
			.subcommand = "write",
			.help = help,
			/* Options end at TARGET: a VALUE may begin with "-". */
			.short_options = "+:t:x:f:qh",
			.long_options = long_options,
		},
	};
	struct bytes bytes = { 0 };
	int status;

	if (parse(&request, argc, argv) == OPTIONS_STOP)
		return request.options.status;
	status = collect_bytes(&request, &bytes);
	if (!status)
		status = write_bytes(&request, &bytes);
	bytes_clear(&bytes);
	return status;
}
