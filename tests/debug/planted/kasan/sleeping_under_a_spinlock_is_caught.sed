# SPDX-License-Identifier: GPL-2.0-only
#
# Memory is asked for, and may be waited for, under the lock of a page table.
#
# in module/touch.c
# run build/vm/t/tearing
# report BUG: sleeping function called from invalid context
s/^#include <linux\/string.h>/&\n#include <linux\/slab.h>/
s/^	if (memory) {/&\n\t\tkfree(kmalloc(16, GFP_KERNEL));/
