# SPDX-License-Identifier: LGPL-2.1-or-later
"""Targets: the memory of one process, opened."""
from __future__ import annotations

import enum
import errno
import sys
from typing import Any, Callable, Iterable, NamedTuple, Sequence, Union

from ._native import ffi, lib, own, text
from .errors import Error, address_failure, failure, last_errno
from .region import Region, list_regions
from .scan import Progress, Scan, Value
from .segment import Segment, transfer
from .values import Integers, Typed, Values
from .watch import Watch, make_filter
from .window import Window

#: A number; or text as "libc.so.6+0x10", "[heap]", a symbol, "[[game+0x1234]+0x18]+8".
Address = Union[int, str]

LAST_ADDRESS = 2 ** 64 - 1

_BACKENDS = {"auto": lib.MEMRW_BACKEND_AUTO, "driver": lib.MEMRW_BACKEND_DRIVER,
             "procfs": lib.MEMRW_BACKEND_PROCFS}


class State(enum.IntEnum):
    """What became of a target."""

    BOUND = lib.MEMRW_STATE_BOUND
    EXECED = lib.MEMRW_STATE_EXECED
    EXITED = lib.MEMRW_STATE_EXITED


class Symbol(NamedTuple):
    """A function or object of an ELF file, and where it begins."""

    name: str
    start: int


def _flags(force: bool, populate: bool = True) -> int:
    return int((lib.MEMRW_FORCE if force else 0) | (0 if populate else lib.MEMRW_NO_POPULATE))


