// SPDX-License-Identifier: GPL-2.0-only
#include "argument.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guard.h"
#include "value.h"
#include "zone.h"

/* An address that no program has. */
#define KERNEL_ADDRESS	0xffff888000001000

/* The header is what every command reads. */
#define HEADER		8

static size_t bytes_of(const struct argument *argument)
{
	if (argument->size > ZONE_PAGE)
		return ZONE_PAGE;
	return argument->size < HEADER ? HEADER : argument->size;
}

static uint8_t *page(void)
{
	return (uint8_t *)caller_zones[ZONE_STRUCT].start;
}

static void fill(const struct argument *argument, uint8_t *to)
{
	size_t bytes = bytes_of(argument);
	size_t known = argument->known < bytes ? argument->known : bytes;

	memcpy(to, argument->content, known);
	memset(to + known, 0, bytes - known);
	if (argument->tail && bytes > known)
		to[known + argument->tail % (bytes - known)] = 1;
}

static void *place(const struct argument *argument)
{
	uint8_t *end = page() + ZONE_PAGE, *start = end - bytes_of(argument);
	uint8_t whole[ZONE_PAGE];

	switch (argument->place) {
	case PLACE_NULL:
		return NULL;
	case PLACE_HOLE:
		return (void *)caller_zones[ZONE_CALLER_HOLE].start;
	case PLACE_KERNEL:
		return (void *)KERNEL_ADDRESS;
	case PLACE_CUT:
		fill(argument, whole);
		start += HEADER / 2;
		memcpy(start, whole, end - start);
		return start;
	default:
		fill(argument, start);
		return start;
	}
}

static long call(const struct argument *argument, int fd, void *pointer)
{
	long ret;

	if (argument->place == PLACE_READ_ONLY)
		mprotect(page(), ZONE_PAGE, PROT_READ);
	ret = ioctl(fd, argument->command, pointer);
	if (ret < 0)
		ret = -errno;
	if (argument->place == PLACE_READ_ONLY)
		mprotect(page(), ZONE_PAGE, PROT_READ | PROT_WRITE);
	return ret;
}

static bool is_good(const struct argument *argument)
{
	return (argument->place == PLACE_END ||
		(argument->place == PLACE_READ_ONLY && argument->input)) &&
	       argument->size >= HEADER && argument->size <= ZONE_PAGE;
}

static void check_success(struct run *run, const struct argument *argument,
			  const uint8_t *pointer)
{
	uint8_t expected[ZONE_PAGE];
	size_t bytes = bytes_of(argument);

	if (!is_good(argument)) {
		run_fail(run, "command %#x succeeded with a bad struct", argument->command);
		return;
	}
	fill(argument, expected);
	if (memcmp(pointer, expected, HEADER))
		run_fail(run, "command %#x changed the header", argument->command);
	if (bytes <= argument->known)
		return;
	memset(expected, 0, sizeof(expected));
	if (memcmp(pointer + argument->known, expected, bytes - argument->known))
		run_fail(run, "command %#x: behind the struct there is not zero",
			 argument->command);
}

/* The part of it that the caller's size leaves out is zero. */
static void look(struct run *run, const struct argument *argument, const uint8_t *pointer)
{
	size_t bytes = bytes_of(argument);
	uint64_t out[ZONE_PAGE / sizeof(uint64_t)] = { 0 };

	memcpy(out, pointer, argument->known < bytes ? argument->known : bytes);
	argument->check(run, argument->content, out);
}

long argument_call(struct run *run, const struct argument *argument)
{
	/* By the target's memory, where the caller is its own target. */
	bool overwritten = guard_allows((uintptr_t)page(), ZONE_PAGE);
	void *pointer = place(argument);
	long ret;

	guard_placed((uintptr_t)page());
	guard_allow((uintptr_t)pointer, bytes_of(argument));
	ret = call(argument, *run_slot(run, argument->slot), pointer);
	if (ret > 0 && !argument->opens)
		run_fail(run, "command %#x returned %ld", argument->command, ret);
	if (ret < 0 || overwritten)
		return ret;
	check_success(run, argument, pointer);
	if (is_good(argument))
		look(run, argument, pointer);
	return ret;
}
