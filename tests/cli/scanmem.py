#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""scanmem.py MEMRW VIA NUMBERS [CASES [SEED]]: is what memrw scan finds what scanmem
finds?  Each case is random memory of the process NUMBERS, a type, and conditions, between
which some of the memory changes; after each the addresses of both are compared.  Prints
TAP, a test for each type, with the seed."""
import random
import re
import struct
import subprocess
import sys

START, LENGTH = 0x30000000, 4096
WHOLE = ("i8", "i16", "i32", "i64")
TYPES = WHOLE + ("f32", "f64", "bytes", "str", "int", "number")
# scanmem has one type for both signs; memrw has one that is both for "int" and "number".
SCANMEM = {"i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64",
           "f32": "float32", "f64": "float64", "bytes": "bytearray", "str": "string",
           "int": "int", "number": "number"}
PACK = {"i8": "b", "i16": "h", "i32": "i", "i64": "q", "f32": "f", "f64": "d"}


class Program:
    """The process, and its memory."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.process.stdout.readline()
        self.memory = open(f"/proc/{self.process.pid}/mem", "r+b", buffering=0)

    def write(self, offset, content):
        self.memory.seek(START + offset)
        self.memory.write(content)

    def read(self):
        self.memory.seek(START)
        return self.memory.read(LENGTH)


