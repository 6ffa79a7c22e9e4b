# SPDX-License-Identifier: GPL-2.0-only
#
# The buffer for a region's name stays, where the name cannot be copied.
#
# in module/device.c
# run build/vm/t/fault_calls
# report query_region|describe_region|memrw_ioctl
/^static int describe_region/,/^}/ {
	s/^	kfree(buffer);/	if (!err)\n	&/
}
