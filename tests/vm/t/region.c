// SPDX-License-Identifier: GPL-2.0-only
/* MEMRW_IOC_QUERY_REGION, beside /proc/PID/maps. */
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/maps.h"
#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/worker.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#define PR_SET_VMA_ANON_NAME 0
#endif

#define NAME_SIZE 8192

static struct worker *target;
static int session;
static char name[NAME_SIZE];

static int setup(void **state)
{
	(void)state;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static struct memrw_query_region query(uint64_t at)
{
	struct memrw_query_region region;

	memset(name, 0xff, sizeof(name));
	assert_int_equal(session_query_region(session, at, &region, name, sizeof(name)), 0);
	if (!region.name_size)
		name[0] = '\0';
	return region;
}

static void assert_is(const struct memrw_query_region *region, const struct map_entry *entry)
{
	assert_int_equal(region->start, entry->start);
	assert_int_equal(region->end, entry->end);
	assert_int_equal(region->properties, entry->properties);
	assert_int_equal(region->offset, entry->offset);
	assert_int_equal(region->device_major, entry->major);
	assert_int_equal(region->device_minor, entry->minor);
	assert_int_equal(region->inode, entry->inode);
	assert_string_equal(name, entry->name);
	assert_int_equal(region->name_size, entry->name[0] ? strlen(entry->name) + 1 : 0);
}

/* All regions of the target, one after another, are those of its maps. */
static size_t assert_same_as_maps(void)
{
	struct memrw_query_region region;
	uint64_t at = 0;
	size_t count;
	struct map_entry *entries = maps_read(worker_pid(target), &count);

	for (size_t i = 0; i < count; i++) {
		region = query(at);
		assert_is(&region, &entries[i]);
		at = region.end;
	}
	assert_int_equal(session_query_region(session, at, &region, NULL, 0), -EIO);
	free(entries);
	return count;
}

/* Leaves a name in the file system for the time of a test. */
static char kept_path[PATH_MAX];

static int teardown(void **state)
{
	if (kept_path[0])
		unlink(kept_path);
	kept_path[0] = '\0';
	return test_teardown(state);
}

static int make_file(const char *path, size_t length)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_return_code(fd, errno);
	assert_return_code(ftruncate(fd, length), errno);
	snprintf(kept_path, sizeof(kept_path), "%s", path);
	return fd;
}

/* The target maps a file of that name, which has to be opened before its start. */
static uint64_t map_file(const char *path, size_t length, int prot, int flags, uint64_t offset)
{
	int fd = make_file(path, length + offset);
	uint64_t address;

	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	address = memory_map(target, 0, length, prot, flags, fd, offset);
	close(fd);
	return address;
}

static void regions_of_a_plain_process_are_those_of_maps(void **state)
{
	(void)state;
	note("%zu regions", assert_same_as_maps());
}

static void every_protection_is_that_of_maps(void **state)
{
	static const int flags[] = { MAP_PRIVATE | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		for (int prot = 0; prot <= (PROT_READ | PROT_WRITE | PROT_EXEC); prot++)
			memory_map(target, 0, PAGE, prot, flags[i], -1, 0);
	}
	assert_same_as_maps();
}

static void a_process_with_many_regions_is_that_of_maps(void **state)
{
	uint64_t address = memory_map_anonymous(target, 1000 * PAGE);

	(void)state;
	for (unsigned int i = 0; i < 1000; i += 2)
		memory_protect(target, address + i * PAGE, PAGE, PROT_READ);
	assert_true(assert_same_as_maps() > 1000);
}

