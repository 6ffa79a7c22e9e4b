/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The ABI of /dev/memrw: read and write the memory of another process.
 *
 * memrw(4) is the manual page to this file.
 */
#ifndef _UAPI_LINUX_MEMRW_H
#define _UAPI_LINUX_MEMRW_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: Words
 *
 * A *session* is one open file description of /dev/memrw.  Its *target* is
 * the address space that it is bound to.  A *transfer* is one read or write.
 * A *segment* is one of the transfers of a *batch*.  A *region* is one mapping
 * (VMA) of the target.
 *
 * Once bound, the descriptor is a file whose offset is the target's address,
 * as that of /proc/PID/mem is: read(2), write(2), pread(2), pwrite(2), their
 * vectored forms and lseek(2) (SEEK_SET and SEEK_CUR) work on it.  On arm64 the
 * top byte of an address may be a tag, which is passed over.
 *
 * A session may be used by any number of threads at once.  A transfer keeps
 * to the end the target that it began with, whatever the session is rebound
 * to meanwhile.  fork(2) shares the session, and a descriptor that is passed
 * on takes the authority over its target along.
 */

/**
 * DOC: Structs
 *
 * Every command takes a pointer to a struct that begins with @size and
 * @flags.  The caller sets @size to the sizeof() that it was compiled with.
 * A smaller @size than that of the command's first version is refused with
 * EINVAL.  A larger @size than the driver's is fine while the part that the
 * driver does not know is zero, and is refused with E2BIG otherwise, as
 * openat2(2) does.  Unknown flags and nonzero reserved fields are refused
 * with EINVAL.  Fields marked "out" are not looked at; bytes past the
 * driver's own struct come back as zero.
 *
 * The layout is the same for 32-bit and 64-bit callers.
 */

/**
 * DOC: Errors
 *
 * The same for all commands, and for read(2) and write(2):
 *
 * ========  ================================================================
 * EBADFD    no target is bound
 * ESRCH     no such process in the caller's pid namespace, or the target has
 *           exited
 * ESTALE    the target replaced its address space with execve(2): bind again
 * EPERM     the access policy refuses this caller this process
 * EACCES    the descriptor was not opened for this direction (read(2) and
 *           write(2) themselves fail with EBADF, as on any file)
 * EIO       the target's memory there is not mapped or not accessible
 * EFAULT    the caller's own buffer or struct is bad
 * EINVAL    bad size, flag, alignment, reserved field or pid; a kernel thread
 * E2BIG     the struct is larger than the driver's and its tail is not zero
 * EINTR     a signal arrived before anything was moved
 * ENOMEM    out of memory
 * ENOSPC    no debug register is free
 * ENOTTY    no such command
 * ========  ================================================================
 */

#define MEMRW_ABI_VERSION	1

/* A type byte that Documentation/userspace-api/ioctl/ioctl-number.rst leaves free. */
#define MEMRW_IOC_TYPE		0xE7

/*
 * The struct's size travels in the struct, not in the command, so that a
 * command keeps its number as its struct grows.
 */
#define MEMRW_IOC_GET_INFO	_IO(MEMRW_IOC_TYPE, 0x00)
#define MEMRW_IOC_SET_TARGET	_IO(MEMRW_IOC_TYPE, 0x01)
#define MEMRW_IOC_GET_TARGET	_IO(MEMRW_IOC_TYPE, 0x02)
#define MEMRW_IOC_READ		_IO(MEMRW_IOC_TYPE, 0x03)
#define MEMRW_IOC_WRITE		_IO(MEMRW_IOC_TYPE, 0x04)
#define MEMRW_IOC_READV		_IO(MEMRW_IOC_TYPE, 0x05)
#define MEMRW_IOC_WRITEV	_IO(MEMRW_IOC_TYPE, 0x06)
#define MEMRW_IOC_ATOMIC	_IO(MEMRW_IOC_TYPE, 0x07)
#define MEMRW_IOC_QUERY_REGION	_IO(MEMRW_IOC_TYPE, 0x08)
#define MEMRW_IOC_WATCH		_IO(MEMRW_IOC_TYPE, 0x09)
#define MEMRW_IOC_SYNC_WINDOW	_IO(MEMRW_IOC_TYPE, 0x0a)

