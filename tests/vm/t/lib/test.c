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

static char skip_reason[256];
static FILE *real_stdout;

/*
 * cmocka 1.1.5 calls a skipped test "not ok", which a TAP reader takes for a
 * failure, and has no place for a reason.  Each of its messages comes here.
 */
static ssize_t write_tap(void *cookie, const char *text, size_t size)
{
	char line[512], name[256];
	int number;

	(void)cookie;
	snprintf(line, sizeof(line), "%.*s", (int)size, text);
	if (sscanf(line, "not ok %d # SKIP %255s", &number, name) == 2)
		fprintf(real_stdout, "ok %d - %s # SKIP %s\n", number, name, skip_reason);
	else
		fwrite(text, 1, size, real_stdout);
	fflush(real_stdout);
	return size;
}

static void output_tap(void)
{
	static const cookie_io_functions_t functions = { .write = write_tap };

	cmocka_set_message_output(CM_OUTPUT_TAP);
	real_stdout = stdout;
	stdout = fopencookie(NULL, "w", functions);
	if (!stdout)
		abort();
}

int test_run(const struct CMUnitTest *tests, size_t count)
{
	const char *only = getenv("MEMRW_TEST");

	output_tap();
	if (only)
		cmocka_set_test_filter(only);
	return _cmocka_run_group_tests(program_invocation_short_name, tests, count, NULL, NULL);
}

int test_list_run(struct test_list *list)
{
	return test_run(list->tests, list->count);
}

void skip_because(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(skip_reason, sizeof(skip_reason), format, ap);
	va_end(ap);
	skip();
	abort();
}

void note(const char *format, ...)
{
	char *text;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		abort();
	va_end(ap);
	print_message("# %s\n", text);
	free(text);
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

unsigned int patience(void)
{
	const char *text = getenv("MEMRW_PATIENCE");

	return text ? strtoul(text, NULL, 10) : 1;
}

bool eventually(bool (*condition)(void *arg), void *arg, unsigned int timeout_ms)
{
	uint64_t end = now_ms() + timeout_ms * patience();

	while (!condition(arg)) {
		if (now_ms() > end)
			return false;
		sleep_ms(1);
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
