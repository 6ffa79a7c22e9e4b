// SPDX-License-Identifier: GPL-2.0-only
#include "op.h"

#include <errno.h>
#include <linux/memrw.h>
#include <stddef.h>
#include <string.h>

#include "device_calls.h"
#include "file_calls.h"
#include "watch_calls.h"
#include "window_calls.h"
#include "world_calls.h"

/* The glossary of memrw.h: every command fails with these, and some with more. */
#define ALL_COMMANDS	EBADF, EFAULT, EINVAL, E2BIG
#define NO_TARGET	EBADFD, ESRCH, ESTALE

static const int info_errors[] = { ALL_COMMANDS, 0 };
static const int bind_errors[] = { ALL_COMMANDS, ESRCH, EPERM, ENOMEM, 0 };
static const int described_errors[] = { ALL_COMMANDS, EBADFD, 0 };
static const int transfer_errors[] = { ALL_COMMANDS, NO_TARGET, EACCES, EIO, ENOMEM, 0 };
static const int batch_errors[] = { ALL_COMMANDS, NO_TARGET, EACCES, ENOMEM, 0 };
static const int region_errors[] = { ALL_COMMANDS, NO_TARGET, EIO, ENOMEM, 0 };
static const int open_errors[] = { EACCES, EINVAL, ENOTDIR, EPERM, ENOENT, 0 };
static const int slot_errors[] = { EBADF, 0 };
static const int file_errors[] = {
	EBADF, EFAULT, EINVAL, NO_TARGET, EIO, ENOMEM, EOVERFLOW, 0
};
static const int vector_errors[] = {
	EBADF, EFAULT, EINVAL, NO_TARGET, EIO, ENOMEM, EOVERFLOW, EAGAIN, EOPNOTSUPP, 0
};
static const int map_errors[] = {
	EBADF, EINVAL, NO_TARGET, EACCES, EPERM, ENOMEM, EOVERFLOW, EOPNOTSUPP, EAGAIN, 0
};
static const int window_errors[] = { ALL_COMMANDS, ESRCH, ENOMEM, 0 };
static const int touch_errors[] = { EFAULT, 0 };
static const int watch_errors[] = {
	ALL_COMMANDS, NO_TARGET, EACCES, EIO, ENOSPC, ENOMEM, 0
};
static const int hits_errors[] = { EBADF, EFAULT, EINVAL, EAGAIN, ENOMEM, 0 };

#define SLOT	{ "slot", KIND_SLOT }
#define HEADER	SLOT, { "place", KIND_PLACE }, { "size", KIND_SIZE }, { "flags", KIND_FLAGS }
#define TAIL	{ "tail", KIND_ZERO }
#define TRANSFER							\
	{ HEADER, { "address", KIND_ADDRESS }, { "buffer", KIND_BUFFER },	\
	  { "length", KIND_LENGTH }, TAIL }
#define BATCH								\
	{ HEADER, { "segments", KIND_SEGMENTS }, { "count", KIND_COUNT }, TAIL }
#define BUFFER	{ "buffer", KIND_BUFFER }, { "length", KIND_LENGTH }
#define VECTOR								\
	{ SLOT, BUFFER, { "pieces", KIND_WIDTH }, { "address", KIND_ADDRESS },	\
	  { "flags", KIND_RW_FLAGS } }

