#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""change_value.py PID TYPE ADDRESS VALUE: put a number into a program.

change_value.py "$(pidof game)" i32 lives 9
"""
import sys

import memrw


def main(pid, kind, address, value):
    """Say what was there before."""
    number = float(value) if kind.startswith("f") else int(value, 0)
    try:
        with memrw.open(int(pid)) as target:
            values = getattr(target, kind)
            before = values[address]
            values[address] = number
            print(f"{target.resolve(address):#x}: {before} -> {values[address]}")
    except memrw.Error as error:
        sys.exit(f"change_value.py: {error.strerror}")


main(*sys.argv[1:])