/**
 * enum memrw_access - who may bind what (the module parameter ``access``)
 * @MEMRW_ACCESS_OWNER: the uid, gid, capability and dumpable rule of
 *	ptrace(2): one's own processes unless they are setuid or otherwise
 *	non-dumpable, have a capability that the caller has not, or are in
 *	another user namespace; or CAP_SYS_PTRACE over the target's user
 *	namespace
 * @MEMRW_ACCESS_ANY: every process that the caller's pid namespace shows
 * @MEMRW_ACCESS_CAPABLE: only with CAP_SYS_PTRACE over the target's user
 *	namespace
 */
enum memrw_access {
	MEMRW_ACCESS_OWNER = 0,
	MEMRW_ACCESS_ANY = 1,
	MEMRW_ACCESS_CAPABLE = 2,
};

/*
 * Feature bits of struct memrw_info.  What has none (binding, READ, WRITE,
 * read(2), write(2)) is there in every version.
 */
#define MEMRW_FEATURE_FORCE		(1ULL << 0) /* MEMRW_FORCE */
#define MEMRW_FEATURE_NO_POPULATE	(1ULL << 1) /* MEMRW_NO_POPULATE */
#define MEMRW_FEATURE_REGION		(1ULL << 2) /* MEMRW_IOC_QUERY_REGION */

/*
 * These depend on the kernel that the driver is in.  INTERRUPTIBLE: any signal
 * ends a transfer's wait for the target's memory; without it only a fatal one
 * does, for get_user_pages() can end by no other before Linux 6.2.  ANON_NAME:
 * memory that a program has named with prctl(PR_SET_VMA_ANON_NAME) has that
 * name; without it no memory has, for the kernel is older than Linux 5.17 or
 * built without CONFIG_ANON_VMA_NAME, as Debian's are.
 */
#define MEMRW_FEATURE_INTERRUPTIBLE	(1ULL << 3)
#define MEMRW_FEATURE_ANON_NAME		(1ULL << 4)

#define MEMRW_FEATURE_BATCH		(1ULL << 5) /* MEMRW_IOC_READV, MEMRW_IOC_WRITEV */
#define MEMRW_FEATURE_ATOMIC		(1ULL << 6) /* MEMRW_IOC_ATOMIC */
#define MEMRW_FEATURE_WINDOW		(1ULL << 7) /* mmap(2), MEMRW_IOC_SYNC_WINDOW */
#define MEMRW_FEATURE_WATCH		(1ULL << 8) /* MEMRW_IOC_WATCH: x86-64 alone */

/**
 * struct memrw_info - MEMRW_IOC_GET_INFO
 * @size: sizeof(struct memrw_info)
 * @flags: must be 0
 * @abi_version: out: MEMRW_ABI_VERSION of the driver; it rises only with a
 *	change that a program could not find out by @features
 * @access: out: the policy in force, an enum memrw_access
 * @features: out: MEMRW_FEATURE_* bits
 * @transfer_max: out: the most bytes that one transfer moves; a longer one is
 *	a partial transfer, as read(2) has it
 * @page_size: out: bytes in a page of the target
 * @name_max: out: the most bytes a region's name takes, its NUL included
 * @version: out: the driver's version, NUL-terminated
 *
 * Needs no target.
 */
struct memrw_info {
	__u32 size;
	__u32 flags;
	__u32 abi_version;
	__u32 access;
	__aligned_u64 features;
	__aligned_u64 transfer_max;
	__u32 page_size;
	__u32 name_max;
	char version[32];
};

/*
 * Transfer flags: of one transfer, or, given to MEMRW_IOC_SET_TARGET, of
 * every transfer through the session, read(2) and write(2) included.
 */

/*
 * Ignore page protection as a debugger does.  A write to a read-only page of
 * a private mapping gives the target a copy of that page; one to a read-only
 * shared mapping is still refused (EIO).
 */
#define MEMRW_FORCE		(1U << 0)

/*
 * Read memory that nobody ever touched as zeros without giving the target
 * pages or page tables for it.  Applies to anonymous memory, private or
 * shared (memfd and tmpfs included), and to huge pages; the pages of other
 * files are still read from the file.  No effect on a write.
 */
#define MEMRW_NO_POPULATE	(1U << 1)

