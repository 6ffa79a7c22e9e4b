# SPDX-License-Identifier: LGPL-2.1-or-later
"""Regions: what the target has mapped, and where."""
from __future__ import annotations

import dataclasses
from typing import Any, Iterable

from ._native import ffi, lib, own, text
from .errors import failure, last_errno


@dataclasses.dataclass(frozen=True, slots=True)
class Region:
    """One mapping of the target, as /proc/PID/maps has it.

    Its addresses are those from start to before end.  device is the pair of numbers
    of the file's filesystem.  name is a path, "[heap]", "[stack]" and the like; "" for none.
    """

    start: int
    end: int
    readable: bool
    writable: bool
    executable: bool
    shared: bool
    offset: int
    device: tuple[int, int]
    inode: int
    name: str

    @property
    def size(self) -> int:
        """Bytes."""
        return self.end - self.start

    @property
    def permissions(self) -> str:
        """As "rw-p"."""
        return ("r" if self.readable else "-") + ("w" if self.writable else "-") + \
            ("x" if self.executable else "-") + ("s" if self.shared else "p")

    def __contains__(self, address: int) -> bool:
        return self.start <= address < self.end


def _region(native: Any) -> Region:
    bits = native.properties
    return Region(
        native.start, native.end,
        bool(bits & lib.MEMRW_REGION_READ), bool(bits & lib.MEMRW_REGION_WRITE),
        bool(bits & lib.MEMRW_REGION_EXEC), bool(bits & lib.MEMRW_REGION_SHARED),
        native.offset, (native.device_major, native.device_minor), native.inode,
        text(native.name))


def open_filter(terms: Iterable[str]) -> Any:
    """The library's filter: "writable", "heap", "module=NAME" and the like."""
    chosen = lib.memrw_region_filter_open()
    if not chosen:
        raise failure(last_errno(), "filter")
    chosen = own(chosen, lib.memrw_region_filter_close)
    for term in terms:
        if lib.memrw_region_filter_add(chosen, term.encode()) < 0:
            raise failure(last_errno(), f"filter '{term}'")
    return chosen


def list_regions(target: Any, terms: Iterable[str]) -> list[Region]:
    """Those of the library's target that a filter of these terms accepts."""
    chosen = open_filter(terms)
    walk = lib.memrw_region_iter_open(target)
    if not walk:
        raise failure(last_errno(), "regions")
    walk = own(walk, lib.memrw_region_iter_close, target)
    native = ffi.new("struct memrw_region *")
    found = []
    while (more := lib.memrw_region_iter_next(walk, native)) > 0:
        if lib.memrw_region_filter_accepts(chosen, native):
            found.append(_region(native))
    if more < 0:
        raise failure(last_errno(), "regions")
    return found
