// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client of memrw gdbserver is answered; the target is this process itself.
 */

#include <elf.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "gdb_server.h"

static struct gdb_session session;
static char answer[GDB_PACKET_MAX + 1];
static unsigned char memory[64];

static int setup(void **state)
{
	(void)state;
	session = (struct gdb_session){ .via = MEMRW_BACKEND_PROCFS };
	session.target = memrw_target_open(getpid(), MEMRW_BACKEND_PROCFS, 0);
	if (!session.target)
		return -1;
	gdb_session_begin(&session);
	for (size_t i = 0; i < sizeof(memory); i++)
		memory[i] = (unsigned char)i;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	gdb_session_end(&session);
	return 0;
}

static const char *ask_bytes(const char *packet, size_t length)
{
	gdb_server_answer(&session, packet, length);
	memcpy(answer, session.reply.data, session.reply.length);
	answer[session.reply.length] = '\0';
	return answer;
}

static const char *ask(const char *format, ...)
{
	char packet[512];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(packet, sizeof(packet), format, arguments);
	va_end(arguments);
	return ask_bytes(packet, (size_t)length);
}

static void what_is_not_known_gets_an_empty_answer(void **state)
{
	static const char *const packets[] = { "", "vMustReplyEmpty", "vRun;", "vAttach;1", "!", "R00",
					       "qOffsets", "qSymbol::", "QNonStop:1", "Z3,1000,4",
					       "qXfer:siginfo:read::0,100", "qXfer:memory-map:read::0,9",
					       "p0", "bc", "vFile:", "vFile:mkdir:2f", "H", "\xff" };

	(void)state;
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		assert_string_equal(ask("%s", packets[i]), "");
}

static void what_is_wrong_gets_an_error(void **state)
{
	static const char *const packets[] = { "m", "m1000", "m1000,", "mx,4", "m1000,4,", "M", "M1000,4",
					       "M1000,4:00", "M1000,1:0", "M1000,1:0000", "X1000,2:a",
					       "X1000,1:}", "x", "qCRC:", "qCRC:1000", "Z", "Z2",
					       "Z2,1000", "Z2,1000,4;", "z2,1000", "Hgx", "Hgp1.1", "Hg1",
					       "qSearch:memory:", "qSearch:memory:0;10;", "T", "Tx",
					       "qXfer:auxv:read:0", "qXfer:auxv:read::0",
					       "qXfer:auxv:read:x:0,10", "qXfer:auxv:read::10000,10",
					       "qXfer:features:read:other.xml:0,10",
					       "qXfer:exec-file:read:1:0,10" };

	(void)state;
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		assert_memory_equal(ask("%s", packets[i]), "E", 1);
}

static void what_a_running_target_cannot_do_is_refused(void **state)
{
	static const char *const packets[] = { "G00", "P0=00", "s", "S05", "C05", "vCont;s", "vCont;C0b",
					       "vCont;t", "vKill;1", "c1000", "Z0,1000,1", "Z1,1000,1" };

	(void)state;
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		assert_memory_equal(ask("%s", packets[i]), "E.", 2);
	assert_false(session.over);
}

static void detach_and_kill_end_the_session_alone(void **state)
{
	(void)state;
	assert_string_equal(ask("D;%x", getpid()), "OK");
	assert_true(session.over);
	session.over = false;
	assert_string_equal(ask("k"), "");
	assert_true(session.over);
}

static void memory_is_read(void **state)
{
	uintptr_t address = (uintptr_t)memory;

	(void)state;
	assert_string_equal(ask("m%lx,4", address + 1), "01020304");
	assert_string_equal(ask("m%lx,0", address), "");
	ask("x%lx,26", address);
	assert_int_equal(session.reply.length, 1 + 0x26 + 2);
	assert_memory_equal(answer, "b\0\1\2", 4);
	assert_memory_equal(answer + 1 + 0x22, "\x22}\x03}\x04\x25", 6);
	assert_string_equal(ask("m10,4"), "E05");
	assert_string_equal(ask("x10,4"), "E05");
}

static void of_memory_that_ends_there_is_what_there_is(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(pages != MAP_FAILED);
	assert_int_equal(munmap(pages + page, page), 0);
	memcpy(pages + page - 2, "ab", 2);
	assert_string_equal(ask("m%lx,8", (uintptr_t)pages + page - 2), "6162");
	assert_string_equal(ask("x%lx,8", (uintptr_t)pages + page - 2), "bab");
	assert_memory_equal(ask("M%lx,4:61626364", (uintptr_t)pages + page - 2), "E", 1);
	munmap(pages, page);
}

static void memory_is_written(void **state)
{
	char packet[64];
	int length;

	(void)state;
	assert_string_equal(ask("M%lx,3:aAbBcC", (uintptr_t)memory), "OK");
	assert_memory_equal(memory, "\xaa\xbb\xcc\x03", 4);
	assert_string_equal(ask("X%lx,0:", (uintptr_t)memory), "OK");
	length = snprintf(packet, sizeof(packet), "X%lx,4:a", (uintptr_t)memory);
	/* A NUL, and what has to be escaped. */
	memcpy(packet + length, "\0}\003b", 4);
	assert_string_equal(ask_bytes(packet, (size_t)length + 4), "OK");
	assert_memory_equal(memory, "a\0#b\x04", 5);
	assert_string_equal(ask("M10,1:00"), "E05");
}

