# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2030,SC2031 # bats sets status and output
#
# The maintainer scripts of memrw-dkms, as they stand in debian/, without what
# debhelper adds: they must not fail, whatever the machine is like, nor touch a
# kernel that is not the machine's own.  The commands that they run are fakes,
# which write down that they were called.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	fakes=$BATS_TEST_TMPDIR/bin
	calls=$BATS_TEST_TMPDIR/calls
	mkdir "$fakes"
	: >"$calls"
	fake ischroot 1
	fake systemd-detect-virt 1
	fake modinfo 0 9.9.9
	fake modprobe 0
	fake udevadm 0
}

# fake COMMAND STATUS [OUTPUT]
fake() {
	cat >"$fakes/$1" <<-END
		#!/bin/sh
		echo "$1 \$*" >>$calls
		[ -z "${3-}" ] || echo "${3-}"
		exit $2
	END
	chmod +x "$fakes/$1"
}

script() {
	PATH=$fakes:$PATH run sh -e "debian/memrw-dkms.$1" "$2"
}

called() {
	grep -q "^$1" "$calls"
}

@test "postinst loads the module" {
	script postinst configure
	[ "$status" -eq 0 ]
	called 'modprobe memrw'
}

@test "postinst leaves the kernel alone in a chroot" {
	fake ischroot 0
	script postinst configure
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run ! called modprobe
}

@test "postinst leaves the kernel alone in a container" {
	fake systemd-detect-virt 0
	script postinst configure
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	run ! called modprobe
}

@test "postinst says what to install where there are no headers" {
	fake modinfo 1
	script postinst configure
	[ "$status" -eq 0 ]
	[[ "$output" == *"apt install linux-headers-$(uname -r)"* ]]
	run ! called modprobe
}

@test "postinst says what to do where the module does not load" {
	fake modprobe 1
	script postinst configure
	[ "$status" -eq 0 ]
	[[ "$output" == *"mokutil --import"* ]]
}

@test "postinst does not mind a udev that fails" {
	fake udevadm 1
	script postinst configure
	[ "$status" -eq 0 ]
}

@test "postinst loads nothing when a removal is undone" {
	script postinst abort-remove
	[ "$status" -eq 0 ]
	run ! called modprobe
}
