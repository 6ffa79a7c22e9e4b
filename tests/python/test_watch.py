# SPDX-License-Identifier: GPL-2.0-only
"""Watches: iterators of hits."""
import asyncio
import gc
import os
import signal
import threading
import time

import pytest

import memrw
from conftest import SECONDS, VIA, needs_driver, wait_until


class Interrupted(Exception):
    """What a signal raises in these tests."""


@pytest.fixture
def interrupting():
    """SIGUSR1 raises an exception in the main thread."""
    def interrupt(_signal, _frame):
        raise Interrupted

    before = signal.signal(signal.SIGUSR1, interrupt)
    yield lambda: os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, before)


def test_a_watch_iterates_over_its_hits_until_it_ends(writers, written):
    with written.watch("health", limit=3) as watch:
        assert writers.ask("hurt 5") == "done"
        hits = list(watch)
        assert len(hits) == 3
        assert watch.ending == memrw.Ending.LIMIT
    assert {hit.tid for hit in hits} == {writers.pid}
    assert {written.symbol(hit.ip - 1).name for hit in hits} == {"hurt"}
    assert [hit.time for hit in hits] == sorted(hit.time for hit in hits)
    assert all(hit.registers for hit in hits)
    assert not any(hit.kernel or hit.lost for hit in hits)


def test_values_are_known_to_the_driver_alone(writers, written):
    with written.watch("health", limit=2) as watch:
        writers.ask("hurt 2")
        values = [(hit.before, hit.value) for hit in watch]
    assert values == ([(1000, 999), (999, 998)] if VIA == "driver" else [(None, None)] * 2)


@needs_driver()
def test_hits_are_chosen_by_their_values(writers, written):
    with written.watch("health", equal=997, limit=1) as watch:
        writers.ask("hurt 5")
        assert [hit.value for hit in watch] == [997]
    with written.watch("health", changed=True, every=2, limit=1) as watch:
        writers.ask("touch 5")
        writers.ask("hurt 2")
        assert [hit.value for hit in watch] == [993]


def test_reads_and_execution_are_watched_too(writers, written):
    with written.watch("look", 1, "execute", limit=1) as executed, \
         written.watch("health", kind="read_write", limit=1) as accessed:
        writers.ask("look 1")
        assert [hit.ip for hit in executed] == [written.resolve("look")]
        assert len(list(accessed)) == 1


def test_read_takes_what_there_is_and_does_not_wait_longer(writers, written):
    with written.watch("health") as watch:
        assert watch.read(timeout=0) == []
        assert watch.read(timeout=0.01) == []
        assert not watch.ending
        writers.ask("hurt 3")
        hits = watch.read(timeout=SECONDS, limit=1)
        assert len(hits) == 1
        while len(hits) < 3:
            hits += watch.read(timeout=SECONDS)
        assert len(hits) == 3 and watch.lost == 0


def test_nothing_is_lost_between_iterating_and_reading(writers, written):
    with written.watch("health", limit=5) as watch:
        writers.ask("hurt 5")
        next(watch)
        assert len(watch.read(limit=2)) + len(list(watch)) == 4


def test_a_watch_ends_with_its_target(writers, written):
    with written.watch("health") as watch:
        writers.ask("hurt 1")
        writers.process.kill()
        assert len(list(watch)) == 1
        assert watch.ending == memrw.Ending.EXITED


def test_a_watch_ends_with_execve(writers, written):
    with written.watch("health") as watch:
        writers.tell("exec 1")
        assert list(watch) == []
        assert watch.ending == memrw.Ending.EXECED


def test_a_watch_goes_on_without_its_target_object(writers, written):
    watch = written.watch("health", limit=1)
    written.close()
    writers.ask("hurt 1")
    assert len(list(watch)) == 1
    watch.close()


