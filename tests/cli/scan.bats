#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # helper.bash and bats set them

load helper

scan() {
	run --separate-stderr memrw scan "$@"
}

# The number in the list of a match at a symbol of the target.
number_of() {
	memrw scan -c "$1; list all" "$target" | awk -v at="$2" '$2 == at { print $1 }'
}

value_of() {
	memrw read -t "$1" "$target" "$2" | cut -f 2
}

data_of_target="filter writable module $target_name"

@test "scan: a value is found at its symbol" {
	scan -c "$data_of_target; = 41; list" "$target"
	expect_status 0
	expect_no_stderr
	[ "${lines[0]}" = "1 match" ]
	[ "$(cut -f 2,4,5 <<<"${lines[1]}")" = "$(address_of counter)	i32	41" ]
	[[ "${lines[1]}" == *"	$target_name+0x"* ]]
}

@test "scan: the module and offset of a match are an address" {
	scan -c "$data_of_target; = 41; list" "$target"
	place=$(cut -f 3 <<<"${lines[1]}")
	[ "$(value_of i32 "$place")" = 41 ]
}

@test "scan: find, narrow down, change" {
	exec 8> >(exec "$MEMRW" scan --via="$VIA" "$target" >"$BATS_TEST_TMPDIR/out" 3>&-)
	scanner=$!
	printf '%s\n' "$data_of_target" "10..50" "snapshot before" >&8
	wait_until grep -q match "$BATS_TEST_TMPDIR/out"
	memrw write -q -t i32 "$target" counter 42
	printf '%s\n' changed "against before +1" "= 42" "set 0 1000" quit >&8
	exec 8>&-
	wait "$scanner"
	[ "$(tail -n 4 "$BATS_TEST_TMPDIR/out" | tr '\n' ,)" = "1 match,1 match,1 match,1 written," ]
	ask
	[ "$heard" = "1000 hello, target 101 3" ]
}

@test "scan: set writes the value's width and nothing beside it" {
	before=$(memrw read "$target" table 16)
	number=$(number_of "type u8; $data_of_target; = 20" "$(address_of table+4)")
	scan -c "type u8; $data_of_target; = 20; set $number 0xff" "$target"
	expect_status 0
	[ "$(value_of u32 table)" = 10 ]
	[ "$(value_of u32 table+4)" = 255 ]
	[ "$(value_of u32 table+8)" = 30 ]
	[ "$before" != "$(memrw read "$target" table 16)" ]
}

@test "scan: set writes every match, and a type of several" {
	scan -c "type u32; $data_of_target; 10..40; set all 7; = 7" "$target"
	expect_status 0
	[ "$(value_of u32 table+12)" = 7 ]
	number=$(number_of "type int; $data_of_target; = 7" "$(address_of table)")
	scan -c "type int; $data_of_target; = 7; set $number u16 300" "$target"
	expect_status 0
	[ "$(value_of u32 table)" = 300 ]
	[ "$(value_of u32 table+4)" = 7 ]
}

@test "scan: strings, of both widths, and bytes with holes" {
	scan -c "type str; $data_of_target; = 'hello, target'; list; set 0 'HELLO, t'" "$target"
	expect_status 0
	[ "$(cut -f 2,5 <<<"${lines[1]}")" = "$(address_of text)	hello, target" ]
	ask
	[ "$heard" = "41 HELLO, target 101 3" ]
	scan -c "type str; fold on; $data_of_target; = 'hello, TARGET'" "$target"
	expect_output "1 match"
	scan -c "type bytes; $data_of_target; = 48 45 ?? 4? 4f; list" "$target"
	[ "$(cut -f 5 <<<"${lines[1]}")" = "48 45 4c 4c 4f" ]
	memrw write -q -x "68 00 e9 00" "$target" text
	scan -c "type str16; $data_of_target; = hé; list" "$target"
	[ "$(cut -f 2 <<<"${lines[1]}")" = "$(address_of text)" ]
}

