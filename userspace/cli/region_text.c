// SPDX-License-Identifier: GPL-2.0-only

#include <inttypes.h>
#include <stdio.h>

#include "region_text.h"

/* The column where names begin, on 64-bit machines. */
#define NAME_COLUMN	73

void region_permissions(const struct memrw_region *region, char *text)
{
	text[0] = region->properties & MEMRW_REGION_READ ? 'r' : '-';
	text[1] = region->properties & MEMRW_REGION_WRITE ? 'w' : '-';
	text[2] = region->properties & MEMRW_REGION_EXEC ? 'x' : '-';
	text[3] = region->properties & MEMRW_REGION_SHARED ? 's' : 'p';
	text[4] = '\0';
}

/* One region, one line: the kernel escapes this byte and no other. */
static void print_name(const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == '\n')
			fputs("\\012", stdout);
		else
			putchar(*name);
	}
}

void region_print(const struct memrw_region *region)
{
	char permissions[REGION_PERMISSIONS];
	int length;

	region_permissions(region, permissions);
	length = printf("%08" PRIx64 "-%08" PRIx64 " %s %08" PRIx64 " %02x:%02x %" PRIu64 " ",
			region->start, region->end, permissions, region->offset,
			region->device_major, region->device_minor, region->inode);
	if (region->name[0] != '\0') {
		printf("%*s", length < NAME_COLUMN ? NAME_COLUMN - length : 0, "");
		print_name(region->name);
	}
	putchar('\n');
}
