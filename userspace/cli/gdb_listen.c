// SPDX-License-Identifier: GPL-2.0-only

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "gdb_listen.h"
#include "output.h"
#include "report.h"

static bool copy(char *to, size_t room, const char *from, size_t length)
{
	if (length >= room)
		return false;
	memcpy(to, from, length);
	to[length] = '\0';
	return true;
}

static bool is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && digits <= 5 && text[digits] == '\0';
}

bool gdb_place_parse(const char *text, struct gdb_place *place)
{
	const char *colon = strrchr(text, ':');
	size_t length;

	if (!colon || !is_port(colon + 1) ||
	    !copy(place->port, sizeof(place->port), colon + 1, strlen(colon + 1)))
		return false;
	length = (size_t)(colon - text);
	/* An IPv6 address has colons of its own. */
	if (text[0] == '[' && length > 2 && text[length - 1] == ']')
		return copy(place->host, sizeof(place->host), text + 1, length - 2);
	return !memchr(text, ':', length) && !memchr(text, '[', length) &&
	       copy(place->host, sizeof(place->host), text, length);
}

bool gdb_is_loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)address;

		return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	}
	if (address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)address;

		return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr) ||
		       (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) && v6->sin6_addr.s6_addr[12] == 127);
	}
	return false;
}

static void print_place(int listener)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);
	char host[NI_MAXHOST], port[NI_MAXSERV];

	if (getsockname(listener, (struct sockaddr *)&address, &size) < 0 ||
	    getnameinfo((struct sockaddr *)&address, size, host, sizeof(host), port,
			sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return;
	printf(strchr(host, ':') ? "Listening on [%s]:%s\n" : "Listening on %s:%s\n", host, port);
	output_flush();
}

/* Return: a descriptor, or -1 with errno. */
static int listen_at(const struct addrinfo *place)
{
	int fd = socket(place->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, place->ai_addr, place->ai_addrlen) == 0 && listen(fd, 1) == 0)
		return fd;
	on = errno;
	close(fd);
	errno = on;
	return -1;
}

static int refuse_remote(const char *text)
{
	report(text, "others than this machine may reach it, and then read and write the target's memory, and read your files");
	report_note("no password is asked for, and nothing is encrypted; ssh and --stdio do both");
	report_try("--allow-remote, if that is what you want");
	return STATUS_USAGE;
}

/* The first of the addresses that can be listened at. */
static int listen_at_any(const char *text, const struct addrinfo *places, bool allow_remote,
			 int *status)
{
	int fd = -1;

	for (; places && fd < 0; places = places->ai_next) {
		if (!allow_remote && !gdb_is_loopback(places->ai_addr)) {
			*status = refuse_remote(text);
			return -1;
		}
		fd = listen_at(places);
	}
	if (fd < 0)
		report(text, "%s", strerror(errno));
	return fd;
}

static int open_listener(const char *text, bool allow_remote, int *status)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct gdb_place place;
	struct addrinfo *places;
	int error, fd;

	if (!gdb_place_parse(text, &place)) {
		*status = report_usage("gdbserver", "'%s' is not HOST:PORT", text);
		return -1;
	}
	error = getaddrinfo(place.host[0] ? place.host : NULL, place.port, &hints, &places);
	if (error) {
		report(text, "%s", error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
		return -1;
	}
	fd = listen_at_any(text, places, allow_remote, status);
	freeaddrinfo(places);
	return fd;
}

/* Return: a connection; -1 after a report. */
static int accept_one(const char *text, int listener, int pidfd)
{
	struct pollfd waits[] = { { .fd = listener, .events = POLLIN },
				  { .fd = pidfd, .events = POLLIN } };
	struct sockaddr_storage client;
	socklen_t size = sizeof(client);
	int fd = -1, on = 1;

	while (poll(waits, 2, -1) < 0 && errno == EINTR)
		;
	if (waits[1].revents) {
		report(text, "the target has exited before anybody has connected");
		return -1;
	}
	do {
		fd = accept4(listener, (struct sockaddr *)&client, &size, SOCK_CLOEXEC);
	} while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
	if (fd < 0)
		report(text, "%s", strerror(errno));
	else
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

int gdb_listen(const char *text, bool allow_remote, int pidfd, int *status)
{
	int listener, fd;

	*status = STATUS_FAILED;
	listener = open_listener(text, allow_remote, status);
	if (listener < 0)
		return -1;
	print_place(listener);
	fd = accept_one(text, listener, pidfd);
	close(listener);
	return fd;
}
