/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that the client reads here: the target's program and libraries, and what is
 * known of it in /proc.
 */
#ifndef CLI_GDB_FILE_H
#define CLI_GDB_FILE_H

#define GDB_FILES	32

/**
 * struct gdb_files - those that are open
 * @root: the directory that all paths begin at; -1 for this process's own
 * @fds: of those that the client has open; its numbers are those of the places; -1
 *	where there is none
 */
struct gdb_files {
	int root;
	int fds[GDB_FILES];
};

/** gdb_files_begin() - none is open */
void gdb_files_begin(struct gdb_files *files);

/** gdb_files_end() - close all of them */
void gdb_files_end(struct gdb_files *files);

#endif /* CLI_GDB_FILE_H */
