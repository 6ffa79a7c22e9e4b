// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target sleeps, works a little in its memory, and measures how much later than
 * that it is back.  Where many processes want few processors most of that is
 * waiting for one, which the scheduler tells.  Of the time of the work, what is
 * neither that nor work is waiting for memory: for the locks of its own, above
 * all, which the readers take.
 */
#include "load/target.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"

#define PERIOD	(SECOND / 20)

static uint64_t (*const area)[PAGE_WORDS] = (void *)AREA;

uint32_t target_id(unsigned int target)
{
	return 0x10000 + target;
}

static void make_area(unsigned int target)
{
	if (mmap((void *)AREA, AREA_PAGES * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)AREA)
		err(1, "a target's memory");
	word_fill(area[0], AREA_WORDS, target_id(target), AREA);
	for (size_t page = 0; page < AREA_PAGES; page++)
		area[page][COUNTED_BY_TARGET] = area[page][ADDED_BY_READERS] = 0;
}

/* Its own memory: read, written, and the map of it changed, as programs do. */
static void work(struct board *board, unsigned int target)
{
	void *memory;

	for (size_t page = 0; page < AREA_PAGES; page++) {
		size_t word = SPECIAL_WORDS + area[page][COUNTED_BY_TARGET] %
					      (PAGE_WORDS - SPECIAL_WORDS);

		if (area[page][word] != word_of(target_id(target), word * sizeof(uint64_t)))
			atomic_fetch_add(&board->target[target].wrong, 1);
		area[page][COUNTED_BY_TARGET]++;
	}
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		err(1, "mmap");
	*(volatile char *)memory = 1;
	munmap(memory, PAGE);
}

/* Times up to now, in nanoseconds. */
struct times {
	uint64_t now, working, queued;
};

/* Queued for a processor; 0 where the kernel does not tell. */
static uint64_t time_queued(void)
{
	static int fd = -1;
	unsigned long long queued = 0;
	char text[64] = "";

	if (fd < 0)
		fd = open("/proc/self/schedstat", O_RDONLY | O_CLOEXEC);
	if (pread(fd, text, sizeof(text) - 1, 0) > 0)
		sscanf(text, "%*u %llu", &queued);
	return queued;
}

static struct times times_now(void)
{
	struct timespec working;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &working);
	return (struct times){
		.now = clock_now(),
		.working = working.tv_sec * SECOND + working.tv_nsec,
		.queued = time_queued(),
	};
}

static void note_pass(struct board_target *shown, enum phase phase, uint64_t last,
		      const struct times *begin, const struct times *end)
{
	uint64_t took = end->now - begin->now;
	uint64_t told = end->working - begin->working + end->queued - begin->queued;

	gaps_add(&shown->late[phase], end->now - last - PERIOD);
	gaps_add(&shown->waits[phase], took > told ? took - told : 0);
}

static void work_until_over(struct board *board, unsigned int target)
{
	struct times begin, end = times_now();

	while (!board->over) {
		enum phase phase = board->phase;
		uint64_t last = end.now;

		clock_sleep(PERIOD);
		begin = times_now();
		work(board, target);
		end = times_now();
		if (phase != PAUSE && phase == board->phase)
			note_pass(&board->target[target], phase, last, &begin, &end);
	}
}

void target_run(struct board *board, unsigned int target)
{
	make_area(target);
	atomic_fetch_add(&board->ready, 1);
	work_until_over(board, target);
	for (size_t page = 0; page < AREA_PAGES; page++)
		atomic_fetch_add(&board->added[target], area[page][ADDED_BY_READERS]);
	_exit(0);
}
