# SPDX-License-Identifier: LGPL-2.1-or-later
"""Batches: many transfers in one call, each with a result of its own."""
from __future__ import annotations

import dataclasses
import errno
from typing import Any, Callable, Sequence

from ._native import ffi
from .errors import Error, failure, last_errno


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """One transfer of a batch, done.

    done of length bytes were moved, always from the start; data is what was read.
    error is None where all were: it is not raised, for the others went on.
    """

    address: int
    length: int
    done: int
    data: bytes
    error: Error | None


def _result(what: str, native: Any, buffer: Any, reading: bool) -> Segment:
    done = max(native.result, 0)
    error = None
    if done < native.length:
        number = -native.result if native.result < 0 else errno.EIO
        error = failure(number, f"{what} {native.address + done:#x}", native.address + done)
        error.done = done
    data = bytes(memoryview(buffer)[:done]) if reading else b""
    return Segment(native.address, native.length, done, data, error)


def _run(function: Callable[..., int], target: Any, segments: Any, flags: int, what: str) -> None:
    """All that have a result, or an error as theirs: the target may end in between."""
    count, done = len(segments), 0
    while done < count:
        moved = function(target, segments + done, count - done, flags)
        if moved >= 0:
            done += moved
            continue
        number = last_errno()
        if number == errno.EINTR:
            continue
        if done == 0:
            raise failure(number, what)
        for native in segments[done:count]:
            native.result = -number
        return


def transfer(function: Callable[..., int], target: Any, places: Sequence[tuple[int, Any]],
             flags: int, reading: bool) -> list[Segment]:
    """A batch of the library's: an address and a buffer, for each place."""
    what = "read" if reading else "write"
    segments = ffi.new("struct memrw_target_segment[]", len(places))
    memory = [ffi.from_buffer(buffer, require_writable=reading) for _, buffer in places]
    for native, (address, _), buffer in zip(segments, places, memory):
        native.address, native.buffer, native.length = address, buffer, len(buffer)
    _run(function, target, segments, flags, what)
    return [_result(what, native, buffer, reading)
            for native, (_, buffer) in zip(segments, places)]
