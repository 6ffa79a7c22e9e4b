/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef MEMRW_PAGES_H
#define MEMRW_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Bytes from @address to the end of its page. */
size_t mrw_page_rest(uint64_t address);

/* As much of @length as one mrw_pages_probe() can look at. */
size_t mrw_pages_window(uint64_t address, size_t length);

/*
 * How many bytes from @address on the process may itself read, page by page;
 * 0 if none.  -1: cannot be asked for, as where ptrace's rules refuse.
 */
ssize_t mrw_pages_probe(pid_t pid, uint64_t address, size_t length);

/* Zeros into the caller's buffer: how many fit, or -1 with EFAULT, ENOTSUP. */
ssize_t mrw_pages_zero(void *buffer, size_t length);

/* struct mrw_run - neighbouring pages alike: the target has them, or not */
struct mrw_run {
	size_t length; /* bytes; 0: the address space is gone */
	bool present;
};

/* The run that @address begins, from a descriptor of /proc/PID/pagemap. */
int mrw_pages_run(int pagemap, uint64_t address, size_t length,
		  struct mrw_run *run);

/*
 * The same, however long the run is where a kernel has a call for it (6.7); a
 * length of 0 also without a descriptor, @pagemap < 0.  A page that is marked to
 * be no memory counts as there: reading it tells.
 */
int mrw_pages_ask(int pagemap, uint64_t address, size_t length,
		  struct mrw_run *run);

#endif
