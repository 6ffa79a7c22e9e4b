// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel has these structs for its own machine only, and here a target may
 * be of another class: the offsets are those of the kernel's structs for each.
 */

#include "core_notes.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guardian.h"
#include "process_status.h"
#include "threads.h"

/* struct layout - offsets in elf_prstatus and elf_prpsinfo of a class */
static const struct layout {
	size_t word;
	size_t status_pid, status_registers;
	size_t info_uid, info_id_size, info_pid, info_name, info_arguments, info_size;
} layouts[] = {
	[ELFCLASS32] = { 4, 24, 72, 8, 2, 12, 28, 44, 124 },
	[ELFCLASS64] = { 8, 32, 112, 16, 4, 24, 40, 56, 136 },
};

#define NAME_SIZE	16
#define ARGUMENTS_SIZE	80

/* The largest of the structs, with registers. */
#define STATUS_MAX	512

static const struct layout *layout_of(const struct core *core)
{
	return &layouts[core->image.class];
}

/*
 * Each function returns 0, or -1 after a report.
 */

static int add_bytes(struct bytes *notes, const void *bytes, size_t length)
{
	char *end = bytes_reserve(notes, length);

	if (!end)
		return -1;
	memcpy(end, bytes, length);
	notes->length += length;
	return 0;
}

static int add_padding(struct bytes *notes)
{
	static const char zeros[4];

	return add_bytes(notes, zeros, -notes->length % 4);
}

static int add_note(struct bytes *notes, uint32_t type, const void *contents,
		    size_t length)
{
	static const char name[] = "CORE";
	Elf64_Nhdr header = { sizeof(name), length, type };

	if (add_bytes(notes, &header, sizeof(header)) < 0 ||
	    add_bytes(notes, name, sizeof(name)) < 0 || add_padding(notes) < 0 ||
	    add_bytes(notes, contents, length) < 0)
		return -1;
	return add_padding(notes);
}

static int add_word(const struct core *core, struct bytes *bytes, uint64_t word)
{
	/* Little end first, as all machines that are known have it. */
	return add_bytes(bytes, &word, layout_of(core)->word);
}

/*
 * Threads
 */

static void put32(unsigned char *bytes, size_t offset, uint32_t value)
{
	memcpy(bytes + offset, &value, sizeof(value));
}

static int add_status(struct core *core, pid_t tid)
{
	const struct layout *layout = layout_of(core);
	unsigned char status[STATUS_MAX] = { 0 }, other[GUARDIAN_REGISTERS_MAX];
	size_t end = layout->status_registers + core->image.registers + sizeof(uint32_t);
	ssize_t length;

	put32(status, layout->status_pid, tid);
	put32(status, layout->status_pid + 4, process_status(tid, "PPid:"));
	if (core->hold)
		hold_registers(core->hold, tid, NT_PRSTATUS,
			       status + layout->status_registers, core->image.registers);
	length = core->hold ? hold_registers(core->hold, tid, NT_PRFPREG, other,
					     sizeof(other)) : -1;
	put32(status, end - sizeof(uint32_t), length > 0);
	end += -end % layout->word;
	if (add_note(&core->notes, NT_PRSTATUS, status, end) < 0)
		return -1;
	return length > 0 ? add_note(&core->notes, NT_PRFPREG, other, length) : 0;
}

static int add_other_threads(struct core *core)
{
	pid_t pid = memrw_target_pid(core->target), *tids;
	ssize_t count = threads_list(pid, &tids);
	int status = 0;

	for (ssize_t i = 0; i < count && !status; i++) {
		if (tids[i] != pid)
			status = add_status(core, tids[i]);
	}
	free(tids);
	return status;
}

/*
 * The process
 */

/* Return: bytes, 0 where it cannot be read. */
static size_t read_proc(pid_t pid, const char *name, char *buffer, size_t size)
{
	ssize_t got = 0;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, buffer, size);
		close(fd);
	}
	return got > 0 ? got : 0;
}

static void put_arguments(pid_t pid, char *arguments)
{
	size_t length = read_proc(pid, "cmdline", arguments, ARGUMENTS_SIZE - 1);

	for (size_t i = 0; i + 1 < length; i++) {
		if (arguments[i] == '\0')
			arguments[i] = ' ';
	}
}

static int add_process(struct core *core)
{
	const struct layout *layout = layout_of(core);
	pid_t pid = memrw_target_pid(core->target);
	unsigned char info[STATUS_MAX] = { 0 };
	uint32_t uid = process_status(pid, "Uid:"), gid = process_status(pid, "Gid:");

	info[1] = threads_state(pid, pid);
	memcpy(info + layout->info_uid, &uid, layout->info_id_size);
	memcpy(info + layout->info_uid + layout->info_id_size, &gid, layout->info_id_size);
	put32(info, layout->info_pid, pid);
	put32(info, layout->info_pid + 4, process_status(pid, "PPid:"));
	snprintf((char *)info + layout->info_name, NAME_SIZE, "%s",
		 memrw_target_comm(core->target));
	put_arguments(pid, (char *)info + layout->info_arguments);
	return add_note(&core->notes, NT_PRPSINFO, info, layout->info_size);
}

static int add_auxv(struct core *core)
{
	char auxv[4096];
	size_t length = read_proc(memrw_target_pid(core->target), "auxv", auxv,
				  sizeof(auxv));

	return length ? add_note(&core->notes, NT_AUXV, auxv, length) : 0;
}

/*
 * Files
 */

static int add_file_place(const struct core *core, struct bytes *files,
			  const struct part *region)
{
	uint64_t page = sysconf(_SC_PAGESIZE);

	if (add_word(core, files, region->start) < 0 ||
	    add_word(core, files, region->end) < 0)
		return -1;
	return add_word(core, files, region->mapped_offset / page);
}

static int fill_files(const struct core *core, struct bytes *files)
{
	const struct parts *regions = core->regions;
	uint64_t count = 0;
	int status;

	for (size_t i = 0; i < regions->count; i++)
		count += regions->items[i].name[0] == '/';
	status = add_word(core, files, count) < 0 ||
		 add_word(core, files, sysconf(_SC_PAGESIZE)) < 0;
	for (size_t i = 0; i < regions->count && !status; i++) {
		if (regions->items[i].name[0] == '/')
			status = add_file_place(core, files, &regions->items[i]);
	}
	for (size_t i = 0; i < regions->count && !status; i++) {
		const char *name = regions->items[i].name;

		if (name[0] == '/')
			status = add_bytes(files, name, strlen(name) + 1);
	}
	return status ? -1 : 0;
}

static int add_files(struct core *core)
{
	struct bytes files = { 0 };
	int status = fill_files(core, &files);

	if (!status)
		status = add_note(&core->notes, NT_FILE, files.data, files.length);
	bytes_clear(&files);
	return status;
}

int core_notes_collect(struct core *core)
{
	if (add_status(core, memrw_target_pid(core->target)) < 0 ||
	    add_process(core) < 0 || add_auxv(core) < 0 || add_files(core) < 0)
		return -1;
	return add_other_threads(core);
}
