# SPDX-License-Identifier: LGPL-2.1-or-later
"""Read and write the memory of another process: libmemrw(3) for Python.

    import memrw

    with memrw.open(pid) as t:
        t.read("[heap]+0x10", 64)               # bytes, all of them or an exception
        t.u32["game+0x4010"] += 1               # also i8 to u64, f32, f64, ptr
        t.readv([(a, 4), (b, 8)])               # a result for each
        for address, value in t.scan("i32", 100):
            print(hex(address), value)
        for hit in t.watch(address):            # who writes there; also "async for"
            print(hex(hit.ip), hit.value)

An address is a number, or text as the command memrw takes it.  Exceptions are OSErrors, a class
for each errno.  Through the driver or, without it, procfs: t.backend tells.
"""
from .errors import (AccessDenied, AddressError, Canceled, Error, InvalidArgument, LimitExceeded,
                     NoDevice, NotBound, NotFound, NotMapped, NotPermitted, NotSupported,
                     TargetExeced, TargetExited)
from .process import find, version
from .region import Region
from .scan import Match, Scan
from .segment import Segment
from .target import State, Symbol, Target
from .target import open_target as open  # pylint: disable=redefined-builtin
from .values import Integers, Values
from .watch import Ending, Hit, Watch
from .window import Window

__all__ = [
    "AccessDenied", "AddressError", "Canceled", "Ending", "Error", "Hit", "Integers",
    "InvalidArgument", "LimitExceeded", "Match", "NoDevice", "NotBound", "NotFound", "NotMapped",
    "NotPermitted", "NotSupported", "Region", "Scan", "Segment", "State", "Symbol", "Target",
    "TargetExeced", "TargetExited", "Values", "Watch", "Window", "find", "open", "version",
]
