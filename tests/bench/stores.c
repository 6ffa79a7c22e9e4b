// SPDX-License-Identifier: GPL-2.0-only
#include "stores.h"

#include <err.h>
#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#define PAGE	4096

/*
 * struct word - on a page of its own, all accesses to which an emulator may do in
 *	another way while a word there is watched
 */
struct word {
	volatile uint64_t value;
	uint8_t rest[PAGE - sizeof(uint64_t)];
} __attribute__((aligned(PAGE)));

/* struct shared - by the two processes */
struct shared {
	sem_t go, done;
	struct burst burst;
	double elapsed;
};

static struct word word, other;
static struct shared *shared;
static pid_t target;

/* A debugger interrupts. */
static void wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0) {
		if (errno != EINTR)
			err(1, "sem_wait");
	}
}

static void store(const struct burst *burst)
{
	uint64_t value = word.value;

	for (unsigned long i = 0; i < burst->stores; i++) {
		value += burst->step;
		word.value = value;
		for (unsigned long round = 0; round < burst->gap; round++)
			asm volatile("");
	}
}

/* The first processor is its own, where there are two. */
static void stay_on_first_processor(void)
{
	cpu_set_t processors;

	CPU_ZERO(&processors);
	CPU_SET(0, &processors);
	if (sched_setaffinity(0, sizeof(processors), &processors) < 0)
		err(1, "the first processor");
}

static _Noreturn void be_target(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	stay_on_first_processor();
	other.value = 0;
	for (;;) {
		double start;

		wait_for(&shared->go);
		start = clock_now();
		store(&shared->burst);
		shared->elapsed = clock_now() - start;
		sem_post(&shared->done);
	}
}

pid_t stores_start(void)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	sem_init(&shared->go, 1, 0);
	sem_init(&shared->done, 1, 0);
	target = fork();
	if (target < 0)
		err(1, "fork");
	if (!target)
		be_target();
	return target;
}

void stores_end(void)
{
	kill(target, SIGKILL);
	waitpid(target, NULL, 0);
	munmap(shared, sizeof(*shared));
}

uint64_t stores_address(void)
{
	return (uintptr_t)&word.value;
}

uint64_t stores_address_of_other(void)
{
	return (uintptr_t)&other.value;
}

double stores_run(const struct burst *burst)
{
	shared->burst = *burst;
	sem_post(&shared->go);
	wait_for(&shared->done);
	return shared->elapsed;
}
