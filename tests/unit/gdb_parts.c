// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parts of memrw gdbserver that need neither a client nor a target.
 */

#include <elf.h>
#include <linux/audit.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "gdb_listen.h"
#include "gdb_registers.h"
#include "gdb_reply.h"
#include "gdb_run.h"
#include "gdb_search.h"
#include "gdb_watch.h"

static struct gdb_reply reply;

static int setup(void **state)
{
	(void)state;
	gdb_reply_clear(&reply);
	return 0;
}

static void registers_of_a_hit_are_those_it_has(void **state)
{
	struct memrw_hit hit = { .architecture = AUDIT_ARCH_X86_64, .nr_registers = 24 };
	struct gdb_registers registers;

	(void)state;
	for (size_t i = 0; i < hit.nr_registers; i++)
		hit.registers[i] = 0x0100 + i;
	gdb_registers_of_hit(&registers, EM_X86_64, &hit);
	gdb_registers_write(&reply, EM_X86_64, &registers);
	/* 17 of 8 bytes: rax, rbx, ... rip; 7 of 4: eflags, cs, ss and what is not known. */
	assert_int_equal(reply.length, 2 * (17 * 8 + 7 * 4));
	assert_memory_equal(reply.data, "0001000000000000" "0101000000000000", 32);
	assert_memory_equal(reply.data + (2 * 16 * 8), "0801000000000000" "09010000", 24);
	assert_memory_equal(reply.data + reply.length - 40, "0b010000" "xxxxxxxx" "xxxxxxxx", 24);
}

static void registers_of_another_machine_are_not_known(void **state)
{
	const struct memrw_hit hit = { .architecture = AUDIT_ARCH_AARCH64, .nr_registers = 33 };
	struct gdb_registers registers;

	(void)state;
	gdb_registers_of_hit(&registers, EM_X86_64, &hit);
	assert_true(registers.known == 0);
	gdb_registers_write(&reply, EM_386, &registers);
	assert_int_equal(reply.length, (size_t)2 * 16 * 4);
	for (size_t i = 0; i < reply.length; i++)
		assert_int_equal(reply.data[i], 'x');
	gdb_reply_clear(&reply);
	gdb_registers_write(&reply, EM_S390, &registers);
	assert_int_equal(reply.length, 0);
	assert_null(gdb_registers_architecture(EM_S390));
}

static void a_thread_that_waits_has_its_place(void **state)
{
	struct gdb_registers registers;

	(void)state;
	assert_true(gdb_registers_of_call(&registers, EM_X86_64,
					  "230 0x0 0x0 0x7ffd 0x0 0x0 0x7f 0x7ffda278 0x7ff55503\n"));
	assert_true(registers.known == (1U << 7 | 1U << 16));
	assert_true(registers.values[7] == 0x7ffda278);
	assert_true(registers.values[16] == 0x7ff55503);
	assert_true(gdb_registers_of_call(&registers, EM_AARCH64, "-1 0x7ff0 0x5500\n"));
	assert_true(registers.known == (1ULL << 31 | 1ULL << 32));
	assert_true(registers.values[32] == 0x5500);
	assert_false(gdb_registers_of_call(&registers, EM_X86_64, "running\n"));
	assert_false(gdb_registers_of_call(&registers, EM_X86_64, "230 0x0 0x0\n"));
	assert_false(gdb_registers_of_call(&registers, EM_S390, "-1 0x7ff0 0x5500\n"));
	assert_true(registers.known == 0);
}

static void watches_are_split_where_they_are_aligned(void **state)
{
	struct gdb_piece pieces[GDB_WATCH_PIECES];

	(void)state;
	assert_int_equal(gdb_watch_split(0x1000, 4, pieces), 1);
	assert_int_equal(pieces[0].length, 4);
	assert_int_equal(gdb_watch_split(0x1003, 8, pieces), 4);
	assert_int_equal(pieces[0].length, 1);
	assert_int_equal(pieces[1].address, 0x1004);
	assert_int_equal(pieces[1].length, 4);
	assert_int_equal(pieces[2].address, 0x1008);
	assert_int_equal(pieces[2].length, 2);
	assert_int_equal(pieces[3].address, 0x100a);
	assert_int_equal(pieces[3].length, 1);
	assert_int_equal(gdb_watch_split(0x1000, 128, pieces), 16);
	assert_int_equal(gdb_watch_split(0x1000, 129, pieces), 0);
	assert_int_equal(gdb_watch_split(0x1000, UINT64_MAX, pieces), 0);
	assert_int_equal(gdb_watch_split(0x1000, 0, pieces), 0);
}

