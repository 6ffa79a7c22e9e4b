// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_log.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const complaints[] = {
	"BUG: ", "WARNING: ", "cut here", "KASAN", "UBSAN", "Oops", "suspicious RCU",
	"possible circular", "possible recursive", "inconsistent lock", "sleeping function",
	"usercopy: ", "refcount_t",
};

static int kmsg;

void kernel_log_open(void)
{
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0 || lseek(kmsg, 0, SEEK_END) < 0)
		err(2, "/dev/kmsg");
}

static bool is_complaint(const char *message)
{
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
		if (strstr(message, complaints[i]))
			return true;
	return false;
}

bool kernel_log_complains(char *text, size_t size)
{
	char record[8192], *message;
	bool found = false;
	ssize_t length;

	/* EPIPE: the oldest have been overwritten. */
	while ((length = read(kmsg, record, sizeof(record) - 1)) > 0 || errno == EPIPE) {
		if (length <= 0)
			continue;
		record[length] = '\0';
		message = strchr(record, ';');
		if (!message || found || !is_complaint(message))
			continue;
		message[strcspn(message, "\n")] = '\0';
		snprintf(text, size, "the kernel: %s", message + 1);
		found = true;
	}
	return found;
}
