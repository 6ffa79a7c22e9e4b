# SPDX-License-Identifier: GPL-2.0-only
#
# What remembers a breakpoint stays, where the kernel refuses the breakpoint.
#
# in module/breakpoints.c
# run build/vm/t/fault_watches
# report cover_thread|cover_some|memrw_breakpoints_cover
/^static int cover_thread/,/^}/ {
	/^		kfree(breakpoint);/ d
}
