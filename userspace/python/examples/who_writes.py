#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""who_writes.py PID ADDRESS HITS: which functions of a program store to a number.

who_writes.py "$(pidof game)" lives 100
"""
import collections
import sys

import memrw


def place(target, address):
    """As FUNCTION+OFFSET where the file has symbols."""
    symbol = target.symbol(address)
    return f"{symbol.name}+{address - symbol.start:#x}" if symbol else f"{address:#x}"


def main(pid, address, hits):
    """Watch for so many stores, or until the program ends or Ctrl-C."""
    stores = collections.Counter()
    with memrw.open(int(pid)) as target, target.watch(address, limit=int(hits)) as watch:
        print("watching", flush=True)
        try:
            for hit in watch:
                stores[hit.ip] += 1
        except KeyboardInterrupt:
            pass
        for instruction, count in stores.most_common():
            print(count, place(target, instruction))


main(*sys.argv[1:])
