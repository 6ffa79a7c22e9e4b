// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions that are written into a target: it executes them, also while it
 * runs on another processor and is not stopped.
 *
 * The code patched is a function that begins with a jump: to the next
 * instruction, and it returns 1, or to a later one, and it returns 2.  The two
 * differ in one byte, so that a processor that executes them meanwhile sees the
 * one or the other and nothing in between.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/trace.h"
#include "lib/worker.h"

#if defined(__x86_64__)
typedef uint16_t instruction;
#define RETURN_1 0x00eb
#define RETURN_2 0x06eb
#define FUNCTION ".short 0x00eb; mov $1, %eax; ret; mov $2, %eax; ret"
#elif defined(__aarch64__)
typedef uint32_t instruction;
#define RETURN_1 0x14000001
#define RETURN_2 0x14000003
#define FUNCTION ".long 0x14000001; mov w0, #1; ret; mov w0, #2; ret"
#else
#error "write down this architecture's instructions"
#endif

#define ROUNDS	200

/* A copy of it to be put anywhere, and one in the program's own text. */
__asm__(".pushsection .text\n"
	".balign 16\n"
	"function: " FUNCTION "\n"
	"function_end:\n"
	".balign 16\n"
	"own_function: " FUNCTION "\n"
	".popsection");

extern const char function[], function_end[] __attribute__((visibility("hidden")));
extern int own_function(void);

#define FUNCTION_SIZE ((size_t)(function_end - function))

/* Shared with the target. */
struct board {
	atomic_bool over;
	atomic_ulong calls;
	atomic_int result;	/* of the last call, or the sum of both functions' */
	int (*functions[2])(void);
};

static struct worker *target;
static struct board *board;
static int session;

static int setup(void **state)
{
	(void)state;
	board = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		return -1;
	target = worker_start(ROOT);
	session = session_open_bound(worker_pid(target));
	return 0;
}

static int teardown(void **state)
{
	board->over = true;
	test_teardown(state);
	munmap(board, PAGE);
	return 0;
}

/*
 * The target
 */

static long put_function(void *arg)
{
	char *at = *(char **)arg;

	memcpy(at, function, FUNCTION_SIZE);
	__builtin___clear_cache(at, at + FUNCTION_SIZE);
	return 0;
}

static void call_once(void)
{
	int result = board->functions[0]();

	if (board->functions[1])
		result += board->functions[1]();
	board->result = result;
	board->calls++;
}

static long call(void *arg)
{
	(void)arg;
	call_once();
	return board->result;
}

