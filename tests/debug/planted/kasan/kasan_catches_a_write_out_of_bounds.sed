# SPDX-License-Identifier: GPL-2.0-only
#
# A batch allocates one byte less than it uses.
#
# in module/batch.c
# run build/vm/t/batch
# report BUG: KASAN: slab-out-of-bounds
s/(sizeof(\*b->segments) + sizeof(\*b->data))/& - 1/
