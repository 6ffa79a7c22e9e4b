#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016,SC2034,SC2154 # gdb has variables, too; helper.bash and bats use and set others

load helper

setup() {
	start_ticker memrw-ticker
}

teardown() {
	stop_others
}

# start_with_pipes NAME COMMAND...: $started, with $NAME_in and $NAME_out to talk to it.
start_with_pipes() {
	local pipe=$BATS_TEST_TMPDIR/$1.$RANDOM

	mkfifo "$pipe.in" "$pipe.out"
	"${@:2}" <"$pipe.in" >"$pipe.out" 3>&- &
	started=$!
	others+=("$started")
	exec {pipe_in}>"$pipe.in" {pipe_out}<"$pipe.out"
	printf -v "$1_in" %s "$pipe_in"
	printf -v "$1_out" %s "$pipe_out"
	input=$pipe.in
}

# start_ticker PROGRAM: $target, which has the threads 'counter' and its own.
start_ticker() {
	start_with_pipes target "$tools/$1"
	target=$started ticker_input=$input
	hear
}

# told COMMAND: what the ticker prints of itself, in $heard.
told() {
	echo "$1" >&"$target_in"
	hear
}

ticks() {
	"$MEMRW" read --via="$VIA" -t u64 "$target" ticks | cut -f 2
}

has_ticked_since() {
	[ "$(ticks)" -gt "$1" ]
}

# Of gdb's, which on other processors has to step over the access first: the server, which
# stops nothing, refuses them there.
needs_watchpoints() {
	needs_watches "$target" ticks
	[[ "$(uname -m)" == x86_64 ]] || skip "on this processor gdb would have to step over the access"
}

# server ARGUMENT...: what gdb is to start.
server() {
	printf '%q ' "$MEMRW" gdbserver --via="$VIA" --stdio "$@"
}

# ask_gdb ARGUMENT...: with the target; its answers, and no others, in $output.  Files
# are read here: what gdb itself loads is not what is tested, but once.
ask_gdb() {
	run timeout 120 gdb -q -nx -batch -iex 'set debuginfod enabled off' \
		-iex 'set sysroot /' -iex 'set width 0' -ex "target remote | $(server "$target")" "$@" </dev/null
	[ "$status" -eq 0 ] || fail_with "gdb: $status"
}

expect_line() {
	grep -qxF -- "$1" <<<"$output" || fail_with "no line: $1"
}

expect_like() {
	grep -qE -- "$1" <<<"$output" || fail_with "no line like: $1"
}

#
# With gdb
#

@test "gdbserver: gdb finds program and libraries by itself, and prints by name and type" {
	has_gdb
	run timeout 120 gdb -q -nx -batch -iex 'set debuginfod enabled off' \
		-ex "target remote | $(server "$target")" -ex 'print first' -ex 'ptype first.mood' \
		-ex 'print *first.next' -ex 'print ticks > 0' -ex 'info sharedlibrary' \
		-ex 'info auxv' -ex 'info proc mappings' </dev/null
	expect_like '^\$1 = \{name = "Arthur.*, health = 100, speed = 1\.25, mood = CALM, next = 0x[0-9a-f]+ <second>\}$'
	expect_line 'type = enum mood {CALM, ANGRY}'
	expect_like '^\$2 = \{name = "Trillian.*, health = 90, speed = 2.5, mood = ANGRY, next = 0x0\}$'
	expect_line '$3 = 1'
	expect_like '^0x[0-9a-f]+  0x[0-9a-f]+  Yes.* target:/.*libc\.so\.6$'
	expect_like '^0x[0-9a-f]+  0x[0-9a-f]+  Yes.* target:/.*/ld-linux'
	expect_like '^9 +AT_ENTRY .* 0x[0-9a-f]+$'
	expect_like "0x[0-9a-f]+ .* r-xp +$tools/memrw-ticker\$"
	expect_like ' rw-p +\[heap\]$'
}

