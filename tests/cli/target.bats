#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them
#
# TARGET, on every subcommand that takes one, and why a process is refused.

load helper

# A name of its own for each test, as they may run side by side.
copy_target() {
	cp "$tools/$target_name" "$BATS_TEST_TMPDIR/$1"
	copy=$BATS_TEST_TMPDIR/$1
}

start_copy() {
	coproc COPY { exec "$copy" 3>&-; }
	started=$COPY_PID
	others+=("$started")
	read -r -t 20 -u "${COPY[0]}" _
}

# Two coprocesses at once are one too many for bash.
start_named_sleep() {
	[ -e "$BATS_TEST_TMPDIR/$1" ] || cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/$1"
	start "$BATS_TEST_TMPDIR/$1" 1000
	wait_until is_called "$started" "$1"
}

@test "target: the name of one process stands for it" {
	name=one$$
	copy_target "$name"
	start_copy
	run --separate-stderr memrw read --json -t i32 "$name" counter
	expect_status 0
	[ "$(json pid)" = "$started" ]
	[ "$(json values)" = "[41]" ]
	run --separate-stderr memrw write -q -t i32 "$name" counter 5
	expect_status 0
	run --separate-stderr memrw maps "$name"
	expect_status 0
}

@test "target: a name past 15 bytes is that of the executable" {
	name=a-name-of-many-bytes-$$
	copy_target "$name"
	start_copy
	run --separate-stderr memrw read --json -t i32 "$name" counter
	expect_status 0
	[ "$(json pid)" = "$started" ]
	run --separate-stderr memrw maps "${name}x"
	expect_failure "${name}x: no process has that name"
}

@test "target: a name that several processes have is refused with a list" {
	name=two$$
	start_named_sleep "$name"
	one=$started
	start_named_sleep "$name"
	run --separate-stderr memrw maps "$name"
	expect_failure "$name: 2 processes have that name: choose one by its ID, with --pid"
	expect_output ""
	[ "${#stderr_lines[@]}" -eq 3 ]
	for pid in "$one" "$started"; do
		listed=$(sed -n "s|^memrw:   $pid  \\(.*\\)  $BATS_TEST_TMPDIR/$name 1000\$|\\1|p" <<<"$stderr")
		# A moment ago, as far as a busy machine knows one.
		difference=$(($(date +%s) - $(date -d "$listed" +%s)))
		[ "${difference#-}" -le 120 ]
	done
}

@test "target: what a list shows of a command line does not control the terminal" {
	name=esc$$
	cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/$name"
	for _ in 1 2; do
		# shellcheck disable=SC2016 # for the inner shell to expand
		start bash -c 'exec -a "$1" "$2" 1000' - $'red\033[31m\nline' "$BATS_TEST_TMPDIR/$name"
		wait_until is_called "$started" "$name"
	done
	run --separate-stderr memrw maps "$name"
	expect_status 1
	[ "${#stderr_lines[@]}" -eq 3 ]
	expect_stderr '  red\x1b[31m\nline 1000'
}

@test "target: --pid is exact, and takes the place of the operand" {
	run --separate-stderr memrw read --pid "$target" -t i32 counter
	expect_status 0
	[ "${output#*	}" = 41 ]
	run --separate-stderr memrw write -q --pid="$target" -t i32 counter 6
	expect_status 0
	run --separate-stderr memrw read -t i32 --pid="$target" counter:4 table:4
	[ "${lines[0]#*	}" = 6 ]
	run --separate-stderr memrw maps --json --pid "$target"
	[ "$(json pid)" = "$target" ]
	run --separate-stderr memrw maps --pid "$target" "$target"
	expect_usage_error "more than one TARGET given"
	for subcommand in "maps" "read 0" "write -t u8 0 1" "atomic -t u8 load 0"; do
		for pid in 0 -1 name "" 99999999999; do
			# shellcheck disable=SC2046,SC2086 # words
			run --separate-stderr memrw ${subcommand%% *} --pid="$pid" \
				$([ "$subcommand" = maps ] || echo "${subcommand#* }")
			expect_usage_error "--pid '$pid' is not a process ID"
		done
	done
}

@test "target: --wait takes one that runs already" {
	name=now$$
	start_named_sleep "$name"
	run --separate-stderr memrw maps --json --wait "$name"
	expect_status 0
	[ "$(json pid)" = "$started" ]
	start_named_sleep "$name"
	run --separate-stderr memrw maps --wait "$name" --timeout 10
	expect_failure "$name: 2 processes have that name"
}

