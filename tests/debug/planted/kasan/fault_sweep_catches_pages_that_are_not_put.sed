# SPDX-License-Identifier: GPL-2.0-only
#
# The pages of the target that were to be read stay held, where the caller's buffer is bad.
#
# in module/transfer.c
# run env MEMRW_TEST=preadv_of_private_memory_with_each_fault build/vm/t/fault_transfers
# report not ok .*preadv_of_private_memory_with_each_fault
/^static bool read_runs/,/^}/ {
	s/i < nr; i++/*done > 0 \&\& i < nr; i++/
}
