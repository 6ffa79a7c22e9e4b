/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers, of which more are unknown than known: a target that runs has none to
 * be asked for.
 */
#ifndef CLI_GDB_REGISTERS_H
#define CLI_GDB_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "gdb_reply.h"
#include "memrw.h"

#define GDB_REGISTERS_MAX	34

/**
 * struct gdb_registers - of a thread, at some time; all of it 0: not one is known
 * @known: a bit for each that is
 * @values: in the order in which gdb has them
 */
struct gdb_registers {
	uint64_t known;
	uint64_t values[GDB_REGISTERS_MAX];
};

/** gdb_registers_architecture() - what gdb calls a machine (EM_*); NULL: not known here */
const char *gdb_registers_architecture(uint16_t machine);

/** gdb_registers_of_hit() - as they were when a watch has hit */
void gdb_registers_of_hit(struct gdb_registers *registers, uint16_t machine,
			  const struct memrw_hit *hit);

/**
 * gdb_registers_of_call() - where a thread waits in the kernel
 * @line: of /proc/PID/syscall
 *
 * Return: false if it says nothing of that.
 */
bool gdb_registers_of_call(struct gdb_registers *registers, uint16_t machine, const char *line);

/**
 * gdb_registers_of_waiting() - the same, of a thread
 *
 * Return: false if it runs, or may not be asked.
 */
bool gdb_registers_of_waiting(struct gdb_registers *registers, uint16_t machine, pid_t pid,
			      pid_t tid);

/** gdb_registers_write() - all of them; "x" for digits that are not known */
void gdb_registers_write(struct gdb_reply *reply, uint16_t machine,
			 const struct gdb_registers *registers);

#endif /* CLI_GDB_REGISTERS_H */