static void region_protection_is_told(void **state)
{
	uint64_t address = memory_map_anonymous(target, 4 * PAGE);

	(void)state;
	memory_protect(target, address + PAGE, PAGE, PROT_READ | PROT_EXEC);
	memory_protect(target, address + 2 * PAGE, PAGE, PROT_NONE);
	assert_int_equal(query(address).properties, MEMRW_REGION_READ | MEMRW_REGION_WRITE);
	assert_int_equal(query(address + PAGE).properties, MEMRW_REGION_READ | MEMRW_REGION_EXEC);
	assert_int_equal(query(address + 2 * PAGE).properties, 0);
	address = memory_map(target, 0, PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_int_equal(query(address).properties, MEMRW_REGION_READ | MEMRW_REGION_SHARED);
}

/* Three pages with holes before and behind. */
static uint64_t map_alone(void)
{
	uint64_t address = memory_map_anonymous(target, 5 * PAGE) + PAGE;

	memory_unmap(target, address - PAGE, PAGE);
	memory_unmap(target, address + 3 * PAGE, PAGE);
	return address;
}

static void an_address_inside_gives_the_region_around_it(void **state)
{
	uint64_t address = map_alone();
	uint64_t inside[] = { address, address + 1, address + PAGE, address + 3 * PAGE - 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(inside); i++) {
		assert_int_equal(query(inside[i]).start, address);
		assert_int_equal(query(inside[i]).end, address + 3 * PAGE);
	}
}

static void an_address_in_a_hole_gives_the_next_region(void **state)
{
	uint64_t address = map_alone();

	(void)state;
	assert_int_equal(query(address - PAGE).start, address);
	assert_int_equal(query(address - 1).start, address);
	assert_true(query(address + 3 * PAGE).start >= address + 4 * PAGE);
}

static void address_zero_gives_the_first_region(void **state)
{
	size_t count;
	struct map_entry *entries = maps_read(worker_pid(target), &count);

	(void)state;
	assert_int_equal(query(0).start, entries[0].start);
	free(entries);
}

static void behind_the_last_region_is_eio(void **state)
{
	struct memrw_query_region region;
	size_t count;
	struct map_entry *entries = maps_read(worker_pid(target), &count);

	(void)state;
	assert_int_equal(session_query_region(session, entries[count - 1].end, &region, NULL, 0),
			 -EIO);
	free(entries);
}

static void the_kernel_half_is_eio(void **state)
{
	struct memrw_query_region region;

	(void)state;
	assert_int_equal(session_query_region(session, 0xffff800000000000UL, &region, NULL, 0),
			 -EIO);
	assert_int_equal(session_query_region(session, ~0UL, &region, NULL, 0), -EIO);
}

static void the_vsyscall_page_is_not_a_region(void **state)
{
	struct memrw_query_region region;

	(void)state;
	assert_int_equal(session_query_region(session, 0xffffffffff600000UL, &region, NULL, 0),
			 -EIO);
}

static void named_regions_of_the_kernel_are_told(void **state)
{
	static const char * const names[] = { "[heap]", "[stack]", "[vdso]" };
	struct map_entry entry;

	(void)state;
	free(malloc(1));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		assert_true(maps_find(worker_pid(target), names[i], &entry));
		assert_int_equal(query(entry.start).start, entry.start);
		assert_string_equal(name, names[i]);
	}
	if (maps_find(worker_pid(target), "[vvar]", &entry)) {
		query(entry.start);
		assert_string_equal(name, "[vvar]");
	}
}

static long grow_heap(void *arg)
{
	(void)arg;
	return sbrk(MIB) == (void *)-1 ? -errno : 0;
}

static void a_grown_heap_is_that_of_maps(void **state)
{
	(void)state;
	assert_int_equal(worker_call(target, grow_heap, NULL, 0), 0);
	assert_same_as_maps();
}

static void a_file_mapping_tells_its_file(void **state)
{
	uint64_t address = map_file("/tmp/memrw-region", 4 * PAGE, PROT_READ, MAP_PRIVATE,
				    3 * PAGE);
	struct memrw_query_region region = query(address);
	struct stat st;

	(void)state;
	assert_return_code(stat(kept_path, &st), errno);
	assert_int_equal(region.inode, st.st_ino);
	assert_int_equal(region.offset, 3 * PAGE);
	assert_string_equal(name, kept_path);
	assert_int_equal(region.name_size, strlen(kept_path) + 1);
	assert_same_as_maps();
}

static void a_deleted_file_is_marked(void **state)
{
	uint64_t address = map_file("/tmp/memrw-gone", PAGE, PROT_READ, MAP_SHARED, 0);

	(void)state;
	unlink(kept_path);
	query(address);
	assert_string_equal(name, "/tmp/memrw-gone (deleted)");
	assert_same_as_maps();
}

static void a_name_with_blanks_is_told_as_it_is(void **state)
{
	uint64_t address = map_file("/tmp/memrw with  blanks", PAGE, PROT_READ, MAP_SHARED, 0);

	(void)state;
	query(address);
	assert_string_equal(name, "/tmp/memrw with  blanks");
	assert_same_as_maps();
}

