# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # the tests use them; bats sets them
#
# What the tests of memrw view share: a terminal of each test's own, in tmux, into which
# keys are typed, and of which it is seen what is on the screen.

setup() {
	command -v tmux >/dev/null || skip "tmux is not installed"
	start_target
}

teardown() {
	close_terminal
	stop_target
	stop_others
}

# One server after the other: a new one could run into the old one's end.
servers=0

in_tmux() {
	tmux -S "$BATS_TEST_TMPDIR/tmux$servers" -f /dev/null "$@" 3>&-
}

close_terminal() {
	[ ! -S "$BATS_TEST_TMPDIR/tmux$servers" ] || in_tmux kill-server || true
	servers=$((servers + 1))
}

# view_on COLUMNS LINES ARGUMENT...: the viewer on a terminal of that size, which shows
# the exit status afterwards.  TERMINAL, VARIABLES: of the terminal.
view_on() {
	local columns=$1 lines=$2
	shift 2
	# shellcheck disable=SC2086 # several or none
	in_tmux new-session -d -x "$columns" -y "$lines" -- \
		env TERM="${TERMINAL-screen-256color}" LC_ALL=C.UTF-8 ${VARIABLES-} \
		bash -c '"$@"; echo "exit status $?"; exec sleep 1000' - \
		"$MEMRW" view --via="$VIA" "$@"
}

# keys KEY...: as tmux names them, or words
keys() {
	in_tmux send-keys "$@"
}

type_text() {
	in_tmux send-keys -l -- "$1"
}

screen() {
	in_tmux capture-pane -p "$@"
}

# The line about the cursor, and that for messages, which are the last.
cursor_line() {
	screen | tail -n 2 | head -n 1
}

message() {
	screen | tail -n 1
}

has() {
	screen | grep -qF -- "$1"
}

has_not() {
	! has "$1"
}

is_at() {
	[[ "$(cursor_line)" == "${1#0x} "* ]]
}

says() {
	[[ "$(message)" == *"$1"* ]]
}

# Like wait_until, with the screen where it was in vain.
wait_for() {
	local end=$((SECONDS + 60))
	until "$@"; do
		if [ "$SECONDS" -gt "$end" ]; then
			printf 'waited for: %s\n' "$*" >&2
			screen >&2
			return 1
		fi
		sleep 0.05
	done
}

go_to() {
	keys :
	wait_for says "go to address:"
	type_text "$1"
	keys Enter
	wait_for has_not "go to address:"
}

# The colours and the like of all that is on the screen.
codes() {
	screen -e | grep -o $'\x1b\[[0-9;]*m' | sort -u
}

# The number that the target has there now, as another reader sees it.
value_of() {
	memrw read -t "$1" "$target" "$2" | cut -f 2
}

is_value() {
	[ "$(value_of "$1" "$2")" = "$3" ]
}

# Changes go on until stop_changes, for as long as it takes to see one.  No write comes
# after that.
start_changes() {
	touch "$BATS_TEST_TMPDIR/changing"
	while [ -e "$BATS_TEST_TMPDIR/changing" ]; do
		memrw write -q -t i32 "$target" counter "$RANDOM" || break
		sleep 0.1
	done 3>&- &
	changer=$!
	others+=("$changer")
}

stop_changes() {
	rm "$BATS_TEST_TMPDIR/changing"
	wait "$changer"
}
