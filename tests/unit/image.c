// SPDX-License-Identifier: GPL-2.0-only
/* Telling one program image of a process from another. */
#include "support/unit.h"
#include "image.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <unistd.h>

/* struct view - the files of a process that an image is learnt from */
struct view {
	struct child child;
	struct mrw_image image;
	int dir;
	int mem;
};

static struct view a, b;

static void open_view(struct view *view, child_fn fn)
{
	char path[32];

	child_start(&view->child, fn);
	snprintf(path, sizeof(path), "/proc/%d", view->child.pid);
	view->dir = open(path, O_PATH | O_CLOEXEC);
	assert_true(view->dir >= 0);
}

static void learn(struct view *view)
{
	view->mem = openat(view->dir, "mem", O_RDWR | O_CLOEXEC);
	assert_true(view->mem >= 0);
	mrw_image_learn(&view->image, view->dir, view->mem);
	assert_int_not_equal(view->image.address, 0);
}

static enum mrw_image_match compare(struct view *view)
{
	return mrw_image_compare(&view->image, view->child.pid, view->dir,
				 view->mem);
}

static void close_view(struct view *view)
{
	if (!view->child.pid)
		return;
	child_stop(&view->child);
	close(view->dir);
	close(view->mem);
}

static int close_views(void **state)
{
	(void)state;
	close_view(&a);
	close_view(&b);
	return 0;
}

static long exec_unrandomised(long argument)
{
	personality(ADDR_NO_RANDOMIZE);
	return child_exec(argument);
}

static long overwrite_random_bytes(long byte)
{
	char *bytes = (char *)getauxval(AT_RANDOM);

	return memset(bytes, byte, MRW_IMAGE_BYTES) != bytes;
}

static void image_is_the_same(void **state)
{
	(void)state;
	open_view(&a, overwrite_random_bytes);
	learn(&a);
	assert_int_equal(a.image.address, getauxval(AT_RANDOM));
	assert_memory_equal(a.image.bytes, (void *)getauxval(AT_RANDOM), MRW_IMAGE_BYTES);
	assert_int_equal(compare(&a), MRW_IMAGE_SAME);
}

static void image_overwrites_its_random_bytes(void **state)
{
	(void)state;
	open_view(&a, overwrite_random_bytes);
	learn(&a);
	assert_int_equal(child_call(&a.child, 'x'), 0);
	assert_int_equal(compare(&a), MRW_IMAGE_SAME);
}

/* By its memory alone, as nothing tells that the process behind has changed. */
static void image_is_that_of_another_run_at_the_same_addresses(void **state)
{
	(void)state;
	open_view(&a, exec_unrandomised);
	open_view(&b, exec_unrandomised);
	assert_int_equal(child_call(&a.child, 0), CHILD_NEW_IMAGE);
	assert_int_equal(child_call(&b.child, 0), CHILD_NEW_IMAGE);
	learn(&a);
	learn(&b);
	if (a.image.address != b.image.address)
		skip();
	assert_int_equal(mrw_image_compare(&a.image, b.child.pid, b.dir, a.mem),
			 MRW_IMAGE_OTHER);
}

static void image_is_that_of_another_run_at_other_addresses(void **state)
{
	(void)state;
	open_view(&a, overwrite_random_bytes);
	open_view(&b, exec_unrandomised);
	assert_int_equal(child_call(&b.child, 0), CHILD_NEW_IMAGE);
	learn(&a);
	learn(&b);
	if (a.image.address == b.image.address)
		skip();
	assert_int_equal(mrw_image_compare(&a.image, b.child.pid, b.dir, a.mem),
			 MRW_IMAGE_OTHER);
}

static void image_of_a_process_that_is_gone(void **state)
{
	pid_t pid;

	(void)state;
	open_view(&a, overwrite_random_bytes);
	learn(&a);
	pid = a.child.pid;
	child_stop(&a.child);
	assert_int_equal(mrw_image_compare(&a.image, pid, a.dir, a.mem),
			 MRW_IMAGE_UNKNOWN);
	close(a.dir);
	close(a.mem);
}

static void parse_auxv_of_64_bit_words(void **state)
{
	const Elf64_auxv_t auxv[] = {
		{ AT_SYSINFO_EHDR, { 0x7fff12340000 } },
		{ AT_RANDOM, { 0x7fff00001234 } },
		{ AT_NULL, { 0 } },
	};

	(void)state;
	assert_int_equal(mrw_image_parse_auxv(auxv, sizeof(auxv)), 0x7fff00001234);
	assert_int_equal(mrw_image_parse_auxv(auxv, sizeof(*auxv)), 0);
	assert_int_equal(mrw_image_parse_auxv(auxv, 0), 0);
}

static void parse_auxv_of_32_bit_words(void **state)
{
	const Elf32_auxv_t auxv[] = {
		{ AT_SYSINFO_EHDR, { 0xf7fc1000 } },
		{ AT_RANDOM, { 0xffffd1ab } },
		{ AT_NULL, { 0 } },
	};

	(void)state;
	assert_int_equal(mrw_image_parse_auxv(auxv, sizeof(auxv)), 0xffffd1ab);
}

#define image_test(fn) cmocka_unit_test_teardown(fn, close_views)

static const struct CMUnitTest tests[] = {
	image_test(image_is_the_same),
	image_test(image_overwrites_its_random_bytes),
	image_test(image_is_that_of_another_run_at_the_same_addresses),
	image_test(image_is_that_of_another_run_at_other_addresses),
	image_test(image_of_a_process_that_is_gone),
	cmocka_unit_test(parse_auxv_of_64_bit_words),
	cmocka_unit_test(parse_auxv_of_32_bit_words),
};

unit_main(tests)
