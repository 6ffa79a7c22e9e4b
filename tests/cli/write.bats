#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

# The bytes of the target at an address, in hexadecimal.
bytes_at() {
	memrw read --json "$target" "$1" "$2" | "$tools/json-get" hex
}

@test "write: the target sees the value, and the old one is printed" {
	start=$(address_of counter)
	run --separate-stderr memrw write -t i32 "$target" counter 1000
	expect_status 0
	expect_no_stderr
	expect_output "$start	41 -> 1000"
	ask
	[ "$heard" = "1000 hello, target 101 3" ]
}

@test "write: a value may be negative" {
	run --separate-stderr memrw write -t i32 "$target" counter -5
	expect_status 0
	[ "${output#*	}" = "41 -> -5" ]
	ask
	[ "$heard" = "-5 hello, target 101 3" ]
}

@test "write: every numeric type is written as it is read" {
	local -A values=(
		[i8]=-128 [u8]=255 [i16]=-32768 [u16]=65535 [i32]=-2147483648
		[u32]=4294967295 [i64]=-9223372036854775808
		[u64]=18446744073709551615 [f32]=-0.1 [f64]=1e-300
		[ptr]=0x7ffd12345678
	)
	for type in "${!values[@]}"; do
		run --separate-stderr memrw write -t "$type" "$target" zeros "${values[$type]}"
		expect_status 0
		run --separate-stderr memrw read -t "$type" "$target" zeros
		[ "${output#*	}" = "${values[$type]}" ] || fail_with "$type"
		run --separate-stderr memrw write -q -x 0000000000000000 "$target" zeros
	done
}

@test "write: only the bytes of the value change" {
	before=$(bytes_at table 16)
	run --separate-stderr memrw write -q -t u32 "$target" table+4 0x01020304
	expect_status 0
	[ "$before" = 0a000000140000001e00000028000000 ]
	[ "$(bytes_at table 16)" = 0a000000040302011e00000028000000 ]
}

@test "write: several values go one behind the other" {
	start=$(address_of table)
	run --separate-stderr memrw write -t u32 "$target" table 1 2 3
	expect_status 0
	expect_output "$start	10 -> 1
$(printf '0x%x' $((start + 4)))	20 -> 2
$(printf '0x%x' $((start + 8)))	30 -> 3"
	run --separate-stderr memrw read --json -t u32 -n 4 "$target" table
	[ "$(json values)" = "[1,2,3,40]" ]
}

@test "write: a string is written without a NUL" {
	run --separate-stderr memrw write -t str "$target" text HELLO
	expect_status 0
	[ "${output#*	}" = "hello -> HELLO" ]
	ask
	[ "$heard" = "41 HELLO, target 101 3" ]
}

@test "write: a string that begins with a dash is a value" {
	run --separate-stderr memrw write -q -t str "$target" text --help
	expect_status 0
	ask
	[ "$heard" = "41 --help target 101 3" ]
}

@test "write: -x writes bytes and prints a hexdump of the old ones" {
	start=$(address_of text)
	run --separate-stderr memrw write -x "4a 45 4c4c 59" "$target" text
	expect_status 0
	[ "${lines[0]}" = "before:" ]
	[ "${lines[1]}" = "${start#0x}  68 65 6c 6c 6f                                    |hello|" ]
	ask
	[ "$heard" = "41 JELLY, target 101 3" ]
}

@test "write: -f writes the bytes of a file" {
	printf 'J\0\nx' >"$BATS_TEST_TMPDIR/file"
	run --separate-stderr memrw write --file="$BATS_TEST_TMPDIR/file" "$target" text
	expect_status 0
	[ "$(bytes_at text 5)" = 4a000a786f ]
}

@test "write: -f - writes standard input" {
	run --separate-stderr bash -c 'printf "HELLO\0" | "$@"' - "$MEMRW" write --via="$VIA" \
		-q -f - "$target" text
	expect_status 0
	expect_output ""
	ask
	[ "$heard" = "41 HELLO 101 3" ]
}

@test "write: what one page holds can be restored from another read" {
	head -c 4096 /dev/urandom >"$BATS_TEST_TMPDIR/random"
	run --separate-stderr memrw write -q -f "$BATS_TEST_TMPDIR/random" "$target" zeros
	expect_status 0
	memrw read --raw "$target" zeros 4096 | cmp - "$BATS_TEST_TMPDIR/random"
}

@test "write: -q prints nothing" {
	run --separate-stderr memrw write -q -t i32 "$target" counter 7
	expect_status 0
	expect_output ""
	expect_no_stderr
	run --separate-stderr memrw write -q --json -t i32 "$target" counter 7
	expect_status 0
	expect_output ""
}

