// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "clock.h"
#include "wait_signal.h"

/* They are blocked for the whole of the time: none can come between two waits. */
static sigset_t ends;

void wait_signal_begin(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action;

	sigemptyset(&ends);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (sigaction(signals[i], NULL, &action) == 0 &&
		    action.sa_handler != SIG_IGN)
			sigaddset(&ends, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &ends, NULL);
}

static struct timespec time_left(int64_t time)
{
	int64_t left = time - clock_now();

	if (left < 0)
		left = 0;
	return (struct timespec){ left / SECOND, left % SECOND };
}

bool wait_signal_until(int64_t time)
{
	struct timespec left;
	int signal;

	do {
		left = time_left(time);
		signal = sigtimedwait(&ends, NULL, &left);
	} while (signal < 0 && errno == EINTR);
	return signal > 0;
}
