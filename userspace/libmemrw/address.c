// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "address_parse.h"
#include "memrw.h"
#include "region_list.h"
#include "symbol.h"

static __thread struct mrw_message message;

/* struct place - where symbols are looked for */
struct place {
	pid_t pid;
	const struct mrw_region_list *regions;
};

static int find_symbol(void *data, const char *name, uint64_t *address)
{
	const struct place *place = data;

	return mrw_symbol_find(place->pid, place->regions, name, address);
}

static int look_up(struct memrw_target *target,
		   const struct mrw_address_term *term, uint64_t *address)
{
	struct mrw_region_list regions;
	struct place place = {
		.pid = memrw_target_pid(target),
		.regions = &regions,
	};
	struct mrw_address_scope scope = {
		.symbol = find_symbol,
		.data = &place,
	};
	int status;

	if (mrw_region_list_load(&regions, target) < 0) {
		snprintf(message.text, sizeof(message.text),
			 "cannot list the regions: %s", strerror(errno));
		return -1;
	}
	scope.regions = regions.regions;
	scope.region_count = regions.count;
	status = mrw_address_look_up(term, &scope, address, &message);
	mrw_region_list_clear(&regions);
	return status;
}

int memrw_address_resolve(struct memrw_target *target, const char *text,
			  uint64_t *address)
{
	struct mrw_address_term term;

	if (mrw_address_split(text, &term, &message) < 0)
		return -1;
	if (term.name_length == 0) {
		*address = term.offset;
		return 0;
	}
	return look_up(target, &term, address);
}

const char *memrw_address_error(void)
{
	return message.text;
}
