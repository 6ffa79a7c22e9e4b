// SPDX-License-Identifier: GPL-2.0-only
#include "lib/uffd.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/test.h"

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

struct request {
	uint64_t address, length;
	unsigned int flags, timeout_ms, seed;
};

static int uffd = -1;	/* each worker's own */

static long do_map(void *arg)
{
	struct request *request = arg;
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	void *p = mmap(NULL, request->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | request->flags);
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) < 0)
		return -errno;
	request->address = (uintptr_t)p;
	range.range.start = request->address;
	range.range.len = request->length;
	return ioctl(uffd, UFFDIO_REGISTER, &range) < 0 ? -errno : 0;
}

static uint64_t map(struct worker *worker, size_t length, unsigned int flags)
{
	struct request request = { .length = length, .flags = flags };
	long error = worker_call(worker, do_map, &request, sizeof(request));

	if (error)
		skip_because("userfaultfd: %s", strerror(-error));
	return request.address;
}

uint64_t uffd_map(struct worker *worker, size_t length)
{
	return map(worker, length, 0);
}

uint64_t uffd_map_user_only(struct worker *worker, size_t length)
{
	return map(worker, length, UFFD_USER_MODE_ONLY);
}

static long do_wait(void *arg)
{
	const struct request *request = arg;
	struct pollfd poll_fd = { .fd = uffd, .events = POLLIN };

	return poll(&poll_fd, 1, request->timeout_ms * patience()) > 0;
}

bool uffd_wait_fault(struct worker *worker, unsigned int timeout_ms)
{
	struct request request = { .timeout_ms = timeout_ms };

	return worker_call(worker, do_wait, &request, sizeof(request));
}

static long do_serve(void *arg)
{
	const struct request *request = arg;
	void *data = malloc(request->length);
	struct uffdio_copy copy = {
		.dst = request->address,
		.src = (uintptr_t)data,
		.len = request->length,
	};
	long error;

	pattern_fill(data, request->length, request->seed);
	error = ioctl(uffd, UFFDIO_COPY, &copy) < 0 ? -errno : 0;
	free(data);
	return error;
}

void uffd_serve(struct worker *worker, uint64_t address, size_t length, unsigned int seed)
{
	struct request request = { .address = address, .length = length, .seed = seed };

	assert_int_equal(worker_call(worker, do_serve, &request, sizeof(request)), 0);
}

static long write_protect(uint64_t address, uint64_t length, uint64_t mode)
{
	struct uffdio_writeprotect range = {
		.range = { .start = address, .len = length },
		.mode = mode,
	};

	return ioctl(uffd, UFFDIO_WRITEPROTECT, &range) < 0 ? -errno : 0;
}

static long do_map_protected(void *arg)
{
	struct request *request = arg;
	struct uffdio_api api = { .api = UFFD_API,
				  .features = UFFD_FEATURE_PAGEFAULT_FLAG_WP };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_WP };
	void *p = mmap(NULL, request->length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	/* No huge page: it would be split for the protection of a part. */
	madvise(p, request->length, MADV_NOHUGEPAGE);
	memset(p, 0, request->length);
	uffd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) < 0)
		return -errno;
	request->address = (uintptr_t)p;
	range.range.start = request->address;
	range.range.len = request->length;
	if (ioctl(uffd, UFFDIO_REGISTER, &range) < 0)
		return -errno;
	return write_protect(request->address, request->length, UFFDIO_WRITEPROTECT_MODE_WP);
}

uint64_t uffd_map_protected(struct worker *worker, size_t length)
{
	struct request request = { .length = length };
	long error = worker_call(worker, do_map_protected, &request, sizeof(request));

	if (error)
		skip_because("userfaultfd's write protection: %s", strerror(-error));
	return request.address;
}

static long do_unprotect(void *arg)
{
	const struct request *request = arg;

	return write_protect(request->address, request->length, 0);
}

void uffd_unprotect(struct worker *worker, uint64_t address, size_t length)
{
	struct request request = { .address = address, .length = length };

	assert_int_equal(worker_call(worker, do_unprotect, &request, sizeof(request)), 0);
}

static long tell_descriptor(void *arg)
{
	(void)arg;
	return uffd;
}

int uffd_descriptor(struct worker *worker)
{
	return worker_call(worker, tell_descriptor, NULL, 0);
}
