// SPDX-License-Identifier: GPL-2.0-only

#include <linux/audit.h>

#include "registers.h"

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

static const char *const x86_64[] = {
	"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "rip", "eflags", "cs", "ss",
	"ds", "es", "fs", "gs", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
};

static const char *const i386[] = {
	"eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "esp", "eip", "eflags", "cs", "ss",
	"ds", "es", "fs", "gs",
};

static const char *const arm64[] = {
	"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",
	"x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23",
	"x24", "x25", "x26", "x27", "x28", "x29", "lr", "sp", "pc",
};

static const struct {
	uint32_t architecture;
	const char *const *names;
	size_t count;
} sets[] = {
	{ AUDIT_ARCH_X86_64, x86_64, ARRAY_SIZE(x86_64) },
	{ AUDIT_ARCH_I386, i386, ARRAY_SIZE(i386) },
	{ AUDIT_ARCH_AARCH64, arm64, ARRAY_SIZE(arm64) },
};

const char *registers_name(uint32_t architecture, size_t i)
{
	for (size_t set = 0; set < ARRAY_SIZE(sets); set++) {
		if (sets[set].architecture == architecture && i < sets[set].count)
			return sets[set].names[i];
	}
	return NULL;
}
