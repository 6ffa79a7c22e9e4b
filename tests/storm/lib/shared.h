/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that all processes of a run see, and programs that they start, too.
 */
#ifndef SHARED_H
#define SHARED_H

#include <stddef.h>

/* Zeroed; @fd, if not NULL, is for shared_attach() after execve(). */
void *shared_create(size_t size, int *fd);

void *shared_attach(int fd, size_t size);

#endif
