// SPDX-License-Identifier: GPL-2.0-only
#include "lib/witness.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"

#define MOUNT		"/tmp/memrw-witness"
#define PATIENCE_MS	10000

static size_t count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* Each open session is one. */
static long long module_references(void)
{
	return file_number("/sys/module/memrw/refcnt", "");
}

/* A file system of its own: in use for as long as the target's mm maps a file of it. */
static int make_file(void)
{
	int fd;

	mkdir(MOUNT, 0700);
	assert_return_code(mount("tmpfs", MOUNT, "tmpfs", 0, NULL), errno);
	fd = open(MOUNT "/file", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_return_code(fd, errno);
	assert_return_code(ftruncate(fd, PAGE), errno);
	return fd;
}

void witness_start(struct witness *witness, size_t length)
{
	int file = make_file();

	witness->length = length;
	witness->memfd = memfd_create("witness", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	assert_return_code(witness->memfd, errno);
	assert_return_code(ftruncate(witness->memfd, length), errno);
	witness->target = worker_start(ROOT);
	memory_map(witness->target, 0, PAGE, PROT_READ, MAP_SHARED, file, 0);
	close(file);
	witness->shared = memory_map(witness->target, 0, length, PROT_READ | PROT_WRITE,
				     MAP_SHARED, witness->memfd, 0);
	witness->anonymous = memory_map_anonymous(witness->target, length);
	/* Base pages: it is each of them that is looked at in the end. */
	memory_advise(witness->target, witness->anonymous, length, MADV_NOHUGEPAGE);
	memory_fill(witness->target, witness->shared, length, 1);
	memory_fill(witness->target, witness->anonymous, length, 1);
	witness->references = module_references();
	witness->descriptors = count_descriptors();
}

void witness_assert_nothing_open(const struct witness *witness)
{
	assert_int_equal(module_references(), witness->references);
	assert_int_equal(count_descriptors(), witness->descriptors);
}

struct pages {
	uint64_t address;
	size_t length;
};

static uint64_t frame(int pagemap, uint64_t address)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, 8, address / PAGE * 8) != 8)
		return 0;
	return entry & ((1ULL << 55) - 1);
}

static void stay_on_this_processor(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/*
 * After a child that shared a page has gone, a write to it gives the parent a
 * copy if, and only if, there is still another reference to it.  Returns how
 * many pages were copied.
 */
static long count_held(void *arg)
{
	const struct pages *pages = arg;
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	long held = 0;
	pid_t pid;

	/*
	 * The kernel's own lists of pages have references, too: this empties them, and
	 * then fills them with what it has moved, which a write looks for on its own
	 * processor's list only.
	 */
	stay_on_this_processor();
	file_write("/proc/sys/vm/compact_memory", "1");
	pid = fork();
	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	for (size_t i = 0; i < pages->length; i += PAGE) {
		volatile uint8_t *byte = (uint8_t *)(uintptr_t)(pages->address + i);
		uint64_t before = frame(pagemap, pages->address + i);

		*byte = *byte;
		held += !before || frame(pagemap, pages->address + i) != before;
	}
	close(pagemap);
	return held;
}

static bool unmounted(void *arg)
{
	(void)arg;
	return !umount(MOUNT);
}

long witness_end(struct witness *witness)
{
	struct pages pages = { witness->anonymous, witness->length };
	long held = worker_call(witness->target, count_held, &pages, sizeof(pages));

	assert_true(worker_kill(witness->target, SIGKILL, PATIENCE_MS));
	/* Its memory has gone, with all that is mapped in it ... */
	assert_true(eventually(unmounted, NULL, PATIENCE_MS));
	/* ... and nobody has a page of it: sealing waits for that a while, and fails. */
	assert_return_code(fcntl(witness->memfd, F_ADD_SEALS, F_SEAL_WRITE), errno);
	close(witness->memfd);
	rmdir(MOUNT);
	return held;
}

void witness_clean_up(void)
{
	if (!umount2(MOUNT, MNT_DETACH))
		rmdir(MOUNT);
}
