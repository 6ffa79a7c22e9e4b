#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2034,SC2154 # helper.bash and bats use and set them
#
# memrw view: what it shows, and where one goes in it.

load helper
load screen

@test "view: regions, memory and cursor are on screens of three sizes" {
	address=$(address_of counter)
	view_on 80 24 "$target" counter
	wait_for is_at "$address"
	wait_for has "29 00 00 00"
	has "($target_name)  via $VIA"
	[[ "$(cursor_line)" == *"$target_name+0x"*" counter "*"i32 41"* ]]
	screen | grep -qE "^$target_name +r-xp .* [0-9]+%"
	[ "$(screen | grep -cE '^.{26,}[0-9a-f]{12}  ([0-9a-f?]{2} ){8} ')" -eq 21 ]
	in_tmux resize-window -x 120 -y 40
	sixteen() { [ "$(screen | grep -cE '[0-9a-f]{12}  ([0-9a-f]{2} ){8} ([0-9a-f]{2} ){8} ')" -eq 37 ]; }
	wait_for sixteen
	wait_for is_at "$address"
	in_tmux resize-window -x 200 -y 60
	thirty_two() { [ "$(screen | grep -cE '[0-9a-f]{12}  (([0-9a-f]{2} ){8} ){4}')" -eq 57 ]; }
	wait_for thirty_two
	wait_for is_at "$address"
	in_tmux resize-window -x 80 -y 24
	wait_for has "29 00 00 00"
	keys q
	wait_for has "exit status 0"
}

@test "view: memory is shown as it changes, and changes stand out and fade" {
	view_on 120 30 "$target" counter
	wait_for has "29 00 00 00"
	not_changed() { ! changed; }
	changed() { [[ "$(codes)" == *[34]"8;5;220"* || "$(codes)" == *"38;5;178"* ]]; }
	not_changed
	start_changes
	wait_for changed
	stop_changes
	memrw write -q -t i32 "$target" counter 7040
	wait_for has "80 1b 00 00"
	[[ "$(cursor_line)" == *"i32 7040 "* ]]
	wait_for not_changed
	has "80 1b 00 00"
}

@test "view: a pause ends looking, and goes on" {
	view_on 120 30 "$target" counter
	wait_for has "29 00 00 00"
	keys p
	wait_for has PAUSED
	memrw write -q -t i32 "$target" counter 7040
	keys j k
	# Memory that was not on the screen is read, also then.
	go_to text
	wait_for has "hello, target"
	go_to counter
	keys p
	wait_for has_not PAUSED
	wait_for has "80 1b 00 00"
}

has_values() {
	screen | grep -qE " $1 +$2 +$3 +$4 "
}

@test "view: values of a type stand in columns, and types follow one another" {
	view_on 120 30 -t i32 "$target" table
	wait_for has "  via $VIA  i32 "
	wait_for has_values 10 20 30 40
	keys t
	wait_for has "  u32 "
	keys T T
	wait_for has "  u16 "
	wait_for has_values 10 0 20 0
	go_to number
	keys t t t t t t
	wait_for has "  f64 "
	wait_for has " -2.5 "
	keys t
	wait_for has "  ptr "
	wait_for has "0xc004000000000000"
	keys t
	wait_for has "  hex "
}

@test "view: addresses are jumped to by expression, and what is wrong is said" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	wait_for has "65 65 65 65"
	wait_for has "eeeeeeee"
	go_to "counter+1-1"
	wait_for is_at "$(address_of counter)"
	go_to "[[chain]+8]+8"
	wait_for is_at "$(address_of table+12)"
	go_to nonsense
	wait_for says "nonsense: "
	is_at "$(address_of table+12)"
	keys BSpace
	wait_for is_at "$(address_of counter)"
	keys C-o
	wait_for is_at "$edge"
	keys BSpace
	wait_for says "this is where it began"
	keys :
	type_text counter
	keys Escape
	wait_for has_not "go to address:"
	is_at "$edge"
}

@test "view: what cannot be read is question marks, and nothing is mapped says so" {
	view_on 120 30 "$target" "$edge_end-32"
	wait_for has "?? ?? ?? ??"
	has "65 65 65 65"
	keys G
	wait_for is_at "$(printf %x $((edge_end - 1)))"
	keys l
	wait_for has "10010000 not mapped"
	go_to "$no_access"
	wait_for has "?? ?? ?? ??"
}

@test "view: keys move the cursor as those of less and vi do" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	keys l
	wait_for is_at 10000001
	keys Right Right h
	wait_for is_at 10000002
	keys j
	wait_for is_at 10000012
	keys k '$'
	wait_for is_at 1000000f
	keys 0
	wait_for is_at "$edge"
	keys Space
	wait_for is_at 100001b0
	keys b
	wait_for is_at "$edge"
	keys C-d
	wait_for is_at 100000d0
	keys C-u
	wait_for is_at "$edge"
	keys NPage PPage
	wait_for is_at "$edge"
	keys ']'
	wait_for is_at "$stairs"
	keys '['
	wait_for is_at "$edge"
	keys G
	wait_for is_at 1000ffff
	keys g
	wait_for is_at "$edge"
	keys Q
	wait_for has "exit status 0"
}