class Scanner:
    """A scanner that takes commands, and is asked for its matches after each."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, bufsize=1)

    def say(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def lines_until(self, end):
        lines = []
        while not re.search(end, lines[-1] if lines else ""):
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("the scanner has ended: " + "".join(lines[-5:]))
            lines.append(line)
        return lines

    def close(self, farewell):
        self.say(farewell)
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()


class Scanmem(Scanner):
    """Keeps the regions apart by its number for the first, which is at START."""

    def __init__(self, pid, kind):
        super().__init__(["stdbuf", "-oL", "scanmem", "-p", str(pid)])
        self.lines_until("suitable regions found")
        for command in (f"option scan_data_type {SCANMEM[kind]}", "option region_scan_level 3",
                        "option noptrace 1", "dregion !0"):
            self.say(command)

    def narrow(self, condition):
        self.say(condition)
        self.say("list 100000")
        self.say("version")
        found = set()
        for line in self.lines_until("^libscanmem version"):
            match = re.match(r"\[ *\d+\] +([0-9a-f]+), ", line)
            if match:
                found.add(int(match[1], 16))
        return found


class Memrw(Scanner):
    def __init__(self, memrw, via, pid, kind):
        super().__init__([memrw, "scan", f"--via={via}", "-t", kind, str(pid)])
        self.say("align 1; " * (kind not in ("bytes", "str")) +
                 f"filter range {START:#x}..{START + LENGTH:#x}")

    def narrow(self, condition):
        self.say(condition)
        self.say("list all")
        self.say("info")
        found = set()
        for line in self.lines_until("^snapshots"):
            match = re.match(r"\d+\t(0x[0-9a-f]+)\t", line)
            if match:
                found.add(int(match[1], 16))
        return found


class Case:
    """Some values of a type, and questions about them."""

    def __init__(self, kind, chance):
        self.kind, self.chance = kind, chance
        self.length = chance.randrange(1, 5)

    def pack(self, value):
        if self.kind in ("bytes", "str"):
            return value
        kind = self.chance.choice(list(PACK)) if self.kind == "number" else self.kind
        kind = self.chance.choice(WHOLE) if self.kind == "int" else kind
        return struct.pack("<" + PACK[kind], float(value) if kind[0] == "f" else value)

    def value(self):
        """Few, so that many are the same; none is negative, as the signs differ there."""
        if self.kind == "bytes":
            return bytes(self.chance.choice(b"\x00\x01\xfe\xff") for _ in range(6))
        if self.kind == "str":
            return "".join(self.chance.choice("abC ") for _ in range(5)).encode()
        if self.kind[0] == "f":
            return self.chance.choice((0.5, 1.25, 3.0, 1e10, 40.0, 7.75))
        return self.chance.randrange(0, 60)

    def fill(self, program):
        """No bit that is a sign: scanmem has both signs in one type."""
        program.write(0, bytes(self.chance.choice(b"\0\0\0\x01\x3f\x07") for _ in range(LENGTH)))
        self.change(program, 400)

    def comparable(self, addresses, conditions):
        """scanmem loses some at a region's end.  A difference between floating-point numbers
        may be rounded, which it does otherwise: then those that were written count, and not
        what lies across two."""
        addresses = {a for a in addresses if a < START + LENGTH - 8}
        if self.kind[0] != "f" or not any(re.search("creased .", one) for one in conditions):
            return addresses
        return {a for a in addresses if a % struct.calcsize(PACK[self.kind]) == 0}

    def change(self, program, count):
        for _ in range(count):
            content = self.pack(self.value())
            place = self.chance.randrange(0, LENGTH - len(content))
            program.write(place - place % len(content) if self.kind[0] == "f" else place, content)

    def first(self):
        """The same condition for scanmem and for memrw."""
        value = self.value()
        if self.kind == "bytes":
            text = [f"{byte:02x}" for byte in value[:self.length]]
            if len(text) > 1:
                text[self.chance.randrange(1, len(text))] = self.chance.choice(("??", text[0]))
            return " ".join(text), "= " + " ".join(text)
        if self.kind == "str":
            text = value.decode()[:self.length]
            return '" ' + text, f"= '{text}'"
        upper = value + abs(self.value())
        return self.chance.choice(((f"{value}", f"= {value}"),
                                   (f"{value}..{upper}", f"{value}..{upper}"),
                                   (f"> {value}", f"> {value}"),
                                   (f"< {value + 1}", f"< {value + 1}"),
                                   ("snapshot", "?")))

    def next(self):
        if self.kind in ("bytes", "str"):
            return self.first()
        value = self.value()
        return self.chance.choice((("!=", "changed"), ("=", "unchanged"),
                                   ("+", "increased"), ("-", "decreased"),
                                   (f"+ {value or 1}", f"increased {value or 1}"),
                                   (f"- {value or 1}", f"decreased {value or 1}"),
                                   (f"{value}", f"= {value}"), (f"!= {value}", f"!= {value}")))


def run_case(options, program, kind, chance):
    case = Case(kind, chance)
    pid = program.process.pid
    case.fill(program)
    kinds = [kind, "u" + kind[1:]] if kind in WHOLE else [kind]
    theirs = Scanmem(pid, kind)
    ours = [Memrw(options["memrw"], options["via"], pid, kind) for kind in kinds]
    # What of several types a match was before, scanmem does not always remember.
    later = 0 if kind in ("int", "number") else 3
    conditions = [case.first()] + [case.next() for _ in range(later)]
    difference = None
    for i, (for_scanmem, for_memrw) in enumerate(conditions):
        if i:
            case.change(program, 60)
        asked = [condition[1] for condition in conditions[:i + 1]]
        expected = case.comparable(theirs.narrow(for_scanmem), asked)
        found = set().union(*(scanner.narrow(for_memrw) for scanner in ours))
        found = case.comparable(found, asked)
        options["passes"] += 1
        options["matches"] += len(found)
        if found != expected:
            only = sorted(found ^ expected)[:3]
            difference = (f"{kind}: after {asked}: "
                          f"{len(found)} and {len(expected)} matches; at " +
                          ", ".join(f"{a:#x} " + program.read()[a - START:a - START + 8].hex()
                                    for a in only))
        # Without a match scanmem begins anew.
        if difference or not expected:
            break
    theirs.close("exit")
    for scanner in ours:
        scanner.close("quit")
    return difference


def main():
    options = {"memrw": sys.argv[1], "via": sys.argv[2], "passes": 0, "matches": 0}
    program = Program(sys.argv[3])
    cases = int(sys.argv[4]) if len(sys.argv) > 4 else 3
    seed = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 32)
    chance = random.Random(seed)
    failed = False
    print(f"1..{len(TYPES)}\n# seed {seed}")
    for number, kind in enumerate(TYPES, 1):
        differences = [run_case(options, program, kind, chance) for _ in range(cases)]
        differences = [difference for difference in differences if difference]
        print(f"{'not ' if differences else ''}ok {number} - {kind}: the same as scanmem",
              *differences, sep="\n# ", flush=True)
        failed |= bool(differences)
    print(f"# {options['passes']} passes, {options['matches']} matches")
    program.process.stdin.close()
    sys.exit(failed)


main()
