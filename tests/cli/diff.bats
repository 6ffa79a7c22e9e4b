#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them
#
# memrw diff and memrw load: what is made of a dump.

load helper

setup() {
	start_target
	before=$BATS_TEST_TMPDIR/before
	after=$BATS_TEST_TMPDIR/after
}

dump() {
	memrw dump "$target" "${@:2}" -o "$1"
}

change() {
	memrw write -q -t "$1" "$target" "$2" "$3"
}

@test "diff: of the same there is nothing" {
	dump "$before" --range "text..+32"
	dump "$after" --range "text..+32"
	for other in "$after" "$target"; do
		run --separate-stderr memrw diff --exit-code "$before" "$other"
		expect_status 0
		expect_output ""
		expect_no_stderr
	done
}

@test "diff: what differs between two dumps, and between a dump and its target" {
	dump "$before" --region "$target_name"
	change i32 counter 1000
	change str text+7 TARGET
	dump "$after" --region "$target_name"
	counter=$(address_of counter)
	text=$(address_of text+7)
	for other in "$after" "$target"; do
		run --separate-stderr memrw diff "$before" "$other"
		expect_status 0
		expect_no_stderr
		[ "$(sort <<<"$output")" = "$(sort <<-END
			$counter	2900 -> e803	$tools/$target_name
			$text	746172676574 -> 544152474554	$tools/$target_name
		END
		)" ] || fail_with "other lines"
	done
}

@test "diff: as values" {
	# Other tests, which may run side by side, have targets of the same name.
	target_link=$BATS_TEST_TMPDIR/diff$$
	ln -s "$tools/$target_name" "$target_link"
	stop_target
	start_target
	dump "$before" --region "$target_name"
	change i32 counter 1000
	change u32 table+4 21
	change u32 table+8 31
	for other in "${target_link##*/}" "$target"; do
		run --separate-stderr memrw diff -t i32 --range 'counter..+4' --range 'table..+16' \
			"$before" "$other"
		expect_status 0
		[ "$(sort <<<"$output")" = "$(sort <<-END
			$(address_of counter)	41 -> 1000	$tools/$target_name
			$(address_of table+4)	20 -> 21	$tools/$target_name
			$(address_of table+8)	30 -> 31	$tools/$target_name
		END
		)" ] || fail_with "other lines"
	done
}

@test "diff: --json" {
	dump "$before" --range 'text..+32'
	change str text HE
	run --separate-stderr memrw diff --json "$before" "$target"
	expect_status 0
	[ "$(json before)" = "$before" ]
	[ "$(json after)" = "$target" ]
	[ "$(json ranges)" = 1 ]
	[ "$(json bytes)" = 2 ]
	[ "$(json unreadable)" = 0 ]
	[ "$(json only)" = "[]" ]
	[ "$(json differences 0 address)" = "$(address_of text)" ]
	[ "$(json differences 0 length)" = 2 ]
	[ "$(json differences 0 before)" = 6865 ]
	[ "$(json differences 0 after)" = 4845 ]
	[ "$(json differences 0 name)" = "$tools/$target_name" ]
	run --separate-stderr memrw diff --json -t i8 "$before" "$target"
	[ "$(json type)" = i8 ]
	[ "$(json differences 1 before)" = 101 ]
	[ "$(json differences 1 after)" = 69 ]
}

@test "diff: --summary counts by region" {
	dump "$before" --range "$edge..+0x10000" --range "$stairs..+0x10000"
	memrw write -q -x 000065000000 "$target" "$edge"
	memrw write -q -x 0000 "$target" "$stairs+8"
	run --separate-stderr memrw diff --summary "$before" "$target"
	expect_status 0
	expect_output "$edge-$edge_end	5 bytes in 2 ranges
$stairs-$read_only	2 bytes in 1 ranges
total	7 bytes in 3 ranges"
	run --separate-stderr memrw diff --summary --json "$before" "$target"
	[ "$(json regions 0 start)" = "$edge" ]
	[ "$(json regions 0 bytes)" = 5 ]
	[ "$(json regions 1 ranges)" = 1 ]
	[ "$(json bytes)" = 7 ]
}

@test "diff: --exit-code tells a difference from a failure" {
	dump "$before" --range 'text..+32'
	change str text HE
	run --separate-stderr memrw diff --exit-code "$before" "$target"
	expect_status 3
	expect_no_stderr
	run --separate-stderr memrw diff --exit-code "$before" no-such-process
	expect_failure "no-such-process: no process has that name"
}

@test "diff: what only one of them has" {
	dump "$before" --range "$edge..+0x8000"
	dump "$after" --range "$((edge + 0x4000))..+0x8000"
	run --separate-stderr memrw diff --range "$edge..+0x10000" "$before" "$after"
	expect_status 0
	expect_output "0x10000000-0x10004000	only in $before
0x10008000-0x1000c000	only in $after"
	run --separate-stderr memrw diff --exit-code "$before" "$after"
	expect_status 3
	expect_output "0x10000000-0x10004000	only in $before"
}

@test "diff: memory that was unreadable is not compared" {
	dump "$before" --all
	run --separate-stderr memrw diff --range "$no_access..+0x10000" --json --force "$before" "$target"
	expect_status 0
	[ "$(json bytes)" = 0 ]
	[ "$(json unreadable)" = 65536 ]
}

@test "diff: pieces of a long difference are all there" {
	dump "$before" --range "$edge..+0x10000"
	head -c 65536 /dev/zero | memrw write -q -f - "$target" "$edge"
	run --separate-stderr memrw diff "$before" "$target"
	expect_output "$edge	65656565656565656565656565656565... -> 00000000000000000000000000000000... (65536 bytes)"
}

