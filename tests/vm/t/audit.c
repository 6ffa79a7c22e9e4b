// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bind of somebody else's process leaves a record in the audit log, in which
 * nobody can make up a field, and for which nobody has to wait but who binds.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/audit.h"
#include "lib/file.h"
#include "lib/policy.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/worker.h"

#define RECORD_MS 3000

static int teardown(void **state)
{
	int error = test_teardown(state);

	audit_stop();
	return error;
}

static void assert_field(const char *record, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void assert_field(const char *record, const char *name, const char *format, ...)
{
	char expected[256], value[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(expected, sizeof(expected), format, ap);
	va_end(ap);
	if (!audit_field(record, name, value, sizeof(value)) || strcmp(value, expected))
		fail_msg("not one %s=%s in: %s", name, expected, record);
}

/* What a worker does to itself before it is a caller or a target. */

static long set_name(void *name)
{
	return prctl(PR_SET_NAME, name) < 0 ? -errno : 0;
}

static long set_login(void *uid)
{
	return file_write("/proc/self/loginuid", uid);
}

/* As in a setuid program of root's that the member has started. */
static long become_setuid(void *arg)
{
	(void)arg;
	return setresuid(MEMBER_UID, 0, 0) < 0 ? -errno : 0;
}

/* As root's daemon that works for the member for a while. */
static long keep_saved_uid(void *arg)
{
	(void)arg;
	return setresuid(MEMBER_UID, MEMBER_UID, 0) < 0 ? -errno : 0;
}

static struct worker *prepared(struct worker *worker, worker_fn prepare, const void *arg,
			       size_t size)
{
	char copy[64] = "";

	memcpy(copy, arg, size);
	assert_int_equal(worker_call(worker, prepare, copy, size), 0);
	return worker;
}

static struct worker *named(struct worker *worker, const char *name)
{
	return prepared(worker, set_name, name, strlen(name) + 1);
}

/* A caller, and a session that it has: it inherits what is open. */
struct caller {
	struct worker *worker;
	int session;
};

static struct caller caller_start(enum who who)
{
	int session = session_open(O_RDWR);

	return (struct caller){ worker_start(who), session };
}

static long bind_by(struct caller caller, struct worker *target)
{
	struct member_request request = { .session = caller.session, .pid = worker_pid(target) };

	return worker_call(caller.worker, member_bind, &request, sizeof(request));
}

static void assert_record(const char *record, struct caller caller, struct worker *target,
			  bool allowed)
{
	assert_field(record, "pid", "%d", worker_pid(caller.worker));
	assert_field(record, "opid", "%d", worker_pid(target));
	assert_field(record, "res", "%d", allowed);
}

static void a_refused_bind_of_anothers_process_is_recorded(void **state)
{
	struct worker *target = worker_start(OUTSIDER);
	struct caller caller = caller_start(MEMBER);
	const char *record;

	(void)state;
	audit_start();
	assert_int_equal(bind_by(caller, target), -EPERM);
	record = audit_next(RECORD_MS);
	note("%s", record);
	assert_record(record, caller, target, false);
	assert_field(record, "uid", "%d", MEMBER_UID);
	assert_field(record, "ouid", "%d", OUTSIDER_UID);
	assert_field(record, "oeuid", "%d", OUTSIDER_UID);
}

static void an_allowed_bind_of_anothers_process_is_recorded(void **state)
{
	struct worker *target = worker_start(MEMBER);
	struct caller caller = caller_start(ROOT);
	const char *record;

	(void)state;
	audit_start();
	assert_int_equal(bind_by(caller, target), 0);
	record = audit_next(RECORD_MS);
	assert_record(record, caller, target, true);
	assert_field(record, "uid", "0");
	assert_field(record, "ouid", "%d", MEMBER_UID);
}

static void a_bind_that_the_policy_any_allows_is_recorded(void **state)
{
	struct worker *target = worker_start(ROOT);
	struct caller caller = caller_start(MEMBER);

	(void)state;
	audit_start();
	policy_set("any");
	assert_int_equal(bind_by(caller, target), 0);
	assert_record(audit_next(RECORD_MS), caller, target, true);
}

static void a_record_says_who_has_logged_in(void **state)
{
	struct worker *target = prepared(worker_start(ROOT), set_login, "1001", 5);
	struct caller caller = caller_start(ROOT);
	const char *record;
	char session[16];

	(void)state;
	prepared(caller.worker, set_login, "1000", 5);
	prepared(caller.worker, become_setuid, "", 0);
	audit_start();
	assert_int_equal(bind_by(caller, target), 0);
	record = audit_next(RECORD_MS);
	assert_field(record, "auid", "1000");
	assert_field(record, "oauid", "1001");
	/* The kernel counts them. */
	assert_true(audit_field(record, "ses", session, sizeof(session)));
	assert_true(audit_field(record, "oses", session, sizeof(session)));
	assert_true(atoi(session) > 0);
}

static void ones_own_setuid_program_is_anothers(void **state)
{
	struct worker *target = worker_start(MEMBER);
	struct caller caller = caller_start(MEMBER);
	char path[128];
	const char *record;

	(void)state;
	setuid_program(path, sizeof(path));
	setuid_exec(target, path);
	audit_start();
	assert_int_equal(bind_by(caller, target), -EPERM);
	record = audit_next(RECORD_MS);
	assert_record(record, caller, target, false);
	assert_field(record, "ouid", "%d", MEMBER_UID);
	assert_field(record, "oeuid", "0");
}

static void a_process_with_anothers_saved_uid_is_anothers(void **state)
{
	struct worker *target = prepared(worker_start(ROOT), keep_saved_uid, "", 0);
	struct caller caller = caller_start(MEMBER);

	(void)state;
	audit_start();
	assert_int_equal(bind_by(caller, target), -EPERM);
	assert_record(audit_next(RECORD_MS), caller, target, false);
}

static void a_setuid_program_that_binds_acts_for_who_started_it(void **state)
{
	struct worker *members = worker_start(MEMBER), *roots = worker_start(ROOT);
	struct caller caller = caller_start(ROOT);
	const char *record;

	(void)state;
	prepared(caller.worker, become_setuid, "", 0);
	audit_start();
	assert_int_equal(bind_by(caller, members), 0);
	assert_int_equal(bind_by(caller, roots), 0);
	/* Records come in order: the first is that of the second bind. */
	record = audit_next(RECORD_MS);
	assert_record(record, caller, roots, true);
	assert_field(record, "uid", "%d", MEMBER_UID);
	assert_field(record, "euid", "0");
}

static void a_process_in_a_pid_namespace_has_its_number_outside(void **state)
{
	struct worker *target = worker_start_pidns(OUTSIDER);
	struct caller caller = caller_start(MEMBER);

	(void)state;
	audit_start();
	assert_int_equal(bind_by(caller, target), -EPERM);
	assert_record(audit_next(RECORD_MS), caller, target, false);
}

static void a_bind_of_ones_own_process_is_not_recorded(void **state)
{
	struct worker *own = worker_start(MEMBER), *anothers = worker_start(ROOT);
	struct caller caller = caller_start(MEMBER);

	(void)state;
	audit_start();
	assert_int_equal(bind_by(caller, own), 0);
	assert_int_equal(bind_by(caller, anothers), -EPERM);
	assert_record(audit_next(RECORD_MS), caller, anothers, false);
}

static void a_bind_of_oneself_is_not_recorded(void **state)
{
	struct worker *anothers = worker_start(OUTSIDER);
	struct caller caller = caller_start(ROOT);

	(void)state;
	prepared(caller.worker, become_setuid, "", 0);
	audit_start();
	assert_int_equal(bind_by(caller, caller.worker), 0);
	assert_int_equal(bind_by(caller, anothers), 0);
	assert_record(audit_next(RECORD_MS), caller, anothers, true);
}

static void nothing_is_recorded_while_audit_is_off(void **state)
{
	struct worker *target = worker_start(ROOT);
	struct caller caller = caller_start(MEMBER);

	(void)state;
	audit_start();
	assert_int_equal(audit_set((struct audit_status){ .mask = AUDIT_STATUS_ENABLED }), 0);
	assert_int_equal(bind_by(caller, target), -EPERM);
	assert_string_equal(audit_next(500), "");
}

/*
 * A name that a program gave itself: comm is the caller's, written by the kernel
 * itself, and ocomm the target's, by the driver.
 */
struct name {
	const char *meaning, *name, *recorded;
};

static const struct name names[] = {
	{ "a_plain_name", "plain-name_1", "\"plain-name_1\"" },
	{ "the_longest_name", "fifteen.letters", "\"fifteen.letters\"" },
	{ "no_name", "", "\"\"" },
	{ "a_space", "two words", "74776F20776F726473" },
	{ "a_quote", "a\" res=1", "6122207265733D31" },
	{ "a_newline", "a\nres=1", "610A7265733D31" },
	{ "an_escape_sequence", "\033[2Jx", "1B5B324A78" },
	{ "a_byte_above_ascii", "\303\251", "C3A9" },
	{ "a_delete_character", "a\177", "617F" },
};

static void a_name_is_recorded(void **state)
{
	const struct name *name = *state;
	struct worker *target = named(worker_start(OUTSIDER), name->name);
	struct caller caller = caller_start(MEMBER);
	const char *record;

	named(caller.worker, name->name);
	audit_start();
	assert_int_equal(bind_by(caller, target), -EPERM);
	record = audit_next(RECORD_MS);
	assert_record(record, caller, target, false);
	assert_field(record, "comm", "%s", name->recorded);
	assert_field(record, "ocomm", "%s", name->recorded);
}

/* Workers that bind a process again and again, and what they share. */
#define BINDERS 4

struct flood {
	int session;
	volatile pid_t target;
	struct progress {
		volatile pid_t target;
		volatile uint64_t binds;
	} of[BINDERS];
};

static struct flood *flood;

static long bind_for_ever(void *number)
{
	struct progress *own = &flood->of[*(int *)number];

	for (;;) {
		own->target = flood->target;
		session_bind(flood->session, own->target);
		own->binds++;
	}
	return 0;
}

/* In its bind, that is, and not behind it: the kernel has records of its own. */
static bool waits_for_the_log(struct worker *binder)
{
	char path[64], stack[4096] = "";

	snprintf(path, sizeof(path), "/proc/%d/stack", worker_pid(binder));
	if (file_read(path, stack, sizeof(stack)) < 0)
		skip_because("the kernel shows no stacks");
	return strstr(stack, "audit_log_start") && strstr(stack, "[memrw]");
}

struct wait {
	struct worker **binders;
	int number;
	uint64_t binds;
};

static bool one_waits(void *arg)
{
	struct wait *wait = arg;

	for (int i = 0; i < BINDERS; i++) {
		wait->number = i;
		wait->binds = flood->of[i].binds;
		if (flood->of[i].target == flood->target && waits_for_the_log(wait->binders[i]))
			return true;
	}
	return false;
}

static bool still_waits(const struct wait *wait)
{
	return waits_for_the_log(wait->binders[wait->number]) &&
	       flood->of[wait->number].binds == wait->binds;
}

/*
 * The kernel lets one of those who wait go on after half a second or so.  Does
 * execve() of their target end while one of them waits?
 */
static bool target_goes_on(struct worker **binders)
{
	struct worker *target = worker_start(ROOT);
	struct wait wait = { .binders = binders };

	flood->target = worker_pid(target);
	assert_true(eventually(one_waits, &wait, 20000));
	worker_exec(target, helper_path("idle"));
	return still_waits(&wait);
}

static void who_waits_for_the_log_does_not_hold_up_the_target(void **state)
{
	struct worker *binders[BINDERS];
	int times = 0;

	(void)state;
	flood = mmap(NULL, sizeof(*flood), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	assert_ptr_not_equal(flood, MAP_FAILED);
	*flood = (struct flood){ .session = session_open(O_RDWR), .target = 1 };
	for (int i = 0; i < BINDERS; i++)
		binders[i] = worker_start(MEMBER);
	audit_start();
	audit_fill();
	for (int i = 0; i < BINDERS; i++)
		worker_send(binders[i], bind_for_ever, &i, sizeof(i));
	for (int i = 0; i < 10; i++)
		times += target_goes_on(binders);
	note("%d of 10 times execve() ended while one waited", times);
	assert_true(times > 0);
}

#define audited(fn) cmocka_unit_test_teardown(fn, teardown)

static void add(struct test_list *list, const char *name, CMUnitTestFunction fn, const void *state)
{
	test_list_add(list, fn, (void *)state, "%s", name);
	list->tests[list->count - 1].teardown_func = teardown;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		audited(a_refused_bind_of_anothers_process_is_recorded),
		audited(an_allowed_bind_of_anothers_process_is_recorded),
		audited(a_bind_that_the_policy_any_allows_is_recorded),
		audited(a_record_says_who_has_logged_in),
		audited(ones_own_setuid_program_is_anothers),
		audited(a_process_with_anothers_saved_uid_is_anothers),
		audited(a_setuid_program_that_binds_acts_for_who_started_it),
		audited(a_process_in_a_pid_namespace_has_its_number_outside),
		audited(a_bind_of_ones_own_process_is_not_recorded),
		audited(a_bind_of_oneself_is_not_recorded),
		audited(nothing_is_recorded_while_audit_is_off),
		audited(who_waits_for_the_log_does_not_hold_up_the_target),
	};
	struct test_list list = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		add(&list, tests[i].name, tests[i].test_func, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char name[64];

		snprintf(name, sizeof(name), "%s_cannot_make_up_a_field", names[i].meaning);
		add(&list, name, a_name_is_recorded, &names[i]);
	}
	return test_list_run(&list);
}
