/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paths as the kernel shows them in /proc.  Inside the library only.
 */
#ifndef MRW_PATH_H
#define MRW_PATH_H

#include <stdbool.h>
#include <stddef.h>

/** mrw_path_length() - bytes in a path without a " (deleted)" behind it */
size_t mrw_path_length(const char *path);

/** mrw_path_has_file_name() - does a path, deleted or not, end in "/@name" */
bool mrw_path_has_file_name(const char *path, const char *name);

#endif /* MRW_PATH_H */
