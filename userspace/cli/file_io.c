// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_io.h"
#include "report.h"

int file_write(int fd, const char *path, const void *bytes, size_t length,
	       uint64_t at)
{
	size_t done = 0;

	while (done < length) {
		ssize_t moved = pwrite(fd, (const char *)bytes + done, length - done,
				       at + done);

		if (moved < 0) {
			report(path, "%s", strerror(errno));
			return -1;
		}
		done += moved;
	}
	return 0;
}

int file_read(int fd, const char *path, void *bytes, size_t length, uint64_t at)
{
	size_t done = 0;

	while (done < length) {
		ssize_t moved = pread(fd, (char *)bytes + done, length - done, at + done);

		if (moved <= 0) {
			report(path, "%s", moved < 0 ? strerror(errno) :
			       "it is shorter than its index says");
			return -1;
		}
		done += moved;
	}
	return 0;
}

/* Return: 0, or -1 with errno; EINVAL for what is no plain file. */
static int make_empty(int fd)
{
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	if (S_ISREG(status.st_mode))
		return ftruncate(fd, 0);
	errno = EINVAL;
	return -1;
}

int file_create(const char *path)
{
	/* A pipe or a terminal is not to be waited for. */
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);

	if (make_empty(fd) == 0)
		return fd;
	report(path, "%s", errno == EINVAL ?
	       "it is not a plain file: there can be no holes in it" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