@test "diff: bad usage" {
	run --separate-stderr memrw diff
	expect_usage_error "memrw: diff: no FILE given"
	run --separate-stderr memrw diff "$before"
	expect_usage_error "memrw: diff: no second FILE or TARGET given"
	run --separate-stderr memrw diff a b c
	expect_usage_error "memrw: diff: more than two operands given"
	run --separate-stderr memrw diff -t str a b
	expect_usage_error "memrw: diff: str is not a type of numbers"
	run --separate-stderr memrw diff -t i33 a b
	expect_usage_error "memrw: diff: 'i33' is not a type"
	dump "$before" --range 'text..+32'
	run --separate-stderr memrw diff --stop "$before" "$before"
	expect_usage_error "memrw: diff: --stop is for a TARGET"
	run --separate-stderr memrw diff --range 'text..+32' "$before" "$before"
	expect_usage_error "memrw: diff: 'text' is not an address"
}

@test "diff: a dump must be one" {
	dump "$before" --range 'text..+32'
	run --separate-stderr memrw diff "$BATS_TEST_TMPDIR/none" "$target"
	expect_failure "$BATS_TEST_TMPDIR/none: No such file or directory"
	run --separate-stderr memrw diff "$before" "$BATS_TEST_TMPDIR/none"
	expect_failure "$BATS_TEST_TMPDIR/none: No such file or directory"
	run --separate-stderr memrw diff --range "$edge..+1" "$before" "$target"
	expect_failure "$before: there is nothing in it of what was chosen"
	truncate -s 31 "$before"
	run --separate-stderr memrw diff "$before" "$target"
	expect_failure "$before.json: it is no index of a dump: a region is not inside the file"
	echo '{' >"$before.json"
	run --separate-stderr memrw diff "$before" "$target"
	expect_failure "$before.json: it is no index of a dump: "
	rm "$before.json"
	run --separate-stderr memrw diff "$before" "$target"
	expect_failure "$before.json: No such file or directory; a dump needs its index"
}

@test "load: puts back what has changed, and nothing else" {
	dump "$before" --region "$target_name" --region '[heap]'
	change i32 counter 1000
	change str text HELLO
	ask
	[ "$heard" = "1000 HELLO, target 101 3" ]
	run --separate-stderr memrw load --range 'counter..+4' --range 'text..+32' "$target" "$before"
	expect_status 0
	expect_output "7 bytes in 2 ranges"
	expect_no_stderr
	ask
	[ "$heard" = "41 hello, target 101 3" ]
	run --separate-stderr memrw load --json --range 'counter..+4' "$target" "$before"
	expect_status 0
	[ "$(json written)" = 0 ]
	[ "$(json ranges)" = 0 ]
	[ "$(json via)" = "$VIA" ]
}

@test "load: all of a dump, while the target stands still" {
	dump "$before" --all
	change i32 counter 1000
	memrw write -q -x 000065000000 "$target" "$edge"
	run --separate-stderr memrw load --stop -q "$target" "$before"
	[ "$status" -eq 0 ] || fail_with "load"
	expect_output ""
	ask
	[ "$heard" = "41 hello, target 101 3" ]
	run --separate-stderr memrw diff --exit-code --range "$edge..+0x10000" "$before" "$target"
	expect_status 0
}

@test "load: many ranges" {
	dump "$before" --range "$edge..+0x10000"
	printf 'eABC%.0s' {1..16384} | memrw write -q -f - "$target" "$edge"
	run --separate-stderr memrw load "$target" "$before"
	expect_status 0
	expect_output "49152 bytes in 16384 ranges"
	run --separate-stderr memrw diff --exit-code "$before" "$target"
	expect_status 0
}

@test "load: if one byte cannot be written none is" {
	dump "$before" --range "$edge..+0x10000" --range "$read_only..+0x10000"
	memrw write -q -x 00 "$target" "$edge"
	memrw write -q --force -x 0000 "$target" "$read_only+0x10"
	run --separate-stderr memrw load "$target" "$before"
	expect_failure "0x20010010-0x20010012: it differs, and the memory there is read-only; --force ignores that"
	expect_stderr "memrw: $before: nothing was written"
	expect_output ""
	ask
	[ "$heard" = "41 hello, target 0 3" ]
	run --separate-stderr memrw load --force "$target" "$before"
	expect_status 0
	expect_output "3 bytes in 2 ranges"
	ask
	[ "$heard" = "41 hello, target 101 3" ]
}

@test "load: memory that is not there any more is told" {
	dump "$before" --range "$edge..+0x10000"
	sed -i 's/0x10000000/0x10008000/; s/0x10010000/0x10018000/' "$before.json"
	run --separate-stderr memrw load "$target" "$before"
	expect_failure "0x10010000-0x10018000: no memory is mapped there"
	expect_stderr "nothing was written"
}

@test "load: bad usage" {
	run --separate-stderr memrw load
	expect_usage_error "memrw: load: no TARGET given"
	run --separate-stderr memrw load "$target"
	expect_usage_error "memrw: load: no FILE given"
	run --separate-stderr memrw load "$target" a b
	expect_usage_error "memrw: load: more than TARGET and FILE given"
	run --separate-stderr memrw load "$target" "$BATS_TEST_TMPDIR/none"
	expect_failure "$BATS_TEST_TMPDIR/none: No such file or directory"
}
