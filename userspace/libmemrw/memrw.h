/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libmemrw: read and write the memory of another process.
 *
 * The library has two backends behind one interface: the driver
 * (/dev/memrw), and procfs (process_vm_readv(2), /proc/PID/mem,
 * /proc/PID/maps), which needs nothing installed but obeys the usual
 * ptrace(2) rules.
 *
 * Conventions.  Functions return NULL or -1 with errno set on failure.  What
 * an _open() returned is given back with the _close() of the same noun; a
 * _close() takes NULL.  Functions on different objects may be called from
 * different threads at once.  On one struct memrw_target, reads, writes,
 * atomic operations and state queries may be called from several threads at once; its _close() may
 * not be called while another call on it is under way.  Any other object is
 * for one thread at a time.  No function changes signal handling, the locale
 * or the working directory, or prints.
 *
 * errno, whichever backend answers: ESRCH no such process, or the target has
 * exited; ESTALE the target replaced its address space with execve(2), open
 * it again; EPERM the access policy (or ptrace's) refuses; EACCES the target
 * was opened for reading only, or the device node may not be opened; EIO the
 * target's memory there is not mapped or not accessible; EFAULT the caller's
 * own buffer is bad; EINVAL a bad argument; ENOTSUP this backend cannot do
 * it; ENOENT, ENXIO (driver backend) no device node, or no driver behind it.
 */
#ifndef MEMRW_H
#define MEMRW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Targets (memrw_target_open(3))
 */

/** struct memrw_target - the address space of one process, opened */
struct memrw_target;

/**
 * enum memrw_backend - what carries out the transfers
 * @MEMRW_BACKEND_AUTO: the driver where it can be used for this process, else
 *	procfs; memrw_target_backend() and memrw_target_fallback_reason() tell
 * @MEMRW_BACKEND_DRIVER: /dev/memrw or nothing
 * @MEMRW_BACKEND_PROCFS: process_vm_readv(2) and /proc/PID/mem or nothing
 */
enum memrw_backend {
	MEMRW_BACKEND_AUTO,
	MEMRW_BACKEND_DRIVER,
	MEMRW_BACKEND_PROCFS,
};

/* Flags of memrw_target_open(). */
#define MEMRW_OPEN_READ_ONLY	(1U << 0)	/* what would write gives EACCES */

/*
 * Flags of a transfer; the values are those of <linux/memrw.h>.
 * FORCE ignores page protection, as a debugger does.  NO_POPULATE reads
 * anonymous memory that the target never touched as zeros without making the
 * target grow; on procfs, that is private memory alone, and ENOTSUP where the
 * kernel has no /proc/PID/pagemap.
 */
#define MEMRW_FORCE		(1U << 0)
#define MEMRW_NO_POPULATE	(1U << 1)

/**
 * enum memrw_state - what became of a target
 * @MEMRW_STATE_BOUND: the process still runs in the memory that was opened
 * @MEMRW_STATE_EXECED: it replaced its memory with execve(2)
 * @MEMRW_STATE_EXITED: it has exited
 */
enum memrw_state {
	MEMRW_STATE_BOUND,
	MEMRW_STATE_EXECED,
	MEMRW_STATE_EXITED,
};

/**
 * memrw_target_open() - open the memory of a process
 * @pid: the process, in the caller's pid namespace
 * @backend: which backend
 * @flags: MEMRW_OPEN_*
 *
 * The process is held by a pidfd while it is bound, and is confirmed to be
 * alive after, so that a reused pid is never opened.
 *
 * Return: the target, to be given back with memrw_target_close(); NULL with
 * errno on failure: EINVAL for what is not a process (a thread of one, a
 * kernel thread) and for bad arguments.  The driver backend also fails as
 * open(2) of the node does: ENOENT, EACCES, ENXIO.
 */
struct memrw_target *memrw_target_open(pid_t pid, enum memrw_backend backend,
				       unsigned int flags);

/** memrw_target_close() - close a target; NULL is fine; keeps errno */
void memrw_target_close(struct memrw_target *target);

/** memrw_target_pid() - the pid that the target was opened by */
pid_t memrw_target_pid(const struct memrw_target *target);

/**
 * memrw_target_comm() - the name of the process when it was opened
 *
 * Return: as in /proc/PID/comm; lives as long as the target.
 */
const char *memrw_target_comm(const struct memrw_target *target);

/** memrw_target_backend() - the backend in use, never MEMRW_BACKEND_AUTO */
enum memrw_backend memrw_target_backend(const struct memrw_target *target);

/** memrw_backend_name() - "auto", "driver" or "procfs"; "?" for no backend */
const char *memrw_backend_name(enum memrw_backend backend);

/**
 * memrw_target_fallback_reason() - why AUTO did not take the driver
 *
 * Return: an errno value, that of opening the target on the driver; 0 where
 * the driver is in use or AUTO was not asked for.
 */
int memrw_target_fallback_reason(const struct memrw_target *target);

/**
 * memrw_target_state() - what became of the target
 * @target: the target
 * @state: out
 *
 * Return: 0, or -1 with errno.
 */
int memrw_target_state(struct memrw_target *target, enum memrw_state *state);

/**
 * memrw_target_read() - read the target's memory
 * @target: the target
 * @address: where, in the target
 * @buffer: where to
 * @length: bytes
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 *
 * An aligned read of 1, 2, 4 or 8 bytes never tears on the driver backend.
 *
 * Return: the bytes read, always from the start; less than @length when the
 * memory behind them cannot be read (a call for the rest then tells why); -1
 * with errno when not one byte could be.
 */
ssize_t memrw_target_read(struct memrw_target *target, uint64_t address,
			  void *buffer, size_t length, unsigned int flags);

/**
 * memrw_target_write() - write the target's memory
 * @target: the target
 * @address: where, in the target
 * @buffer: where from
 * @length: bytes
 * @flags: MEMRW_FORCE
 *
 * Return: as memrw_target_read(); EACCES if it was opened for reading only.
 */
ssize_t memrw_target_write(struct memrw_target *target, uint64_t address,
			   const void *buffer, size_t length,
			   unsigned int flags);

/*
 * Batches (memrw_target_readv(3))
 */

/**
 * struct memrw_target_segment - one transfer of a batch
 * @address: where, in the target
 * @buffer: where to, or where from
 * @length: bytes
 * @result: out: the bytes moved, always from the start; if there were none, a
 *	negative errno: -EIO, -EFAULT or -ENOMEM.  0 for a @length of 0.
 */
struct memrw_target_segment {
	uint64_t address;
	void *buffer;
	size_t length;
	ssize_t result;
};

/**
 * memrw_target_readv() - read many places of the target's memory
 * @target: the target
 * @segments: the places; each gets a result
 * @count: of them, as many as one likes
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE, for every segment
 *
 * One segment after another, each as memrw_target_read() would: one that
 * fails, wholly or in part, costs no other.  Where the driver can, it is one
 * call of it.
 *
 * Return: the segments that have a result, always from the start; less than
 * @count when a signal arrived or the target is no more (a call for the rest
 * then goes on, or tells why); -1 with errno when not one has.
 */
ssize_t memrw_target_readv(struct memrw_target *target,
			   struct memrw_target_segment *segments, size_t count,
			   unsigned int flags);

/**
 * memrw_target_writev() - write many places of the target's memory
 * @target: the target
 * @segments: the places; each gets a result
 * @count: of them, as many as one likes
 * @flags: MEMRW_FORCE, for every segment
 *
 * Return: as memrw_target_readv(); EACCES if it was opened for reading only.
 */
ssize_t memrw_target_writev(struct memrw_target *target,
			    struct memrw_target_segment *segments, size_t count,
			    unsigned int flags);

/*
 * Atomic operations (memrw_target_atomic(3))
 */

/**
 * enum memrw_op - what memrw_target_atomic() does to a word
 * @MEMRW_OP_LOAD: nothing: reads it
 * @MEMRW_OP_STORE: replaces it by the operand
 * @MEMRW_OP_EXCHANGE: the same, and tells what was there
 * @MEMRW_OP_ADD: adds the operand to it, modulo 2 to the power of its bits
 * @MEMRW_OP_COMPARE_EXCHANGE: replaces it by the operand if it is the one
 *	expected
 */
enum memrw_op {
	MEMRW_OP_LOAD,
	MEMRW_OP_STORE,
	MEMRW_OP_EXCHANGE,
	MEMRW_OP_ADD,
	MEMRW_OP_COMPARE_EXCHANGE,
};

/**
 * struct memrw_target_word - a word of the target, for an atomic operation
 * @address: where, in the target: a multiple of @width
 * @width: bytes: 1, 2, 4 or 8
 * @operand: see enum memrw_op; only the low @width bytes count
 * @expected: likewise, for MEMRW_OP_COMPARE_EXCHANGE alone
 * @old: out: the word as it was before, zero-extended; 0 after MEMRW_OP_STORE
 */
struct memrw_target_word {
	uint64_t address;
	size_t width;
	uint64_t operand;
	uint64_t expected;
	uint64_t old;
};

/**
 * memrw_target_atomic() - one access to a word that no other comes between
 * @target: the target
 * @op: what to do
 * @word: the word
 * @flags: MEMRW_FORCE; MEMRW_NO_POPULATE for MEMRW_OP_LOAD
 *
 * Atomic with what the target's own program does to the word by atomic
 * operations, and sequentially consistent.  A compare-and-exchange took place
 * if @word->old is what was expected.
 *
 * Return: 0, or -1 with errno: ENOTSUP on procfs, which has nothing like it;
 * EACCES for all but MEMRW_OP_LOAD if the target was opened for reading only.
 */
int memrw_target_atomic(struct memrw_target *target, enum memrw_op op,
			struct memrw_target_word *word, unsigned int flags);

/*
 * Windows (memrw_window_open(3))
 */

/**
 * struct memrw_window - memory of the target, mapped into the caller: what the one
 *	stores, the other sees at once
 */
struct memrw_window;

/* Flags of memrw_window_open(). */
#define MEMRW_WINDOW_WRITE	(1U << 0)	/* to store, too */
#define MEMRW_WINDOW_ALL	(1U << 1)	/* all pages are pinned now, or it fails */

/**
 * memrw_window_open() - map memory of the target
 * @target: the target, which must stay open for as long as the window
 * @address: where, in the target
 * @length: bytes, not 0
 * @flags: MEMRW_WINDOW_*
 *
 * Of @address and @length there is no more to heed: the pages that they touch are
 * mapped.  A page is pinned when it is touched first; it counts against the caller's
 * RLIMIT_MEMLOCK until the window is closed.  One that the target has not got, or
 * that may not be accessed there, ends in SIGBUS when it is touched, but not in
 * memrw_window_read().
 *
 * With MEMRW_WINDOW_ALL every page is pinned before this returns: no access ends in
 * SIGBUS until memrw_window_sync() lets go of a page.  (With MEMRW_WINDOW_WRITE that
 * needs Linux 5.18: before, it is only loads that never do; a store does if the
 * target has taken the memory away before the page's first store.)
 *
 * Return: the window, to be given back with memrw_window_close(); NULL with errno:
 * ENOTSUP on procfs, and on a driver without windows; EAGAIN the length is over what
 * RLIMIT_MEMLOCK leaves; EACCES a window to store through, of a target opened for
 * reading only; EIO (MEMRW_WINDOW_ALL) the target has not got all of the memory;
 * ESRCH, ESTALE; EINVAL a bad flag or length, a range past the last address, or the
 * memory is the caller's own; ENOMEM.
 */
struct memrw_window *memrw_window_open(struct memrw_target *target, uint64_t address,
				       size_t length, unsigned int flags);

/**
 * memrw_window_data() - the memory
 *
 * Return: where the byte at the @address given to memrw_window_open() is; to be
 * accessed by any thread, until the window is closed.
 */
void *memrw_window_data(const struct memrw_window *window);

/** memrw_window_pages() - how many pages there are, of sysconf(_SC_PAGESIZE) bytes */
size_t memrw_window_pages(const struct memrw_window *window);

/**
 * memrw_window_read() - copy memory out of the window, without a SIGBUS
 * @window: the window
 * @offset: from the @address given to memrw_window_open()
 * @buffer: where to
 * @length: bytes; @offset and @length are within the window's
 *
 * Takes a system call for a page that is read the first time since the window was
 * opened, or since pages were let go of, and none for any other.  1, 2, 4 or 8
 * bytes at an address that is a multiple of their number are one load: they never tear.
 *
 * Return: the bytes copied, always from the start; less than @length where the
 * target has no memory behind them; -1 with errno when not one byte could be: EIO
 * the target's memory there is not mapped or not accessible; EAGAIN the page is
 * there, but cannot be pinned, for RLIMIT_MEMLOCK or else; ESRCH, ESTALE; EINVAL past
 * the window's end.
 */
ssize_t memrw_window_read(struct memrw_window *window, size_t offset,
			  void *buffer, size_t length);

/* Flags of memrw_window_sync(); the value is that of <linux/memrw.h>. */
#define MEMRW_SYNC_KEEP		(1U << 0)	/* tell only; the pages stay as they are */

/**
 * memrw_window_sync() - find pages that are out of date, and let go of them
 * @window: the window
 * @bitmap: out: a bit for each page, the first one's the lowest of the first word;
 *	(memrw_window_pages() + 63) / 64 words; or NULL
 * @flags: MEMRW_SYNC_KEEP
 *
 * When the target unmaps or replaces memory, the window still shows what was there:
 * such a page is out of date.  What is let go of is, touched next, what the target
 * has there then.
 *
 * Return: how many pages were out of date; -1 with errno: ESRCH, ESTALE the target is
 * no more, and the window stays as its memory was at the end; EINTR, ENOMEM.
 */
ssize_t memrw_window_sync(struct memrw_window *window, uint64_t *bitmap,
			  unsigned int flags);

/** memrw_window_close() - unmap and free it; NULL is fine; keeps errno */
void memrw_window_close(struct memrw_window *window);

/*
 * Watches (memrw_watch_open(3))
 */

/**
 * struct memrw_watch - a hardware watchpoint or breakpoint on all of a target's threads,
 *	which neither traces nor stops it
 */
struct memrw_watch;

/**
 * enum memrw_watch_kind - which accesses a watch is for
 * @MEMRW_WATCH_WRITE: stores
 * @MEMRW_WATCH_READ_WRITE: loads and stores
 * @MEMRW_WATCH_EXECUTE: execution of the instruction at the address
 */
enum memrw_watch_kind {
	MEMRW_WATCH_WRITE = 1,
	MEMRW_WATCH_READ_WRITE = 3,
	MEMRW_WATCH_EXECUTE = 4,
};

/**
 * enum memrw_watch_test - which values a watch is for
 * @MEMRW_WATCH_IF_ANY: all
 * @MEMRW_WATCH_IF_EQUAL: when the value is the operand
 * @MEMRW_WATCH_IF_CROSS: when the value was less than the operand and is no longer, or
 *	the other way round
 */
enum memrw_watch_test {
	MEMRW_WATCH_IF_ANY = 0,
	MEMRW_WATCH_IF_EQUAL = 1,
	MEMRW_WATCH_IF_CROSS = 2,
};

/* Flags of struct memrw_watch_filter; the values are those of <linux/memrw.h>. */
#define MEMRW_WATCH_CHANGED	(1U << 0)	/* only when the value is another than before */
#define MEMRW_WATCH_ONCE_PER_IP	(1U << 1)	/* only the first hit of each instruction */
#define MEMRW_WATCH_STOP	(1U << 2)	/* stop the target (SIGSTOP) at each hit */
#define MEMRW_WATCH_SIGNED	(1U << 3)	/* numbers have a sign, for IF_CROSS */

/**
 * struct memrw_watch_filter - which hits are wanted; all of it 0: all hits
 * @flags: MEMRW_WATCH_*
 * @test: an enum memrw_watch_test
 * @operand: of @test; 0 without
 * @ip_first: only instructions from this address
 * @ip_last: to this one; both 0 for all.  As @ip of struct memrw_hit.
 * @every: of the hits that pass all of the above, only each @every-th; 0 is as 1
 * @limit: the watch ends after so many hits; 0 for no limit
 * @capacity: how many hits wait for being read before more are dropped, on procfs for
 *	each processor; 0 for 1024 (procfs: 128), at most 65536
 */
struct memrw_watch_filter {
	unsigned int flags;
	enum memrw_watch_test test;
	uint64_t operand;
	uint64_t ip_first;
	uint64_t ip_last;
	uint64_t limit;
	uint32_t every;
	uint32_t capacity;
};

/* Flags of struct memrw_hit; the values are those of <linux/memrw.h>. */
#define MEMRW_HIT_KERNEL	(1U << 0)	/* the kernel's access, in a system call */
#define MEMRW_HIT_NO_VALUE	(1U << 1)	/* before and value are not known */

#define MEMRW_HIT_REGISTERS	40
#define MEMRW_HIT_CALLERS	16

/**
 * struct memrw_hit - one time that a watch fired
 * @flags: MEMRW_HIT_*
 * @tid: of the thread
 * @time: of CLOCK_MONOTONIC, ns
 * @lost: hits that were dropped since the one before, for lack of room; on procfs, where
 *	a processor's are told of with its next hit or at the end
 * @ip: the address behind the instruction that made the access (on arm64, and of
 *	MEMRW_WATCH_EXECUTE: the instruction itself); with MEMRW_HIT_KERNEL where the
 *	thread goes on after the system call
 * @before: the value at the hit before this one, or when the watch was set
 * @value: the value after the access, zero-extended
 * @architecture: an AUDIT_ARCH_* of <linux/audit.h>, by which the thread runs; 0 where it
 *	is not known (procfs, neither x86 nor arm64)
 * @nr_registers: how many of @registers there are
 * @nr_callers: how many of @callers there are
 * @registers: in the order of <asm/perf_regs.h> for that architecture
 * @callers: return addresses, innermost first, as far as there are frame pointers to be
 *	followed
 */
struct memrw_hit {
	unsigned int flags;
	pid_t tid;
	int64_t time;
	uint64_t lost;
	uint64_t ip;
	uint64_t before;
	uint64_t value;
	uint32_t architecture;
	uint32_t nr_registers;
	uint32_t nr_callers;
	uint64_t registers[MEMRW_HIT_REGISTERS];
	uint64_t callers[MEMRW_HIT_CALLERS];
};

/**
 * enum memrw_watch_ending - why a watch has ended
 * @MEMRW_ENDING_NONE: it has not, or its hits have not all been read yet
 * @MEMRW_ENDING_LIMIT: after as many hits as were asked for
 * @MEMRW_ENDING_EXECED: the target has replaced its memory with execve(2)
 * @MEMRW_ENDING_EXITED: the target has exited
 */
enum memrw_watch_ending {
	MEMRW_ENDING_NONE = 0,
	MEMRW_ENDING_LIMIT = 1,
	MEMRW_ENDING_EXECED = 2,
	MEMRW_ENDING_EXITED = 3,
};

/**
 * memrw_watch_open() - watch memory of the target, or an instruction
 * @target: the target; it may be closed before the watch
 * @address: where, in the target: a multiple of @length
 * @length: bytes: 1, 2, 4 or 8; 1 for MEMRW_WATCH_EXECUTE
 * @kind: which accesses
 * @filter: which of the hits, or NULL for all
 *
 * On the driver backend this needs x86-64.  On procfs it is perf_event_open(2), and
 * obeys /proc/sys/kernel/perf_event_paranoid; the value is not known there
 * (MEMRW_HIT_NO_VALUE), so that what tests it is ENOTSUP, and so is
 * MEMRW_WATCH_STOP; an execve(2) is seen as the end, like on the driver.  What the kernel
 * accesses for the target does not hit there, and the filter works in
 * memrw_watch_read(): what it keeps back takes room, counts as lost when there is none,
 * and the limit is reached when it is read.  It takes a descriptor for each thread on
 * each processor.
 *
 * Return: the watch, to be given back with memrw_watch_close(); NULL with errno: ENOSPC
 * all debug registers of some thread are in use; EACCES MEMRW_WATCH_STOP of a target
 * opened for reading only; EPERM (procfs) the kernel does not let the caller; EAGAIN
 * (procfs) the capacity is more than perf_event_mlock_kb and RLIMIT_MEMLOCK leave; EIO no
 * address of a program's; EINVAL a bad argument; ENOTSUP; ESRCH, ESTALE; EMFILE, ENOMEM.
 */
struct memrw_watch *memrw_watch_open(struct memrw_target *target, uint64_t address,
				     size_t length, enum memrw_watch_kind kind,
				     const struct memrw_watch_filter *filter);

/**
 * memrw_watch_fd() - for a poll(2) of the caller's own
 *
 * Return: a descriptor that is readable when memrw_watch_read() need not wait; the
 * watch's: only to be polled.  On procfs it tells of a hit once: who has seen it readable
 * calls memrw_watch_read() before polling again.
 */
int memrw_watch_fd(const struct memrw_watch *watch);

/**
 * memrw_watch_read() - take hits
 * @watch: the watch
 * @hits: out: in the order of their times
 * @count: how many there is room for, not 0
 * @timeout: how long to wait for the first, ms; 0 not at all, -1 without an end
 *
 * Return: how many hits; 0 the watch has ended, and memrw_watch_ending() says why; -1
 * with errno: EAGAIN there was none in that time; EINTR.
 */
ssize_t memrw_watch_read(struct memrw_watch *watch, struct memrw_hit *hits,
			 size_t count, int timeout);

/**
 * memrw_watch_ending() - why memrw_watch_read() has returned 0
 * @watch: the watch
 * @lost: out: hits that were dropped after the last one that was read; or NULL
 */
enum memrw_watch_ending memrw_watch_ending(const struct memrw_watch *watch,
					   uint64_t *lost);

/** memrw_watch_close() - end and free it; NULL is fine; keeps errno */
void memrw_watch_close(struct memrw_watch *watch);

/*
 * Regions (memrw_region_iter_open(3))
 */

#define MEMRW_REGION_READ	(1U << 0)
#define MEMRW_REGION_WRITE	(1U << 1)
#define MEMRW_REGION_EXEC	(1U << 2)
#define MEMRW_REGION_SHARED	(1U << 3)	/* else private: copied on write */

/**
 * struct memrw_region - one mapping of the target, as /proc/PID/maps has it
 * @start: the first address
 * @end: the address behind the last
 * @properties: MEMRW_REGION_* bits
 * @device_major: of the file's filesystem; 0 without a file
 * @device_minor: likewise
 * @offset: of @start in the file, bytes
 * @inode: of the file; 0 without one
 * @name: a path, "[heap]", "[stack]", "[anon:NAME]" and the like; "" for none
 */
struct memrw_region {
	uint64_t start;
	uint64_t end;
	uint32_t properties;
	uint32_t device_major;
	uint32_t device_minor;
	uint64_t offset;
	uint64_t inode;
	const char *name;
};

/** struct memrw_region_iter - a walk over the regions of a target */
struct memrw_region_iter;

/**
 * memrw_region_iter_open() - begin a walk over the target's regions
 *
 * The target must stay open for as long as the walk.  A target that runs may
 * change its regions meanwhile: each is given at most once, in rising order,
 * as it was when the walk reached it (driver) or began (procfs).
 */
struct memrw_region_iter *memrw_region_iter_open(struct memrw_target *target);

/**
 * memrw_region_iter_next() - the next region
 * @iter: the walk
 * @region: out; its name lives until the next call on @iter
 *
 * Return: 1, or 0 after the last region, or -1 with errno.
 */
int memrw_region_iter_next(struct memrw_region_iter *iter,
			   struct memrw_region *region);

/** memrw_region_iter_close() - end a walk; NULL is fine; keeps errno */
void memrw_region_iter_close(struct memrw_region_iter *iter);

/*
 * Addresses (memrw_address_resolve(3))
 */

/**
 * memrw_address_resolve() - turn a user's address into a number
 * @target: the target
 * @text: terms with "+" or "-" between them, each of which is a number
 *	(decimal, 0x, 0); a MODULE (the file name or the path of a mapped file:
 *	its lowest region); "[heap]" or any other bracketed name of the
 *	kernel's; SYMBOL, an ELF function or object of the executable;
 *	MODULE:SYMBOL; or an expression in brackets, which stands for the
 *	pointer at that address.  A symbol goes before a module of the same
 *	file name, which can still be given by its path.
 * @address: out; untouched on failure
 *
 * Return: 0, or -1 with errno: EINVAL @text is malformed, ENOENT no such
 * module or symbol, ENOTUNIQ several of that name, ERANGE past 64 bits or
 * below 0, EIO a pointer that cannot be read, or as memrw_region_iter_next()
 * and memrw_target_read(); memrw_address_error() has the sentence for a
 * person.
 */
int memrw_address_resolve(struct memrw_target *target, const char *text,
			  uint64_t *address);

/**
 * struct memrw_address_text - one of many addresses
 * @text: as for memrw_address_resolve()
 * @address: out; 0 where there is an @error
 * @error: out: 0, or the errno that memrw_address_resolve() would give
 */
struct memrw_address_text {
	const char *text;
	uint64_t address;
	int error;
};

/**
 * memrw_address_resolve_all() - turn many addresses into numbers
 * @target: the target
 * @texts: the addresses; each gets a result
 * @count: of them
 *
 * The target's regions are listed once, so that this takes a fraction of the
 * time of as many calls of memrw_address_resolve().
 *
 * Return: how many have no error, or -1 with errno where none was tried.
 */
ssize_t memrw_address_resolve_all(struct memrw_target *target,
				  struct memrw_address_text *texts, size_t count);

/**
 * memrw_address_error() - what was wrong with the address, for a person
 *
 * Return: the sentence of the calling thread's last failed
 * memrw_address_resolve(); "" where there was none.
 */
const char *memrw_address_error(void);

/**
 * memrw_address_error_position() - where in the address it was
 *
 * Return: the bytes of the text before what memrw_address_error() is about:
 * its length where something is missing at the end; 0 where there was no
 * failure.
 */
size_t memrw_address_error_position(void);

/**
 * memrw_address_symbol() - the function or object that an address is in
 * @target: the target
 * @address: the address
 * @start: out: where that begins; untouched on failure
 *
 * Of the file that is mapped there, by its ELF symbol tables.
 *
 * Return: the name, as memrw_address_resolve() takes it behind "MODULE:", to be freed
 * with free(3); NULL with errno: ENOENT there is none, ENOEXEC what is mapped there is
 * no ELF file, or cannot be found, or as memrw_region_iter_next() and open(2).
 */
char *memrw_address_symbol(struct memrw_target *target, uint64_t address, uint64_t *start);

/*
 * Chains of pointers (memrw_pointers_find(3))
 */

#define MEMRW_POINTERS_DEPTH_MAX	16

/**
 * struct memrw_pointers_query - the chains that are looked for
 * @address: where they are to end
 * @max_offset: the most that is added to a pointer, bytes
 * @depth: the most pointers in a chain: 1 to MEMRW_POINTERS_DEPTH_MAX
 * @limit: the most chains
 */
struct memrw_pointers_query {
	uint64_t address;
	uint64_t max_offset;
	unsigned int depth;
	size_t limit;
};

/** struct memrw_pointers - the chains that were found */
struct memrw_pointers;

/**
 * memrw_pointers_find() - find what leads from the memory of modules to an
 *	address
 * @target: the target
 * @query: the address, and bounds
 *
 * A chain begins in a module's data or bss, which has the same place in the
 * module each time that the program runs, and follows pointers: aligned
 * values, in writable memory, that are addresses of mapped memory.  The
 * memory is read once while the target runs on: a chain is what was seen, and
 * memrw_address_resolve() tells whether it holds.
 *
 * Return: to be given back with memrw_pointers_close(); NULL with errno:
 * EINVAL a bad depth, ENOMEM (16 bytes for each pointer of the target, and as
 * many while they are sorted), or as memrw_region_iter_next().
 */
struct memrw_pointers *memrw_pointers_find(struct memrw_target *target,
					   const struct memrw_pointers_query *query);

/** memrw_pointers_count() - how many were found */
size_t memrw_pointers_count(const struct memrw_pointers *pointers);

/**
 * memrw_pointers_text() - a chain, as memrw_address_resolve() takes it
 *
 * The shortest are first.
 *
 * Return: "[[MODULE+0x10]+0x8]+0x4" and the like, which lives as long as
 * @pointers; NULL past the last one.
 */
const char *memrw_pointers_text(const struct memrw_pointers *pointers, size_t i);

/**
 * memrw_pointers_complete() - are those all the chains of the query?
 *
 * Return: false where there are more than its limit, or more ways to try than
 * some seconds are enough for.
 */
bool memrw_pointers_complete(const struct memrw_pointers *pointers);

/** memrw_pointers_close() - free them; NULL is fine; keeps errno */
void memrw_pointers_close(struct memrw_pointers *pointers);

/*
 * Processes (memrw_process_find(3))
 */

/**
 * memrw_process_find() - the pids of the processes of a name
 * @name: as in /proc/PID/comm (cut to 15 bytes there: a longer name is
 *	compared with the file name of the executable)
 * @pids: out: the pids, rising; to be freed with free(3)
 *
 * The calling process is left out, and so are zombies, which have no memory.
 *
 * Return: how many (0: none, and *@pids is NULL), or -1 with errno.
 */
ssize_t memrw_process_find(const char *name, pid_t **pids);

/*
 * Typed values (memrw_value_parse(3)): pure functions over buffers
 */

enum memrw_type {
	MEMRW_TYPE_I8,
	MEMRW_TYPE_U8,
	MEMRW_TYPE_I16,
	MEMRW_TYPE_U16,
	MEMRW_TYPE_I32,
	MEMRW_TYPE_U32,
	MEMRW_TYPE_I64,
	MEMRW_TYPE_U64,
	MEMRW_TYPE_F32,
	MEMRW_TYPE_F64,
	MEMRW_TYPE_PTR,		/* 8 bytes; shown in hexadecimal */
	MEMRW_TYPE_STR,		/* bytes up to a NUL */
};

/** memrw_type_parse() - the type of a name such as "u32"; EINVAL if none */
int memrw_type_parse(const char *name, enum memrw_type *type);

/** memrw_type_name() - "u32" and so on; NULL with EINVAL for no type */
const char *memrw_type_name(enum memrw_type type);

/** memrw_type_size() - bytes in a value of the type; 0 for MEMRW_TYPE_STR */
size_t memrw_type_size(enum memrw_type type);

/**
 * memrw_value_parse() - encode a value from text, in the machine's byte order
 * @type: the type
 * @text: the value: a number (decimal, 0x, 0 octal; floating point as
 *	strtod(3) in the C locale, with all bits of the mantissa in
 *	"nan(0x...)"), or for MEMRW_TYPE_STR the bytes themselves
 * @buffer: out: the bytes; for MEMRW_TYPE_STR without a closing NUL
 * @size: bytes in @buffer
 *
 * Return: bytes used, or -1 with errno: EINVAL not such a value, ERANGE it
 * does not fit the type, ENOBUFS it does not fit the buffer.
 */
ssize_t memrw_value_parse(enum memrw_type type, const char *text,
			  void *buffer, size_t size);

/**
 * memrw_value_format() - a value as text, such that parsing it gives the same
 *	bytes back
 * @type: the type; MEMRW_TYPE_STR is not a number and gives EINVAL
 * @value: memrw_type_size() bytes; need not be aligned
 * @text: out: the text, NUL-terminated
 * @size: bytes in @text; 32 are enough for every type
 *
 * Return: the text's length, or -1 with errno (ENOBUFS).
 */
int memrw_value_format(enum memrw_type type, const void *value, char *text,
		       size_t size);

/**
 * memrw_hex_parse() - bytes from hexadecimal text such as "de ad be ef"
 * @text: pairs of digits; white space between pairs is fine
 * @buffer: out: the bytes
 * @size: bytes in @buffer
 *
 * Return: bytes, or -1 with errno: EINVAL not hexadecimal, or half a pair;
 * ENOBUFS.
 */
ssize_t memrw_hex_parse(const char *text, void *buffer, size_t size);

/*
 * Which regions (memrw_region_filter_open(3))
 */

/** struct memrw_region_filter - a choice of regions; without a term, all */
struct memrw_region_filter;

/** memrw_region_filter_open() - a filter without terms; NULL with ENOMEM */
struct memrw_region_filter *memrw_region_filter_open(void);

/** memrw_region_filter_close() - free a filter; NULL is fine; keeps errno */
void memrw_region_filter_close(struct memrw_region_filter *filter);

/**
 * memrw_region_filter_add() - one more term
 * @filter: the filter
 * @term: what it must be: "readable", "writable", "executable", "private",
 *	"shared" or "no-file" (all of those that were added); where it must
 *	be: "heap", "stack", "module=NAME" with the file name or the path of
 *	a mapped file (any of those that were added); or which part of it is
 *	taken, "START-END" in numbers, END being the address behind the last
 *	(any of those that were added)
 *
 * Return: 0, or -1 with errno: EINVAL no such term, ENOMEM.
 */
int memrw_region_filter_add(struct memrw_region_filter *filter, const char *term);

/**
 * memrw_region_filter_accepts() - is any part of a region taken?
 *
 * The data that a module has without a file behind it (.bss) is of the
 * module for a scan, which sees the region before it, but not here.
 */
bool memrw_region_filter_accepts(const struct memrw_region_filter *filter,
				 const struct memrw_region *region);

/*
 * Scans (memrw_scan_open(3))
 */

/**
 * struct memrw_scan - one search in one target: its settings, its matches, the
 *	matches before, and snapshots
 *
 * Several scans may be open on one target, each used by a thread of its own.
 * The target must stay open for as long as the scan.
 */
struct memrw_scan;

/*
 * Types of value, as bits.  A scan for several numeric types at once keeps an
 * address for as long as it matches as one of them.
 */
#define MEMRW_SCAN_TYPE(type)	(1U << (type))	/* of an enum memrw_type */
#define MEMRW_SCAN_ANY_INT	0xffU		/* i8 to u64 */
#define MEMRW_SCAN_ANY_NUMBER	0x3ffU		/* and f32, f64 */
#define MEMRW_SCAN_STR		MEMRW_SCAN_TYPE(MEMRW_TYPE_STR)	/* UTF-8 */
#define MEMRW_SCAN_STR16	(1U << 16)	/* UTF-16 */
#define MEMRW_SCAN_BYTES	(1U << 17)	/* a pattern: "de ?? 4? ?f" */

/** The longest string or pattern, in bytes of the target. */
#define MEMRW_SCAN_LENGTH_MAX	4096

/**
 * memrw_scan_types_parse() - the types of a name
 * @name: that of an enum memrw_type, "int" (MEMRW_SCAN_ANY_INT), "number"
 *	(MEMRW_SCAN_ANY_NUMBER), "str16" or "bytes"
 * @types: out
 *
 * Return: 0, or -1 with EINVAL.
 */
int memrw_scan_types_parse(const char *name, unsigned int *types);

/**
 * memrw_scan_open() - begin a search
 *
 * Return: a scan without matches, to be given back with memrw_scan_close();
 * NULL with errno: ENOMEM.
 */
struct memrw_scan *memrw_scan_open(struct memrw_target *target);

/** memrw_scan_close() - end it; NULL is fine; keeps errno */
void memrw_scan_close(struct memrw_scan *scan);

/** memrw_scan_reset() - forget matches, steps and snapshots; keep settings */
void memrw_scan_reset(struct memrw_scan *scan);

/*
 * Settings.  Those of what is searched for are for before the first pass:
 * EBUSY afterwards, until memrw_scan_reset().  All: 0, or -1 with errno.
 */

/**
 * memrw_scan_set_types() - types of the value; i32 at first
 * @types: a type, or several numeric ones: MEMRW_SCAN_*
 */
int memrw_scan_set_types(struct memrw_scan *scan, unsigned int types);

/** memrw_scan_types() - the types that are searched for */
unsigned int memrw_scan_types(const struct memrw_scan *scan);

/** memrw_scan_set_big_endian() - the byte order; the machine's own at first */
int memrw_scan_set_big_endian(struct memrw_scan *scan, bool big);

/** memrw_scan_big_endian() - is the byte order of matches that one? */
bool memrw_scan_big_endian(const struct memrw_scan *scan);

/**
 * memrw_scan_set_alignment() - addresses that are looked at
 * @alignment: multiples of this, a power of two up to 4096; 0, as at first:
 *	of a type's own size, and every address for "bytes" and strings
 */
int memrw_scan_set_alignment(struct memrw_scan *scan, unsigned int alignment);

/** memrw_scan_alignment() - the alignment as it was set, or as a file had it */
unsigned int memrw_scan_alignment(const struct memrw_scan *scan);

/** memrw_scan_set_fold_case() - strings in upper and lower case are the same */
int memrw_scan_set_fold_case(struct memrw_scan *scan, bool fold);

/**
 * memrw_scan_set_filter() - the regions of the first pass; a copy is taken
 * @filter: NULL, as at first: all that are readable
 *
 * What is not readable is left out in any case.
 */
int memrw_scan_set_filter(struct memrw_scan *scan,
			  const struct memrw_region_filter *filter);

/**
 * enum memrw_scan_rounding - which floating-point numbers are equal to a text
 * @MEMRW_SCAN_EXACT: those that differ from it by no more than the tolerance
 * @MEMRW_SCAN_ROUNDED: those that are rounded to it, at its last digit
 * @MEMRW_SCAN_TRUNCATED: those of which it is the first digits
 */
enum memrw_scan_rounding {
	MEMRW_SCAN_EXACT,
	MEMRW_SCAN_ROUNDED,
	MEMRW_SCAN_TRUNCATED,
};

/** memrw_scan_set_rounding() - of "=", "!=" and "by"; EXACT at first; any time */
int memrw_scan_set_rounding(struct memrw_scan *scan,
			    enum memrw_scan_rounding rounding);

/**
 * memrw_scan_set_tolerance() - difference within which floating-point numbers
 *	are equal and unchanged; 0 at first; any time
 */
int memrw_scan_set_tolerance(struct memrw_scan *scan, double tolerance);

/** memrw_scan_set_threads() - 0, as at first: the CPUs allowed; any time */
int memrw_scan_set_threads(struct memrw_scan *scan, unsigned int threads);

/**
 * memrw_scan_set_undo() - how many steps back are kept; any time
 * @steps: so many at any rate; 1 at first
 * @bytes: more of them, while all together take no more; 64 MiB at first
 */
int memrw_scan_set_undo(struct memrw_scan *scan, unsigned int steps, size_t bytes);

/**
 * typedef memrw_scan_progress_fn - how far a pass is
 * @data: as given to memrw_scan_set_progress()
 * @done: bytes of the target's address space
 * @total: of so many
 *
 * Return: 0, or anything else to cancel the pass.
 */
typedef int (*memrw_scan_progress_fn)(void *data, uint64_t done, uint64_t total);

/**
 * memrw_scan_set_progress() - have a function called during passes; any time
 * @progress: called from the thread that called memrw_scan_run(), about every
 *	@interval_ms and at the end; NULL: none
 * @data: for it
 * @interval_ms: milliseconds, above 0
 */
int memrw_scan_set_progress(struct memrw_scan *scan,
			    memrw_scan_progress_fn progress, void *data,
			    unsigned int interval_ms);

/**
 * enum memrw_scan_op - what a pass keeps
 * @MEMRW_SCAN_UNKNOWN: everything.  First: all values there are.  Later: all
 *	that can still be read, with the values of now
 * @MEMRW_SCAN_EQ: equal to @value
 * @MEMRW_SCAN_NE: not equal to it
 * @MEMRW_SCAN_LT: less than it
 * @MEMRW_SCAN_GT: greater
 * @MEMRW_SCAN_RANGE: from @value to @upper, both included
 * @MEMRW_SCAN_CHANGED: not what it was
 * @MEMRW_SCAN_UNCHANGED: what it was
 * @MEMRW_SCAN_INCREASED: greater than it was
 * @MEMRW_SCAN_DECREASED: less
 * @MEMRW_SCAN_INCREASED_BY: greater, by @value
 * @MEMRW_SCAN_DECREASED_BY: less, by @value
 * @MEMRW_SCAN_POINTS_INTO: types u32, u64, ptr: an address within @pointees
 *
 * Those from CHANGED to DECREASED_BY are for later passes.  Strings and
 * patterns have no order: UNKNOWN is for them in later passes; EQ, NE (later),
 * CHANGED and UNCHANGED.  A NaN is equal to nothing, and unchanged while its
 * bits are.
 */
enum memrw_scan_op {
	MEMRW_SCAN_UNKNOWN,
	MEMRW_SCAN_EQ,
	MEMRW_SCAN_NE,
	MEMRW_SCAN_LT,
	MEMRW_SCAN_GT,
	MEMRW_SCAN_RANGE,
	MEMRW_SCAN_CHANGED,
	MEMRW_SCAN_UNCHANGED,
	MEMRW_SCAN_INCREASED,
	MEMRW_SCAN_DECREASED,
	MEMRW_SCAN_INCREASED_BY,
	MEMRW_SCAN_DECREASED_BY,
	MEMRW_SCAN_POINTS_INTO,
};

/**
 * struct memrw_scan_condition - what a pass is to keep
 * @size: sizeof(struct memrw_scan_condition): it may grow
 * @op: see there
 * @value: as memrw_value_parse() takes it for each of the types (one for which
 *	it is no value cannot match); a string, or a pattern: bytes in
 *	hexadecimal, of which a digit may be "?"
 * @upper: likewise, for MEMRW_SCAN_RANGE
 * @snapshot: "what it was" is what it was in this one; NULL: when last seen
 * @pointees: for MEMRW_SCAN_POINTS_INTO; NULL: any region
 */
struct memrw_scan_condition {
	size_t size;
	enum memrw_scan_op op;
	const char *value;
	const char *upper;
	const char *snapshot;
	const struct memrw_region_filter *pointees;
};

/**
 * memrw_scan_run() - one pass: the first, or one that narrows the matches down
 * @scan: the scan
 * @condition: what to keep
 *
 * Memory that cannot be read has no matches.  Anonymous memory that the target
 * never touched counts as the zeros that it is, and stays untouched; of shared
 * memory without a file, what the target has not touched is left out.
 *
 * A pass that fails or is cancelled leaves all as it was before.
 *
 * Return: 0, or -1 with errno: ECANCELED the progress function said so; EINVAL
 * a condition that is not for these types, not for this pass, or with a value
 * that is none for any of the types; ERANGE one that fits none; EMSGSIZE a
 * string or pattern longer than MEMRW_SCAN_LENGTH_MAX, or later than the first
 * pass of another length than there; ENOENT no such snapshot; ENOMEM; EAGAIN
 * no thread could be started; ESRCH, ESTALE and the like as
 * memrw_target_read().
 */
int memrw_scan_run(struct memrw_scan *scan,
		   const struct memrw_scan_condition *condition);

/** memrw_scan_started() - was there a first pass? */
bool memrw_scan_started(const struct memrw_scan *scan);

/** memrw_scan_count() - how many matches there are */
uint64_t memrw_scan_count(const struct memrw_scan *scan);

/** memrw_scan_memory() - bytes that matches, steps and snapshots take */
size_t memrw_scan_memory(const struct memrw_scan *scan);

/** memrw_scan_undo_steps() - how often memrw_scan_undo() will work */
unsigned int memrw_scan_undo_steps(const struct memrw_scan *scan);

/**
 * memrw_scan_undo() - back to the matches before the last pass
 *
 * Return: 0, or -1 with ENOENT: no step is kept.
 */
int memrw_scan_undo(struct memrw_scan *scan);

/**
 * memrw_scan_remove() - remove one match; no step of its own for undo
 *
 * Return: 0, or -1 with errno: ENOENT no match there, ENOMEM.
 */
int memrw_scan_remove(struct memrw_scan *scan, uint64_t address);

/*
 * Snapshots: the matches of a moment with their values, under a name.
 */

/**
 * memrw_scan_snapshot_save() - the matches and values of the last pass
 * @name: replaces one of this name
 *
 * Costs no memory until the scan goes on without it.
 *
 * Return: 0, or -1 with errno: ENOENT no pass yet, EINVAL an empty name,
 * ENOMEM.
 */
int memrw_scan_snapshot_save(struct memrw_scan *scan, const char *name);

/** memrw_scan_snapshot_drop() - forget one; -1 with ENOENT */
int memrw_scan_snapshot_drop(struct memrw_scan *scan, const char *name);

/**
 * memrw_scan_snapshot_name() - the names, sorted
 * @index: from 0
 *
 * Return: the name, which lives as long as the snapshot; NULL past the last.
 */
const char *memrw_scan_snapshot_name(const struct memrw_scan *scan, size_t index);

/*
 * Matches (memrw_scan_iter_open(3))
 */

/**
 * struct memrw_scan_match - one match
 * @address: where
 * @types: which of the scan's types it may be
 * @length: bytes in @old and @current
 * @old: the value when last seen by a pass, in the target's byte order; of
 *	several types, the bytes of the longest that it may be
 * @current: the value now; NULL where it cannot be read (any more), and
 *	without MEMRW_SCAN_READ
 */
struct memrw_scan_match {
	uint64_t address;
	unsigned int types;
	size_t length;
	const void *old;
	const void *current;
};

/** struct memrw_scan_iter - a walk over the matches by rising address */
struct memrw_scan_iter;

/* Flags of memrw_scan_iter_open(). */
#define MEMRW_SCAN_READ	(1U << 0)	/* read the current values, in batches */

/**
 * memrw_scan_iter_open() - begin a walk over the matches there are now
 * @scan: must stay open for as long; may do passes meanwhile
 * @first: how many matches to leave out at the beginning
 * @flags: MEMRW_SCAN_READ
 *
 * Return: the walk; NULL with errno: ENOMEM, EINVAL.
 */
struct memrw_scan_iter *memrw_scan_iter_open(struct memrw_scan *scan,
					     uint64_t first, unsigned int flags);

/**
 * memrw_scan_iter_next() - the next match
 * @iter: the walk
 * @match: out; its values live until the next call on @iter
 *
 * Return: 1, or 0 after the last, or -1 with errno, ESRCH or ESTALE say.
 */
int memrw_scan_iter_next(struct memrw_scan_iter *iter,
			 struct memrw_scan_match *match);

/** memrw_scan_iter_close() - end it; NULL is fine; keeps errno */
void memrw_scan_iter_close(struct memrw_scan_iter *iter);

/*
 * Match lists in files (memrw_scan_save(3))
 */

/**
 * memrw_scan_save() - write the matches to a file, as text
 * @fd: where to; written from where it is
 *
 * An address is written as module and offset where it has such, so that the
 * list is good for the next run of the program too.
 *
 * Return: 0, or -1 with errno, that of write(2) for one.
 */
int memrw_scan_save(struct memrw_scan *scan, int fd);

/**
 * memrw_scan_load() - a first pass that takes the matches from a file
 * @fd: where from
 * @missing: out: matches in the file that the target has no memory for; may be
 *	NULL
 *
 * Types, byte order and alignment become those of the file; values those of
 * now.  The scan must not have been started.
 *
 * Return: 0, or -1 with errno: EBADMSG it is no such file, EBUSY, ENOMEM; as
 * memrw_target_read() and read(2).
 */
int memrw_scan_load(struct memrw_scan *scan, int fd, uint64_t *missing);

/*
 * The device (memrw_device_query(3))
 */

/**
 * enum memrw_device_status - can the driver be used, and if not, why not
 * @MEMRW_DEVICE_READY: the node can be opened for reading and writing
 * @MEMRW_DEVICE_NO_MODULE: the module is not loaded
 * @MEMRW_DEVICE_NO_NODE: the module is loaded but udev has no device node
 * @MEMRW_DEVICE_NO_PERMISSION: the node is there; this process may not open it
 * @MEMRW_DEVICE_WRONG_ABI: a node that does not speak this library's ABI
 */
enum memrw_device_status {
	MEMRW_DEVICE_READY,
	MEMRW_DEVICE_NO_MODULE,
	MEMRW_DEVICE_NO_NODE,
	MEMRW_DEVICE_NO_PERMISSION,
	MEMRW_DEVICE_WRONG_ABI,
};

/**
 * enum memrw_policy - the driver's access policy; see memrw(4)
 */
enum memrw_policy {
	MEMRW_POLICY_OWNER,
	MEMRW_POLICY_ANY,
	MEMRW_POLICY_CAPABLE,
};

/** memrw_policy_name() - "owner", "any" or "capable"; "?" for no policy */
const char *memrw_policy_name(enum memrw_policy policy);

#define MEMRW_FEATURE_FORCE		(1ULL << 0)
#define MEMRW_FEATURE_NO_POPULATE	(1ULL << 1)
#define MEMRW_FEATURE_REGION		(1ULL << 2)
#define MEMRW_FEATURE_INTERRUPTIBLE	(1ULL << 3)
#define MEMRW_FEATURE_ANON_NAME		(1ULL << 4)
#define MEMRW_FEATURE_BATCH		(1ULL << 5)
#define MEMRW_FEATURE_ATOMIC		(1ULL << 6)
#define MEMRW_FEATURE_WINDOW		(1ULL << 7)
#define MEMRW_FEATURE_WATCH		(1ULL << 8)

/**
 * struct memrw_device - what is known of the device
 * @status: can it be used
 * @module_loaded: the module is in the running kernel
 * @module_installed: the module is there for the running kernel to load
 * @node: path of the node, "" where there is none
 * @mode: the node's permission bits
 * @uid: the node's owner
 * @gid: the node's group
 * @in_group: this process is in that group
 * @in_group_database: its user is, by the group database: a new login would
 *	put @in_group right
 * @version: the driver's version; "" unless @status is MEMRW_DEVICE_READY
 * @abi_version: likewise, 0
 * @features: likewise, MEMRW_FEATURE_* bits
 * @transfer_max: likewise, bytes
 * @page_size: likewise, bytes
 * @policy: the access policy in force, where @module_loaded
 */
struct memrw_device {
	enum memrw_device_status status;
	bool module_loaded;
	bool module_installed;
	bool in_group;
	bool in_group_database;
	char node[64];
	char version[32];
	mode_t mode;
	uid_t uid;
	gid_t gid;
	uint32_t abi_version;
	uint32_t page_size;
	uint64_t features;
	uint64_t transfer_max;
	enum memrw_policy policy;
};

/**
 * memrw_device_query() - find the device through udev, and say how it is
 * @device: out
 *
 * A device that cannot be used is not a failure: @device->status tells.
 *
 * Return: 0, or -1 with errno.
 */
int memrw_device_query(struct memrw_device *device);

/**
 * memrw_device_wait() - wait until udev has set the device up
 * @timeout_ms: milliseconds; -1 for ever, 0 to ask only
 *
 * Return: 0 when it is there, or -1 with errno: ETIMEDOUT, EINTR.
 */
int memrw_device_wait(int timeout_ms);

/** memrw_version() - the library's version, "1.2.3" */
const char *memrw_version(void);

#ifdef __cplusplus
}
#endif

#endif /* MEMRW_H */
