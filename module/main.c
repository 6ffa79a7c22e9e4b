// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw: read and write the memory of another process through /dev/memrw.
 */
#include <linux/module.h>

#include "device.h"
#include "target.h"
#include "watch.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static int __init memrw_init(void)
{
	int err;

	err = memrw_target_init();
	if (err)
		return err;
	err = memrw_watch_init();
	if (err)
		goto exit_target;
	err = memrw_device_register();
	if (err)
		goto exit_watch;
	return 0;
exit_watch:
	memrw_watch_exit();
exit_target:
	memrw_target_exit();
	return err;
}

static void __exit memrw_exit(void)
{
	memrw_device_unregister();
	memrw_watch_exit();
	memrw_target_exit();
}

module_init(memrw_init);
module_exit(memrw_exit);

MODULE_DESCRIPTION("Read and write the memory of another process");
MODULE_AUTHOR("The memrw authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(MEMRW_VERSION);