/**
 * struct memrw_set_target - MEMRW_IOC_SET_TARGET
 * @size: sizeof(struct memrw_set_target)
 * @flags: MEMRW_FORCE and MEMRW_NO_POPULATE, for every transfer through this
 *	session, in addition to the transfer's own
 * @pid: a process, or a thread of it, in the caller's pid namespace; 0 to
 *	unbind
 * @reserved: must be 0
 *
 * Asks the access policy, then binds the session to the address space that
 * the process has now.  On failure the session stays as it was.  The policy
 * is not asked again for as long as the binding lasts.  The struct is only read.
 *
 * Errors: ESRCH (no such process, or a zombie), EPERM (policy), EINVAL (a
 * negative pid, a kernel thread, flags with pid 0), EINTR (killed while the
 * target was in execve(2)), ENOMEM.
 */
struct memrw_set_target {
	__u32 size;
	__u32 flags;
	__s32 pid;
	__u32 reserved;
};

/**
 * enum memrw_target_state - what became of a target
 * @MEMRW_TARGET_BOUND: the process still runs in the address space bound
 * @MEMRW_TARGET_EXECED: it replaced that address space with execve(2)
 * @MEMRW_TARGET_EXITED: it has exited
 */
enum memrw_target_state {
	MEMRW_TARGET_BOUND = 0,
	MEMRW_TARGET_EXECED = 1,
	MEMRW_TARGET_EXITED = 2,
};

#define MEMRW_COMM_LEN		16

/**
 * struct memrw_get_target - MEMRW_IOC_GET_TARGET
 * @size: sizeof(struct memrw_get_target)
 * @flags: must be 0
 * @pid: out: the process (thread group) in the caller's pid namespace; 0 if
 *	that namespace does not show it
 * @state: out: an enum memrw_target_state
 * @transfer_flags: out: the flags given to MEMRW_IOC_SET_TARGET
 * @reserved: must be 0
 * @comm: out: the name of the process, as in /proc/PID/comm; of one that has
 *	exited, the name that it had when it was bound.  NUL-terminated.
 */
struct memrw_get_target {
	__u32 size;
	__u32 flags;
	__s32 pid;
	__u32 state;
	__u32 transfer_flags;
	__u32 reserved;
	char comm[MEMRW_COMM_LEN];
};

/**
 * struct memrw_transfer - MEMRW_IOC_READ and MEMRW_IOC_WRITE
 * @size: sizeof(struct memrw_transfer)
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE
 * @address: in the target
 * @buffer: pointer into the caller's memory
 * @length: bytes
 * @done: out: bytes moved, always from the start of the range; 0 on failure
 *
 * The command succeeds if any byte was moved, or @length is 0; @done less
 * than @length then means that the rest could not be, and a transfer that
 * begins at @address + @done tells why.  A transfer of 1, 2, 4 or 8 bytes at
 * a multiple of its length is one access to the target's memory: it never
 * tears.
 *
 * Of what is written into memory that is executable in the target, the target
 * executes the new instructions from the end of the transfer on.
 *
 * Blocks for as long as the target's memory takes to arrive (swap, a file,
 * userfaultfd, FUSE); a fatal signal ends the wait, and with
 * MEMRW_FEATURE_INTERRUPTIBLE any signal does (EINTR).
 */
struct memrw_transfer {
	__u32 size;
	__u32 flags;
	__aligned_u64 address;
	__aligned_u64 buffer;
	__aligned_u64 length;
	__aligned_u64 done;
};

/**
 * struct memrw_segment - one transfer of a batch
 * @address: in the target
 * @buffer: pointer into the caller's memory
 * @length: bytes
 * @result: out: bytes moved, always from the start of the range, or, if there
 *	were none, a negative errno: -EIO, -EFAULT or -ENOMEM.  0 for a
 *	@length of 0.
 */
struct memrw_segment {
	__aligned_u64 address;
	__aligned_u64 buffer;
	__aligned_u64 length;
	__s64 result;
};