@test "scan: floating-point numbers by rounding and tolerance" {
	scan -t f32 -c "$data_of_target; tolerance 0.01; = 0.105" "$target"
	expect_output "1 match"
	scan -t f64 -c "$data_of_target; rounding rounded; = -2" "$target"
	expect_output "1 match"
	scan -t f64 -c "$data_of_target; = -2" "$target"
	expect_output "0 matches"
}

@test "scan: the other order of bytes is found and written" {
	memrw write -q -x "01 02 03 04" "$target" counter
	scan -c "endian big; $data_of_target; = 0x01020304; list; set 0 5" "$target"
	expect_status 0
	[ "$(cut -f 5 <<<"${lines[1]}")" = 16909060 ]
	[ "$(value_of u32 counter)" = $((5 << 24)) ]
	scan -c "endian big; $data_of_target; = 5; save $BATS_TEST_TMPDIR/list" "$target"
	scan -c "load $BATS_TEST_TMPDIR/list; list; set 0 6" "$target"
	expect_status 0
	[[ "$output" == *"	i32	5"* ]]
	[ "$(value_of u32 counter)" = $((6 << 24)) ]
}

@test "scan: undo, remove and reset" {
	scan -c "$data_of_target; type u32; 10..40; = 20; undo; remove 1; list; undo" "$target"
	expect_status 1
	expect_stderr "memrw: undo: no step back is kept"
	[ "${lines[0]}" = "${lines[2]}" ]
	[[ "$output" != *$'\n1\t'* ]]
	[[ "$output" == *$'\n2\t'* ]]
	scan -c "$data_of_target; = 41; reset; = 41" "$target"
	expect_output "1 match
0 matches
1 match"
}

@test "scan: a removed number is gone, the others stay" {
	scan -c "$data_of_target; type u32; 10..40; remove 0; set 0 1" "$target"
	expect_status 2
	expect_stderr "there is no match 0"
}

@test "scan: several scans side by side" {
	scan -c "$data_of_target; = 41; new; $data_of_target; type i8; = -8; scan 1; count; scan" "$target"
	expect_status 0
	[ "${lines[3]}" = "1 match" ]
	[ "${lines[5]}" = "*1	i32	1" ]
	[[ "${lines[6]}" == " 2	i8	"* ]]
}

@test "scan: save and load, for the next run of the program too" {
	list=$BATS_TEST_TMPDIR/list
	scan -c "$data_of_target; = 41; save $list" "$target"
	expect_status 0
	stop_target
	start_target
	memrw write -q -t i32 "$target" counter 43
	scan -c "load $list; list" "$target"
	expect_status 0
	[ "$(cut -f 2,5 <<<"${lines[1]}")" = "$(address_of counter)	43" ]
	echo nonsense >"$list"
	scan -c "load $list" "$target"
	expect_failure "load: $list: it is not a list of matches"
}

@test "scan: watch prints each new value" {
	scan -c "$data_of_target; = 41; watch 0 0.01 5" "$target"
	expect_status 0
	[ "${#lines[@]}" -eq 2 ]
	[[ "${lines[1]}" == *"	$(address_of counter)	41" ]]
	"$MEMRW" scan --via="$VIA" -c "$data_of_target; = 41; watch 0 0.01" "$target" \
		>"$BATS_TEST_TMPDIR/out" 3>&- &
	watcher=$!
	others+=("$watcher")
	wait_until grep -q '	41$' "$BATS_TEST_TMPDIR/out"
	memrw write -q -t i32 "$target" counter 44
	wait_until grep -q '	44$' "$BATS_TEST_TMPDIR/out"
}

