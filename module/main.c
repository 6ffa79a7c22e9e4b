// SPDX-License-Identifier: GPL-2.0-only
/*
 * memrw: read and write the memory of another process through /dev/memrw.
 */
#include <linux/module.h>
#include <linux/rcupdate.h>

#include "device.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static int __init memrw_init(void)
{
	return memrw_device_register();
}

static void __exit memrw_exit(void)
{
	memrw_device_unregister();
	/* Targets that were rebound are freed after a grace period, by our code. */
	rcu_barrier();
}

module_init(memrw_init);
module_exit(memrw_exit);

MODULE_DESCRIPTION("Read and write the memory of another process");
MODULE_AUTHOR("The memrw authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(MEMRW_VERSION);
