// SPDX-License-Identifier: GPL-2.0-only

#include "disassembly.h"

#ifdef HAVE_CAPSTONE

#include <capstone/capstone.h>
#include <dlfcn.h>
#include <linux/audit.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/param.h>

/* The longest instruction of any architecture here. */
#define LENGTH_MAX	15

/* A longer function is taken for one whose beginning is not known. */
#define FUNCTION_MAX	65536

/* Where instructions begin is told from so many bytes. */
#define GUESS_BYTES	128

/*
 * The library is looked for when there is something to decode: the command does as well
 * without it.  It has to be of the version whose structs were compiled in.
 */

#define STRING(x)	#x
#define SONAME(major)	"libcapstone.so." STRING(major)

static struct {
	bool found;
	typeof(cs_open) *open;
	typeof(cs_close) *close;
	typeof(cs_option) *option;
	typeof(cs_malloc) *malloc;
	typeof(cs_free) *free;
	typeof(cs_disasm_iter) *disasm_iter;
	typeof(cs_insn_group) *insn_group;
	typeof(cs_reg_write) *reg_write;
} capstone;

static void find_capstone(void)
{
	void *library = dlopen(SONAME(CS_API_MAJOR), RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return;
	capstone.open = dlsym(library, "cs_open");
	capstone.close = dlsym(library, "cs_close");
	capstone.option = dlsym(library, "cs_option");
	capstone.malloc = dlsym(library, "cs_malloc");
	capstone.free = dlsym(library, "cs_free");
	capstone.disasm_iter = dlsym(library, "cs_disasm_iter");
	capstone.insn_group = dlsym(library, "cs_insn_group");
	capstone.reg_write = dlsym(library, "cs_reg_write");
	capstone.found = capstone.open && capstone.close && capstone.option &&
			 capstone.malloc && capstone.free && capstone.disasm_iter &&
			 capstone.insn_group && capstone.reg_write;
}

static bool has_capstone(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find_capstone);
	return capstone.found;
}

/*
 * struct code - bytes of the target, and what decodes them
 * @instruction: what was decoded last
 */
struct code {
	csh handle;
	cs_insn *instruction;
	uint64_t address;
	size_t length;
	uint8_t bytes[FUNCTION_MAX + LENGTH_MAX];
};

static bool choose_mode(uint32_t architecture, cs_arch *arch, cs_mode *mode)
{
	switch (architecture) {
	case AUDIT_ARCH_X86_64:
		*arch = CS_ARCH_X86;
		*mode = CS_MODE_64;
		return true;
	case AUDIT_ARCH_I386:
		*arch = CS_ARCH_X86;
		*mode = CS_MODE_32;
		return true;
	case AUDIT_ARCH_AARCH64:
		*arch = CS_ARCH_ARM64;
		*mode = CS_MODE_ARM;
		return true;
	default:
		return false;
	}
}

static void code_close(struct code *code)
{
	if (!code)
		return;
	if (code->instruction)
		capstone.free(code->instruction, 1);
	if (code->handle)
		capstone.close(&code->handle);
	free(code);
}

static struct code *code_open(uint32_t architecture)
{
	struct code *code = calloc(1, sizeof(*code));
	cs_arch arch;
	cs_mode mode;

	if (!code || !has_capstone()) {
		free(code);
		return NULL;
	}
	if (choose_mode(architecture, &arch, &mode) &&
	    capstone.open(arch, mode, &code->handle) == CS_ERR_OK &&
	    capstone.option(code->handle, CS_OPT_DETAIL, CS_OPT_ON) == CS_ERR_OK &&
	    (code->instruction = capstone.malloc(code->handle)))
		return code;
	code_close(code);
	return NULL;
}

/* What can be read of it, from the start. */
static void code_read(struct code *code, struct memrw_target *target, uint64_t address,
		      size_t length)
{
	ssize_t done = memrw_target_read(target, address, code->bytes, length, 0);

	code->address = address;
	code->length = done > 0 ? done : 0;
}

static bool code_decode(struct code *code, uint64_t address)
{
	const uint8_t *bytes = code->bytes + (address - code->address);
	size_t left;

	if (address < code->address || address - code->address >= code->length)
		return false;
	left = code->length - (address - code->address);
	return capstone.disasm_iter(code->handle, &bytes, &left, &address, code->instruction);
}

static void describe(const struct code *code, struct disassembly *disassembly)
{
	const cs_insn *instruction = code->instruction;

	disassembly->address = instruction->address;
	snprintf(disassembly->text, sizeof(disassembly->text), "%s%s%s", instruction->mnemonic,
		 instruction->op_str[0] ? " " : "", instruction->op_str);
}