@test "write: --json of values" {
	run --separate-stderr memrw write --json -t u32 "$target" table 1 2
	expect_status 0
	[ "$(json pid)" = "$target" ]
	[ "$(json via)" = "$VIA" ]
	[ "$(json type)" = u32 ]
	[ "$(json address)" = "$(address_of table)" ]
	[ "$(json length)" = 8 ]
	[ "$(json written)" = 8 ]
	[ "$(json before)" = "[10,20]" ]
	[ "$(json after)" = "[1,2]" ]
}

@test "write: --json of strings and bytes" {
	run --separate-stderr memrw write --json -t str "$target" text HE
	[ "$(json before 0)" = he ]
	[ "$(json after 0)" = HE ]
	run --separate-stderr memrw write --json -x 6865 "$target" text
	[ "$(json before)" = 4845 ]
	[ "$(json after)" = 6865 ]
}

@test "write: a range that is not all mapped is not written at all" {
	run --separate-stderr memrw write -x "00 00 00 00" "$target" 0x1000fffe
	expect_failure "0x10010000: no memory is mapped there; nothing was written"
	expect_output ""
	[ "$(bytes_at 0x1000fffe 2)" = 6565 ]
}

@test "write: a partial write says how much was written, and what was there" {
	run --separate-stderr memrw write -t u8 "$target" 0x2000fffe 1 2 3
	expect_failure "0x20010000: the memory there (r--p anonymous) is not accessible; --force ignores page protection; 2 of 3 bytes were written"
	expect_output "0x2000fffe	115 -> 1
0x2000ffff	115 -> 2"
	[ "$(bytes_at 0x2000fffe 4)" = 01027373 ]

	run --separate-stderr memrw write --json -x "0304ff" "$target" 0x2000fffe
	expect_failure "0x20010000:"
	[ "$(json length)" = 3 ]
	[ "$(json written)" = 2 ]
	[ "$(json before)" = 0102 ]
	[ "$(json after)" = 0304 ]
}

@test "write: a read-only page is refused, and --force writes it" {
	run --separate-stderr memrw write -t u8 "$target" "$read_only" 1
	expect_failure "0x20010000: the memory there (r--p anonymous) is not accessible; --force ignores page protection; nothing was written"
	[ "$(bytes_at "$read_only" 1)" = 73 ]
	run --separate-stderr memrw write --force -t u8 "$target" "$read_only" 1
	expect_status 0
	expect_output "0x20010000	115 -> 1"
	[ "$(bytes_at "$read_only" 1)" = 01 ]
}

@test "write: a bad VALUE among good ones writes nothing" {
	run --separate-stderr memrw write -t u32 "$target" table 1 2 x
	expect_usage_error "memrw: write: VALUE 'x' is not of type u32"
	[ "$(bytes_at table 8)" = 0a00000014000000 ]
}

@test "write: a VALUE that does not fit its type is bad usage" {
	local -A values=([u8]=256 [i8]=-129 [i32]=2147483648 [f32]=1e40 [ptr]=0x10000000000000000)
	for type in "${!values[@]}"; do
		run --separate-stderr memrw write -t "$type" "$target" zeros "${values[$type]}"
		expect_usage_error "VALUE '${values[$type]}' does not fit $type"
	done
	[ "$(bytes_at zeros 8)" = 0000000000000000 ]
}

@test "write: bad hexadecimal digits are bad usage" {
	for hex in "" " " 1 "1 2" 0x12 zz 123; do
		run --separate-stderr memrw write -x "$hex" "$target" text
		expect_usage_error "'$hex' is not pairs of hexadecimal digits"
	done
	[ "$(bytes_at text 2)" = 6865 ]
}

@test "write: a FILE that cannot be read fails" {
	run --separate-stderr memrw write -f "$BATS_TEST_TMPDIR/none" "$target" text
	expect_failure "$BATS_TEST_TMPDIR/none: No such file or directory"
	run --separate-stderr memrw write -f / "$target" text
	expect_failure "/: Is a directory"
	run --separate-stderr memrw write -f /dev/null "$target" text
	expect_failure "/dev/null: it is empty: nothing to write"
	run --separate-stderr memrw write -f - "$target" text </dev/null
	expect_failure "standard input: it is empty: nothing to write"
}

@test "write: exactly one of --type, --hex and --file is needed" {
	run --separate-stderr memrw write "$target" counter 1
	expect_usage_error "one of --type, --hex and --file is needed, before TARGET"
	run --separate-stderr memrw write -t u8 -x 00 "$target" counter
	expect_usage_error "--type, --hex and --file exclude each other"
	run --separate-stderr memrw write -f - -x 00 "$target" counter
	expect_usage_error "--type, --hex and --file exclude each other"
}

