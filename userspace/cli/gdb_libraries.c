// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dynamic linker keeps a list of what it has loaded, a struct link_map each, for
 * debuggers: the executable's DT_DEBUG leads to it.  The target may be changing it
 * just now: what does not hold together is read again.
 */

#include <elf.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "gdb_libraries.h"
#include "gdb_session.h"
#include "xml_text.h"

/* More entries than that are a circle, or no list at all. */
#define LIBRARIES_MAX	65536
#define ENTRIES_MAX	4096
#define NAMESPACES_MAX	64

#define TRIES		5

/* The words of the structs, which are alike for both classes of ELF. */
enum { DEBUG_VERSION, DEBUG_MAP, DEBUG_STATE = 3, DEBUG_WORDS = 5 };
enum { MAP_BIAS, MAP_NAME, MAP_DYNAMIC, MAP_NEXT, MAP_WORDS };
enum { ENTRY_TAG, ENTRY_VALUE, ENTRY_WORDS };

static bool is_64bit(const struct gdb_session *session)
{
	return session->image.class == ELFCLASS64;
}

static bool read_all(const struct gdb_session *session, uint64_t address, void *buffer,
		     size_t length)
{
	return memrw_target_read(session->target, address, buffer, length, session->flags) ==
	       (ssize_t)length;
}

/* Addresses, of the target's size. */
static bool read_words(const struct gdb_session *session, uint64_t address, uint64_t *words,
		       size_t count)
{
	uint32_t narrow[DEBUG_WORDS] = { 0 };

	if (is_64bit(session))
		return read_all(session, address, words, count * sizeof(*words));
	if (!read_all(session, address, narrow, count * sizeof(*narrow)))
		return false;
	for (size_t i = 0; i < count; i++)
		words[i] = narrow[i];
	return true;
}

static size_t word_size(const struct gdb_session *session)
{
	return is_64bit(session) ? sizeof(uint64_t) : sizeof(uint32_t);
}

/*
 * From the auxiliary vector to the list
 */

/* struct program - its headers, as the kernel has told it */
struct program {
	uint64_t headers;
	uint64_t header_count;
};

