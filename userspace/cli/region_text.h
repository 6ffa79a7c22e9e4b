/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A region in the form of /proc/PID/maps.
 */
#ifndef CLI_REGION_TEXT_H
#define CLI_REGION_TEXT_H

#include "memrw.h"

#define REGION_PERMISSIONS	5

/** region_permissions() - "rwxp", of REGION_PERMISSIONS bytes with the NUL */
void region_permissions(const struct memrw_region *region, char *text);

/** region_print() - the line of /proc/PID/maps */
void region_print(const struct memrw_region *region);

#endif /* CLI_REGION_TEXT_H */