@test "scan: watch ends when the target has exited" {
	"$MEMRW" scan --via="$VIA" -c "$data_of_target; = 41; watch 0 0.01" "$target" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	watcher=$!
	others+=("$watcher")
	wait_until grep -q '	41$' "$BATS_TEST_TMPDIR/out"
	kill -KILL "$target"
	wait "$target" || true
	status=0
	wait "$watcher" || status=$?
	output=$(<"$BATS_TEST_TMPDIR/out")
	# shellcheck disable=SC2034 # expect_failure uses it
	stderr=$(<"$BATS_TEST_TMPDIR/err")
	expect_failure "watch: the process has exited"
}

@test "scan: --json prints an object for each command" {
	scan --json -c "$data_of_target; = 41; list; set 0 5" "$target"
	expect_status 0
	[ "${#lines[@]}" -eq 4 ]
	output=${lines[1]}
	[ "$(json command)" = "= 41" ]
	[ "$(json matches)" = 1 ]
	output=${lines[2]}
	[ "$(json list 0 address)" = "$(address_of counter)" ]
	[ "$(json list 0 value)" = 41 ]
	output=${lines[3]}
	[ "$(json written)" = 1 ]
	[ "$(value_of i32 counter)" = 5 ]
}

@test "scan: commands from a file and from standard input" {
	printf '%s\n' "# the counter" "$data_of_target" "" "= 41" >"$BATS_TEST_TMPDIR/script"
	scan -f "$BATS_TEST_TMPDIR/script" -c count "$target"
	expect_output "1 match
1 match"
	scan "$target" <"$BATS_TEST_TMPDIR/script"
	expect_status 0
	expect_output "1 match"
}

@test "scan: --stop holds the target for a pass, and lets it go" {
	scan --stop -c "$data_of_target; = 41; = 41" "$target"
	expect_status 0
	expect_output "1 match
1 match"
	ask
	[ "$heard" = "41 hello, target 101 3" ]
	wait_until is_sleeping "$target"
}

@test "scan: a bad script is refused before anything is done" {
	while read -r place script; do
		run --separate-stderr memrw scan -c "$data_of_target; = 41; set 0 1;$script" "$target"
		expect_usage_error "memrw: -c:1:"
		[ -n "$place" ]
	done <<-'END'
		bogus bogus
		value =
		range 5..
		quote = "5
		words list 1 2 3
		few set 0
		against against x = 5
		extra changed 5
	END
	[ "$(value_of i32 counter)" = 41 ]
	printf '= 41\n  bogus\n' >"$BATS_TEST_TMPDIR/script"
	scan -f "$BATS_TEST_TMPDIR/script" "$target"
	expect_usage_error "script:2:3: 'bogus' is not a command"
}

@test "scan: a bad value ends the script, and nothing is changed" {
	for case in "= abc" "= 99999999999" "type x" "align 3" "filter heep" "filter module" \
		"filter range 5" "endian middle" "fold maybe" "rounding up" "tolerance -1" \
		"changed" "against x changed" "set 0 5" "watch 0" "remove 0" "scan 9" "forget x" \
		"help x" "list x"; do
		scan -c "$case; = 41; set all 5" "$target"
		expect_usage_error "memrw: -c:1:"
	done
	[ "$(value_of i32 counter)" = 41 ]
}

@test "scan: what fails has status 1" {
	scan -c "undo" "$target"
	expect_failure "undo: no step back is kept"
	scan -c "= 41; type i8" "$target"
	expect_failure "type: the search has begun"
	scan -c "snapshot x" "$target"
	expect_failure "snapshot: there is nothing yet to keep"
	scan -c "filter range $read_only..$no_access; type u8; = 115; set 0 1" "$target"
	expect_failure "set: 1 of 1 not written, at 0x20010000 first"
	scan --force -c "filter range $read_only..$no_access; type u8; = 115; set 0 1" "$target"
	expect_status 0
	[ "$(value_of u8 "$read_only")" = 1 ]
}

