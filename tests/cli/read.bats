#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

@test "read: prints 256 bytes as a hexdump by default" {
	run --separate-stderr memrw read "$target" "$edge"
	expect_status 0
	expect_no_stderr
	expect_output "10000000  65 65 65 65 65 65 65 65  65 65 65 65 65 65 65 65  |eeeeeeeeeeeeeeee|
*
10000100"
}

@test "read: the hexdump is that of hexdump -C" {
	command -v hexdump >/dev/null || skip "hexdump is not installed"
	start=$(address_of text)
	memrw read --raw "$target" "$start" 1000 >"$BATS_TEST_TMPDIR/raw"
	# The address column differs, and so it may; it is as wide as it must be.
	memrw read "$target" "$start" 1000 | sed 's/^[0-9a-f]* *//' >"$BATS_TEST_TMPDIR/ours"
	hexdump -C "$BATS_TEST_TMPDIR/raw" | sed 's/^[0-9a-f]* *//' >"$BATS_TEST_TMPDIR/theirs"
	[ -s "$BATS_TEST_TMPDIR/ours" ]
	diff "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/theirs"
}

@test "read: a hexdump line is cut at LENGTH" {
	run --separate-stderr memrw read "$target" text 13
	expect_status 0
	[[ "${lines[0]}" =~ ^[0-9a-f]{8,12}\ \ 68\ 65\ 6c\ 6c\ 6f\ 2c\ 20\ 74\ \ 61\ 72\ 67\ 65\ 74\ +\|hello,\ target\|$ ]]
	[ "${#lines[@]}" -eq 2 ]
}

@test "read: every type is printed behind its address" {
	start=$(address_of counter)
	run --separate-stderr memrw read -t i32 "$target" counter
	expect_status 0
	expect_output "$start	41"

	local -A expected=(
		["i8 small"]=-8 ["u8 small"]=248 ["i16 small"]='*'
		["u16 counter"]=41 ["u32 counter"]=41 ["i64 negative"]=-5000000000
		["u64 large"]=18446744073709551615 ["i64 large"]=-1
		["f32 single"]=0.1 ["f64 number"]=-2.5
		["ptr pointer"]=0x7ffd0000 ["str text"]="hello, target"
	)
	for case in "${!expected[@]}"; do
		run --separate-stderr memrw read -t "${case% *}" "$target" "${case#* }"
		expect_status 0
		# shellcheck disable=SC2053 # one of them is a pattern
		[[ "${output#*	}" == ${expected[$case]} ]] || fail_with "$case"
	done
}

@test "read: COUNT values are printed one a line" {
	start=$(address_of table)
	run --separate-stderr memrw read --type=u32 --count=4 "$target" table
	expect_status 0
	[ "${lines[0]}" = "$start	10" ]
	[ "${lines[3]}" = "$(printf '0x%x' $((start + 12)))	40" ]
	[ "${#lines[@]}" -eq 4 ]
}

@test "read: LENGTH can stand for COUNT where it is a multiple of the size" {
	run --separate-stderr memrw read -t u32 "$target" table 8
	expect_status 0
	[ "${#lines[@]}" -eq 2 ]
	run --separate-stderr memrw read -t u32 "$target" table 6
	expect_usage_error "LENGTH is not a multiple of 4, the size of u32"
}

@test "read: more values than one piece holds come out in order" {
	run --separate-stderr memrw read -t u8 -n 4096 "$target" "$edge"
	expect_status 0
	[ "${#lines[@]}" -eq 4096 ]
	[ "${lines[4095]}" = "0x10000fff	101" ]
}

@test "read: what could control a terminal is escaped in a string" {
	LC_ALL=C run --separate-stderr memrw read -t str "$target" strange
	expect_status 0
	[ "${output#*	}" = 'tab\there\\ \x1b[1m\xff\xc3\xa9' ]
}

@test "read: letters of the locale are printed in a string" {
	LC_ALL=C.UTF-8 run --separate-stderr memrw read -t str "$target" strange
	expect_status 0
	[ "${output#*	}" = 'tab\there\\ \x1b[1m\xffé' ]
}

