/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory of a worker that is served by userfaultfd, or rather is not. */
#ifndef UFFD_H
#define UFFD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/worker.h"

/*
 * @length bytes that wait for somebody to serve them.  A worker has one such
 * range.  Leaves the test, as skipped, if the kernel has no userfaultfd.
 */
uint64_t uffd_map(struct worker *worker, size_t length);

/* The same, but only the process itself may fault: the kernel gets an error. */
uint64_t uffd_map_user_only(struct worker *worker, size_t length);

/* Has somebody run into the range? */
bool uffd_wait_fault(struct worker *worker, unsigned int timeout_ms);

/* Serves the whole range, with the pattern of @seed. */
void uffd_serve(struct worker *worker, uint64_t address, size_t length, unsigned int seed);

/*
 * @length bytes of zeros that are there, and that whoever writes to them waits
 * to be allowed to.  Leaves the test, as skipped, if the kernel has not got that.
 */
uint64_t uffd_map_protected(struct worker *worker, size_t length);
void uffd_unprotect(struct worker *worker, uint64_t address, size_t length);

/* The worker's descriptor, in the worker. */
int uffd_descriptor(struct worker *worker);

#endif
