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