@test "read: COUNT strings follow one another" {
	start=$(address_of three)
	run --separate-stderr memrw read -t str -n 3 "$target" three
	expect_status 0
	[ "${lines[0]}" = "$start	one" ]
	[ "${lines[1]}" = "$(printf '0x%x' $((start + 4)))	two" ]
	[ "${lines[2]}" = "$(printf '0x%x' $((start + 8)))	" ]
}

@test "read: LENGTH ends a string that has no NUL" {
	run --separate-stderr memrw read -t str "$target" text 5
	expect_status 0
	expect_no_stderr
	[ "${output#*	}" = "hello" ]
}

@test "read: a string without an end fails after what there is of it" {
	run --separate-stderr memrw read -t str "$target" "$stairs"
	expect_failure "0x20001000: the string has no end so far: give a LENGTH"
	[ "${#output}" -eq $((11 + 4096)) ]
	run --separate-stderr memrw read -t str "$target" 0x1000fff0
	expect_failure "0x10010000: no memory is mapped there"
	[ "$output" = "0x1000fff0	eeeeeeeeeeeeeeee" ]
}

@test "read: --raw gives the bytes and nothing else" {
	memrw read --raw "$target" text 16 >"$BATS_TEST_TMPDIR/raw"
	printf 'hello, target\0\0\0' | cmp - "$BATS_TEST_TMPDIR/raw"
}

@test "read: many bytes are those of /proc/PID/mem" {
	local start end
	start=$(memrw maps "$target" | awk '/libc.so/ { print $1; exit }')
	end=0x${start#*-}
	start=0x${start%-*}
	memrw read --raw "$target" "$start" $((end - start)) >"$BATS_TEST_TMPDIR/ours"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/ours")" -eq $((end - start)) ]
	dd if="/proc/$target/mem" iflag=skip_bytes,count_bytes,fullblock bs=64k \
		skip=$((start)) count=$((end - start)) status=none | cmp - "$BATS_TEST_TMPDIR/ours"
}

@test "read: a partial read prints what was read, then fails" {
	run --separate-stderr memrw read "$target" 0x1000fff8 16
	expect_failure "0x10010000: no memory is mapped there"
	[ "${lines[0]}" = "1000fff8  65 65 65 65 65 65 65 65                           |eeeeeeee|" ]
	[ "${lines[1]}" = "10010000" ]
	[ "${#stderr_lines[@]}" -eq 1 ]

	run --separate-stderr memrw read --raw "$target" 0x1000fff8 16
	expect_failure "0x10010000: no memory is mapped there"
	expect_output "eeeeeeee"

	run --separate-stderr memrw read -t u32 -n 4 "$target" 0x1000fff8
	expect_failure "0x10010000: no memory is mapped there"
	expect_output "0x1000fff8	1701143909
0x1000fffc	1701143909"
}

@test "read: half a value is not printed" {
	run --separate-stderr memrw read -t u32 "$target" 0x1000fffe
	expect_failure "0x10010000: no memory is mapped there"
	expect_output ""
}

@test "read: without a LENGTH less than 256 bytes will do" {
	run --separate-stderr memrw read "$target" 0x1000fff0
	expect_status 0
	expect_no_stderr
	[ "${#lines[@]}" -eq 2 ]
}

@test "read: memory that is not mapped fails" {
	for address in 0 "$edge_end" 0xffffffffffffffff 0x8000000000000000; do
		run --separate-stderr memrw read "$target" "$address"
		expect_failure "$(printf '0x%x' "$address"): no memory is mapped there"
		expect_output ""
		run --separate-stderr memrw read --json "$target" "$address"
		expect_failure "$(printf '0x%x' "$address"): no memory is mapped there"
		expect_output ""
	done
}

@test "read: --force reads what the target itself may not" {
	run --separate-stderr memrw read -t u8 "$target" "$no_access"
	expect_failure "0x20020000: the memory there (---p anonymous) is not accessible; --force ignores page protection"
	run --separate-stderr memrw read -t u8 --force "$target" "$no_access"
	expect_status 0
	expect_output "0x20020000	115"
}

