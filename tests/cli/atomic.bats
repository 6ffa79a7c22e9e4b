#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them
#
# Without the driver, what is tested is that there is nothing of it.

load helper

needs_driver() {
	[ "$VIA" = driver ] || skip "this run is not on the driver"
}

# The value of a type at a symbol, read another way.
value_of() {
	memrw read -t "$1" "$target" "$2" | cut -f 2
}

@test "atomic: load prints the value as read does" {
	needs_driver
	for case in "i32 counter" "i8 small" "u8 small" "i64 negative" "u64 large" "f32 single" \
		"f64 number" "ptr pointer"; do
		run --separate-stderr memrw atomic -t "${case% *}" load "$target" "${case#* }"
		expect_status 0
		expect_no_stderr
		expect_output "$(memrw read -t "${case% *}" "$target" "${case#* }")"
	done
}

@test "atomic: store prints nothing" {
	needs_driver
	run --separate-stderr memrw atomic -t i32 store "$target" counter -5
	expect_status 0
	expect_output ""
	expect_no_stderr
	ask
	[ "$heard" = "-5 hello, target 101 3" ]
}

@test "atomic: exchange and add print what was there before" {
	needs_driver
	start=$(address_of counter)
	run --separate-stderr memrw atomic -t i32 exchange "$target" counter 100
	expect_status 0
	expect_output "$start	41"
	run --separate-stderr memrw atomic -t i32 add "$target" counter -30
	expect_status 0
	expect_output "$start	100"
	ask
	[ "$heard" = "70 hello, target 101 3" ]
}

@test "atomic: add goes round, and not into the next number" {
	needs_driver
	run --separate-stderr memrw atomic -t u8 add "$target" table 250
	expect_status 0
	[ "$(value_of u32 table)" = 4 ]
	[ "$(value_of u32 table+4)" = 20 ]
}

@test "atomic: compare-exchange replaces the value that it was told" {
	needs_driver
	start=$(address_of counter)
	run --separate-stderr memrw atomic -t i32 compare-exchange "$target" counter 41 -1
	expect_status 0
	expect_output "$start	41"
	[ "$(value_of i32 counter)" = -1 ]
}

@test "atomic: compare-exchange fails where another value is" {
	needs_driver
	start=$(address_of counter)
	run --separate-stderr memrw atomic -t i32 compare-exchange "$target" counter 40 -1
	expect_failure "$start: it is 41, not 40; nothing was written"
	expect_output "$start	41"
	[ "$(value_of i32 counter)" = 41 ]
}

@test "atomic: --json" {
	needs_driver
	run --separate-stderr memrw atomic --json -t i32 exchange "$target" counter 7
	expect_status 0
	[ "$(json pid)" = "$target" ]
	[ "$(json via)" = driver ]
	[ "$(json address)" = "$(address_of counter)" ]
	[ "$(json operation)" = exchange ]
	[ "$(json type)" = i32 ]
	[ "$(json old)" = 41 ]
	[ "$(json "done")" = true ]
	run --separate-stderr memrw atomic --json -t i32 compare-exchange "$target" counter 8 9
	expect_failure "$(address_of counter): it is 7, not 8"
	[ "$(json old)" = 7 ]
	[ "$(json "done")" = false ]
	run --separate-stderr memrw atomic --json -t i32 store "$target" counter 9
	expect_status 0
	[ "$(json "done")" = true ]
	[[ "$output" != *'"old"'* ]]
	run --separate-stderr memrw atomic --json -t ptr load "$target" pointer
	[ "$(json old)" = 0x7ffd0000 ]
}

@test "atomic: memory that is not accessible fails" {
	needs_driver
	run --separate-stderr memrw atomic -t u32 load "$target" "$edge_end"
	expect_failure "0x10010000: no memory is mapped there"
	run --separate-stderr memrw atomic -t u8 add "$target" "$read_only" 1
	expect_failure "0x20010000: the memory there (r--p anonymous) is not accessible; --force"
	expect_output ""
	run --separate-stderr memrw atomic -t u8 load "$target" "$read_only"
	expect_status 0
	run --separate-stderr memrw atomic --force -t u8 add "$target" "$read_only" 1
	expect_status 0
	expect_output "0x20010000	115"
	[ "$(value_of u8 "$read_only")" = 116 ]
}

@test "atomic: many at a time lose none" {
	needs_driver
	for ((i = 0; i < 8; i++)); do
		start "$MEMRW" atomic --via="$VIA" -t i32 add "$target" counter 1
	done
	wait "${others[@]}"
	others=()
	[ "$(value_of i32 counter)" = 49 ]
}

@test "atomic: options may stand on both sides of the operation" {
	needs_driver
	run --separate-stderr memrw atomic load -t i32 "$target" counter
	expect_status 0
	[ "${output#*	}" = 41 ]
	run --separate-stderr memrw atomic --json load -t i32 "$target" counter
	[ "$(json old)" = 41 ]
}

@test "atomic: procfs refuses all of it, and changes nothing" {
	start=$(address_of counter)
	for operation in load "store 1" "exchange 1" "add 1" "compare-exchange 41 1"; do
		read -ra words <<<"$operation"
		run --separate-stderr "$MEMRW" atomic --via=procfs -t i32 "${words[0]}" "$target" \
			counter "${words[@]:1}"
		expect_failure "$start: the backend procfs cannot do that"
		expect_output ""
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
	ask
	[ "$heard" = "41 hello, target 101 3" ]
}

@test "atomic: missing and superfluous operands are bad usage" {
	run --separate-stderr memrw atomic
	expect_usage_error "memrw: atomic: no operation given"
	run --separate-stderr memrw atomic -t i32 swap "$target" counter
	expect_usage_error "memrw: atomic: 'swap' is not load, store, exchange, add or compare-exchange"
	run --separate-stderr memrw atomic -t i32 load
	expect_usage_error "memrw: atomic: no TARGET given"
	run --separate-stderr memrw atomic -t i32 load "$target"
	expect_usage_error "memrw: atomic: no ADDRESS given"
	run --separate-stderr memrw atomic -t i32 load "$target" counter 1
	expect_usage_error "memrw: atomic: '1' is one operand too many"
	for operation in store exchange add; do
		run --separate-stderr memrw atomic -t i32 "$operation" "$target" counter
		expect_usage_error "memrw: atomic: no VALUE given"
	done
	run --separate-stderr memrw atomic -t i32 compare-exchange "$target" counter
	expect_usage_error "memrw: atomic: no OLD given"
	run --separate-stderr memrw atomic -t i32 compare-exchange "$target" counter 41
	expect_usage_error "memrw: atomic: no VALUE given"
}

@test "atomic: a bad type, value or alignment is bad usage" {
	run --separate-stderr memrw atomic load "$target" counter
	expect_usage_error "memrw: atomic: a --type is needed, before TARGET"
	run --separate-stderr memrw atomic -t int load "$target" counter
	expect_usage_error "memrw: atomic: 'int' is not a type"
	run --separate-stderr memrw atomic -t str load "$target" text
	expect_usage_error "memrw: atomic: str is not a type of numbers"
	run --separate-stderr memrw atomic -t f32 add "$target" single 1
	expect_usage_error "memrw: atomic: add is for whole numbers, not for f32"
	run --separate-stderr memrw atomic -t u8 store "$target" counter 256
	expect_usage_error "memrw: atomic: VALUE '256' does not fit u8"
	run --separate-stderr memrw atomic -t u8 compare-exchange "$target" counter x 1
	expect_usage_error "memrw: atomic: OLD 'x' is not of type u8"
	for type in u16 i32 f64; do
		run --separate-stderr memrw atomic -t "$type" load "$target" "$edge+1"
		expect_usage_error "memrw: atomic: ADDRESS 0x10000001 is not a multiple of"
	done
}
