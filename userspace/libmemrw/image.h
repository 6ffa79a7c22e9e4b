/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which program image a process runs.
 *
 * procfs has no name for an address space, so two of one process cannot be
 * told apart by asking.  But execve(2) gives every image 16 fresh random
 * bytes (AT_RANDOM): the image that the process runs is the one behind a
 * descriptor of /proc/PID/mem if both show the same bytes there.
 */
#ifndef MEMRW_IMAGE_H
#define MEMRW_IMAGE_H

#include <stdint.h>
#include <sys/types.h>

#define MRW_IMAGE_BYTES 16

enum mrw_image_match {
	MRW_IMAGE_SAME,
	MRW_IMAGE_OTHER,
	MRW_IMAGE_UNKNOWN, /* not to be seen, or the program dropped it */
};

struct mrw_image {
	uint64_t address; /* 0 where it is not known */
	unsigned char bytes[MRW_IMAGE_BYTES];
};

/* Learn the image behind @mem, a descriptor of the /proc/PID/mem in @proc_dir. */
void mrw_image_learn(struct mrw_image *image, int proc_dir, int mem);

/* Does the process @pid, of @proc_dir, run the image behind @mem? */
enum mrw_image_match mrw_image_compare(const struct mrw_image *image, pid_t pid,
				       int proc_dir, int mem);

/* AT_RANDOM of the auxiliary vector, of 64-bit or 32-bit words; 0 if none. */
uint64_t mrw_image_parse_auxv(const void *auxv, size_t size);

#endif