static void run_on(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static long call_until_over(void *arg)
{
	run_on(*(int *)arg);
	while (!board->over)
		call_once();
	return 0;
}

/*
 * The test
 */

/* Where the target finds the functions that it calls. */
static void set_functions(uint64_t first, uint64_t second)
{
	board->functions[0] = (int (*)(void))(uintptr_t)first;
	board->functions[1] = (int (*)(void))(uintptr_t)second;
}

static void make_function(uint64_t address)
{
	assert_int_equal(worker_call(target, put_function, &address, sizeof(address)), 0);
}

static uint64_t map_code(int prot)
{
	uint64_t address = memory_map_anonymous(target, PAGE);

	make_function(address);
	memory_protect(target, address, PAGE, prot);
	set_functions(address, 0);
	return address;
}

static void patch(uint64_t address, instruction code, __u32 flags)
{
	assert_int_equal(session_write(session, address, &code, sizeof(code), flags), sizeof(code));
}

/* Turn and turn about, in a target that does nothing else meanwhile. */
static void assert_patches_execute(uint64_t address, __u32 flags)
{
	assert_int_equal(worker_call(target, call, NULL, 0), 1);
	for (int i = 0; i < ROUNDS; i++) {
		patch(address, RETURN_2, flags);
		assert_int_equal(worker_call(target, call, NULL, 0), 2);
		patch(address, RETURN_1, flags);
		assert_int_equal(worker_call(target, call, NULL, 0), 1);
	}
}

static void writes_to_writable_code_execute(void **state)
{
	(void)state;
	assert_patches_execute(map_code(PROT_READ | PROT_WRITE | PROT_EXEC), 0);
}

static void forced_writes_to_read_only_code_execute(void **state)
{
	(void)state;
	assert_patches_execute(map_code(PROT_READ | PROT_EXEC), MEMRW_FORCE);
}

static void forced_writes_to_the_programs_own_text_execute(void **state)
{
	uint64_t address = (uintptr_t)own_function;

	(void)state;
	set_functions(address, 0);
	assert_patches_execute(address, MEMRW_FORCE);
	assert_int_equal(own_function(), 1);
}

/* The page is executed for the first time after it was written to. */
static void writes_to_code_that_becomes_executable_later_execute(void **state)
{
	uint64_t address = map_code(PROT_READ | PROT_EXEC);

	(void)state;
	assert_int_equal(worker_call(target, call, NULL, 0), 1);
	for (int i = 0; i < ROUNDS; i++) {
		memory_protect(target, address, PAGE, PROT_READ | PROT_WRITE);
		patch(address, i & 1 ? RETURN_1 : RETURN_2, 0);
		memory_protect(target, address, PAGE, PROT_READ | PROT_EXEC);
		assert_int_equal(worker_call(target, call, NULL, 0), i & 1 ? 1 : 2);
	}
}

/* One function at the end of a page, another one at the start of the next. */
static void a_write_across_pages_executes_in_both(void **state)
{
	uint64_t code = memory_map_anonymous(target, 2 * PAGE);
	size_t length = 2 * FUNCTION_SIZE + 16;
	uint64_t address = code + PAGE - FUNCTION_SIZE - 16;
	char data[128];
	const instruction return_1 = RETURN_1, return_2 = RETURN_2;

	(void)state;
	assert_in_range(length, 1, sizeof(data));
	make_function(address);
	make_function(address + length - FUNCTION_SIZE);
	memory_protect(target, code, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	set_functions(address, address + length - FUNCTION_SIZE);
	assert_int_equal(session_read(session, address, data, length, 0), length);
	for (int i = 0; i < ROUNDS; i++) {
		const instruction *first = i & 1 ? &return_1 : &return_2;

		memcpy(data, first, sizeof(*first));
		memcpy(data + length - FUNCTION_SIZE, first, sizeof(*first));
		assert_int_equal(session_write(session, address, data, length, 0), length);
		assert_int_equal(worker_call(target, call, NULL, 0), i & 1 ? 2 : 4);
	}
}

/* Of a call that began after now. */
static int next_result(void)
{
	uint64_t give_up = now_ms() + 10000;
	unsigned long calls = board->calls;

	while (board->calls < calls + 2) {
		if (now_ms() > give_up)
			fail_msg("the target has stopped calling the function");
		sched_yield();
	}
	return board->result;
}

static bool soon_returns(int result)
{
	uint64_t give_up = now_ms() + 200;

	while (next_result() != result) {
		if (now_ms() > give_up)
			return false;
	}
	return true;
}

/*
 * QEMU drops its translation of code that is written to just before it stores
 * what is written, and another processor may translate the old code once more
 * in between: so, after one in 200 patches, do those of /proc/PID/mem.  The
 * next store to the page puts that right.  It would not help a processor that
 * nobody tells to look at its instructions again.
 */
static void assert_patch_executes_meanwhile(uint64_t address, instruction code, __u32 flags,
					    int result)
{
	for (int i = 0; i < 10; i++) {
		patch(address, code, flags);
		if (soon_returns(result))
			return;
		note("patched once more");
	}
	fail_msg("the target goes on executing the old instruction");
}

static void assert_patches_execute_meanwhile(uint64_t address, __u32 flags)
{
	int processor = 1;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		skip_because("it takes a second processor to run on");
	run_on(0);
	worker_send(target, call_until_over, &processor, sizeof(processor));
	for (int i = 0; i < ROUNDS; i++) {
		assert_patch_executes_meanwhile(address, RETURN_2, flags, 2);
		assert_patch_executes_meanwhile(address, RETURN_1, flags, 1);
	}
	board->over = true;
	assert_true(worker_wait(target, 5000, NULL, 0, NULL));
	note("%lu calls", board->calls);
}

static void writes_execute_in_a_target_that_runs(void **state)
{
	(void)state;
	assert_patches_execute_meanwhile(map_code(PROT_READ | PROT_WRITE | PROT_EXEC), 0);
}

static void forced_writes_execute_in_a_target_that_runs(void **state)
{
	(void)state;
	set_functions((uintptr_t)own_function, 0);
	assert_patches_execute_meanwhile((uintptr_t)own_function, MEMRW_FORCE);
}

/*
 * That a processor executes what was written cannot fail in QEMU, which keeps
 * no instruction cache; that the driver tells the processors can.
 */
static bool write_tells_the_processors(uint64_t address, size_t length)
{
	char *data, *text;
	bool told;

	trace_start_calls("kick_all_cpus_sync");
	data = test_malloc(length);
	assert_int_equal(session_read(session, address, data, length, 0), length);
	assert_int_equal(session_write(session, address, data, length, 0), length);
	text = trace_stop();
	told = trace_has(text, "memrw_probe", getpid());
	free(text);
	test_free(data);
	return told;
}

static void need_telling(void)
{
#ifdef __x86_64__
	skip_because("these processors see by themselves that instructions change");
#endif
}

static void a_write_to_code_tells_the_processors(void **state)
{
	uint64_t address = memory_map_pattern(target, 4 * PAGE, 1);

	(void)state;
	need_telling();
	memory_protect(target, address + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	assert_true(write_tells_the_processors(address + 2 * PAGE, 4));
	assert_true(write_tells_the_processors(address + 2 * PAGE + 3, 100));
	assert_true(write_tells_the_processors(address, 4 * PAGE));
}

static void a_write_to_data_does_not_bother_the_processors(void **state)
{
	uint64_t address = memory_map_pattern(target, 2 * PAGE, 1);

	(void)state;
	need_telling();
	memory_protect(target, address + PAGE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	assert_false(write_tells_the_processors(address, 4));
	assert_false(write_tells_the_processors(address + 3, PAGE - 3));
}

#define on_board(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		on_board(writes_to_writable_code_execute),
		on_board(forced_writes_to_read_only_code_execute),
		on_board(forced_writes_to_the_programs_own_text_execute),
		on_board(writes_to_code_that_becomes_executable_later_execute),
		on_board(a_write_across_pages_executes_in_both),
		on_board(writes_execute_in_a_target_that_runs),
		on_board(forced_writes_execute_in_a_target_that_runs),
		on_board(a_write_to_code_tells_the_processors),
		on_board(a_write_to_data_does_not_bother_the_processors),
	};

	return run_behaviours(tests);
}
