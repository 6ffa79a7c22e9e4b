# SPDX-License-Identifier: GPL-2.0-only
#
# A target keeps its pid without a reference of its own, and gives one back.
#
# in module/target.c
# run build/vm/t/bind
# report refcount_t: (underflow|addition on 0|saturated)
s/= get_pid(task_tgid(task));/= task_tgid(task);/
