#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034,SC2154 # helper.bash and bats use and set them
#
# memrw view, by keystrokes and by what is on the screen, in a tmux of each test's own.

load helper

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

@test "view: regions, memory and cursor are on screens of three sizes" {
	address=$(address_of counter)
	view_on 80 24 "$target" counter
	wait_for is_at "$address"
	wait_for has "29 00 00 00"
	has "($target_name)  via $VIA"
	[[ "$(cursor_line)" == *"$target_name+0x"*" counter "*"i32 41"* ]]
	screen | grep -qE "^$target_name +r-xp .* [0-9]+%"
	[ "$(screen | grep -cE '^.{26,}[0-9a-f]{12}  ([0-9a-f?]{2} ){8} ')" -eq 21 ]
	in_tmux resize-window -x 120 -y 40
	sixteen() { [ "$(screen | grep -cE '[0-9a-f]{12}  ([0-9a-f]{2} ){8} ([0-9a-f]{2} ){8} ')" -eq 37 ]; }
	wait_for sixteen
	wait_for is_at "$address"
	in_tmux resize-window -x 200 -y 60
	thirty_two() { [ "$(screen | grep -cE '[0-9a-f]{12}  (([0-9a-f]{2} ){8} ){4}')" -eq 57 ]; }
	wait_for thirty_two
	wait_for is_at "$address"
	in_tmux resize-window -x 80 -y 24
	wait_for has "29 00 00 00"
	keys q
	wait_for has "exit status 0"
}

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

# Changes go on until stop_changes, for as long as it takes to see one.
start_changes() {
	while memrw write -q -t i32 "$target" counter "$RANDOM"; do sleep 0.1; done 3>&- &
	changer=$!
	others+=("$changer")
}

stop_changes() {
	kill "$changer"
	wait "$changer" || true
}

@test "view: memory is shown as it changes, and changes stand out and fade" {
	view_on 120 30 "$target" counter
	wait_for has "29 00 00 00"
	not_changed() { ! changed; }
	changed() { [[ "$(codes)" == *[34]"8;5;220"* || "$(codes)" == *"38;5;178"* ]]; }
	not_changed
	start_changes
	wait_for changed
	stop_changes
	memrw write -q -t i32 "$target" counter 7040
	wait_for has "80 1b 00 00"
	[[ "$(cursor_line)" == *"i32 7040 "* ]]
	wait_for not_changed
	has "80 1b 00 00"
}

@test "view: a pause ends looking, and goes on" {
	view_on 120 30 "$target" counter
	wait_for has "29 00 00 00"
	keys p
	wait_for has PAUSED
	memrw write -q -t i32 "$target" counter 7040
	keys j k
	# Memory that was not on the screen is read, also then.
	go_to text
	wait_for has "hello, target"
	go_to counter
	keys p
	wait_for has_not PAUSED
	wait_for has "80 1b 00 00"
}

has_values() {
	screen | grep -qE " $1 +$2 +$3 +$4 "
}

@test "view: values of a type stand in columns, and types follow one another" {
	view_on 120 30 -t i32 "$target" table
	wait_for has "  via $VIA  i32 "
	wait_for has_values 10 20 30 40
	keys t
	wait_for has "  u32 "
	keys T T
	wait_for has "  u16 "
	wait_for has_values 10 0 20 0
	go_to number
	keys t t t t t t
	wait_for has "  f64 "
	wait_for has " -2.5 "
	keys t
	wait_for has "  ptr "
	wait_for has "0xc004000000000000"
	keys t
	wait_for has "  hex "
}

@test "view: addresses are jumped to by expression, and what is wrong is said" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	wait_for has "65 65 65 65"
	wait_for has "eeeeeeee"
	go_to "counter+1-1"
	wait_for is_at "$(address_of counter)"
	go_to "[[chain]+8]+8"
	wait_for is_at "$(address_of table+12)"
	go_to nonsense
	wait_for says "nonsense: "
	is_at "$(address_of table+12)"
	keys BSpace
	wait_for is_at "$(address_of counter)"
	keys C-o
	wait_for is_at "$edge"
	keys BSpace
	wait_for says "this is where it began"
	keys :
	type_text counter
	keys Escape
	wait_for has_not "go to address:"
	is_at "$edge"
}

@test "view: what cannot be read is question marks, and nothing is mapped says so" {
	view_on 120 30 "$target" "$edge_end-32"
	wait_for has "?? ?? ?? ??"
	has "65 65 65 65"
	keys G
	wait_for is_at "$(printf %x $((edge_end - 1)))"
	keys l
	wait_for has "10010000 not mapped"
	go_to "$no_access"
	wait_for has "?? ?? ?? ??"
}

@test "view: keys move the cursor as those of less and vi do" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	keys l
	wait_for is_at 10000001
	keys Right Right h
	wait_for is_at 10000002
	keys j
	wait_for is_at 10000012
	keys k '$'
	wait_for is_at 1000000f
	keys 0
	wait_for is_at "$edge"
	keys Space
	wait_for is_at 100001b0
	keys b
	wait_for is_at "$edge"
	keys C-d
	wait_for is_at 100000d0
	keys C-u
	wait_for is_at "$edge"
	keys NPage PPage
	wait_for is_at "$edge"
	keys ']'
	wait_for is_at "$stairs"
	keys '['
	wait_for is_at "$edge"
	keys G
	wait_for is_at 1000ffff
	keys g
	wait_for is_at "$edge"
	keys Q
	wait_for has "exit status 0"
}

