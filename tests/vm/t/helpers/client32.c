// SPDX-License-Identifier: GPL-2.0-only
/*
 * A 32-bit program that uses the driver, and says on stdout what it got:
 *
 *	client32 layout                          sizes of the structs
 *	client32 info                            ABI version, page size, features, version
 *	client32 target PID                      pid and state
 *	client32 read|pread PID ADDRESS LENGTH   the bytes, raw
 *	client32 write|pwrite PID ADDRESS TEXT   bytes written
 *	client32 region PID ADDRESS              the fields and the name
 *	client32 watch PID ADDRESS               value, pid and registers of the first hit
 *	client32 idle                            an address and a text there; waits
 *	client32 count                           the same; a number there goes up
 *
 * Exits with the errno of what failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <linux/memrw.h>

_Static_assert(sizeof(void *) == 4, "build this for a 32-bit machine");

static int session;

static void check(int64_t result)
{
	if (result < 0)
		exit(errno);
}

static uint64_t number(const char *text)
{
	return strtoull(text, NULL, 0);
}

static void bind_to(const char *pid)
{
	struct memrw_set_target target = { .size = sizeof(target), .pid = number(pid) };

	check(ioctl(session, MEMRW_IOC_SET_TARGET, &target));
}

static void layout(char **arguments)
{
	(void)arguments;
	printf("%zu %zu %zu %zu %zu\n", sizeof(struct memrw_info), sizeof(struct memrw_set_target),
	       sizeof(struct memrw_get_target), sizeof(struct memrw_transfer),
	       sizeof(struct memrw_query_region));
}

static void info(char **arguments)
{
	struct memrw_info info = { .size = sizeof(info) };

	(void)arguments;
	check(ioctl(session, MEMRW_IOC_GET_INFO, &info));
	printf("%u %u %llu %s\n", info.abi_version, info.page_size, info.features, info.version);
}

static void target(char **arguments)
{
	struct memrw_get_target target = { .size = sizeof(target) };

	bind_to(arguments[0]);
	check(ioctl(session, MEMRW_IOC_GET_TARGET, &target));
	printf("%d %u\n", target.pid, target.state);
}

static uint64_t transfer(unsigned long command, const char *address, void *buffer, size_t length)
{
	struct memrw_transfer transfer = {
		.size = sizeof(transfer),
		.address = number(address),
		.buffer = (uintptr_t)buffer,
		.length = length,
	};

	check(ioctl(session, command, &transfer));
	return transfer.done;
}

static void read_command(char **arguments)
{
	size_t length = number(arguments[2]);
	char *buffer = malloc(length);

	bind_to(arguments[0]);
	fwrite(buffer, 1, transfer(MEMRW_IOC_READ, arguments[1], buffer, length), stdout);
}

static void pread_command(char **arguments)
{
	size_t length = number(arguments[2]);
	char *buffer = malloc(length);
	ssize_t n;

	bind_to(arguments[0]);
	n = pread64(session, buffer, length, number(arguments[1]));
	check(n);
	fwrite(buffer, 1, n, stdout);
}

static void write_command(char **arguments)
{
	bind_to(arguments[0]);
	printf("%llu\n", (unsigned long long)transfer(MEMRW_IOC_WRITE, arguments[1], arguments[2],
						       strlen(arguments[2])));
}

static void pwrite_command(char **arguments)
{
	ssize_t n;

	bind_to(arguments[0]);
	n = pwrite64(session, arguments[2], strlen(arguments[2]), number(arguments[1]));
	check(n);
	printf("%zd\n", n);
}

static void region(char **arguments)
{
	static char name[4096];
	struct memrw_query_region region = {
		.size = sizeof(region),
		.address = number(arguments[1]),
		.name = (uintptr_t)name,
		.name_size = sizeof(name),
	};

	bind_to(arguments[0]);
	check(ioctl(session, MEMRW_IOC_QUERY_REGION, &region));
	printf("%llx %llx %x %llx %llu %x:%x %s\n", region.start, region.end, region.properties,
	       region.offset, region.inode, region.device_major, region.device_minor, name);
}

static void idle(char **arguments)
{
	static char text[] = "memory of a 32-bit target";

	(void)arguments;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	printf("%#lx %s\n", (unsigned long)text, text);
	fflush(stdout);
	for (;;)
		pause();
}

static void watch(char **arguments)
{
	struct memrw_set_watch set = {
		.size = sizeof(set),
		.address = number(arguments[1]),
		.length = 8,
		.type = MEMRW_WATCH_TYPE_WRITE,
		.hit_size = sizeof(struct memrw_watch_hit),
	};
	struct memrw_watch_hit hit;
	int fd;

	bind_to(arguments[0]);
	fd = ioctl(session, MEMRW_IOC_WATCH, &set);
	check(fd);
	puts("set");
	fflush(stdout);
	check(read(fd, &hit, sizeof(hit)));
	printf("%llu %d %u\n", hit.value, hit.tid, hit.nr_registers);
}

static void count(char **arguments)
{
	static union {
		volatile unsigned int number;
		char text[16];
	} counter = { .text = "\0\0\0\0up it goes" };

	(void)arguments;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	printf("%#lx %s\n", (unsigned long)&counter, counter.text + sizeof(counter.number));
	fflush(stdout);
	for (;;) {
		usleep(1000);
		counter.number++;
	}
}

static const struct {
	const char *name;
	int arguments;
	void (*run)(char **arguments);
} commands[] = {
	{ "layout", 0, layout },
	{ "info", 0, info },
	{ "target", 1, target },
	{ "read", 3, read_command },
	{ "pread", 3, pread_command },
	{ "write", 3, write_command },
	{ "pwrite", 3, pwrite_command },
	{ "region", 2, region },
	{ "watch", 2, watch },
	{ "idle", 0, idle },
	{ "count", 0, count },
};

int main(int argc, char **argv)
{
	session = open("/dev/memrw", O_RDWR | O_CLOEXEC);
	check(session);
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(argv[1], commands[i].name) && argc == commands[i].arguments + 2) {
			commands[i].run(argv + 2);
			return 0;
		}
	}
	return 255;
}
