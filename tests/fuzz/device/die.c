// SPDX-License-Identifier: GPL-2.0-only
#include "die.h"

#include <stdio.h>
#include <stdlib.h>

void die(const char *what)
{
	perror(what);
	exit(2);
}
