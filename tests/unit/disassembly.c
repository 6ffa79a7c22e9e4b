// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions as text, and which of them is behind an address: bytes of this program's
 * own, which it never runs.
 */

#include <linux/audit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "disassembly.h"

static struct memrw_target *target;
static struct disassembly found;

/* Room before the code, for what is told from the bytes there, and none behind it. */
static struct {
	uint8_t before[256];
	uint8_t code[64];
} memory;

static uint64_t address_of_code(void)
{
	return (uintptr_t)memory.code;
}

/* Before them, there are as many instructions of a byte; behind them, what is none. */
static uint64_t place(const char *bytes, size_t length)
{
	memset(memory.before, 0x90, sizeof(memory.before));
	memset(memory.code, 0x06, sizeof(memory.code));
	memcpy(memory.code, bytes, length);
	memset(&found, 0, sizeof(found));
	return address_of_code() + length;
}

#define PLACE(bytes)	place(bytes, sizeof(bytes) - 1)

static int setup(void **state)
{
	(void)state;
	target = memrw_target_open(getpid(), MEMRW_BACKEND_PROCFS, MEMRW_OPEN_READ_ONLY);
	return target ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	memrw_target_close(target);
	return 0;
}

/* Nothing can be said of a command that was built without capstone. */
static int needs_capstone(void **state)
{
	(void)state;
	PLACE("\x90");
	if (!disassembly_at(target, AUDIT_ARCH_X86_64, address_of_code(), &found))
		skip();
	return 0;
}

static bool at(uint32_t architecture)
{
	return disassembly_at(target, architecture, address_of_code(), &found);
}

/* Both where the function's beginning is known and where it is not. */
static void assert_behind(uint64_t end, bool kernel, uint64_t address, const char *text)
{
	const uint64_t starts[] = { address_of_code(), 0 };

	for (size_t i = 0; i < 2; i++) {
		assert_true(disassembly_behind(target, AUDIT_ARCH_X86_64, starts[i], end, kernel,
					       &found));
		assert_int_equal(found.address, address);
		assert_string_equal(found.text, text);
	}
}

static void assert_none_behind(uint64_t end, bool kernel)
{
	assert_false(disassembly_behind(target, AUDIT_ARCH_X86_64, address_of_code(), end, kernel,
					&found));
	assert_false(disassembly_behind(target, AUDIT_ARCH_X86_64, 0, end, kernel, &found));
}

static void the_instruction_at_an_address(void **state)
{
	needs_capstone(state);
	PLACE("\x89\x07");
	assert_true(at(AUDIT_ARCH_X86_64));
	assert_string_equal(found.text, "mov dword ptr [rdi], eax");
	assert_int_equal(found.address, address_of_code());
	PLACE("\x06");
	assert_false(at(AUDIT_ARCH_X86_64));
}

static void each_architecture_has_its_own(void **state)
{
	needs_capstone(state);
	PLACE("\x40\x90");
	assert_true(at(AUDIT_ARCH_I386));
	assert_string_equal(found.text, "inc eax");
	PLACE("\x20\x00\x00\xb9");
	assert_true(at(AUDIT_ARCH_AARCH64));
	assert_string_equal(found.text, "str w0, [x1]");
	assert_false(at(AUDIT_ARCH_S390X));
}

static void a_store_is_the_one_that_ends_there(void **state)
{
	uint64_t end;

	needs_capstone(state);
	/* The store's own last bytes are instructions, too. */
	end = PLACE("\x31\xc0\xc7\x05\x90\x90\x00\x00\x90\x90\x90\x90");
	assert_behind(end, false, end - 10, "mov dword ptr [rip + 0x9090], 0x90909090");
	end = PLACE("\x83\xe8\x01\x50");
	assert_behind(end, false, end - 1, "push rax");
}

static void what_makes_no_access_was_not_it(void **state)
{
	needs_capstone(state);
	assert_none_behind(PLACE("\x89\x07\x31\xc0"), false);		/* xor eax, eax */
	assert_none_behind(PLACE("\x89\x07\x8d\x04\x08"), false);	/* lea eax, [rax + rcx] */
	assert_none_behind(PLACE("\x89\x07\xff\x25\0\0\0\0"), false);	/* jmp [rip] */
	assert_none_behind(PLACE("\x89\x07\xff\x10"), false);		/* call [rax] */
	assert_none_behind(PLACE("\x89\x07\xc3"), false);		/* ret */
}

static void an_address_within_an_instruction_has_none_behind(void **state)
{
	uint64_t end;

	needs_capstone(state);
	end = PLACE("\xc7\x07\x01\x02\x03\x04");
	assert_false(disassembly_behind(target, AUDIT_ARCH_X86_64, address_of_code(), end - 1,
					false, &found));
}

static void one_that_repeats_itself_stops_before_its_end(void **state)
{
	uint64_t end;

	needs_capstone(state);
	end = PLACE("\x31\xc0\xf3\xa5");
	assert_behind(end - 2, false, end - 2, "rep movsd dword ptr [rdi], dword ptr [rsi]");
	assert_behind(end, false, end - 2, "rep movsd dword ptr [rdi], dword ptr [rsi]");
}

static void a_system_call_is_what_the_kernel_stores_for(void **state)
{
	uint64_t end;

	needs_capstone(state);
	end = PLACE("\x31\xc0\x0f\x05");
	assert_behind(end, true, end - 2, "syscall");
	assert_none_behind(PLACE("\x31\xc0\x0f\x05"), false);
	assert_none_behind(PLACE("\x89\x07"), true);
}

static void memory_that_cannot_be_read_has_none(void **state)
{
	needs_capstone(state);
	assert_false(disassembly_at(target, AUDIT_ARCH_X86_64, 0, &found));
	assert_false(disassembly_behind(target, AUDIT_ARCH_X86_64, 0, 16, false, &found));
	assert_false(disassembly_behind(target, AUDIT_ARCH_X86_64, 0, 0, false, &found));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_instruction_at_an_address),
		cmocka_unit_test(each_architecture_has_its_own),
		cmocka_unit_test(a_store_is_the_one_that_ends_there),
		cmocka_unit_test(what_makes_no_access_was_not_it),
		cmocka_unit_test(an_address_within_an_instruction_has_none_behind),
		cmocka_unit_test(one_that_repeats_itself_stops_before_its_end),
		cmocka_unit_test(a_system_call_is_what_the_kernel_stores_for),
		cmocka_unit_test(memory_that_cannot_be_read_has_none),
	};

	return cmocka_run_group_tests_name("disassembly", tests, setup, teardown);
}
