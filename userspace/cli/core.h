/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A dump in the form of an ELF core.
 */
#ifndef CLI_CORE_H
#define CLI_CORE_H

#include <stdint.h>

#include "bytes.h"
#include "core_image.h"
#include "hold.h"
#include "parts.h"

/**
 * struct core - a core on its way
 * @target: the target
 * @hold: for the registers; NULL if it is not held
 * @regions: all of the target's, for NT_FILE
 * @parts: what is to be in it
 * @fd: the file
 * @path: its name, for reports
 * @image: what machine the target is for
 * @notes: the contents of PT_NOTE
 */
struct core {
	struct memrw_target *target;
	struct hold *hold;
	const struct parts *regions;
	struct parts *parts;
	int fd;
	const char *path;
	struct core_image image;
	struct bytes notes;
};

/**
 * core_begin() - collect the notes, and give each part its place in the file
 *
 * Return: 0, or the exit status after a report.
 */
int core_begin(struct core *core);

/**
 * core_finish() - write the headers, when the parts are in the file
 *
 * Return: 0, or the exit status after a report.
 */
int core_finish(struct core *core);

/** core_clear() - free what it holds of its own */
void core_clear(struct core *core);

#endif /* CLI_CORE_H */
