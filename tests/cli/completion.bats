#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them
#
# The completion for bash, asked as the shell asks it.

load helper

setup() {
	# The command itself, not the function of the other tests.
	unset -f memrw
	PATH=${MEMRW%/*}:$PATH
	# shellcheck source=userspace/completions/memrw.bash
	. "$root/userspace/completions/memrw.bash"
	# The shell's own works in a completion alone.
	# shellcheck disable=SC2317 # called by the completion
	compopt() {
		:
	}
}

# complete_line WORD...: what would be offered for the last word.
complete_line() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	# Interactive shells do not stop at a command that fails.
	_memrw || true
	reply=$(printf '%s\n' "${COMPREPLY[@]}")
}

expect_reply() {
	[ "$reply" = "$1" ] || {
		printf 'offered: %s\n' "$reply"
		return 1
	}
}

@test "completion: subcommands" {
	complete_line memrw ""
	expect_reply "info
maps
read
write
atomic
freeze
dump
load
diff
help
--help
--version"
	complete_line memrw wr
	expect_reply write
	complete_line memrw help i
	expect_reply info
}

@test "completion: every option of a subcommand's help" {
	complete_line memrw read --
	expect_reply "--type=
--count=
--raw
--via=
--force
--json
--help"
	complete_line memrw info --
	expect_reply "--json
--help"
	complete_line memrw write --qu
	expect_reply --quiet
	complete_line memrw write --if
	expect_reply --if-equal=
	complete_line memrw dump --
	expect_reply "--output=
--all
--region=
--range=
--core
--stop
--via=
--force
--help"
	complete_line memrw freeze --m
	expect_reply "--min=
--max="
	complete_line memrw diff --e
	expect_reply --exit-code
	complete_line memrw load --q
	expect_reply --quiet
	complete_line memrw atomic -
	expect_reply "--type=
--via=
--force
--json
--help"
}

@test "completion: arguments of options" {
	complete_line memrw read -t i
	expect_reply "i8
i16
i32
i64"
	# The shell takes "=" for a word of its own.
	complete_line memrw read --type = f
	expect_reply "f32
f64"
	complete_line memrw maps --via =
	expect_reply "auto
driver
procfs"
	complete_line memrw maps --via p
	expect_reply procfs
	complete_line memrw write --file "$root/tests/cli/comp"
	expect_reply "$root/tests/cli/completion.bats"
	complete_line memrw diff "$root/tests/cli/comp"
	expect_reply "$root/tests/cli/completion.bats"
	complete_line memrw load "$target" "$root/tests/cli/comp"
	expect_reply "$root/tests/cli/completion.bats"
	complete_line memrw read -n ""
	expect_reply ""
	complete_line memrw write --if-equal ""
	expect_reply ""
}

@test "completion: operations of atomic" {
	complete_line memrw atomic -t u8 ""
	expect_reply "load
store
exchange
add
compare-exchange"
	complete_line memrw atomic -t u8 comp
	expect_reply compare-exchange
}

@test "completion: targets by name and by ID" {
	start_target
	complete_line memrw maps memrw-targ
	expect_reply memrw-target
	complete_line memrw read --json -t u8 "$target"
	[[ $'\n'$reply$'\n' == *$'\n'$target$'\n'* ]]
	complete_line memrw maps "$target" ""
	expect_reply ""
	complete_line memrw dump --range 1..2 -o file memrw-targ
	expect_reply memrw-target
	complete_line memrw load memrw-targ
	expect_reply memrw-target
	complete_line memrw diff file memrw-targ
	expect_reply memrw-target
	complete_line memrw atomic -t u8 load memrw-targ
	expect_reply memrw-target
}

@test "completion: modules and bracketed names as addresses" {
	start_target
	complete_line memrw read --via = "$VIA" "$target" memrw-
	expect_reply memrw-target
	complete_line memrw write -t u8 "$target" '\[he'
	expect_reply '\[heap\]'
	complete_line memrw write -t u8 --if-equal 1 "$target" memrw-
	expect_reply memrw-target
	complete_line memrw freeze --min = 1 -t u8 "$target" '\[he'
	expect_reply '\[heap\]'
	complete_line memrw atomic load -t u8 "$target" '\[he'
	expect_reply '\[heap\]'
	complete_line memrw write -t u8 "$target" counter ""
	expect_reply ""
}

@test "completion: the name of a process is never run" {
	# shellcheck disable=SC2016 # not to be expanded is the point
	name='$(>ran)'
	cd "$BATS_TEST_TMPDIR"
	cp "$(command -v sleep)" "./$name"
	start "./$name" 1000
	wait_until is_called "$started" "$name"
	# shellcheck disable=SC2016
	complete_line memrw maps '$'
	[[ "$reply" == *'\$\(\>ran\)'* ]]
	[ ! -e ran ]
}
