// SPDX-License-Identifier: GPL-2.0-only
#include "storm/window.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

#include "lib/device.h"
#include "storm/board.h"

#define PAGES		8
#define WORDS		16	/* of each page that is looked at */

static __thread sigjmp_buf after_touch;

static void leave_touch(int signal)
{
	(void)signal;
	siglongjmp(after_touch, 1);
}

void window_catch_signals(void)
{
	struct sigaction action = { .sa_handler = leave_touch };

	sigaction(SIGBUS, &action, NULL);
}

/* Loads words, or stores one: 0, or -EIO for a page that is not to be had. */
static int touch(volatile uint64_t *at, uint64_t *words, size_t count, bool store)
{
	if (sigsetjmp(after_touch, 1))
		return -EIO;
	if (store)
		*at = *words;
	else
		for (size_t i = 0; i < count; i++)
			words[i] = at[i];
	return 0;
}

static void touch_page(struct op *op, uint64_t *window, uint64_t address, size_t page, bool store)
{
	uint64_t *words = &op->actor->buffer[page * WORDS];
	uint64_t *at = window + page * PAGE_WORDS;

	address += page * PAGE;
	if (store)
		*words = word_of(op->writes, address);
	call_begin(op->actor, CALL_TOUCH);
	if (!call_end(op->actor, CALL_TOUCH, touch(at, words, WORDS, store), MAY_ANYTHING) &&
	    !store)
		seen_add(&op->seen, address, words, WORDS);
}

/* Of a session that another thread has replaced it is no window. */
static void refresh(struct op *op, uint64_t *window)
{
	struct memrw_sync_window sync = {
		.size = sizeof(sync),
		.flags = chance_one_in(&op->actor->chance, 3) ? MEMRW_SYNC_KEEP : 0,
		.address = (uintptr_t)window,
		.length = PAGES * PAGE,
	};
	int error;

	call_begin(op->actor, CALL_SYNC);
	error = session_command(op->fd, MEMRW_IOC_SYNC_WINDOW, &sync);
	call_end(op->actor, CALL_SYNC, error,
		 op->may & MAY(R_EBADF) ? MAY_ANYTHING : ~MAY(R_EINVAL));
	if (!error && sync.stale > PAGES)
		board_fail(op->actor->board, "%llu of %d pages are out of date",
			   (unsigned long long)sync.stale, PAGES);
}

/* What a program does with memory that it has mapped. */
static void change(struct op *op, uint64_t *window)
{
	size_t page = chance_below(&op->actor->chance, PAGES);
	void *at = window + page * PAGE_WORDS;

	switch (chance_below(&op->actor->chance, 5)) {
	case 0:
		/* At once: nobody else's memory is to come there. */
		mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		break;
	case 1:
		madvise(at, PAGE, MADV_DONTNEED);
		break;
	case 2:
		mprotect(at, PAGE, PROT_READ);
		mprotect(at, PAGE, op->writes ? PROT_READ | PROT_WRITE : PROT_READ);
		break;
	default:
		break;
	}
}

static void use(struct op *op, uint64_t *window, uint64_t address)
{
	struct chance *chance = &op->actor->chance;

	for (unsigned int i = 0; i < PIECES / 4; i++) {
		size_t page = chance_below(chance, PAGES);

		touch_page(op, window, address, page, op->writes && chance_one_in(chance, 4));
		if (chance_one_in(chance, 8))
			refresh(op, window);
	}
	change(op, window);
}

void window_run(struct op *op, uint64_t address)
{
	int protection = op->writes ? PROT_READ | PROT_WRITE : PROT_READ;
	void *window;

	/* At the end of all addresses a mapping of whatever file is refused. */
	address &= INT64_MAX & -PAGE;
	call_begin(op->actor, op->call = CALL_MAP);
	window = mmap(NULL, PAGES * PAGE, protection, MAP_SHARED, op->fd, (off_t)address);
	op->result = window == MAP_FAILED ? -errno : 0;
	call_end(op->actor, CALL_MAP, op->result,
		 op->mode == O_RDWR || (op->mode == O_RDONLY && !op->writes) ?
			 op->may | MAY(R_EAGAIN) : MAY(R_EACCES));
	if (op->result)
		return;
	use(op, window, address);
	munmap(window, PAGES * PAGE);
}
