# SPDX-License-Identifier: LGPL-2.1-or-later
"""Watches: which instructions access an address of the target."""
from __future__ import annotations

import asyncio
import collections
import dataclasses
import enum
import errno
import threading
import time
from typing import Any, AsyncIterator, Iterator

from ._native import ffi, lib, own
from .errors import failure, last_errno

_KINDS = {"write": lib.MEMRW_WATCH_WRITE, "read_write": lib.MEMRW_WATCH_READ_WRITE,
          "execute": lib.MEMRW_WATCH_EXECUTE}

# A signal that arrives just before the wait does not end it: Ctrl-C works within this, ms.
_SLICE = 200

_AT_ONCE = 64


class Ending(enum.IntEnum):
    """Why a watch has ended; NONE, which is false, while it has not."""

    NONE = lib.MEMRW_ENDING_NONE
    LIMIT = lib.MEMRW_ENDING_LIMIT
    EXECED = lib.MEMRW_ENDING_EXECED
    EXITED = lib.MEMRW_ENDING_EXITED


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """One time that a watch fired.

    tid is the thread's, time that of CLOCK_MONOTONIC in ns.  ip is the address behind the
    instruction (of an "execute" watch, the instruction's).  before and value, zero-extended, are
    None where they are not known: on procfs.  kernel: it was the kernel, in a system call.
    lost is how many hits were dropped since the one before.  registers are those of
    <asm/perf_regs.h>, callers return addresses, innermost first.
    """

    tid: int
    time: int
    ip: int
    before: int | None
    value: int | None
    kernel: bool
    lost: int
    architecture: int
    registers: tuple[int, ...]
    callers: tuple[int, ...]


def _hit(native: Any) -> Hit:
    known = not native.flags & lib.MEMRW_HIT_NO_VALUE
    return Hit(
        native.tid, native.time, native.ip,
        native.before if known else None, native.value if known else None,
        bool(native.flags & lib.MEMRW_HIT_KERNEL), native.lost, native.architecture,
        tuple(native.registers[0:native.nr_registers]),
        tuple(native.callers[0:native.nr_callers]))


def make_filter(*, changed: bool, once_per_ip: bool, stop: bool, signed: bool,
                equal: int | None, cross: int | None, instructions: tuple[int, int],
                every: int, limit: int, capacity: int) -> Any:
    """The library's: which hits are wanted."""
    if equal is not None and cross is not None:
        raise ValueError("equal and cross: one of them")
    wanted = ffi.new("struct memrw_watch_filter *")
    wanted.flags = ((lib.MEMRW_WATCH_CHANGED if changed else 0) |
                    (lib.MEMRW_WATCH_ONCE_PER_IP if once_per_ip else 0) |
                    (lib.MEMRW_WATCH_STOP if stop else 0) |
                    (lib.MEMRW_WATCH_SIGNED if signed else 0))
    operand = equal if equal is not None else cross
    if operand is not None:
        wanted.test = lib.MEMRW_WATCH_IF_CROSS if equal is None else lib.MEMRW_WATCH_IF_EQUAL
        wanted.operand = operand % 2 ** 64
    wanted.ip_first, wanted.ip_last = instructions
    wanted.every, wanted.limit, wanted.capacity = every, limit, capacity
    return wanted


class Watch:
    """A hardware watchpoint or breakpoint on all threads of the target.

    An iterator of its hits, for one thread, which waits for the next and stops when the watch
    has ended; "async for" does the same in asyncio.  It goes on without the target's object.

    length is 1, 2, 4 or 8, and the address a multiple of it; kind is "write", "read_write"
    or "execute" (length 1).  What else Target.watch() takes says which hits are wanted, see
    memrw_watch_open(3): changed, once_per_ip, stop (the target, at each hit), equal or cross
    a number (signed), instructions (first, last), every n-th of them; limit ends it after so
    many; capacity is how many may wait.
    """

    def __init__(self, target: Any, address: int, length: int, kind: str, wanted: Any) -> None:
        self._closed = False
        self._lock = threading.RLock()
        if kind not in _KINDS:
            raise ValueError(f"no kind {kind!r}: write, read_write or execute")
        native = lib.memrw_watch_open(target, address, length, _KINDS[kind], wanted)
        if not native:
            raise failure(last_errno(), f"watch {address:#x}", address)
        self._native: Any = own(native, lib.memrw_watch_close)
        self._hits = ffi.new("struct memrw_hit[]", _AT_ONCE)
        self._waiting: collections.deque[Hit] = collections.deque()
        #: What is watched.
        self.address = address

    def _open(self) -> Any:
        if self._closed:
            raise ValueError("the watch is closed")
        return self._native

    def close(self) -> None:
        """Take it away; again is fine."""
        # First: a thread that reads would come back to the lock before this one.
        self._closed = True
        with self._lock:
            native, self._native = self._native, None
            if native is not None:
                ffi.release(native)

    @property
    def closed(self) -> bool:
        """Was it closed?"""
        return self._closed

    def __enter__(self) -> Watch:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fileno(self) -> int:
        """A descriptor that is readable when read() need not wait: only to be polled."""
        return int(lib.memrw_watch_fd(self._open()))

    @property
    def ending(self) -> Ending:
        """Why it has ended, when all of its hits were read."""
        with self._lock:
            return Ending(lib.memrw_watch_ending(self._open(), ffi.NULL))

    @property
    def lost(self) -> int:
        """Hits that were dropped after the last one that was read."""
        with self._lock:
            lost = ffi.new("uint64_t *")
            lib.memrw_watch_ending(self._open(), lost)
            return int(lost[0])

    def _take(self, limit: int, wait: int) -> list[Hit] | None:
        """None if there was no hit in so many ms, nor the end."""
        with self._lock:
            count = lib.memrw_watch_read(self._open(), self._hits, min(limit, _AT_ONCE), wait)
            if count >= 0:
                return [_hit(native) for native in self._hits[0:count]]
        if last_errno() in (errno.EAGAIN, errno.EINTR):
            return None
        raise failure(last_errno(), f"watch {self.address:#x}", self.address)

    def read(self, timeout: float | None = None, limit: int = _AT_ONCE) -> list[Hit]:
        """Hits in the order of their times, at most limit; waits for the first.

        Empty if there was none in so many seconds, and when the watch has ended.
        """
        waiting = [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]
        if waiting:
            return waiting
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _SLICE if end is None else max(0, int((end - time.monotonic()) * 1000))
            hits = self._take(limit, min(left, _SLICE))
            if hits is not None:
                return hits
            if end is not None and time.monotonic() >= end:
                return []

    def __iter__(self) -> Iterator[Hit]:
        return self

    def __next__(self) -> Hit:
        if not self._waiting:
            self._waiting.extend(self.read())
        if not self._waiting:
            raise StopIteration
        return self._waiting.popleft()

    def __aiter__(self) -> AsyncIterator[Hit]:
        return self

    async def __anext__(self) -> Hit:
        if not self._waiting:
            self._waiting.extend(await self._wait())
        if not self._waiting:
            raise StopAsyncIteration
        return self._waiting.popleft()

    async def _wait(self) -> list[Hit]:
        """On procfs the descriptor tells of a hit once: first to be told, then to look."""
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        descriptor = self.fileno()
        loop.add_reader(descriptor, told.set)
        try:
            while True:
                told.clear()
                hits = self._take(_AT_ONCE, 0)
                if hits is not None:
                    return hits
                await told.wait()
        finally:
            loop.remove_reader(descriptor)
