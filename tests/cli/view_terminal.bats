#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034,SC2154 # helper.bash and bats use and set them
#
# memrw view: on terminals of many kinds.

load helper
load screen

@test "view: a terminal that is too small says so, until it is larger" {
	view_on 40 6 "$target" counter
	wait_for has "the terminal is too small"
	keys j
	in_tmux resize-window -x 100 -y 30
	wait_for has "29 00 00 00"
	in_tmux resize-window -x 30 -y 30
	wait_for has "too small"
	keys q
	wait_for has "exit status 0"
}

@test "view: without colours there are none, and changes stand out all the same" {
	row=$(printf %012x $(($(address_of counter) & ~15)))
	# Bold, of the line that the counter is in, where the cursor is not.
	stands_out() { screen -e | grep -a "$row" | grep -qE $'\x1b\\[([0-9;]*;)?1[;m]'; }
	for how in "NO_COLOR=1" "TERM=vt100"; do
		VARIABLES=$how view_on 120 30 "$target" counter+32
		wait_for has "$row"
		run ! stands_out
		start_changes
		wait_for stands_out
		stop_changes
		# A foreground or a background, of whichever kind.
		! codes | grep -E '\[([0-9;]*;)?[34][0-8]' || fail_with "colours with $how"
		close_terminal
	done
	TERMINAL=screen view_on 120 30 "$target" counter
	colored() { codes | grep -qE '\[([0-9;]*;)?[34][0-7]'; }
	wait_for colored
}

@test "view: a locale without UTF-8, and strange names of files, spoil nothing" {
	odd="$BATS_TEST_TMPDIR/é"$'\033'"[31m"$'\xff'
	cp "$tools/$target_name" "$odd"
	coproc ODD { exec "$odd" 3>&-; }
	others+=("$ODD_PID")
	read -r -t 20 -u "${ODD[0]}" _
	view_on 120 30 "$ODD_PID" counter
	wait_for has "é?[31m?"
	close_terminal
	VARIABLES=LC_ALL=C view_on 120 30 "$ODD_PID" counter
	wait_for has "???[31m?"
	wait_for has "29 00 00 00"
}

# The process in the terminal's shell.
viewer() {
	local shell
	shell=$(in_tmux display-message -p '#{pane_pid}')
	grep -l "^PPid:	$shell\$" /proc/[0-9]*/status 2>/dev/null | cut -d / -f 3
}

@test "view: signals end it, and the terminal is as before" {
	for signal in TERM INT HUP; do
		view_on 120 30 "$target" counter
		wait_for has "29 00 00 00"
		kill -"$signal" "$(viewer)"
		wait_for has "exit status 0"
		has_not "29 00 00 00"
		close_terminal
	done
	view_on 120 30 "$target" counter
	wait_for has "29 00 00 00"
	keys C-c
	wait_for has "exit status 0"
}

@test "view: when it is stopped, the terminal is the shell's, until it goes on" {
	in_tmux new-session -d -x 120 -y 30 -- env TERM=screen LC_ALL=C.UTF-8 bash --norc -i
	type_text "$MEMRW view --via=$VIA $target counter"
	keys Enter
	wait_for has "29 00 00 00"
	keys C-z
	wait_for has Stopped
	has_not "29 00 00 00"
	keys f g Enter
	wait_for has "29 00 00 00"
	has_not Stopped
	keys q
	wait_for has_not "29 00 00 00"
}

@test "view: the keys are shown, and an unknown one points there" {
	view_on 80 24 "$target" counter
	wait_for has "29 00 00 00"
	keys '?'
	wait_for has "follow the pointer"
	has "quit (F10)"
	keys x
	wait_for has "29 00 00 00"
	has_not "follow the pointer"
	keys Y
	wait_for says "no such key: ? shows them"
	keys F1
	wait_for has "search for a text"
	keys F10 F10
	wait_for has "exit status 0"
}

@test "view: the mouse moves the cursor, and its wheel the memory" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	# As xterm tells it: a button, and column and line from 33 on.
	column=$(screen | sed -n 4p | grep -bo '65 65' | head -n 1 | cut -d : -f 1)
	column=$(printf '%b' "\\x$(printf %x $((column - 2 + 33)))")
	type_text $'\033[M '"$column\$"$'\033[M#'"$column\$"
	wait_for is_at 10000020
	type_text $'\033[Ma'"$column\$"
	wait_for is_at 10000050
	type_text $'\033[M`'"$column\$"
	wait_for is_at 10000020
	# In the list of regions, the second line.
	type_text $'\033[M $#\033[M#$#'
	wait_for is_at 20000000
}

@test "view: without a terminal, and with bad usage, it says so" {
	run --separate-stderr memrw view "$target" </dev/null
	expect_usage_error "view: it needs a terminal"
	run --separate-stderr memrw view
	expect_usage_error "view: no TARGET given"
	run --separate-stderr memrw view "$target" counter 3
	expect_usage_error "view: '3' is one operand too many"
	run --separate-stderr memrw view -t i33 "$target"
	expect_usage_error "view: 'i33' is not a type"
	run --separate-stderr memrw view -t str "$target"
	expect_usage_error "view: str is not a type of numbers"
	run --separate-stderr memrw view --interval=0 "$target"
	expect_usage_error "--interval"
	TERMINAL=nonsense view_on 120 30 "$target"
	wait_for has "memrw: view: TERM is 'nonsense': no such terminal is known"
	wait_for has "exit status 1"
	close_terminal
	view_on 120 30 "$target" nonsense
	wait_for has "memrw: nonsense: "
	wait_for has "exit status 1"
}
