// SPDX-License-Identifier: GPL-2.0-only
/*
 * spine [-i]: what one read of 8 bytes and of 1 MiB costs through the driver,
 * beside the kernel's own two ways to do it.
 *
 * With -i the clock counts instructions (QEMU's -icount shift=0: one is a
 * nanosecond): figures then have to repeat, and the program fails if they do
 * not, or if the driver needs more than the better of the other two.  Without
 * it they are nanoseconds on whatever machine this is, and only shown.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <linux/memrw.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define AREA		(1UL << 20)
#define BATCHES		16
#define ROUNDS		6
#define CLOCKSOURCE	"/sys/devices/system/clocksource/clocksource0/current_clocksource"

static pid_t target;
static uint8_t *area, *buffer;
static int session, mem;

static void die(const char *what)
{
	fprintf(stderr, "spine: %s: %s\n", what, strerror(errno));
	exit(1);
}

static ssize_t by_memrw_pread(size_t length)
{
	return pread(session, buffer, length, (uintptr_t)area);
}

static ssize_t by_memrw_command(size_t length)
{
	struct memrw_transfer transfer = {
		.size = sizeof(transfer),
		.address = (uintptr_t)area,
		.buffer = (uintptr_t)buffer,
		.length = length,
	};

	return ioctl(session, MEMRW_IOC_READ, &transfer) < 0 ? -1 : (ssize_t)transfer.done;
}

static ssize_t by_process_vm_readv(size_t length)
{
	struct iovec local = { buffer, length }, remote = { area, length };

	return process_vm_readv(target, &local, 1, &remote, 1, 0);
}

static ssize_t by_proc_mem(size_t length)
{
	return pread(mem, buffer, length, (uintptr_t)area);
}

enum way { MEMRW_PREAD, MEMRW_COMMAND, PROCESS_VM_READV, PROC_MEM, WAYS };

static const struct {
	const char *name;
	ssize_t (*read)(size_t length);
} ways[WAYS] = {
	[MEMRW_PREAD] = { "memrw, pread", by_memrw_pread },
	[MEMRW_COMMAND] = { "memrw, MEMRW_IOC_READ", by_memrw_command },
	[PROCESS_VM_READV] = { "process_vm_readv", by_process_vm_readv },
	[PROC_MEM] = { "/proc/PID/mem, pread", by_proc_mem },
};

static const struct {
	const char *name;
	size_t length;
	unsigned int calls;	/* of one batch */
} lengths[] = {
	{ "8 bytes", 8, 1000 },
	{ "1 MiB", AREA, 8 },
};

struct figures {
	double cost[WAYS][ARRAY_SIZE(lengths)];	/* of one call */
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

/* Without huge pages: each of the 256 pages of the area has to be found. */
static void start_target(void)
{
	area = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	buffer = mmap(NULL, AREA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (area == MAP_FAILED || buffer == MAP_FAILED)
		die("mmap");
	madvise(area, AREA, MADV_NOHUGEPAGE);
	madvise(buffer, AREA, MADV_NOHUGEPAGE);
	memset(area, 'a', AREA);
	memset(buffer, 'b', AREA);
	target = fork();
	if (target < 0)
		die("fork");
	if (!target) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* A copy of its own, which this process does not have. */
		memset(area, 'c', AREA);
		for (;;)
			pause();
	}
}

static void open_all(void)
{
	struct memrw_set_target set = { .size = sizeof(set), .pid = target };
	char path[32];

	session = open("/dev/memrw", O_RDONLY | O_CLOEXEC);
	if (session < 0)
		die("/dev/memrw");
	if (ioctl(session, MEMRW_IOC_SET_TARGET, &set) < 0)
		die("MEMRW_IOC_SET_TARGET");
	snprintf(path, sizeof(path), "/proc/%d/mem", target);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (mem < 0)
		die(path);
}

/* Until the target has its own copy, and that is what every way reads. */
static void check_ways(void)
{
	for (buffer[0] = 0; buffer[0] != 'c'; usleep(1000))
		by_process_vm_readv(AREA);
	usleep(100000);
	for (size_t i = 0; i < WAYS; i++) {
		memset(buffer, 'b', AREA);
		if (ways[i].read(AREA) != AREA || memchr(buffer, 'a', AREA) ||
		    memchr(buffer, 'b', AREA))
			die(ways[i].name);
	}
}

static double one_batch(ssize_t (*read)(size_t length), size_t length, unsigned int calls)
{
	double start = now();

	for (unsigned int i = 0; i < calls; i++) {
		if (read(length) != (ssize_t)length)
			die("read");
	}
	return (now() - start) / calls;
}

/* The least of some batches: no timer and no other process came between. */
static double cost(ssize_t (*read)(size_t length), size_t length, unsigned int calls)
{
	double least = one_batch(read, length, calls);

	for (int i = 1; i < BATCHES; i++) {
		double batch = one_batch(read, length, calls);

		if (batch < least)
			least = batch;
	}
	return least;
}

static struct figures measure(void)
{
	struct figures figures;

