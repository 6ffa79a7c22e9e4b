#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034,SC2154 # helper.bash and bats use and set them
#
# The examples of the manual pages, typed as they stand there, about game.c.

load helper

setup() {
	[ -d "$root/userspace/man" ] || skip "no manual pages here"
	cd "$BATS_TEST_TMPDIR" || return
	# Names of targets that the machine has already could not be chosen by name.  The same
	# test may run beside this one, with another command: each has its turn.
	exec 7<"$tools/game"
	flock -w 200 7
	[ -z "$(pgrep -x game)" ] || skip "a process of the name is there already"
	coproc GAME_IO { exec "$tools/game" 3>&- 7<&-; }
	others+=("$GAME_IO_PID")
	game=$GAME_IO_PID
	read -r -t 20 -u "${GAME_IO[0]}" heard
}

teardown() {
	stop_others
}

# What the section EXAMPLES has in literal blocks and lines, as a terminal shows it.
examples_of() {
	awk '/^\.Sh/ { inside = /EXAMPLES/ }
		inside && /^\.Dl / { print substr($0, 5) "\n" }
		/^\.Ed/ { if (block) print ""; block = 0 }
		block { print }
		inside && /^\.Bd -literal/ { block = 1 }' "$root/userspace/man/$1.1" |
		sed -e 's/\\(aq/'"'"'/g' -e 's/\\-/-/g' -e 's/\\e/\\/g'
}

# What differs from machine to machine, from run to run, or with the compiler.
masked() {
	sed -E -e 's/0x[0-9a-f]+/ADDRESS/g' -e 's/[0-9]+ (bytes|ranges|writes)/N \1/g' \
		-e 's/[0-9]+(\.[0-9]+)? (KiB|MiB)/N \2/g' -e 's,/[^	]*/game,/game,' \
		-e 's/^[0-9a-f]{12}.*/HEXDUMP/' -e 's/^[0-9]+\.[0-9]{6}	[0-9]+	/TIME	TID	/' \
		-e 's/	game\+ADDRESS: .*//' |
		without_values
}

# Procfs does not know what was stored.
without_values() {
	if [ "$VIA" = driver ]; then
		cat
	else
		sed -E -e 's/^(TIME	TID	)[0-9]+ -> [0-9]+/\1?/' -e 's/(lose_energy\+ADDRESS	)[0-9]+$/\1?/'
	fi
}

# type_command COMMAND: on the backend under test, for half a second if it would not end.
type_command() {
	local command=${1//memrw /memrw_typed }

	command=${command/ 4242 / $game }
	eval "$command" 2>&1
}

memrw_typed() {
	local subcommand=$1
	shift
	case $subcommand in
	# It fails where there is no driver.
	info) "$MEMRW" info "$@" || : ;;
	# Before it has begun, Ctrl-C would end it otherwise than it is told there.
	freeze | poll) "$MEMRW" "$subcommand" "--via=$VIA" --duration=500 "$@" ;;
	view) view_typed "$@" ;;
	watch) watch_typed "$@" ;;
	*) "$MEMRW" "$subcommand" "--via=$VIA" "$@" ;;
	esac
}

energy() {
	memrw read -t i32 game energy | cut -f 2
}

energy_is_not() {
	[ "$(energy)" != "$1" ]
}

lose_energy() {
	local before
	before=$(energy)
	kill -USR1 "$game"
	wait_until energy_is_not "$before"
}

# The energy is lost while somebody watches: once, or, to be counted, three times.  Not
# for ever, when something goes wrong.
watch_typed() {
	env --default-signal=INT "$MEMRW" watch "--via=$VIA" --duration=60000 "$@" \
		>"$BATS_TEST_TMPDIR/out" 3>&- &
	wait_until is_watching $!
	lose_energy
	if [[ "$*" == *--summary* ]]; then
		lose_energy
		lose_energy
	fi
	[[ "$*" == *"-n 1"* ]] || kill -INT $!
	wait $!
	cat "$BATS_TEST_TMPDIR/out"
}

# On a terminal, until it is there.
view_typed() {
	printf 'memrw view\tq\n' | TERM=vt100 python3 "$BATS_TEST_DIRNAME/terminal.py" \
		"$MEMRW" view "--via=$VIA" "$@" >"$BATS_TEST_TMPDIR/screen"
}

# What the page has under the command, without what is typed into it.
expected_of() {
	awk -v command="\$ $2" '
		$0 == command { found = 1; next }
		found && /^(\$ |$)/ { exit }
		found' <<<"$1" | sed 's/^\^C//'
}

