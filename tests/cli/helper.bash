# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034,SC2154 # the tests use them; bats sets them
#
# What the tests of the command share.
#
# MEMRW            the command (default: build/memrw)
# MEMRW_TEST_VIA   the backend, procfs (default) or driver

bats_require_minimum_version 1.5.0

root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
MEMRW=${MEMRW:-$root/build/memrw}
VIA=${MEMRW_TEST_VIA:-procfs}
tools=$root/build/cli
target_name=memrw-target

# Addresses of target.c.
edge=0x10000000
edge_end=0x10010000
stairs=0x20000000
read_only=0x20010000
no_access=0x20020000

# The command, on the backend under test.
memrw() {
	local subcommand=$1
	shift
	"$MEMRW" "$subcommand" --via="$VIA" "$@"
}

json() {
	"$tools/json-get" "$@" <<<"$output"
}

# A target of one's own, $target, that answers for as long as the test runs; it has the
# name of $target_link, where a test makes one.
start_target() {
	coproc TARGET_IO { exec "${target_link-$tools/$target_name}" 3>&-; }
	target=$TARGET_IO_PID
	target_in=${TARGET_IO[1]}
	target_out=${TARGET_IO[0]}
	hear
}

# What the target sees, in $heard: the counter, the text, the first byte of
# the edge block, and a sum of private variables.
hear() {
	read -r -t 20 -u "$target_out" heard
}

ask() {
	echo >&"$target_in"
	hear
}

stop_target() {
	if [ -n "${target:-}" ]; then
		kill "$target" 2>/dev/null || true
		wait "$target" 2>/dev/null || true
	fi
}

# More processes, killed when the test is over.
others=()
start() {
	"$@" 3>&- >/dev/null 2>&1 &
	started=$!
	others+=("$started")
}

# A shell, $started, until become_another_program.  That it is one is waited for: until
# then it is the test itself, with other addresses.
start_program_to_replace() {
	# shellcheck disable=SC2016 # it is the other shell's
	start bash -c ': >"$0/here"; while [ ! -e "$0/go" ]; do sleep 0.05; done; exec sleep 100' \
		"$BATS_TEST_TMPDIR"
	wait_until test -e "$BATS_TEST_TMPDIR/here"
}

become_another_program() {
	: >"$BATS_TEST_TMPDIR/go"
}

# Wait for a condition, but not for ever.
wait_until() {
	local tries=200
	until "$@"; do
		[ "$((tries--))" -gt 0 ] || return 1
		sleep 0.05
	done
}

is_called() {
	[ "$(cat "/proc/$1/comm")" = "$2" ]
}

is_zombie() {
	grep -q '^State:	Z' "/proc/$1/status"
}

is_stopped() {
	grep -q '^State:	T' "/proc/$1/status"
}

is_sleeping() {
	grep -q '^State:	S' "/proc/$1/status"
}

stop_others() {
	local pid
	for pid in "${others[@]}"; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}

setup() {
	start_target
}

teardown() {
	stop_target
	stop_others
}

# The address of a symbol of the target, from its symbol table.
address_of() {
	memrw read --json -t u8 "$target" "$1" | "$tools/json-get" address
}

# Of two targets that perf watches at the same time, on a busy machine, Linux kills one with
# SIGTRAP now and then, or misses hits: tests that run side by side have their turns.
wait_for_watches() {
	local breakpoints=/sys/bus/event_source/devices/breakpoint/type

	[ -r "$breakpoints" ] || return 0
	exec 6<"$breakpoints"
	flock -w 200 6
}

# needs_watches TARGET ADDRESS: wait for the turn, and skip where the backend has none
# here, which is no other failure.
needs_watches() {
	local refused

	wait_for_watches
	refused=$(memrw watch --duration=1 "$@" 2>&1) && return
	case $refused in
	*perf_event_paranoid* | *"no hardware breakpoints"* | *"the driver here has no watches"*)
		skip "$refused"
		;;
	esac
	echo "$refused" >&2
	return 1
}

# A watch in the background is set: it waits for signals, too, from then on; or it is
# over already.
is_watching() {
	! kill -0 "$1" 2>/dev/null || [[ "$(readlink /proc/"$1"/fd/*)" == *signalfd* ]]
}

# A guest, or a small system, is without: make check installs it.
has_gdb() {
	command -v gdb >/dev/null || skip "gdb is not installed"
}

expect_status() {
	[ "$status" -eq "$1" ] || fail_with "exit status $status, not $1"
}

expect_output() {
	[ "$output" = "$1" ] || fail_with "standard output is not: $1"
}

expect_stderr() {
	[[ "$stderr" == *"$1"* ]] || fail_with "standard error has no: $1"
}

expect_no_stderr() {
	[ -z "$stderr" ] || fail_with "standard error is not empty"
}

fail_with() {
	printf '%s\n--- stdout\n%s\n--- stderr\n%s\n' "$1" "$output" "$stderr" >&2
	return 1
}

# Bad usage: status 2, nothing on standard output, one line on standard error.
expect_usage_error() {
	expect_status 2
	expect_output ""
	[ "${#stderr_lines[@]}" -eq 1 ] || fail_with "not one line of error"
	expect_stderr "$1"
}

# A failure: status 1, and the reason in a line "memrw: WHAT: WHY".
expect_failure() {
	expect_status 1
	expect_stderr "memrw: $1"
}
