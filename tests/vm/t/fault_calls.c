// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every call of the device, with the 1st, the 2nd, the 3rd ... thing in it that
 * can fail failing, until it succeeds because there is no such thing any more.
 * Each time: the right errno, nothing half done, and nothing left behind.
 */
#include <fcntl.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/sweep.h"
#include "lib/test.h"
#include "lib/worker.h"

static int opened;

/*
 * open(2), close(2), lseek(2)
 */

static int64_t call_open(void)
{
	opened = open(MEMRW_NODE, O_RDWR | O_CLOEXEC);
	return opened < 0 ? -errno : 0;
}

static void check_open(int64_t result, enum fault fault)
{
	(void)fault;
	if (result < 0)
		return;
	assert_int_equal(session_bind(opened, getpid()), 0);
	close(opened);
}

static void prepare_close(void)
{
	assert_int_equal(call_open(), 0);
	assert_int_equal(session_bind(opened, sweep_pid()), 0);
}

static int64_t call_close(void)
{
	return close(opened) < 0 ? -errno : 0;
}

/* It always closes: that is all there is to it. */
static void check_always_works(int64_t result, enum fault fault)
{
	(void)fault;
	assert_int_equal(result, 0);
}

static int64_t call_lseek(void)
{
	off_t at = lseek(sweep_session(), 4711, SEEK_SET);

	return at < 0 ? -errno : at - 4711;
}

/*
 * GET_INFO, GET_TARGET
 */

static struct memrw_info info;
static struct memrw_get_target got;

static int64_t call_get_info(void)
{
	return session_get_info(sweep_session(), &info);
}

static void check_get_info(int64_t result, enum fault fault)
{
	(void)fault;
	if (!result)
		assert_int_equal(info.abi_version, MEMRW_ABI_VERSION);
}

static int64_t call_get_target(void)
{
	return session_get_target(sweep_session(), &got);
}

static void check_get_target(int64_t result, enum fault fault)
{
	(void)fault;
	if (!result)
		assert_int_equal(got.pid, sweep_pid());
}

/*
 * SET_TARGET: the session is bound to the new target, or as it was.
 */

static void prepare_unbound(void)
{
	assert_int_equal(session_bind(sweep_session(), 0), 0);
}

static int64_t call_bind(void)
{
	return session_bind_flags(sweep_session(), sweep_pid(), MEMRW_FORCE);
}

static void check_bind(int64_t result, enum fault fault)
{
	int state = session_get_target(sweep_session(), &got);

	(void)fault;
	assert_int_equal(state, result ? -EBADFD : 0);
}

static void prepare_bound_to_self(void)
{
	assert_int_equal(session_bind(sweep_session(), getpid()), 0);
}

static void check_rebind(int64_t result, enum fault fault)
{
	(void)fault;
	assert_int_equal(session_get_target(sweep_session(), &got), 0);
	assert_int_equal(got.pid, result ? getpid() : sweep_pid());
	assert_int_equal(got.transfer_flags, result ? 0 : MEMRW_FORCE);
	assert_int_equal(got.state, MEMRW_TARGET_BOUND);
}

static int64_t call_unbind(void)
{
	return session_bind(sweep_session(), 0);
}

static void check_unbind(int64_t result, enum fault fault)
{
	(void)fault;
	assert_int_equal(session_get_target(sweep_session(), &got), result ? 0 : -EBADFD);
}

/*
 * ATOMIC: done, or not.  Only where what failed was the last copy, that of the
 * result to the caller, it may have been done nevertheless.
 */

static uint64_t old;

static void prepare_word(void)
{
	memory_poke(sweep_target(), sweep_private(), 100);
}

static int64_t add_to(uint64_t address)
{
	struct memrw_atomic add = {
		.op = MEMRW_ATOMIC_ADD,
		.width = 8,
		.address = address,
		.operand = 1,
	};

	return session_atomic(sweep_session(), add, &old);
}

static int64_t call_add(void)
{
	return add_to(sweep_private());
}

static void check_sum(int64_t result, enum fault fault, uint64_t address, uint64_t before)
{
	uint64_t now = memory_peek(sweep_target(), address);

	if (!result)
		assert_int_equal(old, before);
	if (!result || now != before)
		assert_int_equal(now, before + 1);
	if (result)
		assert_true(now == before || fault == FAULT_COPY);
}

static void check_add(int64_t result, enum fault fault)
{
	check_sum(result, fault, sweep_private(), 100);
}

static int64_t call_add_untouched(void)
{
	return add_to(sweep_untouched());
}

static void check_add_untouched(int64_t result, enum fault fault)
{
	check_sum(result, fault, sweep_untouched(), 0);
}

/*
 * QUERY_REGION
 */

static struct memrw_query_region region;
static char name[4096];

static int64_t call_query_region(void)
{
	return session_query_region(sweep_session(), (uintptr_t)call_query_region, &region, name,
				    sizeof(name));
}

static void check_query_region(int64_t result, enum fault fault)
{
	(void)fault;
	if (result)
		return;
	assert_in_range((uintptr_t)call_query_region, region.start, region.end);
	assert_non_null(strstr(name, program_invocation_short_name));
	assert_int_equal(region.name_size, strlen(name) + 1);
}

#define CALL(_name, _prepare, _call, _check, ...) \
	{ .name = _name, .prepare = _prepare, .call = _call, .check = _check, __VA_ARGS__ }

static const struct sweep calls[] = {
	CALL("open", NULL, call_open, check_open, .fails_by = FAILS_BY(FAULT_SLAB)),
	CALL("close", prepare_close, call_close, check_always_works),
	CALL("lseek", NULL, call_lseek, check_always_works),
	CALL("get_info", NULL, call_get_info, check_get_info, .fails_by = FAILS_BY(FAULT_COPY)),
	CALL("get_target", NULL, call_get_target, check_get_target,
	     .fails_by = FAILS_BY(FAULT_COPY)),
	CALL("bind", prepare_unbound, call_bind, check_bind,
	     .fails_by = FAILS_BY(FAULT_SLAB) | FAILS_BY(FAULT_COPY)),
	CALL("rebind", prepare_bound_to_self, call_bind, check_rebind,
	     .fails_by = FAILS_BY(FAULT_SLAB) | FAILS_BY(FAULT_COPY)),
	CALL("unbind", prepare_bound_to_self, call_unbind, check_unbind,
	     .fails_by = FAILS_BY(FAULT_COPY)),
	CALL("atomic", prepare_word, call_add, check_add, .fails_by = FAILS_BY(FAULT_COPY)),
	CALL("atomic_on_untouched_memory", sweep_map_untouched, call_add_untouched,
	     check_add_untouched, .fails_by = FAILS_BY(FAULT_PAGE) | FAILS_BY(FAULT_COPY)),
	CALL("query_region", NULL, call_query_region, check_query_region,
	     .fails_by = FAILS_BY(FAULT_SLAB) | FAILS_BY(FAULT_COPY)),
};

int main(void)
{
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		sweep_add(&list, &calls[i]);
	return sweep_run(&list);
}
