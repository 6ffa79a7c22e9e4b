# SPDX-License-Identifier: GPL-2.0-only
"""Typed values."""
import math

import pytest

import memrw
from conftest import needs_driver, needs_procfs


def test_values_have_the_types_of_the_program(target):
    assert target.i8["small"] == -8
    assert target.u8["small"] == 248
    assert target.i16["table+4"] == 20
    assert target.u16["negative"] == -5000000000 % 2 ** 16
    assert target.i32["counter"] == 41
    assert target.u32["table+12"] == 40
    assert target.i64["negative"] == -5000000000
    assert target.u64["large"] == 2 ** 64 - 1
    assert target.f32["single"] == pytest.approx(0.1, rel=1e-7)
    assert target.f64["number"] == -2.5
    assert target.ptr["pointer"] == 0x7ffd0000
    assert target.f64["odd"] == math.inf and math.isnan(target.f64["odd+16"])


def test_a_value_is_stored_as_the_type_has_it(program, target):
    target.i32["counter"] = -7
    assert program.ask().startswith("-7 ")
    target.i32["counter"] += 50
    assert program.ask().startswith("43 ")
    target.f32["single"] = 0.5
    assert target.u32["single"] == 0x3f000000


@pytest.mark.parametrize("name, value", [("u8", 256), ("u8", -1), ("i8", 128), ("i32", 2 ** 31),
                                         ("u64", 2 ** 64), ("i32", 1.5), ("f32", 1e300)])
def test_what_does_not_fit_is_a_value_error_and_is_not_written(target, name, value):
    before = target.read("table", 8)
    with pytest.raises(ValueError, match=name):
        getattr(target, name)["table"] = value
    assert target.read("table", 8) == before


def test_several_values_lie_one_behind_the_other(target):
    assert target.u32.read("table", 4) == [10, 20, 30, 40]
    target.u32.write("table+4", [21, 31])
    assert target.u32.read("table", 4) == [10, 21, 31, 40]


def test_an_accessor_tells_its_type(target):
    assert (target.u16.name, target.u16.size) == ("u16", 2)
    assert (target.ptr.name, target.ptr.size) == ("ptr", 8)
    assert not hasattr(target.f32, "add")


@needs_driver()
def test_atomic_operations_return_what_was_there(target):
    counter = target.i32
    assert counter.load("counter") == 41
    counter.store("counter", -3)
    assert counter.exchange("counter", 5) == -3
    assert counter.add("counter", -6) == 5
    assert counter.load("counter") == -1
    assert not counter.compare_exchange("counter", 7, 8)
    assert counter.compare_exchange("counter", -1, 8)
    assert counter["counter"] == 8
    assert target.u64.add("large", 2) == 2 ** 64 - 1
    assert target.u64["large"] == 1


@needs_driver()
def test_an_atomic_operation_wants_an_aligned_word(target):
    with pytest.raises(memrw.InvalidArgument):
        target.u32.load(target.resolve("table") + 1)


@needs_procfs()
def test_procfs_has_no_atomic_operations(target):
    with pytest.raises(memrw.NotSupported):
        target.u32.load("table")
