# SPDX-License-Identifier: LGPL-2.1-or-later
"""Exceptions: one for each errno of the library's glossary, libmemrw(3)."""
from __future__ import annotations

import errno
import os

from ._native import ffi, lib, text


class Error(OSError):
    """What failed in a target; errno tells why, and so does the class.

    address is where in the target, of a transfer.  done is how many bytes were
    moved before, and partial what was read of them.
    """

    address: int | None = None
    done: int = 0
    partial: bytes = b""


class NotBound(Error):
    """No target is bound (EBADFD)."""


class TargetExited(Error, ProcessLookupError):
    """There is no such process, or the target has exited (ESRCH)."""


class TargetExeced(Error):
    """The target has replaced its memory with execve: open it again (ESTALE)."""


class NotPermitted(Error, PermissionError):
    """The access policy, or ptrace's, refuses this process (EPERM)."""


class AccessDenied(Error, PermissionError):
    """Opened for reading only; or the device may not be opened (EACCES)."""


class NotMapped(Error):
    """The target's memory there is not mapped or not accessible (EIO)."""


class InvalidArgument(Error, ValueError):
    """A bad size, alignment, flag or value; what is not a process (EINVAL, ERANGE, EMSGSIZE)."""


class NotSupported(Error):
    """This backend or driver cannot do it (ENOTSUP)."""


class NoDevice(Error, FileNotFoundError):
    """There is no device node, or no driver behind it (ENOENT, ENXIO, ENODEV)."""


class LimitExceeded(Error):
    """No debug register is free (ENOSPC), or RLIMIT_MEMLOCK does not suffice (EAGAIN)."""


class Canceled(Error):
    """The progress function ended a pass of a scan (ECANCELED)."""


class NotFound(Error, LookupError):
    """No such snapshot, match, or step back, or no pass yet (ENOENT)."""


class AddressError(Error, ValueError):
    """An address as text that says no place in the target.

    errno is EINVAL where it is malformed, ENOENT where there is no such module or
    symbol, ENOTUNIQ where there are several, ERANGE where it is past 64 bits.
    position is where in the text, in bytes.
    """

    position: int = 0


_GLOSSARY: dict[int, tuple[type[Error], str]] = {
    errno.EBADFD: (NotBound, "no target is bound"),
    errno.ESRCH: (TargetExited, "no such process, or it has exited"),
    errno.ESTALE: (TargetExeced, "the target has replaced its memory with execve"),
    errno.EPERM: (NotPermitted, "the access policy refuses this process"),
    errno.EACCES: (AccessDenied, "opened for reading only, or no access to the device"),
    errno.EIO: (NotMapped, "the target's memory there is not mapped or not accessible"),
    errno.EINVAL: (InvalidArgument, "an argument that cannot be"),
    errno.ERANGE: (InvalidArgument, "a value that does not fit the type"),
    errno.EMSGSIZE: (InvalidArgument, "text or a pattern too long, or of another length"),
    errno.ENOTSUP: (NotSupported, "this backend cannot do it"),
    errno.ENOENT: (NoDevice, "there is no device node"),
    errno.ENXIO: (NoDevice, "there is no driver behind the device node"),
    errno.ENODEV: (NoDevice, "there is no driver behind the device node"),
    errno.ENOSPC: (LimitExceeded, "no debug register is free"),
    errno.EAGAIN: (LimitExceeded, "more than RLIMIT_MEMLOCK or the like allows"),
    errno.ECANCELED: (Canceled, "it was ended by the progress function"),
}

_ADDRESS_ERRORS = (errno.EINVAL, errno.ENOENT, errno.ENOTUNIQ, errno.ERANGE)


def last_errno() -> int:
    """That of the calling thread's last call of the library."""
    return int(ffi.errno)


def failure(number: int, what: str, address: int | None = None) -> Error:
    """The exception for an errno; what says what was tried."""
    kind, meaning = _GLOSSARY.get(number, (Error, os.strerror(number)))
    error = kind(number, f"{what}: {meaning}")
    error.address = address
    return error


def not_found(what: str) -> NotFound:
    """ENOENT, where it is not the device that is not there."""
    return NotFound(errno.ENOENT, f"{what}: there is none")


def address_failure(expression: str) -> Error:
    """Of the last call that should have made a number of it."""
    number = last_errno()
    if number not in _ADDRESS_ERRORS:
        return failure(number, expression)
    error = AddressError(number, f"{expression}: {text(lib.memrw_address_error())}")
    error.position = int(lib.memrw_address_error_position())
    return error
