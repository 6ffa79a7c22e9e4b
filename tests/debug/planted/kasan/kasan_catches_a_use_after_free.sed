# SPDX-License-Identifier: GPL-2.0-only
#
# A session is freed before the last thing that is done with it.
#
# in module/session.c
# run build/vm/t/bind
# report BUG: KASAN: (slab-)?use-after-free in .*(mutex|memrw)
/^void memrw_session_destroy/,/^}/ {
	/^	kfree(session);/ d
	s/^	mutex_destroy(.*/	kfree(session);\n&/
}
