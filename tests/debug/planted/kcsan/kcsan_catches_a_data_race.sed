# SPDX-License-Identifier: GPL-2.0-only
#
# Transfers are counted, and several threads do it at once.
#
# in module/device.c
# run build/vm/t/races
# report BUG: KCSAN: data-race in session_transfer
/^static ssize_t session_transfer/,/^}/ {
	s/^	trace_memrw_transfer/	transfers++;\n&/
	s/^static ssize_t session_transfer/static unsigned long transfers;\n\n&/
}
