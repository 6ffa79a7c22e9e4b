/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a picture shows of a target, without its making the target grow.
 */
#ifndef CLI_PICTURE_PAGES_H
#define CLI_PICTURE_PAGES_H

#include "memrw.h"
#include "parts.h"
#include "picture.h"

/**
 * picture_of() - the regions of a target, and which pages are there
 * @picture: @title and @page are set; to be given back with picture_clear() in any case
 * @parts: the regions, for as long as @picture
 *
 * Return: 0, or -1 with errno.
 */
int picture_of(struct picture *picture, struct memrw_target *target,
	       const struct parts *parts);

/** picture_clear() - free what it holds */
void picture_clear(struct picture *picture);

#endif /* CLI_PICTURE_PAGES_H */
