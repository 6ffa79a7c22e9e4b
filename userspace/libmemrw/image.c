// SPDX-License-Identifier: LGPL-2.1-or-later
#include "image.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static uint64_t find_random64(const void *auxv, size_t size)
{
	Elf64_auxv_t entry;

	for (; size >= sizeof(entry); size -= sizeof(entry)) {
		memcpy(&entry, auxv, sizeof(entry));
		if (entry.a_type == AT_RANDOM)
			return entry.a_un.a_val;
		auxv = (const char *)auxv + sizeof(entry);
	}
	return 0;
}

static uint64_t find_random32(const void *auxv, size_t size)
{
	Elf32_auxv_t entry;

	for (; size >= sizeof(entry); size -= sizeof(entry)) {
		memcpy(&entry, auxv, sizeof(entry));
		if (entry.a_type == AT_RANDOM)
			return entry.a_un.a_val;
		auxv = (const char *)auxv + sizeof(entry);
	}
	return 0;
}

/*
 * A 64-bit kernel shows the vector of a 32-bit process in 32-bit words.  Types
 * are small numbers: two such words taken for one 64-bit type are not.
 */
static bool has_64bit_words(const void *auxv, size_t size)
{
	Elf64_auxv_t entry;

	for (; size >= sizeof(entry); size -= sizeof(entry)) {
		memcpy(&entry, auxv, sizeof(entry));
		if (entry.a_type > UINT16_MAX)
			return false;
		auxv = (const char *)auxv + sizeof(entry);
	}
	return true;
}

uint64_t mrw_image_parse_auxv(const void *auxv, size_t size)
{
	return has_64bit_words(auxv, size) ? find_random64(auxv, size)
					   : find_random32(auxv, size);
}

/* False if it cannot be told; 0 where there are no such bytes. */
static bool read_random_address(int proc_dir, uint64_t *address)
{
	char auxv[4096];
	ssize_t size;
	int fd;

	fd = openat(proc_dir, "auxv", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size = read(fd, auxv, sizeof(auxv));
	close(fd);
	if (size <= 0)
		return false;
	*address = mrw_image_parse_auxv(auxv, size);
	return true;
}

static bool read_bytes(int mem, uint64_t address, unsigned char *bytes)
{
	return pread(mem, bytes, MRW_IMAGE_BYTES, address) == MRW_IMAGE_BYTES;
}

void mrw_image_learn(struct mrw_image *image, int proc_dir, int mem)
{
	if (!read_random_address(proc_dir, &image->address))
		image->address = 0;
	/* Beyond what this program can ask process_vm_readv() for. */
	if (image->address > UINTPTR_MAX - MRW_IMAGE_BYTES)
		image->address = 0;
	if (image->address && !read_bytes(mem, image->address, image->bytes))
		image->address = 0;
}

static ssize_t read_of_process(pid_t pid, uint64_t address, unsigned char *bytes)
{
	struct iovec local = { bytes, MRW_IMAGE_BYTES };
	struct iovec remote = { (void *)(uintptr_t)address, MRW_IMAGE_BYTES };

	return process_vm_readv(pid, &local, 1, &remote, 1, 0);
}

/* The process has other bytes there, or none, than the image had at first. */
static enum mrw_image_match explain(const struct mrw_image *image, int proc_dir,
				    int mem, const unsigned char *process)
{
	unsigned char bound[MRW_IMAGE_BYTES];
	uint64_t address;

	/* An image that execve() is still making has none. */
	if (read_random_address(proc_dir, &address) && address != image->address)
		return MRW_IMAGE_OTHER;
	/* The program may have made them inaccessible, or overwritten them. */
	if (!process)
		return MRW_IMAGE_UNKNOWN;
	if (read_bytes(mem, image->address, bound) &&
	    !memcmp(process, bound, MRW_IMAGE_BYTES))
		return MRW_IMAGE_SAME;
	return MRW_IMAGE_OTHER;
}

enum mrw_image_match mrw_image_compare(const struct mrw_image *image, pid_t pid,
				       int proc_dir, int mem)
{
	unsigned char process[MRW_IMAGE_BYTES];
	ssize_t got;

	if (!image->address)
		return MRW_IMAGE_UNKNOWN;

	got = read_of_process(pid, image->address, process);
	if (got < 0 && errno != EFAULT)
		return MRW_IMAGE_UNKNOWN;
	if (got == MRW_IMAGE_BYTES &&
	    !memcmp(process, image->bytes, MRW_IMAGE_BYTES))
		return MRW_IMAGE_SAME;
	return explain(image, proc_dir, mem,
		       got == MRW_IMAGE_BYTES ? process : NULL);
}
