#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""live_window.py PID ADDRESS COUNT SECONDS: how often numbers of a program change.

COUNT numbers of 32 bits are looked at in the program's own memory, without a system call
and without a copy.  Needs the driver, and python3-numpy.

live_window.py "$(pidof game)" game+0x4010 4 10
"""
import sys
import time

import memrw
import numpy


def main(pid, address, count, seconds):
    """Count the times that a look shows another number than the one before."""
    with memrw.open(int(pid), read_only=True) as target, \
         target.window(address, 4 * int(count)) as window:
        numbers = numpy.frombuffer(window, dtype=numpy.int32)
        changes = numpy.zeros(len(numbers), dtype=int)
        before = numbers.copy()
        print("looking", flush=True)
        end = time.monotonic() + float(seconds)
        while time.monotonic() < end:
            now = numbers.copy()
            changes += now != before
            before = now
        print("changes", *changes)
        print("now", *numbers)
        del numbers  # a view: the window could not be closed


main(*sys.argv[1:])
