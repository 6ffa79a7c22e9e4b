#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""A person at a terminal: terminal.py COMMAND... runs the command on a terminal of
its own.  Each line of standard input is "WAIT<tab>TYPE": when WAIT has appeared
since what was typed last, TYPE is typed; "\\t", "\\n" and "\\x03" stand for a byte.
What the command prints is printed; the exit status is its own."""
import os
import pty
import select
import sys
import time

SECONDS = 20


def main():
    steps = [line.rstrip("\n").split("\t") for line in sys.stdin]
    child, fd = pty.fork()
    if child == 0:
        os.execvp(sys.argv[1], sys.argv[1:])
    seen, end = b"", time.time() + SECONDS
    while time.time() < end:
        if steps and steps[0][0].encode() in seen:
            os.write(fd, steps.pop(0)[1].encode().decode("unicode_escape").encode())
            seen, end = b"", time.time() + SECONDS
        if not select.select([fd], [], [], 0.1)[0]:
            continue
        try:
            piece = os.read(fd, 4096)
        except OSError:
            break
        seen += piece
        sys.stdout.buffer.write(piece)
    else:
        os.kill(child, 9)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


main()
