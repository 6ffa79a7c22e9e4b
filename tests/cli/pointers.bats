#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

# A treasure of chains.c: the process in $started, where it is in $treasure.
start_chains() {
	stop_others
	others=()
	coproc CHAINS { exec "$tools/memrw-chains" "$@" 3>&-; }
	started=$CHAINS_PID
	others+=("$started")
	read -r -t 20 -u "${CHAINS[0]}" treasure
}

setup() {
	start_chains stray
}

offset_of() {
	local base symbol
	base=$(memrw read --json -t u8 "$started" memrw-chains | "$tools/json-get" address)
	symbol=$(memrw read --json -t u8 "$started" "$1" | "$tools/json-get" address)
	printf '0x%x' $((symbol - base))
}

@test "pointers: chains from data and bss lead to an address" {
	run --separate-stderr memrw pointers "$started" "$treasure"
	expect_status 0
	expect_no_stderr
	right="[[\"memrw-chains\"+$(offset_of root)]+0x120]+0x38"
	[[ $'\n'$output$'\n' == *$'\n'"$right"$'\n'* ]]
	# The shorter one is before it.
	[[ "${lines[0]}" == '["memrw-chains"+0x'*']+0x78' ]]
	# All of them are right, as addresses of every subcommand.
	for line in "${lines[@]}"; do
		[ "$(memrw read -t i32 "$started" "$line")" = "$treasure	4711" ]
	done
}

@test "pointers: --check keeps what holds after a restart, and drops the rest" {
	memrw pointers "$started" "$treasure" >"$BATS_TEST_TMPDIR/chains"
	right="[[\"memrw-chains\"+$(offset_of root)]+0x120]+0x38"
	count=$(wc -l <"$BATS_TEST_TMPDIR/chains")
	[ "$count" -ge 2 ]
	first=$treasure
	start_chains
	[ "$treasure" != "$first" ] || skip "addresses are not random here"
	run --separate-stderr memrw pointers --check "$BATS_TEST_TMPDIR/chains" "$started" "$treasure"
	expect_status 0
	[[ $'\n'$output$'\n' == *$'\n'"$right"$'\n'* ]]
	[[ "$output" != *']+0x78'* ]]
	[ "${#lines[@]}" -lt "$count" ]
	# What was kept is found again.
	kept=$output
	run --separate-stderr memrw pointers "$started" "$treasure"
	while read -r line; do
		[[ $'\n'$output$'\n' == *$'\n'"$line"$'\n'* ]]
	done <<<"$kept"
}

@test "pointers: --check says so if nothing is left, or the file is bad" {
	printf '# a comment\n\n[memrw-chains]+8\n8\n' >"$BATS_TEST_TMPDIR/chains"
	run --separate-stderr memrw pointers --check "$BATS_TEST_TMPDIR/chains" "$started" "$treasure"
	expect_failure "$treasure: no chain of the file leads there"
	expect_output ""
	printf '%s\n# a comment\n[memrw-chains+\n' "$treasure" >"$BATS_TEST_TMPDIR/chains"
	run --separate-stderr memrw pointers --check "$BATS_TEST_TMPDIR/chains" "$started" "$treasure"
	expect_usage_error "$BATS_TEST_TMPDIR/chains: line 3: '[memrw-chains+': no closing bracket (at column 1)"
	run --separate-stderr memrw pointers --check "$BATS_TEST_TMPDIR/none" "$started" "$treasure"
	expect_failure "$BATS_TEST_TMPDIR/none: No such file or directory"
	run --separate-stderr memrw pointers --check - "$started" "$treasure" <<<"$treasure-0+0"
	expect_output "$treasure-0+0"
}

@test "pointers: --depth and --max-offset are bounds" {
	right="[[\"memrw-chains\"+$(offset_of root)]+0x120]+0x38"
	run --separate-stderr memrw pointers --depth 1 "$started" "$treasure"
	expect_status 0
	[[ "$output" != *'[['* ]]
	[[ "$output" == *']+0x78'* ]]
	run --separate-stderr memrw pointers --max-offset 0x77 "$started" "$treasure"
	[[ "$output" != *']+0x78'* ]]
	[[ "$output" != *"$right"* ]]
	run --separate-stderr memrw pointers --max-offset 0x120 "$started" "$treasure"
	[[ "$output" == *"$right"* ]]
	run --separate-stderr memrw pointers --max-offset 0x11f "$started" "$treasure"
	[[ "$output" != *"$right"* ]]
	run --separate-stderr memrw pointers --max-offset 0 "$started" "$treasure"
	expect_failure "$treasure: no chain of pointers leads there"
}

@test "pointers: --limit is told" {
	run --separate-stderr memrw pointers --limit 1 "$started" "$treasure"
	expect_status 0
	[ "${#lines[@]}" -eq 1 ]
	expect_stderr "memrw: $treasure: there are more chains"
}

@test "pointers: --json" {
	run --separate-stderr memrw pointers --json "$started" "$treasure"
	expect_status 0
	[ "$(json pid)" = "$started" ]
	[ "$(json address)" = "$treasure" ]
	[ "$(json complete)" = true ]
	[[ "$(json pointers)" == *']+0x120]+0x38'* ]]
	run --separate-stderr memrw pointers --json --limit 1 "$started" "$treasure"
	[ "$(json complete)" = false ]
}

@test "pointers: what the target has not touched does not become its own" {
	before=$(awk '/^VmRSS/ { print $2 }' "/proc/$started/status")
	memrw pointers "$started" "$treasure" >/dev/null
	after=$(awk '/^VmRSS/ { print $2 }' "/proc/$started/status")
	# Of 8 MiB, all but some pages.
	[ $((after - before)) -lt 1024 ]
}

@test "pointers: bad usage" {
	for words in "--depth 0" "--depth 17" "--depth x" "--max-offset -1" "--limit 0"; do
		# shellcheck disable=SC2086 # words
		run --separate-stderr memrw pointers $words "$started" "$treasure"
		expect_usage_error "pointers: ${words%% *}"
	done
	run --separate-stderr memrw pointers "$started"
	expect_usage_error "no ADDRESS given"
	run --separate-stderr memrw pointers "$started" 1 2
	expect_usage_error "'2' is one operand too many"
}
