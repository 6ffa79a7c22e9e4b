# SPDX-License-Identifier: GPL-2.0-only
#
# The target's memory is held for ever, where there is none for its region's name.
#
# in module/device.c
# run build/vm/t/fault_calls
# report not ok .*query_region_with_each_fault
/^static long query_region/,/^}/ {
	s/^	mmput(mm);/	if (err != -ENOMEM)\n	&/
}