bool disassembly_at(struct memrw_target *target, uint32_t architecture, uint64_t address,
		    struct disassembly *disassembly)
{
	struct code *code = code_open(architecture);
	bool found;

	if (!code)
		return false;
	code_read(code, target, address, LENGTH_MAX);
	found = code_decode(code, address);
	if (found)
		describe(code, disassembly);
	code_close(code);
	return found;
}

/*
 * Backwards: where an instruction begins is known from the one before it only
 */

/* Return: the length of the instruction that ends there, or 0. */
static size_t length_before(struct code *code, uint64_t start, uint64_t end)
{
	uint64_t next = start;

	while (next < end && code_decode(code, next)) {
		next += code->instruction->size;
		if (next == end)
			return code->instruction->size;
	}
	return 0;
}

/*
 * Wherever one begins to decode, it soon comes to where the instructions do begin: the
 * length that most beginnings lead to is right.
 */
static size_t guess_length(struct code *code, uint64_t end)
{
	unsigned int votes[LENGTH_MAX + 1] = { 0 }, all = 0;
	size_t best = 0;

	for (uint64_t start = code->address; start < end; start++)
		votes[length_before(code, start, end)]++;
	for (size_t length = 1; length <= LENGTH_MAX; length++) {
		all += votes[length];
		if (votes[length] > votes[best] || best == 0)
			best = length;
	}
	return 4 * votes[best] > 3 * all ? best : 0;
}

static bool is_system_call(const cs_insn *instruction)
{
	return instruction->id == X86_INS_SYSCALL || instruction->id == X86_INS_SYSENTER ||
	       instruction->id == X86_INS_INT;
}

static bool has_group(const struct code *code, unsigned int group)
{
	return capstone.insn_group(code->handle, code->instruction, group);
}

static bool has_memory_operand(const cs_x86 *x86)
{
	for (size_t i = 0; i < x86->op_count; i++) {
		if (x86->operands[i].type == X86_OP_MEM)
			return true;
	}
	return false;
}

/* One that jumps is behind in memory alone, and not in time. */
static bool accesses_memory(const struct code *code)
{
	const cs_insn *instruction = code->instruction;

	if (instruction->id == X86_INS_LEA || instruction->id == X86_INS_NOP ||
	    has_group(code, CS_GRP_JUMP) || has_group(code, CS_GRP_CALL) ||
	    has_group(code, CS_GRP_RET))
		return false;
	/* Those that push and pop have no operand for it. */
	return has_memory_operand(&instruction->detail->x86) ||
	       capstone.reg_write(code->handle, instruction, X86_REG_RSP) ||
	       capstone.reg_write(code->handle, instruction, X86_REG_ESP);
}

static bool is_repeated(const cs_insn *instruction)
{
	uint8_t prefix = instruction->detail->x86.prefix[0];

	return (prefix == X86_PREFIX_REP || prefix == X86_PREFIX_REPNE) &&
	       has_memory_operand(&instruction->detail->x86);
}

static bool find_behind(struct code *code, uint64_t start, uint64_t address, bool kernel)
{
	size_t length = start ? length_before(code, start, address) : guess_length(code, address);

	if (length > 0 && code_decode(code, address - length) &&
	    (kernel ? is_system_call(code->instruction) : accesses_memory(code)))
		return true;
	return !kernel && code_decode(code, address) && is_repeated(code->instruction);
}

bool disassembly_behind(struct memrw_target *target, uint32_t architecture, uint64_t start,
			uint64_t address, bool kernel, struct disassembly *disassembly)
{
	struct code *code = code_open(architecture);
	uint64_t from;
	bool found;

	if (!code)
		return false;
	if (start >= address || address - start > FUNCTION_MAX)
		start = 0;
	from = start ? start : address - MIN(address, GUESS_BYTES);
	code_read(code, target, from, address - from + LENGTH_MAX);
	found = find_behind(code, start, address, kernel);
	if (found)
		describe(code, disassembly);
	code_close(code);
	return found;
}

#else /* HAVE_CAPSTONE */

bool disassembly_at(struct memrw_target *target, uint32_t architecture, uint64_t address,
		    struct disassembly *disassembly)
{
	(void)target, (void)architecture, (void)address, (void)disassembly;
	return false;
}

bool disassembly_behind(struct memrw_target *target, uint32_t architecture, uint64_t start,
			uint64_t address, bool kernel, struct disassembly *disassembly)
{
	(void)target, (void)architecture, (void)start, (void)address, (void)kernel;
	(void)disassembly;
	return false;
}

#endif /* HAVE_CAPSTONE */
