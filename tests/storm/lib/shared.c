// SPDX-License-Identifier: GPL-2.0-only
#include "lib/shared.h"

#include <err.h>
#include <sys/mman.h>
#include <unistd.h>

void *shared_attach(int fd, size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		err(1, "shared memory");
	return memory;
}

void *shared_create(size_t size, int *fd)
{
	int file = memfd_create("shared", 0);
	void *memory;

	if (file < 0 || ftruncate(file, size))
		err(1, "shared memory");
	memory = shared_attach(file, size);
	if (fd)
		*fd = file;
	else
		close(file);
	return memory;
}