/**
 * struct memrw_batch - MEMRW_IOC_READV and MEMRW_IOC_WRITEV
 * @size: sizeof(struct memrw_batch)
 * @flags: MEMRW_FORCE, MEMRW_NO_POPULATE, for every segment
 * @segments: pointer to an array of struct memrw_segment
 * @count: of segments in the array, as many as one likes
 * @done: out: segments that have a @result, always from the start of the array
 *
 * Does one segment after another, in the order of the array, each as
 * MEMRW_IOC_READ or MEMRW_IOC_WRITE would: a segment that fails, wholly or in
 * part, costs no other.  Segments may overlap and be in any order.  (The array
 * itself is taken in some segments ahead of their turn, so no buffer may
 * overlap it: which segments are done is undefined then.)
 *
 * Ends early, with the command successful and @done less than @count, when a
 * signal arrives or the array turns out to be bad; a batch that begins at that
 * segment goes on, or tells why.  Fails only if not one segment has a result:
 * with EINTR, EFAULT, or as a transfer fails without a target.
 */
struct memrw_batch {
	__u32 size;
	__u32 flags;
	__aligned_u64 segments;
	__u32 count;
	__u32 done;
};

/**
 * enum memrw_atomic_op - what MEMRW_IOC_ATOMIC does to a word
 * @MEMRW_ATOMIC_LOAD: nothing: reads it
 * @MEMRW_ATOMIC_STORE: replaces it by @operand
 * @MEMRW_ATOMIC_EXCHANGE: the same
 * @MEMRW_ATOMIC_ADD: adds @operand to it, modulo 2 to the power of its bits
 * @MEMRW_ATOMIC_COMPARE_EXCHANGE: replaces it by @operand if it is @expected
 */
enum memrw_atomic_op {
	MEMRW_ATOMIC_LOAD = 0,
	MEMRW_ATOMIC_STORE = 1,
	MEMRW_ATOMIC_EXCHANGE = 2,
	MEMRW_ATOMIC_ADD = 3,
	MEMRW_ATOMIC_COMPARE_EXCHANGE = 4,
};

/**
 * struct memrw_atomic - MEMRW_IOC_ATOMIC
 * @size: sizeof(struct memrw_atomic)
 * @flags: MEMRW_FORCE; MEMRW_NO_POPULATE, which has an effect on a load only
 * @address: of a word of the target, a multiple of @width
 * @op: an enum memrw_atomic_op
 * @width: bytes in the word: 1, 2, 4 or 8
 * @operand: see @op; only the low @width bytes count; must be 0 for a load
 * @expected: likewise; must be 0 but for a compare-and-exchange
 * @old: out: the word as it was before, zero-extended.  A compare-and-exchange
 *	took place if that is @expected.  A store does not tell: 0.
 *
 * One access to the target's memory that no other access to the same word
 * comes between, be it another atomic operation of the target's own program or
 * through this device; and sequentially consistent, as C11's are by default.
 *
 * A load needs a descriptor that is open for reading, a store one that is open
 * for writing, any other operation one that is open for both (EACCES).
 */
struct memrw_atomic {
	__u32 size;
	__u32 flags;
	__aligned_u64 address;
	__u32 op;
	__u32 width;
	__aligned_u64 operand;
	__aligned_u64 expected;
	__aligned_u64 old;
};

/* What struct memrw_query_region says of a region. */
#define MEMRW_REGION_READ	(1U << 0)
#define MEMRW_REGION_WRITE	(1U << 1)
#define MEMRW_REGION_EXEC	(1U << 2)
#define MEMRW_REGION_SHARED	(1U << 3)	/* else private: copied on write */

/**
 * struct memrw_query_region - MEMRW_IOC_QUERY_REGION
 * @size: sizeof(struct memrw_query_region)
 * @flags: must be 0
 * @address: in: the region at this address, or else the next one after it
 * @name: in: pointer to a buffer for the name, or 0
 * @name_size: in: bytes in that buffer; out: bytes that the name takes, its
 *	NUL included, or 0 for a region without a name.  A longer name than
 *	the buffer is cut, and still ends with a NUL.
 * @properties: out: MEMRW_REGION_READ, _WRITE, _EXEC, _SHARED
 * @start: out: the first address
 * @end: out: the address behind the last
 * @offset: out: of @start in the file, bytes; 0 without a file
 * @inode: out: of the file; 0 without one
 * @device_major: out: of the file's filesystem
 * @device_minor: out: of the file's filesystem
 *
 * The fields and the name are those of /proc/PID/maps (fs/proc/task_mmu.c):
 * a path, with " (deleted)" behind it where the file is, "[heap]",
 * "[stack]", "[vdso]", "[vvar]", "[anon:NAME]" or "[anon_shmem:NAME]" (these
 * two with MEMRW_FEATURE_ANON_NAME).
 * Unlike there a newline in a path is not escaped.  The vsyscall page is not
 * memory of the target's and is not among the regions.
 *
 * Errors: EIO (no region at or after the address), and those of a transfer.
 */
