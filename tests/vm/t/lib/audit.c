// SPDX-License-Identifier: GPL-2.0-only
#include "lib/audit.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/test.h"

static int control = -1, log_socket = -1, daemon_socket = -1;
static struct audit_status before;

struct request {
	struct nlmsghdr header;
	struct audit_status status;
};

struct answer {
	struct nlmsghdr header;
	union {
		struct nlmsgerr error;
		struct audit_status status;
		char text[8192];
	};
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

static void ask(int fd, int type, int flags, const struct audit_status *status)
{
	struct request request = {
		.header = { .nlmsg_len = sizeof(request), .nlmsg_type = type,
			    .nlmsg_flags = NLM_F_REQUEST | flags },
		.status = *status,
	};

	assert_int_equal(send(fd, &request, sizeof(request), 0), sizeof(request));
}

static void receive(int type, struct answer *answer)
{
	do {
		assert_true(recv(control, answer, sizeof(*answer), 0) > 0);
	} while (answer->header.nlmsg_type != type);
}

int audit_set(struct audit_status status)
{
	static struct answer answer;

	ask(control, AUDIT_SET, NLM_F_ACK, &status);
	receive(NLMSG_ERROR, &answer);
	return answer.error.error;
}

static void get(struct audit_status *status)
{
	static struct answer answer;

	ask(control, AUDIT_GET, 0, &(struct audit_status){ 0 });
	receive(AUDIT_GET, &answer);
	*status = answer.status;
}

void audit_start(void)
{
	int error;

	control = audit_socket(0);
	get(&before);
	log_socket = audit_socket(1 << (AUDIT_NLGRP_READLOG - 1));
	error = audit_set((struct audit_status){ .mask = AUDIT_STATUS_ENABLED, .enabled = 1 });
	if (error)
		skip_because("audit cannot be enabled: %s", strerror(-error));
}

void audit_fill(void)
{
	struct audit_status room = { .mask = AUDIT_STATUS_BACKLOG_LIMIT, .backlog_limit = 1 };
	struct audit_status self = { .mask = AUDIT_STATUS_PID, .pid = getpid() };

	assert_int_equal(audit_set(room), 0);
	daemon_socket = audit_socket(0);
	ask(daemon_socket, AUDIT_SET, 0, &self);
}

static bool all_is_written(void *arg)
{
	struct audit_status status;

	(void)arg;
	get(&status);
	return !status.backlog;
}

static void restore(void)
{
	before.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_BACKLOG_LIMIT;
	audit_set(before);
	if (!eventually(all_is_written, NULL, 10000))
		note("the audit log is still being written");
}

void audit_stop(void)
{
	if (daemon_socket >= 0)
		close(daemon_socket);
	if (log_socket >= 0) {
		restore();
		close(log_socket);
	}
	if (control >= 0)
		close(control);
	control = -1;
	log_socket = -1;
	daemon_socket = -1;
}

const char *audit_next(unsigned int timeout_ms)
{
	static struct answer record;
	struct pollfd poll_fd = { .fd = log_socket, .events = POLLIN };
	uint64_t end = now_ms() + timeout_ms * patience();

	while (now_ms() < end) {
		ssize_t n;

		if (poll(&poll_fd, 1, 50) <= 0)
			continue;
		n = recv(log_socket, &record, sizeof(record) - 1, 0);
		if (n < (ssize_t)sizeof(record.header) ||
		    record.header.nlmsg_type != AUDIT_KERNEL_OTHER)
			continue;
		((char *)&record)[n] = '\0';
		if (strstr(record.text, "op=memrw"))
			return record.text;
	}
	return "";
}

bool audit_field(const char *record, const char *name, char *value, size_t size)
{
	const char *found = NULL;
	char key[32];
	size_t length;

	snprintf(key, sizeof(key), " %s=", name);
	for (const char *at = record; (at = strstr(at, key)); at++) {
		if (found)
			return false;
		found = at + strlen(key);
	}
	if (!found)
		return false;
	length = strcspn(found, " ");
	if (length >= size)
		return false;
	memcpy(value, found, length);
	value[length] = '\0';
	return true;
}
