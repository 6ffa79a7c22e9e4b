# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2030,SC2031 # bats sets status and output
#
# The test tools themselves: what they must not let pass.

setup() {
	lib=$BATS_TEST_DIRNAME
	# shellcheck source=tests/lib/frames.sh
	. "$lib/frames.sh"
	FRAME_MARK=@mark
}

# Run a shell script as a test program through frame and tap-merge.
merge() {
	run bash -c '. "$1"; FRAME_MARK=@mark; frame prog "$4" sh -c "$2" 2>/dev/null |
		"$3" @mark' bash "$lib/frames.sh" "$1" "$lib/tap-merge" "${2-60}"
}

passes() {
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "$1" ]
	[ "${lines[-1]}" = 1..1 ]
}

fails() {
	[ "$status" -eq 1 ]
	[[ "$output" == *"not ok "*" - prog: $1"* ]]
}

@test "tap-merge passes a passed test, under the program's name" {
	merge 'echo 1..1; echo ok 1 - adds'
	passes "ok 1 - prog: adds"
}

@test "tap-merge counts the tests of two plans" {
	merge 'echo 1..1; echo ok 1 - a; echo 1..1; echo ok 1 - b'
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "ok 2 - prog: b" ]
}

@test "tap-merge fails a failed test" {
	merge 'echo 1..1; echo not ok 1 - adds'
	fails adds
}

@test "tap-merge keeps a skip and its reason" {
	merge 'echo 1..1; echo "ok 1 adds # skip no device"'
	passes "ok 1 - prog: adds # SKIP no device"
}

@test "tap-merge understands old cmocka's skip" {
	merge 'echo 1..1; echo "not ok 1 # SKIP adds"'
	passes "ok 1 - prog: adds # SKIP "
}

@test "tap-merge keeps a program that skips all" {
	merge 'echo "1..0 # SKIP no device"'
	passes "ok 1 - prog # SKIP no device"
}

@test "tap-merge takes exit status 77 for a skip" {
	merge 'exit 77'
	passes "ok 1 - prog # SKIP exit status 77"
}

@test "tap-merge fails exit status 77 behind a failed test" {
	merge 'echo 1..1; echo not ok 1 - adds; exit 77'
	fails adds
}

@test "tap-merge fails a program that runs fewer tests than planned" {
	merge 'echo 1..2; echo ok 1 - adds'
	fails "planned 2 tests and ran 1"
}

@test "tap-merge fails a program without a plan" {
	merge 'echo ok 1 - adds'
	fails "printed no plan"
}

@test "tap-merge fails a program without a test" {
	merge 'echo 1..0'
	fails "has no tests"
}

@test "tap-merge fails a program that fails after its tests" {
	merge 'echo 1..1; echo ok 1 - adds; exit 3'
	fails "exit status 3"
}

@test "tap-merge fails a program that crashes" {
	merge 'echo 1..1; echo ok 1 - adds; kill -SEGV $$'
	fails "died of signal 11"
}

@test "tap-merge fails a program that runs out of time" {
	merge 'echo 1..1; sleep 60; echo ok 1 - adds' 1
	fails "ran out of time"
}

@test "tap-merge fails a program that gives up" {
	merge 'echo 1..1; echo ok 1 - adds; echo "Bail out! no memory"'
	fails "gave up: no memory"
}

@test "tap-merge fails when the output ends inside a program" {
	run "$lib/tap-merge" @mark < <(printf '@mark begin prog\n1..1\nok 1 - adds\n')
	fails "the output ended in the middle of it"
}

@test "tap-merge takes no program's word for another's end" {
	merge 'echo 1..2; echo ok 1 - adds; echo "@other end 0"; exit 0'
	fails "planned 2 tests and ran 1"
}

@test "tap-merge fails without any program" {
	run "$lib/tap-merge" @mark </dev/null
	[ "$status" -eq 1 ]
}

