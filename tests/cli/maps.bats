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
