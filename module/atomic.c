// SPDX-License-Identifier: GPL-2.0-only
/*
 * Atomic operations on a word of the target's memory.
 *
 * The kernel's mapping of the page and the target's are the same memory, so the
 * kernel's own atomic operations exclude those of the target's program.
 */
#include <linux/atomic.h>
#include <linux/log2.h>
#include <linux/mm.h>

#include "atomic.h"
#include "compat.h"
#include "pages.h"
#include "touch.h"

/* One for each width.  xchg() and cmpxchg() are fully ordered; a load is made to be. */
#define DEFINE_ATOMIC(type)							\
static type add_##type(type *word, type operand)				\
{										\
	type old = READ_ONCE(*word), seen;					\
										\
	while ((seen = cmpxchg(word, old, (type)(old + operand))) != old)	\
		old = seen;							\
	return old;								\
}										\
										\
static u64 run_##type(type *word, const struct memrw_atomic *atomic)		\
{										\
	switch (atomic->op) {							\
	case MEMRW_ATOMIC_STORE:						\
		xchg(word, (type)atomic->operand);				\
		return 0;							\
	case MEMRW_ATOMIC_EXCHANGE:						\
		return xchg(word, (type)atomic->operand);			\
	case MEMRW_ATOMIC_ADD:							\
		return add_##type(word, atomic->operand);			\
	case MEMRW_ATOMIC_COMPARE_EXCHANGE:					\
		return cmpxchg(word, (type)atomic->expected,			\
			       (type)atomic->operand);				\
	default:								\
		/* Between what the caller has stored and this. */		\
		smp_mb();							\
		/* And what it will load. */					\
		return smp_load_acquire(word);					\
	}									\
}

DEFINE_ATOMIC(u8)
DEFINE_ATOMIC(u16)
DEFINE_ATOMIC(u32)
DEFINE_ATOMIC(u64)

static void touch_word(void *memory, size_t length, void *data)
{
	struct memrw_atomic *atomic = data;

	switch (length) {
	case sizeof(u8):
		atomic->old = run_u8(memory, atomic);
		break;
	case sizeof(u16):
		atomic->old = run_u16(memory, atomic);
		break;
	case sizeof(u32):
		atomic->old = run_u32(memory, atomic);
		break;
	case sizeof(u64):
		atomic->old = run_u64(memory, atomic);
		break;
	}
}

static bool is_valid(const struct memrw_atomic *atomic)
{
	if (atomic->op > MEMRW_ATOMIC_COMPARE_EXCHANGE)
		return false;
	if (!is_power_of_2(atomic->width) || atomic->width > sizeof(u64))
		return false;
	if (atomic->op == MEMRW_ATOMIC_LOAD && atomic->operand)
		return false;
	if (atomic->op != MEMRW_ATOMIC_COMPARE_EXCHANGE && atomic->expected)
		return false;
	return IS_ALIGNED(atomic->address, atomic->width);
}

/**
 * memrw_atomic_run() - do an atomic operation
 * @mm: the target; the caller holds a reference to its memory (mmget())
 * @atomic: what to do; its @old is set
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 *
 * Context: may sleep.
 * Return: 0, or -EINVAL, -EIO, -EINTR or -ENOMEM.
 */
int memrw_atomic_run(struct mm_struct *mm, struct memrw_atomic *atomic, u32 flags)
{
	struct memrw_view view = {
		.mm = mm,
		.write = atomic->op != MEMRW_ATOMIC_LOAD,
		.flags = flags,
	};
	unsigned long address = compat_untagged_addr(atomic->address);

	if (!is_valid(atomic))
		return -EINVAL;
	if (address >= TASK_SIZE_MAX)
		return -EIO;
	return memrw_touch(&view, address, atomic->width, touch_word, atomic);
}
