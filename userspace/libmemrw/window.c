// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Windows: memory of the target, mapped into the caller.
 *
 * A page that the target has not got ends in SIGBUS when a program touches it, but
 * in EFAULT when the kernel does so for the program.  And a page that was touched
 * once stays, whatever the target does, until a sync lets go of it.  So
 * memrw_window_read() has the kernel touch each page once, and loads from then on.
 */
#include "backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/param.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE	23	/* Linux 5.14 */
#endif

/*
 * struct memrw_window
 * @start: address of the first page in the target
 * @head: bytes of the first page before what was asked for
 * @length: bytes that were asked for
 * @pages: the mapping, @mapped bytes
 * @touched: a bit for each page that is known to be pinned
 */
struct memrw_window {
	struct memrw_target *target;
	uint64_t start;
	size_t head;
	size_t length;
	size_t page_size;
	char *pages;
	size_t mapped;
	uint64_t *touched;
};

static size_t bitmap_size(const struct memrw_window *window)
{
	return (memrw_window_pages(window) + 63) / 64 * sizeof(*window->touched);
}

/*
 * Touching
 */

/*
 * rt_sigprocmask(2) takes a set from there before it refuses to do what it is told.
 * Of all the calls that only look at memory it is the one with the least besides.
 */
static bool kernel_can_read(const void *at)
{
	return syscall(SYS_rt_sigprocmask, ~0, at, NULL, sizeof(uint64_t)) < 0 &&
	       errno == EINVAL;
}

/* Why the kernel could not: the target's memory, or else its being pinned. */
static void set_reason(const struct memrw_window *window, size_t page)
{
	char byte;

	if (memrw_target_read(window->target, window->start + page * window->page_size,
			      &byte, sizeof(byte), 0) == sizeof(byte))
		errno = EAGAIN;
}

static int touch(struct memrw_window *window, size_t page)
{
	uint64_t *word = &window->touched[page / 64], bit = 1ULL << page % 64;

	if (*word & bit)
		return 0;
	if (!kernel_can_read(window->pages + page * window->page_size)) {
		set_reason(window, page);
		return -1;
	}
	*word |= bit;
	return 0;
}

/* Return: how many bytes from there on may be loaded; -1 if there are none. */
static ssize_t touch_range(struct memrw_window *window, size_t from, size_t length)
{
	size_t end = from + length, at = from;

	while (at < end && !touch(window, at / window->page_size))
		at += window->page_size - at % window->page_size;
	if (at == from && length > 0)
		return -1;
	return MIN(at, end) - from;
}

static int touch_all(struct memrw_window *window)
{
	return touch_range(window, 0, window->mapped) == (ssize_t)window->mapped ? 0 : -1;
}

/*
 * Opening
 */

/* An older kernel: what can be added to, the target has to itself, for writing. */
static int add_nothing(struct memrw_window *window)
{
	struct memrw_target_word word = { .address = window->start, .width = 1 };
	size_t page;

	for (page = 0; page < memrw_window_pages(window); page++) {
		if (memrw_target_atomic(window->target, MEMRW_OP_ADD, &word, 0) < 0)
			return -1;
		word.address += window->page_size;
	}
	return 0;
}

static int make_writable(struct memrw_window *window)
{
	if (!madvise(window->pages, window->mapped, MADV_POPULATE_WRITE))
		return 0;
	if (errno == EINVAL)
		return add_nothing(window);
	if (errno != EFAULT)
		return -1;
	/* What cannot even be read has a reason of its own. */
	if (!touch_all(window))
		errno = EIO;
	return -1;
}

static int pin_all(struct memrw_window *window, unsigned int flags)
{
	if (flags & MEMRW_WINDOW_WRITE && make_writable(window) < 0)
		return -1;
	return touch_all(window);
}

/* The pages that the range touches. */
static int lay_out(struct memrw_window *window, uint64_t address, size_t length)
{
	size_t page_size = sysconf(_SC_PAGESIZE);

	window->page_size = page_size;
	window->head = address % page_size;
	window->start = address - window->head;
	window->length = length;
	if (length == 0 || length > PTRDIFF_MAX - 2 * page_size ||
	    length - 1 > UINT64_MAX - address) {
		errno = EINVAL;
		return -1;
	}
	window->mapped = (window->head + length + page_size - 1) / page_size * page_size;
	return 0;
}

