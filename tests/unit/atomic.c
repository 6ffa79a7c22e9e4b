// SPDX-License-Identifier: GPL-2.0-only
/* Atomic operations on a word of a target. */
#include "support/arena.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ADDS	20000

static const size_t widths[] = { 1, 2, 4, 8 };

#define WIDTHS	(sizeof(widths) / sizeof(*widths))

static uintptr_t arena;
static struct child child;
static struct memrw_target *target;

/* The target's own program counts up, in @counter of its memory. */
static uint64_t *counter;

static long add_often(long times)
{
	while (times-- > 0)
		__atomic_fetch_add(counter, 3, __ATOMIC_SEQ_CST);
	return 0;
}

static int open_arena(void **state)
{
	(void)state;
	arena = arena_map();
	counter = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(counter != MAP_FAILED);
	child_start(&child, add_often);
	target = memrw_target_open(child.pid, unit_via(), 0);
	assert_non_null(target);
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	memrw_target_close(target);
	target = NULL;
	child_stop(&child);
	munmap(counter, PAGE);
	arena_unmap(arena);
	return 0;
}

/* Only the driver has what is tested here. */
static int open_on_the_driver(void **state)
{
	return unit_via() == MEMRW_BACKEND_DRIVER ? open_arena(state) : 0;
}

static int close_on_the_driver(void **state)
{
	return unit_via() == MEMRW_BACKEND_DRIVER ? close_arena(state) : 0;
}

static uintptr_t page_address(enum page_kind kind)
{
	return arena + arena_page(kind) * PAGE;
}

static struct memrw_target_word word_at(uint64_t address, size_t width)
{
	return (struct memrw_target_word){ .address = address, .width = width, .old = 4711 };
}

static uint64_t low(uint64_t value, size_t width)
{
	return width == 8 ? value : value & ((1ULL << 8 * width) - 1);
}

/* The word as the kernel shows it. */
static uint64_t peek_word(uint64_t address, size_t width)
{
	uint64_t value = 0;

	peek(child.pid, address, &value, width);
	return value;
}

/*
 * What the operations do
 */

static void load(void **state)
{
	size_t i;

	(void)state;
	skip_without_the_driver();
	for (i = 0; i < WIDTHS; i++) {
		struct memrw_target_word word = word_at(arena + 16, widths[i]);

		word.operand = word.expected = 99;
		assert_int_equal(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, 0), 0);
		assert_int_equal(word.old, peek_word(arena + 16, widths[i]));
	}
}

/* What is there after an operation with these operands, in the word and beside it. */
static void operate(enum memrw_op op, uint64_t operand, uint64_t expected, bool tells)
{
	const uint64_t address = arena + 16;
	size_t i;

	for (i = 0; i < WIDTHS; i++) {
		struct memrw_target_word word = word_at(address, widths[i]);
		uint64_t before = peek_word(address, 8);
		uint64_t after = op == MEMRW_OP_ADD ? before + operand : operand;

		word.operand = operand;
		word.expected = expected;
		assert_int_equal(memrw_target_atomic(target, op, &word, 0), 0);
		assert_int_equal(word.old, tells ? low(before, widths[i]) : 0);
		assert_int_equal(peek_word(address, widths[i]), low(after, widths[i]));
		assert_int_equal(peek_word(address, 8) - peek_word(address, widths[i]),
				 before - low(before, widths[i]));
	}
}

static void store(void **state)
{
	(void)state;
	skip_without_the_driver();
	operate(MEMRW_OP_STORE, 0x0123456789abcdef, 0, false);
	operate(MEMRW_OP_STORE, 0, 77, false);
}

static void exchange(void **state)
{
	(void)state;
	skip_without_the_driver();
	operate(MEMRW_OP_EXCHANGE, 0xfedcba9876543210, 0, true);
	operate(MEMRW_OP_EXCHANGE, 5, 77, true);
}

static void add(void **state)
{
	(void)state;
	skip_without_the_driver();
	operate(MEMRW_OP_ADD, 1, 0, true);
	operate(MEMRW_OP_ADD, UINT64_MAX, 77, true);
	operate(MEMRW_OP_ADD, 0x8080808080808080, 0, true);
}

static void compare_exchange(void **state)
{
	size_t i;

	(void)state;
	skip_without_the_driver();
	for (i = 0; i < WIDTHS; i++) {
		struct memrw_target_word word = word_at(arena + 16, widths[i]);
		uint64_t before = peek_word(arena + 16, widths[i]);

		word.operand = 42;
		word.expected = before ^ 1;
		assert_int_equal(memrw_target_atomic(target, MEMRW_OP_COMPARE_EXCHANGE,
						     &word, 0), 0);
		assert_int_equal(word.old, before);
		assert_int_equal(peek_word(arena + 16, widths[i]), before);

		word.expected = word.old;
		assert_int_equal(memrw_target_atomic(target, MEMRW_OP_COMPARE_EXCHANGE,
						     &word, 0), 0);
		assert_int_equal(word.old, before);
		assert_int_equal(peek_word(arena + 16, widths[i]), 42);
	}
}