complains_of() {
	run "$lib/../vm/kernel-complaints" <(printf '[ 1.0] fine\n[ 1.1] %s\n[ 1.2] fine\n' "$1")
	[ "$status" -eq 1 ]
	[ "$output" = "[ 1.1] $1" ]
}

@test "kernel-complaints names what is wrong with a kernel" {
	complains_of 'BUG: unable to handle page fault for address: 0000000000001000'
	complains_of 'BUG: KASAN: use-after-free in memrw_read+0x10/0x20 [memrw]'
	complains_of 'WARNING: CPU: 1 PID: 99 at mm/gup.c:10 foo+0x1/0x2'
	complains_of 'WARNING: possible circular locking dependency detected'
	complains_of 'Oops: 0002 [#1] PREEMPT SMP NOPTI'
	complains_of 'Call Trace:'
	complains_of 'refcount_t: underflow; use-after-free.'
	complains_of 'INFO: task memrw:99 blocked for more than 120 seconds.'
	complains_of 'kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)'
	complains_of 'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:'
}

@test "kernel-complaints has nothing against a healthy kernel" {
	run "$lib/../vm/kernel-complaints" <(printf '%s\n' \
		'memrw: loading out-of-tree module taints kernel.' \
		'kmemleak: Kernel memory leak detector initialized' \
		'Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on' \
		'debug: unmapping init [mem 0xffffffff8-0xfffffffff]')
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "kernel-complaints fails a data race of the driver's, and shows any other" {
	run "$lib/../vm/kernel-complaints" <(printf '%s\n' '[ 1.0] fine' \
		'[ 1.1] ==================================================================' \
		'[ 1.1] BUG: KCSAN: data-race in tick_do_update / tick_nohz' \
		'[ 1.1]  tick_nohz+0x10/0x20' \
		'[ 1.1] ==================================================================')
	[ "$status" -eq 0 ]
	[ "$output" = "not the driver's: KCSAN: data-race in tick_do_update / tick_nohz (1 times)" ]
	run "$lib/../vm/kernel-complaints" <(printf '%s\n' \
		'[ 1.1] BUG: KCSAN: data-race in memcpy / memrw_touch [memrw]' \
		'[ 1.1]  memrw_touch+0x10/0x20 [memrw]' \
		'[ 1.1] ==================================================================' \
		'[ 1.2] fine')
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 3 ]
}

sources() {
	mkdir -p "$BATS_TEST_TMPDIR/sources.list.d"
	cat >"$BATS_TEST_TMPDIR/$1"
	MEMRW_APT_ETC=$BATS_TEST_TMPDIR run "$lib/debian-sources" bookworm bookworm-security
}

