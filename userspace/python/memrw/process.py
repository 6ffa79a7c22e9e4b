# SPDX-License-Identifier: LGPL-2.1-or-later
"""Processes, by name; and the library itself."""
from __future__ import annotations

import os

from ._native import ffi, lib, own, text
from .errors import failure, last_errno


def find(name: str) -> list[int]:
    """The pids of the processes of a name, rising; this process is left out."""
    pids = ffi.new("pid_t **")
    count = lib.memrw_process_find(os.fsencode(name), pids)
    if count < 0:
        raise failure(last_errno(), f"processes '{name}'")
    if count == 0:
        return []
    found = own(pids[0], lib.free)
    return [int(pid) for pid in found[0:count]]


def version() -> str:
    """The version of libmemrw that is in use, "1.2.3"."""
    return text(lib.memrw_version())
