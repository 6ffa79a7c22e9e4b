// SPDX-License-Identifier: GPL-2.0-only
/* Every kind of memory that a target can have. */
#include <fcntl.h>
#include <glob.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/maps.h"
#include "lib/memory.h"
#include "lib/reference.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

#define NR_HUGEPAGES "/proc/sys/vm/nr_hugepages"

static struct worker *target;
static int session;

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

/* A file of @length bytes of pattern @seed, without a name. */
static int file_with_pattern(size_t length, unsigned int seed)
{
	uint8_t *data = test_malloc(length);
	char path[] = "/tmp/memrw-XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	assert_return_code(fd, errno);
	unlink(path);
	pattern_fill(data, length, seed);
	assert_int_equal(write(fd, data, length), length);
	test_free(data);
	return fd;
}

/* A worker that has the files that the test opened before. */
static void restart_target(void)
{
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
}

static void assert_reads_whole(uint64_t address, size_t length)
{
	assert_int_equal(assert_reads_match(session, worker_pid(target), address, length), length);
	assert_int_equal(assert_forced_reads_match(session, worker_pid(target), address, length),
			 length);
}

static void assert_writes(uint64_t address, size_t length, unsigned int seed)
{
	uint8_t *data = test_malloc(length);

	pattern_fill(data, length, seed);
	assert_int_equal(session_write(session, address, data, length, 0), length);
	assert_true(memory_matches(target, address, length, seed));
	pattern_fill(data, length, seed + 1);
	assert_int_equal(session_pwrite(session, address, data, length), length);
	assert_true(memory_matches(target, address, length, seed + 1));
	test_free(data);
}

static void anonymous_memory_reads_and_writes(void **state)
{
	uint64_t address = memory_map_pattern(target, 8 * PAGE, 1);

	(void)state;
	assert_reads_whole(address, 8 * PAGE);
	assert_writes(address, 8 * PAGE, 2);
}

static void untouched_anonymous_memory_reads_as_zeros(void **state)
{
	uint64_t address = memory_map_anonymous(target, 8 * PAGE);
	static const uint8_t zeros[PAGE_MAX];
	uint8_t page[PAGE];

	(void)state;
	assert_int_equal(session_read(session, address, page, PAGE, 0), PAGE);
	assert_memory_equal(page, zeros, PAGE);
	assert_reads_whole(address, 8 * PAGE);
}

static void untouched_anonymous_memory_takes_a_write(void **state)
{
	(void)state;
	assert_writes(memory_map_anonymous(target, 8 * PAGE), 8 * PAGE, 2);
}

static void memory_that_was_only_read_takes_a_write(void **state)
{
	uint64_t address = memory_map_anonymous(target, 8 * PAGE);

	(void)state;
	/* Now the target has the zero page there, which must not be the one written to. */
	assert_true(memory_is(target, address, 8 * PAGE, 0));
	assert_writes(address, 8 * PAGE, 2);
	assert_true(memory_is(target, memory_map_anonymous(target, PAGE), PAGE, 0));
}

static void shared_anonymous_memory_reads_and_writes(void **state)
{
	uint64_t address = memory_map(target, 0, 8 * PAGE, PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	(void)state;
	memory_fill(target, address, 8 * PAGE, 1);
	assert_reads_whole(address, 8 * PAGE);
	assert_writes(address, 8 * PAGE, 2);
}

static void write_to_shared_memory_reaches_all_who_share_it(void **state)
{
	uint8_t *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
			       0);

	(void)state;
	restart_target();
	assert_writes((uintptr_t)shared, PAGE, 3);
	assert_true(pattern_matches(shared, PAGE, 0, 4));
	munmap(shared, PAGE);
}

static void write_to_private_memory_stays_with_the_target(void **state)
{
	uint8_t *private = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);

	(void)state;
	pattern_fill(private, PAGE, 1);
	/* The fork shares the page between the two until one is written to. */
	restart_target();
	assert_reads_whole((uintptr_t)private, PAGE);
	assert_writes((uintptr_t)private, PAGE, 3);
	assert_true(pattern_matches(private, PAGE, 0, 1));
	munmap(private, PAGE);
}

static long fork_child_that_compares(void *arg)
{
	uint64_t address = *(uint64_t *)arg;
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(!pattern_matches((void *)(uintptr_t)address, PAGE, 0, 3));
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return status;
}

static void a_child_of_the_target_inherits_what_was_written(void **state)
{
	uint64_t address = memory_map_pattern(target, PAGE, 1);
	uint8_t data[PAGE];

	(void)state;
	pattern_fill(data, PAGE, 3);
	assert_int_equal(session_write(session, address, data, PAGE, 0), PAGE);
	assert_int_equal(worker_call(target, fork_child_that_compares, &address, sizeof(address)),
			 0);
}

