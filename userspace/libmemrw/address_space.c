// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <string.h>

#include "address_space.h"
#include "pointer_size.h"
#include "symbol.h"

/*
 * Symbols: a file stays open, as one expression asks it many times
 */

static void forget(struct mrw_module_symbols *symbols)
{
	mrw_symbol_file_close(symbols->file);
	*symbols = (struct mrw_module_symbols){ 0 };
}

static struct mrw_module_symbols *symbols_of(struct mrw_address_space *space,
					     const struct memrw_region *module)
{
	struct mrw_module_symbols *symbols = module ? &space->module : &space->executable;
	uint64_t start = module ? module->start : 0;

	if (symbols->asked && symbols->start == start)
		return symbols;
	forget(symbols);
	symbols->asked = true;
	symbols->start = start;
	symbols->file = mrw_symbol_file_open(memrw_target_pid(space->target),
					     &space->regions, module);
	if (!symbols->file)
		symbols->error = errno;
	return symbols;
}

static int find_symbol(void *data, const struct memrw_region *module,
		       const char *name, uint64_t *address)
{
	struct mrw_module_symbols *symbols = symbols_of(data, module);

	if (symbols->file)
		return mrw_symbol_find(symbols->file, name, address);
	errno = symbols->error;
	return -1;
}

/*
 * Pointers
 */

static int read_exactly(struct memrw_target *target, uint64_t address, void *buffer,
			size_t size)
{
	ssize_t done = memrw_target_read(target, address, buffer, size, 0);

	if (done < 0)
		return -1;
	if ((size_t)done == size)
		return 0;
	errno = EIO;
	return -1;
}

static int read_pointer(void *data, uint64_t address, uint64_t *value)
{
	struct mrw_address_space *space = data;
	uint32_t narrow;

	if (space->pointer_size == 0)
		space->pointer_size = mrw_pointer_size(space->target, &space->regions);
	if (space->pointer_size == sizeof(*value))
		return read_exactly(space->target, address, value, sizeof(*value));
	if (read_exactly(space->target, address, &narrow, sizeof(narrow)) < 0)
		return -1;
	*value = narrow;
	return 0;
}

int mrw_address_space_load(struct mrw_address_space *space, struct memrw_target *target)
{
	*space = (struct mrw_address_space){ .target = target };
	if (mrw_region_list_load(&space->regions, target) < 0)
		return -1;
	space->scope = (struct mrw_address_scope){
		.regions = space->regions.regions,
		.region_count = space->regions.count,
		.symbol = find_symbol,
		.pointer = read_pointer,
		.data = space,
	};
	return 0;
}

void mrw_address_space_clear(struct mrw_address_space *space)
{
	forget(&space->executable);
	forget(&space->module);
	mrw_region_list_clear(&space->regions);
}