static void memory_is_searched(void **state)
{
	static char haystack[200000];
	uintptr_t address = (uintptr_t)haystack;
	char expected[32];

	(void)state;
	/* Where two pieces that are looked at meet. */
	memcpy(haystack + 65533, "needle", 6);
	snprintf(expected, sizeof(expected), "1,%lx", address + 65533);
	assert_string_equal(ask("qSearch:memory:%lx;%zx;needle", address, sizeof(haystack)), expected);
	assert_string_equal(ask("qSearch:memory:%lx;10000;needle", address), "0");
	assert_string_equal(ask("qSearch:memory:%lx;%zx;nodle", address, sizeof(haystack)), "0");
	assert_memory_equal(ask("qSearch:memory:10;10;a"), "E", 1);
}

static void threads_are_those_of_the_process(void **state)
{
	char expected[64];

	(void)state;
	snprintf(expected, sizeof(expected), "m%x", getpid());
	assert_string_equal(ask("qfThreadInfo"), expected);
	assert_string_equal(ask("qsThreadInfo"), "l");
	assert_string_equal(ask("T%x", getpid()), "OK");
	assert_string_equal(ask("T1"), "E03");
	ask("qSupported:multiprocess+;swbreak+");
	snprintf(expected, sizeof(expected), "QCp%x.%x", getpid(), getpid());
	assert_string_equal(ask("qC"), expected);
	assert_string_equal(ask("Hgp%x.0", getpid()), "OK");
	assert_string_equal(ask("Hc-1"), "OK");
	assert_non_null(strstr(ask("qXfer:threads:read::0,1000"), "name=\"gdb_server\""));
}

/* All of an object, read in small pieces. */
static char *read_object(const char *name, const char *annex, size_t *length)
{
	char *all = malloc(1 << 20);

	assert_non_null(all);
	*length = 0;
	do {
		struct gdb_text piece;

		ask("qXfer:%s:read:%s:%zx,1f", name, annex, *length);
		assert_true(answer[0] == 'm' || answer[0] == 'l');
		piece = (struct gdb_text){ answer + 1, answer + session.reply.length };
		*length += (size_t)gdb_text_binary(&piece, all + *length, (1 << 20) - 1 - *length);
	} while (answer[0] == 'm');
	all[*length] = '\0';
	return all;
}

static void the_auxiliary_vector_is_whole(void **state)
{
	size_t length;
	char *vector = read_object("auxv", "", &length);
	bool found = false;

	(void)state;
	assert_int_equal(length % sizeof(ElfW(auxv_t)), 0);
	for (size_t i = 0; i < length; i += sizeof(ElfW(auxv_t))) {
		ElfW(auxv_t) entry;

		memcpy(&entry, vector + i, sizeof(entry));
		found |= entry.a_type == AT_ENTRY && entry.a_un.a_val == getauxval(AT_ENTRY);
	}
	assert_true(found);
	free(vector);
}

struct listed {
	const char *xml;
	int count;
};

/* The program itself and the kernel's own are listed, if at all, under other names. */
static int check_listed(struct dl_phdr_info *info, size_t size, void *data)
{
	struct listed *listed = data;
	char bias[64];

	(void)size;
	if (info->dlpi_name[0] != '/')
		return 0;
	snprintf(bias, sizeof(bias), "l_addr=\"0x%lx\"", (unsigned long)info->dlpi_addr);
	assert_non_null(strstr(listed->xml, info->dlpi_name));
	assert_non_null(strstr(listed->xml, bias));
	listed->count++;
	return 0;
}

static void libraries_are_those_that_the_linker_has(void **state)
{
	size_t length;
	char *xml = read_object("libraries-svr4", "", &length);
	struct listed listed = { .xml = xml };

	(void)state;
	assert_non_null(strstr(xml, "main-lm=\"0x"));
	dl_iterate_phdr(check_listed, &listed);
	assert_true(listed.count >= 2);
	free(xml);
}

static void the_program_and_its_machine_are_told(void **state)
{
	char path[512], *name, pid[16];
	ssize_t got = readlink("/proc/self/exe", path, sizeof(path) - 1);
	size_t length;

	(void)state;
	assert_true(got > 0);
	path[got] = '\0';
	snprintf(pid, sizeof(pid), "%x", getpid());
	name = read_object("exec-file", pid, &length);
	assert_string_equal(name, path);
	free(name);
	name = read_object("features", "target.xml", &length);
	assert_non_null(strstr(name, "<architecture>"));
	free(name);
}

static void hex_of(const char *text, char digits[512])
{
	gdb_hex(digits, text, strlen(text));
	digits[2 * strlen(text)] = '\0';
}