const struct op ops[OPS] = {
	{ "info", { HEADER, TAIL }, sizeof(struct memrw_info), 8, call_info, info_errors },
	{ "set_target",
	  { HEADER, { "pid", KIND_PID }, { "reserved", KIND_ZERO }, TAIL },
	  sizeof(struct memrw_set_target), 40, call_set_target, bind_errors },
	{ "get_target", { HEADER, { "reserved", KIND_ZERO }, TAIL },
	  sizeof(struct memrw_get_target), 16, call_get_target, described_errors },
	{ "read_memory", TRANSFER, sizeof(struct memrw_transfer), 48, call_read_memory,
	  transfer_errors },
	{ "write_memory", TRANSFER, sizeof(struct memrw_transfer), 48, call_write_memory,
	  transfer_errors },
	{ "read_batch", BATCH, sizeof(struct memrw_batch), 40, call_read_batch, batch_errors },
	{ "write_batch", BATCH, sizeof(struct memrw_batch), 40, call_write_batch,
	  batch_errors },
	{ "atomic",
	  { HEADER, { "address", KIND_ADDRESS }, { "operation", KIND_OPERATION },
	    { "width", KIND_WIDTH }, { "operand", KIND_WORD }, { "expected", KIND_WORD }, TAIL },
	  sizeof(struct memrw_atomic), 40, call_atomic, transfer_errors },
	{ "query_region",
	  { HEADER, { "address", KIND_ADDRESS }, { "name", KIND_BUFFER },
	    { "name_size", KIND_LENGTH }, TAIL },
	  sizeof(struct memrw_query_region), 32, call_query_region, region_errors },
	{ "raw",
	  { SLOT, { "place", KIND_PLACE }, { "command", KIND_COMMAND },
	    { "size", KIND_SIZE }, { "flags", KIND_FLAGS }, { "word1", KIND_ADDRESS },
	    { "word2", KIND_BUFFER }, { "word3", KIND_LENGTH }, { "word4", KIND_WORD } },
	  sizeof(struct memrw_transfer), 32, call_raw, NULL },
	{ "segments",
	  { { "index", KIND_INDEX }, { "count", KIND_COUNT }, { "address", KIND_ADDRESS },
	    { "address_step", KIND_STEP }, BUFFER, { "buffer_step", KIND_STEP } },
	  0, 64, call_segments, NULL },
	{ "open", { SLOT, { "flags", KIND_OPEN_FLAGS } }, 0, 16, call_open, open_errors },
	{ "reopen",
	  { { "from", KIND_SLOT }, { "to", KIND_SLOT }, { "flags", KIND_OPEN_FLAGS } },
	  0, 4, call_reopen, open_errors },
	{ "close", { SLOT }, 0, 8, call_close, slot_errors },
	{ "dup", { { "from", KIND_SLOT }, { "to", KIND_SLOT } }, 0, 8, call_dup, slot_errors },
	{ "pread", { SLOT, BUFFER, { "address", KIND_ADDRESS } }, 0, 32, call_pread,
	  file_errors },
	{ "pwrite", { SLOT, BUFFER, { "address", KIND_ADDRESS } }, 0, 32, call_pwrite,
	  file_errors },
	{ "preadv", VECTOR, 0, 24, call_preadv, vector_errors },
	{ "pwritev", VECTOR, 0, 24, call_pwritev, vector_errors },
	{ "lseek",
	  { SLOT, { "offset", KIND_ADDRESS }, { "whence", KIND_WHENCE } },
	  0, 12, call_lseek, NULL },
	{ "mmap",
	  { SLOT, { "window", KIND_WINDOW }, { "length", KIND_LENGTH }, { "prot", KIND_PROT },
	    { "flags", KIND_MAP_FLAGS }, { "offset", KIND_ADDRESS } },
	  0, 8, call_mmap, map_errors },
	{ "window",
	  { SLOT, { "window", KIND_WINDOW }, { "zone", KIND_ZONE }, { "prot", KIND_PROT } },
	  0, 48, call_window, map_errors },
	{ "sync_window",
	  { HEADER, { "address", KIND_WINDOW_ADDRESS }, { "pages", KIND_WINDOW_PAGE },
	    { "bitmap", KIND_BUFFER }, TAIL },
	  sizeof(struct memrw_sync_window), 24, call_sync_window, window_errors },
	{ "load",
	  { { "window", KIND_WINDOW }, { "page", KIND_WINDOW_PAGE } },
	  0, 24, call_load, touch_errors },
	{ "store",
	  { { "window", KIND_WINDOW }, { "page", KIND_WINDOW_PAGE } },
	  0, 16, call_store, touch_errors },
	{ "unmap",
	  { { "window", KIND_WINDOW }, { "page", KIND_WINDOW_PAGE },
	    { "pages", KIND_WINDOW_PAGE } },
	  0, 6, call_unmap, NULL },
	{ "move",
	  { { "from", KIND_WINDOW }, { "page", KIND_WINDOW_PAGE },
	    { "pages", KIND_WINDOW_PAGE }, { "to", KIND_WINDOW } },
	  0, 6, call_move, NULL },
	{ "protect_window",
	  { { "window", KIND_WINDOW }, { "page", KIND_WINDOW_PAGE },
	    { "pages", KIND_WINDOW_PAGE }, { "prot", KIND_PROT } },
	  0, 6, call_protect_window, NULL },
	{ "advise",
	  { { "window", KIND_WINDOW }, { "page", KIND_WINDOW_PAGE },
	    { "pages", KIND_WINDOW_PAGE }, { "advice", KIND_ADVICE } },
	  0, 8, call_advise, NULL },
	{ "watch",
	  { SLOT, { "place", KIND_PLACE }, { "size", KIND_SIZE }, { "flags", KIND_WATCH_FLAGS },
	    { "address", KIND_WATCHED }, { "length", KIND_WATCH_LENGTH },
	    { "type", KIND_WATCH_TYPE }, { "condition", KIND_CONDITION },
	    { "every", KIND_EVERY }, { "operand", KIND_OPERAND },
	    { "ip_first", KIND_IP_FIRST }, { "ip_last", KIND_IP_LAST },
	    { "limit", KIND_LIMIT }, { "capacity", KIND_CAPACITY },
	    { "hit_size", KIND_HIT_SIZE }, TAIL, { "watch", KIND_WATCH } },
	  sizeof(struct memrw_set_watch), 64, call_watch, watch_errors },
	{ "hits",
	  { { "watch", KIND_WATCH }, { "buffer", KIND_BUFFER }, { "length", KIND_HITS_LENGTH } },
	  0, 32, call_hits, hits_errors },
	{ "poll", { { "watch", KIND_WATCH }, { "events", KIND_EVENTS } }, 0, 8, call_poll,
	  NULL },
	{ "status", { { "watch", KIND_WATCH }, { "flags", KIND_STATUS } }, 0, 8, call_status,
	  NULL },
	{ "close_watch", { { "watch", KIND_WATCH } }, 0, 8, call_close_watch, slot_errors },
	{ "access",
	  { { "by", KIND_PID }, { "address", KIND_WATCHED }, { "how", KIND_ACCESS } },
	  0, 48, call_access, touch_errors },
	{ "protect", { { "page", KIND_PAGE }, { "prot", KIND_PROT } }, 0, 4, call_protect,
	  NULL },
	{ "change", { { "what", KIND_CHANGE }, { "zone", KIND_ZONE } }, 0, 3, call_change,
	  NULL },
	{ "kill", { { NULL, KIND_NONE } }, 0, 1, call_kill, NULL },
	{ "become", { { "user", KIND_USER } }, 0, 8, call_become, NULL },
	{ "fork", { { "calls", KIND_WIDTH } }, 0, 1, call_fork, NULL },
};

int op_find(const char *name)
{
	for (int i = 0; i < OPS; i++)
		if (!strcmp(ops[i].name, name))
			return i;
	return -1;
}
