#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""find_value.py PID TYPE: where a program keeps a number that can be seen to change.

Type what it is; make the program change it; type what it is then, "+" if it is more, "-" if
less; and so on, until few places are left.

find_value.py "$(pidof game)" i32
"""
import sys

import memrw

FEW = 10


def narrow(scan, answer):
    """One pass, for what was typed."""
    if answer == "+":
        return scan.increased()
    if answer == "-":
        return scan.decreased()
    return scan.equal(answer)


def main(pid, kind):
    """Ask until the end of the input."""
    with memrw.open(int(pid)) as target, \
         target.scan(kind, regions=["writable"], rounding="rounded") as scan:
        print("what is it?", flush=True)
        for line in sys.stdin:
            try:
                count = narrow(scan, line.strip())
            except ValueError as error:
                print(error, flush=True)
                continue
            print(f"{count} places", flush=True)
            if count <= FEW:
                for address, value in scan.matches():
                    print(f"{address:#x} {value}", flush=True)


main(*sys.argv[1:])
