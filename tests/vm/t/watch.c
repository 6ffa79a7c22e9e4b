// SPDX-License-Identifier: GPL-2.0-only
/* What hits a watch, what a hit tells, and which are kept back. */
#include <fcntl.h>
#include <linux/audit.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/test.h"
#include "lib/watch.h"
#include "lib/watched.h"
#include "lib/worker.h"

/* Of <asm/perf_regs.h>, which other processors have other names in. */
#define REGISTER_BX	1
#define REGISTER_SP	7
#define REGISTER_IP	8
#define REGISTERS_X86	24

static struct memrw_watch_hit hits[64];

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static bool is_in_stores(uint64_t ip)
{
	/* It is short, and what follows it in its file is, too. */
	return ip > (uintptr_t)do_stores && ip < (uintptr_t)do_stores + 512;
}

/*
 * What hits
 */

static void a_store_is_a_hit(void **state)
{
	int watch = watch_open(session, watch_stores(address));
	uint64_t before = now_ns();

	(void)state;
	memory_poke(target, address + 8, 3);
	target_stores(target, address, 42);
	watch_read_all(watch, hits, 1);
	assert_int_equal(hits[0].flags, 0);
	assert_int_equal(hits[0].tid, worker_pid(target));
	assert_int_equal(hits[0].lost, 0);
	assert_int_equal(hits[0].before, 0);
	assert_int_equal(hits[0].value, 42);
	assert_true(is_in_stores(hits[0].ip));
	/* The kernel's clock for any context may be a little off. */
	assert_true(hits[0].time + 10000000 > before && hits[0].time < now_ns() + 10000000);
	close(watch);
}

static void each_length_hits_within_and_not_beside(void **state)
{
	for (unsigned int length = 1; length <= 8; length *= 2) {
		struct memrw_set_watch set = watch_stores(address + 16);
		struct accesses byte = { .width = 1, .times = 1, .value = 0x11 };
		int watch;

		set.length = length;
		watch = watch_open(session, set);
		for (unsigned int i = 0; i < 32; i++) {
			byte.address = address + 8 + i;
			worker_call(target, do_stores, &byte, sizeof(byte));
		}
		watch_read_all(watch, hits, length);
		close(watch);
	}
	(void)state;
}

static void a_store_that_reaches_into_it_hits(void **state)
{
	struct memrw_set_watch set = watch_stores(address + 2);
	int watch;

	(void)state;
	set.length = 1;
	watch = watch_open(session, set);
	target_stores(target, address, 0x04030201);
	watch_read_all(watch, hits, 1);
	assert_int_equal(hits[0].value, 3);
	close(watch);
}

static void loads_hit_only_where_they_are_asked_for(void **state)
{
	struct accesses loads = { .address = address, .times = 3 };
	struct memrw_set_watch set = watch_stores(address);
	int watch = watch_open(session, set);

	(void)state;
	worker_call(target, do_loads, &loads, sizeof(loads));
	target_stores(target, address, 0);
	watch_read_all(watch, hits, 1);
	close(watch);
	set.type = MEMRW_WATCH_TYPE_READ_WRITE;
	watch = watch_open(session, set);
	worker_call(target, do_loads, &loads, sizeof(loads));
	target_stores(target, address, 7);
	watch_read_all(watch, hits, 4);
	assert_int_equal(hits[0].value, 0);
	assert_int_equal(hits[3].value, 7);
	close(watch);
}

static void execution_hits_before_the_instruction(void **state)
{
	struct accesses once = { .address = address, .width = WORD, .times = 1 };
	int watch = watch_open(session, (struct memrw_set_watch){
		.address = (uintptr_t)do_loads, .length = 1,
		.type = MEMRW_WATCH_TYPE_EXECUTE });

	(void)state;
	worker_call(target, do_stores, &once, sizeof(once));
	for (int i = 0; i < 3; i++)
		worker_call(target, do_loads, &once, sizeof(once));
	watch_read_all(watch, hits, 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(hits[i].ip, (uintptr_t)do_loads);
		assert_int_equal(hits[i].flags, MEMRW_HIT_NO_VALUE);
	}
	close(watch);
}