def test_debug_registers_are_free_again_however_a_watch_goes(written):
    for _ in range(3):
        watches = [written.watch("health") for _ in range(4)]
        with pytest.raises(memrw.LimitExceeded):
            written.watch("health")
        for watch in watches[:2]:
            watch.close()
            watch.close()
        with pytest.raises(ValueError, match="closed"):
            next(watches[0])
        del watch, watches
        gc.collect()


@pytest.mark.parametrize("arguments", [{"kind": "smell"}, {"equal": 1, "cross": 2}])
def test_a_bad_choice_is_a_value_error(written, arguments):
    with pytest.raises(ValueError):
        written.watch("health", **arguments)


def test_an_address_must_be_aligned(written):
    with pytest.raises(memrw.InvalidArgument):
        written.watch(written.resolve("health") + 1)
    with pytest.raises(TypeError):
        written.watch("health", colour="red")


def test_a_signal_ends_the_wait_for_a_hit(written, interrupting):
    with written.watch("health") as watch:
        threading.Timer(0.1, interrupting).start()
        with pytest.raises(Interrupted):
            next(watch)
        assert watch.read(timeout=0) == []


def test_another_thread_may_close_a_watch_that_is_waited_for(written):
    watch, raised = written.watch("health"), []

    def wait():
        try:
            next(watch)
        except ValueError as error:
            raised.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    watch.close()
    thread.join(SECONDS)
    assert not thread.is_alive() and len(raised) == 1


def test_asyncio_goes_on_while_a_hit_is_waited_for(writers, written):
    async def count(ticks):
        while True:
            ticks.append(time.monotonic())
            await asyncio.sleep(0.001)

    async def watch_them():
        ticks, hits = [], []
        counter = asyncio.create_task(count(ticks))
        with written.watch("health", limit=6) as watch:
            async for hit in watch:
                hits.append(hit)
                before = len(ticks)
                while len(ticks) < before + 3:
                    await asyncio.sleep(0.001)
                writers.ask("hurt 1")
        counter.cancel()
        return len(hits)

    async def both():
        watching = asyncio.create_task(watch_them())
        await asyncio.sleep(0)
        writers.ask("hurt 1")
        return await asyncio.wait_for(watching, SECONDS)

    assert asyncio.run(both()) == 6


def test_asyncio_hears_of_a_hit_after_a_long_wait(writers, written):
    async def one_by_one():
        heard = []
        with written.watch("health") as watch:
            for _ in range(20):
                waiting = asyncio.ensure_future(watch.__anext__())
                await asyncio.sleep(0.01)
                assert not waiting.done()
                writers.ask("hurt 1")
                heard.append(await asyncio.wait_for(waiting, SECONDS))
        return heard

    assert len(asyncio.run(one_by_one())) == 20


def test_asyncio_watches_several_at_once_and_can_be_cancelled(writers, written):
    async def collect(watch, hits):
        async for hit in watch:
            hits.append(hit)

    async def several():
        hits = [[], []]
        with written.watch("health", limit=2) as first, written.watch("big", 8) as second:
            tasks = [asyncio.create_task(collect(watch, found))
                     for watch, found in ((first, hits[0]), (second, hits[1]))]
            await asyncio.sleep(0)
            writers.ask("hurt 2")
            writers.ask("accelerate 3")
            await asyncio.wait_for(tasks[0], SECONDS)
            end = time.monotonic() + SECONDS
            while len(hits[1]) < 3 and time.monotonic() < end:
                await asyncio.sleep(0.01)
            tasks[1].cancel()
            with pytest.raises(asyncio.CancelledError):
                await tasks[1]
        return [len(found) for found in hits]

    assert asyncio.run(several()) == [2, 3]


def test_a_watch_has_a_descriptor_to_be_polled(writers, written):
    import select
    with written.watch("health") as watch:
        assert watch.read(timeout=0) == []
        writers.ask("hurt 1")
        assert select.select([watch], [], [], SECONDS)[0] == [watch]
        wait_until(lambda: watch.read(timeout=0))
