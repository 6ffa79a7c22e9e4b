// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gdb_libraries.h"
#include "gdb_session.h"
#include "gdb_thread.h"

#define ANNEX_MAX	64

/* struct gdb_object - @write has it written to a stream, and returns 0, or an errno */
struct gdb_object {
	const char *name;
	int (*write)(struct gdb_session *session, const char *annex, FILE *out);
};

/* In what order of words, gdb knows by itself. */
static int write_auxv(struct gdb_session *session, const char *annex, FILE *out)
{
	char path[32], vector[4096];
	size_t length;
	FILE *file;

	if (annex[0] != '\0')
		return ENOENT;
	snprintf(path, sizeof(path), "/proc/%d/auxv", session->pid);
	file = fopen(path, "re");
	if (!file)
		return errno;
	length = fread(vector, 1, sizeof(vector), file);
	fclose(file);
	fwrite(vector, 1, length, out);
	return length > 0 ? 0 : ESRCH;
}

/* The annex is a process: there is one alone. */
static int write_exec_file(struct gdb_session *session, const char *annex, FILE *out)
{
	char path[32], name[PATH_MAX];
	ssize_t length;

	if (annex[0] != '\0' && strtoll(annex, NULL, 16) != session->pid)
		return ESRCH;
	snprintf(path, sizeof(path), "/proc/%d/exe", session->pid);
	length = readlink(path, name, sizeof(name));
	if (length < 0)
		return errno;
	fwrite(name, 1, (size_t)length, out);
	return 0;
}

/* No registers of its own: gdb has those of the machine. */
static int write_features(struct gdb_session *session, const char *annex, FILE *out)
{
	const char *architecture = gdb_registers_architecture(session->image.machine);

	if (strcmp(annex, "target.xml") != 0 || !architecture)
		return ENOENT;
	fprintf(out,
		"<?xml version=\"1.0\"?>\n"
		"<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
		"<target version=\"1.0\">\n"
		"<architecture>%s</architecture>\n"
		"<osabi>GNU/Linux</osabi>\n"
		"</target>\n", architecture);
	return 0;
}

static const struct gdb_object objects[] = {
	{ "auxv", write_auxv },
	{ "exec-file", write_exec_file },
	{ "features", write_features },
	{ "libraries-svr4", gdb_libraries_write },
	{ "threads", gdb_threads_write },
};

void gdb_xfer_clear(struct gdb_xfer *xfer)
{
	free(xfer->data);
	*xfer = (struct gdb_xfer){ 0 };
}

/* Return: 0, or an errno. */
static int fill(struct gdb_session *session, const struct gdb_object *object, const char *annex)
{
	struct gdb_xfer *xfer = &session->xfer;
	FILE *out;
	int error;

	gdb_xfer_clear(xfer);
	out = open_memstream(&xfer->data, &xfer->length);
	if (!out)
		return errno;
	error = object->write(session, annex, out);
	if (fclose(out) != 0 && !error)
		error = errno;
	xfer->object = object;
	return error;
}

/* "m" and "l" are for more to come and for the last piece. */
static void answer_piece(struct gdb_session *session, uint64_t offset, uint64_t length)
{
	const struct gdb_xfer *xfer = &session->xfer;
	size_t left, done;

	if (offset > xfer->length) {
		gdb_reply_error(&session->reply, EINVAL);
		return;
	}
	left = xfer->length - offset;
	gdb_reply_text(&session->reply, "l");
	done = gdb_reply_binary(&session->reply, xfer->data + offset, length < left ? length : left);
	if (done < left)
		session->reply.data[0] = 'm';
}

static const struct gdb_object *take_object(struct gdb_text *text)
{
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		struct gdb_text rest = *text;

		if (gdb_text_skip(&rest, objects[i].name) && gdb_text_skip(&rest, ":read:")) {
			*text = rest;
			return &objects[i];
		}
	}
	return NULL;
}

static bool take_annex(struct gdb_text *text, char annex[ANNEX_MAX])
{
	const char *end = memchr(text->next, ':', (size_t)(text->end - text->next));
	size_t length = end ? (size_t)(end - text->next) : ANNEX_MAX;

	if (length >= ANNEX_MAX)
		return false;
	memcpy(annex, text->next, length);
	annex[length] = '\0';
	text->next = end + 1;
	return true;
}

/* "OBJECT:read:ANNEX:OFFSET,LENGTH" */
void gdb_answer_xfer(struct gdb_session *session, struct gdb_text text)
{
	const struct gdb_object *object = take_object(&text);
	char annex[ANNEX_MAX];
	uint64_t offset, length;
	int error = 0;

	if (!object)
		return;
	if (!take_annex(&text, annex) || !gdb_text_numbers(&text, &offset, &length) ||
	    !gdb_text_ended(&text)) {
		gdb_reply_error(&session->reply, EINVAL);
		return;
	}
	if (offset == 0 || session->xfer.object != object)
		error = fill(session, object, annex);
	if (error)
		gdb_reply_error(&session->reply, error);
	else
		answer_piece(session, offset, length);
}
