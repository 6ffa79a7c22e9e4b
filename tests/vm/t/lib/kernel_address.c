// SPDX-License-Identifier: GPL-2.0-only
#include "lib/kernel_address.h"

#include <stdlib.h>
#include <string.h>

#ifdef __aarch64__
#define KERNEL_HALF	0xffff000000000000ULL
#else
#define KERNEL_HALF	0xffff800000000000ULL
#endif

/* Two words of 4 bytes, the second of them an error (-133 to -1); then the kernel itself. */
#define ERRORS		0xffffff7b00000000ULL
#define IMAGE		0xffffffff80000000ULL
#define ERRNO_MAX	4095

#define VSYSCALL	0xffffffffff600000ULL
#define VSYSCALL_END	0xffffffffff601000ULL

bool is_kernel_address(uint64_t value)
{
	if (value < KERNEL_HALF || value >= (uint64_t)-ERRNO_MAX)
		return false;
	if (value >= ERRORS && value < IMAGE)
		return false;
	return value < VSYSCALL || value > VSYSCALL_END;
}

uint64_t kernel_address_in_text(const char *text)
{
	while (*text) {
		size_t length = strspn(text, "0123456789abcdefABCDEF");
		char digits[17] = "";

		if (length == 16 && is_kernel_address(strtoull(memcpy(digits, text, 16), NULL, 16)))
			return strtoull(digits, NULL, 16);
		text += length ? length : 1;
	}
	return 0;
}

uint64_t kernel_address_in_bytes(const void *bytes, size_t size)
{
	for (size_t at = 0; at + sizeof(uint64_t) <= size; at += 4) {
		uint64_t value;

		memcpy(&value, (const char *)bytes + at, sizeof(value));
		if (is_kernel_address(value))
			return value;
	}
	return 0;
}
