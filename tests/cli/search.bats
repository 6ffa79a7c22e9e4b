#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

search() {
	run --separate-stderr memrw search "$@"
}

@test "search: bytes with holes, at their address and place" {
	search --writable --module="$target_name" "$target" "68 65 ?c 6c 6? 2c"
	expect_status 0
	expect_no_stderr
	[ "$(cut -f 1 <<<"$output")" = "$(address_of text)" ]
	[[ "$output" == *"	$target_name+0x"* ]]
	[ "$(memrw read -t i8 "$target" "$(cut -f 2 <<<"$output")" | cut -f 2)" = 104 ]
}

@test "search: values of a type" {
	for case in "i32 41 counter" "i8 -8 small" "f64 -2.5 number" "u64 18446744073709551615 large" \
		"ptr 0x7ffd0000 pointer"; do
		read -r type value symbol <<<"$case"
		search -t "$type" --all --writable --module="$target_name" "$target" "$value"
		expect_status 0
		grep -q "^$(address_of "$symbol")	" <<<"$output"
	done
	search -t str --fold-case --module="$target_name" --writable "$target" "HELLO, TARGET"
	[ "$(cut -f 1 <<<"$output")" = "$(address_of text)" ]
}

@test "search: what is nowhere fails without a word" {
	search --module="$target_name" "$target" "fe dc ba 98 76 54 32 10 fe dc"
	expect_status 1
	expect_output ""
	expect_no_stderr
}

@test "search: a limit is kept, and the rest is told" {
	search -t u8 -n 3 --range=0x10000000-0x10010000 "$target" 101
	expect_status 0
	[ "${#lines[@]}" -eq 3 ]
	[ "${lines[0]%%	*}" = 0x10000000 ]
	expect_stderr "memrw: search: 65533 more: --all prints them"
	search -t u8 --all --range=0x10000000-0x10010000 "$target" 101
	[ "${#lines[@]}" -eq 65536 ]
	expect_no_stderr
}

@test "search: --json" {
	search --json -t i32 --writable --module="$target_name" "$target" 41
	expect_status 0
	[ "$(json pid)" = "$target" ]
	[ "$(json count)" = 1 ]
	[ "$(json matches 0 address)" = "$(address_of counter)" ]
	[ "$(json matches 0 module)" = "$target_name" ]
	[ "$(json matches 0 value)" = 41 ]
}

@test "search: bad usage" {
	search
	expect_usage_error "memrw: search: no TARGET given"
	search "$target"
	expect_usage_error "memrw: search: no PATTERN given"
	search "$target" 00 01
	expect_usage_error "memrw: search: '01' is one operand too many"
	search -t x "$target" 00
	expect_usage_error "memrw: search: 'x' is not a type"
	search "$target" 0
	expect_usage_error "memrw: search: PATTERN '0' is not of type bytes"
	search -t u8 "$target" 256
	expect_usage_error "memrw: search: PATTERN '256' does not fit u8"
	search --range=heap "$target" 00
	expect_usage_error "memrw: search: 'heap' is not START-END in numbers"
	search -n 0 "$target" 00
	expect_usage_error "memrw: search: N '0' is not a number above 0"
}
