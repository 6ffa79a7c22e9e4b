// SPDX-License-Identifier: GPL-2.0-only

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "core_image.h"

static const struct core_image known[] = {
	{ ELFCLASS64, ELFDATA2LSB, EM_X86_64, 27 * 8 },
	{ ELFCLASS32, ELFDATA2LSB, EM_386, 17 * 4 },
	{ ELFCLASS64, ELFDATA2LSB, EM_AARCH64, 34 * 8 },
	{ ELFCLASS32, ELFDATA2LSB, EM_ARM, 18 * 4 },
};

#define KNOWN_COUNT	(sizeof(known) / sizeof(known[0]))

static bool identify(const unsigned char *header, struct core_image *image)
{
	uint16_t machine;

	if (memcmp(header, ELFMAG, SELFMAG) != 0)
		return false;
	/* Both classes have it there. */
	memcpy(&machine, header + offsetof(Elf32_Ehdr, e_machine), sizeof(machine));
	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		if (known[i].class == header[EI_CLASS] && known[i].data == header[EI_DATA] &&
		    known[i].machine == machine) {
			*image = known[i];
			return true;
		}
	}
	return false;
}

static bool read_header(struct memrw_target *target, const struct part *region,
			struct core_image *image)
{
	unsigned char header[sizeof(Elf32_Ehdr)];

	return memrw_target_read(target, region->start, header, sizeof(header),
				 MEMRW_NO_POPULATE) == sizeof(header) &&
	       identify(header, image);
}

int core_image_find(struct core_image *image, struct memrw_target *target,
		    const struct parts *regions)
{
	for (size_t i = 0; i < regions->count; i++) {
		if (strcmp(regions->items[i].name, "[vdso]") == 0 &&
		    read_header(target, &regions->items[i], image))
			return 0;
	}
	for (size_t i = 0; i < regions->count; i++) {
		if (regions->items[i].name[0] == '/' &&
		    read_header(target, &regions->items[i], image))
			return 0;
	}
	return -1;
}
