# SPDX-License-Identifier: LGPL-2.1-or-later
"""Scans: finding a value in the target's memory, and narrowing down."""
from __future__ import annotations

import errno
import os
import threading
from typing import Any, Callable, Iterator, Sequence

from ._native import ffi, lib, own, text
from .errors import Error, failure, last_errno, not_found
from .match import Match, Value, encode, make_match, parse_types, type_names
from .region import open_filter

__all__ = ["Scan", "Match", "Value"]

#: Told how many bytes of how many were looked at; what is true ends the pass.
Progress = Callable[[int, int], object]

# How often a pass comes back to Python, ms: Ctrl-C works within this.
_INTERVAL = 100

_ROUNDINGS = {"exact": lib.MEMRW_SCAN_EXACT, "rounded": lib.MEMRW_SCAN_ROUNDED,
              "truncated": lib.MEMRW_SCAN_TRUNCATED}


class _Pass:
    """What the library calls back, and what that raised."""

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.failure: BaseException | None = None


def _note_failure(_kind: Any, value: BaseException, traceback: Any) -> None:
    """An exception, KeyboardInterrupt for one, ends the pass, and is raised behind it."""
    run = ffi.from_handle(traceback.tb_frame.f_locals["data"])
    run.failure = value


@ffi.def_extern(name="memrw_python_progress", error=1, onerror=_note_failure)  # type: ignore[misc]
def _progress(data: Any, done: int, total: int) -> int:
    run = ffi.from_handle(data)
    return 1 if run.progress and run.progress(done, total) else 0


def _scan_failure(number: int) -> Error:
    """It is a snapshot, or a pass to make one of, that is not there, and no device."""
    return not_found("snapshot") if number == errno.ENOENT else failure(number, "scan")


