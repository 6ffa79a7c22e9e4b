// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address_parse.h"
#include "number.h"
#include "path.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

__attribute__((format(printf, 3, 4)))
static int fail(struct mrw_message *message, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message->text, sizeof(message->text), format, arguments);
	va_end(arguments);
	errno = error;
	return -1;
}

/*
 * Grammar
 */

/* "+OFFSET" behind the bracket; the name in it may have a "+" of its own. */
static int split_bracketed(const char *text, struct mrw_address_term *term,
			   struct mrw_message *message)
{
	const char *close = strrchr(text, ']');

	if (!close)
		return fail(message, EINVAL, "no closing bracket");

	*term = (struct mrw_address_term){
		.name = text,
		.name_length = close + 1 - text,
	};
	if (close[1] == '\0')
		return 0;
	if (close[1] != '+' || mrw_number_parse(close + 2, &term->offset) < 0)
		return fail(message, EINVAL,
			    "\"%s\" behind the bracket is not \"+\" and a number",
			    close + 1);
	return 0;
}

static int split_named(const char *text, struct mrw_address_term *term,
		       struct mrw_message *message)
{
	const char *plus = strrchr(text, '+');

	*term = (struct mrw_address_term){
		.name = text,
		.name_length = strlen(text),
	};
	if (!plus)
		return 0;
	if (plus == text)
		return fail(message, EINVAL, "nothing before the \"+\"");
	if (mrw_number_parse(plus + 1, &term->offset) == 0)
		term->name_length = plus - text;
	else if (errno == ERANGE)
		return fail(message, ERANGE, "the offset does not fit in 64 bits");
	return 0;
}

int mrw_address_split(const char *text, struct mrw_address_term *term,
			struct mrw_message *message)
{
	if (text[0] == '\0')
		return fail(message, EINVAL, "the address is empty");
	if (text[0] == '[')
		return split_bracketed(text, term, message);

	*term = (struct mrw_address_term){ .name = "" };
	if (mrw_number_parse(text, &term->offset) == 0)
		return 0;
	if (errno == ERANGE)
		return fail(message, ERANGE, "the number does not fit in 64 bits");
	return split_named(text, term, message);
}

/*
 * Meaning
 */

static bool is_region_name(const struct memrw_region *region, const char *name)
{
	return strcmp(region->name, name) == 0;
}

static bool is_path(const struct memrw_region *region, const char *name)
{
	size_t length = mrw_path_length(region->name);

	return region->name[0] == '/' && strlen(name) == length &&
	       memcmp(region->name, name, length) == 0;
}

static bool is_file_name(const struct memrw_region *region, const char *name)
{
	return region->name[0] == '/' &&
	       mrw_path_has_file_name(region->name, name);
}

static bool same_file(const struct memrw_region *a, const struct memrw_region *b)
{
	return a->inode == b->inode && a->device_major == b->device_major &&
	       a->device_minor == b->device_minor;
}

static int ambiguous_module(const struct memrw_region *one,
			    const struct memrw_region *other, const char *name,
			    struct mrw_message *message)
{
	return fail(message, ENOTUNIQ,
		    "several modules are called \"%s\", among them %s at 0x%jx and %s at 0x%jx: give the path or the number",
		    name, one->name, (uintmax_t)one->start, other->name,
		    (uintmax_t)other->start);
}

/* The ways to name a module, the most exact first. */
static bool (*const module_matches[])(const struct memrw_region *, const char *) = {
	is_region_name,
	is_path,
	is_file_name,
};

/* Return: 1 found, 0 no such module, -1 with errno. */
static int find_module_as(size_t way, const char *name,
			  const struct mrw_address_scope *scope,
			  uint64_t *address, struct mrw_message *message)
{
	const struct memrw_region *found = NULL;

	for (size_t i = 0; i < scope->region_count; i++) {
		const struct memrw_region *region = &scope->regions[i];

		if (!module_matches[way](region, name))
			continue;
		if (!found)
			found = region;
		else if (!same_file(found, region))
			return ambiguous_module(found, region, name, message);
	}
	if (found)
		*address = found->start;
	return found != NULL;
}

static int find_module(const char *name, const struct mrw_address_scope *scope,
		       uint64_t *address, struct mrw_message *message)
{
	int found = 0;

	for (size_t way = 0; way < ARRAY_SIZE(module_matches) && !found; way++)
		found = find_module_as(way, name, scope, address, message);
	return found;
}

static bool could_be_symbol(const char *name)
{
	return name[0] != '[' && !strchr(name, '/');
}

static int no_such_name(const char *name, int symbol_error,
			struct mrw_message *message)
{
	if (!could_be_symbol(name))
		return fail(message, ENOENT, "no region is called \"%s\"", name);
	if (symbol_error == ENOENT)
		return fail(message, ENOENT,
			    "no module or symbol is called \"%s\"", name);
	return fail(message, symbol_error,
		    "no module is called \"%s\", and the symbols of the executable cannot be read: %s",
		    name, strerror(symbol_error));
}

/*
 * A symbol is preferred to a module of the same name, which its path can
 * still name; there is no other way to name the symbol.
 */
static int find_name(const char *name, const struct mrw_address_scope *scope,
		     uint64_t *address, struct mrw_message *message)
{
	int symbol_error = ENOENT;
	int found;

	if (mrw_number_parse(name, address) == 0)
		return 0;
	if (could_be_symbol(name)) {
		if (scope->symbol(scope->data, name, address) == 0)
			return 0;
		symbol_error = errno;
	}
	if (symbol_error == ENOTUNIQ)
		return fail(message, ENOTUNIQ,
			    "several symbols are called \"%s\": give the number", name);

	found = find_module(name, scope, address, message);
	if (found < 0)
		return -1;
	return found ? 0 : no_such_name(name, symbol_error, message);
}

int mrw_address_look_up(const struct mrw_address_term *term,
			  const struct mrw_address_scope *scope,
			  uint64_t *address, struct mrw_message *message)
{
	uint64_t base = 0;
	char *name;
	int status;

	if (term->name_length > 0) {
		name = strndup(term->name, term->name_length);
		if (!name)
			return fail(message, ENOMEM, "out of memory");
		status = find_name(name, scope, &base, message);
		free(name);
		if (status < 0)
			return -1;
	}
	if (__builtin_add_overflow(base, term->offset, address))
		return fail(message, ERANGE, "the sum does not fit in 64 bits");
	return 0;
}
