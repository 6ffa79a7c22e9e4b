#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

# No target is needed.
setup() {
	:
}

subcommands="info maps read write atomic freeze poll watch view gdbserver dump load diff scan search pointers"

@test "main: without a subcommand is bad usage" {
	run --separate-stderr "$MEMRW"
	expect_status 2
	expect_output ""
	expect_stderr "Usage: memrw SUBCOMMAND"
}

@test "main: --help, -h and help list the subcommands" {
	for help in --help -h help "help help" "help --help"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$MEMRW" $help
		expect_status 0
		expect_no_stderr
		for subcommand in $subcommands; do
			[[ "$output" == *"  $subcommand "* ]]
		done
	done
}

@test "main: every subcommand has its help in three ways" {
	for subcommand in $subcommands; do
		run --separate-stderr "$MEMRW" "$subcommand" --help
		expect_status 0
		expect_no_stderr
		[[ "${lines[0]}" == "Usage: memrw $subcommand "* ]]
		[[ "$output" == *"See memrw-$subcommand(1)."* ]]
		help=$output
		run "$MEMRW" "$subcommand" -h
		expect_output "$help"
		run "$MEMRW" help "$subcommand"
		expect_output "$help"
	done
}

@test "main: --help stands last among the options" {
	for subcommand in $subcommands; do
		[[ "$("$MEMRW" "$subcommand" --help | grep '^ *-' | tail -n 1)" == *"--help "* ]]
	done
}

@test "main: every option of --help is understood" {
	for subcommand in $subcommands; do
		for option in $("$MEMRW" "$subcommand" --help | grep '^  ' | grep -o -- '--[a-z-]*'); do
			run --separate-stderr "$MEMRW" "$subcommand" "$option"
			[[ "$stderr" != *"is not an option"* ]] || fail_with "$subcommand $option"
		done
	done
}

@test "main: --version tells the version" {
	for version in --version -V; do
		run --separate-stderr "$MEMRW" "$version"
		expect_status 0
		[[ "$output" =~ ^memrw\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	done
}

@test "main: an unknown subcommand is bad usage" {
	for word in scam "" --frob -x; do
		run --separate-stderr "$MEMRW" "$word"
		expect_usage_error "memrw: $word: no such subcommand (see 'memrw --help')"
	done
	run --separate-stderr "$MEMRW" help scam
	expect_usage_error "memrw: scam: no such subcommand (see 'memrw --help')"
}

@test "main: an unknown option is bad usage" {
	for subcommand in $subcommands; do
		run --separate-stderr "$MEMRW" "$subcommand" --frob
		expect_usage_error "memrw: $subcommand: '--frob' is not an option (see 'memrw $subcommand --help')"
		run --separate-stderr "$MEMRW" "$subcommand" -Z
		expect_usage_error "memrw: $subcommand: '-Z' is not an option"
		run --separate-stderr "$MEMRW" "$subcommand" --help=1
		expect_usage_error "memrw: $subcommand: '--help=1' takes no argument"
	done
}

@test "main: an option without its argument is bad usage" {
	run --separate-stderr "$MEMRW" read -t
	expect_usage_error "memrw: read: '-t' needs an argument"
	run --separate-stderr "$MEMRW" read --via
	expect_usage_error "memrw: read: '--via' needs an argument"
}

@test "main: help on a full disk is a failure" {
	[ -e /dev/full ] || skip "no /dev/full"
	for words in --help --version "read --help"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr bash -c '"$@" >/dev/full' - "$MEMRW" $words
		expect_failure "standard output: No space left on device"
	done
}

@test "main: a closed standard output is a failure" {
	run --separate-stderr bash -c '"$@" >&-' - "$MEMRW" --help
	expect_failure "standard output: Bad file descriptor"
}
