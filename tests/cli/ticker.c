// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that never rests: one of its threads counts, a thousand times a second or
 * so, for as long as the other one waits for a line of input: "show" has it print what
 * it has, "exit STATUS" and "exec" end it so.
 */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum mood { CALM, ANGRY };

struct player {
	char name[16];
	int32_t health;
	double speed;
	enum mood mood;
	struct player *next;
};

struct player second = { "Trillian", 90, 2.5, ANGRY, NULL };
struct player first = { "Arthur", 100, 1.25, CALM, &second };
volatile uint64_t ticks;
volatile int32_t calm_ticks;

__attribute__((noinline, noipa)) void tick(void)
{
	ticks++;
}

static void *count(void *unused)
{
	pthread_setname_np(pthread_self(), "counter");
	for (;;) {
		tick();
		if (first.mood == CALM)
			calm_ticks++;
		usleep(1000);
	}
	return unused;
}

static void obey(const char *command, int number)
{
	if (strcmp(command, "exit") == 0)
		_exit(number);
	if (strcmp(command, "exec") == 0)
		execl("/bin/sleep", "sleep", "100", NULL);
	printf("%d %g %d %s\n", first.health, first.speed, first.mood, first.name);
	fflush(stdout);
}

int main(void)
{
	pthread_t counter;
	char line[64], command[16];
	int number = 0;

	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	if (pthread_create(&counter, NULL, count, NULL))
		return 1;
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "%15s %d", command, &number) >= 1)
			obey(command, number);
	}
	return 0;
}
