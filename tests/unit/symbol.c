// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbols of an executable: this program's own file, as it is loaded.
 */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "symbol.h"

/* Where the linker put the ELF header. */
extern char __executable_start;

int test_symbol_object = 1;
static int test_symbol_local = 2;
__thread int test_symbol_thread = 3;

int test_symbol_function(int number);

int test_symbol_function(int number)
{
	return number + test_symbol_local + test_symbol_thread;
}

static char path[256];
static struct memrw_region region;
static const struct mrw_region_list list = { .regions = &region, .count = 1 };

static int setup(void **state)
{
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	(void)state;
	if (length < 0)
		return -1;
	path[length] = '\0';
	region.start = (uintptr_t)&__executable_start;
	region.end = region.start + 4096;
	region.offset = 0;
	region.name = path;
	return 0;
}

/* Of the executable. */
static int find(pid_t pid, const char *name, uint64_t *address)
{
	struct mrw_symbol_file *file = mrw_symbol_file_open(pid, &list, NULL);
	int status = file ? mrw_symbol_find(file, name, address) : -1;

	mrw_symbol_file_close(file);
	return status;
}

static void assert_symbol(const char *name, const void *expected)
{
	uint64_t address = 0;

	assert_int_equal(find(getpid(), name, &address), 0);
	assert_int_equal(address, (uintptr_t)expected);
}

static void assert_refused(pid_t pid, const char *name, int error)
{
	uint64_t address;

	errno = 0;
	assert_int_equal(find(pid, name, &address), -1);
	assert_int_equal(errno, error);
}

static void objects_and_functions_are_found(void **state)
{
	(void)state;
	assert_symbol("test_symbol_object", &test_symbol_object);
	assert_symbol("test_symbol_local", &test_symbol_local);
	assert_symbol("test_symbol_function", test_symbol_function);
}

static void what_is_no_object_or_function_is_not_found(void **state)
{
	(void)state;
	assert_refused(getpid(), "no_such_symbol", ENOENT);
	assert_refused(getpid(), "", ENOENT);
	assert_refused(getpid(), "symbol.c", ENOENT);
	assert_refused(getpid(), "test_symbol_thread", ENOENT);
	/* Only imported: its address is not the executable's to tell. */
	assert_refused(getpid(), "readlink", ENOENT);
}

static void assert_at(struct mrw_symbol_file *file, const void *inside, const char *name,
		      const void *start)
{
	uint64_t found = 0;
	const char *symbol = mrw_symbol_at(file, (uintptr_t)inside, &found);

	assert_non_null(symbol);
	assert_string_equal(symbol, name);
	assert_int_equal(found, (uintptr_t)start);
}

static void an_address_is_of_the_symbol_that_it_is_in(void **state)
{
	struct mrw_symbol_file *file = mrw_symbol_file_open(getpid(), &list, NULL);
	uint64_t start = 5;

	(void)state;
	assert_non_null(file);
	assert_at(file, &test_symbol_object, "test_symbol_object", &test_symbol_object);
	assert_at(file, (char *)&test_symbol_object + 3, "test_symbol_object",
		  &test_symbol_object);
	assert_at(file, (char *)(uintptr_t)test_symbol_function + 1, "test_symbol_function",
		  test_symbol_function);
	errno = 0;
	assert_null(mrw_symbol_at(file, (uintptr_t)&__executable_start, &start));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(start, 5);
	mrw_symbol_file_close(file);
}

/* The object behind it, if there is one, is another. */
static void the_byte_behind_a_symbol_is_not_of_it(void **state)
{
	struct mrw_symbol_file *file = mrw_symbol_file_open(getpid(), &list, NULL);
	uint64_t start = 0;
	const char *name;

	(void)state;
	assert_non_null(file);
	name = mrw_symbol_at(file, (uintptr_t)(&test_symbol_object + 1), &start);
	if (name)
		assert_string_not_equal(name, "test_symbol_object");
	mrw_symbol_file_close(file);
}

static void a_target_tells_the_symbol_of_an_address(void **state)
{
	struct memrw_target *target = memrw_target_open(getpid(), MEMRW_BACKEND_PROCFS, 0);
	uint64_t start = 0, expected = 0;
	char stack, *name;

	(void)state;
	assert_non_null(target);
	name = memrw_address_symbol(target, (uintptr_t)test_symbol_function + 1, &start);
	assert_non_null(name);
	assert_string_equal(name, "test_symbol_function");
	assert_int_equal(start, (uintptr_t)test_symbol_function);
	free(name);
	/* Of another module: a name that leads back to where it begins. */
	assert_int_equal(memrw_address_resolve(target, "libc.so.6:qsort", &expected), 0);
	name = memrw_address_symbol(target, expected + 2, &start);
	assert_non_null(name);
	assert_int_equal(start, expected);
	free(name);
	start = 5;
	errno = 0;
	assert_null(memrw_address_symbol(target, (uintptr_t)&stack, &start));
	assert_int_equal(errno, ENOENT);
	assert_null(memrw_address_symbol(target, 1, &start));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(start, 5);
	memrw_target_close(target);
}

