# SPDX-License-Identifier: LGPL-2.1-or-later
"""What cffi is told of libmemrw: all that memrw.h declares, taken from there."""
import pathlib
import re
import shlex
import subprocess
import sysconfig
import tempfile

import cffi

# What the header includes: cffi knows these types by itself, or from TYPES.
SYSTEM_HEADERS = ("stdbool.h", "stddef.h", "stdint.h", "sys/types.h")

TYPES = """
typedef int... pid_t;
typedef int... uid_t;
typedef int... gid_t;
typedef int... mode_t;
"""

# To be freed by the caller are a name, and a list of pids.
OURS = """
void free(void *);
extern "Python" int memrw_python_progress(void *, uint64_t, uint64_t);
"""


def pkg_config(*options):
    """What pkg-config says of libmemrw, as words."""
    output = subprocess.run(["pkg-config", *options, "libmemrw"], check=True,
                            capture_output=True, text=True).stdout
    return shlex.split(output)


def find_header():
    """memrw.h, where the compiler would find it."""
    places = [flag[2:] for flag in pkg_config("--cflags-only-I")] + ["/usr/include"]
    for place in places:
        header = pathlib.Path(place, "memrw.h")
        if header.exists():
            return header
    raise SystemExit(f"build_ffi: no memrw.h in {' '.join(places)}")


def declarations(header):
    """Its types and functions, as the preprocessor leaves them, and no one else's."""
    compiler = shlex.split(sysconfig.get_config_var("CC"))[0]
    with tempfile.TemporaryDirectory() as stubs:
        for name in SYSTEM_HEADERS:
            stub = pathlib.Path(stubs, name)
            stub.parent.mkdir(exist_ok=True)
            stub.touch()
        return subprocess.run([compiler, "-E", "-P", "-nostdinc", "-isystem", stubs, str(header)],
                              check=True, capture_output=True, text=True).stdout


def constants(header):
    """Its macros that stand for a number: the compiler finds out which."""
    names = re.findall(r"^#define (MEMRW_\w+)[ \t]+[^\s/]", header.read_text(), re.MULTILINE)
    return "".join(f"#define {name} ...\n" for name in names)


def make_builder():
    """For setuptools, by its name in setup.py."""
    header = find_header()
    builder = cffi.FFI()
    builder.cdef(TYPES + constants(header) + declarations(header) + OURS)
    builder.set_source(
        "memrw._libmemrw",
        "#include <memrw.h>\n#include <stdlib.h>\n",
        include_dirs=[str(header.parent)],
        library_dirs=[flag[2:] for flag in pkg_config("--libs-only-L")],
        libraries=["memrw"],
    )
    return builder


builder = make_builder()
