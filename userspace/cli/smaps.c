// SPDX-License-Identifier: GPL-2.0-only

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "smaps.h"

/* "start-end ", in hexadecimal: no name of a field has a "-" there. */
static bool is_region(const char *line, uint64_t *start)
{
	char *end;

	if (!isxdigit((unsigned char)line[0]))
		return false;
	*start = strtoull(line, &end, 16);
	return *end == '-';
}

static int add_region(struct smaps *smaps, uint64_t start)
{
	struct smaps_entry *list = smaps->list;

	/* At powers of two there is no room for one more. */
	if ((smaps->count & (smaps->count - 1)) == 0)
		list = reallocarray(list, smaps->count ? 2 * smaps->count : 1, sizeof(*list));
	if (!list)
		return -1;
	smaps->list = list;
	list[smaps->count++] = (struct smaps_entry){ .start = start };
	return 0;
}

static uint64_t kilobytes(const char *text)
{
	return strtoull(text, NULL, 10) * 1024;
}

int smaps_add(struct smaps *smaps, const char *line)
{
	struct smaps_entry *last;
	uint64_t start;

	if (is_region(line, &start))
		return add_region(smaps, start);
	if (smaps->count == 0)
		return 0;
	last = &smaps->list[smaps->count - 1];
	if (strncmp(line, "Rss:", 4) == 0)
		last->resident = kilobytes(line + 4);
	else if (strncmp(line, "Swap:", 5) == 0)
		last->swapped = kilobytes(line + 5);
	return 0;
}

static int add_lines(struct smaps *smaps, FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	while (status == 0 && getline(&line, &size, file) >= 0)
		status = smaps_add(smaps, line);
	free(line);
	return status;
}

int smaps_read(struct smaps *smaps, struct memrw_target *target)
{
	enum memrw_state state;
	char path[32];
	FILE *file;
	int status;

	*smaps = (struct smaps){ 0 };
	snprintf(path, sizeof(path), "/proc/%d/smaps", memrw_target_pid(target));
	file = fopen(path, "re");
	if (!file)
		return -1;
	status = add_lines(smaps, file);
	fclose(file);
	/* Another process may have the pid, or the process another memory. */
	if (status == 0 && (memrw_target_state(target, &state) < 0 ||
			    state != MEMRW_STATE_BOUND)) {
		errno = ESRCH;
		status = -1;
	}
	if (status < 0)
		smaps_clear(smaps);
	return status;
}

static int compare(const void *key, const void *item)
{
	const uint64_t *start = key;
	const struct smaps_entry *entry = item;

	return (*start > entry->start) - (*start < entry->start);
}

const struct smaps_entry *smaps_find(const struct smaps *smaps, uint64_t start)
{
	if (smaps->count == 0)
		return NULL;
	return bsearch(&start, smaps->list, smaps->count, sizeof(*smaps->list), compare);
}

void smaps_clear(struct smaps *smaps)
{
	free(smaps->list);
	*smaps = (struct smaps){ 0 };
}
