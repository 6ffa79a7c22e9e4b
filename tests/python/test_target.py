# SPDX-License-Identifier: GPL-2.0-only
"""Targets and their transfers."""
import gc
import os

import pytest

import memrw
from conftest import VIA

# Addresses of tests/cli/target.c.
EDGE, EDGE_END = 0x10000000, 0x10010000
READ_ONLY, NO_ACCESS = 0x20010000, 0x20020000


def descriptors():
    """How many this process has open."""
    return len(os.listdir("/proc/self/fd"))


def test_open_says_what_was_opened(program, target):
    assert target.pid == program.pid
    assert target.name == "memrw-target"
    assert target.backend == VIA
    assert target.fallback_reason is None
    assert target.state == memrw.State.BOUND
    assert repr(target) == f"<memrw.Target {program.pid} (memrw-target) by {VIA}>"


def test_auto_takes_the_driver_or_says_why_not(program):
    with memrw.open(program.pid) as target:
        assert target.backend == VIA
        assert (target.fallback_reason is None) == (VIA == "driver")


def test_an_unknown_backend_is_a_value_error(program):
    with pytest.raises(ValueError, match="smoke"):
        memrw.open(program.pid, backend="smoke")


def test_read_returns_all_bytes(target):
    assert target.read("text", 13) == b"hello, target"
    assert target.read(EDGE, 0x10000) == b"e" * 0x10000
    assert target.read(EDGE, 0) == b""


def test_readinto_fills_a_buffer(target):
    buffer = bytearray(b"........")
    target.readinto(target.resolve("text"), memoryview(buffer)[2:7])
    assert buffer == b"..hello."
    with pytest.raises(BufferError):
        target.readinto("text", b"read-only")


def test_write_changes_the_program(program, target):
    target.write("text", b"changed\0")
    assert program.ask() == "41 changed 101 3"
    target.write("text", bytearray(b"C"))
    target.write("text", memoryview(b"xHx")[1:2])
    assert program.ask() == "41 Hhanged 101 3"


def test_a_short_read_is_not_mapped_and_has_what_there_was(target):
    with pytest.raises(memrw.NotMapped) as caught:
        target.read(EDGE_END - 4, 16)
    assert caught.value.partial == b"eeee"
    assert caught.value.done == 4
    assert caught.value.address == EDGE_END


def test_a_short_write_says_how_much_was_written(program, target):
    with pytest.raises(memrw.NotMapped) as caught:
        target.write(EDGE_END - 1, b"??")
    assert (caught.value.done, caught.value.address) == (1, EDGE_END)
    assert target.read(EDGE_END - 1, 1) == b"?"


def test_the_last_addresses_are_not_mapped(target):
    with pytest.raises(memrw.NotMapped):
        target.read(2 ** 64 - 4, 8)
    with pytest.raises(OverflowError):
        target.read(2 ** 64, 8)
    with pytest.raises(OverflowError):
        target.read(-1, 8)


def test_force_ignores_protection(target):
    for place in (READ_ONLY, NO_ACCESS):
        with pytest.raises(memrw.NotMapped):
            target.write(place, b"x")
    target.write(READ_ONLY, b"x", force=True)
    assert target.read(READ_ONLY, 2) == b"xs"
    with pytest.raises(memrw.NotMapped):
        target.read(NO_ACCESS, 1)
    assert target.read(NO_ACCESS, 1, force=True) == b"s"


def test_memory_never_touched_is_read_as_zeros(target):
    assert target.read("zeros", 4096, populate=False) == bytes(4096)


def test_a_string_ends_at_its_nul_or_where_memory_does(target):
    assert target.read_string("text") == b"hello, target"
    assert target.read_string("text", 5) == b"hello"
    assert target.read_string(EDGE_END - 3) == b"eee"
    with pytest.raises(memrw.NotMapped):
        target.read_string(EDGE_END)


def test_a_target_opened_for_reading_only_is_not_written(program):
    with memrw.open(program.pid, backend=VIA, read_only=True) as target:
        assert target.i32["counter"] == 41
        with pytest.raises(memrw.AccessDenied):
            target.i32["counter"] = 1
    assert program.ask().startswith("41 ")


def test_a_closed_target_is_a_value_error_and_close_may_be_repeated(target):
    target.close()
    target.close()
    assert target.closed
    assert repr(target) == "<memrw.Target, closed>"
    with pytest.raises(ValueError, match="closed"):
        target.read(EDGE, 1)
    with pytest.raises(ValueError, match="closed"):
        with target:
            pass


def test_targets_leave_no_descriptor_however_they_go(program):
    gc.collect()
    before = descriptors()
    closed = memrw.open(program.pid, backend=VIA)
    forgotten = memrw.open(program.pid, backend=VIA)
    assert descriptors() > before
    closed.close()
    del forgotten
    gc.collect()
    assert descriptors() == before


def test_what_a_target_is_used_for_keeps_it_open(program):
    target = memrw.open(program.pid, backend=VIA)
    scan = target.scan("i32", regions=["writable"])
    target.close()
    assert scan.equal(41) >= 1
    before = descriptors()
    scan.close()
    assert descriptors() < before


def test_find_has_the_pids_of_a_name(program):
    assert program.pid in memrw.find("memrw-target")
    assert memrw.find("no such process") == []


def test_version_is_that_of_the_library():
    assert memrw.version().count(".") == 2
