/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The notes of a core: the process, its threads, its files.
 */
#ifndef CLI_CORE_NOTES_H
#define CLI_CORE_NOTES_H

#include "core.h"

/**
 * core_notes_collect() - fill @core->notes
 *
 * A first NT_PRSTATUS, of the process's first thread, then NT_PRPSINFO, NT_AUXV
 * where the caller may read that, NT_FILE, and an NT_PRSTATUS of each other
 * thread; behind each NT_PRSTATUS the floating-point registers, if the target is
 * held by tracing.  If it is not, all registers are zero.
 *
 * Return: 0, or -1 after a report.
 */
int core_notes_collect(struct core *core);

#endif /* CLI_CORE_NOTES_H */
