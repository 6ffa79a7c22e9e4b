// SPDX-License-Identifier: GPL-2.0-only
#include "lib/window.h"

#include <signal.h>
#include <sys/mman.h>

#include "lib/commands.h"
#include "lib/file.h"
#include "lib/test.h"

int64_t window_try(int fd, uint64_t address, size_t length, int prot, int flags)
{
	void *window = mmap(NULL, length, prot, MAP_SHARED | flags, fd, (off_t)address);

	return window == MAP_FAILED ? -errno : (int64_t)(intptr_t)window;
}

void *window_map(int fd, uint64_t address, size_t length, int prot)
{
	int64_t window = window_try(fd, address, length, prot, 0);

	if (window < 0)
		fail_msg("mmap: %s", strerror((int)-window));
	return (void *)(intptr_t)window;
}

static __thread sigjmp_buf after_touch;

static void leave_touch(int signal)
{
	(void)signal;
	siglongjmp(after_touch, 1);
}

static bool touch(void *at, bool write, uint64_t *value)
{
	struct sigaction action = { .sa_handler = leave_touch }, before;
	bool touched = false;

	sigaction(SIGBUS, &action, &before);
	if (!sigsetjmp(after_touch, 1)) {
		if (write)
			*(volatile uint64_t *)at = *value;
		else
			*value = *(volatile uint64_t *)at;
		touched = true;
	}
	sigaction(SIGBUS, &before, NULL);
	return touched;
}

bool window_load(const void *at, uint64_t *value)
{
	return touch((void *)(uintptr_t)at, false, value);
}

bool window_store(void *at, uint64_t value)
{
	return touch(at, true, &value);
}

uint64_t window_peek(const void *at)
{
	uint64_t value = 0;

	assert_true(window_load(at, &value));
	return value;
}

int64_t window_sync(int fd, const void *window, size_t length, uint32_t flags, uint64_t *bitmap)
{
	struct memrw_sync_window sync = {
		.size = sizeof(sync),
		.flags = flags,
		.address = (uintptr_t)window,
		.length = length,
		.bitmap = (uintptr_t)bitmap,
	};
	int error = session_command(fd, MEMRW_IOC_SYNC_WINDOW, &sync);

	return error ? error : (int64_t)sync.stale;
}

uint64_t window_pinned(void)
{
	return file_number("/proc/self/status", "VmPin:") * 1024;
}

long long pinned_pages(void)
{
	/* Each processor counts for itself at first. */
	file_write("/proc/sys/vm/stat_refresh", "1");
	return file_number("/proc/vmstat", "nr_foll_pin_acquired") -
	       file_number("/proc/vmstat", "nr_foll_pin_released");
}
