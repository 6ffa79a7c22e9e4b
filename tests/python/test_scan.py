# SPDX-License-Identifier: GPL-2.0-only
"""Scans."""
import threading

import pytest

import memrw
from conftest import SECONDS

MODULE = ["module=memrw-target", "writable"]


def addresses(scan):
    """Where its matches are."""
    return [address for address, _ in scan]


def test_a_value_is_found_and_narrowed_down(target):
    counter = target.resolve("counter")
    with target.scan("i32", 41) as scan:
        assert counter in addresses(scan)
        target.i32["counter"] = 52
        assert scan.changed() >= 1 and counter in addresses(scan)
        assert scan.equal(52) == scan.count
        target.i32["counter"] = 53
        assert scan.increased(by=1) == 1
        assert list(scan) == [(counter, 53)]
        target.i32["counter"] = 50
        assert list(scan) == [(counter, 53)]
        assert list(scan.matches()) == [(counter, 50)]
        assert scan.unchanged() == 0
        assert scan.undo() == 1
        assert scan.decreased() == 1
        assert scan.between(49, 51) == 1
        assert scan.not_equal(50) == 0


def test_ranges_and_bounds_are_for_a_first_pass_too(target):
    table = target.resolve("table")
    for look in (lambda scan: scan.between(10, 40), lambda scan: scan.less(41),
                 lambda scan: scan.greater(9)):
        with target.scan("u32", regions=MODULE) as scan:
            assert look(scan) > 0
            assert {table, table + 4, table + 8, table + 12} <= set(addresses(scan))


def test_an_unknown_value_is_found_by_how_it_changes(target):
    with target.scan("i32", regions=MODULE) as scan:
        assert scan.unknown() > 100
        target.i32["counter"] += 5
        scan.increased()
        target.i32["counter"] -= 2
        assert scan.decreased(by=2) == 1
        assert addresses(scan) == [target.resolve("counter")]


@pytest.mark.parametrize("types, value, symbol", [
    ("i8", -8, "small"), ("i64", -5000000000, "negative"), ("u64", 2 ** 64 - 1, "large"),
    ("f64", -2.5, "number"), ("str", "hello, target", "text"),
    ("bytes", b"hello,", "text"), ("ptr", 0x7ffd0000, "pointer")])
def test_a_match_has_the_value_as_its_type_has_it(target, types, value, symbol):
    with target.scan(types, value, regions=MODULE) as scan:
        match = next(match for match in scan if match.address == target.resolve(symbol))
        assert match.value == value
        assert match.types == (types,)


def test_a_pattern_has_wildcards(target):
    with target.scan("bytes", "68 65 6? 6c ?? 2c", regions=MODULE) as scan:
        assert list(scan) == [(target.resolve("text"), b"hello,")]


def test_of_several_types_each_match_says_which_it_may_be(target):
    with target.scan("int", 41, regions=MODULE) as scan:
        match = next(match for match in scan if match.address == target.resolve("counter"))
        assert "i32" in match.types and match.value == 41


def test_floating_point_numbers_can_be_rounded(target):
    with target.scan("f64", -2.5, regions=MODULE) as scan:
        assert scan.count >= 1
    with target.scan("f32", "0.1", regions=MODULE, rounding="rounded") as scan:
        assert target.resolve("single") in addresses(scan)
    with target.scan("f32", 0.11, regions=MODULE, tolerance=0.05) as scan:
        assert target.resolve("single") in addresses(scan)


def test_pointers_are_found_by_where_they_point(target):
    with target.scan("ptr", regions=MODULE) as scan:
        scan.points_into("module=memrw-target")
        assert target.resolve("chain") in addresses(scan)


def test_matches_can_be_removed_and_passes_undone(target):
    with target.scan("u32", regions=MODULE, undo=3) as scan:
        assert scan.between(10, 40) > scan.equal(10)
        scan.remove(target.resolve("table"))
        with pytest.raises(memrw.NotFound):
            scan.remove(target.resolve("table"))
        assert scan.undo() > 1
        with pytest.raises(LookupError):
            scan.undo()
            scan.undo()
        scan.reset()
        assert scan.count == 0 and scan.equal(10) >= 1


def test_a_snapshot_is_what_later_passes_compare_with(target):
    with target.scan("i32", 41, regions=MODULE) as scan:
        scan.save_snapshot("before")
        target.i32["counter"] = 50
        scan.changed()
        target.i32["counter"] = 41
        scan.changed()
        assert scan.unchanged("before") == 1
        assert scan.snapshots == ["before"]
        scan.drop_snapshot("before")
        assert scan.snapshots == []
        for use in (scan.drop_snapshot, scan.changed):
            with pytest.raises(memrw.NotFound):
                use("before")
        scan.reset()
        with pytest.raises(memrw.NotFound):
            scan.save_snapshot("before a pass")


def test_matches_are_saved_and_loaded(target, tmp_path):
    with target.scan("u32", 20, regions=MODULE) as scan:
        scan.save(tmp_path / "matches")
        saved = list(scan)
    with target.scan("i8") as scan:
        assert scan.load(tmp_path / "matches") == len(saved)
        assert list(scan) == saved


def test_a_pass_tells_how_far_it_is_and_can_be_ended(target):
    told = []
    with target.scan("i32", progress=lambda *how_far: told.append(how_far)) as scan:
        before = scan.equal(41)
        assert told[-1][0] == told[-1][1] > 0
        scan.progress = lambda done, total: True
        with pytest.raises(memrw.Canceled):
            scan.unchanged()
        scan.progress = None
        assert scan.count == before


def test_what_progress_raises_ends_the_pass_and_is_raised(target):
    def interrupt(_done, _total):
        raise KeyboardInterrupt

    with target.scan("i32", progress=interrupt) as scan:
        with pytest.raises(KeyboardInterrupt):
            scan.equal(41)
        scan.progress = lambda done, total: scan.equal(1)
        with pytest.raises(RuntimeError, match="in a pass"):
            scan.equal(41)


@pytest.mark.parametrize("use", [lambda scan: scan.equal("many"), lambda scan: scan.changed(),
                                 lambda scan: scan.equal(2 ** 40)])
def test_a_condition_that_cannot_be_is_an_invalid_argument(target, use):
    with target.scan("i32") as scan:
        with pytest.raises(memrw.InvalidArgument):
            use(scan)


def test_an_unknown_type_or_rounding_is_a_value_error(target):
    for arguments in ({"types": "i33"}, {"rounding": "up"}, {"regions": ["nowhere"]}):
        with pytest.raises(ValueError):
            target.scan(**arguments)


def test_a_closed_scan_is_a_value_error(target):
    scan = target.scan("i32", 41)
    matches = iter(scan)
    next(matches)
    scan.close()
    scan.close()
    for use in (scan.unknown, lambda: next(matches), lambda: scan.count):
        with pytest.raises(ValueError, match="closed"):
            use()


def test_two_scans_of_one_target_run_at_once(target):
    counts = []

    def look(value):
        with target.scan("u32", value, regions=MODULE) as scan:
            counts.append((value, scan.count > 0))

    threads = [threading.Thread(target=look, args=(value,)) for value in (10, 20, 30, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert sorted(counts) == [(10, True), (20, True), (30, True), (40, True)]