struct memrw_query_region {
	__u32 size;
	__u32 flags;
	__aligned_u64 address;
	__aligned_u64 name;
	__u32 name_size;
	__u32 properties;
	__aligned_u64 start;
	__aligned_u64 end;
	__aligned_u64 offset;
	__aligned_u64 inode;
	__u32 device_major;
	__u32 device_minor;
};

/**
 * DOC: Windows
 *
 * mmap(2) of a bound session, with MAP_SHARED and the target's address as the
 * offset, makes a *window*: pages of the target, mapped into the caller.  What
 * the target stores there, a plain load of the caller's sees at once, and the
 * other way round.
 *
 * A page is pinned when it is touched first (and some behind it, if the target
 * has them), or by MAP_POPULATE or madvise(2) (MADV_POPULATE_READ, _WRITE); it
 * stays pinned until that part of the window is unmapped, and counts against the
 * caller's RLIMIT_MEMLOCK ("VmPin" in /proc/PID/status).  A page that the target
 * does not have, or that may not be read, or written to, there, gives SIGBUS
 * when it is touched; MEMRW_FORCE and MEMRW_NO_POPULATE of the binding apply to
 * windows, too.
 *
 * What is seen through a window is always memory of the target that it was made
 * for, whatever the session is bound to later.  But when the target unmaps or
 * replaces a page, the window still shows the one that was there: it is *out of
 * date*, which MEMRW_IOC_SYNC_WINDOW finds out and mends.
 *
 * A child of fork(2) does not get the window.  It may be split, moved and
 * protected, but not grow.  No other process can look into memory of the
 * caller's that is a window.
 *
 * Errors of mmap(2): EBADFD, ESRCH, ESTALE; EACCES (the descriptor was not
 * opened for reading, or a window to write to not for both); EINVAL (MAP_PRIVATE,
 * PROT_EXEC, the caller's own memory or memory that it shares); EAGAIN (the
 * window's length is over what RLIMIT_MEMLOCK leaves); ENOMEM.
 */

/* Tell only; the pages stay as they are. */
#define MEMRW_SYNC_KEEP		(1U << 0)

/**
 * struct memrw_sync_window - MEMRW_IOC_SYNC_WINDOW
 * @size: sizeof(struct memrw_sync_window)
 * @flags: MEMRW_SYNC_KEEP
 * @address: in the caller's memory, within a window of this session; a multiple
 *	of the page size
 * @length: bytes, within that window, or the part of it that munmap(2), mremap(2) or
 *	mprotect(2) has left there; a multiple of the page size
 * @bitmap: pointer to an array of __u64, a bit for each page, the first page's
 *	the lowest of the first: set if the page was out of date; or 0
 * @stale: out: how many pages were out of date
 *
 * A page is out of date if it is pinned, and the target has another one, or
 * none, at that address.  Without MEMRW_SYNC_KEEP such pages are let go of: when
 * they are touched next, they are what the target has there then.
 *
 * Errors: EINVAL (no window of this session is there, or it ends before), ESRCH
 * (the target's memory is gone: what was pinned stays as it was at the end),
 * EFAULT, EINTR, ENOMEM.
 */
struct memrw_sync_window {
	__u32 size;
	__u32 flags;
	__aligned_u64 address;
	__aligned_u64 length;
	__aligned_u64 bitmap;
	__aligned_u64 stale;
};

