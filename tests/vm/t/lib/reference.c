// SPDX-License-Identifier: GPL-2.0-only
#include "lib/reference.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/session.h"
#include "lib/test.h"

#define CANARY 0x5a

static int64_t result_of(ssize_t n)
{
	if (n >= 0)
		return n;
	return errno == EFAULT ? -EIO : -errno;
}

int64_t reference_read(pid_t pid, uint64_t address, void *buffer, size_t length)
{
	struct iovec local = { buffer, length }, remote = { (void *)(uintptr_t)address, length };

	return result_of(process_vm_readv(pid, &local, 1, &remote, 1, 0));
}

int64_t reference_write(pid_t pid, uint64_t address, const void *buffer, size_t length)
{
	struct iovec local = { (void *)buffer, length };
	struct iovec remote = { (void *)(uintptr_t)address, length };

	return result_of(process_vm_writev(pid, &local, 1, &remote, 1, 0));
}

static int open_mem(pid_t pid, int flags)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, flags | O_CLOEXEC);
	assert_return_code(fd, errno);
	return fd;
}

int64_t reference_read_forced(pid_t pid, uint64_t address, void *buffer, size_t length)
{
	int fd = open_mem(pid, O_RDONLY);
	int64_t result = result_of(pread(fd, buffer, length, address));

	close(fd);
	return result;
}

int64_t reference_write_forced(pid_t pid, uint64_t address, const void *buffer, size_t length)
{
	int fd = open_mem(pid, O_WRONLY);
	int64_t result = result_of(pwrite(fd, buffer, length, address));

	close(fd);
	return result;
}

static void assert_same(const char *what, int64_t result, int64_t expected, const uint8_t *buffer,
			const uint8_t *reference, size_t length)
{
	size_t moved = expected < 0 ? 0 : expected;

	if (result != expected)
		fail_msg("%s: got %lld, the kernel %lld", what, (long long)result,
			 (long long)expected);
	if (memcmp(buffer, reference, moved))
		fail_msg("%s: other bytes than the kernel's", what);
	for (size_t i = moved; i < length; i++) {
		if (buffer[i] != CANARY)
			fail_msg("%s: changed byte %zu of the buffer, behind the end", what, i);
	}
}

typedef int64_t (*reference_fn)(pid_t pid, uint64_t address, void *buffer, size_t length);

static int64_t assert_match(int fd, pid_t pid, uint64_t address, size_t length, __u32 flags,
			    reference_fn reference_fn)
{
	uint8_t *reference = test_malloc(length + 1);
	uint8_t *buffer = test_malloc(length + 1);
	int64_t expected, result;

	expected = reference_fn(pid, address, reference, length);
	/* One byte more than asked for, which must stay as it is. */
	memset(buffer, CANARY, length + 1);
	result = session_read(fd, address, buffer, length, flags);
	assert_same("MEMRW_IOC_READ", result, expected, buffer, reference, length + 1);
	if (!flags) {
		memset(buffer, CANARY, length + 1);
		result = session_pread(fd, address, buffer, length);
		assert_same("pread", result, expected, buffer, reference, length + 1);
	}
	test_free(reference);
	test_free(buffer);
	return expected;
}

int64_t assert_reads_match(int fd, pid_t pid, uint64_t address, size_t length)
{
	return assert_match(fd, pid, address, length, 0, reference_read);
}

int64_t assert_forced_reads_match(int fd, pid_t pid, uint64_t address, size_t length)
{
	return assert_match(fd, pid, address, length, MEMRW_FORCE, reference_read_forced);
}
