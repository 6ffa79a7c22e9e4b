// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The file is read, not the target's memory: .symtab is not loaded.
 */

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbol.h"

static int fail(int error)
{
	errno = error;
	return -1;
}

/*
 * Finding and opening the executable
 */

static const struct memrw_region *
region_of_name(const struct mrw_region_list *regions, const char *name)
{
	for (size_t i = 0; i < regions->count; i++) {
		if (strcmp(regions->regions[i].name, name) == 0)
			return &regions->regions[i];
	}
	return NULL;
}

static const struct memrw_region *
first_file_region(const struct mrw_region_list *regions)
{
	for (size_t i = 0; i < regions->count; i++) {
		const struct memrw_region *region = &regions->regions[i];

		if (region->inode != 0 && region->name[0] == '/')
			return region;
	}
	return NULL;
}

/*
 * /proc/PID/exe reaches the file in any mount namespace, and when it is
 * deleted; it follows the rules of ptrace(2).
 */
static int open_exe_link(pid_t pid, const struct mrw_region_list *regions,
			 const struct memrw_region **region)
{
	char link[32], path[PATH_MAX];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return -1;
	path[length] = '\0';

	*region = region_of_name(regions, path);
	if (!*region)
		return fail(ENOEXEC);
	return open(link, O_RDONLY | O_CLOEXEC);
}

/*
 * Where only the driver's policy lets us at the process, or its first thread
 * has ended: by convention the executable is mapped lowest.  The path is
 * ours, so the inode must confirm that it leads to the same file.
 */
static int open_mapped_path(const struct mrw_region_list *regions,
			    const struct memrw_region **region)
{
	struct stat status;
	int fd;

	*region = first_file_region(regions);
	if (!*region)
		return fail(ENOEXEC);

	fd = open((*region)->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -1;
	if (fstat(fd, &status) < 0 || status.st_ino != (*region)->inode) {
		close(fd);
		return fail(ENOEXEC);
	}
	return fd;
}

static int open_executable(pid_t pid, const struct mrw_region_list *regions,
			   const struct memrw_region **region)
{
	int fd = open_exe_link(pid, regions, region);

	if (fd < 0 && errno != ENOEXEC)
		fd = open_mapped_path(regions, region);
	return fd;
}

/*
 * Where it is loaded
 */

static bool first_load_segment(Elf *elf, GElf_Phdr *segment)
{
	size_t count;

	if (elf_getphdrnum(elf, &count) < 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (gelf_getphdr(elf, i, segment) && segment->p_type == PT_LOAD)
			return true;
	}
	return false;
}

/*
 * The kernel keeps the distances between the segments of a file, so what the
 * first one (PT_LOADs rise by address) moved by, all did.
 */
static int load_bias(Elf *elf, const struct memrw_region *region, uint64_t *bias)
{
	uint64_t page_mask = ~(uint64_t)(sysconf(_SC_PAGESIZE) - 1);
	GElf_Phdr segment;

	if (!first_load_segment(elf, &segment) ||
	    region->offset != (segment.p_offset & page_mask))
		return fail(ENOEXEC);
	*bias = region->start - (segment.p_vaddr & page_mask);
	return 0;
}

/*
 * Symbol tables
 */

/* struct match - the best symbol of the name so far */
struct match {
	const char *name;
	uint64_t value;
	int rank;		/* 0: none */
	bool ambiguous;
};

/* A name that the linker knows goes before one of a single source file. */
static int rank_of(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS ||
	    (type != STT_FUNC && type != STT_OBJECT))
		return 0;
	return GELF_ST_BIND(symbol->st_info) == STB_LOCAL ? 1 : 2;
}

static void consider(struct match *match, const GElf_Sym *symbol)
{
	int rank = rank_of(symbol);

	if (rank > match->rank) {
		match->rank = rank;
		match->value = symbol->st_value;
		match->ambiguous = false;
	} else if (rank > 0 && rank == match->rank &&
		   match->value != symbol->st_value) {
		match->ambiguous = true;
	}
}

static void search_table(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
			 struct match *match)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;

	for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

		if (name && strcmp(name, match->name) == 0)
			consider(match, &symbol);
	}
}

static void search_tables(Elf *elf, struct match *match)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (gelf_getshdr(section, &header) &&
		    (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM))
			search_table(elf, section, &header, match);
	}
}

static int find_in_elf(Elf *elf, const struct memrw_region *region,
		       const char *name, uint64_t *address)
{
	struct match match = { .name = name };
	uint64_t bias;

	if (elf_kind(elf) != ELF_K_ELF || load_bias(elf, region, &bias) < 0)
		return fail(ENOEXEC);
	search_tables(elf, &match);
	if (match.rank == 0)
		return fail(ENOENT);
	if (match.ambiguous)
		return fail(ENOTUNIQ);

	*address = bias + match.value;
	return 0;
}

/* Not mapped: a file that shrinks meanwhile must not kill the reader. */
static int find_in_file(int fd, const struct memrw_region *region,
			const char *name, uint64_t *address)
{
	int status, error;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!elf)
		return fail(ENOEXEC);

	status = find_in_elf(elf, region, name, address);
	error = errno;
	elf_end(elf);
	errno = error;
	return status;
}

int mrw_symbol_find(pid_t pid, const struct mrw_region_list *regions,
		      const char *name, uint64_t *address)
{
	const struct memrw_region *region;
	int status, error, fd;

	fd = open_executable(pid, regions, &region);
	if (fd < 0)
		return -1;
	status = find_in_file(fd, region, name, address);
	error = errno;
	close(fd);
	errno = error;
	return status;
}
