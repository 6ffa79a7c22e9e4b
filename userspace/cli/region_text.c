// SPDX-License-Identifier: GPL-2.0-only

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "color.h"
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

static enum color color_of(const struct memrw_region *region)
{
	if (region->properties & MEMRW_REGION_EXEC)
		return COLOR_EXECUTABLE;
	return region->properties & MEMRW_REGION_WRITE ? COLOR_WRITABLE : COLOR_NONE;
}

/* Return: characters. */
static int print_in_color(enum color color, const char *text)
{
	color_begin(stdout, color);
	fputs(text, stdout);
	if (color != COLOR_NONE)
		color_end(stdout);
	return strlen(text);
}

void region_print(const struct memrw_region *region)
{
	char permissions[REGION_PERMISSIONS];
	int length;

	region_permissions(region, permissions);
	length = printf("%08" PRIx64 "-%08" PRIx64 " ", region->start, region->end);
	length += print_in_color(color_of(region), permissions);
	length += printf(" %08" PRIx64 " %02x:%02x %" PRIu64 " ", region->offset,
			 region->device_major, region->device_minor, region->inode);
	if (region->name[0] != '\0') {
		printf("%*s", length < NAME_COLUMN ? NAME_COLUMN - length : 0, "");
		color_begin(stdout, region->name[0] == '[' ? COLOR_SPECIAL : COLOR_NONE);
		print_name(region->name);
		if (region->name[0] == '[')
			color_end(stdout);
	}
	putchar('\n');
}
