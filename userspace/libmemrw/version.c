// SPDX-License-Identifier: LGPL-2.1-or-later
/* MEMRW_VERSION comes from dkms.conf, by way of the makefiles. */
#include "memrw.h"

const char *memrw_version(void)
{
	return MEMRW_VERSION;
}
