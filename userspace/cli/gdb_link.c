// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "gdb_link.h"

static void write_all(struct gdb_link *link, const char *bytes, size_t length)
{
	while (length > 0 && !link->closed) {
		ssize_t written = write(link->out, bytes, length);

		if (written < 0 && errno != EINTR) {
			link->closed = true;
		} else if (written > 0) {
			bytes += written;
			length -= (size_t)written;
		}
	}
}

void gdb_link_send(struct gdb_link *link, const char *data, size_t length)
{
	link->frame_length = gdb_packet_frame(link->frame, data, length);
	write_all(link, link->frame, link->frame_length);
}

/*
 * Receiving
 */

static bool is_readable(const struct gdb_link *link)
{
	struct pollfd wait = { .fd = link->in, .events = POLLIN };

	return poll(&wait, 1, 0) > 0;
}

static void fill(struct gdb_link *link)
{
	ssize_t got = read(link->in, link->bytes, sizeof(link->bytes));

	link->next = 0;
	link->count = got > 0 ? (size_t)got : 0;
	if (got == 0 || (got < 0 && errno != EINTR))
		link->closed = true;
}

static void acknowledge(struct gdb_link *link, const char *mark)
{
	if (!link->trusted)
		write_all(link, mark, 1);
}

/* Return: is it for the caller to know? */
static bool settle(struct gdb_link *link, enum gdb_event event)
{
	switch (event) {
	case GDB_EVENT_NONE:
	case GDB_EVENT_ACK:
		return false;
	case GDB_EVENT_NACK:
		if (!link->trusted)
			write_all(link, link->frame, link->frame_length);
		return false;
	case GDB_EVENT_NOISE:
		link->closed = link->strict;
		return false;
	case GDB_EVENT_DAMAGED:
		acknowledge(link, "-");
		return false;
	case GDB_EVENT_PACKET:
	case GDB_EVENT_TOO_LONG:
		acknowledge(link, "+");
		return true;
	default:
		return true;
	}
}

/* Of what was read until now. */
static enum gdb_event take(struct gdb_link *link)
{
	while (link->next < link->count && !link->closed) {
		enum gdb_event event = gdb_parser_take(&link->parser, link->bytes[link->next++]);

		if (settle(link, event))
			return event;
	}
	return GDB_EVENT_NONE;
}

enum gdb_event gdb_link_wait(struct gdb_link *link)
{
	enum gdb_event event = take(link);

	while (event == GDB_EVENT_NONE && !link->closed) {
		fill(link);
		event = take(link);
	}
	return event == GDB_EVENT_NONE ? GDB_EVENT_CLOSED : event;
}

enum gdb_event gdb_link_look(struct gdb_link *link)
{
	enum gdb_event event = take(link);

	while (event == GDB_EVENT_NONE && !link->closed && is_readable(link)) {
		fill(link);
		event = take(link);
	}
	return event == GDB_EVENT_NONE && link->closed ? GDB_EVENT_CLOSED : event;
}
