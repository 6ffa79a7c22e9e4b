// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packets of gdb's remote protocol, and what they are made of.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gdb_packet.h"
#include "gdb_reply.h"
#include "gdb_text.h"

static struct gdb_parser parser;
static struct gdb_reply reply;

static int setup(void **state)
{
	(void)state;
	parser = (struct gdb_parser){ 0 };
	gdb_reply_clear(&reply);
	return 0;
}

/* The last event of all of these bytes; those before it are none. */
static enum gdb_event feed(const char *bytes)
{
	enum gdb_event event = GDB_EVENT_NONE;

	for (; *bytes != '\0'; bytes++) {
		assert_int_equal(event, GDB_EVENT_NONE);
		event = gdb_parser_take(&parser, (unsigned char)*bytes);
	}
	return event;
}

static struct gdb_text text_of(const char *string)
{
	return (struct gdb_text){ string, string + strlen(string) };
}

static void assert_reply(const char *expected)
{
	assert_int_equal(reply.length, strlen(expected));
	assert_memory_equal(reply.data, expected, reply.length);
}

static void packet_is_taken_out_of_its_frame(void **state)
{
	(void)state;
	assert_int_equal(feed("$m1234,4#97"), GDB_EVENT_PACKET);
	assert_int_equal(parser.length, 7);
	assert_string_equal(parser.data, "m1234,4");
	assert_int_equal(feed("$#00"), GDB_EVENT_PACKET);
	assert_string_equal(parser.data, "");
	assert_int_equal(feed("$OK#9A"), GDB_EVENT_PACKET);
}

static void noise_between_packets_is_no_packet(void **state)
{
	(void)state;
	for (const char *noise = "noise#00\r\n"; *noise; noise++)
		assert_int_equal(gdb_parser_take(&parser, (unsigned char)*noise), GDB_EVENT_NOISE);
	assert_int_equal(feed("$OK#9a"), GDB_EVENT_PACKET);
	assert_int_equal(feed("+"), GDB_EVENT_ACK);
	assert_int_equal(feed("-"), GDB_EVENT_NACK);
	assert_int_equal(feed("\3"), GDB_EVENT_INTERRUPT);
	/* In data it is none. */
	assert_int_equal(feed("$\3+-#5b"), GDB_EVENT_PACKET);
}

static void wrong_checksum_is_damage(void **state)
{
	(void)state;
	assert_int_equal(feed("$OK#9b"), GDB_EVENT_DAMAGED);
	assert_int_equal(feed("$OK#zz"), GDB_EVENT_DAMAGED);
	assert_int_equal(feed("$OK#9z"), GDB_EVENT_DAMAGED);
	assert_int_equal(feed("$OK#9a"), GDB_EVENT_PACKET);
}

static void packet_without_an_end_is_given_up_for_the_next(void **state)
{
	(void)state;
	assert_int_equal(feed("$m12$OK#9a"), GDB_EVENT_PACKET);
	assert_string_equal(parser.data, "OK");
}

static enum gdb_event feed_long(size_t length)
{
	uint8_t sum = (uint8_t)(length * 'a');
	char end[4] = "#";

	assert_int_equal(gdb_parser_take(&parser, '$'), GDB_EVENT_NONE);
	for (size_t i = 0; i < length; i++)
		assert_int_equal(gdb_parser_take(&parser, 'a'), GDB_EVENT_NONE);
	gdb_hex(end + 1, &sum, 1);
	return feed(end);
}

static void too_long_packet_is_told_and_the_next_one_taken(void **state)
{
	(void)state;
	assert_int_equal(feed_long(GDB_PACKET_MAX), GDB_EVENT_PACKET);
	assert_int_equal(parser.length, GDB_PACKET_MAX);
	assert_int_equal(feed_long(GDB_PACKET_MAX + 1), GDB_EVENT_TOO_LONG);
	assert_int_equal(feed("$OK#9a"), GDB_EVENT_PACKET);
	assert_string_equal(parser.data, "OK");
}

static void frame_has_the_checksum(void **state)
{
	char frame[16];

	(void)state;
	assert_int_equal(gdb_packet_frame(frame, "OK", 2), 6);
	assert_memory_equal(frame, "$OK#9a", 6);
	assert_int_equal(gdb_packet_frame(frame, "", 0), 4);
	assert_memory_equal(frame, "$#00", 4);
}

static void numbers_are_hexadecimal(void **state)
{
	struct gdb_text text = text_of("7fFe,10:rest");
	uint64_t first, second;

	(void)state;
	assert_true(gdb_text_numbers(&text, &first, &second));
	assert_int_equal(first, 0x7ffe);
	assert_int_equal(second, 0x10);
	assert_true(gdb_text_skip(&text, ":re"));
	assert_false(gdb_text_skip(&text, "stop"));
	assert_true(gdb_text_skip(&text, "st"));
	assert_true(gdb_text_ended(&text));
	text = text_of("ffffffffffffffff");
	assert_true(gdb_text_number(&text, &first));
	assert_true(first == UINT64_MAX);
	text = text_of("10000000000000000");
	assert_false(gdb_text_number(&text, &first));
	text = text_of("");
	assert_false(gdb_text_number(&text, &first));
	text = text_of("1;2");
	assert_false(gdb_text_numbers(&text, &first, &second));
}

