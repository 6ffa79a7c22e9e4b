#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

setup() {
	start_target
	dump=$BATS_TEST_TMPDIR/dump
}

# A value of the index.
index() {
	"$tools/json-get" "$@" <"$dump.json"
}

# The bytes of a file's range, in hexadecimal.
bytes_of() {
	od -An -v -tx1 -j "$2" -N "$3" "$1" | tr -d ' \n'
}

bytes_at() {
	memrw read --json "$target" "$1" "$2" | "$tools/json-get" hex
}

# 16 GiB that python reserves, with "needle" in the middle and "last" at the end.
start_large_target() {
	coproc LARGE { exec python3 -c '
import ctypes, mmap, sys
m = mmap.mmap(-1, 16 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
m[8 << 30:(8 << 30) + 6] = b"needle"
m[-4:] = b"last"
print("%#x" % ctypes.addressof(ctypes.c_char.from_buffer(m)), flush=True)
sys.stdin.read()' 3>&-; }
	large=$LARGE_PID
	others+=("$large")
	read -r -t 20 -u "${LARGE[0]}" large_start
}

resident_kib() {
	sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$1/status"
}

@test "dump: a range is in the file as it is in memory" {
	run --separate-stderr memrw dump "$target" --range "text..+16" -o "$dump"
	expect_status 0
	expect_output ""
	expect_no_stderr
	[ "$(stat -c %s "$dump")" -eq 16 ]
	[ "$(bytes_of "$dump" 0 16)" = "$(bytes_at text 16)" ]
	[ "$(index pid)" = "$target" ]
	[ "$(index comm)" = "$target_name" ]
	[ "$(index via)" = "$VIA" ]
	[ "$(index stopped)" = false ]
	[ "$(index size)" = 16 ]
	[ "$(index regions 0 start)" = "$(address_of text)" ]
	[ "$(index regions 0 permissions)" = rw-p ]
	[ "$(index regions 0 dump_offset)" = 0 ]
	[ "$(index regions 0 unreadable)" = "[]" ]
}

@test "dump: a dump is for its owner alone" {
	memrw dump "$target" --range "text..+16" -o "$dump"
	[ "$(stat -c %a "$dump")" = 600 ]
	[ "$(stat -c %a "$dump.json")" = 600 ]
}

@test "dump: the regions of a name are where the index says" {
	run --separate-stderr memrw dump "$target" --region "$target_name" --region '[stack]' -o "$dump"
	expect_status 0
	expect_no_stderr
	count=$(grep -c '"start"' "$dump.json")
	[ "$count" -eq "$(memrw maps "$target" | grep -c -e "/$target_name\$" -e '\[stack\]$')" ]
	for ((i = 0; i < count - 1; i++)); do
		start=$(index regions "$i" start)
		[ "$(bytes_of "$dump" "$(index regions "$i" dump_offset)" 64)" = "$(bytes_at "$start" 64)" ]
	done
	[ "$(index regions 0 name)" = "$tools/$target_name" ]
	[ "$(index regions $((count - 1)) name)" = "[stack]" ]
}

@test "dump: overlapping choices are in it once" {
	memrw dump "$target" --range "$edge..+100" --range "$edge..+50" --range "$((edge + 90))..+60" -o "$dump"
	[ "$(grep -c '"start"' "$dump.json")" -eq 1 ]
	[ "$(stat -c %s "$dump")" -eq 150 ]
}

@test "dump: all regions, and what cannot be read is in the index" {
	run --separate-stderr memrw dump "$target" --all -o "$dump"
	expect_status 0
	expect_no_stderr
	[ "$(grep -c '"permissions"' "$dump.json")" -eq "$(memrw maps "$target" | wc -l)" ]
	[ "$(index regions 3 start)" = "$no_access" ]
	[ "$(index regions 3 unreadable 0 start)" = "$no_access" ]
	[ "$(index regions 3 unreadable 0 end)" = 0x20030000 ]
	[ "$(bytes_of "$dump" "$(index regions 0 dump_offset)" 4)" = 65656565 ]
}

@test "dump: a range that is not all there is dumped as far as it is, and fails" {
	run --separate-stderr memrw dump "$target" --range "$((edge_end - 16))..+32" -o "$dump"
	expect_failure "$edge_end-0x10010010: no memory is mapped there"
	[ "$(stat -c %s "$dump")" -eq 32 ]
	[ "$(bytes_of "$dump" 0 32)" = "$(printf '65%.0s' {1..16}; printf '00%.0s' {1..16})" ]
	run --separate-stderr memrw dump "$target" --range "$read_only..0x20030000" -o "$dump"
	expect_failure "$no_access-0x20030000: the memory there cannot be read"
	run --separate-stderr memrw dump "$target" --range "$edge_end..+32" -o "$dump"
	expect_failure "$target_name: no memory is mapped there"
	run --separate-stderr memrw dump "$target" --range "$no_access..+32" -o "$dump"
	expect_failure "$target_name: nothing of it could be read"
	run --separate-stderr memrw dump --force "$target" --range "$no_access..+32" -o "$dump"
	expect_status 0
	[ "$(bytes_of "$dump" 0 2)" = 7373 ]
}

@test "dump: 16 GiB of which two pages were touched are two pages, quickly" {
	[ "$(bytes_of "$MEMRW" 4 1)" = 02 ] || skip "the command is a 32-bit program"
	start_large_target
	before=$(resident_kib "$large")
	run --separate-stderr timeout 60 "$MEMRW" dump --via="$VIA" "$large" --range "$large_start..+0x400000000" -o "$dump"
	expect_status 0
	[ $(($(resident_kib "$large") - before)) -lt 512 ]
	[ "$(stat -c %s "$dump")" -eq $((16 << 30)) ]
	[ "$(stat -c %b "$dump")" -lt 512 ]
	[ "$(bytes_of "$dump" $((8 << 30)) 7)" = 6e6565646c6500 ]
	[ "$(tail -c 4 "$dump")" = last ]
}

@test "dump: with --stop the target goes on afterwards" {
	run --separate-stderr memrw dump --stop "$target" --region '[heap]' -o "$dump"
	expect_status 0
	expect_no_stderr
	[ "$(index stopped)" = true ]
	ask
	[ "$heard" = "41 hello, target 101 3" ]
	kill -STOP "$target"
	wait_until is_stopped "$target"
	run --separate-stderr memrw dump --stop "$target" --region '[heap]' -o "$dump"
	expect_status 0
	# It stops again when it is its turn.
	wait_until is_stopped "$target"
	kill -CONT "$target"
	ask
}

# gdb's answers to commands, of a core.
ask_gdb() {
	gdb -q -nx -batch "$@" "$tools/$target_name" "$dump" 2>&1
}

@test "dump: --core is a core that gdb opens" {
	has_gdb
	run --separate-stderr memrw dump --core "$target" --all -o "$dump"
	expect_status 0
	expect_no_stderr
	[ ! -e "$dump.json" ]
	read -r heap _ <<<"$(memrw maps "$target" | grep '\[heap\]$')"
	heap=0x${heap%-*}
	output=$(ask_gdb -ex 'print counter' -ex 'print text' -ex "x/8xb $heap+0x2a0" \
		-ex 'info proc mappings' -ex 'info auxv' -ex 'info threads')
	# shellcheck disable=SC2016 # gdb's own variables
	grep -qxF '$1 = 41' <<<"$output"
	# shellcheck disable=SC2016
	grep -qF '$2 = "hello, target"' <<<"$output"
	seen=$(sed -n 's/^0x[0-9a-f]*:	\(0x.*\)/\1/p' <<<"$output" | tr -d '\t' | sed 's/0x//g')
	[ "$seen" = "$(bytes_at "$heap+0x2a0" 8)" ]
	grep -q "$tools/$target_name\$" <<<"$output"
	grep -q '^9 *AT_ENTRY' <<<"$output"
	grep -q "LWP $target" <<<"$output"
	grep -qF "Core was generated by \`$tools/$target_name'" <<<"$output"
}

@test "dump: --core with --stop has the registers of all threads" {
	has_gdb
	memrw dump --core --stop "$target" --all -o "$dump"
	output=$(ask_gdb -ex bt -ex 'info threads' -ex 'thread 2' -ex bt)
	grep -q '^#[0-9]* .* in main ' <<<"$output"
	grep -q '^#[0-9]* .* in idle ' <<<"$output"
	ask
}

@test "dump: --core has the memory that could be read, and no more" {
	has_gdb
	memrw dump --core "$target" --range "$read_only..+0x20000" -o "$dump" || true
	output=$(ask_gdb -ex "x/2xb $read_only" -ex "x/xb $no_access" -ex "x/xb $edge" || true)
	grep -qE "^$read_only:	0x73	0x73" <<<"$output"
	[ "$(grep -c 'Cannot access memory' <<<"$output")" -eq 2 ]
}

@test "dump: --core of a 32-bit program is a 32-bit core" {
	has_gdb
	[ -x "$tools/memrw-target32" ] || skip "no 32-bit programs here"
	stop_target
	target_name=memrw-target32
	start_target
	memrw dump --core --stop "$target" --all -o "$dump"
	[ "$(bytes_of "$dump" 0 5)" = 7f454c4601 ]
	output=$(ask_gdb -ex 'print text' -ex bt -ex 'info auxv' -ex 'info proc mappings')
	grep -qF '"hello, target"' <<<"$output"
	grep -q '^#[0-9]* .* in main ' <<<"$output"
	grep -q '^9 *AT_ENTRY' <<<"$output"
	grep -q "$tools/$target_name\$" <<<"$output"
}

@test "dump: bad usage writes nothing" {
	run --separate-stderr memrw dump "$target" -o "$dump"
	expect_usage_error "memrw: dump: one of --all, --region and --range is needed"
	run --separate-stderr memrw dump "$target" --all
	expect_usage_error "memrw: dump: an --output is needed"
	run --separate-stderr memrw dump --all -o "$dump"
	expect_usage_error "memrw: dump: no TARGET given"
	run --separate-stderr memrw dump "$target" "$target" --all -o "$dump"
	expect_usage_error "memrw: dump: more than one TARGET given"
	run --separate-stderr memrw dump "$target" --all --range 1..2 -o "$dump"
	expect_usage_error "memrw: dump: --all leaves nothing for --region and --range"
	for range in "" 1 1.. ..1 2..1 1..1 1..+0; do
		run --separate-stderr memrw dump "$target" --range "$range" -o "$dump"
		expect_usage_error "memrw: dump: "
	done
	[ ! -e "$dump" ]
}

@test "dump: what cannot be done is told, and leaves no index" {
	run --separate-stderr memrw dump "$target" --region no-such -o "$dump"
	expect_failure "no-such: no region has that name"
	run --separate-stderr memrw dump "$target" --all -o "$BATS_TEST_TMPDIR/no/dump"
	expect_failure "$BATS_TEST_TMPDIR/no/dump: No such file or directory"
	run --separate-stderr memrw dump "$target" --all -o /dev/null
	expect_failure "/dev/null: it is not a plain file"
	memrw dump "$target" --region '[heap]' -o "$dump"
	run --separate-stderr memrw dump "$target" --range 0..0xfffffffffffff000 -o "$dump"
	expect_failure "$dump: File too large"
	[ ! -e "$dump.json" ]
}
