# SPDX-License-Identifier: GPL-2.0-only
#
# The module is not loaded, and its workqueue is still there.
#
# in module/main.c
# run build/vm/t/fault_load
# report not ok .*the_module_is_loaded_or_leaves_nothing
/^static int __init memrw_init/,/^}/ {
	s/^		memrw_session_exit();/		;/
}
