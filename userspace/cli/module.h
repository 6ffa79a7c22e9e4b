/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The module as files: which one is loaded, which one could be, and what it
 * could be built from.
 */
#ifndef CLI_MODULE_H
#define CLI_MODULE_H

#include <stdbool.h>

/**
 * struct module - texts are "" where there is no such thing
 * @release: of the running kernel
 * @has_kernel: this system has modules of that kernel; a container has not
 * @has_headers: and what to build more with
 * @loaded: version of the module in the kernel
 * @installed: version of the one that modprobe(8) would load
 * @source: version that DKMS has the source of, the newest if there are more
 * @build_log: of the last build for this kernel, which failed
 * @has_apt: packages can be named to the user as Debian calls them
 */
struct module {
	char release[65];
	bool has_kernel;
	bool has_headers;
	char loaded[32];
	char installed[32];
	char source[32];
	char build_log[192];
	bool has_apt;
};

/**
 * module_find() - look at the system whose root directory is @root
 * @module: out
 * @root: "" for this one
 * @release: of the kernel that runs there
 */
void module_find(struct module *module, const char *root, const char *release);

/** module_find_here() - the same for this system and its kernel */
void module_find_here(struct module *module);

/** module_is_outdated() - the one that is loaded is not the one installed */
bool module_is_outdated(const struct module *module);

#endif /* CLI_MODULE_H */