@test "debian-sources reads the one-line format, and derives what is missing" {
	sources sources.list <<-END
		# deb http://other.example/debian bookworm main
		deb [arch=amd64] http://third.example/tools trixie main
		deb-src http://mirror.example/debian trixie main
		deb [signed-by=/k.gpg trusted=yes] http://mirror.example/debian trixie main contrib
	END
	[ "$status" -eq 0 ]
	[ "$output" = "Types: deb
URIs: http://mirror.example/debian
Suites: bookworm
Components: main
Signed-By: /k.gpg
Trusted: yes

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /k.gpg
Trusted: yes" ]
}

@test "debian-sources reads deb822, and takes the security archive that is named" {
	sources sources.list.d/debian.sources <<-END
		Types: deb deb-src
		# a remark
		URIs: http://mirror.example/debian/
		Suites: trixie trixie-updates
		Components: main

		Types: deb
		URIs: http://safe.example/debian-security
		Suites: trixie-security
		Components: main
		Signed-By:
		 -----BEGIN PGP PUBLIC KEY BLOCK-----
		 .
		 -----END PGP PUBLIC KEY BLOCK-----

		Enabled: no
		Types: deb
		URIs: http://off.example/debian
		Suites: trixie
		Components: main
	END
	[ "$status" -eq 0 ]
	[ "$output" = "Types: deb
URIs: http://mirror.example/debian/
Suites: bookworm
Components: main

Types: deb
URIs: http://safe.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----" ]
}

@test "debian-sources fails where no Debian archive is named" {
	sources sources.list <<-END
		deb http://third.example/tools stable main
		deb http://mirror.example/ubuntu noble main
	END
	[ "$status" -ne 0 ]
}

# A copy of the project, so that no other run is in the way.
copy_of_the_project() {
	tree=$BATS_TEST_TMPDIR/tree
	"$lib/copy-tree" "$tree"
}

@test "a row of the matrix fails where the driver does not build" {
	copy_of_the_project
	echo 'int undefined_behaviour = nothing;' >>"$tree/module/main.c"
	run "$tree/tests/matrix/row" build bookworm cloud-amd64
	[ "$status" -eq 1 ]
	[[ "$output" == *"not ok 1 - build: for 6.1"* ]]
}

@test "a row of the matrix fails where the driver builds with a warning" {
	copy_of_the_project
	echo 'static int unused(void) { return 0; }' >>"$tree/module/main.c"
	run "$tree/tests/matrix/row" build bookworm cloud-amd64
	[ "$status" -eq 1 ]
	[[ "$output" == *"not ok 1 - build: for 6.1"* ]]
}

@test "a row of the matrix whose suite is out of reach is skipped, and no more" {
	copy_of_the_project
	XDG_CACHE_HOME=$BATS_TEST_TMPDIR run "$tree/tests/matrix/row" build no-such-suite cloud-amd64
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "ok 1 - kernel # SKIP apt does not reach no-such-suite" ]
}

@test "a row of the matrix fails where its suite has no such kernel" {
	"$lib/apt-suite" bookworm || skip "apt does not reach bookworm"
	copy_of_the_project
	run "$tree/tests/matrix/row" build bookworm no-such-flavour
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "not ok 1 - kernel: bookworm has no no-such-flavour" ]
}

@test "a run on a debug kernel fails where there is none" {
	copy_of_the_project
	XDG_CACHE_HOME=$BATS_TEST_TMPDIR run "$tree/tests/debug/row" suite no-such-suite kasan
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "not ok 1 - kernel: kasan of no-such-suite does not build" ]
	run "$tree/tests/debug/row" suite bookworm no-such-variant
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "not ok 1 - kernel: no-such-variant of bookworm does not build" ]
}

@test "a planted bug for which there is no place fails" {
	copy_of_the_project
	mkdir -p "$tree/build/unit" "$tree/build/cli" "$tree/build/vm/t"
	touch "$tree/build/memrw" "$tree/build/libmemrw.so.0"
	sed -i '/kfree(session)/d' "$tree/module/session.c"
	run "$tree/tests/debug/planted/run" /nonexistent kasan kmemleak
	[ "$status" -eq 1 ]
	[[ "$output" == "not ok 1 - kmemleak_catches_a_session_that_is_not_freed"* ]]
	[[ "$output" == *"the driver has no such place any more"* ]]
}

# Each by its real name: the two may come by another way to the same file.
real_names() {
	xargs -d '\n' readlink -f | sort -u
}

@test "libraries finds what the dynamic linker loads" {
	local program

	for program in "$BASH" "$lib/../../build/memrw"; do
		run bash -c '"$1" "" <<<"$2"' bash "$lib/../vm/libraries" "$program"
		[ "$status" -eq 0 ]
		[ "$(real_names <<<"$output")" = \
			"$(ldd "$program" | grep -o '/[^ ]* (0x' | sed 's/ (0x//' | real_names)" ]
	done
}

@test "libraries fails where a library is missing" {
	run bash -c '"$1" "$3" <<<"$2"' bash "$lib/../vm/libraries" "$lib/../../build/memrw" \
		"$BATS_TEST_TMPDIR"
	[ "$status" -ne 0 ]
	[[ "$output" == *"libraries: no lib"*", which "*"/memrw needs" ]]
}
