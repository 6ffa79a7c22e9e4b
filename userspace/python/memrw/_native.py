# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the library gives, and when it gets it back."""
from __future__ import annotations

from typing import Any, Callable

from ._libmemrw import ffi, lib

__all__ = ["ffi", "lib", "own", "text"]


def own(pointer: Any, close: Callable[[Any], None], *needs: Any) -> Any:
    """A pointer that is closed when nobody has it any more, or by ffi.release().

    What it needs, a window its target for one, is not closed before.
    """
    def end(last: Any, needs: Any = needs) -> None:
        close(last)

    return ffi.gc(pointer, end)


def text(characters: Any) -> str:
    """A C string as Python has names of files: any bytes come back as they were."""
    return bytes(ffi.string(characters)).decode(errors="surrogateescape")
