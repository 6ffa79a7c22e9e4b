// SPDX-License-Identifier: GPL-2.0-only

#include <stdlib.h>

#include "view_edits.h"

int view_edits_add(struct view_edits *edits, const struct view_edit *edit)
{
	struct view_edit *list = reallocarray(edits->list, edits->done + 1, sizeof(*list));

	if (!list)
		return -1;
	edits->list = list;
	list[edits->done++] = *edit;
	edits->count = edits->done;
	return 0;
}

const struct view_edit *view_edits_last(const struct view_edits *edits)
{
	return edits->done > 0 ? &edits->list[edits->done - 1] : NULL;
}

const struct view_edit *view_edits_next(const struct view_edits *edits)
{
	return edits->done < edits->count ? &edits->list[edits->done] : NULL;
}

void view_edits_undone(struct view_edits *edits)
{
	if (edits->done > 0)
		edits->done--;
}

void view_edits_redone(struct view_edits *edits)
{
	if (edits->done < edits->count)
		edits->done++;
}

void view_edits_clear(struct view_edits *edits)
{
	free(edits->list);
	*edits = (struct view_edits){ 0 };
}