/* A 64-bit kernel shows the vector of a 32-bit process in 32-bit words. */
static bool read_auxv(const struct gdb_session *session, struct program *program)
{
	uint64_t entry[ENTRY_WORDS] = { 0 };
	uint32_t narrow[ENTRY_WORDS] = { 0 };
	size_t size = 2 * word_size(session);
	char path[32];
	FILE *file;

	*program = (struct program){ 0 };
	snprintf(path, sizeof(path), "/proc/%d/auxv", session->pid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (fread(is_64bit(session) ? (void *)entry : narrow, size, 1, file) == 1) {
		if (!is_64bit(session)) {
			entry[ENTRY_TAG] = narrow[ENTRY_TAG];
			entry[ENTRY_VALUE] = narrow[ENTRY_VALUE];
		}
		if (entry[ENTRY_TAG] == AT_PHDR)
			program->headers = entry[ENTRY_VALUE];
		if (entry[ENTRY_TAG] == AT_PHNUM)
			program->header_count = entry[ENTRY_VALUE];
	}
	fclose(file);
	return program->headers;
}

static bool read_header(const struct gdb_session *session, uint64_t address, Elf64_Phdr *header)
{
	Elf32_Phdr narrow;

	if (is_64bit(session))
		return read_all(session, address, header, sizeof(*header));
	if (!read_all(session, address, &narrow, sizeof(narrow)))
		return false;
	header->p_type = narrow.p_type;
	header->p_vaddr = narrow.p_vaddr;
	return true;
}

/* Return: the address of the program's dynamic section; 0 if there is none. */
static uint64_t find_dynamic(const struct gdb_session *session, const struct program *program)
{
	size_t size = is_64bit(session) ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	uint64_t bias = 0, dynamic = 0;
	Elf64_Phdr header;

	for (uint64_t i = 0; i < program->header_count && i < ENTRIES_MAX; i++) {
		if (!read_header(session, program->headers + i * size, &header))
			return 0;
		if (header.p_type == PT_PHDR)
			bias = program->headers - header.p_vaddr;
		if (header.p_type == PT_DYNAMIC)
			dynamic = header.p_vaddr;
	}
	return dynamic ? dynamic + bias : 0;
}

/* Return: the address of the linker's struct r_debug; 0 if there is none so far. */
static uint64_t find_debug(const struct gdb_session *session)
{
	uint64_t entry[ENTRY_WORDS], address;
	struct program program;

	if (!read_auxv(session, &program))
		return 0;
	address = find_dynamic(session, &program);
	for (int i = 0; address && i < ENTRIES_MAX; i++) {
		if (!read_words(session, address, entry, ENTRY_WORDS) || entry[ENTRY_TAG] == DT_NULL)
			return 0;
		if (entry[ENTRY_TAG] == DT_DEBUG)
			return entry[ENTRY_VALUE];
		address += ENTRY_WORDS * word_size(session);
	}
	return 0;
}

/*
 * The list
 */

/* struct library - an entry, at an address, and what is in it */
struct library {
	uint64_t namespace;
	uint64_t address;
	uint64_t map[MAP_WORDS];
};

/* Up to the NUL, which may be the last byte that can be read. */
static bool read_name(const struct gdb_session *session, uint64_t address, char name[PATH_MAX])
{
	ssize_t got = memrw_target_read(session->target, address, name, PATH_MAX, session->flags);

	return got > 0 && memchr(name, '\0', (size_t)got);
}

static bool write_library(const struct gdb_session *session, const struct library *library,
			  FILE *out)
{
	const uint64_t *map = library->map;
	char name[PATH_MAX];

	if (!read_name(session, map[MAP_NAME], name))
		return false;
	/* Without one, there is no file for the client to look into. */
	if (name[0] == '\0')
		return true;
	fputs("<library name=\"", out);
	xml_write(out, name, strlen(name));
	fprintf(out,
		"\" lm=\"0x%" PRIx64 "\" l_addr=\"0x%" PRIx64 "\" l_ld=\"0x%" PRIx64
		"\" lmid=\"0x%" PRIx64 "\"/>\n",
		library->address, map[MAP_BIAS], map[MAP_DYNAMIC], library->namespace);
	return true;
}

/* Return: is it a whole list?  @program: that one is no library. */
static bool write_list(const struct gdb_session *session, uint64_t namespace, uint64_t first,
		       uint64_t program, FILE *out)
{
	struct library library = { .namespace = namespace, .address = first };

	for (int i = 0; library.address && i < LIBRARIES_MAX; i++) {
		if (!read_words(session, library.address, library.map, MAP_WORDS))
			return false;
		if (library.address != program && !write_library(session, &library, out))
			return false;
		library.address = library.map[MAP_NEXT];
	}
	return library.address == 0;
}

/* Return: the next namespace that dlmopen(3) has made; 0 if there is none. */
static uint64_t next_namespace(const struct gdb_session *session, uint64_t address,
			       const uint64_t *debug)
{
	uint64_t next;

	/* Before that version, there is nothing behind the struct. */
	if ((uint32_t)debug[DEBUG_VERSION] < 2 ||
	    !read_words(session, address + DEBUG_WORDS * word_size(session), &next, 1))
		return 0;
	return next;
}

/* Return: are they whole, and was the linker not at work on them? */
static bool write_lists(const struct gdb_session *session, uint64_t address, FILE *out)
{
	uint64_t debug[DEBUG_WORDS], again[DEBUG_WORDS], program = 0;

	for (int i = 0; address && i < NAMESPACES_MAX; i++) {
		if (!read_words(session, address, debug, DEBUG_WORDS))
			return false;
		if (i == 0) {
			program = debug[DEBUG_MAP];
			fprintf(out, " main-lm=\"0x%" PRIx64 "\"", program);
		}
		fputs(i ? "" : ">\n", out);
		if (!write_list(session, address, debug[DEBUG_MAP], program, out) ||
		    !read_words(session, address, again, DEBUG_WORDS) ||
		    (uint32_t)again[DEBUG_STATE] != RT_CONSISTENT ||
		    memcmp(debug, again, sizeof(debug)) != 0)
			return false;
		address = next_namespace(session, address, debug);
	}
	return true;
}

static bool write_document(const struct gdb_session *session, uint64_t address, FILE *out)
{
	bool whole = true;

	rewind(out);
	fputs("<?xml version=\"1.0\"?>\n<library-list-svr4 version=\"1.0\"", out);
	if (address)
		whole = write_lists(session, address, out);
	else
		fputs(">\n", out);
	fputs("</library-list-svr4>\n", out);
	return whole;
}

int gdb_libraries_write(struct gdb_session *session, const char *annex, FILE *out)
{
	uint64_t address = find_debug(session);

	if (annex[0] != '\0' || session->image.machine == 0)
		return ENOENT;
	for (int i = 0; i < TRIES; i++) {
		if (write_document(session, address, out))
			return 0;
	}
	return EIO;
}