static long read_into(void *argument)
{
	static const char text[8] = "seven...";
	int ends[2];
	ssize_t done;

	if (pipe(ends) < 0 || write(ends[1], text, sizeof(text)) != sizeof(text))
		return -1;
	done = read(ends[0], *(void **)argument, sizeof(text));
	close(ends[0]);
	close(ends[1]);
	return done;
}

/* Nor is any address of its own told. */
static void what_the_kernel_stores_is_a_hit_of_the_kernel(void **state)
{
	int watch = watch_open(session, watch_stores(address));

	(void)state;
	assert_int_equal(worker_call(target, read_into, &address, sizeof(address)), 8);
	/* It may take more than one store. */
	assert_true(watch_read(watch, hits, 1) == 1);
	assert_int_equal(hits[0].flags & MEMRW_HIT_KERNEL, MEMRW_HIT_KERNEL);
	assert_int_equal(hits[0].tid, worker_pid(target));
	assert_true(hits[0].ip < 1ULL << 47);
	assert_int_equal(hits[0].registers[REGISTER_IP], hits[0].ip);
	close(watch);
}

static void what_others_write_there_is_no_hit(void **state)
{
	int watch = watch_open(session, watch_stores(address));
	uint64_t value = 5;
	struct iovec from = { &value, sizeof(value) }, to = { (void *)address, sizeof(value) };

	(void)state;
	assert_int_equal(session_write(session, address, &value, sizeof(value), 0), sizeof(value));
	assert_int_equal(process_vm_writev(worker_pid(target), &from, 1, &to, 1, 0), sizeof(value));
	assert_no_hit(watch);
	target_stores(target, address, 6);
	watch_read_all(watch, hits, 1);
	assert_int_equal(hits[0].value, 6);
	close(watch);
}

