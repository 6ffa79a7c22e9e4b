#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

escape=$'\033['

# What is printed but for the colours.
plain() {
	sed 's/\x1b\[[0-9;]*m//g'
}

# On a terminal: run_on_terminal COMMAND.
run_on_terminal() {
	command -v script >/dev/null || skip "script is not installed"
	run env TERM=xterm script -qec "$*" /dev/null
}

@test "color: there is none where the output is no terminal" {
	for subcommand in "maps $target" "read $target text"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr memrw $subcommand
		expect_status 0
		[[ "$output" != *"$escape"* ]]
		# shellcheck disable=SC2086 # words
		run --separate-stderr memrw $subcommand --color=auto
		[[ "$output" != *"$escape"* ]]
	done
	run --separate-stderr memrw read "$target" no_such_symbol
	[[ "$stderr" != *"$escape"* ]]
}

@test "color: --color=always has it anywhere, and nothing else changes" {
	for subcommand in "maps $target" "read $target text" "read $target zeros 64"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr memrw $subcommand
		expected=$output
		# shellcheck disable=SC2086 # words
		NO_COLOR=1 run --separate-stderr memrw $subcommand --color=always
		[[ "$output" == *"$escape"* ]]
		[ "$(plain <<<"$output")" = "$expected" ]
	done
	run --separate-stderr memrw read --color=always "$target" no_such_symbol
	[[ "$stderr" == "${escape}1;31mmemrw:${escape}0m no_such_symbol: "* ]]
}

@test "color: zeros, characters and other bytes differ" {
	run --separate-stderr memrw read --color=always "$target" text 16
	[[ "$output" == *"${escape}32m68 65 "* ]]
	[[ "$output" == *"${escape}2m00 00 00 "* ]]
	run --separate-stderr memrw read --color=always "$target" small 1
	[[ "$output" == *"${escape}33mf8 "* ]]
}

@test "color: JSON, raw bytes and values have none" {
	for subcommand in "maps --json $target" "read --json $target text" \
		"read --raw $target text 8" "read -t i32 $target counter"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr memrw $subcommand --color=always
		expect_status 0
		[[ "$output" != *"$escape"* ]]
	done
}

@test "color: a terminal has it, unless the user wants none" {
	run_on_terminal "$MEMRW read --via=$VIA $target text"
	[[ "$output" == *"$escape"* ]]
	run_on_terminal "NO_COLOR=1 $MEMRW read --via=$VIA $target text"
	[[ "$output" != *"$escape"* ]]
	run_on_terminal "NO_COLOR= $MEMRW read --via=$VIA $target text"
	[[ "$output" == *"$escape"* ]]
	run_on_terminal "TERM=dumb $MEMRW read --via=$VIA $target text"
	[[ "$output" != *"$escape"* ]]
	run_on_terminal "$MEMRW read --color=never --via=$VIA $target text"
	[[ "$output" != *"$escape"* ]]
}

@test "color: any other word is bad usage" {
	run --separate-stderr memrw read --color=blue "$target" text
	expect_usage_error "--color is auto, always or never, not 'blue'"
}
