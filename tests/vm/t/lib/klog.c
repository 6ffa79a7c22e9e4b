// SPDX-License-Identifier: GPL-2.0-only
#include "lib/klog.h"

#include <sys/klog.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/test.h"

#define READ_ALL	3	/* SYSLOG_ACTION_READ_ALL */
#define SIZE_BUFFER	10	/* SYSLOG_ACTION_SIZE_BUFFER */

static char mark[64];

void klog_mark(void)
{
	static unsigned int number;
	char line[sizeof(mark) + 1];
	int error;

	snprintf(mark, sizeof(mark), "mark %u of test %d", number++, getpid());
	/* Without an end the kernel would wait for more of the line. */
	snprintf(line, sizeof(line), "%s\n", mark);
	error = file_write("/dev/kmsg", line);
	if (error)
		skip_because("the kernel's log cannot be written to: %s", strerror(-error));
}

char *klog_since_mark(void)
{
	int size = klogctl(SIZE_BUFFER, NULL, 0), n;
	char *text, *found;

	assert_true(size > 0);
	text = malloc(size + 1);
	assert_non_null(text);
	n = klogctl(READ_ALL, text, size);
	assert_true(n >= 0);
	text[n] = '\0';
	found = strstr(text, mark);
	if (!found) {
		fail_msg("more was logged than the kernel keeps, %d bytes", size);
		abort();	/* for compilers: that does not return */
	}
	found = strchrnul(found, '\n');
	memmove(text, found, strlen(found) + 1);
	return text;
}