@test "read: --json of bytes" {
	run --separate-stderr memrw read --json "$target" text 5
	expect_status 0
	[ "$(json pid)" = "$target" ]
	[ "$(json comm)" = "$target_name" ]
	[ "$(json via)" = "$VIA" ]
	[ "$(json address)" = "$(address_of text)" ]
	[ "$(json length)" = 5 ]
	[ "$(json hex)" = 68656c6c6f ]
}

@test "read: --json of numbers" {
	run --separate-stderr memrw read --json -t u32 -n 4 "$target" table
	[ "$(json type)" = u32 ]
	[ "$(json values)" = "[10,20,30,40]" ]
	run --separate-stderr memrw read --json -t i64 "$target" negative
	[ "$(json values)" = "[-5000000000]" ]
	run --separate-stderr memrw read --json -t f64 "$target" number
	[ "$(json values)" = "[-2.5]" ]
	run --separate-stderr memrw read --json -t ptr "$target" pointer
	[ "$(json values)" = '["0x7ffd0000"]' ]
}

@test "read: --json of numbers that JSON does not have gives strings" {
	run --separate-stderr memrw read --json -t u64 "$target" large
	[ "$(json values)" = '["18446744073709551615"]' ]
	run --separate-stderr memrw read --json -t f64 -n 3 "$target" odd
	[ "$(json values)" = '["inf","-inf","nan"]' ]
}

@test "read: --json of strings" {
	run --separate-stderr memrw read --json -t str "$target" text
	[ "$(json values 0)" = "hello, target" ]
	run --separate-stderr memrw read --json -t str "$target" strange
	[ "$(json values 0 hex)" = 74616209686572655c201b5b316dffc3a9 ]
}

@test "read: --json of a partial read is a whole document" {
	run --separate-stderr memrw read --json "$target" 0x1000fff8 16
	expect_failure "0x10010000:"
	[ "$(json length)" = 8 ]
	run --separate-stderr memrw read --json -t u32 -n 4 "$target" 0x1000fff8
	expect_failure "0x10010000:"
	[ "$(json values)" = "[1701143909,1701143909]" ]
}

@test "read: a LENGTH past all memory takes no memory of its own" {
	run --separate-stderr memrw read --json "$target" "$edge" 0x7fffffffffffffff
	expect_failure "0x10010000:"
	[ "$(json length)" = 65536 ]
	run --separate-stderr memrw read --json "$target" "$edge" 0xffffffffffffffff
	expect_failure "0x10010000:"
}

@test "read: ADDRESS can be a number, a module, a bracketed name or a symbol" {
	start=$(address_of counter)
	for address in "$start" $((start)) counter "counter+0" "$(printf '0x%x+1' $((start - 1)))"; do
		run --separate-stderr memrw read -t i32 "$target" "$address"
		expect_output "$start	41"
	done
	for address in "$target_name" "$tools/$target_name"; do
		run --separate-stderr memrw read -t str "$target" "$address+1" 3
		[ "${output#*	}" = ELF ]
	done
	for address in libc.so.6+1 "[vdso]+1"; do
		run --separate-stderr memrw read -t str "$target" "$address" 3
		[ "${output#*	}" = ELF ]
	done
	run --separate-stderr memrw read -t u8 "$target" "[heap]+16"
	expect_status 0
}

@test "read: a function is a symbol too" {
	run --separate-stderr memrw read "$target" main 16
	expect_status 0
}

@test "read: an ADDRESS that is not there fails" {
	run --separate-stderr memrw read "$target" no_such_symbol
	expect_failure 'no_such_symbol: no module or symbol is called "no_such_symbol"'
	run --separate-stderr memrw read "$target" "[anon:nothing]"
	expect_failure '[anon:nothing]: no region is called "[anon:nothing]"'
	run --separate-stderr memrw read "$target" twice
	expect_failure 'twice: several symbols are called "twice": give the number'
	expect_output ""
}

@test "read: an ADDRESS that is malformed is bad usage" {
	run --separate-stderr memrw read "$target" ""
	expect_usage_error "ADDRESS '': the address is empty"
	run --separate-stderr memrw read "$target" "[heap"
	expect_usage_error "ADDRESS '[heap': no closing bracket"
	run --separate-stderr memrw read "$target" 0x10000000000000000
	expect_usage_error "does not fit in 64 bits"
	run --separate-stderr memrw read "$target" "counter+0x10000000000000000"
	expect_usage_error "does not fit in 64 bits"
}

