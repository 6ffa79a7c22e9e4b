// SPDX-License-Identifier: GPL-2.0-only
#include "device_calls.h"

#include <errno.h>
#include <linux/memrw.h>
#include <string.h>

#include "argument.h"
#include "batch_calls.h"
#include "cast.h"
#include "guard.h"
#include "value.h"
#include "zone.h"

/* The arguments that every command has, in their order. */
enum { SLOT, PLACE, SIZE, FLAGS, REST };

#define TRANSFER_MAX	0x7ffff000

static struct argument argument_of(const uint64_t *args, unsigned int command,
				   const void *content, size_t known, uint64_t tail)
{
	return (struct argument){
		.slot = args[SLOT],
		.place = args[PLACE],
		.command = command,
		.content = content,
		.known = known,
		.size = (uint32_t)args[SIZE],
		.tail = tail,
	};
}

static void check_info(struct run *run, const void *in, const void *out)
{
	const struct memrw_info *info = out;

	(void)in;
	if (info->abi_version != MEMRW_ABI_VERSION || info->access > MEMRW_ACCESS_CAPABLE ||
	    info->transfer_max != TRANSFER_MAX || info->page_size != ZONE_PAGE ||
	    !memchr(info->version, '\0', sizeof(info->version)))
		run_fail(run, "info: says something impossible");
}

long call_info(struct run *run, const uint64_t *args)
{
	struct memrw_info info = { .size = args[SIZE], .flags = args[FLAGS] };
	struct argument argument = argument_of(args, MEMRW_IOC_GET_INFO, &info, sizeof(info),
					       args[REST]);

	argument.check = check_info;
	return argument_call(run, &argument);
}

static void check_bound(struct run *run, const void *in, const void *out)
{
	const struct memrw_set_target *set = in;

	if (memcmp(in, out, sizeof(*set)))
		run_fail(run, "set_target: changed its struct");
	if (set->reserved || set->pid < 0 || set->pid == cast_pid(PID_DEAD) ||
	    set->pid == cast_pid(PID_KERNEL))
		run_fail(run, "set_target: bound what cannot be bound");
}

long call_set_target(struct run *run, const uint64_t *args)
{
	struct memrw_set_target set = {
		.size = args[SIZE],
		.flags = args[FLAGS],
		.pid = cast_pid(args[REST]),
		.reserved = args[REST + 1],
	};
	struct argument argument = argument_of(args, MEMRW_IOC_SET_TARGET, &set, sizeof(set),
					       args[REST + 2]);

	argument.input = true;
	argument.check = check_bound;
	return argument_call(run, &argument);
}

static void check_target(struct run *run, const void *in, const void *out)
{
	const struct memrw_get_target *target = out;

	(void)in;
	if (target->pid < 0 || target->state > MEMRW_TARGET_EXITED ||
	    target->transfer_flags & ~(MEMRW_FORCE | MEMRW_NO_POPULATE) || target->reserved ||
	    !memchr(target->comm, '\0', sizeof(target->comm)))
		run_fail(run, "get_target: says something impossible");
}

long call_get_target(struct run *run, const uint64_t *args)
{
	struct memrw_get_target target = {
		.size = args[SIZE],
		.flags = args[FLAGS],
		.reserved = args[REST],
	};
	struct argument argument = argument_of(args, MEMRW_IOC_GET_TARGET, &target,
					       sizeof(target), args[REST + 1]);

	argument.check = check_target;
	return argument_call(run, &argument);
}

static void check_transfer(struct run *run, const void *in, const void *out)
{
	const struct memrw_transfer *before = in, *after = out;

	if (after->done > after->length || after->done > TRANSFER_MAX)
		run_fail(run, "transfer: %llu bytes done of %llu", after->done, after->length);
	if (!after->done && before->length)
		run_fail(run, "transfer: succeeded with nothing done");
	if (after->address != before->address || after->buffer != before->buffer ||
	    after->length != before->length)
		run_fail(run, "transfer: changed its struct");
}

static long transfer(struct run *run, const uint64_t *args, unsigned int command)
{
	struct memrw_transfer transfer = {
		.size = args[SIZE],
		.flags = args[FLAGS],
		.address = args[REST],
		.buffer = args[REST + 1],
		.length = args[REST + 2],
		.done = 0x1234,
	};
	struct argument argument = argument_of(args, command, &transfer, sizeof(transfer),
					       args[REST + 3]);

	argument.check = check_transfer;
	guard_allow(command == MEMRW_IOC_READ ? transfer.buffer : transfer.address,
		    transfer.length);
	return argument_call(run, &argument);
}

long call_read_memory(struct run *run, const uint64_t *args)
{
	return transfer(run, args, MEMRW_IOC_READ);
}

long call_write_memory(struct run *run, const uint64_t *args)
{
	return transfer(run, args, MEMRW_IOC_WRITE);
}

static void check_batch(struct run *run, const void *in, const void *out)
{
	const struct memrw_batch *before = in, *after = out;

	if (after->done > before->count || (!after->done && before->count))
		run_fail(run, "batch: %u segments done of %u", after->done, before->count);
	batch_check_results(run, after);
}

