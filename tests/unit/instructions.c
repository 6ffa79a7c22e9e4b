// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which instructions a watch has seen, and how often.
 */

#include <linux/audit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "instructions.h"

static struct memrw_target *target;
static struct instructions instructions;

static int setup(void **state)
{
	(void)state;
	target = memrw_target_open(getpid(), MEMRW_BACKEND_PROCFS, MEMRW_OPEN_READ_ONLY);
	if (!target)
		return -1;
	instructions.target = target;
	instructions.places = code_places_open(target);
	instructions.kind = MEMRW_WATCH_WRITE;
	return instructions.places ? 0 : -1;
}

static int teardown(void **state)
{
	struct code_places *places = instructions.places;

	(void)state;
	instructions_clear(&instructions);
	code_places_close(places);
	memrw_target_close(target);
	return 0;
}

static const struct instruction *add(uint64_t ip, unsigned int flags, uint64_t value)
{
	const struct memrw_hit hit = {
		.flags = flags,
		.ip = ip,
		.value = value,
		.architecture = AUDIT_ARCH_X86_64,
	};
	const struct instruction *instruction = instructions_add(&instructions, &hit);

	assert_non_null(instruction);
	return instruction;
}

static void add_often(uint64_t ip, unsigned int flags, int count)
{
	while (count-- > 0)
		add(ip, flags, 0);
}

static void assert_sorted(size_t i, uint64_t ip, bool kernel, uint64_t count)
{
	assert_int_equal(instructions.list[i]->ip, ip);
	assert_int_equal(instructions.list[i]->kernel, kernel);
	assert_int_equal(instructions.list[i]->count, count);
}

static void the_most_frequent_comes_first(void **state)
{
	(void)state;
	instructions_sort(&instructions);
	add_often(0x30, 0, 2);
	add_often(0x20, 0, 5);
	add_often(0x10, 0, 2);
	add_often(0x20, MEMRW_HIT_KERNEL, 3);
	add_often(0x40, 0, 2);
	assert_int_equal(instructions.count, 5);
	assert_int_equal(instructions.hits, 14);
	instructions_sort(&instructions);
	assert_sorted(0, 0x20, false, 5);
	assert_sorted(1, 0x20, true, 3);
	assert_sorted(2, 0x10, false, 2);
	assert_sorted(3, 0x30, false, 2);
	assert_sorted(4, 0x40, false, 2);
}

static void the_last_value_is_kept_if_it_is_known(void **state)
{
	const struct instruction *instruction;

	(void)state;
	add(0x10, 0, 1);
	instruction = add(0x10, 0, 2);
	assert_true(instruction->known);
	assert_int_equal(instruction->value, 2);
	instruction = add(0x10, MEMRW_HIT_NO_VALUE, 3);
	assert_false(instruction->known);
}

static void sorting_does_not_lose_one(void **state)
{
	(void)state;
	add_often(0x10, 0, 1);
	add_often(0x20, 0, 2);
	instructions_sort(&instructions);
	add_often(0x10, 0, 4);
	assert_int_equal(instructions.count, 2);
	instructions_sort(&instructions);
	assert_sorted(0, 0x10, false, 5);
	assert_sorted(1, 0x20, false, 2);
}

int test_instructions_function(int number);

int test_instructions_function(int number)
{
	return number + 1;
}

static void an_instruction_has_a_place(void **state)
{
	const uint64_t start = (uintptr_t)test_instructions_function;
	const struct code_place *place = add(start + 1, 0, 0)->place;

	(void)state;
	assert_non_null(place);
	assert_string_equal(place->module, "instructions");
	assert_string_equal(place->symbol, "test_instructions_function");
	assert_int_equal(place->symbol_start, start);
	assert_int_equal(place->address, start + 1);
	/* No module, and no symbol. */
	place = add(0x10, 0, 0)->place;
	assert_non_null(place);
	assert_null(place->module);
	assert_null(place->symbol);
}

/* Behind a call that never returns, another function begins. */
static void a_return_address_is_of_the_function_before_it(void **state)
{
	const uint64_t start = (uintptr_t)test_instructions_function;
	const struct code_place *place = code_places_find(instructions.places, start, true);

	(void)state;
	assert_non_null(place);
	assert_string_equal(place->module, "instructions");
	if (place->symbol)
		assert_string_not_equal(place->symbol, "test_instructions_function");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_most_frequent_comes_first, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_value_is_kept_if_it_is_known, setup,
						teardown),
		cmocka_unit_test_setup_teardown(sorting_does_not_lose_one, setup, teardown),
		cmocka_unit_test_setup_teardown(an_instruction_has_a_place, setup, teardown),
		cmocka_unit_test_setup_teardown(a_return_address_is_of_the_function_before_it,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("instructions", tests, NULL, NULL);
}