@test "view: the list of regions is chosen from, and can be without" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	screen | grep -qE '^20000000 +rw-p  64K 100%│'
	keys Tab j Enter
	wait_for is_at "$stairs"
	keys z
	wait_for has_not "│"
	keys Tab
	wait_for says "z shows it"
	keys z
	wait_for has "│"
}

@test "view: a text is found, and the next, and the one before" {
	memrw write -q -t str "$target" "$edge+0x200" "a needle"
	memrw write -q -t str "$target" "$edge+0x8000" "needles"
	view_on 120 30 "$target" "$edge+0x100"
	wait_for is_at 10000100
	keys /
	wait_for says "search for text:"
	type_text needxle
	keys Left Left BSpace Enter
	wait_for is_at 10000202
	wait_for says "2 found"
	keys n
	wait_for is_at 10008000
	keys n
	wait_for is_at 10000202
	keys N
	wait_for is_at 10008000
	# One that is there no longer is left out.
	memrw write -q -t str "$target" "$edge+0x200" "a bundle"
	keys n
	wait_for is_at 10008000
	keys /
	type_text "needles and more that is nowhere"
	keys C-u
	type_text "$(printf 'xyzzy%s' plugh42)"
	keys Enter
	wait_for says "found nowhere"
	keys /
	type_text needle
	keys Escape n
	wait_for says "found nowhere"
}

@test "view: bytes and values are found, too" {
	view_on 120 30 "$target" "$edge"
	wait_for is_at "$edge"
	keys '='
	wait_for says "search for bytes"
	type_text "0a 00 00 00 14 ?? 00 00 1e"
	keys Enter
	wait_for is_at "$(address_of table)"
	keys '='
	type_text "zz"
	keys Enter
	wait_for says "there is no such value"
	keys t t t t t
	wait_for has "  i32 "
	go_to "$edge"
	keys '='
	wait_for says "search for value"
	type_text 99999999999
	keys Enter
	wait_for says "it does not fit"
	memrw write -q -t i32 "$target" counter 1234567891
	keys '='
	type_text 1234567891
	keys Enter
	wait_for is_at "$(address_of counter)"
}

@test "view: a pointer is followed, and come back from" {
	view_on 120 30 "$target" chain
	wait_for is_at "$(address_of chain)"
	keys Enter
	wait_for is_at "$(address_of middle)"
	keys BSpace
	wait_for is_at "$(address_of chain)"
	keys Enter
	wait_for is_at "$(address_of middle)"
	go_to middle+8
	keys C-]
	wait_for is_at "$(address_of table+4)"
	keys C-o
	wait_for is_at "$(address_of middle+8)"
	go_to counter
	keys Enter
	wait_for says "this is no pointer"
}

@test "view: bookmarks are set and gone to" {
	view_on 120 30 "$target" counter
	wait_for is_at "$(address_of counter)"
	keys m
	wait_for says "set bookmark"
	keys c
	wait_for says "bookmark c"
	go_to text
	keys m t "'"
	wait_for says "go to bookmark"
	keys c
	wait_for is_at "$(address_of counter)"
	keys "'" t
	wait_for is_at "$(address_of text)"
	keys "'" x
	wait_for says "no such bookmark: there are 'ct'"
	keys m 1
	wait_for says "a bookmark is a letter"
}

@test "view: the target does not grow by being looked at" {
	[ "$VIA" = procfs ] || skip "a window of the driver's needs the pages"
	coproc LARGE { exec python3 -c '
import mmap, sys
area = mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
area[0] = 1
print("ready", flush=True)
sys.stdin.read()' 3>&-; }
	others+=("$LARGE_PID")
	read -r -t 60 -u "${LARGE[0]}" _
	start=$(awk '$1 ~ /-/ && !$6 { split($1, ends, "-"); print ends[1] }' "/proc/$LARGE_PID/maps" |
		while read -r address; do
			grep -A 1 "^$address-" "/proc/$LARGE_PID/smaps" | grep -q ' 65536 kB' && echo "$address"
		done | head -n 1)
	[ -n "$start" ] || skip "the area is not alone"
	before=$(grep ^VmRSS: "/proc/$LARGE_PID/status")
	view_on 120 30 "$LARGE_PID" "0x$start+0x100000"
	wait_for has "00 00 00 00 00 00 00 00"
	for page in 1 2 3 4 5 6; do
		keys Space
	done
	go_to "0x$start+0x200000"
	wait_for has "00 00 00 00 00 00 00 00"
	[ "$(grep ^VmRSS: "/proc/$LARGE_PID/status")" = "$before" ]
}