static void bytes_are_whole_and_fit(void **state)
{
	struct gdb_text text = text_of("00ffA5");
	uint8_t bytes[3];

	(void)state;
	assert_int_equal(gdb_text_bytes(&text, bytes, 3), 3);
	assert_memory_equal(bytes, "\x00\xff\xa5", 3);
	text = text_of("00ffA");
	assert_int_equal(gdb_text_bytes(&text, bytes, 3), -1);
	text = text_of("00ffA5");
	assert_int_equal(gdb_text_bytes(&text, bytes, 2), -1);
	text = text_of("0g");
	assert_int_equal(gdb_text_bytes(&text, bytes, 2), -1);
	text = text_of("");
	assert_int_equal(gdb_text_bytes(&text, bytes, 0), 0);
}

static void paths_have_no_nul_and_fit(void **state)
{
	struct gdb_text text = text_of("2f746d70,0,1c0");
	char path[5];

	(void)state;
	assert_true(gdb_text_path(&text, path, sizeof(path)));
	assert_string_equal(path, "/tmp");
	assert_true(gdb_text_skip(&text, ",0"));
	text = text_of("2f746d7070");
	assert_false(gdb_text_path(&text, path, sizeof(path)));
	text = text_of("2f006d70");
	assert_false(gdb_text_path(&text, path, sizeof(path)));
	text = text_of(",0");
	assert_false(gdb_text_path(&text, path, sizeof(path)));
}

static void binary_is_what_was_escaped(void **state)
{
	char bytes[256], back[256];
	struct gdb_text text;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	assert_int_equal(gdb_reply_binary(&reply, bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(reply.length, sizeof(bytes) + 4);
	assert_null(memchr(reply.data, '#', reply.length));
	assert_null(memchr(reply.data, '$', reply.length));
	assert_null(memchr(reply.data, '*', reply.length));
	text = (struct gdb_text){ reply.data, reply.data + reply.length };
	assert_int_equal(gdb_text_binary(&text, back, sizeof(back)), sizeof(bytes));
	assert_memory_equal(back, bytes, sizeof(bytes));
}

static void binary_that_ends_in_an_escape_or_does_not_fit_is_refused(void **state)
{
	struct gdb_text text = text_of("ab}");
	char bytes[4];

	(void)state;
	assert_int_equal(gdb_text_binary(&text, bytes, sizeof(bytes)), -1);
	text = text_of("abcde");
	assert_int_equal(gdb_text_binary(&text, bytes, sizeof(bytes)), -1);
	text = text_of("}\x03" "bc}]");
	assert_int_equal(gdb_text_binary(&text, bytes, sizeof(bytes)), 4);
	assert_memory_equal(bytes, "#bc}", 4);
}

static void threads_are_of_a_process_or_not(void **state)
{
	static const struct {
		const char *text;
		struct gdb_thread thread;
	} threads[] = {
		{ "1f", { 0, 0x1f } }, { "0", { 0, 0 } }, { "-1", { 0, -1 } },
		{ "p2a.2b", { 0x2a, 0x2b } }, { "p2a", { 0x2a, -1 } }, { "p-1.-1", { -1, -1 } },
		{ "p0.0", { 0, 0 } },
	};
	static const char *const others[] = { "", "p", "x", "p1.", "-2", "80000000", "p1.ffffffff" };
	struct gdb_thread thread;
	struct gdb_text text;

	(void)state;
	for (size_t i = 0; i < sizeof(threads) / sizeof(threads[0]); i++) {
		text = text_of(threads[i].text);
		assert_true(gdb_text_thread(&text, &thread));
		assert_true(gdb_text_ended(&text));
		assert_int_equal(thread.pid, threads[i].thread.pid);
		assert_int_equal(thread.tid, threads[i].thread.tid);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		text = text_of(others[i]);
		assert_false(gdb_text_thread(&text, &thread));
	}
}

static void reply_never_has_more_than_fits(void **state)
{
	static char bytes[GDB_PACKET_MAX];

	(void)state;
	memset(bytes, '#', sizeof(bytes));
	gdb_reply_text(&reply, "l");
	assert_int_equal(gdb_reply_binary(&reply, bytes, sizeof(bytes)), GDB_PACKET_MAX / 2 - 1);
	assert_int_equal(reply.length, GDB_PACKET_MAX - 1);
	gdb_reply_clear(&reply);
	gdb_reply_hex(&reply, bytes, sizeof(bytes));
	assert_int_equal(reply.length, GDB_PACKET_MAX);
	gdb_reply_text(&reply, "more");
	gdb_reply_hex(&reply, bytes, 1);
	assert_int_equal(gdb_reply_binary(&reply, bytes, 1), 0);
	assert_int_equal(reply.length, GDB_PACKET_MAX);
	gdb_reply_error(&reply, 5);
	assert_reply("E05");
	gdb_reply_refuse(&reply, "why");
	assert_reply("E.why");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(packet_is_taken_out_of_its_frame, setup),
		cmocka_unit_test_setup(noise_between_packets_is_no_packet, setup),
		cmocka_unit_test_setup(wrong_checksum_is_damage, setup),
		cmocka_unit_test_setup(packet_without_an_end_is_given_up_for_the_next, setup),
		cmocka_unit_test_setup(too_long_packet_is_told_and_the_next_one_taken, setup),
		cmocka_unit_test(frame_has_the_checksum),
		cmocka_unit_test(numbers_are_hexadecimal),
		cmocka_unit_test(bytes_are_whole_and_fit),
		cmocka_unit_test(paths_have_no_nul_and_fit),
		cmocka_unit_test_setup(binary_is_what_was_escaped, setup),
		cmocka_unit_test(binary_that_ends_in_an_escape_or_does_not_fit_is_refused),
		cmocka_unit_test(threads_are_of_a_process_or_not),
		cmocka_unit_test_setup(reply_never_has_more_than_fits, setup),
	};

	return cmocka_run_group_tests_name("gdb_packet", tests, NULL, NULL);
}
