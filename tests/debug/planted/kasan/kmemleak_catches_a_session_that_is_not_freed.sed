# SPDX-License-Identifier: GPL-2.0-only
#
# in module/session.c
# run build/vm/t/bind
# report memrw_session_create|memrw_open
/^void memrw_session_destroy/,/^}/ {
	/^	kfree(session);/ d
}