@test "gdbserver: gdb sets what the target sees at once" {
	has_gdb
	ask_gdb -ex 'set var first.health = 7' -ex 'set var first.speed = first.speed * 2' \
		-ex 'set var first.mood = ANGRY' -ex 'set var first.name = "Ford\0\0\0\0\0\0\0\0\0\0\0"' \
		-ex 'print first.health'
	expect_line '$1 = 7'
	told show
	[ "$heard" = "7 2.5 1 Ford" ] || fail_with "$heard"
}

@test "gdbserver: raw memory is that of memrw read" {
	has_gdb
	ask_gdb -ex 'x/16xb &first' -ex 'find &first, +16, (char)0x72, (char)0x74'
	bytes=$(sed -n 's/^0x.*:\t//p' <<<"$output" | tr -d '\t\n' | sed 's/0x//g')
	memrw read --raw "$target" first 16 >"$BATS_TEST_TMPDIR/raw"
	[ "$bytes" = "$(od -An -tx1 "$BATS_TEST_TMPDIR/raw" | tr -d ' \n')" ] || fail_with "$bytes"
	expect_line "$(printf '0x%x' $(($(address_of first) + 1))) <first+1>"
}

# What /proc says of the target, again and again, until the file "stop" is there.
record_states() {
	until [ -e "$BATS_TEST_TMPDIR/stop" ]; do
		sed -n 's/^\(State\|TracerPid\):\t\([^ ]*\).*/\1 \2/p' "/proc/$1/task/"*/status
	done >"$BATS_TEST_TMPDIR/states"
}

@test "gdbserver: the target is never stopped nor traced, and runs on" {
	has_gdb
	record_states "$target" 3>&- &
	others+=("$!")
	recorder=$!
	before=$(ticks)
	ask_gdb -ex 'print ticks' -ex 'print first' -ex 'shell sleep 0.3' -ex 'print ticks' \
		-ex 'set var first.health = 1' -ex 'thread apply all backtrace' -ex detach
	between=$(ticks)
	touch "$BATS_TEST_TMPDIR/stop"
	wait "$recorder"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/states")" -ge 20 ] || fail_with "hardly looked"
	sort -u "$BATS_TEST_TMPDIR/states" >"$BATS_TEST_TMPDIR/all"
	run ! grep -vxE 'State [RSD]|TracerPid 0' "$BATS_TEST_TMPDIR/all"
	[ "$between" -gt "$before" ]
	wait_until has_ticked_since "$between"
}

@test "gdbserver: what gdb prints of a counter grows from command to command" {
	has_gdb
	ask_gdb -ex 'print ticks' -ex 'shell sleep 0.1' -ex 'print ticks' -ex 'shell sleep 0.1' \
		-ex 'print ticks'
	mapfile -t counts < <(sed -n 's/^\$[123] = //p' <<<"$output")
	[ "${counts[0]}" -lt "${counts[1]}" ]
	[ "${counts[1]}" -lt "${counts[2]}" ]
}

@test "gdbserver: a watchpoint is hit, with the registers it was hit with" {
	has_gdb
	needs_watchpoints
	before=$(ticks)
	ask_gdb -ex 'watch ticks' -ex continue -ex 'backtrace 1' -ex 'print $pc != 0' \
		-ex 'print $ds' -ex 'info threads' -ex continue -ex delete -ex detach
	expect_line 'Hardware watchpoint 1: ticks'
	expect_like '^Old value = [0-9]+$'
	expect_like '^#0 .*tick \(\) at .*ticker\.c:[0-9]+$'
	expect_line '$1 = 1'
	expect_line '$2 = <unavailable>'
	expect_like '^\* [0-9]+ +Thread .*"counter" '
	[ "$(grep -c '^New value' <<<"$output")" -eq 2 ] || fail_with "hits"
	wait_until has_ticked_since "$before"
}

