// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "address_parse.h"
#include "address_space.h"
#include "memrw.h"
#include "number.h"

static __thread struct mrw_message message;

static int load(struct mrw_address_space *space, struct memrw_target *target)
{
	if (mrw_address_space_load(space, target) == 0)
		return 0;
	message.position = 0;
	return mrw_message_fail(&message, errno, "cannot list the regions: %s",
				strerror(errno));
}

int memrw_address_resolve(struct memrw_target *target, const char *text,
			  uint64_t *address)
{
	struct mrw_address_space space;
	uint64_t found;
	int status;

	/* What needs no target: it may be gone. */
	if (mrw_number_parse(text, address) == 0)
		return 0;
	if (load(&space, target) < 0)
		return -1;
	status = mrw_address_evaluate(text, &space.scope, &found, &message);
	mrw_address_space_clear(&space);
	if (status == 0)
		*address = found;
	return status;
}

ssize_t memrw_address_resolve_all(struct memrw_target *target,
				  struct memrw_address_text *texts, size_t count)
{
	struct mrw_address_space space;
	ssize_t resolved = 0;

	if (load(&space, target) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct memrw_address_text *text = &texts[i];

		text->address = 0;
		text->error = 0;
		if (mrw_address_evaluate(text->text, &space.scope, &text->address,
					 &message) < 0)
			text->error = errno;
		else
			resolved++;
	}
	mrw_address_space_clear(&space);
	return resolved;
}

const char *memrw_address_error(void)
{
	return message.text;
}

size_t memrw_address_error_position(void)
{
	return message.position;
}
