// SPDX-License-Identifier: GPL-2.0-only
#include "lib/sweep.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "lib/memory.h"
#include "lib/session.h"
#include "lib/witness.h"

/* No call has as many; one that never succeeds would not end. */
#define NTH_MAX		2000

/* Far from all else: no page table is there yet. */
#define UNTOUCHED	0x180000000000ULL

static struct witness witness;
static int session;
static unsigned int calls, faults[FAULT_KINDS];

struct worker *sweep_target(void)
{
	return witness.target;
}

pid_t sweep_pid(void)
{
	return worker_pid(witness.target);
}

int sweep_session(void)
{
	return session;
}

uint64_t sweep_private(void)
{
	return witness.anonymous;
}

uint64_t sweep_shared(void)
{
	return witness.shared;
}

uint64_t sweep_untouched(void)
{
	return UNTOUCHED;
}

void sweep_map_untouched(void)
{
	size_t length = SWEEP_PAGES * PAGE;

	memory_unmap(witness.target, UNTOUCHED, length);
	memory_map(witness.target, UNTOUCHED, length, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* The errno of what was injected: a call may go on without it, but not say another. */
static void assert_errno(const struct sweep *sweep, int64_t result, enum fault fault)
{
	if (result >= 0 || (sweep->fails_anyway && result == sweep->fails_anyway))
		return;
	if (fault == FAULT_NONE)
		fail_msg("%s, and nothing was injected", strerror(-result));
	assert_int_equal(result, fault == FAULT_COPY ? -EFAULT : -ENOMEM);
}

static enum fault call_with_fault(const struct sweep *sweep, unsigned int nth, int64_t *result)
{
	enum fault fault;

	if (sweep->prepare)
		sweep->prepare();
	fault_arm(nth);
	*result = sweep->call();
	fault = fault_disarm();
	assert_errno(sweep, *result, fault);
	sweep->check(*result, fault);
	return fault;
}

/* Once without: from then on nothing of this program's own is touched first. */
static void warm_up(const struct sweep *sweep)
{
	int64_t result;

	assert_int_equal(call_with_fault(sweep, 0, &result), FAULT_NONE);
}

/* Which kinds have failed the call. */
static unsigned int call_with_all_faults(const struct sweep *sweep, unsigned int *count)
{
	unsigned int failed_by = 0, nth;
	enum fault fault;
	int64_t result;

	for (nth = 1; nth < NTH_MAX; nth++) {
		fault = call_with_fault(sweep, nth, &result);
		witness_assert_nothing_open(&witness);
		if (fault == FAULT_NONE)
			return failed_by;
		if (result < 0)
			failed_by |= FAILS_BY(fault);
		count[fault]++;
	}
	fail_msg("something was injected %u times, and no end", nth);
	return 0;
}

static void tell(const unsigned int *count)
{
	calls++;
	for (enum fault i = FAULT_SLAB; i < FAULT_KINDS; i++)
		faults[i] += count[i];
	note("injected: %u objects, %u pages, %u copies", count[FAULT_SLAB], count[FAULT_PAGE],
	     count[FAULT_COPY]);
}

static void start(void)
{
	fault_need();
	witness_clean_up();
	session = session_open(O_RDWR);
	witness_start(&witness, SWEEP_PAGES * PAGE);
	assert_int_equal(session_bind(session, sweep_pid()), 0);
}

/* How many pages of the target's are held after it. */
static long sweep_once(const struct sweep *sweep)
{
	unsigned int count[FAULT_KINDS] = { 0 }, failed_by, missing;

	start();
	warm_up(sweep);
	failed_by = call_with_all_faults(sweep, count);
	tell(count);
	missing = sweep->fails_by & ~failed_by;
	if (!fault_has(FAULT_COPY))
		missing &= ~FAILS_BY(FAULT_COPY);
	assert_int_equal(missing, 0);
	session_close(session);
	return witness_end(&witness);
}

/* The kernel may hold a page for a moment, as when it moves one: not twice. */
void sweep_do(const struct sweep *sweep)
{
	long held = sweep_once(sweep);

	if (!held)
		return;
	note("%ld pages are held; once more", held);
	assert_int_equal(sweep_once(sweep), 0);
}

static void sweep_test(void **state)
{
	sweep_do(*state);
}

void sweep_add(struct test_list *list, const struct sweep *sweep)
{
	test_list_add(list, sweep_test, (void *)sweep, "%s_with_each_fault", sweep->name);
}

/* Instead of all of them, where none can be made: it says why. */
static void calls_with_each_fault(void **state)
{
	(void)state;
	fault_need();
}

int sweep_run(struct test_list *list)
{
	struct test_list none = { 0 };
	int failed;

	if (!fault_is_possible()) {
		test_list_add(&none, calls_with_each_fault, NULL, "calls_with_each_fault");
		return test_list_run(&none);
	}
	failed = test_list_run(list);
	witness_clean_up();
	printf("# fault sweep: %u calls; injected: %u objects, %u pages, %u copies\n", calls,
	       faults[FAULT_SLAB], faults[FAULT_PAGE], faults[FAULT_COPY]);
	return failed;
}