static long batch(struct run *run, const uint64_t *args, unsigned int command)
{
	struct memrw_batch batch = {
		.size = args[SIZE],
		.flags = args[FLAGS],
		.segments = args[REST],
		.count = args[REST + 1],
		.done = 0x1234,
	};
	struct argument argument = argument_of(args, command, &batch, sizeof(batch),
					       args[REST + 2]);

	argument.check = check_batch;
	batch_allow(&batch, command == MEMRW_IOC_WRITEV);
	return argument_call(run, &argument);
}

long call_read_batch(struct run *run, const uint64_t *args)
{
	return batch(run, args, MEMRW_IOC_READV);
}

long call_write_batch(struct run *run, const uint64_t *args)
{
	return batch(run, args, MEMRW_IOC_WRITEV);
}

static void check_atomic(struct run *run, const void *in, const void *out)
{
	const struct memrw_atomic *before = in, *after = out;

	if (!before->width || before->width > 8 || before->width & (before->width - 1) ||
	    before->address % before->width || before->op > MEMRW_ATOMIC_COMPARE_EXCHANGE)
		run_fail(run, "atomic: did what it cannot do");
	else if (before->width < 8 && after->old >> (8 * before->width))
		run_fail(run, "atomic: an old word wider than itself");
	else if (before->op == MEMRW_ATOMIC_STORE && after->old)
		run_fail(run, "atomic: a store that tells");
}

long call_atomic(struct run *run, const uint64_t *args)
{
	struct memrw_atomic atomic = {
		.size = args[SIZE],
		.flags = args[FLAGS],
		.address = args[REST],
		.op = args[REST + 1],
		.width = args[REST + 2],
		.operand = args[REST + 3],
		.expected = args[REST + 4],
		.old = 0x1234,
	};
	struct argument argument = argument_of(args, MEMRW_IOC_ATOMIC, &atomic, sizeof(atomic),
					       args[REST + 5]);

	argument.check = check_atomic;
	guard_allow(atomic.address, sizeof(uint64_t));
	return argument_call(run, &argument);
}

static void check_region(struct run *run, const void *in, const void *out)
{
	const struct memrw_query_region *before = in, *after = out;

	if (after->start >= after->end || after->end <= before->address ||
	    after->start % ZONE_PAGE || after->end % ZONE_PAGE || after->properties > 15 ||
	    after->name_size > ZONE_PAGE)
		run_fail(run, "query_region: a region that cannot be");
	if (before->name && before->name_size && !memchr((void *)(uintptr_t)before->name, '\0',
							 before->name_size))
		run_fail(run, "query_region: a name without an end");
}

long call_query_region(struct run *run, const uint64_t *args)
{
	struct memrw_query_region region = {
		.size = args[SIZE],
		.flags = args[FLAGS],
		.address = args[REST],
		.name = args[REST + 1],
		.name_size = args[REST + 2],
	};
	struct argument argument = argument_of(args, MEMRW_IOC_QUERY_REGION, &region,
					       sizeof(region), args[REST + 3]);

	argument.check = check_region;
	guard_allow(region.name, region.name_size);
	return argument_call(run, &argument);
}

static void check_sync_window(struct run *run, const void *in, const void *out)
{
	const struct memrw_sync_window *asked = in, *sync = out;

	if (sync->stale > asked->length / ZONE_PAGE)
		run_fail(run, "sync_window: %llu of %llu pages are out of date",
			 (unsigned long long)sync->stale,
			 (unsigned long long)asked->length / ZONE_PAGE);
}

long call_sync_window(struct run *run, const uint64_t *args)
{
	struct memrw_sync_window sync = {
		.size = args[SIZE],
		.flags = args[FLAGS],
		.address = args[REST],
		.length = args[REST + 1] * ZONE_PAGE,
		.bitmap = args[REST + 2],
	};
	struct argument argument = argument_of(args, MEMRW_IOC_SYNC_WINDOW, &sync, sizeof(sync),
					       args[REST + 3]);

	argument.check = check_sync_window;
	guard_allow(sync.bitmap, sizeof(uint64_t));
	return argument_call(run, &argument);
}

static void check_raw(struct run *run, const void *in, const void *out)
{
	(void)run;
	(void)in;
	(void)out;
}

/*
 * Any words, to any command.  Of a command of ours that there is none of, the
 * errno is known; one of another's is also the VFS's.
 */
long call_raw(struct run *run, const uint64_t *args)
{
	unsigned int command = args[2];
	struct memrw_transfer words = {
		.size = args[3],
		.flags = args[4],
		.address = args[5],
		.buffer = args[6],
		.length = args[7],
		.done = args[8],
	};
	struct argument argument = {
		.slot = args[0],
		.place = args[1],
		.command = command,
		.content = &words,
		.known = sizeof(words),
		.size = words.size,
		.check = check_raw,
	};
	long ret;

	guard_allow_all();
	ret = argument_call(run, &argument);
	if (command >> 8 == MEMRW_IOC_TYPE && (command & 0xff) > _IOC_NR(MEMRW_IOC_SYNC_WINDOW) &&
	    ret != -ENOTTY && ret != -EBADF)
		run_fail(run, "raw: command %#x is none, and its errno %ld", command, -ret);
	return ret;
}
