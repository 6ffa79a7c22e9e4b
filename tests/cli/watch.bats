#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034,SC2154 # helper.bash and bats use and set them

load helper

setup() {
	coproc WRITERS_IO { exec "$tools/memrw-writers" 3>&-; }
	others+=("$WRITERS_IO_PID")
	target=$WRITERS_IO_PID target_in=${WRITERS_IO[1]} target_out=${WRITERS_IO[0]}
	hear
	needs_watches "$target" health
}

# tell COMMAND COUNT: have the target do that so often; it is done afterwards.
tell() {
	echo "$*" >&"$target_in"
	hear
}

# watch_on ARGUMENT...: in the background, with its output in files; $watcher.
watch_on() {
	# A shell without job control has its background ignore SIGINT.
	env --default-signal=INT "$MEMRW" watch --via="$VIA" "$@" 3>&- \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	watcher=$!
	others+=("$watcher")
	wait_until is_watching "$watcher"
}

# end_of_watch [SIGNAL]: its status, output and errors.
end_of_watch() {
	[ $# -eq 0 ] || kill -"$1" "$watcher"
	status=0
	wait "$watcher" || status=$?
	output=$(<"$BATS_TEST_TMPDIR/out")
	stderr=$(<"$BATS_TEST_TMPDIR/err")
}

has_printed() {
	[ "$(wc -l <"$BATS_TEST_TMPDIR/out")" -ge "$1" ]
}

# functions: those that the hits are in, a word each, without offsets.
functions() {
	cut -f 5 <<<"$output" | sed 's/+0x[0-9a-f]*//' | tr '\n' ' '
}

# known VALUES: what stands there on a backend that knows values.
known() {
	if [ "$VIA" = driver ]; then echo "$1"; else echo '?'; fi
}

values() {
	cut -f 3 <<<"$output" | tr '\n' ','
}

needs_driver() {
	[ "$VIA" = driver ] || skip "procfs knows no values"
}

# The dynamic linker says so if it does not find it.
needs_capstone() {
	local library

	library=$(grep -ao 'libcapstone\.so\.[0-9]*' "$MEMRW") || skip "built without capstone"
	[ -z "$(LD_PRELOAD=$library env true 2>&1)" ] || skip "capstone is not installed"
}

@test "watch: a line for each store, with time, thread, values and place" {
	watch_on "$target" health
	tell hurt 2
	end_of_watch INT
	expect_status 0
	expect_no_stderr
	[ "$(wc -l <<<"$output")" -eq 2 ] || fail_with "lines"
	[[ "$(cut -f 1 <<<"$output" | head -n 1)" =~ ^[0-9]+\.[0-9]{6}$ ]] || fail_with "time"
	[ "$(cut -f 2 <<<"$output" | sort -u)" = "$target" ] || fail_with "thread"
	[ "$(values)" = "$(known '1000 -> 999'),$(known '999 -> 998')," ] || fail_with "values"
	[[ "$(cut -f 4 <<<"$output" | sort -u)" =~ ^memrw-writers\+0x[0-9a-f]+$ ]] || fail_with "module"
	[[ "$(cut -f 5 <<<"$output" | sort -u)" =~ ^hurt\+0x[0-9a-f]+$ ]] || fail_with "function"
}

@test "watch: the place is within the function, behind its store" {
	watch_on -n 1 --json "$target" health
	tell hurt 1
	end_of_watch
	output=$(sed -n 2p <<<"$output")
	ip=$(json ip)
	symbol_offset=$(json symbol_offset)
	output=$(memrw read --json -t u8 "$target" hurt)
	[ $((ip - symbol_offset)) -eq $(($(json address))) ]
	[ $((symbol_offset)) -gt 0 ]
}

@test "watch: every thread, also one that starts later" {
	watch_on "$target" health
	tell hurt 1
	tell thread 2
	end_of_watch INT
	[ "$(functions)" = "hurt heal heal " ] || fail_with "functions"
	mapfile -t threads < <(cut -f 2 <<<"$output")
	[ "${threads[0]}" = "$target" ]
	[ "${threads[1]}" != "$target" ]
	[ "${threads[1]}" = "${threads[2]}" ]
}

@test "watch: loads only with --access=rw" {
	watch_on "$target" health
	tell look 3
	tell heal 1
	end_of_watch INT
	[ "$(functions)" = "heal " ] || fail_with "functions"
	watch_on --access=rw "$target" health
	tell look 2
	end_of_watch INT
	[ "$(functions)" = "look look " ] || fail_with "functions"
	[ "$(values)" = "$(known '1010 -> 1010'),$(known '1010 -> 1010')," ] || fail_with "values"
}

@test "watch: execution of an instruction" {
	watch_on -a x "$target" hurt
	tell hurt 2
	tell heal 1
	end_of_watch INT
	expect_status 0
	[ "$(functions)" = "hurt hurt " ] || fail_with "functions"
	[ "$(values)" = "-,-," ] || fail_with "values"
	[ "$(cut -f 5 <<<"$output" | sort -u)" = hurt+0x0 ]
}

@test "watch: numbers of other types and lengths" {
	watch_on -t f32 "$target" speed
	tell accelerate 2
	end_of_watch INT
	[ "$(values)" = "$(known '1 -> 1.5'),$(known '1.5 -> 2')," ] || fail_with "f32"
	watch_on --length=8 "$target" big
	tell accelerate 1
	end_of_watch INT
	[ "$(values)" = "$(known '4 -> 8')," ] || fail_with "8 bytes"
	watch_on -t u8 -l 1 "$target" health
	tell hurt 1
	end_of_watch INT
	[ "$(values)" = "$(known '232 -> 231')," ] || fail_with "u8"
}

@test "watch: --changed, only another number" {
	needs_driver
	watch_on --changed "$target" health
	tell touch 3
	tell hurt 1
	tell touch 1
	end_of_watch INT
	[ "$(functions)" = "hurt " ] || fail_with "functions"
}

@test "watch: --equal, only that number" {
	needs_driver
	watch_on --equal=997 "$target" health
	tell hurt 5
	end_of_watch INT
	[ "$(values)" = "998 -> 997," ] || fail_with "i32"
	watch_on -t f32 --equal=2.5 "$target" speed
	tell accelerate 5
	end_of_watch INT
	[ "$(values)" = "2 -> 2.5," ] || fail_with "f32"
}

@test "watch: --cross, when a bound is crossed, up or down" {
	needs_driver
	watch_on --cross=998 "$target" health
	tell hurt 5
	tell heal 1
	end_of_watch INT
	[ "$(values)" = "998 -> 997,995 -> 1005," ] || fail_with "i32"
	memrw write -q -t i32 "$target" health 1
	watch_on --cross=0 "$target" health
	tell hurt 3
	end_of_watch INT
	[ "$(values)" = "0 -> -1," ] || fail_with "with a sign"
	memrw write -q -t i32 "$target" health 1
	watch_on -t u32 --cross=5 "$target" health
	tell hurt 3
	end_of_watch INT
	[ "$(values)" = "0 -> 4294967295," ] || fail_with "without"
	watch_on -t f32 --cross=1.75 "$target" speed
	tell accelerate 3
	end_of_watch INT
	[ "$(values)" = "1.5 -> 2," ] || fail_with "f32"
}

@test "watch: what procfs cannot do is told" {
	[ "$VIA" = procfs ] || skip "it is about procfs"
	for option in --changed --equal=1 --cross=1; do
		run --separate-stderr memrw watch "$option" "$target" health
		expect_failure "0x"
		expect_stderr "--changed, --equal and --cross need the driver: procfs knows no values"
		expect_output ""
	done
	run --separate-stderr memrw watch --stop "$target" health
	expect_failure "0x"
	expect_stderr "--stop needs the driver"
}

@test "watch: --once-per-ip, --every and --stop-after" {
	watch_on --once-per-ip "$target" health
	tell hurt 3
	tell thread 2
	tell hurt 1
	end_of_watch INT
	[ "$(functions)" = "hurt heal " ] || fail_with "--once-per-ip"
	watch_on --every=3 "$target" health
	tell hurt 7
	end_of_watch INT
	[ "$(functions)" = "hurt hurt " ] || fail_with "--every"
	watch_on --stop-after=2 "$target" health
	tell hurt 5
	end_of_watch
	expect_status 0
	expect_no_stderr
	[ "$(functions)" = "hurt hurt " ] || fail_with "--stop-after"
}

@test "watch: --ip, only instructions of a range" {
	watch_on --ip=heal..+64 "$target" health
	tell thread 1
	tell hurt 1
	end_of_watch INT
	[[ " $(functions)" == *" heal "* ]] || fail_with "not in it"
	end=$(json_of_symbol hurt)
	watch_on --ip="hurt..hurt+$((end))" "$target" health
	tell heal 1
	tell hurt 1
	tell touch 1
	end_of_watch INT
	[ "$(functions)" = "hurt " ] || fail_with "the range"
	# The store ends at its end, and is of it; of one that begins there it is not.
	watch_on --ip="hurt+$((end))..+1" "$target" health
	tell hurt 1
	end_of_watch INT
	expect_output ""
}

# json_of_symbol FUNCTION: where its store ends, from its beginning.
json_of_symbol() {
	watch_on -n 1 --json "$target" health >&2
	tell "$1" 1 >&2
	end_of_watch
	output=$(sed -n 2p <<<"$output")
	json symbol_offset
}

@test "watch: --stop stops the target each time" {
	needs_driver
	watch_on --stop "$target" health
	echo "hurt 2" >&"$target_in"
	for values in '1000 -> 999' '999 -> 998'; do
		wait_until is_stopped "$target"
		kill -CONT "$target"
	done
	hear
	end_of_watch INT
	[ "$(values)" = "1000 -> 999,999 -> 998," ] || fail_with "values"
}

@test "watch: --callers, by frame pointers" {
	watch_on --callers "$target" health
	tell fight 1
	end_of_watch INT
	mapfile -t lines <<<"$output"
	[[ "${lines[0]}" == *$'\t'hurt+0x* ]]
	[[ "${lines[1]}" == $'\tby memrw-writers+0x'*$'\t'fight+0x* ]] || fail_with "fight"
	[[ "${lines[2]}" == $'\tby memrw-writers+0x'*$'\t'fight_once+0x* ]] || fail_with "fight_once"
}

@test "watch: --registers, by their names" {
	case $(uname -m) in
	x86_64) place=rip ;;
	aarch64) place=pc ;;
	*) skip "which registers there are" ;;
	esac
	# A 32-bit program has others.
	[ "$(od -An -tu1 -j 4 -N 1 "$tools/memrw-writers" | tr -d ' ')" = 2 ] || place=eip
	watch_on -a x --registers --json -n 1 "$target" hurt
	tell hurt 1
	end_of_watch
	hit=$(sed -n 2p <<<"$output")
	output=$hit
	[ "$(json registers "$place")" = "$(json ip)" ]
	watch_on -a x --registers -n 1 "$target" hurt
	tell hurt 1
	end_of_watch
	[[ "$output" == *$'\t'"$place"=0x* ]]
}

