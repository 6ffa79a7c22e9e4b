/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index of a dump, FILE.json: what of the target is where in FILE.
 */
#ifndef CLI_DUMP_INDEX_H
#define CLI_DUMP_INDEX_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "memrw.h"
#include "parts.h"

/** dump_index_path() - FILE.json; to be freed; NULL after a report */
char *dump_index_path(const char *path);

/**
 * dump_index_json() - the index of a dump
 * @stopped: the target was held still
 * @size: of FILE, bytes
 *
 * Return: an object, or NULL without memory.
 */
json_t *dump_index_json(const struct memrw_target *target, const struct parts *parts,
			bool stopped, uint64_t size);

/**
 * dump_index_parse() - and back
 * @root: the index
 * @size: of FILE, bytes
 * @parts: out; to be cleared in any case
 *
 * Return: NULL, or what is wrong with it.
 */
const char *dump_index_parse(const json_t *root, uint64_t size, struct parts *parts);

#endif /* CLI_DUMP_INDEX_H */