static void memory_that_comes_later_is_watched(void **state)
{
	uint64_t later = memory_map_anonymous(target, PAGE);
	int watch;

	(void)state;
	memory_unmap(target, later, PAGE);
	watch = watch_open(session, watch_stores(later));
	memory_map(target, later, PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	target_stores(target, later, 1);
	watch_read_all(watch, hits, 1);
	close(watch);
}

static void oneself_can_be_watched(void **state)
{
	static volatile uint64_t mine;
	int own = session_open_bound(getpid());
	int watch = watch_open(own, watch_stores((uintptr_t)&mine));

	(void)state;
	mine = 9;
	watch_read_all(watch, hits, 1);
	assert_int_equal(hits[0].value, 9);
	close(watch);
}

/*
 * What a hit tells
 */

#ifdef __x86_64__
/* The store's value and what is in a register are the same. */
static __attribute__((noinline)) void store_by_register(volatile uint64_t *at)
{
	asm volatile("movq %1, %%rbx\n\tmovq %%rbx, (%0)" : : "r"(at), "r"(0x1122334455667788)
		     : "rbx", "memory");
}

static __attribute__((noinline, optimize("no-omit-frame-pointer"))) void call_store(void *at)
{
	store_by_register(at);
	asm volatile("" : : : "memory");
}

static long store_from_a_frame(void *argument)
{
	call_store(*(void **)argument);
	return (uintptr_t)__builtin_frame_address(0);
}

static void registers_are_those_of_the_store(void **state)
{
	int watch = watch_open(session, watch_stores(address));

	(void)state;
	worker_call(target, store_from_a_frame, &address, sizeof(address));
	watch_read_all(watch, hits, 1);
	assert_int_equal(hits[0].architecture, AUDIT_ARCH_X86_64);
	assert_int_equal(hits[0].nr_registers, REGISTERS_X86);
	assert_int_equal(hits[0].registers[REGISTER_BX], 0x1122334455667788);
	assert_int_equal(hits[0].value, 0x1122334455667788);
	assert_int_equal(hits[0].registers[REGISTER_IP], hits[0].ip);
	assert_true(hits[0].registers[REGISTER_SP] != 0);
	close(watch);
}

static void callers_are_found_by_frame_pointers(void **state)
{
	int watch = watch_open(session, watch_stores(address));
	bool found = false;

	(void)state;
	worker_call(target, store_from_a_frame, &address, sizeof(address));
	watch_read_all(watch, hits, 1);
	/* call_store() has a frame: where it returns to is in its caller. */
	for (unsigned int i = 0; i < hits[0].nr_callers; i++)
		found |= hits[0].callers[i] > (uintptr_t)store_from_a_frame &&
			 hits[0].callers[i] < (uintptr_t)store_from_a_frame + 128;
	assert_true(found);
	assert_true(hits[0].nr_callers <= MEMRW_HIT_CALLERS);
	close(watch);
}
#endif

/*
 * Which are kept back
 */

/* Of two stores of each number from 0 to 9, the values of those that hit. */
static size_t values_that_hit(struct memrw_set_watch set, uint64_t *values)
{
	int watch = watch_open(session, set);
	size_t count = 0;

	for (uint64_t i = 0; i < 10; i++) {
		target_stores(target, address, i);
		target_stores(target, address, i);
	}
	while (watch_has_hit(watch, 0)) {
		assert_int_equal(read(watch, hits, sizeof(hits[0])), sizeof(hits[0]));
		values[count++] = hits[0].value;
	}
	close(watch);
	return count;
}

static void assert_values(struct memrw_set_watch set, const uint64_t *expected, size_t count)
{
	uint64_t values[64];

	assert_int_equal(values_that_hit(set, values), count);
	assert_memory_equal(values, expected, count * sizeof(*expected));
}

static void unchanged_values_are_kept_back(void **state)
{
	static const uint64_t expected[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct memrw_set_watch set = watch_stores(address);

	(void)state;
	set.flags = MEMRW_WATCH_CHANGED;
	assert_values(set, expected, ARRAY_SIZE(expected));
}

static void only_equal_values_pass(void **state)
{
	static const uint64_t expected[] = { 5, 5 };
	struct memrw_set_watch set = watch_stores(address);

	(void)state;
	set.condition = MEMRW_WATCH_EQUAL;
	set.operand = 5;
	assert_values(set, expected, ARRAY_SIZE(expected));
	set.flags = MEMRW_WATCH_CHANGED;
	assert_values(set, expected, 1);
}

static void only_crossing_values_pass(void **state)
{
	/* The second time down from 9 first. */
	static const uint64_t expected[] = { 5 }, again[] = { 0, 5 };
	struct memrw_set_watch set = watch_stores(address);

	(void)state;
	set.condition = MEMRW_WATCH_CROSS;
	set.operand = 5;
	assert_values(set, expected, ARRAY_SIZE(expected));
	assert_values(set, again, ARRAY_SIZE(again));
}

/* What crosses @operand of 1, -1, -2 and 1, as numbers of 2 bytes. */
static size_t crossings(uint64_t operand, uint32_t flags)
{
	static const uint16_t values[] = { 1, 0xffff, 0xfffe, 1 };
	struct accesses stores = { .address = address, .width = 2, .times = 1 };
	struct memrw_set_watch set = watch_stores(address);
	size_t count = 0;
	int watch;

	memory_poke(target, address, 0);
	set.length = 2;
	set.condition = MEMRW_WATCH_CROSS;
	set.operand = operand;
	set.flags = flags;
	watch = watch_open(session, set);
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		stores.value = values[i];
		worker_call(target, do_stores, &stores, sizeof(stores));
	}
	while (watch_has_hit(watch, 0))
		count += watch_read(watch, hits + count, 1);
	close(watch);
	return count;
}

static void crossing_heeds_the_sign_and_the_length(void **state)
{
	(void)state;
	/* Without a sign only 0 is below 1. */
	assert_int_equal(crossings(1, 0), 1);
	assert_int_equal(hits[0].value, 1);
	/* -2 is below -1; bytes that are not of the value do not count. */
	assert_int_equal(crossings((uint64_t)-1, MEMRW_WATCH_SIGNED), 2);
	assert_int_equal(hits[0].value, 0xfffe);
	assert_int_equal(hits[1].value, 1);
}

static void only_instructions_in_range_pass(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	int watch;

	(void)state;
	set.ip_first = (uintptr_t)do_stores;
	set.ip_last = (uintptr_t)do_stores + 511;
	watch = watch_open(session, set);
	target_stores(target, address, 1);
	memory_poke(target, address, 2);
	watch_read_all(watch, hits, 1);
	assert_int_equal(hits[0].value, 1);
	close(watch);
}

static void an_instruction_hits_once(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	int watch;

	(void)state;
	set.flags = MEMRW_WATCH_ONCE_PER_IP;
	watch = watch_open(session, set);
	target_stores_on(target, address, 1, 50);
	memory_poke(target, address, 99);
	memory_poke(target, address, 98);
	watch_read_all(watch, hits, 2);
	assert_true(is_in_stores(hits[0].ip));
	assert_false(is_in_stores(hits[1].ip));
	assert_int_equal(hits[1].value, 99);
	close(watch);
}

static void every_nth_passes(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	int watch;

	(void)state;
	set.every = 7;
	watch = watch_open(session, set);
	target_stores_on(target, address, 1, 22);
	watch_read_all(watch, hits, 3);
	assert_int_equal(hits[0].value, 7);
	assert_int_equal(hits[2].value, 21);
	/* What was kept back was seen. */
	assert_int_equal(hits[2].before, 20);
	close(watch);
}

static void the_limit_ends_it(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	int watch;

	(void)state;
	set.limit = 3;
	watch = watch_open(session, set);
	target_stores_on(target, address, 1, 10);
	assert_int_equal(watch_read(watch, hits, 10), 4);
	assert_int_equal(hits[2].value, 3);
	assert_int_equal(hits[3].kind, MEMRW_HIT_END);
	assert_int_equal(hits[3].value, MEMRW_WATCH_END_LIMIT);
	assert_int_equal(hits[3].lost, 0);
	close(watch);
}

static void a_hit_can_stop_the_target(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	struct accesses one = { .address = address, .width = WORD, .times = 1, .value = 3 };
	int watch, status;

	(void)state;
	set.flags = MEMRW_WATCH_STOP;
	watch = watch_open(session, set);
	worker_send(target, do_stores, &one, sizeof(one));
	assert_int_equal(waitpid(worker_pid(target), &status, WUNTRACED), worker_pid(target));
	assert_true(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	watch_read_all(watch, hits, 1);
	kill(worker_pid(target), SIGCONT);
	assert_true(worker_wait(target, 10000, &one, sizeof(one), &(long){ 0 }));
	close(watch);
}

/*
 * What is refused
 */

static void assert_refused(struct memrw_set_watch set, int error)
{
	if (!session_has_feature(session, MEMRW_FEATURE_WATCH))
		skip_because("the driver has no watches here");
	assert_int_equal(watch_try(session, set), -error);
}

static void bad_arguments(void **state)
{
	struct memrw_set_watch good = watch_stores(address), set;

	(void)state;
	for (unsigned int length = 0; length < 20; length++) {
		set = good;
		set.length = length;
		if (length != 1 && length != 2 && length != 4 && length != 8)
			assert_refused(set, EINVAL);
	}
	for (unsigned int offset = 1; offset < 8; offset++) {
		set = good;
		set.address += offset;
		assert_refused(set, EINVAL);
	}
#define REFUSED(change) do { set = good; change; assert_refused(set, EINVAL); } while (0)
	REFUSED(set.type = 0);
	REFUSED(set.type = 2);
	REFUSED(set.type = 5);
	REFUSED(set.type = MEMRW_WATCH_TYPE_EXECUTE);
	REFUSED((set.type = MEMRW_WATCH_TYPE_EXECUTE, set.length = 1,
		 set.flags = MEMRW_WATCH_CHANGED));
	REFUSED((set.type = MEMRW_WATCH_TYPE_EXECUTE, set.length = 1,
		 set.condition = MEMRW_WATCH_EQUAL));
	REFUSED(set.condition = 3);
	REFUSED(set.operand = 1);
	REFUSED(set.flags = MEMRW_WATCH_SIGNED);
	REFUSED((set.ip_first = 2, set.ip_last = 1));
	REFUSED(set.ip_first = 1);
	REFUSED(set.capacity = MEMRW_WATCH_CAPACITY_MAX + 1);
	REFUSED(set.hit_size = sizeof(struct memrw_watch_hit) - 1);
	REFUSED(set.hit_size = 1 << 20);
#undef REFUSED
}

static void addresses_of_the_kernel_are_refused(void **state)
{
	static const uint64_t addresses[] = {
		1ULL << 56, 1ULL << 63, 0xffffffffff600000, 0xffffffff81000000, -8ULL,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++)
		assert_refused(watch_stores(addresses[i]), EIO);
}

static void it_takes_a_session_that_is_open_for_it(void **state)
{
	struct memrw_set_watch set = watch_stores(address);
	int reader = session_open(O_RDONLY), writer = session_open(O_WRONLY);
	int watch;

	(void)state;
	assert_refused((struct memrw_set_watch){ .type = 0 }, EINVAL);
	session_bind(reader, worker_pid(target));
	session_bind(writer, worker_pid(target));
	assert_int_equal(watch_try(writer, set), -EACCES);
	watch = watch_open(reader, set);
	close(watch);
	set.flags = MEMRW_WATCH_STOP;
	assert_int_equal(watch_try(reader, set), -EACCES);
	assert_int_equal(watch_try(writer, set), -EACCES);
}

static void it_takes_a_target(void **state)
{
	int unbound = session_open(O_RDWR), watch;

	(void)state;
	watch = watch_open(session, watch_stores(address));
	close(watch);
	assert_int_equal(watch_try(unbound, watch_stores(address)), -EBADFD);
	worker_exec(target, helper_path("idle"));
	assert_int_equal(watch_try(session, watch_stores(address)), -ESTALE);
	worker_kill(target, SIGKILL, 10000);
	assert_int_equal(watch_try(session, watch_stores(address)), -ESRCH);
}

int main(void)
{
#define test(fn) cmocka_unit_test_setup_teardown(fn, watched_setup, test_teardown)
	static const struct CMUnitTest tests[] = {
		test(a_store_is_a_hit),
		test(each_length_hits_within_and_not_beside),
		test(a_store_that_reaches_into_it_hits),
		test(loads_hit_only_where_they_are_asked_for),
		test(execution_hits_before_the_instruction),
		test(what_the_kernel_stores_is_a_hit_of_the_kernel),
		test(what_others_write_there_is_no_hit),
		test(memory_that_comes_later_is_watched),
		test(oneself_can_be_watched),
#ifdef __x86_64__
		test(registers_are_those_of_the_store),
		test(callers_are_found_by_frame_pointers),
#endif
		test(unchanged_values_are_kept_back),
		test(only_equal_values_pass),
		test(only_crossing_values_pass),
		test(crossing_heeds_the_sign_and_the_length),
		test(only_instructions_in_range_pass),
		test(an_instruction_hits_once),
		test(every_nth_passes),
		test(the_limit_ends_it),
		test(a_hit_can_stop_the_target),
		test(bad_arguments),
		test(addresses_of_the_kernel_are_refused),
		test(it_takes_a_session_that_is_open_for_it),
		test(it_takes_a_target),
	};

	return run_behaviours(tests);
}
