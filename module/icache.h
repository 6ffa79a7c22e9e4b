/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instruction caches: what a processor executes after instructions were
 * written through the kernel's mapping of a page.
 */
#ifndef MEMRW_ICACHE_H
#define MEMRW_ICACHE_H

#include <linux/smp.h>
#include <asm/cacheflush.h>

#include "compat.h"

/* Where a processor sees by itself that its next instructions have changed. */
static inline bool memrw_icache_is_coherent(void)
{
	return IS_ENABLED(CONFIG_X86);
}

/*
 * All processors execute what was written at @kaddr, wherever its page is
 * mapped; those that run a thread of the target's, too: the interrupt that
 * they get makes them fetch anew what they have fetched already.
 *
 * Context: interrupts are on.
 */
static inline void memrw_icache_sync(void *kaddr, size_t length)
{
	unsigned long start = (unsigned long)kaddr;

	flush_icache_range(start, start + length);
#ifdef CONFIG_ARM64
	/* Some have a cache that goes by virtual addresses, and @kaddr is not the target's. */
	icache_inval_all_pou();
	kick_all_cpus_sync();
#endif
}

#endif /* MEMRW_ICACHE_H */
