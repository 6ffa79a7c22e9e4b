# SPDX-License-Identifier: GPL-2.0-only
"""Exceptions: a class for each errno, and an OSError all the same."""
import errno
import os
import pickle
import subprocess

import pytest

import memrw
from memrw.errors import failure
from conftest import VIA, needs_driver, needs_procfs, wait_until


@pytest.mark.parametrize("number, kinds", [
    (errno.EBADFD, [memrw.NotBound]),
    (errno.ESRCH, [memrw.TargetExited, ProcessLookupError]),
    (errno.ESTALE, [memrw.TargetExeced]),
    (errno.EPERM, [memrw.NotPermitted, PermissionError]),
    (errno.EACCES, [memrw.AccessDenied, PermissionError]),
    (errno.EIO, [memrw.NotMapped]),
    (errno.EINVAL, [memrw.InvalidArgument, ValueError]),
    (errno.ENOTSUP, [memrw.NotSupported]),
    (errno.ENOENT, [memrw.NoDevice, FileNotFoundError]),
    (errno.ENOSPC, [memrw.LimitExceeded]),
    (errno.EAGAIN, [memrw.LimitExceeded]),
    (errno.ECANCELED, [memrw.Canceled]),
    (errno.EMFILE, [memrw.Error]),
])
def test_each_errno_has_its_class(number, kinds):
    error = failure(number, "what", 16)
    assert type(error) is kinds[0]
    for kind in kinds + [memrw.Error, OSError]:
        assert isinstance(error, kind)
    assert error.errno == number and error.address == 16
    assert error.strerror.startswith("what: ")


def test_an_error_can_be_pickled():
    error = pickle.loads(pickle.dumps(failure(errno.EIO, "read 0x10", 16)))
    assert (type(error), error.errno, error.address) == (memrw.NotMapped, errno.EIO, 16)


def test_no_such_process_is_target_exited():
    child = subprocess.Popen(["true"])
    child.wait()
    with pytest.raises(memrw.TargetExited):
        memrw.open(child.pid, backend=VIA)


def test_a_target_that_exits_is_target_exited(program, target):
    program.end()
    wait_until(lambda: target.state == memrw.State.EXITED)
    with pytest.raises(memrw.TargetExited):
        target.read(0x10000000, 1)
    with pytest.raises(ProcessLookupError):
        target.regions()


def test_a_target_that_executes_is_target_execed(writers):
    with memrw.open(writers.pid, backend=VIA) as target:
        health = target.resolve("health")
        writers.tell("exec 1")
        wait_until(lambda: target.state == memrw.State.EXECED)
        with pytest.raises(memrw.TargetExeced):
            target.read(health, 4)


def test_what_is_no_process_is_an_invalid_argument():
    with pytest.raises(memrw.InvalidArgument):
        memrw.open(-5, backend=VIA)


@pytest.mark.skipif(os.getuid() == 0, reason="root may open every process")
def test_another_users_process_is_not_permitted():
    with pytest.raises(memrw.NotPermitted):
        memrw.open(1, backend=VIA)


@needs_procfs()
@pytest.mark.skipif(os.path.exists("/dev/memrw"), reason="there is a device")
def test_no_device_is_a_file_that_is_not_found(program):
    with pytest.raises(memrw.NoDevice) as caught:
        memrw.open(program.pid, backend="driver")
    assert isinstance(caught.value, FileNotFoundError)


@needs_procfs()
def test_what_procfs_cannot_do_is_not_supported(target):
    with pytest.raises(memrw.NotSupported):
        target.window("table", 16)


@needs_driver()
def test_a_window_to_write_needs_a_target_to_write(program):
    with memrw.open(program.pid, backend=VIA, read_only=True) as target:
        with pytest.raises(memrw.AccessDenied):
            target.window("table", 16, writable=True)
