// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is looked for in much memory at once, without sending all of it: a pattern,
 * and a checksum.
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/param.h>

#include "gdb_search.h"
#include "gdb_session.h"

#define POLYNOMIAL	0x04c11db7U

/* Memory is looked at in pieces of this size. */
#define PIECE		(4 * GDB_PACKET_MAX)

uint32_t gdb_crc(uint32_t crc, const void *bytes, size_t length)
{
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < length; i++) {
		crc ^= (uint32_t)byte[i] << 24;
		for (int bit = 0; bit < 8; bit++)
			crc = crc << 1 ^ (crc >> 31 ? POLYNOMIAL : 0);
	}
	return crc;
}

void gdb_answer_crc(struct gdb_session *session, struct gdb_text text)
{
	uint32_t crc = GDB_CRC_BEGIN;
	uint64_t address, length;
	struct transfer transfer;
	char bytes[PIECE];
	size_t got;

	if (!gdb_text_numbers(&text, &address, &length) || !gdb_text_ended(&text)) {
		gdb_reply_error(&session->reply, EINVAL);
		return;
	}
	transfer = gdb_session_transfer(session, address, length);
	while ((got = transfer_read(&transfer, bytes, sizeof(bytes))) > 0)
		crc = gdb_crc(crc, bytes, got);
	if (transfer.error)
		gdb_reply_error(&session->reply, transfer.error);
	else
		gdb_reply_text(&session->reply, "C%" PRIx32, crc);
}

/*
 * struct search - one under way
 * @transfer: what is left to be looked at
 * @pattern: what is looked for
 * @length: of it
 * @kept: bytes of @bytes in which a match may have begun
 */
struct search {
	struct transfer transfer;
	char pattern[GDB_PACKET_MAX];
	size_t length;
	size_t kept;
	char bytes[PIECE];
};

/* Return: is there a match in what was read until now and one piece more? */
static bool find_in_piece(struct search *search, uint64_t *address)
{
	size_t got = transfer_read(&search->transfer, search->bytes + search->kept,
				   sizeof(search->bytes) - search->kept);
	size_t there = search->kept + got;
	const char *found = memmem(search->bytes, there, search->pattern, search->length);

	if (found) {
		*address = search->transfer.address - there + (uint64_t)(found - search->bytes);
		return true;
	}
	search->kept = MIN(there, search->length - 1);
	memmove(search->bytes, search->bytes + there - search->kept, search->kept);
	return false;
}

static void find(struct gdb_session *session, struct search *search)
{
	uint64_t address;
	bool found;

	do {
		found = find_in_piece(search, &address);
	} while (!found && search->transfer.remaining > 0 && !search->transfer.error);
	if (found)
		gdb_reply_text(&session->reply, "1,%" PRIx64, address);
	else if (search->transfer.error)
		gdb_reply_error(&session->reply, search->transfer.error);
	else
		gdb_reply_text(&session->reply, "0");
}

void gdb_answer_search(struct gdb_session *session, struct gdb_text text)
{
	uint64_t address, length;
	struct search search;
	ssize_t count = -1;

	if (gdb_text_number(&text, &address) && gdb_text_skip(&text, ";") &&
	    gdb_text_number(&text, &length) && gdb_text_skip(&text, ";"))
		count = gdb_text_binary(&text, search.pattern, sizeof(search.pattern));
	if (count <= 0) {
		gdb_reply_error(&session->reply, EINVAL);
		return;
	}
	search.transfer = gdb_session_transfer(session, address, length);
	search.length = (size_t)count;
	search.kept = 0;
	find(session, &search);
}
