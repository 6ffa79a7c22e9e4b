// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/param.h>
#include <sys/signalfd.h>
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

/* As poll(2) takes it, rounded up: what is waited for is not to be a moment off. */
static int milliseconds_left(int64_t time)
{
	int64_t left = time - clock_now();

	return left <= 0 ? 0 : MIN((left + MILLISECOND - 1) / MILLISECOND, INT32_MAX);
}

bool wait_signal_or_readable(int fd, int64_t time)
{
	/* Only wakes: who takes the signal is below.  Without it, that is late. */
	static int signals = -1;
	struct pollfd waits[2];

	if (signals < 0)
		signals = signalfd(-1, &ends, SFD_CLOEXEC);
	waits[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	waits[1] = (struct pollfd){ .fd = signals, .events = POLLIN };
	poll(waits, 2, milliseconds_left(time));
	return wait_signal_until(0);
}