@test "gdbserver: accesses of both kinds are watched" {
	has_gdb
	needs_watchpoints
	ask_gdb -ex 'awatch first.mood' -ex continue -ex 'delete' -ex 'rwatch first.mood' \
		-ex continue -ex delete
	expect_line 'Hardware access (read/write) watchpoint 1: first.mood'
	expect_line 'Hardware read watchpoint 2: first.mood'
	[ "$(grep -cx 'Value = CALM' <<<"$output")" -eq 2 ] || fail_with "hits"
}

@test "gdbserver: what a target that runs cannot give is refused" {
	has_gdb
	ask_gdb -ex 'stepi' -ex 'print $rax = 1' -ex 'break tick' -ex continue -ex 'kill' \
		-ex 'delete' -ex 'signal SIGUSR1' -ex 'monitor help' -ex 'print first.health'
	expect_line 'warning: Remote failure reply: E.the target runs: it cannot be stepped'
	expect_like '^Could not write registers?.*E\.the target runs: its registers cannot be set'
	expect_line 'Cannot insert breakpoint 1.'
	expect_line "Can't kill process"
	expect_line 'warning: Remote failure reply: E.the target is sent no signals'
	expect_like '^The target runs all the time'
	expect_line '$1 = 100'
	kill -0 "$target"
	told show
	[ "$heard" = "100 1.25 0 Arthur" ]
}

# when_continued STATEMENT ARGUMENT...: ask_gdb; the Python runs once the target is
# continued.
when_continued() {
	ask_gdb -ex 'python import os, signal, threading' \
		-ex "python gdb.events.cont.connect(lambda event: $1)" "${@:2}"
}

@test "gdbserver: continue ends with Ctrl-C" {
	has_gdb
	when_continued 'threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()' \
		-ex continue -ex 'print first.health'
	expect_like 'SIGINT'
	expect_line '$1 = 100'
}

# told_when_continued COMMAND ARGUMENT...: likewise, of what the target is told.
told_when_continued() {
	when_continued "open('$ticker_input', 'w').write('$1\\n')" "${@:2}"
}

@test "gdbserver: that the target exits is told" {
	has_gdb
	told_when_continued 'exit 3' -ex continue -ex 'info inferiors'
	# Its parent, this shell, may have asked before.
	expect_like '^\[Inferior 1 \(process [0-9]+\) exited (with code 03|normally)\]$'
	! grep -q 'exited normally' <<<"$output" || expect_like 'only its parent knows'
}

@test "gdbserver: that the target runs another program is told, and gdb goes on with that" {
	has_gdb
	told_when_continued exec -ex 'catch exec' -ex continue -ex 'print first.health' \
		-ex 'info proc exe'
	expect_like '^process [0-9]+ is executing new program: .*/sleep$'
	expect_like "^exe = '.*/sleep'\$"
	expect_like '^No symbol (table is loaded|"first" in current context)'
}

@test "gdbserver: threads have their names" {
	has_gdb
	ask_gdb -ex 'info threads'
	expect_like "Thread $target\.$target \"memrw-ticker\" "
	expect_like "Thread $target\.[0-9]+ \"counter\" "
}

@test "gdbserver: a static program, and its sections compared" {
	has_gdb
	start_ticker memrw-ticker-static
	ask_gdb -ex 'print first.next->name' -ex 'compare-sections .text' -ex 'info sharedlibrary'
	expect_like '^\$1 = "Trillian'
	expect_like '^Section \.text, range 0x[0-9a-f]+ -- 0x[0-9a-f]+: matched\.'
	expect_line 'No shared libraries loaded at this time.'
}

@test "gdbserver: continue in a static program" {
	has_gdb
	start_ticker memrw-ticker-static
	needs_watchpoints
	ask_gdb -ex 'watch ticks' -ex continue -ex delete
	expect_like '^New value = [0-9]+$'
}

