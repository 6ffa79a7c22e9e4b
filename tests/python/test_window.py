# SPDX-License-Identifier: GPL-2.0-only
"""Windows: the target's memory as a buffer."""
import gc
import struct
import threading

import pytest

import memrw
from conftest import SECONDS, needs_driver

pytestmark = needs_driver()

EDGE, EDGE_END = 0x10000000, 0x10010000


def test_a_window_is_a_buffer_of_live_memory(program, target):
    with target.window("counter", 4) as window:
        with memoryview(window) as view:
            assert struct.unpack_from("=i", view)[0] == 41
            assert view.readonly and len(view) == len(window) == 4
            target.i32["counter"] = 77
            assert struct.unpack_from("=i", view)[0] == 77
        assert window.address == target.resolve("counter")


def test_what_is_stored_the_program_sees(program, target):
    with target.window("text", 32, writable=True) as window:
        assert window[0] == ord("h") and window[0:5] == b"hello"
        window[0] = ord("J")
        window[1:5] = b"ELLO"
        assert program.ask() == "41 JELLO, target 101 3"
        with pytest.raises(ValueError):
            window[0:2] = b"too long"
        with pytest.raises(IndexError):
            window[32]


def test_a_window_to_look_at_is_read_only(target):
    with target.window("text", 32) as window:
        with pytest.raises(TypeError):
            window[0] = 1


def test_numpy_sees_live_memory(target):
    numpy = pytest.importorskip("numpy")
    with target.window("table", 16, writable=True) as window:
        table = numpy.frombuffer(window, dtype=numpy.uint32)
        assert table.tolist() == [10, 20, 30, 40]
        target.u32["table+4"] = 2000
        assert table.tolist() == [10, 2000, 30, 40]
        table *= 2
        assert target.u32.read("table", 4) == [20, 4000, 60, 80]
        del table


def test_closing_is_a_buffer_error_while_there_are_views(target):
    window = target.window("table", 16)
    view = memoryview(window)
    part = view[4:8]
    view.release()
    with pytest.raises(BufferError, match="views"):
        window.close()
    assert part[0] == 20
    part.release()
    window.close()
    window.close()
    assert window.closed
    for use in (lambda: memoryview(window), lambda: window[0]):
        with pytest.raises(BufferError, match="closed"):
            use()
    with pytest.raises(ValueError, match="closed"):
        window.read(0, 1)


def test_a_view_keeps_its_window_and_a_window_its_target(target):
    window = target.window("table", 16)
    view = memoryview(window)
    target.close()
    del window
    gc.collect()
    assert view[0] == 10


def test_windows_leave_nothing_mapped(target):
    def mapped():
        with open("/proc/self/maps", encoding="utf-8") as maps:
            return sum("/dev/memrw" in line for line in maps)

    before = mapped()
    windows = [target.window("table", 16) for _ in range(3)]
    assert mapped() > before
    windows.pop().close()
    del windows
    gc.collect()
    assert mapped() == before


def test_a_window_on_what_is_not_there_is_refused(target):
    with pytest.raises(memrw.NotMapped):
        target.window(EDGE_END - 4, 8)
    with pytest.raises(memrw.InvalidArgument):
        target.window(EDGE, 0)


def test_read_of_a_lazy_window_is_an_error_where_memory_is_not_there(target):
    with target.window(EDGE_END - 0x1000, 0x3000, lazy=True) as window:
        assert window.read(0, 16) == b"e" * 16
        with pytest.raises(memrw.NotMapped) as caught:
            window.read(0xff0, 0x20)
        assert (caught.value.address, caught.value.partial) == (EDGE_END, b"e" * 16)


def test_pages_that_are_out_of_date_are_told(start):
    numbers = start("python3", "-c", """
import mmap, sys
area = mmap.mmap(-1, 4 * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
area[:] = b"x" * len(area)
import ctypes
print(ctypes.addressof(ctypes.c_char.from_buffer(area)), mmap.PAGESIZE, flush=True)
sys.stdin.readline()
ctypes.CDLL(None).madvise(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(area)) +
                          2 * mmap.PAGESIZE), mmap.PAGESIZE, mmap.MADV_DONTNEED)
print("gone", flush=True)
sys.stdin.readline()
""")
    address, page = map(int, numbers.greeting.split())
    with memrw.open(numbers.pid, backend="driver") as target, \
         target.window(address, 4 * page) as window:
        assert window.stale() == []
        assert numbers.ask() == "gone"
        assert window.stale() == [2]
        assert window[2 * page] == ord("x")
        assert window.refresh() == [2]
        assert window.stale() == []
        assert window[2 * page] == 0


def test_threads_may_read_one_window(target):
    results = []
    with target.window("table", 16) as window:
        threads = [threading.Thread(target=lambda: results.extend(
            window.read(4, 4) for _ in range(200))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
    assert results == [b"\x14\0\0\0"] * 800
