/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What machine a target's program is for.
 */
#ifndef CLI_CORE_IMAGE_H
#define CLI_CORE_IMAGE_H

#include <stdint.h>

#include "memrw.h"
#include "parts.h"

/**
 * struct core_image - as ELF headers have it
 * @class: ELFCLASS32 or ELFCLASS64
 * @data: ELFDATA2LSB or ELFDATA2MSB
 * @machine: EM_*
 * @registers: bytes of the general registers in NT_PRSTATUS
 */
struct core_image {
	unsigned char class;
	unsigned char data;
	uint16_t machine;
	uint32_t registers;
};

/**
 * core_image_find() - by the ELF headers in the target's memory
 *
 * The kernel's own [vdso] goes first: what a program maps of other files may be
 * for other machines.
 *
 * Return: 0, or -1 if there is none, or none of a machine that is known.
 */
int core_image_find(struct core_image *image, struct memrw_target *target,
		    const struct parts *regions);

#endif /* CLI_CORE_IMAGE_H */
