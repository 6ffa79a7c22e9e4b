// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process with a page that is there when it says so: it prints where, "fault" when
 * somebody reads it, and after a line of input it has bytes in it and prints "served".
 */

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static long page_size;

/* Its faults are told on the descriptor that this returns, or -1. */
static int take_faults(void *page)
{
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)page, page_size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &range))
		return -1;
	return fd;
}

static int serve(int fd, void *page)
{
	static char bytes[1 << 16];
	struct uffdio_copy copy = {
		.dst = (uintptr_t)page,
		.src = (uintptr_t)bytes,
		.len = page_size,
	};

	memset(bytes, 'u', page_size);
	return ioctl(fd, UFFDIO_COPY, &copy);
}

static void say(const char *word)
{
	puts(word);
	fflush(stdout);
}

int main(void)
{
	struct uffd_msg fault;
	char line[16];
	void *page;
	int fd;

	page_size = sysconf(_SC_PAGESIZE);
	page = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	fd = page == MAP_FAILED ? -1 : take_faults(page);
	if (fd < 0) {
		say("no userfaultfd");
		return 1;
	}
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	/* Whoever waits for this page is not to wait for ever. */
	alarm(300);
	printf("%p\n", page);
	fflush(stdout);
	if (read(fd, &fault, sizeof(fault)) != sizeof(fault))
		return 1;
	say("fault");
	if (!fgets(line, sizeof(line), stdin) || serve(fd, page))
		return 1;
	say("served");
	pause();
	return 0;
}