static void a_newline_in_a_name_is_not_escaped(void **state)
{
	uint64_t address = map_file("/tmp/memrw\nnewline", PAGE, PROT_READ, MAP_SHARED, 0);

	(void)state;
	query(address);
	assert_string_equal(name, "/tmp/memrw\nnewline");
	assert_same_as_maps();
}

/* "/tmp" and directories of 255 letters, nearly as long as a path may be. */
static char *long_path(void)
{
	static char path[PATH_MAX];
	char directory[257];

	memset(directory, 'd', 256);
	directory[0] = '/';
	directory[256] = '\0';
	strcpy(path, "/tmp");
	while (strlen(path) + 2 * sizeof(directory) < PATH_MAX) {
		strcat(path, directory);
		if (mkdir(path, 0700) < 0 && errno != EEXIST)
			fail_msg("mkdir: %s", strerror(errno));
	}
	strcat(path, "/file");
	return path;
}

static void remove_directories(char *path)
{
	unlink(path);
	for (char *slash = strrchr(path, '/'); slash != path; slash = strrchr(path, '/')) {
		*slash = '\0';
		if (rmdir(path) < 0)
			break;
	}
}

static void a_path_of_nearly_path_max_is_told_whole(void **state)
{
	char *path = long_path();
	uint64_t address = map_file(path, PAGE, PROT_READ, MAP_SHARED, 0);
	struct memrw_query_region region = query(address);

	(void)state;
	assert_true(strlen(path) > 3500);
	assert_string_equal(name, path);
	assert_int_equal(region.name_size, strlen(path) + 1);
	assert_same_as_maps();
	remove_directories(path);
}

static void no_name_fits_in_less_than_it_takes(void **state)
{
	uint64_t address = map_file("/tmp/memrw-region", PAGE, PROT_READ, MAP_SHARED, 0);
	struct memrw_query_region region;
	size_t whole = strlen(kept_path);

	(void)state;
	for (size_t size = 1; size <= whole + 2; size++) {
		size_t kept = size > whole ? whole : size - 1;

		memset(name, 0xff, sizeof(name));
		assert_int_equal(session_query_region(session, address, &region, name, size), 0);
		assert_int_equal(region.name_size, whole + 1);
		assert_memory_equal(name, kept_path, kept);
		assert_int_equal(name[kept], '\0');
		assert_int_equal((uint8_t)name[size], 0xff);
	}
}

static void a_name_buffer_of_nothing_is_not_written_to(void **state)
{
	uint64_t address = map_file("/tmp/memrw-region", PAGE, PROT_READ, MAP_SHARED, 0);
	struct memrw_query_region region;

	(void)state;
	name[0] = 'x';
	assert_int_equal(session_query_region(session, address, &region, name, 0), 0);
	assert_int_equal(region.name_size, strlen(kept_path) + 1);
	assert_int_equal(name[0], 'x');
}

static void without_name_buffer_the_size_of_the_name_is_told(void **state)
{
	uint64_t address = map_file("/tmp/memrw-region", PAGE, PROT_READ, MAP_SHARED, 0);
	struct memrw_query_region region;

	(void)state;
	assert_int_equal(session_query_region(session, address, &region, NULL, 4096), 0);
	assert_int_equal(region.name_size, strlen(kept_path) + 1);
	assert_int_equal(session_query_region(session, address, &region, NULL, 0), 0);
	assert_int_equal(region.name_size, strlen(kept_path) + 1);
}

static void a_region_without_a_name_has_name_size_zero(void **state)
{
	uint64_t address = memory_map_anonymous(target, PAGE);
	struct memrw_query_region region;

	(void)state;
	/* No neighbour to be merged with. */
	memory_protect(target, address, PAGE, PROT_EXEC);
	memset(name, 0xff, sizeof(name));
	assert_int_equal(session_query_region(session, address, &region, name, sizeof(name)), 0);
	assert_int_equal(region.start, address);
	assert_int_equal(region.name_size, 0);
	assert_int_equal(name[0], '\0');
}

static void unmapped_name_buffer_is_efault(void **state)
{
	uint64_t address = map_file("/tmp/memrw-region", PAGE, PROT_READ, MAP_SHARED, 0);
	struct memrw_query_region region;

	(void)state;
	assert_int_equal(session_query_region(session, address, &region, (char *)PAGE, 64),
			 -EFAULT);
}