static void places_to_listen_at(void **state)
{
	static const char *const others[] = { "", "host", "host:", "host:port", "::1:1", "[::1]",
					      "[:1", "host:1x", "host:123456", "[]:1" };
	struct gdb_place place;

	(void)state;
	assert_true(gdb_place_parse("localhost:2345", &place));
	assert_string_equal(place.host, "localhost");
	assert_string_equal(place.port, "2345");
	assert_true(gdb_place_parse(":0", &place));
	assert_string_equal(place.host, "");
	assert_true(gdb_place_parse("[::1]:65535", &place));
	assert_string_equal(place.host, "::1");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(gdb_place_parse(others[i], &place));
}

static bool is_loopback4(uint32_t address)
{
	struct sockaddr_in place = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(address) };

	return gdb_is_loopback((const struct sockaddr *)&place);
}

static bool is_loopback6(const struct in6_addr *address)
{
	struct sockaddr_in6 place = { .sin6_family = AF_INET6, .sin6_addr = *address };

	return gdb_is_loopback((const struct sockaddr *)&place);
}

static void only_loopback_is_this_machine_alone(void **state)
{
	const struct in6_addr mapped = { .s6_addr = { [10] = 255, [11] = 255, [12] = 127, [15] = 1 } };
	const struct in6_addr outside = { .s6_addr = { [10] = 255, [11] = 255, [12] = 10, [15] = 1 } };
	const struct sockaddr other = { .sa_family = AF_UNIX };

	(void)state;
	assert_true(is_loopback4(INADDR_LOOPBACK));
	assert_true(is_loopback4(0x7f020304));
	assert_false(is_loopback4(INADDR_ANY));
	assert_false(is_loopback4(0x0a000001));
	assert_true(is_loopback6(&in6addr_loopback));
	assert_false(is_loopback6(&in6addr_any));
	assert_true(is_loopback6(&mapped));
	assert_false(is_loopback6(&outside));
	assert_false(gdb_is_loopback(&other));
}

static void wait_status_of_a_zombie(void **state)
{
	int status = -1;

	(void)state;
	assert_true(gdb_wait_status("7 (a) b) Z 1 7 7 0 -1 768\n", &status));
	assert_int_equal(status, 768);
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_true(gdb_wait_status("7 (a) Z 1 7 9\n", &status));
	assert_int_equal(WTERMSIG(status), 9);
	assert_false(gdb_wait_status("7 (a) S 1 7 768\n", &status));
	assert_false(gdb_wait_status("7 (Z 1", &status));
	assert_false(gdb_wait_status("", &status));
}

/* What gdb's own xcrc32() makes of them. */
static void crc_is_the_one_of_gdb(void **state)
{
	(void)state;
	assert_int_equal(gdb_crc(GDB_CRC_BEGIN, "123456789", 9), 0x0376e6e7);
	assert_int_equal(gdb_crc(gdb_crc(GDB_CRC_BEGIN, "1234", 4), "56789", 5), 0x0376e6e7);
	assert_int_equal(gdb_crc(GDB_CRC_BEGIN, "", 0), GDB_CRC_BEGIN);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(registers_of_a_hit_are_those_it_has, setup),
		cmocka_unit_test_setup(registers_of_another_machine_are_not_known, setup),
		cmocka_unit_test(a_thread_that_waits_has_its_place),
		cmocka_unit_test(watches_are_split_where_they_are_aligned),
		cmocka_unit_test(places_to_listen_at),
		cmocka_unit_test(only_loopback_is_this_machine_alone),
		cmocka_unit_test(wait_status_of_a_zombie),
		cmocka_unit_test(crc_is_the_one_of_gdb),
	};

	return cmocka_run_group_tests_name("gdb_parts", tests, NULL, NULL);
}