@test "gdbserver: a 32-bit program" {
	has_gdb
	[ -x "$tools/memrw-target32" ] || skip "no 32-bit program"
	start_ticker memrw-target32
	ask_gdb -ex 'print sizeof(void *)' -ex 'print counter' -ex 'info registers eax'
	expect_line '$1 = 4'
	expect_like '^\$2 = [0-9]+$'
	expect_like '^eax +<unavailable>$'
}

@test "gdbserver: a library of the distribution, by its debug symbols" {
	has_gdb
	start sleep 100
	target=$started
	wait_until is_called "$target" sleep
	ask_gdb -ex 'print sizeof(main_arena)' -ex 'print main_arena.max_system_mem >= main_arena.system_mem' \
		-ex 'ptype main_arena' -ex detach
	! grep -qE "No symbol (\"main_arena\"|table is loaded)|has unknown type" <<<"$output" ||
		skip "no libc6-dbg"
	expect_line '$2 = 1'
	expect_like '^ +mchunkptr top;$'
}

# listen_on ARGUMENT...: a server in the background; $place is where.
listen_on() {
	"$MEMRW" gdbserver --via="$VIA" "$@" >"$BATS_TEST_TMPDIR/listening" \
		2>"$BATS_TEST_TMPDIR/err" </dev/null 3>&- &
	listener=$!
	others+=("$listener")
	wait_until grep -q Listening "$BATS_TEST_TMPDIR/listening"
	place=$(sed -n 's/^Listening on //p' "$BATS_TEST_TMPDIR/listening")
}

@test "gdbserver: gdb connects to a port, and the server ends when it goes" {
	has_gdb
	listen_on "$target" :0
	[[ "$place" =~ ^(127\.0\.0\.1|\[::1\]):[1-9][0-9]*$ ]] || fail_with "$place"
	run timeout 120 gdb -q -nx -batch -iex 'set debuginfod enabled off' -iex 'set sysroot /' \
		-ex "target remote $place" -ex 'print first.health' </dev/null
	expect_line '$1 = 100'
	status=0
	wait "$listener" || status=$?
	expect_status 0
}

# What a page in somebody's browser can send to a port of this machine.
@test "gdbserver: what comes from no client is the end, packets in it or not" {
	listen_on "$target" 127.0.0.1:0
	packet="M$(hex_address_of first),1:58"
	exec {browser}<>"/dev/tcp/127.0.0.1/${place##*:}"
	# It may hang up before it is told all.
	(
		trap '' PIPE
		printf 'POST / HTTP/1.1\r\n\r\n$%s#%s' "$packet" "$(sum "$packet")"
	) >&"$browser" || true
	exec {browser}>&-
	status=0
	wait "$listener" || status=$?
	expect_status 0
	told show
	[ "$heard" = "100 1.25 0 Arthur" ]
}

#
# Without gdb: packets by hand
#

