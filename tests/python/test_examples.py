# SPDX-License-Identifier: GPL-2.0-only
"""The example scripts do what they say."""
import subprocess
import sys

import pytest

from conftest import ROOT, SECONDS, needs_driver

EXAMPLES = ROOT / "userspace" / "python" / "examples"


def run(name, *arguments):
    """What it prints, of one that needs nobody."""
    return subprocess.run(
        [sys.executable, str(EXAMPLES / name), *map(str, arguments)],
        stdout=subprocess.PIPE, text=True, check=True, timeout=2 * SECONDS).stdout


@pytest.fixture
def example(start):
    """One that goes on while the program does something."""
    return lambda name, *arguments: start(sys.executable, EXAMPLES / name, *arguments)


def test_read_struct(program):
    assert run("read_struct.py", program.pid, "table") == \
        "first 10\nsecond 20\nthird 30\nfourth 40\n"


def test_change_value(program):
    assert run("change_value.py", program.pid, "i32", "counter", "99").endswith(": 41 -> 99\n")
    assert program.ask().startswith("99 ")
    with pytest.raises(subprocess.CalledProcessError):
        run("change_value.py", program.pid, "i32", "no_such_symbol", "99")


def test_find_value(program, target, example):
    finder = example("find_value.py", program.pid, "i32")
    assert finder.greeting == "what is it?"

    def narrow(line):
        count = int(finder.ask(line).partition(" ")[0])
        return [finder.hear() for _ in range(count)] if count <= 10 else []

    counter = target.resolve("counter")
    target.i32[counter] = 47114711
    narrow("47114711")
    target.i32[counter] += 1
    assert narrow("+") == [f"{counter:#x} 47114712"]
    target.i32[counter] = 40
    assert narrow("-") == [f"{counter:#x} 40"]
    assert finder.ask("many").startswith("[Errno 22]")
    assert narrow("40") == [f"{counter:#x} 40"]


@needs_driver()
def test_live_window(program, target, example):
    pytest.importorskip("numpy")
    looking = example("live_window.py", program.pid, "table", 4, 2)
    assert looking.greeting == "looking"
    target.u32["table+8"] = 31
    changes = looking.hear().split()
    assert changes == ["changes", "0", "0", "1", "0"]
    assert looking.hear() == "now 10 20 31 40"


def test_who_writes(writers, written, example):
    watching = example("who_writes.py", writers.pid, "health", 7)
    assert watching.greeting == "watching"
    writers.ask("hurt 5")
    writers.ask("heal 2")
    lines = [watching.hear().split(), watching.hear().split()]
    assert [(count, place.partition("+")[0]) for count, place in lines] == \
        [("5", "hurt"), ("2", "heal")]


def test_watch_asyncio(writers, written, example):
    watching = example("watch_asyncio.py", writers.pid, 2, "health", "big")
    started = {watching.greeting, watching.hear()}
    assert started == {"watching health", "watching big"}
    writers.ask("hurt 2")
    writers.ask("accelerate 2")
    told = sorted(watching.hear().split()[0] for _ in range(4))
    assert told == ["big", "big", "health", "health"]
    watching.process.wait(SECONDS)
    assert watching.process.returncode == 0


def test_every_example_has_a_test():
    tests = {name for name in globals() if name.startswith("test_")}
    for script in EXAMPLES.glob("*.py"):
        assert f"test_{script.stem}" in tests