@test "view: the list of regions is chosen from, and can be without" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	screen | grep -qE '^20000000 +rw-p  64K 100%│'
	keys Tab j Enter
	wait_for is_at "$stairs"
	keys z
	wait_for has_not "│"
	keys Tab
	wait_for says "z shows it"
	keys z
	wait_for has "│"
}

@test "view: a text is found, and the next, and the one before" {
	memrw write -q -t str "$target" "$edge+0x200" "a needle"
	memrw write -q -t str "$target" "$edge+0x8000" "needles"
	view_on 120 30 "$target" "$edge+0x100"
	wait_for is_at 10000100
	keys /
	wait_for says "search for text:"
	type_text needxle
	keys Left Left BSpace Enter
	wait_for is_at 10000202
	wait_for says "2 found"
	keys n
	wait_for is_at 10008000
	keys n
	wait_for is_at 10000202
	keys N
	wait_for is_at 10008000
	# One that is there no longer is left out.
	memrw write -q -t str "$target" "$edge+0x200" "a bundle"
	keys n
	wait_for is_at 10008000
	keys /
	type_text "needles and more that is nowhere"
	keys C-u
	type_text "$(printf 'xyzzy%s' plugh42)"
	keys Enter
	wait_for says "found nowhere"
	keys /
	type_text needle
	keys Escape n
	wait_for says "found nowhere"
}

@test "view: bytes and values are found, too" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	keys '='
	wait_for says "search for bytes"
	type_text "0a 00 00 00 14 ?? 00 00 1e"
	keys Enter
	wait_for is_at "$(address_of table)"
	keys '='
	type_text "zz"
	keys Enter
	wait_for says "there is no such value"
	keys t t t t t
	wait_for has "  i32 "
	go_to "$edge"
	keys '='
	wait_for says "search for value"
	type_text 99999999999
	keys Enter
	wait_for says "it does not fit"
	memrw write -q -t i32 "$target" counter 1234567891
	keys '='
	type_text 1234567891
	keys Enter
	wait_for is_at "$(address_of counter)"
}

@test "view: a pointer is followed, and come back from" {
	view_on 120 30 "$target" chain
	wait_for is_at "$(address_of chain)"
	keys Enter
	wait_for is_at "$(address_of middle)"
	keys BSpace
	wait_for is_at "$(address_of chain)"
	keys Enter
	wait_for is_at "$(address_of middle)"
	go_to middle+8
	keys C-]
	wait_for is_at "$(address_of table+4)"
	keys C-o
	wait_for is_at "$(address_of middle+8)"
	go_to counter
	keys Enter
	wait_for says "this is no pointer"
}

@test "view: bookmarks are set and gone to" {
	view_on 120 30 "$target" counter
	wait_for is_at "$(address_of counter)"
	keys m
	wait_for says "set bookmark"
	keys c
	wait_for says "bookmark c"
	go_to text
	keys m t "'"
	wait_for says "go to bookmark"
	keys c
	wait_for is_at "$(address_of counter)"
	keys "'" t
	wait_for is_at "$(address_of text)"
	keys "'" x
	wait_for says "no such bookmark: there are 'ct'"
	keys m 1
	wait_for says "a bookmark is a letter"
}

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

@test "view: signals end it, and the terminal is as before" {
	for signal in TERM INT HUP; do
		view_on 120 30 "$target" counter
		wait_for has "29 00 00 00"
		pid=$(pgrep -f -- "view --via=$VIA $target counter" | head -n 1)
		while [ "$(cat "/proc/$pid/comm")" != memrw ]; do
			pid=$(pgrep -P "$pid" | head -n 1)
		done
		kill -"$signal" "$pid"
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

@test "view: the target does not grow by being looked at" {
	[ "$VIA" = procfs ] || skip "a window of the driver's needs the pages"
	coproc LARGE { exec python3 -c '
import mmap, sys
area = mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
area[0] = 1
print("ready", flush=True)
sys.stdin.read()' 3>&-; }
	others+=("$LARGE_PID")
	read -r -t 60 -u "${LARGE[0]}" _
	start=$(awk '$1 ~ /-/ && !$6 { split($1, ends, "-"); print ends[1] }' "/proc/$LARGE_PID/maps" |
		while read -r address; do
			grep -A 1 "^$address-" "/proc/$LARGE_PID/smaps" | grep -q ' 65536 kB' && echo "$address"
		done | head -n 1)
	[ -n "$start" ] || skip "the area is not alone"
	before=$(grep ^VmRSS: "/proc/$LARGE_PID/status")
	view_on 120 30 "$LARGE_PID" "0x$start+0x100000"
	wait_for has "00 00 00 00 00 00 00 00"
	for page in 1 2 3 4 5 6; do
		keys Space
	done
	go_to "0x$start+0x200000"
	wait_for has "00 00 00 00 00 00 00 00"
	[ "$(grep ^VmRSS: "/proc/$LARGE_PID/status")" = "$before" ]
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