# sum TEXT: the checksum of a packet.
sum() {
	local i byte all=0

	for ((i = 0; i < ${#1}; i++)); do
		printf -v byte %d "'${1:i:1}"
		all=$((all + byte))
	done
	printf %02x $((all % 256))
}

# serve ARGUMENT...: $server, with $server_in and $server_out.
serve() {
	start_with_pipes server "$MEMRW" gdbserver --via="$VIA" --stdio "$@"
	server=$started
}

# answer: the data of the next packet, in $answer; what is before it, in $mark.
answer() {
	local sum

	IFS= read -r -t 20 -d '#' -u "$server_out" answer
	read -r -t 20 -N 2 -u "$server_out" sum
	mark=${answer%%'$'*} answer=${answer#*'$'}
	[ "$sum" = "$(sum "$answer")" ]
}

# ask_server DATA: and acknowledge the answer.
ask_server() {
	printf '$%s#%s' "$1" "$(sum "$1")" >&"$server_in"
	answer
	[ "$mark" = + ]
	printf + >&"$server_in"
}

expect_answer() {
	ask_server "$1"
	[ "$answer" = "$2" ] || fail_with "$1: $answer"
}

hex_address_of() {
	printf %x "$(address_of "$1")"
}

@test "gdbserver: packets are acknowledged, damaged ones asked for again" {
	serve "$target"
	expect_answer qAttached 1
	printf '$qAttached#00' >&"$server_in"
	read -r -t 20 -N 1 -u "$server_out" mark
	[ "$mark" = - ]
	expect_answer qAttached 1
	# The other side has not understood: the same again.
	printf -- - >&"$server_in"
	answer
	[ "$mark$answer" = 1 ]
}

@test "gdbserver: without acknowledgements, once the client wants none" {
	serve "$target"
	expect_answer QStartNoAckMode OK
	printf '$qAttached#8f' >&"$server_in"
	answer
	[ "$mark$answer" = 1 ]
}

@test "gdbserver: noise and packets that are too long are survived" {
	serve "$target"
	printf 'noise\377\3\r\n' >&"$server_in"
	printf '$%020000d#%s' 0 "$(printf %02x $((20000 * 48 % 256)))" >&"$server_in"
	answer
	[ "$answer" = E07 ] || fail_with "$answer"
	printf '$half of one' >&"$server_in"
	expect_answer vMustReplyEmpty ""
}

@test "gdbserver: memory is read and written by packets" {
	serve "$target"
	expect_answer "m$(hex_address_of first),6" 417274687572
	expect_answer "M$(hex_address_of first),4:466f7264" OK
	expect_answer "x$(hex_address_of first),6" bFordur
	expect_answer "X$(hex_address_of first),5:Marvi" OK
	told show
	[ "$heard" = "100 1.25 0 Marvir" ]
	expect_answer m10,4 E05
	expect_answer M10,1:00 E05
	expect_answer "qSearch:memory:$(hex_address_of first);10;vir" "1,$(printf %x $(($(address_of first) + 3)))"
}

@test "gdbserver: registers that are not known are no numbers" {
	serve "$target"
	ask_server qSupported:multiprocess+
	[[ "$answer" == *PacketSize=4000* ]]
	ask_server '?'
	[[ "$answer" =~ ^T05library:\;thread:p[0-9a-f]+\.[0-9a-f]+\;$ ]] || fail_with "$answer"
	[[ "$(uname -m)" == x86_64 ]] || skip "what follows is about rax"
	ask_server g
	[[ "$answer" == xxxxxxxxxxxxxxxx* ]] || fail_with "$answer"
	expect_answer p0 ""
	ask_server P0=0000000000000000
	[[ "$answer" == E.* ]]
}

@test "gdbserver: a watch by packets stops nothing" {
	needs_watchpoints
	serve "$target"
	expect_answer "Z3,$(hex_address_of ticks),8" ""
	expect_answer "Z2,$(hex_address_of ticks),8" OK
	expect_answer "Z2,$(hex_address_of ticks),8" OK
	for _ in 1 2 3; do
		before=$(ticks)
		ask_server 'vCont;c'
		[[ "$answer" =~ ^T05watch:$(hex_address_of ticks)\;thread:[0-9a-f]+\;$ ]] || fail_with "$answer"
		ask_server g
		[[ "$answer" =~ ^[0-9a-f]{320} ]] || [[ "$answer" =~ ^[0-9a-f]{296}x{32}$ ]] || fail_with "$answer"
		wait_until has_ticked_since "$before"
	done
	expect_answer "z2,$(hex_address_of ticks),8" OK
	ask_server "z2,$(hex_address_of ticks),8"
	[[ "$answer" == E* ]]
	ask_server "Z2,$(hex_address_of ticks),1000"
	[[ "$answer" == E* ]]
}

@test "gdbserver: an interrupt ends a continue" {
	serve "$target"
	printf '$c#63' >&"$server_in"
	read -r -t 20 -N 1 -u "$server_out" mark
	[ "$mark" = + ]
	printf '\3' >&"$server_in"
	answer
	[[ "$answer" =~ ^T02thread:[0-9a-f]+\;$ ]] || fail_with "$answer"
}

@test "gdbserver: neither detach nor kill does anything to the target" {
	serve "$target"
	printf '$D#44' >&"$server_in"
	answer
	[ "$mark$answer" = +OK ]
	wait "$server"
	serve "$target"
	printf '$k#6b' >&"$server_in"
	wait "$server"
	kill -0 "$target"
	told show
	[ "$heard" = "100 1.25 0 Arthur" ]
}

@test "gdbserver: a client that goes without a word is the end" {
	run --separate-stderr memrw gdbserver --stdio "$target" </dev/null
	expect_status 0
	expect_output ""
	expect_no_stderr
}

@test "gdbserver: after the target has exited" {
	serve "$target"
	expect_answer qAttached 1
	kill -KILL "$target"
	wait "$target" || true
	ask_server "m10,4"
	[[ "$answer" == E* ]]
	printf '$c#63' >&"$server_in"
	answer
	[[ "$answer" == O* ]] || fail_with "$answer"
	answer
	[ "$answer" = W00 ] || fail_with "$answer"
}

# A process that starts another one, and does not ask what became of it.
careless_parent() {
	# A background job has no input, if not asked for.
	"$tools/memrw-ticker" <&0 3>&- &
	echo $! >"$BATS_TEST_TMPDIR/child"
	exec sleep 100
}

@test "gdbserver: with what status the target has exited, if its parent has not asked yet" {
	start_with_pipes target careless_parent
	hear
	target=$(<"$BATS_TEST_TMPDIR/child")
	others+=("$target")
	serve "$target"
	expect_answer qAttached 1
	printf '$c#63' >&"$server_in"
	echo 'exit 3' >&"$target_in"
	answer
	[ "$answer" = W03 ] || fail_with "$answer"
}

@test "gdbserver: other machines than this one are not welcome" {
	for place in 0.0.0.0:0 '[::]:0'; do
		run --separate-stderr memrw gdbserver "$target" "$place"
		expect_status 2
		expect_output ""
		expect_stderr "memrw: $place: others than this machine may reach it"
		expect_stderr "memrw: try: --allow-remote"
	done
	listen_on --allow-remote "$target" 0.0.0.0:0
	[[ "$place" =~ ^0\.0\.0\.0:[1-9][0-9]*$ ]]
}

@test "gdbserver: nobody is waited for once the target has exited" {
	listen_on "$target" :0
	kill -KILL "$target"
	status=0
	wait "$listener" || status=$?
	expect_status 1
	grep -q 'has exited before anybody has connected' "$BATS_TEST_TMPDIR/err"
}

@test "gdbserver: bad usage" {
	run --separate-stderr memrw gdbserver
	expect_usage_error "memrw: gdbserver: no TARGET given"
	run --separate-stderr memrw gdbserver "$target"
	expect_usage_error "memrw: gdbserver: neither --stdio nor HOST:PORT given"
	run --separate-stderr memrw gdbserver --stdio "$target" localhost:1
	expect_usage_error "memrw: gdbserver: --stdio and HOST:PORT exclude each other"
	run --separate-stderr memrw gdbserver --stdio --allow-remote "$target"
	expect_usage_error "memrw: gdbserver: --allow-remote needs a HOST:PORT"
	run --separate-stderr memrw gdbserver "$target" localhost:1 2
	expect_usage_error "memrw: gdbserver: '2' is one operand too many"
	for place in 1234 localhost: localhost:http ::1:1; do
		run --separate-stderr memrw gdbserver "$target" "$place"
		expect_usage_error "memrw: gdbserver: '$place' is not HOST:PORT"
	done
	run --separate-stderr memrw gdbserver --stdio no-such-process
	expect_failure "no-such-process: "
}
