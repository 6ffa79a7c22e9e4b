/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures that the kernel tells in files of /proc and /sys.
 */
#ifndef FIGURE_H
#define FIGURE_H

#include <stdbool.h>
#include <sys/types.h>

/* The number behind @key at the start of a line; without @key the first one. -1: none. */
long figure(const char *path, const char *key);

/* The same of a file that is open, which it stays. */
long figure_in(int fd, const char *key);

/* Writes a word to a file; false where that cannot be done. */
bool figure_set(const char *path, const char *word);

/* How many entries a directory has; 0 without it. */
long figure_entries(const char *path);

/* Of a process, as in /proc/PID/status. */
long figure_of_process(pid_t pid, const char *key);
long figure_descriptors(pid_t pid);

/* References to the module: open sessions, and mappings of them. */
long figure_module_references(void);

/* Pages that get_user_pages() has pinned and nobody has given back. */
long figure_pins(void);

#endif
