# SPDX-License-Identifier: GPL-2.0-only
"""The package itself: what is public is documented, and there is all of the library."""
import enum
import inspect
import pathlib

import pytest

import memrw
from memrw import _libmemrw, _memory


def public():
    """Names and what they are: of the package, and of its classes."""
    for name in memrw.__all__:
        thing = getattr(memrw, name)
        yield name, thing
        if inspect.isclass(thing):
            for member, what in vars(thing).items():
                if not member.startswith("_") and (callable(what) or isinstance(what, property)):
                    yield f"{name}.{member}", what


@pytest.mark.parametrize("name, thing", public(), ids=[name for name, _ in public()])
def test_what_is_public_has_a_docstring(name, thing):
    assert isinstance(thing, enum.Enum) or thing.__doc__ and len(thing.__doc__) > 5


def test_all_is_sorted_and_there_is_no_more():
    assert memrw.__all__ == sorted(memrw.__all__)
    there = {name for name, thing in vars(memrw).items()
             if not name.startswith("_") and not inspect.ismodule(thing)}
    assert there == set(memrw.__all__)


def test_types_are_told_and_extensions_are_for_every_python():
    place = pathlib.Path(memrw.__file__).parent
    assert (place / "py.typed").exists()
    for extension in (_libmemrw, _memory):
        assert extension.__file__.endswith(".abi3.so")


def test_constants_and_structs_are_those_of_the_header():
    lib, ffi = _libmemrw.lib, _libmemrw.ffi
    assert lib.MEMRW_NO_POPULATE == 2 and lib.MEMRW_SCAN_ANY_NUMBER == 0x3ff
    assert ffi.typeof("struct memrw_hit").fields[-1][0] == "callers"
    assert len(ffi.new("struct memrw_hit *").callers) == lib.MEMRW_HIT_CALLERS
