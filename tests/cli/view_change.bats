#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034,SC2154 # helper.bash and bats use and set them
#
# memrw view: what it does to its target, and what the target does.

load helper
load screen

@test "view: bytes are edited in place, undone and redone" {
	view_on 120 30 "$target" counter
	wait_for is_at "$(address_of counter)"
	keys e
	wait_for says "editing"
	type_text 2a0
	wait_for is_value i32 counter 42
	wait_for has "2a 00"
	type_text 1
	wait_for is_value i32 counter 298
	keys Escape u
	wait_for says "undone"
	wait_for is_value i32 counter 42
	keys u
	wait_for is_value i32 counter 41
	ask
	[[ "$heard" == "41 "* ]]
	keys u
	wait_for says "nothing is left"
	keys C-r C-r
	wait_for is_value i32 counter 298
	ask
	[[ "$heard" == "298 "* ]]
	keys C-r
	wait_for says "nothing is left"
}

@test "view: text and values are edited, and bad ones refused" {
	view_on 120 30 "$target" text
	wait_for is_at "$(address_of text)"
	keys a
	wait_for says "editing"
	type_text "HELLO"
	keys Escape
	heard_hello() { ask && [[ "$heard" == *" HELLO, target "* ]]; }
	wait_for heard_hello
	go_to counter
	keys t t t t t
	wait_for has "  i32 "
	keys e
	wait_for says "new value: 41"
	keys BSpace BSpace
	type_text 4711x
	keys Enter
	wait_for says "'4711x' is not of type i32"
	is_value i32 counter 41
	keys e C-u
	type_text 99999999999
	keys Enter
	wait_for says "does not fit i32"
	keys e C-u
	type_text "-5"
	keys Enter
	wait_for is_value i32 counter -5
	ask
	[[ "$heard" == "-5 "* ]]
	keys u u u u u u
	wait_for is_value i32 counter 41
	ask
	[[ "$heard" == *" hello, target "* ]]
}

@test "view: protected memory is written with --force alone, and nothing with --read-only" {
	view_on 120 30 "$target" "$read_only"
	wait_for is_at "$read_only"
	keys e 4 1
	wait_for says "--force"
	keys q q
	wait_for has "exit status 0"
	close_terminal
	view_on 120 30 --force "$target" "$read_only"
	wait_for is_at "$read_only"
	keys e 4 1
	wait_for is_value u8 "$read_only" 65
	close_terminal
	view_on 120 30 --read-only "$target" counter
	wait_for has read-only
	keys e
	wait_for says "nothing is changed with --read-only"
	keys f
	wait_for says "nothing is changed with --read-only"
	is_value i32 counter 41
}

@test "view: a value is frozen, edited meanwhile, and let go" {
	view_on 120 30 -t i32 "$target" counter
	wait_for is_at "$(address_of counter)"
	keys f
	wait_for says frozen
	memrw write -q -t i32 "$target" counter 5
	wait_for is_value i32 counter 41
	keys e C-u
	type_text 77
	keys Enter
	wait_for is_value i32 counter 77
	memrw write -q -t i32 "$target" counter 5
	wait_for is_value i32 counter 77
	keys f
	wait_for says "no longer frozen"
	memrw write -q -t i32 "$target" counter 5
	wait_for has " 5 "
	sleep 0.2
	is_value i32 counter 5
}

# Another target, which stores when it is told to.
start_writers() {
	coproc WRITERS_IO { exec "$tools/memrw-writers" 3>&-; }
	others+=("$WRITERS_IO_PID")
	writers=$WRITERS_IO_PID writers_in=${WRITERS_IO[1]} writers_out=${WRITERS_IO[0]}
	read -r -t 20 -u "$writers_out" _
	needs_watches "$writers" health
}

tell() {
	echo "$*" >&"$writers_in"
	read -r -t 20 -u "$writers_out" _
}

@test "view: a watch tells who stores, where, and how often" {
	start_writers
	view_on 120 40 -t i32 "$writers" health
	wait_for has " health "
	keys w
	wait_for has "stores to 0x"
	wait_for has ", 4 bytes: 0 hits"
	tell hurt 3
	tell heal 1
	wait_for has ": 4 hits"
	screen | grep -qE "  3  75.0%  memrw-writers\+0x[0-9a-f]+  hurt\+0x[0-9a-f]+  thread $writers"
	screen | grep -qE "  1  25.0%  memrw-writers\+0x[0-9a-f]+  heal\+0x[0-9a-f]+  thread $writers"
	keys x
	wait_for has_not "stores to 0x"
	keys x
	wait_for says "it is not watched"
	keys W
	wait_for has "loads and stores at 0x"
	tell look 2
	wait_for has ": 2 hits"
	tell hurt 1
	[ "$(memrw read -t i32 "$writers" health | cut -f 2)" = 1006 ]
}

@test "view: a target that has exited is said to have, and nothing is lost" {
	view_on 120 30 "$target" counter
	wait_for has "29 00 00 00"
	keys m c
	stop_target
	target=
	wait_for has EXITED
	wait_for says "has exited: this is what was seen last"
	has "29 00 00 00"
	keys Space Space
	wait_for has_not "29 00 00 00"
	keys "'" c
	wait_for has "29 00 00 00"
	keys e
	wait_for says "the process is no more"
	keys f
	wait_for says "the process is no more"
	keys w
	wait_for says "the process is no more"
	keys R
	wait_for says "the process has exited"
	keys q
	wait_for has "exit status 0"
}

@test "view: a target that runs another program is looked at again on demand" {
	cp "$tools/$target_name" "$BATS_TEST_TMPDIR/second"
	coproc CHANGING { exec bash -c 'read -r line; exec "$0"' "$BATS_TEST_TMPDIR/second" 3>&-; }
	others+=("$CHANGING_PID")
	view_on 120 30 "$CHANGING_PID"
	wait_for has "(bash)"
	keys R
	wait_for says "it still runs the same program"
	echo >&"${CHANGING[1]}"
	wait_for has EXECVE
	wait_for says "runs another program since (execve)"
	keys R
	wait_for has "(second)"
	wait_for has_not EXECVE
	go_to counter
	wait_for has "29 00 00 00"
}
