// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process of which is known which function stores to a number, and when: for each
 * line of input, "COMMAND COUNT", it does that so often, and answers "done".
 */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int32_t health = 1000;
uint64_t big = 1;
float speed = 1;
int32_t from[4] = { 1, 2, 3, 4 };
int32_t to[4];

static int pair[2];
static pthread_t healer;
static int heals;

/* Stores, a function each, that no compiler takes into another. */
#define FUNCTION	__attribute__((noinline, noipa))

FUNCTION void hurt(void)
{
	*(volatile int32_t *)&health -= 1;
}

FUNCTION void heal(void)
{
	*(volatile int32_t *)&health += 10;
}

/* The same number as before. */
FUNCTION void touch(void)
{
	*(volatile int32_t *)&health = *(volatile int32_t *)&health;
}

FUNCTION int32_t look(void)
{
	return *(volatile int32_t *)&health;
}

FUNCTION void accelerate(void)
{
	*(volatile float *)&speed += 0.5f;
	*(volatile uint64_t *)&big *= 2;
}

/* By a system call: the kernel stores. */
FUNCTION void receive(void)
{
	int32_t number = 77;

	if (write(pair[1], &number, sizeof(number)) != sizeof(number) ||
	    read(pair[0], &health, sizeof(health)) != sizeof(health))
		exit(1);
}

#if defined(__x86_64__) || defined(__i386__)
/* By an instruction that repeats itself. */
FUNCTION void copy(void)
{
	void *source = from, *destination = to;
	size_t count = 4;

	__asm__ volatile("rep movsl" : "+S"(source), "+D"(destination), "+c"(count) : : "memory");
}
#else
FUNCTION void copy(void)
{
	for (int i = 0; i < 4; i++)
		((volatile int32_t *)to)[i] = from[i];
}
#endif

/*
 * Two functions that call, and not as their last act.
 */

FUNCTION int fight(void)
{
	hurt();
	return look();
}

static void *heal_often(void *unused)
{
	for (int i = 0; i < heals; i++)
		heal();
	return unused;
}

static void heal_elsewhere(int count)
{
	heals = count;
	if (pthread_create(&healer, NULL, heal_often, NULL))
		exit(1);
	pthread_join(healer, NULL);
}

static void repeat(void (*function)(void), int count)
{
	while (count-- > 0)
		function();
}

static void fight_once(void)
{
	if (fight() == INT32_MIN)
		exit(1);
}

static void look_once(void)
{
	if (look() == INT32_MIN)
		exit(1);
}

static void obey(const char *command, int count)
{
	static const struct {
		const char *name;
		void (*function)(void);
	} functions[] = {
		{ "hurt", hurt }, { "heal", heal }, { "touch", touch }, { "look", look_once },
		{ "accelerate", accelerate }, { "receive", receive }, { "copy", copy },
		{ "fight", fight_once },
	};

	if (strcmp(command, "thread") == 0)
		heal_elsewhere(count);
	if (strcmp(command, "exec") == 0)
		execl("/bin/sleep", "sleep", "100", NULL);
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		if (strcmp(command, functions[i].name) == 0)
			repeat(functions[i].function, count);
	}
}

int main(void)
{
	char command[16];
	int count;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	if (pipe(pair))
		return 1;
	puts("ready");
	fflush(stdout);
	while (scanf("%15s %d", command, &count) == 2) {
		obey(command, count);
		puts("done");
		fflush(stdout);
	}
	return 0;
}
