# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values of scans: from Python to the text that the library takes, and back from bytes."""
from __future__ import annotations

import struct
from typing import NamedTuple, Union

from ._native import ffi, lib
from .errors import failure, last_errno
from .values import CODES

#: What a scan looks for, and finds.
Value = Union[int, float, str, bytes]

_STRINGS = {lib.MEMRW_SCAN_STR: "str", lib.MEMRW_SCAN_STR16: "str16",
            lib.MEMRW_SCAN_BYTES: "bytes"}

# Of several that a match may be, the first: as the command memrw shows it.
_ORDER = ("ptr", "i64", "u64", "f64", "i32", "u32", "f32", "i16", "u16", "i8", "u8")


class _Place(NamedTuple):
    address: int
    value: Value | None


class Match(_Place):
    """One place that a scan has found, (address, value): the value when last looked at.

    value is None where it could not be read.
    """

    #: What it may be, of the types that are searched for; the value is of the first.
    types: tuple[str, ...] = ()


def make_match(address: int, types: tuple[str, ...], data: bytes | None, big_endian: bool) -> Match:
    """From the bytes of the longest type that it may be; None: they cannot be read."""
    match = Match(address, None if data is None else decode(types, data, big_endian))
    match.types = types
    return match


def parse_types(name: str) -> int:
    """The library's bits for "i32", "int", "number", "str", "str16" or "bytes"."""
    types = ffi.new("unsigned int *")
    if lib.memrw_scan_types_parse(name.encode(), types) < 0:
        raise failure(last_errno(), f"type '{name}'")
    return int(types[0])


_BITS = {name: parse_types(name) for name in _ORDER}


def type_names(types: int) -> tuple[str, ...]:
    """The names of these bits, the one that decode() goes by first."""
    if types in _STRINGS:
        return (_STRINGS[types],)
    return tuple(name for name in _ORDER if types & _BITS[name])


def encode(value: Value) -> bytes:
    """As memrw_scan_run(3) takes it: a number's text; bytes are hexadecimal there."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex(" ").encode()
    if isinstance(value, str):
        return value.encode()
    return repr(value).encode()


def decode(types: tuple[str, ...], data: bytes, big_endian: bool) -> Value:
    """The value of a match, which has the bytes of the longest type that it may be."""
    name = types[0]
    if name == "bytes":
        return data
    if name == "str":
        return data.decode(errors="surrogateescape")
    if name == "str16":
        return data.decode("utf-16-be" if big_endian else "utf-16-le", "replace")
    code = (">" if big_endian else "<") + CODES[name]
    size = struct.calcsize(code)
    number: int | float = struct.unpack(code, data[:size])[0]
    return number
