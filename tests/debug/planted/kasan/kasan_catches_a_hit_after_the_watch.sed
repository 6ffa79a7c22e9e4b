# SPDX-License-Identifier: GPL-2.0-only
#
# A watch is freed, and its breakpoints stay.
#
# in module/watch.c
# run env MEMRW_TEST=it_may_be_closed_at_any_time build/vm/t/watch_life
# report BUG: KASAN: (slab-)?use-after-free in .*(on_access|note_access|memrw)
/^static void watch_stop(/,/^}/ {
	/memrw_breakpoints_remove/ d
}
