# SPDX-License-Identifier: GPL-2.0-only
#
# Transfers are counted, and several threads do it at once; a thousand each, since
# KCSAN watches one access in thousands.
#
# in module/device.c
# run env MEMRW_TEST=each_transfer_keeps* build/vm/t/session
# report BUG: KCSAN: data-race in .*\[memrw\]
/^static ssize_t session_transfer/,/^}/ {
	s/^	trace_memrw_transfer/	for (int i = 0; i < 1000; i++) {\n		transfers++;\n		barrier();\n	}\n&/
	s/^static ssize_t session_transfer/static unsigned long transfers;\n\n&/
}
