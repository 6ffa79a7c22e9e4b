# SPDX-License-Identifier: GPL-2.0-only
"""What the tests share: programs to look into, and the backend to do it by."""
import fcntl
import os
import pathlib
import select
import subprocess
import time

import pytest

import memrw

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / "build" / "cli"
VIA = os.environ.get("MEMRW_TEST_VIA", "procfs")

# Of one step, on a machine that is slow and busy.
SECONDS = 60


class Program:
    """A program that answers each line it is told with a line."""

    def __init__(self, *command):
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = self.process.pid
        self.greeting = self.hear()

    def hear(self):
        """The next line."""
        line, end = b"", time.monotonic() + SECONDS
        while not line.endswith(b"\n"):
            assert select.select([self.process.stdout], [], [], end - time.monotonic())[0], "silent"
            byte = os.read(self.process.stdout.fileno(), 1)
            assert byte, f"it has ended after {line}"
            line += byte
        return line.decode().rstrip("\n")

    def tell(self, line=""):
        """For a program that does not answer, or not yet."""
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, line=""):
        """The answer."""
        self.tell(line)
        return self.hear()

    def end(self):
        """Killed, and gone."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def wait_until(condition):
    """Until it is true, but not for ever."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.01)


@pytest.fixture
def start():
    """start(COMMAND...): a program that is killed when the test is over."""
    programs = []

    def start_one(*command):
        programs.append(Program(*command))
        return programs[-1]

    yield start_one
    for program in programs:
        program.end()


@pytest.fixture
def program(start):
    """tests/cli/target.c: it says its counter, its text, and more."""
    return start(TOOLS / "memrw-target")


@pytest.fixture
def target(program):
    """The same, opened."""
    with memrw.open(program.pid, backend=VIA) as opened:
        yield opened


@pytest.fixture
def writers(start):
    """tests/cli/writers.c: it stores to numbers, as often as it is told."""
    return start(TOOLS / "memrw-writers")


@pytest.fixture
def turn():
    """One watched target at a time on the machine: see wait_for_watches of tests/cli."""
    try:
        breakpoints = open("/sys/bus/event_source/devices/breakpoint/type", "rb")
    except OSError:
        yield
        return
    with breakpoints:
        fcntl.flock(breakpoints, fcntl.LOCK_EX)
        yield


@pytest.fixture
def written(writers, turn):
    """The same, opened, where watches can be had."""
    with memrw.open(writers.pid, backend=VIA) as opened:
        try:
            opened.watch("health").close()
        except (memrw.NotPermitted, memrw.AccessDenied, memrw.NotSupported) as error:
            pytest.skip(str(error))
        yield opened


def needs_driver():
    """For what procfs cannot do."""
    return pytest.mark.skipif(VIA != "driver", reason="procfs has nothing like it")


def needs_procfs():
    """For what only procfs cannot do."""
    return pytest.mark.skipif(VIA != "procfs", reason="the driver can do it")
