// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's log cannot be filled through the driver, nor can anybody write
 * what he likes into it.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/audit.h"
#include "lib/klog.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/worker.h"

#define FLOOD		100000
#define FLOOD_AUDITED	2000

static int teardown(void **state)
{
	int error = test_teardown(state);

	audit_stop();
	return error;
}

static size_t lines(const char *text, const char *with)
{
	size_t count = 0;

	for (const char *line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
		const char *found = strstr(line, with), *end = strchr(line + 1, '\n');

		count += found && (!end || found < end);
	}
	return count;
}

struct flood {
	int session;
	pid_t pid;
	int times, refused;
};

/* Runs in the caller, in slices that a worker has time for. */
static long bind_again_and_again(void *arg)
{
	struct flood *flood = arg;

	for (int i = 0; i < flood->times; i++)
		flood->refused += session_bind(flood->session, flood->pid) == -EPERM;
	return 0;
}

static void flood_with_binds(struct worker *caller, struct flood *flood, int times)
{
	flood->times = 500;
	while (times > 0) {
		worker_call(caller, bind_again_and_again, flood, sizeof(*flood));
		times -= flood->times;
	}
}

/* Each a mistake that a driver might be tempted to tell the log. */
static void make_mistakes(int fd)
{
	struct memrw_transfer transfer = { .size = sizeof(transfer), .length = 8 };
	struct memrw_info info = { .size = 4 };
	char byte;

	assert_int_equal(session_command(fd, _IO(MEMRW_IOC_TYPE, 0xff), NULL), -ENOTTY);
	assert_int_equal(session_command(fd, MEMRW_IOC_GET_INFO, &info), -EINVAL);
	assert_int_equal(session_command(fd, MEMRW_IOC_GET_INFO, NULL), -EFAULT);
	assert_int_equal(session_command(fd, MEMRW_IOC_READ, &transfer), -EIO);
	assert_int_equal(session_bind(fd, -1), -EINVAL);
	assert_int_equal(session_bind(fd, 1 << 30), -ESRCH);
	assert_int_equal(session_pread(fd, 0, &byte, 1), -EIO);
}

static void nothing_is_logged_of_100000_refused_binds(void **state)
{
	struct flood flood = { .session = session_open(O_RDWR),
			       .pid = worker_pid(worker_start(ROOT)) };
	struct worker *caller = worker_start(MEMBER);
	char *text;

	(void)state;
	klog_mark();
	flood_with_binds(caller, &flood, FLOOD);
	assert_int_equal(flood.refused, FLOOD);
	text = klog_since_mark();
	/* Others may have had something to say. */
	assert_int_equal(lines(text, "memrw"), 0);
	assert_true(lines(text, "") < 100);
	free(text);
}

static void nothing_is_logged_of_100000_mistakes(void **state)
{
	int fd = session_open_bound(worker_pid(worker_start(MEMBER)));
	char *text;

	(void)state;
	klog_mark();
	for (int i = 0; i < FLOOD / 7 + 1; i++)
		make_mistakes(fd);
	text = klog_since_mark();
	assert_int_equal(lines(text, "memrw"), 0);
	assert_true(lines(text, "") < 100);
	free(text);
}

/* Where nobody reads the audit log its records go to the kernel's, as many as that takes. */
static void the_log_stays_short_when_auditing_without_a_daemon(void **state)
{
	struct flood flood = { .session = session_open(O_RDWR),
			       .pid = worker_pid(worker_start(ROOT)) };
	struct worker *caller = worker_start(MEMBER);
	uint64_t begin, seconds;
	size_t count;
	char *text;

	(void)state;
	audit_start();
	klog_mark();
	begin = now_ms();
	flood_with_binds(caller, &flood, FLOOD_AUDITED);
	seconds = (now_ms() - begin) / 1000 + 1;
	assert_int_equal(flood.refused, FLOOD_AUDITED);
	text = klog_since_mark();
	count = lines(text, "");
	note("%zu lines of %d binds in %llu s", count, FLOOD_AUDITED, (unsigned long long)seconds);
	/* By default ten in five seconds, and a few words on what was left out. */
	assert_in_range(count, 0, 30 + 5 * seconds);
	free(text);
}

static long set_name(void *name)
{
	return prctl(PR_SET_NAME, name) < 0 ? -errno : 0;
}

static struct worker *start_named(enum who who, const char *name)
{
	char copy[16] = "";
	struct worker *worker = worker_start(who);

	strncpy(copy, name, sizeof(copy) - 1);
	assert_int_equal(worker_call(worker, set_name, copy, sizeof(copy)), 0);
	return worker;
}

static bool is_logged(void *arg)
{
	char *text = klog_since_mark();
	bool found = strstr(text, arg);

	free(text);
	return found;
}

static void a_programs_name_is_not_logged_as_it_is(void **state)
{
	struct member_request request = { .session = session_open(O_RDWR) };
	struct worker *caller = start_named(MEMBER, "\033[31mred\033[0m");
	char *text;

	(void)state;
	request.pid = worker_pid(start_named(ROOT, "x\nmemrw: ok\r\007\377"));
	audit_start();
	klog_mark();
	assert_int_equal(worker_call(caller, member_bind, &request, sizeof(request)), -EPERM);
	/* Or else nothing would be tested; the kernel may have had to leave it out. */
	if (!eventually(is_logged, "op=memrw-bind", 10000))
		skip_because("the record was not among those that the kernel had room for");
	text = klog_since_mark();
	assert_int_equal(lines(text, "memrw: ok"), 0);
	for (const char *c = text; *c; c++) {
		if (*c != '\n' && (*c < ' ' || *c > '~'))
			fail_msg("a character 0x%02x in: %s", (unsigned char)*c, text);
	}
	free(text);
}

#define logged(fn) cmocka_unit_test_teardown(fn, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		/* First: the floods would take up what the kernel has room for. */
		logged(a_programs_name_is_not_logged_as_it_is),
		logged(nothing_is_logged_of_100000_refused_binds),
		logged(nothing_is_logged_of_100000_mistakes),
		logged(the_log_stays_short_when_auditing_without_a_daemon),
	};

	return run_behaviours(tests);
}
