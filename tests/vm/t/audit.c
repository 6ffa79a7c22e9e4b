// SPDX-License-Identifier: GPL-2.0-only
/* A bind of somebody else's process leaves a record in the audit log. */
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/policy.h"
#include "lib/session.h"
#include "lib/setuid.h"
#include "lib/test.h"
#include "lib/worker.h"

#define RECORD_MS 3000

static int control, log_socket;

struct request {
	struct nlmsghdr header;
	struct audit_status status;
};

static int audit_socket(unsigned int groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd < 0)
		skip_because("the kernel has no audit: %s", strerror(errno));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		skip_because("the audit log cannot be read: %s", strerror(errno));
	return fd;
}

/* 0, or -errno as the kernel answered. */
static int set_enabled(bool enabled)
{
	struct request request = {
		.header = { .nlmsg_len = sizeof(request), .nlmsg_type = AUDIT_SET,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.status = { .mask = AUDIT_STATUS_ENABLED, .enabled = enabled },
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512];
	} answer;

	assert_int_equal(send(control, &request, sizeof(request), 0), sizeof(request));
	do {
		assert_true(recv(control, &answer, sizeof(answer), 0) > 0);
	} while (answer.header.nlmsg_type != NLMSG_ERROR);
	return answer.error.error;
}

static int setup(void **state)
{
	(void)state;
	control = -1;
	log_socket = -1;
	return 0;
}

static void enable_audit(void)
{
	int error;

	control = audit_socket(0);
	log_socket = audit_socket(1 << (AUDIT_NLGRP_READLOG - 1));
	error = set_enabled(true);
	if (error)
		skip_because("audit cannot be enabled: %s", strerror(-error));
}

static int teardown(void **state)
{
	if (log_socket >= 0)
		set_enabled(false);
	close(log_socket);
	close(control);
	return test_teardown(state);
}

/* The next record of the driver's; "" if none comes. */
static const char *next_record(unsigned int timeout_ms)
{
	static struct {
		struct nlmsghdr header;
		char text[8192];
	} message;
	struct pollfd poll_fd = { .fd = log_socket, .events = POLLIN };
	uint64_t end = now_ms() + timeout_ms;

	while (now_ms() < end) {
		ssize_t n;

		if (poll(&poll_fd, 1, 50) <= 0)
			continue;
		n = recv(log_socket, &message, sizeof(message) - 1, 0);
		if (n < (ssize_t)sizeof(message.header) ||
		    message.header.nlmsg_type != AUDIT_KERNEL_OTHER)
			continue;
		((char *)&message)[n] = '\0';
		if (strstr(message.text, "memrw"))
			return message.text;
	}
	return "";
}

static void assert_field(const char *record, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void assert_field(const char *record, const char *format, ...)
{
	char field[64] = " ", line[8300];
	va_list ap;

	va_start(ap, format);
	vsnprintf(field + 1, sizeof(field) - 2, format, ap);
	va_end(ap);
	strcat(field, " ");
	snprintf(line, sizeof(line), " %s ", record);
	if (!strstr(line, field))
		fail_msg("no%sin: %s", field, record);
}

static long bind_as(enum who who, struct worker *target, struct worker **caller)
{
	struct member_request request = { .session = session_open(O_RDWR),
					  .pid = worker_pid(target) };

	*caller = worker_start(who);
	return worker_call(*caller, member_bind, &request, sizeof(request));
}

static void a_refused_bind_of_anothers_process_is_recorded(void **state)
{
	struct worker *target = worker_start(OUTSIDER), *caller;
	const char *record;

	(void)state;
	enable_audit();
	assert_int_equal(bind_as(MEMBER, target, &caller), -EPERM);
	record = next_record(RECORD_MS);
	note("%s", record);
	assert_field(record, "pid=%d", worker_pid(caller));
	assert_field(record, "uid=%d", MEMBER_UID);
	assert_field(record, "opid=%d", worker_pid(target));
	assert_field(record, "ouid=%d", OUTSIDER_UID);
	assert_field(record, "res=0");
}

static void an_allowed_bind_of_anothers_process_is_recorded(void **state)
{
	struct worker *target = worker_start(MEMBER), *caller;
	const char *record;

	(void)state;
	enable_audit();
	assert_int_equal(bind_as(ROOT, target, &caller), 0);
	record = next_record(RECORD_MS);
	assert_field(record, "uid=0");
	assert_field(record, "opid=%d", worker_pid(target));
	assert_field(record, "ouid=%d", MEMBER_UID);
	assert_field(record, "res=1");
}

static void a_bind_that_the_policy_any_allows_is_recorded(void **state)
{
	struct worker *target = worker_start(ROOT), *caller;
	const char *record;

	(void)state;
	enable_audit();
	policy_set("any");
	assert_int_equal(bind_as(MEMBER, target, &caller), 0);
	record = next_record(RECORD_MS);
	assert_field(record, "opid=%d", worker_pid(target));
	assert_field(record, "res=1");
}

static void a_bind_of_ones_own_process_is_not_recorded(void **state)
{
	struct worker *own = worker_start(MEMBER), *anothers = worker_start(ROOT), *caller;

	(void)state;
	enable_audit();
	assert_int_equal(bind_as(MEMBER, own, &caller), 0);
	/* Records come in order: the first is that of the second bind. */
	assert_int_equal(bind_as(MEMBER, anothers, &caller), -EPERM);
	assert_field(next_record(RECORD_MS), "opid=%d", worker_pid(anothers));
}

static void nothing_is_recorded_while_audit_is_off(void **state)
{
	struct worker *target = worker_start(ROOT), *caller;

	(void)state;
	enable_audit();
	assert_int_equal(set_enabled(false), 0);
	assert_int_equal(bind_as(MEMBER, target, &caller), -EPERM);
	assert_string_equal(next_record(500), "");
}

#define with_audit(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		with_audit(a_refused_bind_of_anothers_process_is_recorded),
		with_audit(an_allowed_bind_of_anothers_process_is_recorded),
		with_audit(a_bind_that_the_policy_any_allows_is_recorded),
		with_audit(a_bind_of_ones_own_process_is_not_recorded),
		with_audit(nothing_is_recorded_while_audit_is_off),
	};

	return run_behaviours(tests);
}
