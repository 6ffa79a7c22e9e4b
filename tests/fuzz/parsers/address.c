// SPDX-License-Identifier: GPL-2.0-only
/* Addresses: expressions, and what names mean among regions of any name. */
#include "address_parse.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REGIONS	3

/* Two symbols, of the executable and of each module: any other name has none. */
static int find_symbol(void *data, const struct memrw_region *module, const char *name,
		       uint64_t *address)
{
	(void)data;
	if (!strcmp(name, "main")) {
		*address = module ? module->start + 1 : UINT64_MAX - 1;
		return 0;
	}
	errno = strcmp(name, "twice") ? ENOENT : ENOTUNIQ;
	return -1;
}

/* Half of all memory is pointers. */
static int read_pointer(void *data, uint64_t address, uint64_t *value)
{
	(void)data;
	*value = address * 3;
	errno = EIO;
	return address & 0x10 ? -1 : 0;
}

static void evaluate(const char *text, const struct memrw_region *regions)
{
	struct mrw_address_scope scope = {
		.regions = regions,
		.region_count = REGIONS,
		.symbol = find_symbol,
		.pointer = read_pointer,
	};
	struct mrw_message message = { .text = "" };
	uint64_t address;

	if (mrw_address_evaluate(text, &scope, &address, &message) == 0)
		return;
	require(message.text[0] && memchr(message.text, '\0', sizeof(message.text)));
	require(message.position <= strlen(text));
	require(errno == EINVAL || errno == ENOENT || errno == ENOTUNIQ ||
		errno == ERANGE || errno == EIO);
}

/* The text, and the names of regions, between NULs. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_cut(&data, &size), *names[REGIONS];
	struct memrw_region regions[REGIONS];

	for (int i = 0; i < REGIONS; i++) {
		names[i] = text_cut(&data, &size);
		regions[i] = (struct memrw_region){
			.start = 0x1000 * i,
			.inode = i % 2,
			.name = names[i],
		};
	}
	evaluate(text, regions);
	for (int i = 0; i < REGIONS; i++)
		free(names[i]);
	free(text);
	return 0;
}
