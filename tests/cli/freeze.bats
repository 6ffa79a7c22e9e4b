#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

# freeze_on ARGUMENT...: in the background, with its output in files; $frozen.
freeze_on() {
	# A shell without job control has its background ignore SIGINT.
	env --default-signal=INT "$MEMRW" freeze --via="$VIA" "$@" 3>&- \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	frozen=$!
	others+=("$frozen")
}

# end_of_freeze [SIGNAL]: its status, output and errors.
end_of_freeze() {
	[ $# -eq 0 ] || kill -"$1" "$frozen"
	status=0
	wait "$frozen" || status=$?
	output=$(<"$BATS_TEST_TMPDIR/out")
	stderr=$(<"$BATS_TEST_TMPDIR/err")
}

counter_is() {
	ask
	[ "${heard%% *}" = "$1" ]
}

first_is() {
	[ "$(memrw read -t i32 "$target" table | cut -f 2)" = "$1" ]
}

table_has() {
	[ "$(memrw read -t u16 -n 3 "$target" table+2 | cut -f 2 | tr '\n' ' ')" = "$1" ]
}

writes() {
	sed -n 's/.*	\([0-9]*\) writes$/\1/p' <<<"$output"
}

@test "freeze: the value is written again whenever it has changed, until Ctrl-C" {
	start=$(address_of counter)
	freeze_on -t i32 --interval=5 "$target" counter 7
	for _ in 1 2 3; do
		wait_until counter_is 7
		memrw write -q -t i32 "$target" counter 1000
	done
	wait_until counter_is 7
	end_of_freeze INT
	expect_status 0
	expect_no_stderr
	[ "${output%%$'\n'*}" = "$start	41 -> 7" ] || fail_with "what was there before"
	[ "$(writes)" -ge 4 ]
	memrw write -q -t i32 "$target" counter 1000
	sleep 0.1
	counter_is 1000
}

@test "freeze: ends at a timeout, and keeps its interval" {
	run --separate-stderr memrw freeze -t i32 --interval=20 --duration=600 "$target" counter 7
	expect_status 0
	expect_no_stderr
	# One at the start and then one each 20 ms; a slow machine misses some.
	[ "$(writes)" -le 31 ] && [ "$(writes)" -ge 5 ]
}

@test "freeze: ends when the target has exited, and says so" {
	freeze_on -t i32 --interval=3600000 "$target" counter 7
	wait_until counter_is 7
	kill -KILL "$target"
	wait "$target" || true
	end_of_freeze
	expect_status 0
	[ "$stderr" = "memrw: $target ($target_name): the process has exited" ] || fail_with "error"
}

@test "freeze: ends when the target runs another program, and says so" {
	start_program_to_replace
	stack=$(memrw maps "$started" | sed -n 's/-.* \[stack\]$//p')
	freeze_on -t u8 --interval=5 "$started" "0x$stack" 0
	wait_until test -s "$BATS_TEST_TMPDIR/out"
	become_another_program
	end_of_freeze
	expect_status 0
	expect_stderr "the process runs another program since (execve)"
}

@test "freeze: only the bytes of the value are written" {
	freeze_on -t u16 --interval=2 "$target" table+4 500
	for value in 1 2 3; do
		memrw write -q -t u16 "$target" table+2 "$value" "$value" "$value"
		wait_until table_has "$value 500 $value "
	done
	end_of_freeze TERM
	expect_status 0
}

@test "freeze: several values, and a string" {
	freeze_on -q -t i32 --interval=5 "$target" table 5 -6 7
	wait_until first_is 5
	end_of_freeze TERM
	expect_status 0
	expect_output ""
	run --separate-stderr memrw freeze -q -t str --duration=1 "$target" text HELLO
	expect_status 0
	ask
	[ "$heard" = "41 HELLO, target 101 3" ]
	[ "$(memrw read -t i32 -n 3 "$target" table | cut -f 2 | tr '\n' ' ')" = "5 -6 7 " ]
}

@test "freeze: --min and --max write only what is outside" {
	freeze_on -t i32 --interval=5 --min=-10 --max 50 "$target" counter
	sleep 0.1
	counter_is 41
	memrw write -q -t i32 "$target" counter 51
	wait_until counter_is 50
	memrw write -q -t i32 "$target" counter -11
	wait_until counter_is -10
	memrw write -q -t i32 "$target" counter 0
	sleep 0.1
	counter_is 0
	end_of_freeze TERM
	expect_status 0
	expect_output "$(address_of counter)	2 writes"
}

@test "freeze: bounds of floating-point numbers; what is no number stays" {
	run --separate-stderr memrw freeze -q -t f32 --max=0.05 --duration=1 "$target" single
	expect_status 0
	[ "$(memrw read -t f32 "$target" single | cut -f 2)" = 0.05 ]
	run --separate-stderr memrw freeze -t f64 --min=0 --max=1 --duration=1 "$target" odd+16
	expect_status 0
	[ "$(writes)" = 0 ]
	run --separate-stderr memrw freeze -t f64 --max=1 --duration=1 "$target" odd
	[ "$(memrw read -t f64 "$target" odd | cut -f 2)" = 1 ]
}

@test "freeze: --json" {
	run --separate-stderr memrw freeze --json -t i32 --duration=30 --interval=10 "$target" counter 7
	expect_status 0
	expect_no_stderr
	[ "$(json pid)" = "$target" ]
	[ "$(json via)" = "$VIA" ]
	[ "$(json address)" = "$(address_of counter)" ]
	[ "$(json type)" = i32 ]
	[ "$(json writes)" -ge 1 ]
	[ "$(json end)" = timeout ]
}

@test "freeze: what cannot be written is told, and nothing is" {
	run --separate-stderr memrw freeze -t i32 --duration=1000 "$target" "$read_only" 7
	expect_failure "$read_only: the memory there (r--p anonymous) is not accessible; --force ignores page protection; nothing was written"
	run --separate-stderr memrw freeze -t i32 --duration=1000 "$target" "$((edge_end - 2))" 7
	expect_failure "$edge_end: no memory is mapped there; nothing was written"
	run --separate-stderr memrw freeze -t i32 --duration=1000 --min=1 "$target" "$edge_end"
	expect_failure "$edge_end: no memory is mapped there"
	[ "$(memrw read --raw "$target" "$((edge_end - 2))" 2)" = ee ]
}

@test "freeze: bad usage writes nothing" {
	run --separate-stderr memrw freeze -t i32
	expect_usage_error "memrw: freeze: no TARGET given"
	run --separate-stderr memrw freeze -t i32 "$target"
	expect_usage_error "memrw: freeze: no ADDRESS given"
	run --separate-stderr memrw freeze -t i32 "$target" counter
	expect_usage_error "memrw: freeze: no VALUE given"
	run --separate-stderr memrw freeze "$target" counter 1
	expect_usage_error "memrw: freeze: a --type is needed"
	run --separate-stderr memrw freeze -t i33 "$target" counter 1
	expect_usage_error "memrw: freeze: 'i33' is not a type"
	run --separate-stderr memrw freeze -t i8 "$target" counter 1000
	expect_usage_error "memrw: freeze: VALUE '1000' does not fit i8"
	run --separate-stderr memrw freeze -t i32 --min=1 "$target" counter 7
	expect_usage_error "memrw: freeze: VALUE '7' does not go with --min and --max"
	run --separate-stderr memrw freeze -t i32 --min=x "$target" counter
	expect_usage_error "memrw: freeze: --min 'x' is not of type i32"
	run --separate-stderr memrw freeze -t i32 --max=9999999999 "$target" counter
	expect_usage_error "memrw: freeze: --max '9999999999' does not fit i32"
	run --separate-stderr memrw freeze -t i32 --min=2 --max=1 "$target" counter
	expect_usage_error "memrw: freeze: --min is not below --max"
	run --separate-stderr memrw freeze -t str --min=2 "$target" counter
	expect_usage_error "memrw: freeze: --min and --max are for numbers"
	for time in 0 x 1.5 -1 99999999999999; do
		run --separate-stderr memrw freeze -t i32 --interval="$time" "$target" counter 7
		expect_usage_error "memrw: freeze: --interval '$time' is"
		run --separate-stderr memrw freeze -t i32 --duration="$time" "$target" counter 7
		expect_usage_error "memrw: freeze: --duration '$time' is"
	done
	counter_is 41
}
