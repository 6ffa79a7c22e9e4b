/* SPDX-License-Identifier: GPL-2.0-only */
/* Windows, and touching them where a touch may end in a signal. */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* mmap(2) of the session, MAP_SHARED and @flags; or -errno, below 0. */
int64_t window_try(int fd, uint64_t address, size_t length, int prot, int flags);

/* The same; fails the test if it fails.  Unmapped by munmap(2). */
void *window_map(int fd, uint64_t address, size_t length, int prot);

/* One load or store of 8 bytes; false if it ended in SIGBUS. */
bool window_load(const void *at, uint64_t *value);
bool window_store(void *at, uint64_t value);

/* The word there, which is to be had. */
uint64_t window_peek(const void *at);

/* MEMRW_IOC_SYNC_WINDOW: how many pages were out of date, or -errno. */
int64_t window_sync(int fd, const void *window, size_t length, uint32_t flags, uint64_t *bitmap);

/* Bytes that this process has pinned. */
uint64_t window_pinned(void);

/* Pages that are pinned in the whole machine. */
long long pinned_pages(void);

#endif
