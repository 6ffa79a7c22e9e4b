/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM memrw

#if !defined(MEMRW_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MEMRW_TRACE_H

#include <linux/tracepoint.h>

/*
 * Fields are numbers, never pointers of the kernel's: who reads events raw sees
 * them as they are.  They leave no bytes between them or behind them, in which
 * an older event would show through.
 */

/* @pid as the caller gave it, @uid the caller's real one, @result 0 or -errno. */
TRACE_EVENT(memrw_set_target,
	TP_PROTO(pid_t pid, uid_t uid, int result),
	TP_ARGS(pid, uid, result),
	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(uid_t, uid)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->pid = pid;
		__entry->uid = uid;
		__entry->result = result;
	),
	TP_printk("pid=%d uid=%u result=%d", __entry->pid, __entry->uid, __entry->result)
);

/* @address is the target's; @done the bytes moved, or -errno. */
TRACE_EVENT(memrw_transfer,
	TP_PROTO(bool write, unsigned long address, size_t length, ssize_t done),
	TP_ARGS(write, address, length, done),
	TP_STRUCT__entry(
		__field(unsigned long, write)
		__field(unsigned long, address)
		__field(size_t, length)
		__field(ssize_t, done)
	),
	TP_fast_assign(
		__entry->write = write;
		__entry->address = address;
		__entry->length = length;
		__entry->done = done;
	),
	TP_printk("direction=%s address=0x%lx length=%zu done=%zd",
		  __entry->write ? "write" : "read", __entry->address, __entry->length,
		  __entry->done)
);

/* @count as the caller gave it; @done of the segments, or -errno. */
TRACE_EVENT(memrw_batch,
	TP_PROTO(bool write, unsigned int count, ssize_t done),
	TP_ARGS(write, count, done),
	TP_STRUCT__entry(
		__field(unsigned int, write)
		__field(unsigned int, count)
		__field(ssize_t, done)
	),
	TP_fast_assign(
		__entry->write = write;
		__entry->count = count;
		__entry->done = done;
	),
	TP_printk("direction=%s count=%u done=%zd", __entry->write ? "write" : "read",
		  __entry->count, __entry->done)
);

/* @op is an enum memrw_atomic_op, @width in bytes, @result 0 or -errno. */
TRACE_EVENT(memrw_atomic,
	TP_PROTO(unsigned int op, unsigned long address, unsigned int width, int result),
	TP_ARGS(op, address, width, result),
	TP_STRUCT__entry(
		__field(unsigned int, op)
		__field(unsigned int, width)
		__field(unsigned long, address)
		__field(long, result)
	),
	TP_fast_assign(
		__entry->op = op;
		__entry->address = address;
		__entry->width = width;
		__entry->result = result;
	),
	TP_printk("op=%u address=0x%lx width=%u result=%ld", __entry->op, __entry->address,
		  __entry->width, __entry->result)
);

/* @type is an enum memrw_watch_type, @result a descriptor or -errno. */
TRACE_EVENT(memrw_watch,
	TP_PROTO(unsigned int type, unsigned long address, unsigned int length, int result),
	TP_ARGS(type, address, length, result),
	TP_STRUCT__entry(
		__field(unsigned int, type)
		__field(unsigned int, length)
		__field(unsigned long, address)
		__field(long, result)
	),
	TP_fast_assign(
		__entry->type = type;
		__entry->length = length;
		__entry->address = address;
		__entry->result = result;
	),
	TP_printk("type=%u address=0x%lx length=%u result=%ld", __entry->type,
		  __entry->address, __entry->length, __entry->result)
);

#endif /* MEMRW_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
