#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""watch_asyncio.py PID HITS ADDRESS...: stores to several numbers, as they happen.

At most four, for that is how many debug registers there are.  Ends when each number was
stored to so many times.

watch_asyncio.py "$(pidof game)" 10 lives coins
"""
import asyncio
import sys

import memrw


async def follow(target, address, limit):
    """A task for each watch; what else the program does goes on meanwhile."""
    with target.watch(address, limit=limit) as watch:
        print(f"watching {address}", flush=True)
        async for hit in watch:
            value = "" if hit.value is None else f" {hit.value}"
            print(f"{address} by thread {hit.tid} at {hit.ip:#x}{value}", flush=True)


async def main(pid, hits, *addresses):
    """All at once."""
    with memrw.open(int(pid)) as target:
        await asyncio.gather(*(follow(target, address, int(hits)) for address in addresses))


asyncio.run(main(*sys.argv[1:]))
