// SPDX-License-Identifier: GPL-2.0-only

#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "code_places.h"
#include "json.h"
#include "places.h"
#include "value_text.h"

/* Modules that were loaded meanwhile are looked for no more often than this. */
#define RELOAD_INTERVAL	SECOND

/*
 * struct code_places - @tree: of tsearch(3), of struct code_place by address
 * @modules: the regions of the target, as they were at @loaded
 */
struct code_places {
	struct memrw_target *target;
	struct places *modules;
	int64_t loaded;
	void *tree;
};

struct code_places *code_places_open(struct memrw_target *target)
{
	struct code_places *places = calloc(1, sizeof(*places));

	if (!places)
		return NULL;
	places->target = target;
	places->modules = places_open(target);
	places->loaded = clock_now();
	if (!places->modules) {
		free(places);
		return NULL;
	}
	return places;
}

static void free_place(void *data)
{
	struct code_place *place = data;

	free(place->module);
	free(place->symbol);
	free(place);
}

void code_places_close(struct code_places *places)
{
	if (!places)
		return;
	tdestroy(places->tree, free_place);
	places_close(places->modules);
	free(places);
}

/*
 * Finding
 */

static int compare(const void *a, const void *b)
{
	const struct code_place *first = a, *second = b;

	return (first->address > second->address) - (first->address < second->address);
}

static const char *find_module(struct code_places *places, uint64_t address, uint64_t *offset)
{
	const char *name = places_find(places->modules, address, offset);
	struct places *modules;

	if (name || clock_now() < places->loaded + RELOAD_INTERVAL)
		return name;
	places->loaded = clock_now();
	modules = places_open(places->target);
	/* Of a target that is gone, what it had serves on. */
	if (!modules)
		return NULL;
	places_close(places->modules);
	places->modules = modules;
	return places_find(modules, address, offset);
}

static struct code_place *look_up(struct code_places *places, uint64_t address, bool behind)
{
	struct code_place *place = calloc(1, sizeof(*place));
	const char *module;

	if (!place)
		return NULL;
	place->address = address;
	module = find_module(places, address, &place->offset);
	if (!module)
		return place;
	place->module = strdup(module);
	place->symbol = memrw_address_symbol(places->target, address - behind,
					     &place->symbol_start);
	return place;
}

const struct code_place *code_places_find(struct code_places *places, uint64_t address,
					  bool behind)
{
	const struct code_place key = { .address = address };
	struct code_place *place, **found = tfind(&key, &places->tree, compare);

	if (found)
		return *found;
	place = look_up(places, address, behind);
	if (!place || tsearch(place, &places->tree, compare))
		return place;
	free_place(place);
	return NULL;
}

/*
 * Showing
 */

void code_place_write(FILE *stream, const struct code_place *place)
{
	if (!place->module) {
		fprintf(stream, "0x%" PRIx64, place->address);
		return;
	}
	string_write(stream, place->module, strlen(place->module));
	fprintf(stream, "+0x%" PRIx64, place->offset);
}

void code_place_print(const struct code_place *place)
{
	code_place_write(stdout, place);
}

void code_place_write_symbol(FILE *stream, const struct code_place *place)
{
	if (!place->symbol)
		return;
	string_write(stream, place->symbol, strlen(place->symbol));
	fprintf(stream, "+0x%" PRIx64, place->address - place->symbol_start);
}

void code_place_print_symbol(const struct code_place *place)
{
	code_place_write_symbol(stdout, place);
}

json_t *code_place_json(const struct code_place *place)
{
	const char *module = place->module, *symbol = place->symbol;

	return json_pack("{s:o,s:o*,s:o*,s:o*,s:o*}", "ip", json_address(place->address),
			 "module", module ? json_text(module, strlen(module)) : NULL,
			 "offset", module ? json_address(place->offset) : NULL,
			 "symbol", symbol ? json_text(symbol, strlen(symbol)) : NULL,
			 "symbol_offset",
			 symbol ? json_address(place->address - place->symbol_start) : NULL);
}
