// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The file is read, not the target's memory: .symtab is not loaded.
 */

#include <errno.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "module_file.h"
#include "symbol.h"

/* Of a symbol's version: another one of the name is the default. */
#define VERSION_HIDDEN	0x8000

/*
 * struct mrw_symbol_file - @bias: of an address in the process, over that in
 * the file
 */
struct mrw_symbol_file {
	int fd;
	Elf *elf;
	uint64_t bias;
};

static int fail(int error)
{
	errno = error;
	return -1;
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

	if (elf_kind(elf) != ELF_K_ELF || !first_load_segment(elf, &segment) ||
	    region->offset != (segment.p_offset & page_mask))
		return fail(ENOEXEC);
	*bias = region->start - (segment.p_vaddr & page_mask);
	return 0;
}

/*
 * Symbol tables
 */

/*
 * A name that the linker knows goes before one of a single source file, and
 * the default version of it before the ones for old programs.
 */
static int rank_of(const GElf_Sym *symbol, bool hidden)
{
	int type = GELF_ST_TYPE(symbol->st_info);

	if (symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS ||
	    (type != STT_FUNC && type != STT_OBJECT))
		return 0;
	if (GELF_ST_BIND(symbol->st_info) == STB_LOCAL)
		return 1;
	return hidden ? 2 : 3;
}

static bool is_hidden(Elf_Data *versions, int i)
{
	GElf_Versym version;

	return versions && gelf_getversym(versions, i, &version) &&
	       (version & VERSION_HIDDEN);
}

/* Called for each symbol that has a name; @hidden: see rank_of(). */
typedef void (*visit_fn)(void *data, const char *name, const GElf_Sym *symbol, bool hidden);

/* @versions: of the symbols in the table, or NULL */
static void visit_table(Elf *elf, Elf_Scn *section, const GElf_Shdr *header,
			Elf_Data *versions, visit_fn visit, void *data)
{
	Elf_Data *symbols = elf_getdata(section, NULL);
	GElf_Sym symbol;

	for (int i = 0; symbols && gelf_getsym(symbols, i, &symbol); i++) {
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

		if (name)
			visit(data, name, &symbol, is_hidden(versions, i));
	}
}

static Elf_Data *find_versions(Elf *elf)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_GNU_versym)
			return elf_getdata(section, NULL);
	}
	return NULL;
}

/* Versions are those of .dynsym; .symtab has them in the names. */
static void visit_tables(Elf *elf, visit_fn visit, void *data)
{
	Elf_Data *versions = find_versions(elf);
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header))
			continue;
		if (header.sh_type == SHT_DYNSYM)
			visit_table(elf, section, &header, versions, visit, data);
		else if (header.sh_type == SHT_SYMTAB)
			visit_table(elf, section, &header, NULL, visit, data);
	}
}

/*
 * By name
 */

/* struct match - the best symbol of the name so far */
struct match {
	const char *name;
	uint64_t value;
	int rank;		/* 0: none */
	bool ambiguous;
};

static void consider_name(void *data, const char *name, const GElf_Sym *symbol, bool hidden)
{
	struct match *match = data;
	int rank;

	if (strcmp(name, match->name) != 0)
		return;
	rank = rank_of(symbol, hidden);
	if (rank > match->rank) {
		match->rank = rank;
		match->value = symbol->st_value;
		match->ambiguous = false;
	} else if (rank > 0 && rank == match->rank &&
		   match->value != symbol->st_value) {
		match->ambiguous = true;
	}
}

int mrw_symbol_find(struct mrw_symbol_file *file, const char *name, uint64_t *address)
{
	struct match match = { .name = name };

	visit_tables(file->elf, consider_name, &match);
	if (match.rank == 0)
		return fail(ENOENT);
	if (match.ambiguous)
		return fail(ENOTUNIQ);

	*address = file->bias + match.value;
	return 0;
}

/*
 * By address
 */

/* struct cover - the best symbol that an address is in, so far */
struct cover {
	uint64_t value;
	const char *name;
	uint64_t start;
	int rank;		/* 0: none */
};

/* Of several, the one that begins last; one without a size is a single byte. */
static void consider_address(void *data, const char *name, const GElf_Sym *symbol, bool hidden)
{
	struct cover *cover = data;
	uint64_t size = symbol->st_size ? symbol->st_size : 1;
	int rank;

	if (cover->value < symbol->st_value || cover->value - symbol->st_value >= size ||
	    name[0] == '\0')
		return;
	rank = rank_of(symbol, hidden);
	if (rank == 0 || (cover->rank > 0 && symbol->st_value < cover->start))
		return;
	if (cover->rank > 0 && symbol->st_value == cover->start && rank <= cover->rank)
		return;
	cover->name = name;
	cover->start = symbol->st_value;
	cover->rank = rank;
}

const char *mrw_symbol_at(struct mrw_symbol_file *file, uint64_t address, uint64_t *start)
{
	struct cover cover = { .value = address - file->bias };

	visit_tables(file->elf, consider_address, &cover);
	if (cover.rank == 0) {
		errno = ENOENT;
		return NULL;
	}
	*start = file->bias + cover.start;
	return cover.name;
}

/*
 * The file
 */

static struct mrw_symbol_file *file_new(int fd, const struct memrw_region *region)
{
	struct mrw_symbol_file *file = calloc(1, sizeof(*file));

	if (!file)
		return NULL;
	file->fd = fd;
	elf_version(EV_CURRENT);
	/* Not mapped: a file that shrinks meanwhile must not kill the reader. */
	file->elf = elf_begin(fd, ELF_C_READ, NULL);
	if (file->elf && load_bias(file->elf, region, &file->bias) == 0)
		return file;
	elf_end(file->elf);
	free(file);
	errno = ENOEXEC;
	return NULL;
}

struct mrw_symbol_file *mrw_symbol_file_open(pid_t pid,
					     const struct mrw_region_list *regions,
					     const struct memrw_region *module)
{
	struct mrw_symbol_file *file;
	int fd, error;

	fd = mrw_module_file_open(pid, regions, &module);
	if (fd < 0)
		return NULL;
	file = file_new(fd, module);
	if (!file) {
		error = errno;
		close(fd);
		errno = error;
	}
	return file;
}

void mrw_symbol_file_close(struct mrw_symbol_file *file)
{
	int error = errno;

	if (!file)
		return;
	elf_end(file->elf);
	close(file->fd);
	free(file);
	errno = error;
}
