#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

# Not memory of the target's: the driver does not show it.
without_vsyscall() {
	grep -v '\[vsyscall\]$'
}

@test "maps: is /proc/PID/maps to the byte" {
	without_vsyscall <"/proc/$target/maps" >"$BATS_TEST_TMPDIR/kernel"
	memrw maps "$target" | without_vsyscall >"$BATS_TEST_TMPDIR/memrw"
	[ -s "$BATS_TEST_TMPDIR/memrw" ]
	cmp "$BATS_TEST_TMPDIR/kernel" "$BATS_TEST_TMPDIR/memrw"
}

@test "maps: strange file names are those of /proc/PID/maps" {
	odd="$BATS_TEST_TMPDIR/a
b \\ é (deleted)"
	cp "$tools/$target_name" "$odd"
	coproc ODD { exec "$odd" 3>&-; }
	others+=("$ODD_PID")
	read -r -t 20 -u "${ODD[0]}" _
	rm "$odd"
	without_vsyscall <"/proc/$ODD_PID/maps" >"$BATS_TEST_TMPDIR/kernel"
	memrw maps "$ODD_PID" | without_vsyscall >"$BATS_TEST_TMPDIR/memrw"
	grep -qF 'a\012b' "$BATS_TEST_TMPDIR/kernel"
	cmp "$BATS_TEST_TMPDIR/kernel" "$BATS_TEST_TMPDIR/memrw"
}

@test "maps: --json has the same regions" {
	run --separate-stderr memrw maps --json "$target"
	expect_status 0
	expect_no_stderr
	[ "$(json pid)" = "$target" ]
	[ "$(json comm)" = "$target_name" ]
	[ "$(json via)" = "$VIA" ]
	[ "$(json regions 0 start)" = 0x10000000 ]
	[ "$(json regions 0 end)" = 0x10010000 ]
	[ "$(json regions 0 permissions)" = rw-p ]
	[ "$(json regions 0 offset)" = 0x0 ]
	[ "$(json regions 0 device)" = 00:00 ]
	[ "$(json regions 0 inode)" = 0 ]
	[ "$(json regions 0 name)" = "" ]
	[ "$(json regions 2 permissions)" = r--p ]
	[ "$(json regions 3 permissions)" = ---p ]
	[ "$(json regions 4 name)" = "$tools/$target_name" ]
	[ "$(json regions 4 inode)" = "$(stat -c %i "$tools/$target_name")" ]
	[ "$(grep -c '"start"' <<<"$output")" -eq "$(memrw maps "$target" | wc -l)" ]
}

@test "maps: missing and superfluous operands are bad usage" {
	run --separate-stderr memrw maps
	expect_usage_error "memrw: maps: no TARGET given (see 'memrw maps --help')"
	run --separate-stderr memrw maps "$target" "$target"
	expect_usage_error "memrw: maps: more than one TARGET given"
}

@test "maps: a full disk is a failure" {
	[ -e /dev/full ] || skip "no /dev/full"
	for form in "" --json; do
		# shellcheck disable=SC2086 # an option or none
		run --separate-stderr bash -c '"$@" >/dev/full' - "$MEMRW" maps --via="$VIA" $form "$target"
		expect_failure "standard output: No space left on device"
	done
}

# The picture is XML that a parser takes; the text of all its elements, a line each.
texts_of() {
	python3 - "$1" <<-'END'
		import sys, xml.etree.ElementTree as tree
		root = tree.parse(sys.argv[1]).getroot()
		assert root.tag == "{http://www.w3.org/2000/svg}svg", root.tag
		for element in root.iter():
		    if element.text and element.text.strip():
		        print(element.text)
	END
}

