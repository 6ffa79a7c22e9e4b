// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program that the examples of the manual pages are about: it has what they
 * read, write and look for.  SIGUSR1 costs it five points of energy.
 */

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "game.h"

int32_t health = 41;
int32_t coins = 32;
uint32_t lock = 1;
int32_t lives = 3;
volatile int32_t energy = 100;
double position[] = { 1.5, -0.25, 1e100 };
char player_name[32] = "Zaphod";
int32_t treasure = 4711;
int32_t *way_to_treasure = &treasure;
char *words;

static void lose_energy(int signal)
{
	(void)signal;
	energy -= 5;
}

int main(void)
{
	words = malloc(100000);
	if (!words || !game_code[0] || !way_to_treasure)
		return 1;
	strcpy(words, "player one");
	signal(SIGUSR1, lose_energy);
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
