// SPDX-License-Identifier: GPL-2.0-only
/*
 * The headers come first in the file and are written last: how much of a part
 * could be read is known then.
 */

#include "core.h"

#include <elf.h>
#include <errno.h>
#include <gelf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "command.h"
#include "core_notes.h"
#include "file_io.h"
#include "report.h"

/* What the header can count: PN_XNUM stands for more. */
#define SEGMENTS_MAX	(PN_XNUM - 1)

static uint64_t page_aligned(uint64_t at)
{
	uint64_t page = sysconf(_SC_PAGESIZE);

	return (at + page - 1) / page * page;
}

static uint64_t notes_at(const struct core *core)
{
	size_t segments = core->parts->count + 1;

	return core->image.class == ELFCLASS32 ?
	       sizeof(Elf32_Ehdr) + segments * sizeof(Elf32_Phdr) :
	       sizeof(Elf64_Ehdr) + segments * sizeof(Elf64_Phdr);
}

static int check(const struct core *core)
{
	const struct parts *parts = core->parts;

	if (parts->count >= SEGMENTS_MAX) {
		report(core->path, "%zu regions are too many for a core", parts->count);
		return STATUS_FAILED;
	}
	return STATUS_DONE;
}

int core_begin(struct core *core)
{
	struct parts *parts = core->parts;
	uint64_t at;

	if (core_image_find(&core->image, core->target, core->regions) < 0) {
		report(memrw_target_comm(core->target),
		       "no ELF header in its memory tells which machine it is for");
		return STATUS_FAILED;
	}
	if (check(core) || core_notes_collect(core) < 0)
		return STATUS_FAILED;
	at = page_aligned(notes_at(core) + core->notes.length);
	for (size_t i = 0; i < parts->count; i++) {
		parts->items[i].at = at;
		at = page_aligned(at + (parts->items[i].end - parts->items[i].start));
	}
	if (at <= INT64_MAX && ftruncate(core->fd, at) == 0)
		return STATUS_DONE;
	report(core->path, "%s", strerror(at <= INT64_MAX ? errno : EFBIG));
	return STATUS_FAILED;
}

/* Up to the last byte that could be read: what is in memory only, gdb takes for zeros. */
static uint64_t readable_size(const struct part *part)
{
	const struct gap *last = part->gap_count ? &part->gaps[part->gap_count - 1] : NULL;

	return (last && last->end == part->end ? last->start : part->end) - part->start;
}

static GElf_Phdr segment_of(const struct part *part)
{
	uint32_t properties = part->properties;

	return (GElf_Phdr){
		.p_type = PT_LOAD,
		.p_flags = (properties & MEMRW_REGION_READ ? PF_R : 0) |
			   (properties & MEMRW_REGION_WRITE ? PF_W : 0) |
			   (properties & MEMRW_REGION_EXEC ? PF_X : 0),
		.p_offset = part->at,
		.p_vaddr = part->start,
		.p_filesz = readable_size(part),
		.p_memsz = readable_size(part),
		.p_align = 1,
	};
}

/* Return: 0, or -1 with the error of libelf. */
static int fill_header(const struct core *core, Elf *elf)
{
	GElf_Ehdr header;

	if (!gelf_newehdr(elf, core->image.class) || !gelf_getehdr(elf, &header))
		return -1;
	header.e_ident[EI_DATA] = core->image.data;
	header.e_type = ET_CORE;
	header.e_machine = core->image.machine;
	header.e_version = EV_CURRENT;
	header.e_ehsize = gelf_fsize(elf, ELF_T_EHDR, 1, EV_CURRENT);
	header.e_phoff = header.e_ehsize;
	return gelf_update_ehdr(elf, &header) ? 0 : -1;
}

static int fill_segments(const struct core *core, Elf *elf)
{
	const struct parts *parts = core->parts;
	GElf_Phdr segment = {
		.p_type = PT_NOTE,
		.p_offset = notes_at(core),
		.p_filesz = core->notes.length,
		.p_align = 4,
	};

	if (!gelf_newphdr(elf, parts->count + 1) || !gelf_update_phdr(elf, 0, &segment))
		return -1;
	for (size_t i = 0; i < parts->count; i++) {
		segment = segment_of(&parts->items[i]);
		if (!gelf_update_phdr(elf, i + 1, &segment))
			return -1;
	}
	return 0;
}

/* Return: 0, or -1 after a report. */
static int build_headers(const struct core *core, int fd)
{
	int status = -1;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	if (elf) {
		elf_flagelf(elf, ELF_C_SET, ELF_F_LAYOUT);
		if (fill_header(core, elf) == 0 && fill_segments(core, elf) == 0 &&
		    elf_update(elf, ELF_C_WRITE) >= 0)
			status = 0;
	}
	if (status < 0)
		report(core->path, "%s", elf_errmsg(-1));
	elf_end(elf);
	return status;
}

static int copy_headers(const struct core *core, int fd)
{
	struct bytes headers = { 0 };
	size_t length = notes_at(core);
	char *room = bytes_reserve(&headers, length);
	int status = room ? file_read(fd, core->path, room, length, 0) : -1;

	if (!status)
		status = file_write(core->fd, core->path, room, length, 0);
	bytes_clear(&headers);
	return status;
}

/* libelf cuts off what it does not know of: it gets a file of its own. */
static int write_headers(const struct core *core)
{
	int fd = memfd_create("headers", MFD_CLOEXEC), status;

	if (fd < 0) {
		report(core->path, "%s", strerror(errno));
		return -1;
	}
	status = build_headers(core, fd);
	if (!status)
		status = copy_headers(core, fd);
	close(fd);
	return status;
}

int core_finish(struct core *core)
{
	if (write_headers(core) < 0 ||
	    file_write(core->fd, core->path, core->notes.data, core->notes.length,
		       notes_at(core)) < 0)
		return STATUS_FAILED;
	return STATUS_DONE;
}

void core_clear(struct core *core)
{
	bytes_clear(&core->notes);
}