@test "maps: --picture draws each region, with its protection, size and name" {
	picture=$BATS_TEST_TMPDIR/picture.svg
	run --separate-stderr memrw maps --picture "$picture" "$target"
	expect_status 0
	expect_output ""
	expect_no_stderr
	texts=$(texts_of "$picture")
	grep -qx "$target_name ($target)" <<<"$texts"
	grep -q '^10000000-10010000 rw-p 64 KiB $' <<<"$texts"
	grep -q '^20010000-20020000 r--p 64 KiB $' <<<"$texts"
	grep -q 'r-xp .*/libc' <<<"$texts"
	grep -q 'left out' <<<"$texts"
	grep -q 'A row is ' <<<"$texts"
	# All but the vsyscall page, which is left out as the driver does not show it.
	[ "$(grep -cE '^[0-9a-f]+-[0-9a-f]+ ....' <<<"$texts")" -ge \
		"$(without_vsyscall <"/proc/$target/maps" | wc -l)" ]
}

# The KiB of zeros in the legend of the picture of a process: a sum over the kinds.
zeros_of() {
	memrw maps --picture "$BATS_TEST_TMPDIR/picture.svg" "$1"
	# The columns: kind, regions, size, data, zeros, swapped.
	texts_of "$BATS_TEST_TMPDIR/picture.svg" | awk '
		/^(rwx|r-x|rw-|r--|---)  / { column = 0 }
		++column == 5 && / [KM]iB$/ { sum += $1 * ($2 == "MiB" ? 1024 : 1) }
		END { print int(sum) }'
}

@test "maps: --picture tells zeros from data, and lets the target not grow" {
	coproc ZEROS { exec python3 -c '
import mmap, sys
area = mmap.mmap(-1, 192 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
def touch(value):
    for page in range(0, 64 << 20, 4096):
        area[page] = value
    print("ready", flush=True)
    sys.stdin.readline()
touch(0)
touch(1)' 3>&-; }
	others+=("$ZEROS_PID")
	read -r -t 60 -u "${ZEROS[0]}" _
	resident=$(grep ^RssAnon: "/proc/$ZEROS_PID/status")
	before=$(zeros_of "$ZEROS_PID")
	[ "$(grep ^RssAnon: "/proc/$ZEROS_PID/status")" = "$resident" ]
	echo >&"${ZEROS[1]}"
	read -r -t 60 -u "${ZEROS[0]}" _
	after=$(zeros_of "$ZEROS_PID")
	echo "zeros: $before KiB, then $after KiB"
	[ "$before" -ge $((64 * 1024)) ]
	[ "$((before - after))" -ge $((60 * 1024)) ]
}

@test "maps: --picture takes a process with 2000 regions, and strange names" {
	cp "$tools/$target_name" "$BATS_TEST_TMPDIR/a <&>'\" é"$'\xff\033'
	coproc ODD { exec "$BATS_TEST_TMPDIR/a <&>'\" é"$'\xff\033' 3>&-; }
	others+=("$ODD_PID")
	read -r -t 20 -u "${ODD[0]}" _
	memrw maps --picture "$BATS_TEST_TMPDIR/odd.svg" "$ODD_PID"
	texts_of "$BATS_TEST_TMPDIR/odd.svg" | grep -q "a <&>'\" é"
	coproc MANY { exec python3 -c '
import mmap, sys
kept = [mmap.mmap(-1, 8192, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
                  prot=mmap.PROT_READ | (mmap.PROT_WRITE if i % 2 else 0)) for i in range(2000)]
print("ready", flush=True)
sys.stdin.read()' 3>&-; }
	others+=("$MANY_PID")
	read -r -t 60 -u "${MANY[0]}" _
	[ "$(wc -l <"/proc/$MANY_PID/maps")" -ge 2000 ]
	memrw maps --picture "$BATS_TEST_TMPDIR/many.svg" "$MANY_PID"
	[ "$(texts_of "$BATS_TEST_TMPDIR/many.svg" | grep -c ' r[-w]-p ')" -ge 2000 ]
}

@test "maps: --picture is refused with --json, and fails where the file cannot be written" {
	run --separate-stderr memrw maps --json --picture=x "$target"
	expect_usage_error "maps: --picture and --json exclude each other"
	run --separate-stderr memrw maps --picture=/nonexistent/x "$target"
	expect_failure "/nonexistent/x: No such file or directory"
	[ -e /dev/full ] || return 0
	run --separate-stderr memrw maps --picture=/dev/full "$target"
	expect_failure "/dev/full: No space left on device"
}
