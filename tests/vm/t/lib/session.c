// SPDX-License-Identifier: GPL-2.0-only
#include "lib/session.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/test.h"

#define SESSIONS_MAX	1024

static int sessions[SESSIONS_MAX];
static size_t session_count;

int session_open(int flags)
{
	int fd = open(MEMRW_NODE, flags | O_CLOEXEC);

	if (fd < 0)
		fail_msg("%s: %s", MEMRW_NODE, strerror(errno));
	assert_true(session_count < SESSIONS_MAX);
	sessions[session_count++] = fd;
	return fd;
}

int session_open_bound(pid_t pid)
{
	int fd = session_open(O_RDWR);

	assert_int_equal(session_bind(fd, pid), 0);
	return fd;
}

void session_close(int fd)
{
	for (size_t i = 0; i < session_count; i++) {
		if (sessions[i] == fd)
			sessions[i] = sessions[--session_count];
	}
	close(fd);
}

void sessions_close(void)
{
	while (session_count)
		close(sessions[--session_count]);
}

bool session_has_feature(int fd, uint64_t feature)
{
	struct memrw_info info;

	assert_int_equal(session_get_info(fd, &info), 0);
	return info.features & feature;
}

int session_state(int fd)
{
	struct memrw_get_target target;

	assert_int_equal(session_get_target(fd, &target), 0);
	return target.state;
}
