// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF files: a target may be running any file, and any file may claim to be one.
 * The input is the file; it is looked at as the one that is mapped lowest, as it
 * is where /proc/PID/exe cannot be read.
 */
#include "symbol.h"
#include "text.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A pid that no process has. */
#define NOBODY	INT_MAX

static int file_of(const uint8_t *data, size_t size)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("elf", MFD_CLOEXEC);
	require(fd >= 0 && ftruncate(fd, 0) == 0 &&
		pwrite(fd, data, size, 0) == (ssize_t)size);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = file_of(data, size);
	struct memrw_region region = { .start = 0x400000, .end = 0x500000 };
	struct mrw_region_list list = { .regions = &region, .count = 1 };
	struct mrw_symbol_file *file;
	uint64_t address;
	struct stat status;
	char name[32];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	fstat(fd, &status);
	region.name = name;
	region.inode = status.st_ino;
	file = mrw_symbol_file_open(NOBODY, &list, NULL);
	if (!file)
		require(errno == ENOEXEC);
	else if (mrw_symbol_find(file, "main", &address) < 0)
		require(errno == ENOENT || errno == ENOTUNIQ);
	mrw_symbol_file_close(file);
	return 0;
}
