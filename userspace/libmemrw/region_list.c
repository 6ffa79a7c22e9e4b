// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "region_list.h"

static int append(struct mrw_region_list *list, size_t *room,
		  const struct memrw_region *region)
{
	struct memrw_region *copy;

	if (list->count == *room) {
		size_t more = *room ? 2 * *room : 64;
		void *grown = reallocarray(list->regions, more, sizeof(*region));

		if (!grown)
			return -1;
		list->regions = grown;
		*room = more;
	}

	copy = &list->regions[list->count];
	*copy = *region;
	copy->name = strdup(region->name);
	if (!copy->name)
		return -1;
	list->count++;
	return 0;
}

static int append_all(struct mrw_region_list *list,
		      struct memrw_region_iter *iter)
{
	struct memrw_region region;
	size_t room = 0;
	int more;

	while ((more = memrw_region_iter_next(iter, &region)) > 0) {
		if (append(list, &room, &region) < 0)
			return -1;
	}
	return more;
}

int mrw_region_list_load(struct mrw_region_list *list,
			   struct memrw_target *target)
{
	struct memrw_region_iter *iter;
	int status;

	*list = (struct mrw_region_list){ 0 };
	iter = memrw_region_iter_open(target);
	if (!iter)
		return -1;

	status = append_all(list, iter);
	memrw_region_iter_close(iter);
	if (status < 0)
		mrw_region_list_clear(list);
	return status;
}

void mrw_region_list_clear(struct mrw_region_list *list)
{
	int error = errno;

	for (size_t i = 0; i < list->count; i++)
		free((char *)list->regions[i].name);
	free(list->regions);
	*list = (struct mrw_region_list){ 0 };
	errno = error;
}
