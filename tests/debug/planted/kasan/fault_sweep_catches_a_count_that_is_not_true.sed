# SPDX-License-Identifier: GPL-2.0-only
#
# A write says that it has moved what it could not take from the caller.
#
# in module/transfer.c
# run env MEMRW_TEST=MEMRW_IOC_WRITE_of_private_memory_with_each_fault build/vm/t/fault_transfers
# report not ok .*MEMRW_IOC_WRITE_of_private_memory_with_each_fault
s/^		copied = length - copy_in_place/		copied = length + 0 * copy_in_place/
s/^		copied = PAGE_SIZE - copy_in_place/		copied = PAGE_SIZE + 0 * copy_in_place/