class Scan:
    """A search in the target: each pass keeps the matches that are still wanted.

    Iterating gives a Match each, (address, value), by rising address, with the
    value when the last pass saw it; matches() reads those of now.  A pass returns how many
    matches there are; it releases the interpreter's lock, and Ctrl-C ends it: all is as before
    then.  What is searched for is said when it is made, by Target.scan():

    types: "i32" and the like, "int", "number" (any of them), "str", "str16" or "bytes";
    big_endian; alignment, 0 for the type's own; fold_case, for strings; undo, how many steps
    back are kept at least; threads, 0 for all processors; rounding, "exact", "rounded" or
    "truncated", and tolerance, for floating-point numbers.
    """

    def __init__(self, target: Any, types: str, regions: Sequence[str], *, big_endian: bool,
                 alignment: int, fold_case: bool, undo: int, threads: int, rounding: str,
                 tolerance: float, progress: Progress | None) -> None:
        self._lock = threading.RLock()
        self._running = False
        native = lib.memrw_scan_open(target)
        if not native:
            raise failure(last_errno(), "scan")
        self._native: Any = own(native, lib.memrw_scan_close, target)
        #: Called with (done, total), in bytes, during passes; what is true ends the pass.
        self.progress = progress
        if rounding not in _ROUNDINGS:
            raise ValueError(f"no rounding {rounding!r}: exact, rounded or truncated")
        self._set(lib.memrw_scan_set_types, parse_types(types))
        self._set(lib.memrw_scan_set_filter, open_filter(regions))
        self._set(lib.memrw_scan_set_big_endian, big_endian)
        self._set(lib.memrw_scan_set_alignment, alignment)
        self._set(lib.memrw_scan_set_fold_case, fold_case)
        self._set(lib.memrw_scan_set_undo, undo, 64 << 20)
        self._set(lib.memrw_scan_set_threads, threads)
        self._set(lib.memrw_scan_set_rounding, _ROUNDINGS[rounding])
        self._set(lib.memrw_scan_set_tolerance, tolerance)

    def _open(self) -> Any:
        """One call at a time: not during a pass from the function that tells of it."""
        if self._native is None:
            raise ValueError("the scan is closed")
        if self._running:
            raise RuntimeError("the scan is in a pass")
        return self._native

    def _set(self, function: Callable[..., int], *values: Any) -> None:
        with self._lock:
            if function(self._open(), *values) < 0:
                raise _scan_failure(last_errno())

    def close(self) -> None:
        """End it; again is fine."""
        with self._lock:
            if self._native is not None:
                native, self._native = self._open(), None
                ffi.release(native)

    @property
    def closed(self) -> bool:
        """Was it closed?"""
        return self._native is None

    def __enter__(self) -> Scan:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Passes

    def _call(self, condition: Any) -> int:
        run = _Pass(self.progress)
        handle = ffi.new_handle(run)
        native = self._open()
        self._running = True
        try:
            lib.memrw_scan_set_progress(native, lib.memrw_python_progress, handle, _INTERVAL)
            result = lib.memrw_scan_run(native, condition)
            number = last_errno()
        finally:
            lib.memrw_scan_set_progress(native, ffi.NULL, ffi.NULL, _INTERVAL)
            self._running = False
        if run.failure:
            raise run.failure
        return 0 if result == 0 else number

    def _pass(self, op: int, value: Value | None = None, upper: Value | None = None,
              snapshot: str | None = None, pointees: Sequence[str] | None = None) -> int:
        condition = ffi.new("struct memrw_scan_condition *")
        texts = [ffi.NULL if given is None else ffi.new("char[]", encode(given))
                 for given in (value, upper, snapshot)]
        chosen = ffi.NULL if pointees is None else open_filter(pointees)
        condition.size = ffi.sizeof("struct memrw_scan_condition")
        condition.op, condition.pointees = op, chosen
        condition.value, condition.upper, condition.snapshot = texts
        with self._lock:
            number = self._call(condition)
            if number:
                raise _scan_failure(number)
            return self.count

    def unknown(self) -> int:
        """A first pass keeps all values there are; a later one takes those of now."""
        return self._pass(lib.MEMRW_SCAN_UNKNOWN)

    def equal(self, value: Value) -> int:
        """Keep what is equal; of "bytes", bytes or text as "de ?? 4? ?f"."""
        return self._pass(lib.MEMRW_SCAN_EQ, value)

    def not_equal(self, value: Value) -> int:
        """Keep what is not equal."""
        return self._pass(lib.MEMRW_SCAN_NE, value)

    def less(self, value: Value) -> int:
        """Keep what is less."""
        return self._pass(lib.MEMRW_SCAN_LT, value)

    def greater(self, value: Value) -> int:
        """Keep what is greater."""
        return self._pass(lib.MEMRW_SCAN_GT, value)

    def between(self, lowest: Value, highest: Value) -> int:
        """Keep what is in a range, both ends included."""
        return self._pass(lib.MEMRW_SCAN_RANGE, lowest, highest)

    def changed(self, snapshot: str | None = None) -> int:
        """Keep what is not what it was, when last seen or in a snapshot."""
        return self._pass(lib.MEMRW_SCAN_CHANGED, snapshot=snapshot)

    def unchanged(self, snapshot: str | None = None) -> int:
        """Keep what is what it was."""
        return self._pass(lib.MEMRW_SCAN_UNCHANGED, snapshot=snapshot)

    def increased(self, by: Value | None = None, snapshot: str | None = None) -> int:
        """Keep what is greater than it was, or greater by so much."""
        op = lib.MEMRW_SCAN_INCREASED if by is None else lib.MEMRW_SCAN_INCREASED_BY
        return self._pass(op, by, snapshot=snapshot)

    def decreased(self, by: Value | None = None, snapshot: str | None = None) -> int:
        """Keep what is less than it was, or less by so much."""
        op = lib.MEMRW_SCAN_DECREASED if by is None else lib.MEMRW_SCAN_DECREASED_BY
        return self._pass(op, by, snapshot=snapshot)

    def points_into(self, *regions: str) -> int:
        """Keep addresses of these regions, a choice as of Target.regions()."""
        return self._pass(lib.MEMRW_SCAN_POINTS_INTO, pointees=regions)

    # What there is

    @property
    def count(self) -> int:
        """How many matches there are."""
        with self._lock:
            return int(lib.memrw_scan_count(self._open()))

    def __iter__(self) -> Iterator[Match]:
        return self._walk(0)

    def matches(self) -> Iterator[Match]:
        """The same as iterating, with the values that the target has now, read in batches."""
        return self._walk(lib.MEMRW_SCAN_READ)

    def _walk(self, flags: int) -> Iterator[Match]:
        with self._lock:
            scan = self._open()
            walk = lib.memrw_scan_iter_open(scan, 0, flags)
            if not walk:
                raise failure(last_errno(), "matches")
            walk = own(walk, lib.memrw_scan_iter_close, scan)
        native = ffi.new("struct memrw_scan_match *")
        while (match := self._next(walk, native, bool(flags))) is not None:
            yield match

    def _next(self, walk: Any, native: Any, read: bool) -> Match | None:
        with self._lock:
            scan = self._open()
            more = lib.memrw_scan_iter_next(walk, native)
            if more < 0:
                raise failure(last_errno(), "matches")
            if more == 0:
                return None
            there = native.current if read else native.old
            data = bytes(ffi.buffer(there, native.length)) if there else None
            return make_match(native.address, type_names(native.types), data,
                              lib.memrw_scan_big_endian(scan))

    def undo(self) -> int:
        """Back to the matches before the last pass; returns how many."""
        with self._lock:
            if lib.memrw_scan_undo(self._open()) < 0:
                raise not_found("step back")
            return self.count

    def remove(self, address: int) -> None:
        """Remove one match."""
        with self._lock:
            if lib.memrw_scan_remove(self._open(), address) < 0:
                raise not_found(f"match at {address:#x}")

    def reset(self) -> None:
        """Forget matches, steps and snapshots: the next pass is a first one."""
        with self._lock:
            lib.memrw_scan_reset(self._open())

    # Snapshots and files

    def save_snapshot(self, name: str) -> None:
        """Keep the matches and values of the last pass under a name."""
        self._set(lib.memrw_scan_snapshot_save, name.encode())

    def drop_snapshot(self, name: str) -> None:
        """Forget one."""
        with self._lock:
            if lib.memrw_scan_snapshot_drop(self._open(), name.encode()) < 0:
                raise not_found(f"snapshot {name}")

    @property
    def snapshots(self) -> list[str]:
        """Their names, sorted."""
        names: list[str] = []
        with self._lock:
            while name := lib.memrw_scan_snapshot_name(self._open(), len(names)):
                names.append(text(name))
        return names

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the matches to a file, as module and offset where they have such."""
        with open(path, "wb") as file:
            self._set(lib.memrw_scan_save, file.fileno())

    def load(self, path: str | os.PathLike[str]) -> int:
        """A first pass that takes the matches from a file; returns how many."""
        with open(path, "rb") as file:
            self._set(lib.memrw_scan_load, file.fileno(), ffi.NULL)
        return self.count