@test "scan: freeze holds a value, also while others are searched for" {
	scan -c "interval 5; $data_of_target; = 41; freeze 0; new; type u8; $data_of_target; = 20
		freeze; unfreeze all; freeze" "$target"
	expect_status 0
	[[ "${lines[1]}" == "0	$(address_of counter)	i32	41	"*" writes" ]]
	[[ "${lines[4]}" == "0	$(address_of counter)	i32	41	"*" writes" ]]
	[ "${#lines[@]}" -eq 5 ]
}

# In a script of its own, of which each line is carried out as it comes.
scan_on() {
	exec 8> >(exec "$MEMRW" scan --via="$VIA" "$@" >"$BATS_TEST_TMPDIR/out" 3>&-)
	scanner=$!
}

heard_is() {
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/out")" = "$1" ]
}

counter_is() {
	[ "$(value_of i32 counter)" = "$1" ]
}

@test "scan: what is frozen is written again, or kept within bounds, until it is let go" {
	scan_on "$target"
	printf '%s\n' "interval 5" "$data_of_target" "= 41" "freeze 0 7" >&8
	wait_until counter_is 7
	memrw write -q -t i32 "$target" counter 1000
	wait_until counter_is 7
	echo "freeze 0 10..20" >&8
	wait_until counter_is 10
	memrw write -q -t i32 "$target" counter 1000
	wait_until counter_is 20
	echo "freeze 0 ..5" >&8
	wait_until counter_is 5
	printf '%s\n' "unfreeze all" count >&8
	wait_until heard_is "1 match"
	memrw write -q -t i32 "$target" counter 1000
	sleep 0.1
	counter_is 1000
	exec 8>&-
	wait "$scanner"
}

# A script whose last command is refused.
expect_bad_command() {
	expect_status 2
	expect_stderr "$1"
}

@test "scan: a value that cannot be frozen is refused" {
	scan -c "$data_of_target; = 41; freeze 0 x" "$target"
	expect_bad_command "'x' is not of type i32"
	scan -c "$data_of_target; = 41; freeze 0 9..3" "$target"
	expect_bad_command "the first bound is not below the second"
	scan -c "$data_of_target; = 41; freeze 0 .." "$target"
	expect_bad_command "there is neither bound"
	scan -c "$data_of_target; = 41; freeze 1" "$target"
	expect_bad_command "there is no match 1"
	scan -c "unfreeze 0" "$target"
	expect_bad_command "nothing is frozen under the number 0"
	scan -c "interval 0" "$target"
	expect_bad_command "'0' is not milliseconds above 0"
	counter_is 41
}

# ask_shell COMMAND: of the coprocess; its answer is $shown.
ask_shell() {
	echo "$1" >&"${SHELL_IO[1]}"
	read -r -t 20 -u "${SHELL_IO[0]}" shown
}

# What bash counts $SECONDS from is a number in its memory.
seconds_are_frozen() {
	ask_shell 'SECONDS=5; sleep 0.05; echo "$SECONDS"'
	[ "$shown" -ge 1000000 ]
}

@test "scan: find, narrow, freeze and unfreeze in a program of the distribution" {
	coproc SHELL_IO { exec bash --norc 3>&-; }
	others+=("$SHELL_IO_PID")
	ask_shell 'SECONDS=83451977; echo set'
	scan_on -t i64 "$SHELL_IO_PID"
	printf '%s\n' "filter writable" "= 83451977" "list all" >&8
	wait_until grep -q '83451977$' "$BATS_TEST_TMPDIR/out"
	ask_shell 'SECONDS=71234567; echo set'
	echo "= 71234567" >&8
	wait_until heard_is "1 match"
	printf '%s\n' "interval 1" "freeze 0 1000000" >&8
	wait_until seconds_are_frozen
	printf '%s\n' "unfreeze all" count >&8
	wait_until heard_is "1 match"
	ask_shell 'SECONDS=5; sleep 0.05; echo "$SECONDS"'
	[ "$shown" -lt 1000 ]
	exec 8>&-
	wait "$scanner"
}