@test "read: a bad LENGTH, COUNT or TYPE is bad usage" {
	for length in 0 -- -1 x 1x "" 1.5; do
		run --separate-stderr memrw read -- "$target" counter "$length"
		expect_usage_error "memrw: read: LENGTH '$length' is not a number above 0"
		run --separate-stderr memrw read -t u8 --count="$length" "$target" counter
		expect_usage_error "memrw: read: COUNT '$length' is not a number above 0"
	done
	run --separate-stderr memrw read "$target" counter 18446744073709551616
	expect_usage_error "LENGTH '18446744073709551616' does not fit in 64 bits"
	run --separate-stderr memrw read -t u64 -n 0x2000000000000000 "$target" counter
	expect_usage_error "COUNT is too large"
	run --separate-stderr memrw read -t int "$target" counter
	expect_usage_error "memrw: read: 'int' is not a type (see 'memrw read --help')"
}

@test "read: options that exclude each other are bad usage" {
	run --separate-stderr memrw read --raw -t u8 "$target" counter
	expect_usage_error "--raw goes with neither --type nor --json"
	run --separate-stderr memrw read --raw --json "$target" counter
	expect_usage_error "--raw goes with neither --type nor --json"
	run --separate-stderr memrw read -n 2 "$target" counter
	expect_usage_error "--count needs a --type"
	run --separate-stderr memrw read -t u8 -n 2 "$target" counter 2
	expect_usage_error "--count and LENGTH exclude each other"
}

@test "read: missing and superfluous operands are bad usage" {
	run --separate-stderr memrw read
	expect_usage_error "memrw: read: no TARGET given"
	run --separate-stderr memrw read "$target"
	expect_usage_error "memrw: read: no ADDRESS given"
	run --separate-stderr memrw read "$target" counter 1 2
	expect_usage_error "memrw: read: '2' is one operand too many"
}

@test "read: several ranges are printed in the order given" {
	run --separate-stderr memrw read "$target" "$stairs:16" "$edge:8" "$stairs:8"
	expect_status 0
	expect_no_stderr
	expect_output "20000000  73 73 73 73 73 73 73 73  73 73 73 73 73 73 73 73  |ssssssssssssssss|
20000010
10000000  65 65 65 65 65 65 65 65                           |eeeeeeee|
10000008
20000000  73 73 73 73 73 73 73 73                           |ssssssss|
20000008"
}

@test "read: one range is as an address and a length" {
	memrw read "$target" text 13 >"$BATS_TEST_TMPDIR/one"
	memrw read "$target" text:13 | diff - "$BATS_TEST_TMPDIR/one"
	memrw read -t u32 "$target" table 8 >"$BATS_TEST_TMPDIR/one"
	memrw read -t u32 "$target" table:0x8 | diff - "$BATS_TEST_TMPDIR/one"
}

@test "read: several ranges of every form" {
	counter=$(address_of counter) table=$(address_of table)
	run --separate-stderr memrw read -t u32 "$target" counter:4 table+4:8
	expect_status 0
	expect_output "$counter	41
$(printf '0x%x' $((table + 4)))	20
$(printf '0x%x' $((table + 8)))	30"
	run --separate-stderr memrw read -t str "$target" text:32 text:5 three:9
	expect_status 0
	[ "${lines[0]#*	}" = "hello, target" ]
	[ "${lines[1]#*	}" = "hello" ]
	[ "${lines[2]#*	}" = "one" ]
	[ "${#lines[@]}" -eq 3 ]
	memrw read --raw "$target" text:5 "$edge:3" "[heap]+0:1" >"$BATS_TEST_TMPDIR/raw"
	head -c 8 "$BATS_TEST_TMPDIR/raw" | cmp - <(printf helloeee)
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/raw")" -eq 9 ]
}