class Target:
    """The memory of one process: what memrw.open() returns.

    All transfers may be called from several threads at once, and release the
    interpreter's lock.  close() may be called at any time, and again; what still uses the
    target then, a window, a scan, a call of another thread, goes on: the library gives it up
    when the last of them has ended.
    """

    u8 = Typed(Integers)
    i8 = Typed(Integers)
    u16 = Typed(Integers)
    i16 = Typed(Integers)
    u32 = Typed(Integers)
    i32 = Typed(Integers)
    u64 = Typed(Integers)
    i64 = Typed(Integers)
    ptr = Typed(Integers)
    f32: Typed[Values[float]] = Typed(Values)
    f64: Typed[Values[float]] = Typed(Values)

    def __init__(self, pid: int, *, backend: str = "auto", read_only: bool = False) -> None:
        self._native: Any = None
        if backend not in _BACKENDS:
            raise ValueError(f"no backend {backend!r}: auto, driver or procfs")
        native = lib.memrw_target_open(pid, _BACKENDS[backend],
                                       lib.MEMRW_OPEN_READ_ONLY if read_only else 0)
        if not native:
            raise failure(last_errno(), f"process {pid}")
        self._native = own(native, lib.memrw_target_close)

    def _handle(self) -> Any:
        """The library's struct memrw_target, for as long as it is referred to."""
        if self._native is None:
            raise ValueError("the target is closed")
        return self._native

    def close(self) -> None:
        """Give the target up; again is fine."""
        self._native = None

    @property
    def closed(self) -> bool:
        """Was it closed?"""
        return self._native is None

    def __enter__(self) -> Target:
        self._handle()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        if self.closed:
            return "<memrw.Target, closed>"
        return f"<memrw.Target {self.pid} ({self.name}) by {self.backend}>"

    @property
    def pid(self) -> int:
        """The pid that it was opened by."""
        return int(lib.memrw_target_pid(self._handle()))

    @property
    def name(self) -> str:
        """The name of the process when it was opened, as in /proc/PID/comm."""
        return text(lib.memrw_target_comm(self._handle()))

    @property
    def backend(self) -> str:
        """Which backend is in use: "driver" or "procfs"."""
        return text(lib.memrw_backend_name(lib.memrw_target_backend(self._handle())))

    @property
    def fallback_reason(self) -> Error | None:
        """Why "auto" did not take the driver; None where it did, or was not asked for."""
        number = lib.memrw_target_fallback_reason(self._handle())
        return failure(number, "driver") if number else None

    @property
    def state(self) -> State:
        """What became of it."""
        state = ffi.new("enum memrw_state *")
        if lib.memrw_target_state(self._handle(), state) < 0:
            raise failure(last_errno(), "state")
        return State(state[0])

    # Transfers

    def _move(self, function: Callable[..., int], address: Address, memory: Any,
              flags: int, what: str) -> None:
        """All of it, or an error that says how far it came.  A signal's handler may raise."""
        native, start = self._handle(), self.resolve(address)
        done, length = 0, len(memory)
        while done < length:
            at_end = start + done > LAST_ADDRESS
            moved = -1 if at_end else function(native, start + done, memory + done,
                                               length - done, flags)
            if moved >= 0:
                done += moved
                continue
            number = errno.EIO if at_end else last_errno()
            if number == errno.EINTR:
                continue
            error = failure(number, f"{what} {start + done:#x}", start + done)
            error.done = done
            raise error

    def read(self, address: Address, length: int, *, force: bool = False,
             populate: bool = True) -> bytes:
        """So many bytes, all of them.

        Where some cannot be read, the error's partial has those before.  force ignores the
        protection of pages; without populate, memory that the target never touched is
        read as zeros, and the target does not grow by it.
        """
        buffer = bytearray(length)
        try:
            self.readinto(address, buffer, force=force, populate=populate)
        except Error as error:
            error.partial = bytes(buffer[:error.done])
            raise
        return bytes(buffer)

    def readinto(self, address: Address, buffer: Any, *, force: bool = False,
                 populate: bool = True) -> None:
        """As many bytes as the buffer has, which is any that can be written."""
        memory = ffi.from_buffer("char[]", buffer, require_writable=True)
        self._move(lib.memrw_target_read, address, memory, _flags(force, populate), "read")

    def write(self, address: Address, data: Any, *, force: bool = False) -> None:
        """All bytes of a buffer; where that fails, the error's done says how many were."""
        memory = ffi.from_buffer("char[]", data)
        self._move(lib.memrw_target_write, address, memory, _flags(force), "write")

    def read_string(self, address: Address, limit: int = 4096) -> bytes:
        """The bytes before the first NUL, and before what cannot be read; at most limit."""
        try:
            found = self.read(address, limit)
        except Error as error:
            if not error.partial:
                raise
            found = error.partial
        return found.split(b"\0", 1)[0]

    def readv(self, places: Iterable[tuple[Address, int]], *, force: bool = False,
              populate: bool = True) -> list[Segment]:
        """Many reads in one call: (address, length) each.

        A segment that fails, wholly or in part, has its error, and costs no other.
        """
        buffers = [(self.resolve(address), bytearray(length)) for address, length in places]
        return transfer(lib.memrw_target_readv, self._handle(), buffers,
                        _flags(force, populate), True)

    def writev(self, places: Iterable[tuple[Address, Any]], *,
               force: bool = False) -> list[Segment]:
        """Many writes in one call: (address, buffer) each; as readv()."""
        buffers = [(self.resolve(address), data) for address, data in places]
        return transfer(lib.memrw_target_writev, self._handle(), buffers, _flags(force), False)

    # Places

    def resolve(self, address: Address) -> int:
        """An address as text, turned into a number: see memrw_address_resolve(3)."""
        if not isinstance(address, str):
            if not 0 <= address <= LAST_ADDRESS:
                raise OverflowError(f"{address:#x} is no address of 64 bits")
            return address
        number = ffi.new("uint64_t *")
        encoded = address.encode(errors="surrogateescape")
        if lib.memrw_address_resolve(self._handle(), encoded, number) < 0:
            raise address_failure(address)
        return int(number[0])

    def symbol(self, address: Address) -> Symbol | None:
        """The function or object that an address is in, by the file mapped there, if any."""
        start, number = ffi.new("uint64_t *"), self.resolve(address)
        name = lib.memrw_address_symbol(self._handle(), number, start)
        if name:
            return Symbol(text(own(name, lib.free)), int(start[0]))
        if last_errno() in (errno.ENOENT, errno.ENOEXEC):
            return None
        raise failure(last_errno(), f"symbol of {number:#x}", number)

    def regions(self, *terms: str) -> list[Region]:
        """The mappings, by rising address: all, or those of a choice as of
        memrw_region_filter_add(3): "writable", "heap", "module=NAME", "START-END", ..."""
        return list_regions(self._handle(), terms)

    # More than a transfer

    def window(self, address: Address, length: int, *, writable: bool = False,
               lazy: bool = False) -> Window:
        """The target's memory, mapped: see memrw.Window.  Needs the driver."""
        return Window(self._handle(), self.resolve(address), length, writable, lazy)

    def watch(self, address: Address, length: int = 4, kind: str = "write", *,
              changed: bool = False, once_per_ip: bool = False, stop: bool = False,
              signed: bool = False, equal: int | None = None, cross: int | None = None,
              instructions: tuple[int, int] = (0, 0), every: int = 0, limit: int = 0,
              capacity: int = 0) -> Watch:
        """A hardware watchpoint or breakpoint, set: see memrw.Watch."""
        wanted = make_filter(changed=changed, once_per_ip=once_per_ip, stop=stop, signed=signed,
                             equal=equal, cross=cross, instructions=instructions, every=every,
                             limit=limit, capacity=capacity)
        return Watch(self._handle(), self.resolve(address), length, kind, wanted)

    def scan(self, types: str = "i32", value: Value | None = None, *,
             regions: Sequence[str] = (), big_endian: bool = sys.byteorder == "big",
             alignment: int = 0, fold_case: bool = False, undo: int = 1, threads: int = 0,
             rounding: str = "exact", tolerance: float = 0.0,
             progress: Progress | None = None) -> Scan:
        """A search for values of a type: see memrw.Scan.

        With a value its first pass is done, for that.  regions is a choice as of regions().
        """
        scan = Scan(self._handle(), types, regions, big_endian=big_endian, alignment=alignment,
                    fold_case=fold_case, undo=undo, threads=threads, rounding=rounding,
                    tolerance=tolerance, progress=progress)
        if value is not None:
            scan.equal(value)
        return scan


def open_target(pid: int, *, backend: str = "auto", read_only: bool = False) -> Target:
    """Open the memory of a process: with memrw.open(pid) as target: ...

    backend is "driver", "procfs", or "auto": the driver where it can be used.
    """
    return Target(pid, backend=backend, read_only=read_only)
