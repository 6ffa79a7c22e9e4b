/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why the driver cannot be used, and what to do about it.
 */
#ifndef CLI_ADVICE_H
#define CLI_ADVICE_H

#include "memrw.h"
#include "module.h"

/**
 * struct advice - two texts for a person
 * @why: a clause: "the module memrw is not loaded"
 * @command: what to type, "" where there is nothing to be done
 */
struct advice {
	char why[384];
	char command[320];
};

/** advice_of() - for a device in any state but MEMRW_DEVICE_READY */
struct advice advice_of(const struct memrw_device *device,
			const struct module *module);

/** advice_on_reload() - if another module is installed than the one loaded */
struct advice advice_on_reload(const struct module *module);

#endif /* CLI_ADVICE_H */
