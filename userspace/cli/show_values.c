// SPDX-License-Identifier: GPL-2.0-only

#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "command.h"
#include "json.h"
#include "output.h"
#include "report.h"
#include "show.h"
#include "value_text.h"

/* Bytes on their way through; whole values of every type. */
#define PIECE		(64 * 1024)
/* Strings are short: do not reach far behind their ends. */
#define STRING_PIECE	256

/*
 * One list for values and strings: lines now, or JSON at the end.
 */
struct list {
	struct show *show;
	enum memrw_type type;
	uint64_t start;
	json_t *values;		/* NULL for lines */
};

static void list_begin(struct list *list, struct show *show, enum memrw_type type)
{
	*list = (struct list){
		.show = show,
		.type = type,
		.start = show->transfer.address,
		.values = show->json ? json_array() : NULL,
	};
}

static void list_add_value(struct list *list, uint64_t address, const void *value)
{
	if (list->values) {
		json_array_append_new(list->values, json_value(list->type, value));
		return;
	}
	printf("0x%jx\t", (uintmax_t)address);
	value_print(list->type, value);
	putchar('\n');
}

static void list_add_string(struct list *list, uint64_t address,
			    const struct bytes *string)
{
	if (list->values) {
		json_array_append_new(list->values,
				      json_text(string->data, string->length));
		return;
	}
	printf("0x%jx\t", (uintmax_t)address);
	string_print(string->data, string->length);
	putchar('\n');
}

static json_t *list_json(struct list *list)
{
	json_t *root = show_json_begin(list->show);

	json_incref(list->values);
	if (json_object_set_new(root, "address", json_address(list->start)) == 0 &&
	    json_object_set_new(root, "type",
				json_string(memrw_type_name(list->type))) == 0 &&
	    json_object_set_new(root, "values", list->values) == 0)
		return root;
	json_decref(root);
	return NULL;
}

static int list_end(struct list *list)
{
	int status = STATUS_DONE;

	if (json_array_size(list->values) > 0 || list->show->ranges)
		status = show_json_end(list->show, list_json(list));
	else if (output_flush() < 0)
		status = STATUS_FAILED;
	json_decref(list->values);
	return status;
}

/*
 * Values
 */

static void add_values(struct list *list, uint64_t address, const char *bytes,
		       size_t length)
{
	size_t size = memrw_type_size(list->type);

	for (size_t done = 0; length - done >= size; done += size)
		list_add_value(list, address + done, bytes + done);
}

int show_values(struct show *show, enum memrw_type type)
{
	static char buffer[PIECE];
	struct transfer *transfer = &show->transfer;
	struct list list;
	size_t length;
	int status;

	list_begin(&list, show, type);
	while ((length = transfer_read(transfer, buffer, sizeof(buffer))) > 0) {
		add_values(&list, transfer->address - length, buffer, length);
		if (output_flush() < 0)
			break;
	}
	status = list_end(&list);
	if (transfer->error) {
		transfer_report(transfer, false);
		status = STATUS_FAILED;
	}
	return status;
}

/*
 * Strings
 */

enum string_end {
	STRING_CLOSED,		/* by its NUL */
	STRING_CUT,		/* by the transfer's length */
	STRING_FAILED,		/* by an error of the transfer */
	STRING_NO_MEMORY,
};

static enum string_end read_string(struct transfer *transfer, struct bytes *string)
{
	for (;;) {
		char *piece = bytes_reserve(string, STRING_PIECE), *nul;
		size_t length;

		if (!piece)
			return STRING_NO_MEMORY;
		length = transfer_read(transfer, piece, STRING_PIECE);
		nul = memchr(piece, '\0', length);
		string->length += nul ? (size_t)(nul - piece) : length;
		if (nul)
			return STRING_CLOSED;
		if (transfer->error)
			return STRING_FAILED;
		if (transfer->remaining == 0)
			return STRING_CUT;
	}
}

static int finish_string(const struct transfer *transfer, enum string_end end,
			 bool open_end)
{
	char address[32];

	switch (end) {
	case STRING_CLOSED:
		return STATUS_DONE;
	case STRING_CUT:
		if (open_end)
			return STATUS_DONE;
		snprintf(address, sizeof(address), "0x%jx", (uintmax_t)transfer->address);
		report(address, "the string has no end so far: give a LENGTH");
		return STATUS_FAILED;
	case STRING_FAILED:
		transfer_report(transfer, false);
		return STATUS_FAILED;
	default:
		return STATUS_FAILED;
	}
}

/* One more string, and where the next one begins. */
static int add_string(struct list *list, uint64_t *address, bool open_end)
{
	struct transfer transfer = list->show->transfer;
	struct bytes string = { 0 };
	enum string_end end;

	transfer.address = *address;
	end = read_string(&transfer, &string);
	if (end != STRING_NO_MEMORY && (string.length > 0 || end != STRING_FAILED))
		list_add_string(list, *address, &string);
	*address += string.length + 1;
	bytes_clear(&string);
	if (end == STRING_FAILED)
		list->show->transfer = transfer;
	if (output_flush() < 0)
		return STATUS_FAILED;
	return finish_string(&transfer, end, open_end);
}

int show_strings(struct show *show, uint64_t count, bool open_end)
{
	uint64_t address = show->transfer.address;
	int status = STATUS_DONE, end_status;
	struct list list;

	list_begin(&list, show, MEMRW_TYPE_STR);
	while (count-- > 0 && status == STATUS_DONE)
		status = add_string(&list, &address, open_end);
	end_status = list_end(&list);
	return status ? status : end_status;
}