static int map(struct memrw_window *window, unsigned int flags)
{
	struct mrw_binding *binding = mrw_target_binding(window->target);

	window->touched = calloc(1, bitmap_size(window));
	if (!window->touched)
		return -1;
	window->pages = binding->backend->window_map(binding, window->start, window->mapped,
						     flags & MEMRW_WINDOW_WRITE);
	if (!window->pages)
		return -1;
	return flags & MEMRW_WINDOW_ALL ? pin_all(window, flags) : 0;
}

static int check(struct memrw_target *target, unsigned int flags)
{
	if (flags & ~(MEMRW_WINDOW_WRITE | MEMRW_WINDOW_ALL)) {
		errno = EINVAL;
		return -1;
	}
	if (!mrw_target_binding(target)->backend->window_map) {
		errno = ENOTSUP;
		return -1;
	}
	return mrw_target_check(target, 0, flags & MEMRW_WINDOW_WRITE);
}

struct memrw_window *memrw_window_open(struct memrw_target *target, uint64_t address,
				       size_t length, unsigned int flags)
{
	struct memrw_window *window;

	if (check(target, flags) < 0)
		return NULL;
	window = calloc(1, sizeof(*window));
	if (!window)
		return NULL;
	window->target = target;
	if (lay_out(window, address, length) < 0 || map(window, flags) < 0) {
		memrw_window_close(window);
		return NULL;
	}
	return window;
}

void memrw_window_close(struct memrw_window *window)
{
	int saved = errno;

	if (!window)
		return;
	if (window->pages)
		munmap(window->pages, window->mapped);
	free(window->touched);
	free(window);
	errno = saved;
}

/*
 * Looking
 */

void *memrw_window_data(const struct memrw_window *window)
{
	return window->pages + window->head;
}

size_t memrw_window_pages(const struct memrw_window *window)
{
	return window->mapped / window->page_size;
}

#define LOAD_WORD(type, to, from)						\
	do {									\
		type word = __atomic_load_n((const type *)(from), __ATOMIC_RELAXED);	\
		memcpy(to, &word, sizeof(word));				\
	} while (0)

/* What is a word for the target is one load. */
static void copy(void *to, const void *from, size_t length)
{
	switch ((uintptr_t)from % length ? 0 : length) {
	case 1:
		LOAD_WORD(uint8_t, to, from);
		break;
	case 2:
		LOAD_WORD(uint16_t, to, from);
		break;
	case 4:
		LOAD_WORD(uint32_t, to, from);
		break;
	case 8:
		LOAD_WORD(uint64_t, to, from);
		break;
	default:
		memcpy(to, from, length);
	}
}

ssize_t memrw_window_read(struct memrw_window *window, size_t offset,
			  void *buffer, size_t length)
{
	ssize_t there;

	if (offset > window->length || length > window->length - offset) {
		errno = EINVAL;
		return -1;
	}
	there = touch_range(window, window->head + offset, length);
	if (there > 0)
		copy(buffer, window->pages + window->head + offset, there);
	return there;
}

ssize_t memrw_window_sync(struct memrw_window *window, uint64_t *bitmap,
			  unsigned int flags)
{
	struct mrw_binding *binding = mrw_target_binding(window->target);
	enum memrw_state state;
	ssize_t stale;

	if (flags & ~MEMRW_SYNC_KEEP) {
		errno = EINVAL;
		return -1;
	}
	stale = binding->backend->window_sync(binding, window->pages, window->mapped,
					      bitmap, flags);
	/* Some may have been let go of before it failed. */
	if (stale != 0 && !(flags & MEMRW_SYNC_KEEP))
		memset(window->touched, 0, bitmap_size(window));
	if (stale < 0 && errno == ESRCH)
		errno = !memrw_target_state(window->target, &state) &&
			state == MEMRW_STATE_EXECED ? ESTALE : ESRCH;
	return stale;
}
