// SPDX-License-Identifier: GPL-2.0-only
#include "lib/test.h"

#include <limits.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "lib/policy.h"
#include "lib/session.h"
#include "lib/worker.h"

int test_teardown(void **state)
{
	(void)state;
	workers_stop();
	sessions_close();
	policy_restore();
	return 0;
}

void test_list_add(struct test_list *list, CMUnitTestFunction fn, void *state, const char *format,
		   ...)
{
	struct CMUnitTest *test;
	char *name;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&name, format, ap) < 0)
		abort();
	va_end(ap);

	list->tests = realloc(list->tests, (list->count + 1) * sizeof(*list->tests));
	if (!list->tests)
		abort();
	test = &list->tests[list->count++];
	*test = (struct CMUnitTest){ name, fn, NULL, test_teardown, state };
}

int test_list_run(struct test_list *list)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests(program_invocation_short_name, list->tests, list->count,
				       NULL, NULL);
}

static void vnote(const char *prefix, const char *format, va_list ap)
{
	char *text;

	if (vasprintf(&text, format, ap) < 0)
		abort();
	print_message("# %s%s\n", prefix, text);
	free(text);
}

void skip_because(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vnote("skipped: ", format, ap);
	va_end(ap);
	skip();
	abort();
}

void note(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vnote("", format, ap);
	va_end(ap);
}

bool kernel_at_least(int major, int minor)
{
	int running_major, running_minor;
	struct utsname name;

	uname(&name);
	if (sscanf(name.release, "%d.%d", &running_major, &running_minor) != 2)
		abort();
	return running_major > major || (running_major == major && running_minor >= minor);
}

uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

void sleep_ms(unsigned int ms)
{
	struct timespec span = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&span, NULL);
}

bool eventually(bool (*condition)(void *arg), void *arg, unsigned int timeout_ms)
{
	uint64_t end = now_ms() + timeout_ms;

	while (!condition(arg)) {
		if (now_ms() > end)
			return false;
		sleep_ms(5);
	}
	return true;
}

const char *helper_path(const char *name)
{
	static char path[PATH_MAX + 32];
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (length < 0)
		abort();
	self[length] = '\0';
	*strrchr(self, '/') = '\0';
	snprintf(path, sizeof(path), "%s/helpers/%s", self, name);
	return path;
}