static void files_are_read_and_not_written(void **state)
{
	char path[512];

	(void)state;
	hex_of("/proc/self/exe", path);
	assert_string_equal(ask("vFile:setfs:0"), "F0");
	assert_string_equal(ask("vFile:open:%s,0,0", path), "F0");
	assert_string_equal(ask("vFile:pread:0,4,0"), "F0004;\177ELF");
	assert_string_equal(ask("vFile:pread:0,4,7fffffff"), "F0000;");
	assert_memory_equal(ask("vFile:fstat:0"), "F40;", 4);
	assert_string_equal(ask("vFile:close:0"), "F0");
	assert_string_equal(ask("vFile:close:0"), "F-1,9");
	assert_string_equal(ask("vFile:pread:20,4,0"), "F-1,9");
	assert_string_equal(ask("vFile:pwrite:0,0,a"), "F-1,1e");
	assert_string_equal(ask("vFile:unlink:%s", path), "F-1,1e");
	assert_string_equal(ask("vFile:open:%s,1,0", path), "F-1,1e");
	assert_string_equal(ask("vFile:open:%s", path), "F-1,16");
	hex_of("/no/such/file", path);
	assert_string_equal(ask("vFile:open:%s,0,0", path), "F-1,2");
	hex_of("/", path);
	assert_string_equal(ask("vFile:open:%s,0,0", path), "F-1,16");
	assert_string_equal(ask("vFile:setfs:1"), "F-1,16");
}

static void files_are_those_that_the_target_sees(void **state)
{
	char path[512], name[64];

	(void)state;
	assert_string_equal(ask("vFile:setfs:%x", getpid()), "F0");
	snprintf(name, sizeof(name), "/proc/%d/maps", getpid());
	hex_of(name, path);
	assert_string_equal(ask("vFile:open:%s,0,0", path), "F0");
	assert_memory_equal(ask("vFile:pread:0,100,0"), "F0100;", 6);
	snprintf(name, sizeof(name), "/proc/%d/exe", getpid());
	hex_of(name, path);
	assert_memory_equal(ask("vFile:readlink:%s", path), "F", 1);
	assert_non_null(strstr(answer, "/gdb_server"));
	hex_of("/proc/version", path);
	assert_string_equal(ask("vFile:readlink:%s", path), "F-1,16");
}

static void there_is_no_end_of_open_files_but_theirs(void **state)
{
	char path[512];

	(void)state;
	hex_of("/proc/version", path);
	for (int i = 0; i < GDB_FILES; i++)
		assert_true(ask("vFile:open:%s,0,0", path)[1] != '-');
	assert_string_equal(ask("vFile:open:%s,0,0", path), "F-1,18");
}

/* It asks itself, and so waits in read(2): of all registers these two are known. */
static void registers_that_are_not_known_are_not_made_up(void **state)
{
	(void)state;
	if (session.image.machine != EM_X86_64)
		skip();
	ask("g");
	assert_int_equal(session.reply.length, 2 * (17 * 8 + 7 * 4));
	assert_int_equal(strspn(answer, "x"), 2 * 7 * 8);
	assert_int_equal(strspn(answer + (ptrdiff_t)2 * 7 * 8, "0123456789abcdef"), 2 * 8);
	assert_int_equal(strspn(answer + (ptrdiff_t)2 * 8 * 8, "x"), 2 * 8 * 8);
	assert_int_equal(strspn(answer + (ptrdiff_t)2 * 16 * 8, "0123456789abcdef"), 2 * 8);
	assert_int_equal(strspn(answer + (ptrdiff_t)2 * 17 * 8, "x"), 2 * 7 * 4);
	assert_non_null(strstr(ask("?"), "library:;thread:"));
}

static void monitor_has_a_help(void **state)
{
	(void)state;
	assert_memory_equal(ask("qRcmd,68656c70"), "546865", 6);
	assert_memory_equal(ask("qRcmd,68"), "E.", 2);
	assert_memory_equal(ask("qRcmd,zz"), "E.", 2);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(what_is_not_known_gets_an_empty_answer),
		TEST(what_is_wrong_gets_an_error),
		TEST(what_a_running_target_cannot_do_is_refused),
		TEST(detach_and_kill_end_the_session_alone),
		TEST(memory_is_read),
		TEST(of_memory_that_ends_there_is_what_there_is),
		TEST(memory_is_written),
		TEST(memory_is_searched),
		TEST(threads_are_those_of_the_process),
		TEST(the_auxiliary_vector_is_whole),
		TEST(libraries_are_those_that_the_linker_has),
		TEST(the_program_and_its_machine_are_told),
		TEST(files_are_read_and_not_written),
		TEST(files_are_those_that_the_target_sees),
		TEST(there_is_no_end_of_open_files_but_theirs),
		TEST(registers_that_are_not_known_are_not_made_up),
		TEST(monitor_has_a_help),
	};

	return cmocka_run_group_tests_name("gdb_server", tests, NULL, NULL);
}
