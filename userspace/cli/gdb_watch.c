// SPDX-License-Identifier: GPL-2.0-only

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gdb_session.h"
#include "watch_open.h"

/* How many hits are taken at once. */
#define HITS		64

#define PIECE_MAX	8

static size_t piece_at(uint64_t address, uint64_t length)
{
	size_t size = PIECE_MAX;

	while (size > length || address % size != 0)
		size /= 2;
	return size;
}

size_t gdb_watch_split(uint64_t address, uint64_t length,
		       struct gdb_piece pieces[GDB_WATCH_PIECES])
{
	size_t count = 0;

	while (length > 0) {
		size_t size = piece_at(address, length);

		if (count == GDB_WATCH_PIECES)
			return 0;
		pieces[count++] = (struct gdb_piece){ address, size };
		address += size;
		length -= size;
	}
	return count;
}

/*
 * Setting and ending
 */

static void clear(struct gdb_watch *watch)
{
	for (size_t i = 0; i < watch->count; i++)
		memrw_watch_close(watch->watches[i]);
	*watch = (struct gdb_watch){ 0 };
}

void gdb_watches_clear(struct gdb_watches *watches)
{
	for (size_t i = 0; i < GDB_WATCHES; i++)
		clear(&watches->items[i]);
}

/* Return: 0, or an errno. */
static int open_pieces(struct gdb_session *session, struct gdb_watch *watch,
		       enum memrw_watch_kind kind)
{
	static const struct memrw_watch_filter all;
	size_t count = gdb_watch_split(watch->address, watch->length, watch->pieces);

	for (; watch->count < count; watch->count++) {
		const struct gdb_piece *piece = &watch->pieces[watch->count];

		watch->watches[watch->count] = watch_open(session->target, piece->address,
							  piece->length, kind, &all);
		if (!watch->watches[watch->count])
			return errno ? errno : EIO;
	}
	return count > 0 ? 0 : ENOSPC;
}

static struct gdb_watch *find(struct gdb_watches *watches, const struct gdb_watch *wanted)
{
	for (size_t i = 0; i < GDB_WATCHES; i++) {
		struct gdb_watch *watch = &watches->items[i];

		if (watch->name && watch->type == wanted->type &&
		    watch->address == wanted->address && watch->length == wanted->length)
			return watch;
	}
	return NULL;
}

static struct gdb_watch *find_free(struct gdb_watches *watches)
{
	for (size_t i = 0; i < GDB_WATCHES; i++) {
		if (!watches->items[i].name)
			return &watches->items[i];
	}
	return NULL;
}

static void add(struct gdb_session *session, const struct gdb_watch *wanted,
		enum memrw_watch_kind kind)
{
	struct gdb_watch *watch = find_free(&session->watches);
	int error = ENOSPC;

	if (watch) {
		*watch = *wanted;
		error = open_pieces(session, watch, kind);
	}
	if (watch && error)
		clear(watch);
	if (error)
		gdb_reply_error(&session->reply, error);
	else
		gdb_reply_text(&session->reply, "OK");
}

/* "TYPE,ADDRESS,LENGTH"; conditions and commands, behind a ";", were not offered. */
static bool parse(struct gdb_text *text, struct gdb_watch *watch)
{
	*watch = (struct gdb_watch){ 0 };
	if (gdb_text_ended(text))
		return false;
	watch->type = *text->next++;
	return gdb_text_skip(text, ",") &&
	       gdb_text_numbers(text, &watch->address, &watch->length) && gdb_text_ended(text);
}

/*
 * Where the dynamic linker comes by when it has changed its list of libraries: gdb
 * always has a breakpoint there, goes on without being told, and reads the list anew
 * when it shows it.
 */
static bool is_linkers(struct gdb_session *session, uint64_t address)
{
	uint64_t start = 0;
	char *name = memrw_address_symbol(session->target, address, &start);
	bool found = name && start == address && strstr(name, "_dl_debug_state");

	free(name);
	return found;
}

/*
 * Refused and not unknown: gdb would write instructions into the target, which has no
 * debugger to come to.
 */
static void answer_breakpoint(struct gdb_session *session, uint64_t address)
{
	if (is_linkers(session, address))
		gdb_reply_text(&session->reply, "OK");
	else
		gdb_reply_refuse(&session->reply, "the target is never stopped: no breakpoints");
}

/*
 * Watches of loads alone are unknown: no processor that is known has them, and gdb
 * makes them of those of all accesses.
 */
void gdb_answer_watch(struct gdb_session *session, struct gdb_text text)
{
	struct gdb_watch watch;

	if (!parse(&text, &watch)) {
		gdb_reply_error(&session->reply, EINVAL);
		return;
	}
	if (watch.type == '0' || watch.type == '1')
		answer_breakpoint(session, watch.address);
	if (watch.type != '2' && watch.type != '4')
		return;
	watch.name = watch.type == '2' ? "watch" : "awatch";
	/* gdb there steps over the access, which has not been made when it is told. */
	if (session->image.machine == EM_AARCH64)
		gdb_reply_refuse(&session->reply, "on arm64, watchpoints need steps");
	else if (find(&session->watches, &watch))
		gdb_reply_text(&session->reply, "OK");
	else
		add(session, &watch, watch.type == '2' ? MEMRW_WATCH_WRITE : MEMRW_WATCH_READ_WRITE);
}

void gdb_answer_unwatch(struct gdb_session *session, struct gdb_text text)
{
	struct gdb_watch watch, *found;

	if (!parse(&text, &watch)) {
		gdb_reply_error(&session->reply, EINVAL);
		return;
	}
	/* As it was set: not at all. */
	if (watch.type == '3')
		return;
	found = find(&session->watches, &watch);
	if (found)
		clear(found);
	if (found || (watch.type == '0' && is_linkers(session, watch.address)))
		gdb_reply_text(&session->reply, "OK");
	else
		gdb_reply_error(&session->reply, ENOENT);
}

/*
 * Hits
 */

/* The last one there is.  Return: is there one? */
static bool take(struct memrw_watch *watch, struct memrw_hit *last)
{
	struct memrw_hit hits[HITS];
	ssize_t count = memrw_watch_read(watch, hits, HITS, 0);

	if (count <= 0)
		return false;
	*last = hits[count - 1];
	return true;
}

bool gdb_watches_take(struct gdb_watches *watches, struct gdb_watch_stop *stop)
{
	struct memrw_hit hit;
	bool found = false;

	for (size_t i = 0; i < GDB_WATCHES; i++) {
		const struct gdb_watch *watch = &watches->items[i];

		for (size_t j = 0; j < watch->count; j++) {
			if (!take(watch->watches[j], &hit) ||
			    (found && hit.time < stop->hit.time))
				continue;
			*stop = (struct gdb_watch_stop){ watch->name, watch->pieces[j].address, hit };
			found = true;
		}
	}
	return found;
}

size_t gdb_watches_poll(const struct gdb_watches *watches, struct pollfd polls[GDB_WATCH_POLLS])
{
	size_t count = 0;

	for (size_t i = 0; i < GDB_WATCHES; i++) {
		const struct gdb_watch *watch = &watches->items[i];

		for (size_t j = 0; j < watch->count; j++)
			polls[count++] = (struct pollfd){
				.fd = memrw_watch_fd(watch->watches[j]),
				.events = POLLIN,
			};
	}
	return count;
}
