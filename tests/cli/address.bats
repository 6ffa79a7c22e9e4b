#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them
#
# ADDRESS as an expression, on every subcommand that takes one.

load helper

# The width of the target's pointers: it need not be the shell's.
pointer_size() {
	case $(head -c 5 "/proc/$target/exe" | od -An -tu1 -j4) in
	*1) echo 4 ;;
	*) echo 8 ;;
	esac
}

# value_at ADDRESS: the number there, and nothing else.
value_at() {
	memrw read -t u32 "$target" "$1" | cut -f 2
}

@test "address: sums and differences of numbers, symbols and modules" {
	table=$(address_of table)
	[ "$(value_at table+8)" = 30 ]
	[ "$(value_at 'table + 16 - 4')" = 40 ]
	[ "$(value_at "4+$table")" = 20 ]
	base=$(address_of "$target_name")
	[ "$(value_at "$target_name+$((table - base))")" = 10 ]
	[ "$(value_at "table-$target_name+$base")" = 10 ]
	[ "$(address_of "\"$target_name\"+8")" = "$(printf '0x%x' $((base + 8)))" ]
}

@test "address: a pointer in brackets, of the target's width" {
	width=$(pointer_size)
	[ "$(value_at "[middle+$width]")" = 20 ]
	[ "$(value_at "[[chain]+$width]")" = 20 ]
	[ "$(value_at "[[chain]+$width]+8")" = 40 ]
	[ "$(value_at "[[$target_name:chain]+$width]-4")" = 10 ]
}

@test "address: a symbol of a module" {
	libc=$(memrw maps "$target" | sed -n 's,.*/\(libc[.-][^/]*\)$,\1,p' | head -n 1)
	puts=$(address_of "$libc:puts")
	# That function, and no other: its module's own.
	[ "$puts" != "$(address_of "$libc:printf")" ]
	memrw maps "$target" | grep "r-x.*/$libc\$" | {
		IFS='- ' read -r start end _
		[ $((puts)) -ge $((0x$start)) ]
		[ $((puts)) -lt $((0x$end)) ]
	}
	[ "$(address_of "$target_name:counter")" = "$(address_of counter)" ]
	run --separate-stderr memrw read "$target" "$libc:no_such_function"
	expect_failure "$libc:no_such_function: the module \"$libc\" has no symbol \"no_such_function\""
	run --separate-stderr memrw read "$target" no-module.so:puts
	expect_failure 'no-module.so:puts: no module is called "no-module.so"'
}

@test "address: every subcommand takes an expression" {
	run --separate-stderr memrw write -t u32 "$target" "[[chain]+$(pointer_size)]" 21
	expect_status 0
	[ "$(value_at table+4)" = 21 ]
	run --separate-stderr memrw read -t u32 "$target" "table+8:4" "[[chain]+$(pointer_size)]:4"
	expect_status 0
	[ "${lines[0]#*	}" = 30 ]
	[ "${lines[1]#*	}" = 21 ]
	if [ "$VIA" = driver ]; then
		run --separate-stderr memrw atomic -t u32 load "$target" "[[chain]+$(pointer_size)]"
		[ "${output#*	}" = 21 ]
	fi
}

@test "address: an error names the column" {
	run --separate-stderr memrw read "$target" 'table+nothing+1'
	expect_failure 'table+nothing+1: no module or symbol is called "nothing" (at column 7)'
	[ "${#stderr_lines[@]}" -eq 1 ]
	run --separate-stderr memrw read "$target" 'table+[8]'
	expect_failure "table+[8]: there is no pointer to read at 0x8: the memory there is not mapped or not accessible (at column 7)"
	[ "${#stderr_lines[@]}" -eq 1 ]
	while IFS='|' read -r text why column; do
		for subcommand in "read $target %s" "write -t u8 $target %s 1" "read $target %s:1"; do
			# shellcheck disable=SC2059,SC2046 # words
			run --separate-stderr memrw $(printf "$subcommand" "$text")
			expect_usage_error "ADDRESS '$text': $why (at column $column)"
		done
	done <<-'END'
		table+|a number, a name or a bracket is missing at the end|7
		table--1|a number, a name or a bracket is missing before the "-"|7
		[[table]+8|no closing bracket|1
		table-table-1|the difference is below 0|12
		[table]table|"table" stands where a "+" or a "-" should|8
		"table|the quote has no closing one|1
	END
}

@test "address: columns are characters of the locale" {
	# shellcheck disable=SC2030,SC2031 # for this run alone
	LC_ALL=C.UTF-8 run --separate-stderr memrw read "$target" '"é"+1'
	expect_failure '"é"+1: no module or symbol is called "é" (at column 1)'
	LC_ALL=C.UTF-8 run --separate-stderr memrw read "$target" '"table"+"é"+x'
	expect_failure '"table"+"é"+x: no module or symbol is called "é" (at column 9)'
	LC_ALL=C.UTF-8 run --separate-stderr memrw read "$target" '[ü+'
	expect_usage_error "ADDRESS '[ü+': no closing bracket (at column 1)"
}

@test "address: on a terminal a caret stands under what is wrong" {
	command -v script >/dev/null || skip "script is not installed"
	run env NO_COLOR=1 script -qec "$MEMRW read --via=$VIA $target table+nothing" /dev/null
	[ "$status" -eq 1 ]
	[ "${lines[1]%$'\r'}" = "memrw:   table+nothing" ]
	[ "${lines[2]%$'\r'}" = "memrw:         ^" ]
}
