// SPDX-License-Identifier: GPL-2.0-only
#include "lib/fault.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/test.h"

#define DEBUGFS		"/sys/kernel/debug/"
#define NTH_FILE	"/proc/thread-self/fail-nth"
#define TIMES		1000000000

/*
 * A kind of failure: its directory in debugfs, and the file there that counts
 * down with each of them, from TIMES.
 */
struct kind {
	const char *directory;
	bool has;
	long long times;
};

static struct kind kinds[FAULT_KINDS] = {
	[FAULT_NONE] = { NULL, false, 0 },
	[FAULT_SLAB] = { "failslab", false, 0 },
	[FAULT_PAGE] = { "fail_page_alloc", false, 0 },
	[FAULT_COPY] = { "fail_usercopy", false, 0 },
};

static int nth_file = -1;

/* False if there is no such knob. */
static bool turn(const struct kind *kind, const char *knob, const char *to)
{
	char path[128];

	snprintf(path, sizeof(path), DEBUGFS "%s/%s", kind->directory, knob);
	return !file_write(path, to);
}

/* Also those that may wait, of any size; and nothing of it in the kernel's log. */
static bool set_up(struct kind *kind)
{
	char times[16];

	if (!turn(kind, "verbose", "0"))
		return false;
	turn(kind, "ignore-gfp-wait", "N");
	turn(kind, "ignore-gfp-highmem", "N");
	turn(kind, "min-order", "0");
	turn(kind, "probability", "0");
	kind->times = TIMES;
	snprintf(times, sizeof(times), "%d", TIMES);
	assert_true(turn(kind, "times", times));
	kind->has = true;
	return true;
}

bool fault_is_possible(void)
{
	return !access(NTH_FILE, F_OK);
}

void fault_need(void)
{
	if (nth_file >= 0)
		return;
	nth_file = open(NTH_FILE, O_RDWR | O_CLOEXEC);
	if (nth_file < 0)
		skip_because("the kernel has no " NTH_FILE " (CONFIG_FAULT_INJECTION)");
	if (!set_up(&kinds[FAULT_SLAB]) || !set_up(&kinds[FAULT_PAGE])) {
		close(nth_file);
		nth_file = -1;
		skip_because("the kernel has no failslab and fail_page_alloc in debugfs");
	}
	set_up(&kinds[FAULT_COPY]);
}

bool fault_has(enum fault fault)
{
	return kinds[fault].has;
}

static int write_nth(unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	return pwrite(nth_file, text, length, 0) == length ? 0 : -errno;
}

void fault_arm(unsigned int nth)
{
	assert_int_equal(write_nth(nth), 0);
}

/* Which kind it was is the one whose count has gone down. */
static enum fault find_kind(void)
{
	enum fault found = FAULT_NONE;

	for (enum fault i = FAULT_SLAB; i < FAULT_KINDS; i++) {
		char path[128];
		long long times;

		if (!kinds[i].has)
			continue;
		snprintf(path, sizeof(path), DEBUGFS "%s/times", kinds[i].directory);
		times = file_number(path, "");
		if (times != kinds[i].times)
			found = i;
		kinds[i].times = times;
	}
	return found;
}

/*
 * The file says 0 when the failure is over.  Reading it, and writing to it, are
 * copies that may be what fails, with EFAULT: then the call had none.
 */
enum fault fault_disarm(void)
{
	char text[16] = "";
	enum fault fault;
	bool injected;

	injected = pread(nth_file, text, sizeof(text) - 1, 0) > 0 && !strtol(text, NULL, 10);
	if (write_nth(0))
		assert_int_equal(write_nth(0), 0);
	fault = find_kind();
	return injected ? fault : FAULT_NONE;
}
