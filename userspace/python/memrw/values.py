# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typed values: target.u32[address] and the like."""
from __future__ import annotations

import struct
import sys
from typing import TYPE_CHECKING, Any, Callable, Generic, Iterable, TypeVar, overload

from ._native import ffi, lib
from .errors import failure, last_errno

if TYPE_CHECKING:
    from .target import Address, Target

Number = TypeVar("Number", int, float)
Accessor = TypeVar("Accessor")

# Of the library's names, what the module struct calls them.
CODES = {"i8": "b", "u8": "B", "i16": "h", "u16": "H", "i32": "i", "u32": "I",
         "i64": "q", "u64": "Q", "f32": "f", "f64": "d", "ptr": "Q"}


class Values(Generic[Number]):
    """The target's memory as values of one type: target.f32[address] = 1.5.

    An aligned value never tears on the driver.  A value that does not fit is a ValueError.
    """

    def __init__(self, target: Target, name: str) -> None:
        self._target = target
        self._code = CODES[name]
        #: "u32" and the like.
        self.name = name
        #: Bytes in a value.
        self.size = struct.calcsize("=" + self._code)

    def _unpack(self, data: bytes) -> list[Number]:
        return list(struct.unpack(f"={len(data) // self.size}{self._code}", data))

    def _pack(self, values: list[Number]) -> bytes:
        try:
            return struct.pack(f"={len(values)}{self._code}", *values)
        except (struct.error, OverflowError) as error:
            raise ValueError(f"{self.name}: {error}") from None

    def __getitem__(self, address: Address) -> Number:
        return self._unpack(self._target.read(address, self.size))[0]

    def __setitem__(self, address: Address, value: Number) -> None:
        self._target.write(address, self._pack([value]))

    def read(self, address: Address, count: int) -> list[Number]:
        """So many values, one behind the other."""
        return self._unpack(self._target.read(address, count * self.size))

    def write(self, address: Address, values: Iterable[Number]) -> None:
        """Values, one behind the other."""
        self._target.write(address, self._pack(list(values)))


class Integers(Values[int]):
    """Whole numbers, with what is atomic: it needs the driver, and an aligned address.

    Atomic with what the target's own program does to the word, and sequentially
    consistent.
    """

    def _atomic(self, op: int, address: Address, operand: int = 0, expected: int = 0) -> int:
        word = ffi.new("struct memrw_target_word *")
        word.address = self._target.resolve(address)
        word.width = self.size
        word.operand = int.from_bytes(self._pack([operand]), sys.byteorder)
        word.expected = int.from_bytes(self._pack([expected]), sys.byteorder)
        if lib.memrw_target_atomic(self._target._handle(), op, word, 0) < 0:
            raise failure(last_errno(), f"{self.name} {word.address:#x}", word.address)
        return self._unpack(int(word.old).to_bytes(self.size, sys.byteorder))[0]

    def load(self, address: Address) -> int:
        """The value, in one access."""
        return self._atomic(lib.MEMRW_OP_LOAD, address)

    def store(self, address: Address, value: int) -> None:
        """Replace the value, in one access."""
        self._atomic(lib.MEMRW_OP_STORE, address, value)

    def exchange(self, address: Address, value: int) -> int:
        """Replace the value, and return the one before."""
        return self._atomic(lib.MEMRW_OP_EXCHANGE, address, value)

    def add(self, address: Address, value: int) -> int:
        """Add to the value, modulo 2 to the power of its bits; return the one before."""
        return self._atomic(lib.MEMRW_OP_ADD, address, value)

    def compare_exchange(self, address: Address, expected: int, value: int) -> bool:
        """Replace the value if it is the one expected; return whether it was."""
        return self._atomic(lib.MEMRW_OP_COMPARE_EXCHANGE, address, value, expected) == expected


class Typed(Generic[Accessor]):
    """An attribute of a target that is an accessor of this type, without a cycle."""

    def __init__(self, make: Callable[[Any, str], Accessor]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name
        self.__doc__ = f"Values of the type {name}."

    @overload
    def __get__(self, target: None, owner: type) -> Typed[Accessor]: ...

    @overload
    def __get__(self, target: Target, owner: type) -> Accessor: ...

    def __get__(self, target: Target | None, owner: type) -> Accessor | Typed[Accessor]:
        return self if target is None else self._make(target, self._name)
