// SPDX-License-Identifier: GPL-2.0-only
/* Addresses: the grammar, and what names mean among regions of any name. */
#include "address_parse.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REGIONS	3

/* Two symbols: any other name has none. */
static int find_symbol(void *data, const char *name, uint64_t *address)
{
	(void)data;
	if (!strcmp(name, "main")) {
		*address = UINT64_MAX - 1;
		return 0;
	}
	errno = strcmp(name, "twice") ? ENOENT : ENOTUNIQ;
	return -1;
}

static void check_term(const char *text, const struct mrw_address_term *term)
{
	if (term->name_length)
		require(term->name >= text && term->name + term->name_length <= text + strlen(text));
}

static void look_up(const struct mrw_address_term *term, const struct memrw_region *regions)
{
	struct mrw_address_scope scope = {
		.regions = regions,
		.region_count = REGIONS,
		.symbol = find_symbol,
	};
	struct mrw_message message = { "" };
	uint64_t address;

	if (mrw_address_look_up(term, &scope, &address, &message) < 0) {
		require(message.text[0] && memchr(message.text, '\0', sizeof(message.text)));
		require(errno == ENOENT || errno == ENOTUNIQ || errno == ERANGE);
	}
}

/* The text, and the names of regions, between NULs. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_cut(&data, &size), *names[REGIONS];
	struct memrw_region regions[REGIONS];
	struct mrw_message message = { "" };
	struct mrw_address_term term;

	for (int i = 0; i < REGIONS; i++) {
		names[i] = text_cut(&data, &size);
		regions[i] = (struct memrw_region){
			.start = 0x1000 * i,
			.inode = i % 2,
			.name = names[i],
		};
	}
	if (mrw_address_split(text, &term, &message) == 0) {
		check_term(text, &term);
		look_up(&term, regions);
	} else {
		require(message.text[0] && (errno == EINVAL || errno == ERANGE));
	}
	for (int i = 0; i < REGIONS; i++)
		free(names[i]);
	free(text);
	return 0;
}
