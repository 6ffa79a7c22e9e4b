# SPDX-License-Identifier: GPL-2.0-only
#
# The buffer for a region's name is used, even if there is none.
#
# in module/device.c
# run build/vm/t/fault_calls
# report null-ptr-deref|NULL pointer dereference
/^static int describe_region/,/^}/ {
	/^	if (!buffer)/ d
	/^		return -ENOMEM;/ d
}