@test "read: a range that cannot be read costs no other" {
	run --separate-stderr memrw read "$target" "$edge_end:4" 0x1000fff8:16 "$no_access:4" "$edge:4"
	expect_failure "0x10010000: no memory is mapped there"
	expect_output "1000fff8  65 65 65 65 65 65 65 65                           |eeeeeeee|
10010000
10000000  65 65 65 65                                       |eeee|
10000004"
	[ "${#stderr_lines[@]}" -eq 3 ]
	[ "${stderr_lines[1]}" = "memrw: 0x10010000: no memory is mapped there" ]
	[[ "${stderr_lines[2]}" == "memrw: 0x20020000: the memory there (---p anonymous) is not accessible"* ]]
	run --separate-stderr memrw read --force "$target" "$no_access:4" "$edge:4"
	expect_status 0
}

@test "read: --json of several ranges is an array, each with its error" {
	run --separate-stderr memrw read --json "$target" text:5 0:4 0x1000fff8:16
	expect_failure "0x0: no memory is mapped there"
	[ "$(json pid)" = "$target" ]
	[ "$(json via)" = "$VIA" ]
	[ "$(json ranges 0 address)" = "$(address_of text)" ]
	[ "$(json ranges 0 hex)" = 68656c6c6f ]
	run ! json ranges 0 error
	memrw read --json "$target" text:5 0:4 0x1000fff8:16 >"$BATS_TEST_TMPDIR/json" 2>/dev/null || :
	output=$(<"$BATS_TEST_TMPDIR/json")
	[ "$(json ranges 1 address)" = 0x0 ]
	[ "$(json ranges 1 length)" = 0 ]
	[ "$(json ranges 1 error)" = "no memory is mapped there" ]
	[ "$(json ranges 2 length)" = 8 ]
	[ "$(json ranges 2 hex)" = 6565656565656565 ]
	[ "$(json ranges 2 error)" = "no memory is mapped there" ]
}

@test "read: --json of several ranges of a type" {
	run --separate-stderr memrw read --json -t u32 "$target" counter:4 0:4 table:8
	expect_status 1
	[ "$(json ranges 0 values)" = "[41]" ]
	[ "$(json ranges 1 values)" = "[]" ]
	[ "$(json ranges 1 error)" = "no memory is mapped there" ]
	[ "$(json ranges 2 type)" = u32 ]
	[ "$(json ranges 2 values)" = "[10,20]" ]
	run --separate-stderr memrw read --json -t str "$target" text:32 0x1000fff8:99
	expect_status 1
	[ "$(json ranges 0 values 0)" = "hello, target" ]
	[ "$(json ranges 1 values 0)" = eeeeeeee ]
	[ "$(json ranges 1 error)" = "no memory is mapped there" ]
}

@test "read: more ranges than the kernel takes at once" {
	ranges=()
	for ((i = 0; i < 1100; i++)); do
		ranges+=("$((edge + i)):1")
	done
	[ "$(memrw read --raw "$target" "${ranges[@]}" | tr -d e | wc -c)" = 0 ]
	[ "$(memrw read --raw "$target" "${ranges[@]}" | wc -c)" = 1100 ]
}

@test "read: bad ranges are bad usage" {
	run --separate-stderr memrw read "$target" counter:4 table
	expect_usage_error "memrw: read: 'table' is not ADDRESS:LENGTH, as the first is"
	run --separate-stderr memrw read "$target" counter:4 table:x
	expect_usage_error "memrw: read: 'table:x' is not ADDRESS:LENGTH, as the first is"
	run --separate-stderr memrw read "$target" counter:0
	expect_usage_error "memrw: read: LENGTH '0' is not a number above 0"
	run --separate-stderr memrw read "$target" counter:18446744073709551616
	expect_usage_error "LENGTH '18446744073709551616' does not fit in 64 bits"
	run --separate-stderr memrw read -t u32 "$target" counter:4 table:6
	expect_usage_error "LENGTH is not a multiple of 4, the size of u32"
	run --separate-stderr memrw read -t u32 -n 2 "$target" counter:4
	expect_usage_error "--count and LENGTH exclude each other"
	run --separate-stderr memrw read "$target" counter:4 "[heap:4"
	expect_usage_error "ADDRESS '[heap': no closing bracket"
	run --separate-stderr memrw read "$target" counter:4 no_such_symbol:4
	expect_failure 'no_such_symbol: no module or symbol is called "no_such_symbol"'
	expect_output ""
}

