# SPDX-License-Identifier: LGPL-2.1-or-later
"""Builds the package with the installed libmemrw: pkg-config tells where it is."""
import pathlib
import sys

import setuptools

# A build backend does not look beside setup.py by itself.
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import build_ffi  # noqa: E402

# From 3.11 on a buffer is in Python's stable ABI: one build is good for all of these.
STABLE_ABI = "0x030b0000"

memory = setuptools.Extension(
    "memrw._memory",
    ["memory.c"],
    define_macros=[("Py_LIMITED_API", STABLE_ABI)],
    extra_compile_args=["-Wall", "-Wextra", "-std=gnu11"],
    py_limited_api=True,
)

setuptools.setup(
    version=build_ffi.pkg_config("--modversion")[0],
    cffi_modules=["build_ffi.py:builder"],
    ext_modules=[memory],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
