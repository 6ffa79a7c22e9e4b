// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "module_file.h"

static int fail(int error)
{
	errno = error;
	return -1;
}

/*
 * The path is ours, or of another time: the inode must confirm that it leads
 * to the file that is mapped.
 */
static int open_path(const char *path, const struct memrw_region *region)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	if (fd < 0)
		return -1;
	if (fstat(fd, &status) < 0 || status.st_ino != region->inode) {
		close(fd);
		return fail(ENOEXEC);
	}
	return fd;
}

/*
 * The executable
 */

static const struct memrw_region *
region_of_name(const struct mrw_region_list *regions, const char *name)
{
	for (size_t i = 0; i < regions->count; i++) {
		if (strcmp(regions->regions[i].name, name) == 0)
			return &regions->regions[i];
	}
	return NULL;
}

static const struct memrw_region *
first_file_region(const struct mrw_region_list *regions)
{
	for (size_t i = 0; i < regions->count; i++) {
		const struct memrw_region *region = &regions->regions[i];

		if (region->inode != 0 && region->name[0] == '/')
			return region;
	}
	return NULL;
}

/*
 * /proc/PID/exe reaches the file in any mount namespace, and when it is
 * deleted; it follows the rules of ptrace(2).
 */
static int open_exe_link(pid_t pid, const struct mrw_region_list *regions,
			 const struct memrw_region **region)
{
	char link[32], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return -1;
	path[length] = '\0';

	*region = region_of_name(regions, path);
	if (!*region)
		return fail(ENOEXEC);
	return open(link, O_RDONLY | O_CLOEXEC);
}

/*
 * Where only the driver's policy lets us at the process, or its first thread
 * has ended: by convention the executable is mapped lowest.
 */
static int open_lowest(const struct mrw_region_list *regions,
		       const struct memrw_region **region)
{
	*region = first_file_region(regions);
	return *region ? open_path((*region)->name, *region) : fail(ENOEXEC);
}

static int open_executable(pid_t pid, const struct mrw_region_list *regions,
			   const struct memrw_region **region)
{
	int fd = open_exe_link(pid, regions, region);

	if (fd < 0 && errno != ENOEXEC)
		fd = open_lowest(regions, region);
	return fd;
}

/*
 * Any other module
 */

/* Also a deleted file, of any mount namespace; the kernel wants capabilities. */
static int open_mapping(pid_t pid, const struct memrw_region *region)
{
	char path[80];

	snprintf(path, sizeof(path), "/proc/%d/map_files/%jx-%jx", pid,
		 (uintmax_t)region->start, (uintmax_t)region->end);
	return open_path(path, region);
}

/* As the process sees the path; follows the rules of ptrace(2). */
static int open_in_root(pid_t pid, const struct memrw_region *region)
{
	char path[PATH_MAX + 32];

	snprintf(path, sizeof(path), "/proc/%d/root%s", pid, region->name);
	return open_path(path, region);
}

static int open_module(pid_t pid, const struct memrw_region *region)
{
	int fd;

	if (region->inode == 0 || region->name[0] != '/')
		return fail(ENOEXEC);
	fd = open_mapping(pid, region);
	if (fd < 0)
		fd = open_in_root(pid, region);
	return fd < 0 ? open_path(region->name, region) : fd;
}

int mrw_module_file_open(pid_t pid, const struct mrw_region_list *regions,
			 const struct memrw_region **module)
{
	return *module ? open_module(pid, *module) :
			 open_executable(pid, regions, module);
}
