// SPDX-License-Identifier: GPL-2.0-only
#include "storm/passing.h"

#include <err.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "storm/call.h"

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

void passing_open(struct passing *passing)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, passing->sockets))
		err(1, "socketpair");
}

void passing_close(struct passing *passing)
{
	close(passing->sockets[0]);
	close(passing->sockets[1]);
}

bool passing_send(const struct passing *passing, struct actor *actor, int fd,
		  const void *about, size_t size)
{
	struct iovec data = { (void *)about, size };
	union control control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
					      .cmsg_level = SOL_SOCKET,
					      .cmsg_type = SCM_RIGHTS } };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1,
				  .msg_control = &control, .msg_controllen = sizeof(control) };
	ssize_t sent;

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	call_begin(actor, CALL_SEND);
	sent = sendmsg(passing->sockets[0], &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	return call_end(actor, CALL_SEND, sent < 0 ? -errno : sent, MAY_ANYTHING) >= 0;
}

int passing_receive(const struct passing *passing, struct actor *actor, void *about,
		    size_t size)
{
	struct iovec data = { about, size };
	union control control;
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1,
				  .msg_control = &control, .msg_controllen = sizeof(control) };
	ssize_t received;
	int fd;

	call_begin(actor, CALL_RECEIVE);
	received = recvmsg(passing->sockets[1], &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (call_end(actor, CALL_RECEIVE, received < 0 ? -errno : received, MAY_ANYTHING) < 0)
		return -1;
	if (message.msg_controllen < sizeof(control.header))
		return -1;
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}
