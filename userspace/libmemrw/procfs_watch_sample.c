// SPDX-License-Identifier: LGPL-2.1-or-later
/* What perf_event_open(2) tells of a hit. */
#include "procfs_watch.h"

#include <linux/audit.h>
#include <string.h>
#include <sys/param.h>

/*
 * An architecture's registers, by the PERF_SAMPLE_REGS_ABI_* of a sample; one that is
 * not here has none.
 */
struct abi {
	uint32_t architecture;
	uint32_t nr_registers;
};

#if defined(__x86_64__) || defined(__i386__)
#include <asm/perf_regs.h>

#define REGISTER(name)	(1ULL << PERF_REG_X86_##name)

/* ds and the like cannot be had of 64-bit threads, so neither of others. */
#define REGISTERS_32	(REGISTER(DS) - 1)
#ifdef __x86_64__
#define REGISTERS	(REGISTERS_32 | ((1ULL << PERF_REG_X86_64_MAX) - REGISTER(R8)))
#define NR_REGISTERS	PERF_REG_X86_64_MAX
#else
/* The kernel may be a 32-bit one, too. */
#define REGISTERS	REGISTERS_32
#define NR_REGISTERS	PERF_REG_X86_DS
#endif

static const struct abi abis[] = {
	[PERF_SAMPLE_REGS_ABI_32] = { AUDIT_ARCH_I386, MIN(PERF_REG_X86_32_MAX, NR_REGISTERS) },
	[PERF_SAMPLE_REGS_ABI_64] = { AUDIT_ARCH_X86_64, NR_REGISTERS },
};
#elif defined(__aarch64__)
#include <asm/perf_regs.h>

#define REGISTERS	((1ULL << (PERF_REG_ARM64_PC + 1)) - 1)

static const struct abi abis[] = {
	/* r0 to r15, the program counter. */
	[PERF_SAMPLE_REGS_ABI_32] = { AUDIT_ARCH_ARM, 16 },
	[PERF_SAMPLE_REGS_ABI_64] = { AUDIT_ARCH_AARCH64, PERF_REG_ARM64_PC + 1 },
};
#else
#define REGISTERS	0ULL

static const struct abi abis[PERF_SAMPLE_REGS_ABI_64 + 1];
#endif

uint64_t mrw_sample_registers(void)
{
	return REGISTERS;
}

uint64_t mrw_sample_type(void)
{
	return PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CALLCHAIN |
	       (REGISTERS ? PERF_SAMPLE_REGS_USER : 0);
}

/* What is left of a record. */
struct words {
	const uint64_t *next;
	const uint64_t *end;
};

static uint64_t take(struct words *words)
{
	return words->next < words->end ? *words->next++ : 0;
}

static void take_ids(struct words *words, struct memrw_hit *hit, pid_t *pid)
{
	const uint64_t word = take(words);
	uint32_t ids[2];

	memcpy(ids, &word, sizeof(ids));
	*pid = (pid_t)ids[0];
	hit->tid = (pid_t)ids[1];
}

/* The first one is the instruction itself, and some are marks and no addresses. */
static void take_callers(struct words *words, struct memrw_hit *hit)
{
	uint64_t left = take(words), caller;
	bool first = true;

	for (; left && words->next < words->end; left--) {
		caller = take(words);
		if (caller >= (uint64_t)PERF_CONTEXT_MAX)
			continue;
		if (!first && hit->nr_callers < MEMRW_HIT_CALLERS)
			hit->callers[hit->nr_callers++] = caller;
		first = false;
	}
}

static void take_registers(struct words *words, struct memrw_hit *hit)
{
	const uint64_t abi = take(words);
	uint64_t value;
	unsigned int i;

	if (abi == PERF_SAMPLE_REGS_ABI_NONE || abi >= sizeof(abis) / sizeof(*abis))
		return;
	hit->architecture = abis[abi].architecture;
	hit->nr_registers = abis[abi].nr_registers;
	for (i = 0; i < 64; i++) {
		if (!(REGISTERS >> i & 1))
			continue;
		value = take(words);
		if (i < hit->nr_registers)
			hit->registers[i] = value;
	}
}

void mrw_sample_parse(const struct mrw_record *record, struct memrw_hit *hit, pid_t *pid)
{
	struct words words = { record->words, record->words + record->count };

	*hit = (struct memrw_hit){ .flags = MEMRW_HIT_NO_VALUE };
	/* In the order in which the kernel writes them. */
	hit->ip = take(&words);
	take_ids(&words, hit, pid);
	hit->time = (int64_t)take(&words);
	take_callers(&words, hit);
	take_registers(&words, hit);
}
