// SPDX-License-Identifier: GPL-2.0-only
#include "zone.h"

#include <err.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RW	(PROT_READ | PROT_WRITE)
#define FIXED	(MAP_FIXED | MAP_NORESERVE)
#define HUGE	(2UL << 20)

/* Far from what the kernel places, and each far from the next. */
#define TARGET(nr)	(0x100000000000 + (nr) * 0x1000000UL)
#define CALLER(nr)	(0x200000000000 + (nr) * 0x1000000UL)

const struct zone target_zones[TARGET_ZONES] = {
	[ZONE_BASE] = { TARGET(0), 40 * ZONE_PAGE },
	[ZONE_SHARED] = { TARGET(1), 4 * ZONE_PAGE },
	[ZONE_READ_ONLY] = { TARGET(2), 4 * ZONE_PAGE },
	[ZONE_NONE] = { TARGET(3), 4 * ZONE_PAGE },
	[ZONE_FILE] = { TARGET(4), 4 * ZONE_PAGE },
	[ZONE_FILE_SHARED] = { TARGET(5), 4 * ZONE_PAGE },
	[ZONE_HUGE] = { TARGET(6), 2 * HUGE },
	[ZONE_SECRET] = { TARGET(7), ZONE_PAGE },
	[ZONE_UNTOUCHED] = { TARGET(8), 16 * ZONE_PAGE },
	[ZONE_MEMFD] = { TARGET(9), 4 * ZONE_PAGE },
	[ZONE_EXECUTABLE] = { TARGET(10), ZONE_PAGE },
	[ZONE_HOLE] = { TARGET(11), 4 * ZONE_PAGE },
};

const struct zone caller_zones[CALLER_ZONES] = {
	[ZONE_BUFFER] = { CALLER(0), 4 * ZONE_PAGE },
	[ZONE_BUFFER_READ_ONLY] = { CALLER(1), 2 * ZONE_PAGE },
	[ZONE_STRUCT] = { CALLER(2), ZONE_PAGE },
	[ZONE_SEGMENTS] = { CALLER(3), 3 * ZONE_PAGE },
	[ZONE_CALLER_HOLE] = { CALLER(4), ZONE_PAGE },
	[ZONE_WINDOWS] = { CALLER(5), WINDOWS * WINDOW_PAGES * ZONE_PAGE },
};

static void map(const struct zone *zone, int prot, int flags, int fd)
{
	if (mmap((void *)zone->start, zone->length, prot, flags | FIXED, fd, 0) == MAP_FAILED)
		err(2, "mmap of a zone");
}

static void map_anonymous(const struct zone *zone, int prot, int share)
{
	map(zone, prot, share | MAP_ANONYMOUS, -1);
}

static void map_touched(const struct zone *zone, int prot, int share)
{
	map_anonymous(zone, RW, share);
	memset((void *)zone->start, 0xb7, zone->length);
	if (mprotect((void *)zone->start, zone->length, prot) < 0)
		err(2, "mprotect of a zone");
}

static void map_huge(const struct zone *zone)
{
	map_anonymous(zone, RW, MAP_PRIVATE);
	madvise((void *)zone->start, zone->length, MADV_HUGEPAGE);
	/* A kernel without them has base pages here. */
	for (size_t i = 0; i < zone->length; i += HUGE)
		*(volatile char *)(zone->start + i) = 1;
}

static void map_memfd(const struct zone *zone, int fd)
{
	if (fd < 0) {
		map_touched(zone, RW, MAP_PRIVATE);
		return;
	}
	if (ftruncate(fd, zone->length) < 0)
		err(2, "ftruncate");
	map(zone, RW, MAP_SHARED, fd);
	close(fd);
}

static int secret_memfd(void)
{
#ifdef SYS_memfd_secret
	return syscall(SYS_memfd_secret, 0);
#else
	return -1;
#endif
}

static void map_files(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(2, "/proc/self/exe");
	map(&target_zones[ZONE_FILE], RW, MAP_PRIVATE, fd);
	map(&target_zones[ZONE_FILE_SHARED], PROT_READ, MAP_SHARED, fd);
	close(fd);
}

void zones_map_target(void)
{
	const struct zone *z = target_zones;

	map_touched(&z[ZONE_BASE], RW, MAP_PRIVATE);
	map_touched(&z[ZONE_SHARED], RW, MAP_SHARED);
	map_touched(&z[ZONE_READ_ONLY], PROT_READ, MAP_PRIVATE);
	map_touched(&z[ZONE_NONE], PROT_NONE, MAP_PRIVATE);
	map_files();
	map_huge(&z[ZONE_HUGE]);
	map_memfd(&z[ZONE_SECRET], secret_memfd());
	map_anonymous(&z[ZONE_UNTOUCHED], RW, MAP_PRIVATE);
	map_memfd(&z[ZONE_MEMFD], memfd_create("fuzz", MFD_CLOEXEC));
	map_anonymous(&z[ZONE_EXECUTABLE], RW | PROT_EXEC, MAP_PRIVATE);
}

void zone_map_buffer(void)
{
	map_anonymous(&caller_zones[ZONE_BUFFER], RW, MAP_PRIVATE);
}

void zones_map_caller(void)
{
	zone_map_buffer();
	map_touched(&caller_zones[ZONE_BUFFER_READ_ONLY], PROT_READ, MAP_PRIVATE);
	map_anonymous(&caller_zones[ZONE_STRUCT], RW, MAP_PRIVATE);
	map_anonymous(&caller_zones[ZONE_SEGMENTS], RW, MAP_PRIVATE);
}
