// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address_name.h"
#include "path.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

int mrw_message_fail(struct mrw_message *message, int error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message->text, sizeof(message->text), format, arguments);
	va_end(arguments);
	errno = error;
	return -1;
}

/*
 * Modules
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
	return mrw_message_fail(message, ENOTUNIQ,
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

static int find_module_as(size_t way, const char *name,
			  const struct mrw_address_scope *scope,
			  const struct memrw_region **module,
			  struct mrw_message *message)
{
	for (size_t i = 0; i < scope->region_count; i++) {
		const struct memrw_region *region = &scope->regions[i];

		if (!module_matches[way](region, name))
			continue;
		if (!*module)
			*module = region;
		else if (!same_file(*module, region))
			return ambiguous_module(*module, region, name, message);
	}
	return 0;
}

int mrw_module_find(const char *name, const struct mrw_address_scope *scope,
		    const struct memrw_region **module, struct mrw_message *message)
{
	int status = 0;

	*module = NULL;
	if (name[0] == '\0')
		return 0;
	for (size_t way = 0; way < ARRAY_SIZE(module_matches) && !*module && !status; way++)
		status = find_module_as(way, name, scope, module, message);
	return status;
}

const struct memrw_region *mrw_region_by_name(const struct mrw_address_scope *scope,
					      const char *name)
{
	for (size_t i = 0; i < scope->region_count; i++) {
		if (is_region_name(&scope->regions[i], name))
			return &scope->regions[i];
	}
	return NULL;
}

/*
 * Symbols
 */

static int symbol_error(const char *module, const char *symbol, int error,
			struct mrw_message *message)
{
	if (error == ENOENT)
		return mrw_message_fail(message, ENOENT,
					"the module \"%s\" has no symbol \"%s\"",
					module, symbol);
	if (error == ENOTUNIQ)
		return mrw_message_fail(message, ENOTUNIQ,
					"several symbols of \"%s\" are called \"%s\": give the number",
					module, symbol);
	return mrw_message_fail(message, error, "the symbols of \"%s\" cannot be read: %s",
				module, strerror(error));
}

int mrw_symbol_look_up(const char *module, const char *symbol,
		       const struct mrw_address_scope *scope, uint64_t *address,
		       struct mrw_message *message)
{
	const struct memrw_region *region;

	if (mrw_module_find(module, scope, &region, message) < 0)
		return -1;
	if (!region)
		return mrw_message_fail(message, ENOENT, "no module is called \"%s\"",
					module);
	if (scope->symbol(scope->data, region, symbol, address) == 0)
		return 0;
	return symbol_error(module, symbol, errno, message);
}

/* "MODULE:SYMBOL": both may have a colon of their own, a module the likelier. */
static int look_up_pair(const char *name, const char *colon,
			const struct mrw_address_scope *scope, uint64_t *address,
			struct mrw_message *message)
{
	char *module = strndup(name, colon - name);
	int status;

	if (!module)
		return mrw_message_fail(message, ENOMEM, "out of memory");
	status = mrw_symbol_look_up(module, colon + 1, scope, address, message);
	free(module);
	return status;
}

/*
 * Both
 */

static bool could_be_symbol(const char *name)
{
	return name[0] != '[' && !strchr(name, '/');
}

static int no_such_name(const char *name, int error, struct mrw_message *message)
{
	if (!could_be_symbol(name))
		return mrw_message_fail(message, ENOENT, "no region is called \"%s\"",
					name);
	if (error == ENOENT)
		return mrw_message_fail(message, ENOENT,
					"no module or symbol is called \"%s\"", name);
	return mrw_message_fail(message, error,
				"no module is called \"%s\", and the symbols of the executable cannot be read: %s",
				name, strerror(error));
}

static int look_up_module(const char *name, const struct mrw_address_scope *scope,
			  uint64_t *address, int error, struct mrw_message *message)
{
	const char *colon = strrchr(name, ':');
	const struct memrw_region *module;

	if (mrw_module_find(name, scope, &module, message) < 0)
		return -1;
	if (module) {
		*address = module->start;
		return 0;
	}
	if (colon && colon > name && colon[1] != '\0')
		return look_up_pair(name, colon, scope, address, message);
	return no_such_name(name, error, message);
}

int mrw_name_look_up(const char *name, const struct mrw_address_scope *scope,
		     uint64_t *address, struct mrw_message *message)
{
	int error = ENOENT;

	if (could_be_symbol(name)) {
		if (scope->symbol(scope->data, NULL, name, address) == 0)
			return 0;
		error = errno;
	}
	if (error == ENOTUNIQ)
		return mrw_message_fail(message, ENOTUNIQ,
					"several symbols are called \"%s\": give the number",
					name);
	return look_up_module(name, scope, address, error, message);
}
