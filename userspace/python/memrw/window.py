# SPDX-License-Identifier: LGPL-2.1-or-later
"""Windows: memory of the target, mapped into this process."""
from __future__ import annotations

import errno
import threading
from typing import Any, cast

from ._memory import Memory
from ._native import ffi, lib, own
from .errors import Error, failure, last_errno


class Window(Memory):
    """Memory of the target as a buffer: what the one stores, the other sees at once.

    memoryview(window) and numpy.frombuffer(window) are the memory itself, without a
    copy; window[0], window[0:4] and, of a writable one, window[0:4] = b"..." work as with
    mmap. While there are views of it, close() is a BufferError, as mmap's is; after, it is
    given up. The target may be closed before.

    All of its memory is held when it is made, or that fails; so no access can end this
    process with SIGBUS until refresh() has let go of a page. A lazy one holds what is touched,
    and touching what the target has not got ends this process; read() does not.
    """

    def __init__(self, target: Any, address: int, length: int, writable: bool,
                 lazy: bool) -> None:
        self._native: Any = None
        self._lock = threading.RLock()
        flags = (lib.MEMRW_WINDOW_WRITE if writable else 0) | (0 if lazy else lib.MEMRW_WINDOW_ALL)
        native = lib.memrw_window_open(target, address, length, flags)
        if not native:
            raise failure(last_errno(), f"window {address:#x}", address)
        self._native = own(native, lib.memrw_window_close, target)
        self._length = length
        #: Where in the target it begins.
        self.address = address
        data = int(ffi.cast("uintptr_t", lib.memrw_window_data(native)))
        self._attach(data, length, not writable)

    def _open(self) -> Any:
        if self._native is None:
            raise ValueError("the window is closed")
        return self._native

    def close(self) -> None:
        """Give it up; again is fine. BufferError while there are views of it."""
        with self._lock:
            if self._native is None:
                return
            self._detach()
            native, self._native = self._native, None
            ffi.release(native)

    @property
    def closed(self) -> bool:
        """Was it closed?"""
        return self._native is None

    def __enter__(self) -> Window:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _view(self) -> memoryview:
        return memoryview(cast(Any, self))  # which is a buffer that not every mypy knows

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, key: int | slice) -> Any:
        with self._view() as view:
            return view[key] if isinstance(key, int) else bytes(view[key])

    def __setitem__(self, key: int | slice, value: Any) -> None:
        with self._view() as view:
            view[key] = value

    def read(self, offset: int, length: int) -> bytes:
        """A copy, also of memory that may be gone: then it is an error like Target.read()'s."""
        buffer = bytearray(length)
        memory, done = ffi.from_buffer("char[]", buffer), 0
        with self._lock:
            while done < length:
                moved = lib.memrw_window_read(self._open(), offset + done, memory + done,
                                              length - done)
                if moved < 0 and last_errno() != errno.EINTR:
                    raise self._failed(offset + done, bytes(buffer[:done]))
                done += max(moved, 0)
        return bytes(buffer)

    def _failed(self, offset: int, partial: bytes) -> Error:
        where = self.address + offset
        error = failure(last_errno(), f"window {where:#x}", where)
        error.done, error.partial = len(partial), partial
        return error

    def stale(self) -> list[int]:
        """The pages, counted from 0, of which the target has another one there by now."""
        return self._sync(lib.MEMRW_SYNC_KEEP)

    def refresh(self) -> list[int]:
        """The same, and lets go of them: touched next, they are what the target has there.

        What the target has not got any more ends this process with SIGBUS when it is touched:
        a program that cannot rely on its target uses read().
        """
        return self._sync(0)

    def _sync(self, flags: int) -> list[int]:
        with self._lock:
            native = self._open()
            pages = lib.memrw_window_pages(native)
            bitmap = ffi.new("uint64_t[]", (pages + 63) // 64)
            if lib.memrw_window_sync(native, bitmap, flags) < 0:
                raise failure(last_errno(), f"window {self.address:#x}", self.address)
        return [page for page in range(pages) if bitmap[page // 64] >> page % 64 & 1]
