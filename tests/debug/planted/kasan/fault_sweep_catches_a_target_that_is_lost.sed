# SPDX-License-Identifier: GPL-2.0-only
#
# A session is unbound from the old target before it is known that there is a new one.
#
# in module/session.c
# run build/vm/t/fault_calls
# report not ok .*rebind_with_each_fault
/^int memrw_session_bind/,/^}/ {
	s/^	if (IS_ERR/	replace_target(session, NULL);\n&/
}
