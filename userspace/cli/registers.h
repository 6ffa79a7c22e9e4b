/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a processor calls its registers.
 */
#ifndef CLI_REGISTERS_H
#define CLI_REGISTERS_H

#include <stddef.h>
#include <stdint.h>

/**
 * registers_name() - the name of a register
 * @architecture: an AUDIT_ARCH_* of <linux/audit.h>
 * @i: its place in the order of <asm/perf_regs.h> for that
 *
 * Return: "rax" and the like; NULL if there is no such register.
 */
const char *registers_name(uint32_t architecture, size_t i);

#endif /* CLI_REGISTERS_H */