/**
 * DOC: Watches
 *
 * MEMRW_IOC_WATCH sets a hardware *watchpoint* (or breakpoint) on the target, in
 * all of its threads and in those that it starts later, and returns a descriptor.
 * A *hit* is one time that it fired; read(2) of the descriptor gives hits, in the order
 * of their times and as many whole ones as there is room for, waits for the first
 * unless O_NONBLOCK is set (EAGAIN), and fails with EINVAL where there is room for none.
 * poll(2), epoll(7) and O_ASYNC (SIGIO) tell when there is one.  The target is neither
 * traced nor stopped.
 *
 * The watch ends when the target exits or replaces its memory with execve(2), which
 * is noticed within a tenth of a second, or after @limit hits: the last that is read
 * is a record of the kind MEMRW_HIT_END, then read(2) returns 0.  It has its own
 * hold on its target: the session may be rebound or closed.  Closing the descriptor
 * ends it, too.
 *
 * Hits wait in a ring for being read.  When that is full, the newest are dropped and
 * counted, and the record that is put into it next says how many.
 *
 * What is watched is a range of virtual addresses, as the processor sees the target's
 * own accesses, those that the kernel makes for it in system calls included.  What
 * others write there through their own mappings or through the kernel (this device,
 * ptrace(2), process_vm_writev(2)) does not hit; nor does what another process does
 * that shares the memory (vfork(2)).
 *
 * Debug registers are shared with gdb(1), perf(1) and others: there are four for each
 * thread on x86.  A thread whose clone(2) is under way while the watch is set is watched
 * a little later, within a tenth of a second.
 */

/**
 * enum memrw_watch_type - which accesses a watch is for
 * @MEMRW_WATCH_TYPE_WRITE: stores
 * @MEMRW_WATCH_TYPE_READ_WRITE: loads and stores
 * @MEMRW_WATCH_TYPE_EXECUTE: execution of the instruction at the address; it hits
 *	before the instruction has run, and there is no value
 */
enum memrw_watch_type {
	MEMRW_WATCH_TYPE_WRITE = 1,
	MEMRW_WATCH_TYPE_READ_WRITE = 3,
	MEMRW_WATCH_TYPE_EXECUTE = 4,
};

/**
 * enum memrw_watch_condition - which values a watch is for
 * @MEMRW_WATCH_ALWAYS: any
 * @MEMRW_WATCH_EQUAL: when the value is @operand
 * @MEMRW_WATCH_CROSS: when the value was less than @operand and is no longer, or
 *	the other way round; as unsigned numbers, or with MEMRW_WATCH_SIGNED as signed
 */
enum memrw_watch_condition {
	MEMRW_WATCH_ALWAYS = 0,
	MEMRW_WATCH_EQUAL = 1,
	MEMRW_WATCH_CROSS = 2,
};

/* Flags of struct memrw_set_watch. */
#define MEMRW_WATCH_CHANGED	(1U << 0)	/* only when the value is another than before */
#define MEMRW_WATCH_ONCE_PER_IP	(1U << 1)	/* only the first hit of each instruction */
#define MEMRW_WATCH_STOP	(1U << 2)	/* stop the target (SIGSTOP) at each hit */
#define MEMRW_WATCH_SIGNED	(1U << 3)	/* of MEMRW_WATCH_CROSS */

/* The most hits that @capacity of struct memrw_set_watch may ask for. */
#define MEMRW_WATCH_CAPACITY_MAX	65536

/**
 * struct memrw_set_watch - MEMRW_IOC_WATCH
 * @size: sizeof(struct memrw_set_watch)
 * @flags: MEMRW_WATCH_CHANGED, _ONCE_PER_IP, _STOP, _SIGNED
 * @address: in the target, a multiple of @length; memory need not be there
 * @length: bytes: 1, 2, 4 or 8; 1 to watch execution
 * @type: an enum memrw_watch_type
 * @condition: an enum memrw_watch_condition
 * @every: of the hits that pass all other filters only each @every-th; 0 is as 1
 * @operand: of @condition; must be 0 without
 * @ip_first: only instructions from this address
 * @ip_last: to this one; both 0 for all.  What is compared is the address that @ip of
 *	struct memrw_watch_hit would be
 * @limit: end the watch after so many hits; 0 for no limit
 * @capacity: of the ring, hits, rounded up to a power of two from 2 on; 0 for 1024
 * @hit_size: sizeof(struct memrw_watch_hit): what is read are records of this size, cut,
 *	or with zeros behind what this driver knows
 *
 * Filters run where the hit happens, before it takes any room.  MEMRW_WATCH_ONCE_PER_IP
 * knows 512 instructions; hits of others after those all pass.
 *
 * The struct is only read.  The descriptor is the return value, and has O_CLOEXEC.
 *
 * Errors: ENOSPC (no debug register is free in some thread of the target), EACCES (the
 * session was not opened for reading, or for MEMRW_WATCH_STOP not for both), EIO (no
 * address of a program's), EBADFD, ESRCH, ESTALE, EINVAL, EMFILE, ENFILE, ENOMEM, EINTR;
 * EOPNOTSUPP (without MEMRW_FEATURE_WATCH).
 */
