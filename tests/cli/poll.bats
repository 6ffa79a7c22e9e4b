#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

# poll_on ARGUMENT...: in the background, with its output in files; $poller.
poll_on() {
	# A shell without job control has its background ignore SIGINT.
	env --default-signal=INT "$MEMRW" poll --via="$VIA" "$@" 3>&- \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	poller=$!
	others+=("$poller")
}

# end_of_poll [SIGNAL]: its status, output and errors.
end_of_poll() {
	[ $# -eq 0 ] || kill -"$1" "$poller"
	status=0
	wait "$poller" || status=$?
	output=$(<"$BATS_TEST_TMPDIR/out")
	stderr=$(<"$BATS_TEST_TMPDIR/err")
}

has_printed() {
	grep -q "	$1\$" "$BATS_TEST_TMPDIR/out"
}

# What is in the output, a word each: values, and the members of JSON objects.
values() {
	cut -f 3 <<<"$output" | tr '\n' ' '
}

members() {
	sed -n "s/.*\"$1\":\([^,}]*\).*/\1/p" <<<"$output" | tr '\n' ' '
}

@test "poll: prints time, address and value of each look" {
	start=$(address_of counter)
	run --separate-stderr memrw poll -n 3 --interval=20000 "$target" counter
	expect_status 0
	expect_no_stderr
	[ "${#lines[@]}" -eq 3 ]
	[ "${lines[0]}" = "0.000000	$start	41" ]
	[[ "${lines[1]}" =~ ^[0-9]+\.[0-9]{6}.$start.41$ ]]
	# Not before its time.
	[ "$(printf '%s\n' 0.04 "${lines[2]}" | sort -n | head -n 1)" = 0.04 ] || fail_with "too early"
}

@test "poll: several addresses, and types" {
	run --separate-stderr memrw poll -n 2 --interval=1000 -t u32 "$target" table table+4 0x10000000
	expect_status 0
	[ "$(values)" = "10 20 1701143909 10 20 1701143909 " ] || fail_with "values"
	run --separate-stderr memrw poll -n 1 -t f64 "$target" number
	[ "$(values)" = "-2.5 " ]
	run --separate-stderr memrw poll -n 1 -t u64 "$target" large
	[ "$(values)" = "18446744073709551615 " ]
	run --separate-stderr memrw poll -n 1 -t ptr "$target" pointer
	[ "$(values)" = "0x7ffd0000 " ]
	run --separate-stderr memrw poll -n 1 -t i8 "$target" small
	[ "$(values)" = "-8 " ]
}

@test "poll: a value over the border of two pages" {
	run --separate-stderr memrw poll -n 2 --interval=100 -t u32 "$target" 0x10000ffe
	expect_status 0
	[ "$(values)" = "1701143909 1701143909 " ]
}

@test "poll: --changed prints only new values, until Ctrl-C" {
	poll_on --changed --interval=1000 "$target" counter table
	wait_until has_printed 10
	for value in 42 43 44; do
		memrw write -q -t i32 "$target" counter "$value"
		wait_until has_printed "$value"
	done
	memrw write -q -t i32 "$target" table 11
	wait_until has_printed 11
	end_of_poll INT
	expect_status 0
	expect_no_stderr
	[ "$(values)" = "41 10 42 43 44 11 " ] || fail_with "values"
}

@test "poll: looks every microsecond, and its end is seen" {
	poll_on --changed --interval=1 "$target" counter
	wait_until has_printed 41
	memrw write -q -t i32 "$target" counter 7
	wait_until has_printed 7
	end_of_poll TERM
	expect_status 0
	[ "$(values)" = "41 7 " ]
	run --separate-stderr memrw poll --changed --interval=1 --duration=100 "$target" counter
	expect_status 0
	[ "$(values)" = "7 " ]
}

@test "poll: --count is of looks with something to print" {
	poll_on --changed --interval=1000 -n 2 "$target" counter
	wait_until has_printed 41
	memrw write -q -t i32 "$target" counter 50
	end_of_poll
	expect_status 0
	[ "$(values)" = "41 50 " ]
}

@test "poll: --duration ends it, between two looks too" {
	run --separate-stderr memrw poll --interval=3600000000 --duration=50 "$target" counter
	expect_status 0
	[ "$(values)" = "41 " ]
}

@test "poll: ends when the target has exited, and says so" {
	poll_on --interval=3600000000 "$target" counter
	wait_until has_printed 41
	kill -KILL "$target"
	wait "$target" || true
	end_of_poll
	expect_status 1
	[ "$stderr" = "memrw: $target ($target_name): the process has exited" ] || fail_with "error"
	[ "$(values)" = "41 " ]
}

@test "poll: the same while it looks all the time" {
	poll_on --interval=1 --changed "$target" counter
	wait_until has_printed 41
	kill -KILL "$target"
	wait "$target" || true
	end_of_poll
	expect_status 1
	[ "$stderr" = "memrw: $target ($target_name): the process has exited" ] || fail_with "error"
}

@test "poll: ends when the target runs another program, and says so" {
	start_program_to_replace
	stack=$(memrw maps "$started" | sed -n 's/-.* \[stack\]$//p')
	poll_on -t u8 --interval=5000 "$started" "0x$stack"
	wait_until test -s "$BATS_TEST_TMPDIR/out"
	become_another_program
	end_of_poll
	expect_status 1
	[[ "$stderr" == "memrw: $started (bash): the process runs another program since (execve)" ]] ||
		fail_with "error"
}

@test "poll: goes on with memory that was replaced, and after it was away" {
	coproc REMAP_IO { exec "$tools/memrw-remap" 3>&-; }
	others+=("$REMAP_IO_PID")
	remap=$REMAP_IO_PID remap_in=${REMAP_IO[1]} remap_out=${REMAP_IO[0]}
	read -r -t 20 -u "$remap_out"
	poll_on --changed --interval=1 "$remap" 0x30000000
	wait_until has_printed 1
	echo replace >&"$remap_in"
	wait_until has_printed 2
	echo unmap >&"$remap_in"
	wait_until has_printed '?'
	echo replace >&"$remap_in"
	wait_until has_printed 3
	end_of_poll INT
	expect_status 0
	# Between two memories there may be a moment without.
	[ "$(values | sed 's/? //g')" = "1 2 3 " ] || fail_with "values"
}

@test "poll: --json has an object a line, and says how it looked" {
	run --separate-stderr memrw poll --json -n 2 --interval=1000 "$target" counter table
	expect_status 0
	expect_no_stderr
	all=$output
	[ "${#lines[@]}" -eq 6 ]
	output=${lines[0]}
	[ "$(json pid)" = "$target" ]
	[ "$(json comm)" = "$target_name" ]
	[ "$(json via)" = "$VIA" ]
	[ "$(json type)" = i32 ]
	output=${lines[1]}
	[ "$(json address)" = "$(address_of counter)" ]
	[ "$(json value)" = 41 ]
	output=${lines[5]}
	[ "$(json end)" = count ]
	output=$all
	[ "$(members value)" = "41 10 41 10 " ]
	if [ "$VIA" = driver ]; then seen=true; else seen=false; fi
	[ "$(members window)" = "$seen $seen $seen $seen " ] || fail_with "windows"
}

@test "poll: by reads where a page cannot be mapped" {
	run --separate-stderr memrw poll --json -n 1 --force "$target" "$no_access"
	expect_status 0
	[ "$(members value)" = "1936946035 " ]
	[ "$(members window)" = "false " ]
	# Of several values, only one has a page within the limit; root has none.
	page=$(sed -n 's/^KernelPageSize: *\([0-9]*\) kB/\1/p' /proc/self/smaps | head -n 1)
	# shellcheck disable=SC2016 # it is the other shell's
	run --separate-stderr bash -c 'ulimit -l "$0"; exec "$@"' "$page" "$MEMRW" poll \
		--via="$VIA" --json -n 1 "$target" "$edge" "$stairs" "$read_only"
	expect_status 0
	[ "$(members value)" = "1701143909 1936946035 1936946035 " ]
	if [ "$VIA" = driver ] && [ "$(id -u)" -ne 0 ]; then
		[ "$(members window)" = "true false false " ] || fail_with "windows"
	fi
}

@test "poll: what cannot be read in the beginning is told" {
	run --separate-stderr memrw poll "$target" "$edge_end"
	expect_failure "$edge_end: no memory is mapped there"
	expect_output ""
	run --separate-stderr memrw poll "$target" "$no_access"
	expect_failure "$no_access: the memory there (---p anonymous) is not accessible; --force ignores page protection"
	run --separate-stderr memrw poll "$target" counter nonsense
	expect_failure "nonsense: "
	expect_output ""
}

@test "poll: a full disk is a failure" {
	run --separate-stderr bash -c '"$@" >/dev/full' full "$MEMRW" poll --via="$VIA" \
		--interval=1000 "$target" counter
	expect_failure "standard output: No space left on device"
}

@test "poll: bad usage" {
	run --separate-stderr memrw poll
	expect_usage_error "memrw: poll: no TARGET given"
	run --separate-stderr memrw poll "$target"
	expect_usage_error "memrw: poll: no ADDRESS given"
	run --separate-stderr memrw poll -t i33 "$target" counter
	expect_usage_error "memrw: poll: 'i33' is not a type"
	run --separate-stderr memrw poll -t str "$target" counter
	expect_usage_error "memrw: poll: str is not a type of numbers"
	for number in 0 x 1.5 -1; do
		run --separate-stderr memrw poll --count="$number" "$target" counter
		expect_usage_error "memrw: poll: COUNT '$number' is not a number above 0"
	done
	for time in 0 x 1.5 -1 99999999999999999; do
		run --separate-stderr memrw poll --interval="$time" "$target" counter
		expect_usage_error "memrw: poll: --interval '$time' is"
		run --separate-stderr memrw poll --duration="$time" "$target" counter
		expect_usage_error "memrw: poll: --duration '$time' is"
	done
}
