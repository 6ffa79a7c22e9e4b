# SPDX-License-Identifier: GPL-2.0-only
#
# A region's name is given less room than it may need.
#
# in module/device.c
# run build/vm/t/region
# report BUG: KASAN: slab-out-of-bounds
s/kmalloc(MEMRW_REGION_NAME_MAX,/kmalloc(16,/
