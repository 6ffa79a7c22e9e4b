/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MEMRW_GROUP_H
#define MEMRW_GROUP_H

#include <stdbool.h>
#include <sys/types.h>

/* Is this process in the group, by its own or a supplementary group? */
bool mrw_group_has_process(gid_t gid);

/* Is the user of this process in the group, by the group database? */
bool mrw_group_has_user(gid_t gid);

#endif
