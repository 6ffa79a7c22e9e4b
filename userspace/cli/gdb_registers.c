// SPDX-License-Identifier: GPL-2.0-only

#include <elf.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "gdb_session.h"
#include "registers.h"

/* How often a thread that runs is looked at, until it waits for something. */
#define LOOKS		5

/*
 * struct layout - the registers of a machine that gdb wants first; of what is not
 * here it knows that there is none
 * @wide: how many of them are of @size; the others are of 4 bytes
 */
static const struct layout {
	uint16_t machine;
	const char *architecture;
	const char *pc;
	const char *sp;
	size_t count;
	size_t wide;
	size_t size;
	const char *names[GDB_REGISTERS_MAX];
} layouts[] = {
	{ EM_X86_64, "i386:x86-64", "rip", "rsp", 24, 17, 8,
	  { "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11",
	    "r12", "r13", "r14", "r15", "rip", "eflags", "cs", "ss", "ds", "es", "fs", "gs" } },
	{ EM_386, "i386", "eip", "esp", 16, 16, 4,
	  { "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip", "eflags", "cs", "ss",
	    "ds", "es", "fs", "gs" } },
	{ EM_AARCH64, "aarch64", "pc", "sp", 34, 33, 8,
	  { "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",
	    "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24",
	    "x25", "x26", "x27", "x28", "x29", "lr", "sp", "pc", "cpsr" } },
};

static const struct layout *layout_of(uint16_t machine)
{
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		if (layouts[i].machine == machine)
			return &layouts[i];
	}
	return NULL;
}

const char *gdb_registers_architecture(uint16_t machine)
{
	const struct layout *layout = layout_of(machine);

	return layout ? layout->architecture : NULL;
}

static void set(struct gdb_registers *registers, const struct layout *layout, const char *name,
		uint64_t value)
{
	for (size_t i = 0; i < layout->count; i++) {
		if (strcmp(layout->names[i], name) != 0)
			continue;
		registers->known |= 1ULL << i;
		registers->values[i] = value;
	}
}

/* Hits have a place for them, but not their values. */
static bool is_data_segment(const char *name)
{
	static const char *const segments[] = { "ds", "es", "fs", "gs" };

	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
		if (strcmp(name, segments[i]) == 0)
			return true;
	}
	return false;
}

void gdb_registers_of_hit(struct gdb_registers *registers, uint16_t machine,
			  const struct memrw_hit *hit)
{
	const struct layout *layout = layout_of(machine);

	*registers = (struct gdb_registers){ 0 };
	for (size_t i = 0; layout && i < hit->nr_registers && i < MEMRW_HIT_REGISTERS; i++) {
		const char *name = registers_name(hit->architecture, i);

		if (name && !is_data_segment(name))
			set(registers, layout, name, hit->registers[i]);
	}
}

bool gdb_registers_of_call(struct gdb_registers *registers, uint16_t machine, const char *line)
{
	const struct layout *layout = layout_of(machine);
	uint64_t sp, pc;

	*registers = (struct gdb_registers){ 0 };
	/* Outside of a call, as after a page fault, it has no arguments. */
	if (!layout || (sscanf(line, "-1 0x%" SCNx64 " 0x%" SCNx64, &sp, &pc) != 2 &&
			sscanf(line, "%*d %*x %*x %*x %*x %*x %*x 0x%" SCNx64 " 0x%" SCNx64, &sp,
			       &pc) != 2))
		return false;
	set(registers, layout, layout->sp, sp);
	set(registers, layout, layout->pc, pc);
	return true;
}

static bool read_call(char *line, int size, pid_t pid, pid_t tid)
{
	char path[64];
	FILE *file;
	bool got;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", pid, tid);
	file = fopen(path, "re");
	if (!file)
		return false;
	got = fgets(line, size, file);
	fclose(file);
	return got;
}

bool gdb_registers_of_waiting(struct gdb_registers *registers, uint16_t machine, pid_t pid,
			      pid_t tid)
{
	char line[256];

	return read_call(line, sizeof(line), pid, tid) &&
	       gdb_registers_of_call(registers, machine, line);
}

void gdb_registers_write(struct gdb_reply *reply, uint16_t machine,
			 const struct gdb_registers *registers)
{
	const struct layout *layout = layout_of(machine);

	for (size_t i = 0; layout && i < layout->count; i++) {
		size_t size = i < layout->wide ? layout->size : sizeof(uint32_t);

		/* Little end first, as all machines that are known have it. */
		if (registers->known >> i & 1)
			gdb_reply_hex(reply, &registers->values[i], size);
		else
			gdb_reply_text(reply, "%.*s", (int)(2 * size), "xxxxxxxxxxxxxxxx");
	}
}

/*
 * Answers
 */

static void look_for_registers(const struct gdb_session *session, struct gdb_registers *registers)
{
	*registers = (struct gdb_registers){ 0 };
	for (int i = 0; i < LOOKS; i++) {
		if (gdb_registers_of_waiting(registers, session->image.machine, session->pid,
					     session->tid))
			return;
		poll(NULL, 0, 1);
	}
}

void gdb_answer_registers(struct gdb_session *session, struct gdb_text text)
{
	struct gdb_registers registers = session->registers;

	if (!gdb_text_ended(&text))
		return;
	if (registers.known == 0 || session->registers_tid != session->tid)
		look_for_registers(session, &registers);
	gdb_registers_write(&session->reply, session->image.machine, &registers);
	if (session->reply.length == 0)
		gdb_reply_refuse(&session->reply, "the target is for a machine that is not known");
}

void gdb_answer_set_registers(struct gdb_session *session, struct gdb_text text)
{
	(void)text;
	gdb_reply_refuse(&session->reply, "the target runs: its registers cannot be set");
}