@test "write: missing and superfluous operands are bad usage" {
	run --separate-stderr memrw write -t u8
	expect_usage_error "memrw: write: no TARGET given"
	run --separate-stderr memrw write -t u8 "$target"
	expect_usage_error "memrw: write: no ADDRESS given"
	run --separate-stderr memrw write -t u8 "$target" counter
	expect_usage_error "memrw: write: no VALUE given"
	run --separate-stderr memrw write -t str "$target" text a b
	expect_usage_error "memrw: write: more than one VALUE of type str given"
	run --separate-stderr memrw write -t str "$target" text ""
	expect_usage_error "memrw: write: VALUE is empty"
	run --separate-stderr memrw write -x 00 "$target" text 1
	expect_usage_error "memrw: write: '1' is one operand too many"
	run --separate-stderr memrw write -t int "$target" text 1
	expect_usage_error "memrw: write: 'int' is not a type"
}

@test "write: options behind TARGET are values, and bad ones" {
	run --separate-stderr memrw write -t u8 "$target" zeros 1 -q
	expect_usage_error "VALUE '-q' is not of type u8"
	[ "$(bytes_at zeros 1)" = 00 ]
}

@test "write: a full disk is a failure, though the target is changed" {
	[ -e /dev/full ] || skip "no /dev/full"
	run --separate-stderr bash -c '"$@" >/dev/full' - "$MEMRW" write --via="$VIA" \
		-t i32 "$target" counter 9
	expect_failure "standard output: No space left on device"
	ask
	[ "$heard" = "9 hello, target 101 3" ]
}

# Compare-and-exchange is the driver's alone.
@test "write: --if-equal writes where the value is what it should be" {
	[ "$VIA" = driver ] || skip "this run is not on the driver"
	start=$(address_of counter)
	run --separate-stderr memrw write --if-equal=41 -t i32 "$target" counter 1000
	expect_status 0
	expect_no_stderr
	expect_output "$start	41 -> 1000"
	ask
	[ "$heard" = "1000 hello, target 101 3" ]
	run --separate-stderr memrw write --if-equal -8 -t i8 "$target" small -9
	expect_status 0
	[ "${output#*	}" = "-8 -> -9" ]
	run --separate-stderr memrw write --json --if-equal=0x7ffd0000 -t ptr "$target" pointer 0x7ffd0008
	expect_status 0
	[ "$(json written)" = 8 ]
	[ "$(json before)" = '["0x7ffd0000"]' ]
	[ "$(json after)" = '["0x7ffd0008"]' ]
	run --separate-stderr memrw write -q --if-equal=0.1 -t f32 "$target" single 0.2
	expect_status 0
	expect_output ""
	[ "$(memrw read -t f32 "$target" single | cut -f 2)" = 0.2 ]
}

@test "write: --if-equal tells what was there instead, and writes nothing" {
	[ "$VIA" = driver ] || skip "this run is not on the driver"
	start=$(address_of counter)
	for form in "" --json -q; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr memrw write $form --if-equal=40 -t i32 "$target" counter 1000
		expect_failure "$start: it is 41, not 40; nothing was written"
		expect_output ""
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
	ask
	[ "$heard" = "41 hello, target 101 3" ]
}

@test "write: --if-equal obeys page protection" {
	[ "$VIA" = driver ] || skip "this run is not on the driver"
	run --separate-stderr memrw write --if-equal=115 -t u8 "$target" "$read_only" 1
	expect_failure "0x20010000: the memory there (r--p anonymous) is not accessible; --force ignores page protection; nothing was written"
	run --separate-stderr memrw write --force --if-equal=115 -t u8 "$target" "$read_only" 1
	expect_status 0
}

@test "write: --if-equal is refused on procfs" {
	run --separate-stderr "$MEMRW" write --via=procfs --if-equal=41 -t i32 "$target" counter 1000
	expect_failure "$(address_of counter): the backend procfs cannot do that; nothing was written"
	expect_output ""
	ask
	[ "$heard" = "41 hello, target 101 3" ]
}

@test "write: --if-equal with what is not one number is bad usage" {
	run --separate-stderr memrw write --if-equal=h -t str "$target" text H
	expect_usage_error "memrw: write: --if-equal needs a --type of numbers"
	run --separate-stderr memrw write --if-equal=1 -x 00 "$target" text
	expect_usage_error "memrw: write: --if-equal needs a --type of numbers"
	run --separate-stderr memrw write --if-equal=41 -t i32 "$target" counter 1 2
	expect_usage_error "memrw: write: --if-equal goes with one VALUE"
	run --separate-stderr memrw write --if-equal=x -t i32 "$target" counter 1
	expect_usage_error "memrw: write: OLD 'x' is not of type i32"
	run --separate-stderr memrw write --if-equal=256 -t u8 "$target" counter 1
	expect_usage_error "memrw: write: OLD '256' does not fit u8"
	run --separate-stderr memrw write --if-equal=41 -t i32 "$target" "$edge+2" 1
	expect_usage_error "memrw: write: ADDRESS 0x10000002 is not a multiple of 4, the size of i32"
}
