# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests share: a program to look into.  It is Debian's own bash, which
# is everywhere, exports its variables as symbols, and does as it is told.

# The exit status of the last command, an int: what $? stands for.
# shellcheck disable=SC2034 # the tests use it
status_symbol=last_command_exit_value

fail() {
	echo "FAILED: $*" >&2
	exit 1
}

# start_program COMMAND...: a bash that COMMAND runs; its pid is in $pid.
start_program() {
	coproc program { "$@" bash --norc --noprofile 2>&1; }
	# shellcheck disable=SC2016 # the program expands it
	echo 'echo $$' >&"${program[1]}"
	read -r -t 20 -u "${program[0]}" pid || fail "the program does not start"
	[ "$(cat "/proc/$pid/comm")" = bash ] || fail "not a program's pid: $pid"
}

stop_program() {
	echo exit >&"${program[1]}"
}

# Type a line into the program, and compare what it prints.
program_says() {
	local heard

	echo "$1" >&"${program[1]}"
	read -r -t 20 -u "${program[0]}" heard || fail "the program does not answer: $1"
	[ "$heard" = "$2" ] || fail "the program prints '$heard', and not '$2'"
}

# A command that fails, so that the program's symbol is this number.
set_program_status() {
	echo "(exit $1)" >&"${program[1]}"
}

# The subshell takes its time.
wait_for_status() {
	local tries=100

	until [ "$(cut -f 2 <<<"$("${@:2}")")" = "$1" ]; do
		[ $((tries--)) -gt 0 ] || fail "it does not print $1: ${*:2}"
		sleep 0.1
	done
}

# expect STATUS COMMAND...: its exit status; its output, both kinds, in $output.
expect() {
	local status=0

	output=$("${@:2}" 2>&1) || status=$?
	[ "$status" -eq "$1" ] || fail "exit status $status, and not $1: ${*:2}: $output"
}

says() {
	grep -qE -e "$1" <<<"$output" || fail "no '$1' in: $output"
}
