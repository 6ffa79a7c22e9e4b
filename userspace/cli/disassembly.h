/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions of the target as text, by capstone; where the command was built without
 * that, there are none.
 */
#ifndef CLI_DISASSEMBLY_H
#define CLI_DISASSEMBLY_H

#include <stdbool.h>
#include <stdint.h>

#include "memrw.h"

/**
 * struct disassembly - an instruction
 * @address: where it is
 * @text: in the notation that capstone has: "mov dword ptr [rdi], eax"
 */
struct disassembly {
	uint64_t address;
	char text[200];
};

/**
 * disassembly_at() - the instruction at an address
 * @target: the target
 * @architecture: an AUDIT_ARCH_* of <linux/audit.h>
 * @address: where it begins
 * @disassembly: out
 *
 * Return: true, or false if there is none that is known.
 */
bool disassembly_at(struct memrw_target *target, uint32_t architecture, uint64_t address,
		    struct disassembly *disassembly);

/**
 * disassembly_behind() - the instruction that made an access to memory, on x86
 * @target: the target
 * @architecture: likewise
 * @start: where the function begins; 0 if that is not known: where instructions
 *	begin is then told from the bytes before @address, which seldom goes wrong
 * @address: behind it, where the processor stops; of a string instruction with a
 *	prefix to repeat it, it may stop before that as well
 * @kernel: it is a system call, and the access the kernel's
 * @disassembly: out
 *
 * Return: true, or false if there is none that is known, or if it is one that makes no
 * such access, as where it was a jump and has led to @address.
 */
bool disassembly_behind(struct memrw_target *target, uint32_t architecture, uint64_t start,
			uint64_t address, bool kernel, struct disassembly *disassembly);

#endif /* CLI_DISASSEMBLY_H */