struct memrw_set_watch {
	__u32 size;
	__u32 flags;
	__aligned_u64 address;
	__u32 length;
	__u32 type;
	__u32 condition;
	__u32 every;
	__aligned_u64 operand;
	__aligned_u64 ip_first;
	__aligned_u64 ip_last;
	__aligned_u64 limit;
	__u32 capacity;
	__u32 hit_size;
};

/**
 * enum memrw_hit_kind - what a record is about
 * @MEMRW_HIT_ACCESS: a hit
 * @MEMRW_HIT_END: the end of the watch: @value is an enum memrw_watch_end; of the other
 *	fields only @time and @lost are set
 */
enum memrw_hit_kind {
	MEMRW_HIT_ACCESS = 0,
	MEMRW_HIT_END = 1,
};

/**
 * enum memrw_watch_end - why a watch has ended
 * @MEMRW_WATCH_END_LIMIT: after @limit hits
 * @MEMRW_WATCH_END_EXECED: the target has replaced its memory with execve(2)
 * @MEMRW_WATCH_END_EXITED: the target has exited
 */
enum memrw_watch_end {
	MEMRW_WATCH_END_LIMIT = 1,
	MEMRW_WATCH_END_EXECED = 2,
	MEMRW_WATCH_END_EXITED = 3,
};

/* Flags of struct memrw_watch_hit. */
#define MEMRW_HIT_KERNEL	(1U << 0)	/* the kernel's, in a system call */
#define MEMRW_HIT_NO_VALUE	(1U << 1)	/* @value could not be read, or has no meaning */

#define MEMRW_HIT_REGISTERS	40
#define MEMRW_HIT_CALLERS	16

/**
 * struct memrw_watch_hit - what read(2) of a watch gives
 * @kind: an enum memrw_hit_kind
 * @flags: MEMRW_HIT_*
 * @time: of CLOCK_MONOTONIC, ns
 * @tid: of the thread, in the pid namespace of who set the watch; 0 if that does not
 *	show it
 * @nr_callers: how many of @callers there are
 * @lost: hits that were dropped since the record before this one, for lack of room
 * @ip: on x86 the address behind the instruction that made the access; the instruction
 *	itself of MEMRW_WATCH_TYPE_EXECUTE.  With MEMRW_HIT_KERNEL where the thread
 *	goes on when the kernel is through.
 * @before: the value when it was last seen by the watch: at the hit before this one,
 *	those that a filter kept back included, or when the watch was set
 * @value: at the address, after the access, zero-extended.  It is read from the target's
 *	memory, so another thread may have stored in between.
 * @architecture: an AUDIT_ARCH_* of <linux/audit.h>, by which the thread runs
 * @nr_registers: how many of @registers there are
 * @registers: the thread's, in user mode, in the order of <asm/perf_regs.h> for that
 *	architecture (PERF_REG_X86_AX and so on; on x86-64 ds, es, fs and gs are 0)
 * @callers: return addresses, innermost first, as far as there are frame pointers to be
 *	followed; what a program built without them has there may be anything
 */
struct memrw_watch_hit {
	__u32 kind;
	__u32 flags;
	__aligned_u64 time;
	__s32 tid;
	__u32 nr_callers;
	__aligned_u64 lost;
	__aligned_u64 ip;
	__aligned_u64 before;
	__aligned_u64 value;
	__u32 architecture;
	__u32 nr_registers;
	__aligned_u64 registers[MEMRW_HIT_REGISTERS];
	__aligned_u64 callers[MEMRW_HIT_CALLERS];
};

#endif /* _UAPI_LINUX_MEMRW_H */
