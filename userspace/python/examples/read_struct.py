#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""read_struct.py PID ADDRESS: four numbers of a program, as one C struct.

    struct table { uint32_t first, second, third, fourth; };

read_struct.py "$(pidof game)" game+0x4010
"""
import ctypes
import sys

import memrw


class Table(ctypes.Structure):
    """As the program's source has it."""

    _fields_ = [("first", ctypes.c_uint32), ("second", ctypes.c_uint32),
                ("third", ctypes.c_uint32), ("fourth", ctypes.c_uint32)]


def main(pid, address):
    """Read it in one call: a ctypes structure is a buffer."""
    table = Table()
    with memrw.open(int(pid), read_only=True) as target:
        target.readinto(address, table)
    for name, _ in Table._fields_:
        print(name, getattr(table, name))


main(*sys.argv[1:])
