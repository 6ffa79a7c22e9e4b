// SPDX-License-Identifier: GPL-2.0-only

#include <string.h>

#include "command.h"
#include "json.h"
#include "show.h"

json_t *show_json_begin(const struct show *show)
{
	return show->ranges ? json_object() : json_target(show->transfer.target);
}

/* The reason is only one of several ranges'; else it is on standard error alone. */
static int set_error(const struct show *show, json_t *root)
{
	char reason[512];

	if (!show->transfer.error)
		return 0;
	transfer_reason(&show->transfer, false, reason, sizeof(reason));
	return json_object_set_new(root, "error", json_text(reason, strlen(reason)));
}

int show_json_end(struct show *show, json_t *root)
{
	if (!show->ranges || !root)
		return json_print(root);
	if (set_error(show, root) < 0) {
		json_decref(root);
		return json_print(NULL);
	}
	return json_array_append_new(show->ranges, root) < 0 ? json_print(NULL) :
								STATUS_DONE;
}