@test "target: --wait waits for a program to start" {
	# All digits: a name here, and no process ID.
	name=88$$
	cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/$name"
	memrw maps --json --wait "$name" >"$BATS_TEST_TMPDIR/maps" 2>"$BATS_TEST_TMPDIR/errors" 3>&- &
	waiting=$!
	sleep 0.5
	kill -0 "$waiting"
	[ ! -s "$BATS_TEST_TMPDIR/maps" ]
	start_named_sleep "$name"
	wait "$waiting"
	[ "$("$tools/json-get" pid <"$BATS_TEST_TMPDIR/maps")" = "$started" ]
	[ ! -s "$BATS_TEST_TMPDIR/errors" ]
}

@test "target: --wait hardly takes a processor" {
	"$MEMRW" maps --wait "none$$" 2>/dev/null 3>&- &
	waiting=$!
	others+=("$waiting")
	sleep 2
	read -r -a stat <"/proc/$waiting/stat"
	# User and system time, in ticks of which 100 are a second: of 2 s, less than half.
	[ $((stat[13] + stat[14])) -lt 100 ]
}

@test "target: --timeout ends the waiting" {
	for seconds in 0 0.3; do
		run --separate-stderr timeout 20 "$MEMRW" read --via="$VIA" --wait "none$$" --timeout "$seconds" 0
		expect_failure "none$$: no process of that name has started in time"
		expect_output ""
	done
	for seconds in -1 nan x "" 1e300; do
		run --separate-stderr memrw maps --wait "none$$" --timeout="$seconds"
		expect_usage_error "--timeout '$seconds' is not a number of seconds"
	done
	run --separate-stderr memrw maps --timeout=1 "$target"
	expect_usage_error "--timeout needs a --wait"
	run --separate-stderr memrw maps --wait "none$$" --pid="$target"
	expect_usage_error "--pid and --wait exclude each other"
	run --separate-stderr memrw maps --wait ""
	expect_usage_error "NAME is empty"
}

@test "target: a signal ends the waiting" {
	"$MEMRW" maps --wait "none$$" 2>/dev/null 3>&- &
	waiting=$!
	sleep 0.2
	kill -TERM "$waiting"
	status=0
	wait "$waiting" || status=$?
	[ "$status" -eq $((128 + 15)) ]
}

@test "target: a number is a process ID, and name: makes it a name" {
	name=77$$
	start_named_sleep "$name"
	run --separate-stderr memrw maps --json "name:$name"
	expect_status 0
	[ "$(json pid)" = "$started" ]
	run --separate-stderr memrw maps "$name"
	expect_status 1
}

@test "target: leading zeros do not make a process ID octal" {
	run --separate-stderr memrw maps --json "000$target"
	expect_status 0
	[ "$(json pid)" = "$target" ]
}

@test "target: what cannot be a process ID is bad usage" {
	for pid in 0 00 2147483648 18446744073709551616; do
		run --separate-stderr memrw maps "$pid"
		expect_usage_error "memrw: maps: TARGET '$pid' is not a process ID"
	done
	for empty in "" name:; do
		run --separate-stderr memrw maps "$empty"
		expect_usage_error "memrw: maps: TARGET is empty"
	done
}

# Of a program of the system's own: the command may be a 32-bit one, and it not.
@test "target: memory above 4 GiB is read, written and found" {
	# A 32-bit system's programs end below it.
	case $(uname -m) in *64) ;; *) skip "this system is not a 64-bit one" ;; esac
	# The program is not memrw's own child, as Yama would have it; the driver is not bound by that.
	if [ "$VIA" = procfs ] && [ "$(id -u)" -ne 0 ] &&
		[ "$(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0)" -ne 0 ]; then
		skip "Yama (kernel.yama.ptrace_scope) refuses procfs this process"
	fi
	start sleep 1000
	wait_until is_called "$started" sleep
	wait_until is_sleeping "$started"
	stack=0x$(sed -n 's/-.*\[stack\]$//p' "/proc/$started/maps")
	[ $((stack > 0xffffffff)) -eq 1 ]

	run --separate-stderr memrw write -t u64 "$started" "$stack" 0x1122334455667788
	expect_status 0
	run --separate-stderr memrw read -t u64 "$started" "[stack]"
	expect_output "$stack	1234605616436508552"
	memrw read --raw "$started" "$stack" 8192 >"$BATS_TEST_TMPDIR/ours"
	dd if="/proc/$started/mem" iflag=skip_bytes,count_bytes,fullblock \
		skip=$((stack)) count=8192 status=none | cmp - "$BATS_TEST_TMPDIR/ours"

	# Not what a 32-bit program takes the address for.
	run --separate-stderr memrw read -t u64 "$started" $((stack - 0x4000000))
	expect_failure "$(printf '0x%x' $((stack - 0x4000000))): no memory is mapped there"
	run --separate-stderr memrw maps "$started"
	[[ "$output" == *"${stack#0x}-"*"[stack]"* ]]
}

