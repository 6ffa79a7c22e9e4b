/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses of the kernel's in what it hands out, as text and as bytes. */
#ifndef KERNEL_ADDRESS_H
#define KERNEL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the kernel's half, and neither a negative errno nor the vsyscall page. */
bool is_kernel_address(uint64_t value);

/* The first one that is written out in hexadecimal; 0 if there is none. */
uint64_t kernel_address_in_text(const char *text);

/* The first one at a multiple of 4 bytes; 0 if there is none. */
uint64_t kernel_address_in_bytes(const void *bytes, size_t size);

#endif