@test "watch: --summary, instructions by how often" {
	watch_on --summary "$target" health
	tell hurt 2
	tell heal 5
	tell touch 1
	end_of_watch INT
	expect_status 0
	expect_no_stderr
	[ "$(cut -f 1,2 <<<"$output")" = $'5\t62.5%\n2\t25.0%\n1\t12.5%' ] || fail_with "counts"
	[ "$(cut -f 4 <<<"$output" | sed 's/+0x[0-9a-f]*//' | tr '\n' ' ')" = "heal hurt touch " ] ||
		fail_with "functions"
	[ "$(cut -f 5 <<<"$output" | tr '\n' ' ')" = "$(known 1048) $(known 998) $(known 1048) " ] ||
		fail_with "values"
}

@test "watch: --summary has the instructions, where there is capstone" {
	needs_capstone
	[[ "$(uname -m)" == x86_64 ]] || skip "the instructions of x86"
	watch_on --summary "$target" health
	tell hurt 1
	end_of_watch INT
	[[ "$(cut -f 6 <<<"$output")" =~ ^memrw-writers\+0x[0-9a-f]+:\ (mov|sub|add|dec)\ dword\ ptr\ \[ ]] ||
		fail_with "a store"
	watch_on --summary "$target" to+4
	tell copy 1
	end_of_watch INT
	[[ "$(cut -f 6 <<<"$output")" == *": rep movsd dword ptr "* ]] || fail_with "one that repeats"
	watch_on --summary -a x "$target" look
	tell look 1
	end_of_watch INT
	at=$(cut -f 3 <<<"$output")
	[[ "$(cut -f 6 <<<"$output")" == "$at: "?* ]] || fail_with "the instruction itself"
}

@test "watch: the kernel's stores, for a system call" {
	[ "$VIA" = driver ] || skip "perf_event_open(2) may not tell of the kernel"
	watch_on "$target" health
	tell receive 1
	end_of_watch INT
	# Some kernels copy it byte by byte.
	[[ "$(values)" == "1000 -> "*77, ]] || fail_with "values"
	[[ "$output" == *"(kernel)" ]] || fail_with "not marked"
}

@test "watch: --json, an object a line, and the instructions in the end" {
	watch_on --json -t i32 "$target" health
	tell hurt 1
	tell thread 1
	end_of_watch INT
	expect_status 0
	all=$output
	[ "$(wc -l <<<"$all")" -eq 4 ] || fail_with "lines"
	output=$(sed -n 1p <<<"$all")
	[ "$(json pid)" = "$target" ]
	[ "$(json via)" = "$VIA" ]
	[ "$(json access)" = w ]
	[ "$(json type)" = i32 ]
	[ "$(json address)" = "$(address_of health)" ]
	output=$(sed -n 2p <<<"$all")
	[ "$(json tid)" = "$target" ]
	[ "$(json module)" = memrw-writers ]
	[ "$(json symbol)" = hurt ]
	[ "$(json lost)" = 0 ]
	if [ "$VIA" = driver ]; then
		[ "$(json before)" = 1000 ]
		[ "$(json value)" = 999 ]
	else
		[ "$(json value)" = null ]
	fi
	output=$(sed -n 4p <<<"$all")
	[ "$(json end)" = signal ]
	[ "$(json hits)" = 2 ]
	[ "$(json instructions 0 count)" = 1 ]
	[ "$(json instructions 0 symbol) $(json instructions 1 symbol)" = "hurt heal" ] ||
		[ "$(json instructions 0 symbol) $(json instructions 1 symbol)" = "heal hurt" ]
}

@test "watch: --json --summary has no hits" {
	watch_on --json --summary -n 3 "$target" health
	tell hurt 3
	end_of_watch
	[ "$(wc -l <<<"$output")" -eq 2 ] || fail_with "lines"
	output=$(sed -n 2p <<<"$output")
	[ "$(json end)" = count ]
	[ "$(json hits)" = 3 ]
	[ "$(json instructions 0 count)" = 3 ]
}

@test "watch: all hits that wait are taken, without another that comes" {
	watch_on --capacity=1024 "$target" health
	kill -STOP "$watcher"
	wait_until is_stopped "$watcher"
	tell hurt 700
	kill -CONT "$watcher"
	wait_until has_printed 700
	end_of_watch INT
	expect_no_stderr
	[ "$(wc -l <<<"$output")" -eq 700 ] || fail_with "lines"
}

# Procfs counts for each processor, and tells with the next hit there.
stay_on_a_processor() {
	local processors

	processors=$(sed -n 's/^Cpus_allowed_list:	*//p' /proc/self/status)
	taskset -p -c "${processors%%[,-]*}" "$target"
}

@test "watch: hits that nobody took in time are counted" {
	stay_on_a_processor
	watch_on --capacity=16 --json "$target" health
	kill -STOP "$watcher"
	wait_until is_stopped "$watcher"
	tell hurt 5000
	kill -CONT "$watcher"
	# The next hit says how many.
	wait_until has_printed 17
	tell hurt 1
	end_of_watch INT
	output=$(tail -n 1 <<<"$output")
	[ "$(json lost)" -gt 0 ] || fail_with "none"
	[ $(($(json lost) + $(json hits))) -eq 5001 ] || fail_with "not all"
}

@test "watch: hits that were lost are told" {
	stay_on_a_processor
	watch_on --capacity=16 "$target" health
	kill -STOP "$watcher"
	wait_until is_stopped "$watcher"
	tell hurt 5000
	kill -CONT "$watcher"
	wait_until has_printed 16
	tell hurt 1
	end_of_watch INT
	expect_status 0
	[[ "$stderr" =~ ^memrw:\ watch:\ [0-9]+\ hits\ lost ]] || fail_with "not told"
}

@test "watch: --duration ends it" {
	run --separate-stderr memrw watch --duration=50 --json "$target" health
	expect_status 0
	expect_no_stderr
	output=${lines[1]}
	[ "$(json end)" = timeout ]
	[ "$(json hits)" = 0 ]
}

@test "watch: ends when the target has exited, and says so, with the summary" {
	watch_on --summary "$target" health
	tell hurt 2
	kill -KILL "$target"
	wait "$target" || true
	end_of_watch
	expect_status 1
	[ "$stderr" = "memrw: $target (memrw-writers): the process has exited" ] || fail_with "error"
	[ "$(cut -f 1 <<<"$output")" = 2 ] || fail_with "summary"
}

@test "watch: ends when the target runs another program, and says so" {
	watch_on --json "$target" health
	tell hurt 1
	echo "exec 1" >&"$target_in"
	end_of_watch
	expect_status 1
	[ "$stderr" = "memrw: $target (memrw-writers): the process runs another program since (execve)" ] ||
		fail_with "error"
	output=$(tail -n 1 <<<"$output")
	[ "$(json end)" = execve ]
	[ "$(json hits)" = 1 ]
}

@test "watch: says so when all debug registers are in use" {
	for ((i = 0; i < 20; i++)); do
		watch_on "$target" health
		kill -0 "$watcher" || break
	done
	[ "$i" -lt 20 ] || fail_with "there is no end of them"
	[ "$i" -gt 0 ]
	end_of_watch
	expect_status 1
	expect_stderr "all debug registers of the target's threads are in use: by gdb, perf or other watches"
}

@test "watch: what cannot be watched is told" {
	run --separate-stderr memrw watch "$target" 0xffff800000000000
	expect_failure "0xffff800000000000: no program has such an address"
	run --separate-stderr memrw watch "$target" nonsense
	expect_failure "nonsense: "
	run --separate-stderr memrw watch "$target" health+1
	expect_usage_error "memrw: watch: ADDRESS 0x"
	expect_stderr "is not a multiple of 4, the size of i32"
}

@test "watch: a full disk is a failure" {
	env --default-signal=INT "$MEMRW" watch --via="$VIA" "$target" health 3>&- \
		>/dev/full 2>"$BATS_TEST_TMPDIR/err" &
	watcher=$!
	others+=("$watcher")
	: >"$BATS_TEST_TMPDIR/out"
	wait_until is_watching "$watcher"
	tell hurt 1
	end_of_watch
	expect_failure "standard output: No space left on device"
}

@test "watch: bad usage" {
	run --separate-stderr memrw watch
	expect_usage_error "memrw: watch: no TARGET given"
	run --separate-stderr memrw watch "$target"
	expect_usage_error "memrw: watch: no ADDRESS given"
	run --separate-stderr memrw watch "$target" health 3
	expect_usage_error "memrw: watch: '3' is one operand too many"
	run --separate-stderr memrw watch -t i33 "$target" health
	expect_usage_error "memrw: watch: 'i33' is not a type"
	run --separate-stderr memrw watch -t str "$target" health
	expect_usage_error "memrw: watch: str is not a type of numbers"
	run --separate-stderr memrw watch -l 3 "$target" health
	expect_usage_error "memrw: watch: --length is 1, 2, 4 or 8, not '3'"
	run --separate-stderr memrw watch -l 8 -t i32 "$target" health
	expect_usage_error "memrw: watch: --length '8' is not the size of i32"
	run --separate-stderr memrw watch -a r "$target" health
	expect_usage_error "memrw: watch: --access is w, rw or x, not 'r'"
	run --separate-stderr memrw watch --equal=1 --cross=1 "$target" health
	expect_usage_error "memrw: watch: --equal and --cross exclude each other"
	run --separate-stderr memrw watch --equal=x "$target" health
	expect_usage_error "memrw: watch: --equal 'x' is not of type i32"
	run --separate-stderr memrw watch -t u8 --cross=256 "$target" health
	expect_usage_error "memrw: watch: --cross '256' does not fit u8"
	run --separate-stderr memrw watch -t f32 --cross=-1 "$target" health
	expect_usage_error "memrw: watch: --cross '-1': of type f32, it cannot be negative"
	for option in --type=i32 --length=4 --changed --equal=1 --cross=1; do
		run --separate-stderr memrw watch -a x "$option" "$target" hurt
		expect_usage_error "memrw: watch: --type, --length, --changed, --equal and --cross do not go with --access=x"
	done
	run --separate-stderr memrw watch --capacity=65537 "$target" health
	expect_usage_error "memrw: watch: --capacity '65537' is more than 65536"
	for option in --every --stop-after --capacity; do
		run --separate-stderr memrw watch "$option=0" "$target" health
		expect_usage_error "memrw: watch: $option '0' is not a number above 0"
	done
	run --separate-stderr memrw watch --ip=hurt "$target" health
	expect_usage_error "memrw: watch: --ip 'hurt' is not FROM..TO or FROM..+LENGTH"
	run --separate-stderr memrw watch --ip=hurt..hurt "$target" health
	expect_usage_error "memrw: watch: --ip 'hurt..hurt' is empty"
}