static void shared_file_mapping_reads_and_writes_the_file(void **state)
{
	int fd = file_with_pattern(8 * PAGE, 1);
	uint8_t data[PAGE];
	uint64_t address;

	(void)state;
	restart_target();
	address = memory_map(target, 0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_reads_whole(address, 8 * PAGE);
	assert_writes(address, 8 * PAGE, 2);
	assert_int_equal(pread(fd, data, PAGE, 0), PAGE);
	assert_true(pattern_matches(data, PAGE, 0, 3));
	close(fd);
}

static void private_file_mapping_is_copied_on_write(void **state)
{
	int fd = file_with_pattern(8 * PAGE, 1);
	uint8_t data[PAGE];
	uint64_t address;

	(void)state;
	restart_target();
	address = memory_map(target, 0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	assert_reads_whole(address, 8 * PAGE);
	assert_writes(address, 8 * PAGE, 2);
	assert_int_equal(pread(fd, data, PAGE, 0), PAGE);
	assert_true(pattern_matches(data, PAGE, 0, 1));
	close(fd);
}

static void mapping_behind_the_end_of_its_file_is_eio(void **state)
{
	int fd = file_with_pattern(PAGE, 1);
	uint64_t address, word = 0;

	(void)state;
	restart_target();
	address = memory_map(target, 0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_int_equal(assert_reads_match(session, worker_pid(target), address, 4 * PAGE), PAGE);
	assert_int_equal(assert_reads_match(session, worker_pid(target), address + PAGE, 8), -EIO);
	assert_int_equal(session_write(session, address + PAGE, &word, 8, 0), -EIO);
	close(fd);
}

static void read_only_mapping_reads_and_refuses_a_write(void **state)
{
	uint64_t address = memory_map_pattern(target, 2 * PAGE, 1), word = 0;

	(void)state;
	memory_protect(target, address, 2 * PAGE, PROT_READ);
	assert_reads_whole(address, 2 * PAGE);
	assert_int_equal(session_write(session, address, &word, 8, 0), -EIO);
	assert_int_equal(session_pwrite(session, address, &word, 8), -EIO);
	assert_int_equal(reference_write(worker_pid(target), address, &word, 8), -EIO);
	assert_true(memory_matches(target, address, 2 * PAGE, 1));
}

static void inaccessible_mapping_is_eio(void **state)
{
	uint64_t address = memory_map_pattern(target, 2 * PAGE, 1), word = 0;

	(void)state;
	memory_protect(target, address, 2 * PAGE, PROT_NONE);
	assert_int_equal(assert_reads_match(session, worker_pid(target), address, PAGE), -EIO);
	assert_int_equal(session_write(session, address, &word, 8, 0), -EIO);
}

static void executable_mapping_reads(void **state)
{
	uint64_t address = memory_map_pattern(target, 2 * PAGE, 1);

	(void)state;
	memory_protect(target, address, 2 * PAGE, PROT_READ | PROT_EXEC);
	assert_reads_whole(address, 2 * PAGE);
}

static void program_text_reads(void **state)
{
	(void)state;
	assert_reads_whole((uintptr_t)program_text_reads & -PAGE, PAGE);
}

static void stack_reads(void **state)
{
	struct map_entry stack;

	(void)state;
	assert_true(maps_find(worker_pid(target), "[stack]", &stack));
	assert_reads_whole(stack.start, stack.end - stack.start);
}

static void address_below_the_stack_is_eio_and_does_not_grow_it(void **state)
{
	struct map_entry before, after;
	uint64_t word = 0;

	(void)state;
	assert_true(maps_find(worker_pid(target), "[stack]", &before));
	assert_int_equal(session_read(session, before.start - PAGE, &word, 8, 0), -EIO);
	assert_int_equal(session_write(session, before.start - PAGE, &word, 8, 0), -EIO);
	assert_int_equal(session_read(session, before.start - 3, &word, 6, MEMRW_FORCE), -EIO);
	assert_true(maps_find(worker_pid(target), "[stack]", &after));
	assert_int_equal(after.start, before.start);
}

static void transparent_huge_page_reads_and_writes(void **state)
{
	uint64_t address, end, huge = huge_page_size();
	char path[64];

	(void)state;
	address = memory_map_anonymous(target, 2 * huge);
	address = (address + huge - 1) & -huge;
	if (memory_advise(target, address, huge, MADV_HUGEPAGE))
		skip_because("the kernel has no transparent huge pages");
	memory_fill(target, address, huge, 1);
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", worker_pid(target));
	if (file_number(path, "AnonHugePages:") <= 0)
		skip_because("the kernel gave the target no huge page");
	assert_reads_whole(address, huge);
	/* Across its end, and the end of one part and the begin of another. */
	end = address + huge;
	assert_reads_whole(end - 5000, 5000);
	assert_reads_whole(address + PAGE - 3, 9);
	assert_writes(address, huge, 2);
	assert_writes(address + 5 * PAGE + 1, 3 * PAGE, 5);
}

static void need_huge_pages(int count)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", count);
	if (file_write(NR_HUGEPAGES, text) || file_number("/proc/meminfo", "HugePages_Free:") < count)
		skip_because("the kernel has no %d huge pages to reserve", count);
}

static void assert_hugetlb_reads_and_writes(int flags)
{
	uint64_t address, huge = huge_page_size();

	need_huge_pages(2);
	address = memory_map(target, 0, 2 * huge, PROT_READ | PROT_WRITE,
			     flags | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	memory_fill(target, address, 2 * huge, 1);
	assert_reads_whole(address, 2 * huge);
	assert_reads_whole(address + huge - 5000, 10000);
	assert_writes(address, 2 * huge, 2);
	assert_writes(address + huge - 5000, 10000, 5);
}

static void private_hugetlb_page_reads_and_writes(void **state)
{
	(void)state;
	assert_hugetlb_reads_and_writes(MAP_PRIVATE);
}

static void shared_hugetlb_page_reads_and_writes(void **state)
{
	(void)state;
	assert_hugetlb_reads_and_writes(MAP_SHARED);
}

static int hugetlb_teardown(void **state)
{
	test_teardown(state);
	file_write(NR_HUGEPAGES, "0");
	return 0;
}

static long open_secret(void *arg)
{
	int fd = syscall(SYS_memfd_secret, 0);

	(void)arg;
	if (fd < 0)
		return -errno;
	return ftruncate(fd, 4 * PAGE) < 0 ? -errno : fd;
}

static void secret_memory_is_eio(void **state)
{
	uint64_t address, word = 0;
	long fd = worker_call(target, open_secret, NULL, 0);

	(void)state;
	if (fd == -ENOSYS)
		skip_because("the kernel has no memfd_secret, or it is off");
	assert_true(fd >= 0);
	address = memory_map(target, 0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	memory_fill(target, address, 4 * PAGE, 1);
	assert_int_equal(assert_reads_match(session, worker_pid(target), address, 4 * PAGE), -EIO);
	assert_int_equal(assert_forced_reads_match(session, worker_pid(target), address, 4 * PAGE),
			 -EIO);
	assert_int_equal(session_write(session, address, &word, 8, 0), -EIO);
	assert_int_equal(session_write(session, address, &word, 8, MEMRW_FORCE), -EIO);
	assert_true(memory_matches(target, address, 4 * PAGE, 1));
}

static void vdso_reads(void **state)
{
	struct map_entry vdso;

	(void)state;
	assert_true(maps_find(worker_pid(target), "[vdso]", &vdso));
	assert_reads_whole(vdso.start, vdso.end - vdso.start);
}

static void write_to_vdso_needs_force(void **state)
{
	struct map_entry vdso;
	uint64_t word;

	(void)state;
	assert_true(maps_find(worker_pid(target), "[vdso]", &vdso));
	assert_int_equal(session_read(session, vdso.start, &word, 8, 0), 8);
	assert_int_equal(session_write(session, vdso.start, &word, 8, 0), -EIO);
	word ^= 0xff;
	assert_int_equal(session_write(session, vdso.start, &word, 8, MEMRW_FORCE), 8);
	assert_int_equal(memory_peek(target, vdso.start), word);
	/* The page was everybody's until then: this process was forked with the same one. */
	assert_int_equal(*(uint64_t *)(uintptr_t)vdso.start, word ^ 0xff);
}

/* Its pages are the kernel's own: mere page frames, or, in Linux 7, pages that can be read. */
static void vvar_is_what_it_is_to_process_vm_readv(void **state)
{
	struct map_entry vvar;
	uint64_t word = 0;
	int64_t expected;

	(void)state;
	if (!maps_find(worker_pid(target), "[vvar]", &vvar))
		skip_because("the target has no [vvar]");
	expected = reference_read(worker_pid(target), vvar.start, &word, 8);
	assert_int_equal(session_read(session, vvar.start, &word, 8, 0), expected);
	assert_int_equal(session_read(session, vvar.start, &word, 8, MEMRW_FORCE), expected);
	assert_int_equal(session_write(session, vvar.start, &word, 8, MEMRW_FORCE), -EIO);
}

/* With vsyscall=emulate the page can be read, else not: as the kernel has it. */
static void vsyscall_is_what_it_is_to_the_kernel(void **state)
{
	uint64_t vsyscall = 0xffffffffff600000UL, word = 0;
	uint64_t expected_word = 0;
	int64_t expected;

	(void)state;
	expected = reference_read(worker_pid(target), vsyscall, &expected_word, 8);
	/* Not memory of the target's, says the ABI: so an emulated one is EIO, too. */
	if (expected > 0)
		expected = -EIO;
	assert_int_equal(session_read(session, vsyscall, &word, 8, 0), expected);
	assert_int_equal(session_write(session, vsyscall, &word, 8, MEMRW_FORCE), -EIO);
}

struct device_request {
	char path[128];
	uint64_t offset, address;
};

static long map_device(void *arg)
{
	struct device_request *request = arg;
	int fd = open(request->path, O_RDWR | O_SYNC);
	void *p;

	if (fd < 0)
		return -errno;
	p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, request->offset);
	close(fd);
	if (p == MAP_FAILED)
		return -errno;
	request->address = (uintptr_t)p;
	return 0;
}

/* The first memory of a PCI device that no driver keeps, or else the firmware's. */
static bool target_maps_device(struct device_request *request)
{
	bool mapped = false;
	glob_t found;

	if (!glob("/sys/bus/pci/devices/*/resource[0-5]", 0, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc && !mapped; i++) {
			snprintf(request->path, sizeof(request->path), "%s", found.gl_pathv[i]);
			mapped = !worker_call(target, map_device, request, sizeof(*request));
		}
		globfree(&found);
	}
	if (!mapped) {
		*request = (struct device_request){ .path = "/dev/mem", .offset = 0xf0000 };
		mapped = !worker_call(target, map_device, request, sizeof(*request));
	}
	return mapped;
}

static void device_mapping_is_eio_as_to_process_vm_readv(void **state)
{
	struct device_request request = { 0 };
	uint64_t word = 0;

	(void)state;
	if (!target_maps_device(&request))
		skip_because("no device's memory can be mapped");
	note("the device memory is %s", request.path);
	assert_int_equal(assert_reads_match(session, worker_pid(target), request.address, 8), -EIO);
	assert_int_equal(assert_reads_match(session, worker_pid(target), request.address, PAGE),
			 -EIO);
	assert_int_equal(session_read(session, request.address, &word, 8, MEMRW_FORCE), -EIO);
	assert_int_equal(session_read(session, request.address, &word, 8, MEMRW_NO_POPULATE), -EIO);
	assert_int_equal(session_write(session, request.address, &word, 8, 0), -EIO);
	assert_int_equal(session_write(session, request.address, &word, 8, MEMRW_FORCE), -EIO);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, test_teardown)
#define on_hugetlb(fn) cmocka_unit_test_setup_teardown(fn, setup, hugetlb_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(anonymous_memory_reads_and_writes),
		on_target(untouched_anonymous_memory_reads_as_zeros),
		on_target(untouched_anonymous_memory_takes_a_write),
		on_target(memory_that_was_only_read_takes_a_write),
		on_target(shared_anonymous_memory_reads_and_writes),
		on_target(write_to_shared_memory_reaches_all_who_share_it),
		on_target(write_to_private_memory_stays_with_the_target),
		on_target(a_child_of_the_target_inherits_what_was_written),
		on_target(shared_file_mapping_reads_and_writes_the_file),
		on_target(private_file_mapping_is_copied_on_write),
		on_target(mapping_behind_the_end_of_its_file_is_eio),
		on_target(read_only_mapping_reads_and_refuses_a_write),
		on_target(inaccessible_mapping_is_eio),
		on_target(executable_mapping_reads),
		on_target(program_text_reads),
		on_target(stack_reads),
		on_target(address_below_the_stack_is_eio_and_does_not_grow_it),
		on_target(transparent_huge_page_reads_and_writes),
		on_hugetlb(private_hugetlb_page_reads_and_writes),
		on_hugetlb(shared_hugetlb_page_reads_and_writes),
		on_target(secret_memory_is_eio),
		on_target(vdso_reads),
		on_target(write_to_vdso_needs_force),
		on_target(vvar_is_what_it_is_to_process_vm_readv),
		on_target(vsyscall_is_what_it_is_to_the_kernel),
		on_target(device_mapping_is_eio_as_to_process_vm_readv),
	};

	return run_behaviours(tests);
}