static void *let_child_add(void *unused)
{
	(void)unused;
	return (void *)child_call(&child, ADDS);
}

static void nothing_comes_between(void **state)
{
	struct memrw_target_word word;
	pthread_t thread;
	int i;

	(void)state;
	skip_without_the_driver();
	word = word_at((uintptr_t)counter, 8);
	word.operand = 5;
	assert_int_equal(pthread_create(&thread, NULL, let_child_add, NULL), 0);
	for (i = 0; i < ADDS; i++)
		assert_int_equal(memrw_target_atomic(target, MEMRW_OP_ADD, &word, 0), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(peek_word((uintptr_t)counter, 8), ADDS * (3 + 5));
}

/*
 * Where they fail
 */

static void memory_that_is_not_accessible(void **state)
{
	struct memrw_target_word word;

	(void)state;
	skip_without_the_driver();
	word = word_at(page_address(PAGE_RO), 4);
	assert_errno(memrw_target_atomic(target, MEMRW_OP_ADD, &word, 0), EIO);
	assert_int_equal(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, 0), 0);
	assert_int_equal(memrw_target_atomic(target, MEMRW_OP_ADD, &word, MEMRW_FORCE), 0);
	word = word_at(page_address(PAGE_NONE), 4);
	assert_errno(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, 0), EIO);
	word = word_at(page_address(PAGE_HOLE), 4);
	assert_errno(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, MEMRW_FORCE), EIO);
	word = word_at(UINT64_MAX - 7, 8);
	assert_errno(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, 0), EIO);
}

static void a_target_that_has_exited(void **state)
{
	struct memrw_target_word word;

	(void)state;
	skip_without_the_driver();
	word = word_at(arena, 4);
	child_stop(&child);
	assert_errno(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, 0), ESRCH);
}

static void a_bad_width_or_address_or_operation(void **state)
{
	static const size_t bad[] = { 0, 3, 5, 6, 7, 9, 16, SIZE_MAX };
	struct memrw_target_word word;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		word = word_at(arena, bad[i]);
		assert_errno(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, 0), EINVAL);
	}
	for (i = 1; i < WIDTHS; i++) {
		word = word_at(arena + widths[i] / 2, widths[i]);
		assert_errno(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, 0), EINVAL);
	}
	word = word_at(arena, 4);
	assert_errno(memrw_target_atomic(target, 5, &word, 0), EINVAL);
	assert_errno(memrw_target_atomic(target, -1, &word, 0), EINVAL);
	assert_errno(memrw_target_atomic(target, MEMRW_OP_LOAD, &word, 1U << 2), EINVAL);
	assert_int_equal(word.old, 4711);
}

static void a_target_opened_for_reading_can_only_be_loaded_from(void **state)
{
	struct memrw_target_word word = word_at(arena, 4);
	struct memrw_target *reader;
	enum memrw_op op;

	(void)state;
	reader = memrw_target_open(child.pid, unit_via(), MEMRW_OPEN_READ_ONLY);
	assert_non_null(reader);
	for (op = MEMRW_OP_STORE; op <= MEMRW_OP_COMPARE_EXCHANGE; op++)
		assert_errno(memrw_target_atomic(reader, op, &word, 0), EACCES);
	if (unit_via() == MEMRW_BACKEND_DRIVER)
		assert_int_equal(memrw_target_atomic(reader, MEMRW_OP_LOAD, &word, 0), 0);
	memrw_target_close(reader);
}

static void procfs_imitates_none(void **state)
{
	struct memrw_target *procfs;
	enum memrw_op op;
	size_t i;

	(void)state;
	procfs = memrw_target_open(child.pid, MEMRW_BACKEND_PROCFS, 0);
	assert_non_null(procfs);
	for (op = MEMRW_OP_LOAD; op <= MEMRW_OP_COMPARE_EXCHANGE; op++) {
		for (i = 0; i < WIDTHS; i++) {
			struct memrw_target_word word = word_at(arena, widths[i]);
			uint64_t before = peek_word(arena, 8);

			word.operand = ~before;
			word.expected = low(before, widths[i]);
			assert_errno(memrw_target_atomic(procfs, op, &word, 0), ENOTSUP);
			assert_int_equal(word.old, 4711);
			assert_int_equal(peek_word(arena, 8), before);
		}
	}
	memrw_target_close(procfs);
}

#define driver_test(fn) \
	cmocka_unit_test_setup_teardown(fn, open_on_the_driver, close_on_the_driver)
#define arena_test(fn) cmocka_unit_test_setup_teardown(fn, open_arena, close_arena)

static const struct CMUnitTest tests[] = {
	driver_test(load),
	driver_test(store),
	driver_test(exchange),
	driver_test(add),
	driver_test(compare_exchange),
	driver_test(nothing_comes_between),
	driver_test(memory_that_is_not_accessible),
	driver_test(a_target_that_has_exited),
	arena_test(a_bad_width_or_address_or_operation),
	arena_test(a_target_opened_for_reading_can_only_be_loaded_from),
	arena_test(procfs_imitates_none),
};

unit_main(tests)
