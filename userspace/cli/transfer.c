// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "region_text.h"
#include "report.h"
#include "transfer.h"

static void advance(struct transfer *transfer, size_t moved)
{
	transfer->address += moved;
	transfer->remaining -= moved;
}

static size_t clamp(const struct transfer *transfer, size_t size)
{
	return transfer->remaining < size ? transfer->remaining : size;
}

static size_t take_ahead(struct transfer *transfer, void *buffer, size_t size)
{
	size_t taken = transfer->ahead_length < size ? transfer->ahead_length : size;

	if (taken == 0)
		return 0;
	memcpy(buffer, transfer->ahead, taken);
	transfer->ahead += taken;
	transfer->ahead_length -= taken;
	advance(transfer, taken);
	return taken;
}

size_t transfer_read(struct transfer *transfer, void *buffer, size_t size)
{
	size_t wanted = clamp(transfer, size);
	size_t done = take_ahead(transfer, buffer, wanted);

	while (done < wanted && !transfer->error) {
		ssize_t moved = memrw_target_read(transfer->target, transfer->address,
						  (char *)buffer + done,
						  wanted - done, transfer->flags);

		if (moved < 0) {
			transfer->error = errno;
			break;
		}
		advance(transfer, moved);
		done += moved;
	}
	return done;
}

size_t transfer_write(struct transfer *transfer, const void *buffer, size_t size)
{
	size_t wanted = clamp(transfer, size), done = 0;

	while (done < wanted && !transfer->error) {
		ssize_t moved = memrw_target_write(transfer->target, transfer->address,
						   (const char *)buffer + done,
						   wanted - done, transfer->flags);

		if (moved < 0) {
			transfer->error = errno;
			break;
		}
		advance(transfer, moved);
		done += moved;
	}
	return done;
}

/* Return: 1 with the region at the address, else 0. */
static int find_region(struct memrw_region_iter *iter, uint64_t address,
		       struct memrw_region *region)
{
	while (memrw_region_iter_next(iter, region) > 0) {
		if (address < region->start)
			return 0;
		if (address < region->end)
			return 1;
	}
	return 0;
}

static void describe(const struct memrw_region *region, bool forced, char *reason,
		     size_t size)
{
	char permissions[REGION_PERMISSIONS];

	region_permissions(region, permissions);
	snprintf(reason, size, "the memory there (%s %s) is not accessible%s",
		 permissions, region->name[0] ? region->name : "anonymous",
		 forced ? "" : "; --force ignores page protection");
}

/* EIO alone does not tell a hole from a page that is protected. */
static void describe_io_error(const struct transfer *transfer, bool writing,
			      char *reason, size_t size)
{
	unsigned int needed = writing ? MEMRW_REGION_WRITE : MEMRW_REGION_READ;
	struct memrw_region_iter *iter = memrw_region_iter_open(transfer->target);
	struct memrw_region region;

	if (!iter) {
		snprintf(reason, size, "%s", strerror(transfer->error));
		return;
	}
	if (!find_region(iter, transfer->address, &region))
		snprintf(reason, size, "no memory is mapped there");
	else
		describe(&region, (transfer->flags & MEMRW_FORCE) ||
			 (region.properties & needed), reason, size);
	memrw_region_iter_close(iter);
}

const char *transfer_reason(const struct transfer *transfer, bool writing,
			    char *reason, size_t size)
{
	switch (transfer->error) {
	case EIO:
		describe_io_error(transfer, writing, reason, size);
		break;
	case ESRCH:
		snprintf(reason, size, "the process has exited");
		break;
	case ESTALE:
		snprintf(reason, size, "the process runs another program since (execve)");
		break;
	case ENOTSUP:
		snprintf(reason, size, "the backend %s cannot do that",
			 memrw_backend_name(memrw_target_backend(transfer->target)));
		break;
	default:
		snprintf(reason, size, "%s", strerror(transfer->error));
	}
	return reason;
}

void transfer_report(const struct transfer *transfer, bool writing)
{
	char address[32], reason[512];

	snprintf(address, sizeof(address), "0x%jx", (uintmax_t)transfer->address);
	report(address, "%s", transfer_reason(transfer, writing, reason, sizeof(reason)));
}