static void without_an_exe_link_or_a_mapped_file_there_are_none(void **state)
{
	(void)state;
	assert_refused(0x7fffffff, "main", ENOEXEC);
}

/* As a module, and not as what is run. */
static void a_module_is_opened_by_its_path(void **state)
{
	struct mrw_symbol_file *file;
	uint64_t address;
	struct stat status;

	(void)state;
	assert_int_equal(stat(path, &status), 0);
	region.inode = status.st_ino;
	file = mrw_symbol_file_open(getpid(), &list, &region);
	assert_non_null(file);
	assert_int_equal(mrw_symbol_find(file, "test_symbol_object", &address), 0);
	assert_int_equal(address, (uintptr_t)&test_symbol_object);
	mrw_symbol_file_close(file);

	region.inode++;
	errno = 0;
	assert_null(mrw_symbol_file_open(getpid(), &list, &region));
	assert_int_equal(errno, ENOEXEC);
	region.inode = 0;
	errno = 0;
	assert_null(mrw_symbol_file_open(getpid(), &list, &region));
	assert_int_equal(errno, ENOEXEC);
}

static void a_region_that_is_not_the_first_segment_is_refused(void **state)
{
	(void)state;
	region.offset = 0x1000000;
	assert_refused(getpid(), "main", ENOEXEC);
	setup(NULL);
}

static void an_executable_that_is_not_mapped_is_refused(void **state)
{
	(void)state;
	region.name = "/somewhere/else";
	assert_refused(getpid(), "main", ENOEXEC);
	setup(NULL);
}

/*
 * A process whose /proc/PID/exe is closed to this one: it is not dumpable,
 * and root does without its rights for the time being.
 */
static pid_t start_closed(void)
{
	int ready[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_DUMPABLE, 0);
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	if (geteuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	return pid;
}

static void stop_closed(pid_t pid)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* A file that anyone may read, as this program's need not be. */
__attribute__((nonnull))
static void copy_to(char *copy, const char *source)
{
	struct stat status;
	char *command;

	close(mkstemp(copy));
	assert_true(asprintf(&command, "cat %s >%s", source, copy) > 0);
	assert_int_equal(system(command), 0);
	free(command);
	assert_int_equal(chmod(copy, 0644), 0);
	assert_int_equal(stat(copy, &status), 0);
	region.name = copy;
	region.inode = status.st_ino;
}

static void the_mapped_path_serves_where_the_exe_link_is_closed(void **state)
{
	char copy[] = "/tmp/memrw-unit-XXXXXX";
	uint64_t address = 0;
	pid_t pid;
	int found;

	(void)state;
	copy_to(copy, path);
	pid = start_closed();
	found = find(pid, "test_symbol_object", &address);
	stop_closed(pid);
	unlink(copy);
	setup(NULL);
	assert_int_equal(found, 0);
	assert_int_equal(address, (uintptr_t)&test_symbol_object);
}

static int find_closed(char *copy, const char *source, uint64_t inode_change)
{
	uint64_t address;
	int found, error;
	pid_t pid;

	copy_to(copy, source);
	region.inode += inode_change;
	pid = start_closed();
	found = find(pid, "test_symbol_object", &address);
	error = errno;
	stop_closed(pid);
	unlink(copy);
	setup(NULL);
	return found < 0 ? error : 0;
}

static void another_file_at_the_mapped_path_is_refused(void **state)
{
	char copy[] = "/tmp/memrw-unit-XXXXXX";

	(void)state;
	assert_int_equal(find_closed(copy, path, 1), ENOEXEC);
}

static void a_file_that_is_no_elf_file_is_refused(void **state)
{
	char copy[] = "/tmp/memrw-unit-XXXXXX";

	(void)state;
	assert_int_equal(find_closed(copy, "/proc/self/maps", 0), ENOEXEC);
}

static void a_cut_elf_file_is_refused(void **state)
{
	char copy[] = "/tmp/memrw-unit-XXXXXX", source[300];

	(void)state;
	/* The ELF header and the program headers are there, the sections not. */
	snprintf(source, sizeof(source), "%s | head -c 3000", path);
	assert_int_equal(find_closed(copy, source, 0), ENOENT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_and_functions_are_found),
		cmocka_unit_test(what_is_no_object_or_function_is_not_found),
		cmocka_unit_test(an_address_is_of_the_symbol_that_it_is_in),
		cmocka_unit_test(the_byte_behind_a_symbol_is_not_of_it),
		cmocka_unit_test(a_target_tells_the_symbol_of_an_address),
		cmocka_unit_test(without_an_exe_link_or_a_mapped_file_there_are_none),
		cmocka_unit_test(a_module_is_opened_by_its_path),
		cmocka_unit_test(a_region_that_is_not_the_first_segment_is_refused),
		cmocka_unit_test(an_executable_that_is_not_mapped_is_refused),
		cmocka_unit_test(the_mapped_path_serves_where_the_exe_link_is_closed),
		cmocka_unit_test(another_file_at_the_mapped_path_is_refused),
		cmocka_unit_test(a_file_that_is_no_elf_file_is_refused),
		cmocka_unit_test(a_cut_elf_file_is_refused),
	};

	return cmocka_run_group_tests_name("symbol", tests, setup, NULL);
}
