// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>

#include "bytes.h"
#include "command.h"
#include "hexdump.h"
#include "json.h"
#include "output.h"
#include "show.h"

/* Bytes on their way through; whole lines of a hexdump. */
#define PIECE	(64 * 1024)

static int finish(const struct show *show, uint64_t done)
{
	const struct transfer *transfer = &show->transfer;

	if (!transfer->error)
		return STATUS_DONE;
	if (show->up_to && transfer->error == EIO && done > 0)
		return STATUS_DONE;
	transfer_report(transfer, false);
	return STATUS_FAILED;
}

int show_raw(struct show *show)
{
	static char buffer[PIECE];
	uint64_t start = show->transfer.address;
	size_t length;

	while ((length = transfer_read(&show->transfer, buffer, sizeof(buffer))) > 0) {
		if (output_write(buffer, length) < 0)
			return STATUS_FAILED;
	}
	return finish(show, show->transfer.address - start);
}

static int show_hexdump(struct show *show)
{
	static char buffer[PIECE];
	uint64_t start = show->transfer.address;
	struct hexdump dump;
	size_t length;

	hexdump_begin(&dump, start, show->transfer.remaining);
	while ((length = transfer_read(&show->transfer, buffer, sizeof(buffer))) > 0) {
		hexdump_add(&dump, buffer, length);
		if (output_flush() < 0)
			return STATUS_FAILED;
	}
	if (dump.address != start)
		hexdump_end(&dump);
	return finish(show, dump.address - start);
}

/* Return: 0, or -1 after a report. */
static int read_all(struct transfer *transfer, struct bytes *bytes)
{
	size_t length;

	do {
		char *end = bytes_reserve(bytes, PIECE);

		if (!end)
			return -1;
		length = transfer_read(transfer, end, PIECE);
		bytes->length += length;
	} while (length > 0);
	return 0;
}

static int print_json(struct show *show, uint64_t start, const struct bytes *bytes)
{
	json_t *root = show_json_begin(show);

	if (json_object_set_new(root, "address", json_address(start)) < 0 ||
	    json_object_set_new(root, "length", json_integer(bytes->length)) < 0 ||
	    json_object_set_new(root, "hex", json_hex(bytes->data, bytes->length)) < 0) {
		json_decref(root);
		root = NULL;
	}
	return show_json_end(show, root);
}

static int show_json(struct show *show)
{
	uint64_t start = show->transfer.address;
	struct bytes bytes = { 0 };
	int status = STATUS_DONE;

	if (read_all(&show->transfer, &bytes) < 0)
		status = STATUS_FAILED;
	else if (bytes.length > 0 || show->ranges)
		status = print_json(show, start, &bytes);
	if (status == STATUS_DONE)
		status = finish(show, bytes.length);
	bytes_clear(&bytes);
	return status;
}

int show_bytes(struct show *show)
{
	return show->json ? show_json(show) : show_hexdump(show);
}
