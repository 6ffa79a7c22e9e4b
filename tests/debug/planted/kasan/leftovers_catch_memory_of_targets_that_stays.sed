# SPDX-License-Identifier: GPL-2.0-only
#
# A session keeps its target's mm_struct for ever.  kmemleak does not mind: the
# kernel itself still knows of it.
#
# in module/target.c
# run env MEMRW_TEST=targets_that_exited* build/vm/t/lifetime
# report mm_struct: [0-9]+ before, now
/^static void target_free(/,/^}/ {
	/mmdrop/ d
}