# What an example is about has happened in the game meanwhile.
change_something() {
	memrw write -q -t i32 game health 100
}

# Runs the page's commands one after the other; one that should fail says so there.
try_page() {
	local page=$1 text command expected got
	text=$(examples_of "$page")
	while IFS= read -r command; do
		command=${command#\$ }
		# What the driver alone can do.
		[[ "$VIA" == driver || "$command" != *--if-equal* ]] || continue
		[[ "$VIA" == driver || "$command" != *"watch --cross"* ]] || continue
		[ "$command" != "${change_before-}" ] || change_something
		expected=$(expected_of "$text" "$command")
		status=0
		got=$(type_command "$command") || status=$?
		echo "$command: $status" >&2
		printf '%s\n' "$got" >&2
		[ "$status" -eq 0 ] || [[ "$expected" == *memrw:* ]]
		[ -z "$expected" ] || [ "$(masked <<<"$expected")" = "$(masked <<<"$got")" ]
		tried=$((tried + 1))
	done < <(grep '^\$ .*memrw ' <<<"$text" | grep -v '^\$ memrw scan game$')
	[ "${tried-0}" -gt 0 ]
}

@test "examples: memrw(1)" {
	try_page memrw
}

@test "examples: memrw-atomic(1)" {
	[ "$VIA" = driver ] || skip "not on procfs"
	try_page memrw-atomic
}

@test "examples: memrw-diff(1)" {
	change_before="memrw diff -t i32 before game"
	try_page memrw-diff
}

@test "examples: memrw-dump(1)" {
	try_page memrw-dump
}

@test "examples: memrw-freeze(1)" {
	try_page memrw-freeze
}

# What gdb answers to the commands behind its prompt, and what the page has there.
@test "examples: memrw-gdbserver(1)" {
	local command arguments=() text
	has_gdb
	text=$(examples_of memrw-gdbserver)
	while IFS= read -r command; do
		arguments+=(-ex "$command")
	done < <(sed -n 's/^(gdb) //p' <<<"$text")
	[ "${#arguments[@]}" -gt 0 ]
	got=$(gdb -q -nx -batch -iex 'set debuginfod enabled off' -iex 'set sysroot /' \
		-ex "target remote | $(printf %q "$MEMRW") gdbserver --via=$VIA --stdio game" \
		"${arguments[@]}" 2>&1 </dev/null)
	expected=$(grep -E '^(\$[0-9]+|type) = ' <<<"$text")
	[ "$(grep -E '^(\$[0-9]+|type) = ' <<<"$got")" = "$expected" ] || fail_with "$got"
	[ "$(memrw read -t i32 game coins | cut -f 2)" = 99 ]
}

@test "examples: memrw-load(1)" {
	try_page memrw-load
}

@test "examples: memrw-maps(1)" {
	try_page memrw-maps
}

@test "examples: memrw-pointers(1)" {
	try_page memrw-pointers
}

@test "examples: memrw-poll(1)" {
	try_page memrw-poll
}

@test "examples: memrw-read(1)" {
	try_page memrw-read
}

# typed_at_prompt: what the examples have behind a prompt of memrw scan.
typed_at_prompt() {
	examples_of memrw-scan | sed -n 's/^game\[.*> //p'
}

prints() {
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -ge "$1" ]
}

@test "examples: memrw-scan(1)" {
	try_page memrw-scan
	exec 8> >(exec "$MEMRW" scan --via="$VIA" game >"$BATS_TEST_TMPDIR/out" 3>&-)
	scanner=$!
	typed_at_prompt | head -n 2 >&8
	wait_until prints 1
	lose_energy
	typed_at_prompt | tail -n +3 >&8
	exec 8>&-
	wait "$scanner"
	grep -q '^1 written$' "$BATS_TEST_TMPDIR/out"
}

@test "examples: memrw-search(1)" {
	try_page memrw-search
}

@test "examples: memrw-view(1)" {
	try_page memrw-view
}

@test "examples: memrw-watch(1)" {
	needs_watches game energy
	try_page memrw-watch
}

@test "examples: memrw-write(1)" {
	try_page memrw-write
}

@test "examples: every page that has some is tried" {
	for page in "$root"/userspace/man/memrw*.1; do
		page=$(basename "$page" .1)
		# What info prints is the machine's.
		[ "$page" != memrw-info ] || continue
		grep -q "^@test \"examples: $page(1)\"" "$BATS_TEST_FILENAME" || fail_with "$page"
	done
}