@test "scan: a session with a program of the distribution" {
	coproc SHELL_IO { exec bash --norc 3>&-; }
	others+=("$SHELL_IO_PID")
	program=$SHELL_IO_PID
	echo 'coins=83451977; echo $coins' >&"${SHELL_IO[1]}"
	read -r -t 20 -u "${SHELL_IO[0]}" shown
	[ "$shown" = 83451977 ]
	scan -t str -c "filter writable; = 83451977; set all 12345678; = 12345678; count" "$program"
	expect_status 0
	[ "${lines[0]}" != "0 matches" ]
	[ "${lines[2]}" = "${lines[0]}" ]
	echo 'echo $coins' >&"${SHELL_IO[1]}"
	read -r -t 20 -u "${SHELL_IO[0]}" shown
	[ "$shown" = 12345678 ]
}

at_terminal() {
	XDG_STATE_HOME=$BATS_TEST_TMPDIR TERM=xterm run --separate-stderr \
		python3 "$BATS_TEST_DIRNAME/terminal.py" "$MEMRW" scan --via="$VIA" "$@"
}

@test "scan: finds what scanmem finds, of random cases of every type" {
	command -v scanmem >/dev/null || skip "no scanmem"
	[ -x /usr/bin/python3 ] || skip "no python3"
	run python3 "$BATS_TEST_DIRNAME/scanmem.py" "$MEMRW" "$VIA" "$tools/memrw-numbers"
	[ "$status" -eq 0 ] || fail_with "another answer"
}

@test "scan: at a terminal, with completion, history and a prompt" {
	[ -x /usr/bin/python3 ] || skip "no python3"
	at_terminal "$target" <<-END
		[$target]> 	filter writable mod\\t$target_name\\n
		[$target]> 	= 41\\n
		[$target] 1 match> 	bogus\\n
		[$target] 1 match> 	half a line
		half a line	\\x03
		[$target] 1 match> 	se\\t0 99\\n
		1 written	new\\n
		scan 2> 	quit\\n
	END
	expect_status 0
	[ "$(value_of i32 counter)" = 99 ]
	grep -q 'filter.*module' "$BATS_TEST_TMPDIR/memrw/history"
}

@test "scan: Ctrl-C ends what is under way, and not the session" {
	[ -x /usr/bin/python3 ] || skip "no python3"
	at_terminal "$target" <<-END
		[$target]> 	$data_of_target\\n
		[$target]> 	= 41\\n
		1 match> 	watch 0 0.01\\n
		41	\\x03
		1 match> 	set 0 98\\n
		1 written	quit\\n
	END
	expect_status 0
	[ "$(value_of i32 counter)" = 98 ]
}

@test "scan: an interrupt ends a script, and the target is not left stopped" {
	printf '%s\n' "?" >"$BATS_TEST_TMPDIR/script"
	yes unchanged | head -n 100000 >>"$BATS_TEST_TMPDIR/script"
	"$MEMRW" scan --via="$VIA" --stop -f "$BATS_TEST_TMPDIR/script" "$target" \
		>"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	scanner=$!
	others+=("$scanner")
	wait_until grep -q match "$BATS_TEST_TMPDIR/out"
	kill -INT "$scanner"
	status=0
	wait "$scanner" || status=$?
	[ "$status" -eq 1 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -lt 100000 ]
	ask
	[ "$heard" = "41 hello, target 101 3" ]
}

@test "scan: bad usage" {
	run --separate-stderr memrw scan
	expect_usage_error "memrw: scan: no TARGET given"
	run --separate-stderr memrw scan a b
	expect_usage_error "memrw: scan: more than one TARGET given"
	run --separate-stderr memrw scan -t u33 "$target"
	expect_usage_error "memrw: scan: 'u33' is not a type"
	run --separate-stderr memrw scan -f /nonexistent "$target"
	expect_failure "/nonexistent: No such file or directory"
}
