# SPDX-License-Identifier: GPL-2.0-only
"""Addresses as text, symbols, and regions."""
import errno

import pytest

import memrw

READ_ONLY = 0x20010000


def test_resolve_takes_what_the_command_takes(program, target):
    table = target.resolve("table")
    assert target.resolve("table+0x8") == table + 8
    assert target.resolve(f"{table}") == table
    assert target.resolve(table) == table
    assert target.resolve("[[chain]+8]") == table + 4
    libc = [region for region in target.regions() if region.name.endswith("/libc.so.6")]
    assert target.resolve("libc.so.6+0x10") == libc[0].start + 0x10


@pytest.mark.parametrize("text, number", [("nonsense+1", errno.ENOENT), ("1+", errno.EINVAL),
                                          ("[table", errno.EINVAL),
                                          ("0xffffffffffffffff+1", errno.ERANGE)])
def test_an_address_that_is_none_says_why(target, text, number):
    with pytest.raises(memrw.AddressError) as caught:
        target.resolve(text)
    assert caught.value.errno == number
    assert str(caught.value).startswith(f"[Errno {number}] {text}: ")
    assert 0 <= caught.value.position <= len(text)


def test_a_pointer_that_cannot_be_read_is_not_mapped(target):
    with pytest.raises(memrw.NotMapped):
        target.resolve("[1]+2")


def test_symbol_is_what_an_address_is_in(target):
    assert target.symbol("table+5") == memrw.Symbol("table", target.resolve("table"))
    assert target.symbol(0x10000000) is None


def test_regions_are_those_of_the_kernel(program, target):
    with open(f"/proc/{program.pid}/maps", encoding="utf-8") as maps:
        kernels = [line.split(None, 5) for line in maps if "[vsyscall]" not in line]
    regions = target.regions()
    assert [f"{region.start:08x}-{region.end:08x}" for region in regions] == \
        [words[0] for words in kernels]
    assert [region.permissions for region in regions] == [words[1] for words in kernels]
    assert [region.offset for region in regions] == [int(words[2], 16) for words in kernels]
    assert [region.inode for region in regions] == [int(words[4]) for words in kernels]
    assert [region.name for region in regions] == \
        [words[5].strip() if len(words) > 5 else "" for words in kernels]


def test_a_region_has_addresses_and_a_size(target):
    region = next(region for region in target.regions() if region.start == READ_ONLY)
    assert region.size == 0x10000
    assert READ_ONLY in region and region.end not in region
    assert (region.readable, region.writable, region.executable, region.shared) == \
        (True, False, False, False)


def test_regions_can_be_chosen(target):
    assert all(region.writable for region in target.regions("writable"))
    assert {region.name for region in target.regions("heap")} <= {"[heap]"}
    assert {region.name.rpartition("/")[2] for region in target.regions("module=libc.so.6")} == \
        {"libc.so.6"}
    with pytest.raises(memrw.InvalidArgument):
        target.regions("beautiful")
