# SPDX-License-Identifier: GPL-2.0-only
"""Calls that block let other threads run."""
import threading

import pytest

import memrw
from conftest import ROOT, SECONDS, VIA


@pytest.fixture
def unanswered(start):
    """unanswered.c: a page that is there when it says so."""
    program = start(ROOT / "build" / "python" / "t" / "unanswered")
    if not program.greeting.startswith("0x"):
        pytest.skip(program.greeting)
    return program


def test_others_run_while_a_read_waits_for_memory(unanswered):
    read = []
    with memrw.open(unanswered.pid, backend=VIA) as target:
        address = int(unanswered.greeting, 16)
        thread = threading.Thread(target=lambda: read.append(target.read(address, 4)))
        thread.start()
        # That this thread gets so far is what is tested: the other one is in the call.
        assert unanswered.hear() == "fault"
        assert read == [] and thread.is_alive()
        assert unanswered.ask() == "served"
        thread.join(SECONDS)
    assert read == [b"uuuu"]


def test_a_target_may_be_closed_while_another_thread_reads(unanswered):
    read = []
    target = memrw.open(unanswered.pid, backend=VIA)
    address = int(unanswered.greeting, 16)
    thread = threading.Thread(target=lambda: read.append(target.read(address, 4)))
    thread.start()
    assert unanswered.hear() == "fault"
    target.close()
    assert unanswered.ask() == "served"
    thread.join(SECONDS)
    assert read == [b"uuuu"]


def test_many_threads_read_and_write_one_target(target):
    wrong = []

    def work(number):
        place = 0x10000000 + number * 64
        for i in range(300):
            target.u32[place] = i
            if target.u32[place] != i or target.read("text", 5) != b"hello":
                wrong.append((number, i))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert wrong == []
