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
	fake module 0
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

# What is called by its full name, not through PATH, is a fake too.
script() {
	sed "s|/usr/libexec/memrw-dkms/|$fakes/|g" "debian/memrw-dkms.$1" >"$BATS_TEST_TMPDIR/$1"
	PATH=$fakes:$PATH run sh -e "$BATS_TEST_TMPDIR/$1" "$2"
}

called() {
	grep -q "^$1" "$calls"
}

@test "postinst loads the module" {
	script postinst configure
	[ "$status" -eq 0 ]
	called 'modprobe memrw'
}

@test "postinst builds the module, then loads it" {
	script postinst configure
	grep -A99 -Fx 'module add' "$calls" | grep -Fx 'modprobe memrw'
}

@test "postinst leaves the kernel alone in a chroot, and says so" {
	fake ischroot 0
	script postinst configure
	[ "$status" -eq 0 ]
	[[ "$output" == *"this is a chroot or a container"*"through /proc"* ]]
	called 'module add'
	run ! called modprobe
}

@test "postinst leaves the kernel alone in a container, and says so" {
	fake systemd-detect-virt 0
	script postinst configure
	[ "$status" -eq 0 ]
	[[ "$output" == *"this is a chroot or a container"*"through /proc"* ]]
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

@test "postinst brings back what prerm took away, when dpkg undoes it" {
	for action in abort-remove abort-upgrade abort-deconfigure; do
		: >"$calls"
		script postinst "$action"
		[ "$status" -eq 0 ]
		called 'module add'
		called 'modprobe memrw'
	done
}

@test "prerm takes the module out of DKMS" {
	for action in remove upgrade deconfigure; do
		: >"$calls"
		script prerm "$action"
		[ "$status" -eq 0 ]
		called 'module remove'
	done
}

@test "the kernel's hooks do not fail, even if all else does" {
	fake module 1
	for hook in build forget; do
		script "$hook-hook" 9.9-test
		[ "$status" -eq 0 ]
		called "module $hook 9.9-test"
	done
}

# A conffile stays when the package is removed.
@test "the kernel's hooks do nothing without the package" {
	rm "$fakes/module"
	for hook in build forget; do
		script "$hook-hook" 9.9-test
		[ "$status" -eq 0 ]
		[ -z "$output" ]
	done
	[ ! -s "$calls" ]
}