@test "target: a process that does not exist fails" {
	start sleep 0
	wait "$started"
	run --separate-stderr memrw maps "$started"
	expect_failure "$started: no such process"
	expect_output ""
	run --separate-stderr memrw read 2147483647 0
	expect_failure "2147483647: no such process"
	run --separate-stderr memrw write -t u8 no-such-name 0 1
	expect_failure "no-such-name: no process has that name"
}

@test "target: a zombie has no memory" {
	# The child ends once sleep has taken bash's place, and waits for nobody.
	# shellcheck disable=SC2016 # for the inner shell to expand
	start bash -c '(until read -r name <"/proc/$$/comm" && [ "$name" = sleep ]; do :; done) &
		echo "$!" >"$1"; exec sleep 1000' - "$BATS_TEST_TMPDIR/pid"
	wait_until [ -s "$BATS_TEST_TMPDIR/pid" ]
	zombie=$(cat "$BATS_TEST_TMPDIR/pid")
	wait_until is_zombie "$zombie"
	run --separate-stderr memrw maps "$zombie"
	expect_failure "$zombie: no such process"
}

@test "target: a kernel thread has no memory" {
	[ "$(cat /proc/2/comm)" = kthreadd ] || skip "this pid namespace shows no kernel thread"
	run --separate-stderr memrw maps 2
	expect_failure "2 (kthreadd): a kernel thread has no memory of its own"
}

@test "target: a thread is answered with the process to give" {
	for task in "/proc/$target/task/"*; do
		thread=${task##*/}
	done
	[ "$thread" != "$target" ]
	run --separate-stderr memrw maps "$thread"
	expect_failure "$thread ($target_name): it is a thread of process $target: give that ID"
}

# Run the command such that another user's process is out of reach.  Root is
# one that has dropped its capabilities.
run_restricted() {
	if [ "$(id -u)" -eq 0 ]; then
		run --separate-stderr setpriv --bounding-set=-all --inh-caps=-all "$@"
	else
		run --separate-stderr "$@"
	fi
}

# Another user's process, $foreign, of $owner.
start_foreign() {
	if [ "$(id -u)" -eq 0 ]; then
		start setpriv --reuid=65534 --regid=65534 --clear-groups sleep 1000
		wait_until is_called "$started" sleep
		foreign=$started
		owner=$(id -un 65534)
	else
		foreign=1
		owner=root
	fi
}

@test "target: another user's process is refused, and the owner named" {
	start_foreign
	for subcommand in "maps $foreign" "read $foreign 0x1000" "write -t u8 $foreign 0x1000 1"; do
		# shellcheck disable=SC2086 # words
		run_restricted "$MEMRW" ${subcommand%% *} --via="$VIA" ${subcommand#* }
		expect_failure "$foreign ("
		expect_stderr "it belongs to another user, $owner"
		expect_output ""
		[ "${#stderr_lines[@]}" -eq 1 ]
	done
}

# What info says of the driver, whatever it is that this machine lacks.
ask_info() {
	run "$MEMRW" info --json
	why=$(json why)
	try=$(json try)
	[ -n "$why" ]
}

# expect_try LINES: as many without it.
expect_try() {
	if [ -n "$try" ]; then
		expect_stderr "memrw: try: $try"
		set -- $(($1 + 1))
	fi
	[ "${#stderr_lines[@]}" -eq "$1" ]
}

@test "target: where procfs refuses, auto says why the driver was not used" {
	[ "$VIA" = procfs ] || skip "the driver is there"
	[ ! -e /dev/memrw ] || skip "the driver is there"
	ask_info
	start_foreign
	run_restricted "$MEMRW" maps "$foreign"
	expect_failure "$foreign ("
	expect_stderr "memrw: the driver was not used: $why"
	expect_try 2
}

@test "target: where procfs serves, auto is quiet about it" {
	run --separate-stderr "$MEMRW" read -t i32 "$target" counter
	expect_status 0
	expect_no_stderr
	[ "${output#*	}" = 41 ]
}

@test "target: --via=driver without the driver says what to do" {
	[ ! -e /dev/memrw ] || skip "the driver is there"
	ask_info
	for subcommand in "maps $target" "read $target counter" "write -t u8 $target counter 1"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr "$MEMRW" ${subcommand%% *} --via=driver ${subcommand#* }
		expect_failure "/dev/memrw: $why"
		expect_try 1
	done
}

@test "target: --via takes the three backends and nothing else" {
	for via in auto "$VIA"; do
		run --separate-stderr "$MEMRW" read --via "$via" -t i32 "$target" counter
		expect_status 0
	done
	run --separate-stderr "$MEMRW" maps --via=magic "$target"
	expect_usage_error "memrw: maps: --via is auto, driver or procfs, not 'magic'"
}
