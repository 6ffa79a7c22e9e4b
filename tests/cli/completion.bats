#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them
#
# The completions of the shells; bash's asked as the shell asks it.

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
poll
watch
view
gdbserver
dump
load
diff
scan
search
pointers
help
--help
--version"
	complete_line memrw wr
	expect_reply write
	complete_line memrw help i
	expect_reply info
	complete_line memrw complete ""
	expect_reply ""
}

@test "completion: every option of every subcommand's help" {
	for subcommand in info maps read write atomic poll watch view gdbserver pointers; do
		complete_line memrw "$subcommand" --
		expect_reply "$("$MEMRW" "$subcommand" --help | sed -n 's/^  .*\(--[a-z][a-z-]*=\{0,1\}\).*/\1/p')"
		[[ "$reply" == *--help ]]
	done
	complete_line memrw write --qu
	expect_reply --quiet
	complete_line memrw write --if
	expect_reply --if-equal=
	complete_line memrw freeze --m
	expect_reply "--min=
--max="
	complete_line memrw diff --e
	expect_reply --exit-code
	complete_line memrw load --q
	expect_reply --quiet
	complete_line memrw atomic --via=procfs --fo
	expect_reply --force
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
	complete_line memrw watch -a ""
	expect_reply "w
rw
x"
	complete_line memrw watch --access = r
	expect_reply rw
	complete_line memrw maps --color = ""
	expect_reply "auto
always
never"
	complete_line memrw pointers --check = "$root/tests/cli/comp"
	expect_reply "$root/tests/cli/completion.bats"
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
	complete_line memrw maps --wait memrw-targ
	expect_reply memrw-target
	complete_line memrw maps --pid = "$target"
	[[ $'\n'$reply$'\n' == *$'\n'$target$'\n'* ]]
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
	complete_line memrw view "$target" '\[he'
	expect_reply '\[heap\]'
	complete_line memrw pointers --pid "$target" '\[he'
	expect_reply '\[heap\]'
	complete_line memrw read --wait = memrw-target memrw-
	expect_reply memrw-target
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

# What zsh would offer for the last of the words, with stubs for its own part.
complete_zsh() {
	command -v zsh >/dev/null || skip "zsh is not installed"
	# shellcheck disable=SC2016 # for zsh to expand
	reply=$(zsh -f -c '
		compadd() { local name=$argv[-1]; print -rl -- ${(P)name}; }
		compset() { true; }
		_files() { print files; }
		file=$1
		shift
		words=("$@")
		CURRENT=$#words
		memrw_completion() { . $file; }
		memrw_completion' - "$root/userspace/completions/_memrw" "$@" | sed '/^$/d')
}

@test "completion: zsh offers the same" {
	complete_zsh memrw wr
	expect_reply write
	complete_zsh memrw read --type=f
	expect_reply "--type=f32
--type=f64"
	complete_zsh memrw pointers --c
	expect_reply "--check=
--color="
	complete_zsh memrw write --file ""
	expect_reply files
	start_target
	complete_zsh memrw maps memrw-targ
	expect_reply memrw-target
	complete_zsh memrw read "$target" '[he'
	expect_reply '[heap]'
}

@test "completion: zsh takes the file for its own" {
	command -v zsh >/dev/null || skip "zsh is not installed"
	mkdir "$BATS_TEST_TMPDIR/functions"
	cp "$root/userspace/completions/_memrw" "$BATS_TEST_TMPDIR/functions"
	# shellcheck disable=SC2016 # for zsh to expand
	run zsh -f -c 'fpath=($1 $fpath); autoload -U compinit; compinit -D -u; print $_comps[memrw]' \
		- "$BATS_TEST_TMPDIR/functions"
	[ "$output" = _memrw ]
}

complete_fish() {
	command -v fish >/dev/null || skip "fish is not installed"
	# shellcheck disable=SC2016 # for fish to expand
	reply=$(HOME=$BATS_TEST_TMPDIR fish -c 'complete -c memrw -e; source $argv[1]
		complete -C $argv[2]' "$root/userspace/completions/memrw.fish" "$1")
}

@test "completion: fish offers the same" {
	complete_fish "memrw wr"
	expect_reply write
	complete_fish "memrw read --type=f"
	expect_reply "--type=f32
--type=f64"
	complete_fish "memrw pointers --c"
	expect_reply "--check=
--color="
	complete_fish "memrw write --file $root/tests/cli/comp"
	expect_reply "$root/tests/cli/completion.bats"
	start_target
	complete_fish "memrw maps memrw-targ"
	expect_reply memrw-target
	complete_fish "memrw atomic load $target memrw-targ"
	expect_reply memrw-target
}

@test "completion: scan and search have more types, and targets" {
	start_target
	complete_line memrw scan -t str
	expect_reply "str
str16"
	complete_line memrw read -t str
	expect_reply str
	complete_line memrw scan -c "= 5" memrw-targ
	expect_reply memrw-target
}