	for (size_t i = 0; i < WAYS; i++) {
		for (size_t j = 0; j < ARRAY_SIZE(lengths); j++)
			figures.cost[i][j] = cost(ways[i].read, lengths[j].length,
						  lengths[j].calls);
	}
	return figures;
}

/* The greatest relative difference. */
static double difference(const struct figures *a, const struct figures *b)
{
	double greatest = 0;

	for (size_t i = 0; i < WAYS; i++) {
		for (size_t j = 0; j < ARRAY_SIZE(lengths); j++) {
			double d = a->cost[i][j] / b->cost[i][j] - 1;

			if (d < 0)
				d = -d;
			if (d > greatest)
				greatest = d;
		}
	}
	return greatest;
}

/* Measures until two rounds agree within @tolerance; false if none do. */
static bool measure_twice(struct figures *figures, double tolerance, double *least)
{
	struct figures last = measure();

	*least = 1e9;
	for (int round = 1; round < ROUNDS; round++) {
		double d;

		*figures = measure();
		d = difference(figures, &last);
		if (d < *least)
			*least = d;
		if (d <= tolerance)
			return true;
		last = *figures;
	}
	return false;
}

static void print_table(const struct figures *figures, const char *unit)
{
	printf("%-24s", unit);
	for (size_t j = 0; j < ARRAY_SIZE(lengths); j++)
		printf("%12s  /vm_readv  /proc/mem", lengths[j].name);
	printf("\n");
	for (size_t i = 0; i < WAYS; i++) {
		printf("%-24s", ways[i].name);
		for (size_t j = 0; j < ARRAY_SIZE(lengths); j++)
			printf("%12.0f  %9.2f  %9.2f", figures->cost[i][j],
			       figures->cost[i][j] / figures->cost[PROCESS_VM_READV][j],
			       figures->cost[i][j] / figures->cost[PROC_MEM][j]);
		printf("\n");
	}
}

/* Figures from before the switch are wrong by a factor of two or more. */
static void wait_for_tsc(void)
{
	char name[32];

	for (int i = 0; i < 300; i++) {
		FILE *file = fopen(CLOCKSOURCE, "re");

		if (file && fgets(name, sizeof(name), file) && !strcmp(name, "tsc\n")) {
			fclose(file);
			return;
		}
		if (file)
			fclose(file);
		usleep(100000);
	}
	fprintf(stderr, "spine: the kernel does not take the tsc for its clock\n");
	exit(1);
}

static bool driver_is_not_slower(const struct figures *figures)
{
	bool slower = false;

	for (size_t i = MEMRW_PREAD; i <= MEMRW_COMMAND; i++) {
		for (size_t j = 0; j < ARRAY_SIZE(lengths); j++) {
			if (figures->cost[i][j] > figures->cost[PROCESS_VM_READV][j] ||
			    figures->cost[i][j] > figures->cost[PROC_MEM][j]) {
				printf("%s of %s needs more than the kernel's own way\n",
				       ways[i].name, lengths[j].name);
				slower = true;
			}
		}
	}
	return !slower;
}

int main(int argc, char **argv)
{
	bool instructions = argc == 2 && !strcmp(argv[1], "-i");
	struct figures figures;
	double least;
	bool agree;

	if (argc > 1 && !instructions) {
		fprintf(stderr, "Usage: spine [-i]\n");
		return 2;
	}
	start_target();
	open_all();
	if (instructions)
		wait_for_tsc();
	check_ways();
	agree = measure_twice(&figures, instructions ? 0.002 : 0.05, &least);
	print_table(&figures, instructions ? "instructions per call" : "ns per call");
	printf("two rounds %s within %.2f %%\n", agree ? "agree" : "agree only", least * 100);
	kill(target, SIGKILL);
	if (!instructions)
		return 0;
	return !(agree && driver_is_not_slower(&figures));
}
