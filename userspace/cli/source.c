// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "dump_index.h"
#include "file_io.h"
#include "report.h"
#include "source.h"
#include "transfer.h"

/*
 * A dump
 */

static int parse_index(struct source *source, const char *path, uint64_t size)
{
	json_error_t error;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	const char *wrong;

	if (!root) {
		report(path, "it is no index of a dump: %s", error.text);
		return STATUS_FAILED;
	}
	wrong = dump_index_parse(root, size, &source->parts);
	if (wrong)
		report(path, "it is no index of a dump: %s", wrong);
	json_decref(root);
	return wrong ? STATUS_FAILED : STATUS_DONE;
}

static int open_file(struct source *source, struct stat *status)
{
	source->fd = open(source->name, O_RDONLY | O_CLOEXEC);
	if (source->fd >= 0 && fstat(source->fd, status) == 0)
		return STATUS_DONE;
	report(source->name, "%s", strerror(errno));
	return STATUS_FAILED;
}

static int open_index(struct source *source, uint64_t size)
{
	char *index = dump_index_path(source->name);
	int status = STATUS_FAILED;

	if (!index)
		return STATUS_FAILED;
	if (access(index, R_OK) == 0)
		status = parse_index(source, index, size);
	else
		report(index, "%s; a dump needs its index", strerror(errno));
	free(index);
	return status;
}

int source_open_dump(struct source *source, const char *path)
{
	struct stat file;
	int status;

	*source = (struct source){ .name = path, .fd = -1, .untouched.pagemap = -1 };
	status = open_file(source, &file);
	return status ? status : open_index(source, file.st_size);
}

/*
 * A target
 */

int source_open_target(struct source *source, const char *name,
		       struct memrw_target *target, unsigned int flags)
{
	*source = (struct source){
		.name = name,
		.fd = -1,
		.target = target,
		.flags = flags,
		.untouched.pagemap = -1,
	};
	if (parts_of_target(&source->parts, target) < 0)
		return STATUS_FAILED;
	for (size_t i = 0; i < source->parts.count; i++) {
		struct part *part = &source->parts.items[i];

		if (!(part->properties & MEMRW_REGION_READ) && !(flags & MEMRW_FORCE) &&
		    part_add_gap(part, part->start, part->end) < 0)
			return STATUS_FAILED;
	}
	return STATUS_DONE;
}

static ssize_t read_target(struct source *source, uint64_t address, void *buffer,
			   size_t length)
{
	struct transfer transfer = {
		.target = source->target,
		.flags = source->flags | MEMRW_NO_POPULATE,
		.address = address,
		.remaining = length,
	};
	size_t done = transfer_read(&transfer, buffer, length);

	if (done > 0 || transfer.error == EIO)
		return done;
	transfer_report(&transfer, false);
	return -1;
}

static uint64_t zeros_of_target(struct source *source, const struct part *part,
				uint64_t address, uint64_t length)
{
	if (source->untouched_part != part) {
		untouched_close(&source->untouched);
		untouched_open(&source->untouched, source->target, part);
		source->untouched_part = part;
	}
	return untouched_run(&source->untouched, address, length);
}

/*
 * Either
 */

ssize_t source_read(struct source *source, const struct part *part,
		    uint64_t address, void *buffer, size_t length)
{
	if (source->target)
		return read_target(source, address, buffer, length);
	if (file_read(source->fd, source->name, buffer, length,
		      part->at + (address - part->start)) < 0)
		return -1;
	return length;
}

uint64_t source_zeros(struct source *source, const struct part *part,
		      uint64_t address, uint64_t length)
{
	uint64_t at = part->at + (address - part->start);
	off_t data;

	if (source->target)
		return zeros_of_target(source, part, address, length);
	data = lseek(source->fd, at, SEEK_DATA);
	if (data < 0)
		return errno == ENXIO ? length : 0;
	return (uint64_t)data - at < length ? (uint64_t)data - at : length;
}

void source_close(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	untouched_close(&source->untouched);
	parts_clear(&source->parts);
}
