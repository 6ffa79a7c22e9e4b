# SPDX-License-Identifier: GPL-2.0-only
"""Many transfers in one call."""
import pytest

import memrw
from conftest import wait_until

EDGE, EDGE_END = 0x10000000, 0x10010000


def test_each_segment_has_a_result_and_a_failing_one_costs_no_other(target):
    table = target.resolve("table")
    segments = target.readv([("table", 8), (1, 4), (EDGE_END - 2, 6), ("counter", 4), (EDGE, 0)])
    assert [segment.data for segment in segments] == [
        b"\x0a\0\0\0\x14\0\0\0", b"", b"ee", b"\x29\0\0\0", b""]
    assert [segment.done for segment in segments] == [8, 0, 2, 4, 0]
    assert [segment.length for segment in segments] == [8, 4, 6, 4, 0]
    assert [segment.error and segment.error.address for segment in segments] == [
        None, 1, EDGE_END, None, None]
    assert isinstance(segments[1].error, memrw.NotMapped)
    assert segments[0].address == table


def test_a_batch_of_writes_does_all_that_can_be_done(program, target):
    segments = target.writev([("text", b"one\0"), (1, b"x"), ("counter", b"\x07\0\0\0")])
    assert [segment.done for segment in segments] == [4, 0, 4]
    assert isinstance(segments[1].error, memrw.NotMapped)
    assert program.ask() == "7 one 101 3"


def test_a_batch_may_be_empty_or_long(target):
    assert target.readv([]) == []
    table = target.resolve("table")
    segments = target.readv((table + 4 * (i % 4), 4) for i in range(5000))
    assert [segment.data[0] for segment in segments[:5]] == [10, 20, 30, 40, 10]
    assert all(segment.error is None for segment in segments)
    assert len(segments) == 5000


def test_a_batch_on_no_target_is_raised(program, target):
    program.end()
    wait_until(lambda: target.state == memrw.State.EXITED)
    with pytest.raises(memrw.TargetExited):
        target.readv([(EDGE, 4), (EDGE, 4)])
