// SPDX-License-Identifier: GPL-2.0-only
#include "lib/policy.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/test.h"

#define YAMA_PTRACE_SCOPE "/proc/sys/kernel/yama/ptrace_scope"

static char original_access[32];
static char original_scope[32];

int policy_write(const char *access)
{
	if (!original_access[0])
		policy_read(original_access, sizeof(original_access));
	return file_write(POLICY_PARAMETER, access);
}

void policy_set(const char *access)
{
	assert_int_equal(policy_write(access), 0);
}

void policy_read(char *access, size_t size)
{
	assert_true(file_read(POLICY_PARAMETER, access, size) > 0);
	access[strcspn(access, "\n")] = '\0';
}

void policy_restore(void)
{
	if (original_access[0])
		file_write(POLICY_PARAMETER, original_access);
	if (original_scope[0])
		file_write(YAMA_PTRACE_SCOPE, original_scope);
	original_access[0] = '\0';
	original_scope[0] = '\0';
}

bool yama_set(int ptrace_scope)
{
	char text[16];

	if (access(YAMA_PTRACE_SCOPE, F_OK) < 0)
		return false;
	if (!original_scope[0])
		file_read(YAMA_PTRACE_SCOPE, original_scope, sizeof(original_scope));
	snprintf(text, sizeof(text), "%d", ptrace_scope);
	assert_int_equal(file_write(YAMA_PTRACE_SCOPE, text), 0);
	return true;
}
