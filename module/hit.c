// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the thread that made an access was at: its registers, and who called whom.
 *
 * It is the current one, in any context, and nothing may fault: memory that is not
 * there is not waited for.
 */
#include <linux/audit.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/uaccess.h>
#include <asm/perf_regs.h>
#include <asm/segment.h>

#include "hit.h"

static bool read_user(void *to, unsigned long address, size_t length)
{
	bool done;

	/* Some kernels take a look at the address for an access that may wait. */
	pagefault_disable();
	done = copy_from_user_nofault(to, (void __user *)address, length) == 0;
	pagefault_enable();
	return done;
}

/* @length is that of a word.  Return: false if the value cannot be had. */
bool memrw_hit_read_value(u64 address, unsigned int length, u64 *value)
{
	*value = 0;
	return read_user(value, address, length);
}

static void copy_registers(struct memrw_watch_hit *hit, const struct pt_regs *regs)
{
	u64 *to = hit->registers;

	to[PERF_REG_X86_AX] = regs->ax;
	to[PERF_REG_X86_BX] = regs->bx;
	to[PERF_REG_X86_CX] = regs->cx;
	to[PERF_REG_X86_DX] = regs->dx;
	to[PERF_REG_X86_SI] = regs->si;
	to[PERF_REG_X86_DI] = regs->di;
	to[PERF_REG_X86_BP] = regs->bp;
	to[PERF_REG_X86_SP] = regs->sp;
	to[PERF_REG_X86_IP] = regs->ip;
	to[PERF_REG_X86_FLAGS] = regs->flags;
	to[PERF_REG_X86_CS] = regs->cs;
	to[PERF_REG_X86_SS] = regs->ss;
	to[PERF_REG_X86_R8] = regs->r8;
	to[PERF_REG_X86_R9] = regs->r9;
	to[PERF_REG_X86_R10] = regs->r10;
	to[PERF_REG_X86_R11] = regs->r11;
	to[PERF_REG_X86_R12] = regs->r12;
	to[PERF_REG_X86_R13] = regs->r13;
	to[PERF_REG_X86_R14] = regs->r14;
	to[PERF_REG_X86_R15] = regs->r15;
	hit->nr_registers = PERF_REG_X86_64_MAX;
}

/* A frame begins with where the caller's is, and where it goes on: words of @width. */
static bool read_frame(unsigned long at, size_t width, unsigned long *next, unsigned long *ip)
{
	u32 narrow[2];
	u64 wide[2];

	if (width == sizeof(narrow[0])) {
		if (!read_user(narrow, at, sizeof(narrow)))
			return false;
		*next = narrow[0];
		*ip = narrow[1];
	} else {
		if (!read_user(wide, at, sizeof(wide)))
			return false;
		*next = wide[0];
		*ip = wide[1];
	}
	return *ip;
}

static void follow_frames(struct memrw_watch_hit *hit, const struct pt_regs *regs, size_t width)
{
	unsigned long at = regs->bp, next, ip;

	/* The stack grows down: what is not above is no caller's. */
	if (at < regs->sp)
		return;
	while (hit->nr_callers < ARRAY_SIZE(hit->callers) &&
	       read_frame(at, width, &next, &ip)) {
		hit->callers[hit->nr_callers++] = ip;
		if (next <= at)
			break;
		at = next;
	}
}

/**
 * memrw_hit_describe_thread() - the current thread's registers and callers
 * @hit: @architecture, @registers, @callers and their numbers are set
 * @regs: of the thread in user mode
 */
void memrw_hit_describe_thread(struct memrw_watch_hit *hit, const struct pt_regs *regs)
{
	bool narrow = regs->cs == __USER32_CS;

	hit->architecture = narrow ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
	copy_registers(hit, regs);
	follow_frames(hit, regs, narrow ? sizeof(u32) : sizeof(u64));
}
