// SPDX-License-Identifier: LGPL-2.1-or-later
/* Pages: which of them may be read, and which of them are there. */
#include "pages.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/param.h>
#include <sys/uio.h>
#include <unistd.h>

/* Few enough for the stack; enough to make the call cheap. */
#define WINDOW_PAGES 256

static size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

size_t mrw_page_rest(uint64_t address)
{
	return page_size() - address % page_size();
}

size_t mrw_pages_window(uint64_t address, size_t length)
{
	size_t window = mrw_page_rest(address) + (WINDOW_PAGES - 1) * page_size();

	return MIN(length, window);
}

/* One byte of every page of the range. */
static size_t list_pages(struct iovec *pages, uint64_t address, size_t length)
{
	size_t count = 0, done = 0;

	while (done < length) {
		pages[count].iov_base = (void *)(uintptr_t)(address + done);
		pages[count].iov_len = 1;
		done += mrw_page_rest(address + done);
		count++;
	}
	return count;
}

ssize_t mrw_pages_probe(pid_t pid, uint64_t address, size_t length)
{
	struct iovec pages[WINDOW_PAGES];
	char bytes[WINDOW_PAGES];
	struct iovec local = { bytes, sizeof(bytes) };
	size_t count, reached;
	ssize_t got;

	length = mrw_pages_window(address, length);
	if (address + length - 1 > UINTPTR_MAX) {
		errno = ENOTSUP;
		return -1;
	}

	count = list_pages(pages, address, length);
	got = process_vm_readv(pid, &local, 1, pages, count, 0);
	if (got < 0)
		return errno == EFAULT ? 0 : -1;
	if (!got)
		return 0;
	reached = mrw_page_rest(address) + (got - 1) * page_size();
	return MIN(reached, length);
}

/*
 * By the kernel, from this process to itself, since a buffer of the caller's
 * that is bad must come out as EFAULT and not as a signal.
 */
ssize_t mrw_pages_zero(void *buffer, size_t length)
{
	static const char zeros[4096];
	struct iovec local = { buffer, length };
	struct iovec remote[WINDOW_PAGES];
	size_t done = 0, count;
	ssize_t got;

	for (count = 0; count < WINDOW_PAGES && done < length; count++) {
		remote[count].iov_base = (void *)zeros;
		remote[count].iov_len = MIN(sizeof(zeros), length - done);
		done += remote[count].iov_len;
	}
	local.iov_len = done;

	got = process_vm_readv(getpid(), &local, 1, remote, count, 0);
	if (got < 0 && errno != EFAULT)
		errno = ENOTSUP;
	return got;
}

/* Of an entry of pagemap: the page is in memory, or swapped out. */
#define PRESENT_OR_SWAPPED (3ULL << 62)

int mrw_pages_run(int pagemap, uint64_t address, size_t length,
		  struct mrw_run *run)
{
	uint64_t entries[WINDOW_PAGES];
	size_t window = mrw_pages_window(address, length);
	size_t pages = (window - 1 + address % page_size()) / page_size() + 1;
	size_t i, count, reached;
	ssize_t got;

	got = pread(pagemap, entries, pages * sizeof(*entries),
		    address / page_size() * sizeof(*entries));
	if (got < 0)
		return -1;

	count = got / sizeof(*entries);
	run->length = 0;
	if (!count)
		return 0;
	run->present = entries[0] & PRESENT_OR_SWAPPED;
	for (i = 1; i < count; i++)
		if (!!(entries[i] & PRESENT_OR_SWAPPED) != run->present)
			break;
	reached = mrw_page_rest(address) + (i - 1) * page_size();
	run->length = MIN(reached, window);
	return 0;
}

/* As <linux/fs.h> has it, which may be older than the kernel. */
struct pages_found {
	uint64_t start;
	uint64_t end;
	uint64_t categories;
};

struct pages_query {
	uint64_t size;
	uint64_t flags;
	uint64_t start;
	uint64_t end;
	uint64_t walk_end;
	uint64_t vec;
	uint64_t vec_len;
	uint64_t max_pages;
	uint64_t category_inverted;
	uint64_t category_mask;
	uint64_t category_anyof_mask;
	uint64_t return_mask;
};

#define PAGES_SCAN	_IOWR('f', 16, struct pages_query)
#define PAGES_PRESENT	(1ULL << 3)
#define PAGES_SWAPPED	(1ULL << 4)

static int scan_pages(int pagemap, uint64_t address, size_t length,
		      struct mrw_run *run)
{
	uint64_t start = address - address % page_size(), end = address + length;
	struct pages_found found = { 0 };
	struct pages_query query = {
		.size = sizeof(query),
		.start = start,
		.end = end - 1 + mrw_page_rest(end - 1),
		.vec = (uintptr_t)&found,
		.vec_len = 1,
		.category_anyof_mask = PAGES_PRESENT | PAGES_SWAPPED,
		/* Else neighbours that differ in it would be apart. */
		.return_mask = 0,
	};
	int count = ioctl(pagemap, PAGES_SCAN, &query);

	if (count < 0)
		return -1;
	run->present = count && found.start <= address;
	if (count)
		end = MIN(end, run->present ? found.end : found.start);
	run->length = end - address;
	return 0;
}

int mrw_pages_ask(int pagemap, uint64_t address, size_t length,
		  struct mrw_run *run)
{
	run->length = 0;
	if (pagemap < 0)
		return 0;
	/* Without such a call, and where the memory is gone. */
	if (scan_pages(pagemap, address, length, run) < 0)
		return mrw_pages_run(pagemap, address, length, run);
	return 0;
}
