# SPDX-License-Identifier: GPL-2.0-only
#
# Two ways take the session's lock and the caller's mmap_lock in different order.
# They never meet: that they could is what is to be found.
#
# in module/session.c
# run build/vm/t/bind
# report possible circular locking dependency
/^static void replace_target/,/^}/ {
	s/^	mutex_lock(.*/&\n\tmmap_read_lock(current->mm);\n\tmmap_read_unlock(current->mm);/
}
/^int memrw_session_describe/,/^}/ {
	s/^	rcu_read_lock();/	mmap_read_lock(current->mm);\n\tmutex_lock(\&session->lock);\n\tmutex_unlock(\&session->lock);\n\tmmap_read_unlock(current->mm);\n&/
}
