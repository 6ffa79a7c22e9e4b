// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "pagemap.h"

int pagemap_open(struct memrw_target *target)
{
	enum memrw_state state;
	char path[32];
	int pagemap;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", memrw_target_pid(target));
	pagemap = open(path, O_RDONLY | O_CLOEXEC);
	/* Another process may have the pid, or the process another memory. */
	if (pagemap >= 0 &&
	    (memrw_target_state(target, &state) < 0 || state != MEMRW_STATE_BOUND)) {
		pagemap_close(pagemap);
		pagemap = -1;
	}
	return pagemap;
}

size_t pagemap_read(int pagemap, uint64_t address, uint64_t *entries, size_t count)
{
	uint64_t page = sysconf(_SC_PAGESIZE);
	ssize_t got;

	/* What an offset of a file can tell. */
	if (pagemap < 0 || address > INT64_MAX)
		return 0;
	got = pread(pagemap, entries, count * sizeof(*entries),
		    address / page * sizeof(*entries));
	return got > 0 ? got / sizeof(*entries) : 0;
}

void pagemap_close(int pagemap)
{
	int error = errno;

	if (pagemap >= 0)
		close(pagemap);
	errno = error;
}