@test "read: a range past all memory takes no memory of its own" {
	run --separate-stderr memrw read --json "$target" "$edge:0xffffffffffffffff" "$stairs:4"
	expect_failure "0x10010000: no memory is mapped there"
	[ "$(json ranges 0 length)" = 65536 ]
	[ "$(json ranges 1 hex)" = 73737373 ]
}

@test "read: a long range among others is read to its end" {
	local start end
	start=$(memrw maps "$target" | awk '/libc.so/ { print $1; exit }')
	end=0x${start#*-}
	start=0x${start%-*}
	# Past the first region: more than is read ahead of printing.
	length=$((end - start))
	while read -r region; do
		[ "${region%-*}" = "${end#0x}" ] || continue
		end=0x${region#*-}
		length=$((end - start))
	done < <(memrw maps "$target" | awk '/libc.so/ && $2 ~ /^r/ { print $1 }')
	[ "$length" -gt $((1024 * 1024)) ]
	memrw read --raw "$target" "$start" "$length" >"$BATS_TEST_TMPDIR/one"
	memrw read --raw "$target" "$edge:3" "$start:$length" "$edge:3" >"$BATS_TEST_TMPDIR/three"
	{ printf eee; cat "$BATS_TEST_TMPDIR/one"; printf eee; } | cmp - "$BATS_TEST_TMPDIR/three"
}

@test "read: options may follow operands" {
	run --separate-stderr memrw read "$target" counter -t i32
	expect_status 0
	[ "${output#*	}" = 41 ]
}

@test "read: a full disk is a failure" {
	[ -e /dev/full ] || skip "no /dev/full"
	for form in "" --raw --json "-t u8 -n 9" "-t str"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr bash -c '"$@" >/dev/full' - "$MEMRW" read --via="$VIA" \
			$form "$target" text
		expect_failure "standard output: No space left on device"
		[ "${#stderr_lines[@]}" -eq 1 ]
		[ "$form" != "-t u8 -n 9" ] || continue
		# shellcheck disable=SC2086 # words
		run --separate-stderr bash -c '"$@" >/dev/full' - "$MEMRW" read --via="$VIA" \
			$form "$target" text:9 text:9
		expect_failure "standard output: No space left on device"
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

@test "read: a full disk ends a long read at once" {
	[ -e /dev/full ] || skip "no /dev/full"
	start=$(memrw maps "$target" | awk '/libc.so/ { print "0x" $1; exit }')
	for form in "" --raw "-t u8"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr bash -c '"$@" >/dev/full' - "$MEMRW" read --via="$VIA" \
			$form "$target" "${start%-*}" 0x7fffffffffff
		expect_failure "standard output: No space left on device"
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

@test "read: a reader that goes away ends it quietly" {
	# shellcheck disable=SC2016 # for the inner shell to expand
	run --separate-stderr bash -c '"$@" | head -n 1; echo "${PIPESTATUS[0]}"' - \
		"$MEMRW" read --via="$VIA" -t u8 -n 8192 "$target" "$stairs"
	expect_status 0
	expect_no_stderr
	[ "${lines[0]}" = "0x20000000	115" ]
	[ "${lines[1]}" = $((128 + 13)) ]
}

@test "read: works on a target whose executable is deleted" {
	cp "$tools/$target_name" "$BATS_TEST_TMPDIR/gone"
	coproc GONE { exec "$BATS_TEST_TMPDIR/gone" 3>&-; }
	others+=("$GONE_PID")
	read -r -t 20 -u "${GONE[0]}" _
	rm "$BATS_TEST_TMPDIR/gone"
	run --separate-stderr memrw read -t i32 "$GONE_PID" counter
	expect_status 0
	[ "${output#*	}" = 41 ]
	run --separate-stderr memrw read -t str "$GONE_PID" gone+1 3
	expect_status 0
	[ "${output#*	}" = ELF ]
}