static void the_answer_keeps_what_was_asked(void **state)
{
	uint64_t address = map_alone();
	struct memrw_query_region region = query(address + 5);

	(void)state;
	assert_int_equal(region.address, address + 5);
	assert_int_equal(region.size, sizeof(region));
	assert_int_equal(region.flags, 0);
	assert_int_equal(region.name, (uintptr_t)name);
}

struct naming {
	uint64_t address;
	char name[32];
};

static long name_anonymous(void *arg)
{
	struct naming *naming = arg;

	return prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, naming->address, PAGE, naming->name) < 0 ?
		       -errno : 0;
}

static void anonymous_memory_with_a_name_is_that_of_maps(void **state)
{
	struct naming private = { memory_map_anonymous(target, PAGE), "a name" };
	struct naming shared = { memory_map(target, 0, PAGE, PROT_READ,
					    MAP_SHARED | MAP_ANONYMOUS, -1, 0), "shared" };

	(void)state;
	if (!session_has_feature(session, MEMRW_FEATURE_ANON_NAME))
		skip_because("the kernel has no names for anonymous memory");
	assert_int_equal(worker_call(target, name_anonymous, &private, sizeof(private)), 0);
	query(private.address);
	assert_string_equal(name, "[anon:a name]");
	if (!worker_call(target, name_anonymous, &shared, sizeof(shared))) {
		query(shared.address);
		assert_string_equal(name, "[anon_shmem:shared]");
	}
	assert_same_as_maps();
}

static void without_the_feature_anonymous_memory_takes_no_name(void **state)
{
	struct naming naming = { memory_map_anonymous(target, PAGE), "a name" };

	(void)state;
	if (session_has_feature(session, MEMRW_FEATURE_ANON_NAME))
		skip_because("the kernel has names for anonymous memory");
	assert_int_equal(worker_call(target, name_anonymous, &naming, sizeof(naming)), -EINVAL);
	query(naming.address);
	assert_string_equal(name, "");
}

static void shared_anonymous_memory_is_that_of_maps(void **state)
{
	(void)state;
	memory_map(target, 0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_same_as_maps();
}

static void regions_change_as_the_target_does(void **state)
{
	uint64_t address = map_alone();

	(void)state;
	assert_int_equal(query(address).end, address + 3 * PAGE);
	memory_unmap(target, address + 2 * PAGE, PAGE);
	assert_int_equal(query(address).end, address + 2 * PAGE);
	memory_unmap(target, address, 2 * PAGE);
	assert_true(query(address).start > address);
}

#define on_target(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_target(regions_of_a_plain_process_are_those_of_maps),
		on_target(every_protection_is_that_of_maps),
		on_target(a_process_with_many_regions_is_that_of_maps),
		on_target(region_protection_is_told),
		on_target(an_address_inside_gives_the_region_around_it),
		on_target(an_address_in_a_hole_gives_the_next_region),
		on_target(address_zero_gives_the_first_region),
		on_target(behind_the_last_region_is_eio),
		on_target(the_kernel_half_is_eio),
		on_target(the_vsyscall_page_is_not_a_region),
		on_target(named_regions_of_the_kernel_are_told),
		on_target(a_grown_heap_is_that_of_maps),
		on_target(a_file_mapping_tells_its_file),
		on_target(a_deleted_file_is_marked),
		on_target(a_name_with_blanks_is_told_as_it_is),
		on_target(a_newline_in_a_name_is_not_escaped),
		on_target(a_path_of_nearly_path_max_is_told_whole),
		on_target(no_name_fits_in_less_than_it_takes),
		on_target(a_name_buffer_of_nothing_is_not_written_to),
		on_target(without_name_buffer_the_size_of_the_name_is_told),
		on_target(a_region_without_a_name_has_name_size_zero),
		on_target(unmapped_name_buffer_is_efault),
		on_target(the_answer_keeps_what_was_asked),
		on_target(anonymous_memory_with_a_name_is_that_of_maps),
		on_target(without_the_feature_anonymous_memory_takes_no_name),
		on_target(shared_anonymous_memory_is_that_of_maps),
		on_target(regions_change_as_the_target_does),
	};

	return run_behaviours(tests);
}
