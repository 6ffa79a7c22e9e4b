#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # helper.bash and bats set them

load helper

# No target is needed.
setup() {
	:
}

advice() {
	"$tools/advice" "$@"
}

@test "info: without the driver fails and says what to type" {
	[ ! -e /dev/memrw ] || skip "the driver is there"
	run --separate-stderr "$MEMRW" info
	expect_status 1
	expect_no_stderr
	[[ "$output" == *"module:   "*"installed"* ]]
	[[ "$output" == *"node:     none"* ]]
	[[ "$output" == *"usable:   no, "* ]]
	[[ "$output" == *"try:      sudo "* ]] || [ ! -e "/lib/modules/$(uname -r)" ]
}

@test "info: --json without the driver" {
	[ ! -e /dev/memrw ] || skip "the driver is there"
	run --separate-stderr "$MEMRW" info --json
	expect_status 1
	[ "$(json usable)" = false ]
	[ "$(json status)" = no-module ]
	[ "$(json module_loaded)" = false ]
	[ "$(json driver)" = null ]
	[ "$(json node)" = null ]
	[ "$(json access)" = null ]
	[ -n "$(json why)" ]
	[[ "$(json try)" == "sudo "* ]] || [ ! -e "/lib/modules/$(uname -r)" ]
	[ "$(json module loaded)" = null ]
	[ -z "$(json module note)" ]
}

@test "info: --json tells of the module what is so" {
	run --separate-stderr "$MEMRW" info --json
	[ "$(json module headers)" = "$(is_there "/lib/modules/$(uname -r)/build/include")" ]
	[ "$(json module loaded)" = "$(cat /sys/module/memrw/version 2>/dev/null || echo null)" ]
	[ "$(json module installed)" = "$(PATH=$PATH:/sbin modinfo -F version memrw 2>/dev/null || echo null)" ]
}

is_there() {
	if [ -e "$1" ]; then echo true; else echo false; fi
}

@test "info: with the driver tells its version, policy and node" {
	[ "$VIA" = driver ] || skip "this run is not on the driver"
	run --separate-stderr "$MEMRW" info
	expect_status 0
	expect_no_stderr
	[[ "$output" == *"module:   loaded"* ]]
	[[ "$output" == *"access:   owner"* ]]
	[[ "$output" == *"driver:   version "*", ABI 1"* ]]
	[[ "$output" == *"features: force no-populate region"* ]]
	[[ "$output" == *"node:     /dev/memrw, root:memrw, mode 0660"* ]]
	[[ "$output" == *"group:    memrw, you are in it"* ]]
	[[ "$output" == *"usable:   yes"* ]]
}

@test "info: --json with the driver" {
	[ "$VIA" = driver ] || skip "this run is not on the driver"
	run --separate-stderr "$MEMRW" info --json
	expect_status 0
	[ "$(json usable)" = true ]
	[ "$(json status)" = ready ]
	[ "$(json access)" = owner ]
	[ "$(json driver abi_version)" = 1 ]
	[[ "$(json driver features)" == '["force","no-populate","region"'* ]]
	[ "$(json driver version)" = "$(json version)" ]
	[ "$(json node path)" = /dev/memrw ]
	[ "$(json node mode)" = 0660 ]
	[ "$(json node group)" = memrw ]
	[ "$(json node in_group)" = true ]
}

kernel_at_least() {
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]
}

@test "info: names the features that depend on the kernel" {
	# Only the driver has features.
	[ "$VIA" = driver ] || skip "this run is not on the driver"
	run --separate-stderr "$MEMRW" info --json
	features=$(json driver features)
	known='^\["force","no-populate","region"(,"interruptible")?(,"anon-name")?,"batch","atomic","window"(,"watch")?\]$'
	[[ "$features" =~ $known ]]
	[[ "$features" == *'"watch"'* ]] || [ "$(uname -m)" != x86_64 ]
	# An older kernel may have taken it over.
	[[ "$features" == *'"interruptible"'* ]] || ! kernel_at_least 6.2
}

@test "info: an operand is bad usage" {
	run --separate-stderr "$MEMRW" info now
	expect_usage_error "memrw: info: 'now' is one operand too many"
}

@test "info: a full disk is a failure" {
	[ -e /dev/full ] || skip "no /dev/full"
	run --separate-stderr bash -c '"$@" >/dev/full' - "$MEMRW" info
	expect_failure "standard output: No space left on device"
}

# A system in $system that runs Linux 6.1-test, with files of these names.
make_system() {
	system=$BATS_TEST_TMPDIR/system
	local file

	for file in "$@"; do
		mkdir -p "$(dirname "$system/$file")"
		: >"$system/$file"
	done
}

kernel=lib/modules/6.1-test/modules.order
headers=lib/modules/6.1-test/build/include/config/auto.conf
apt=usr/bin/apt
source=var/lib/dkms/memrw/1.2.3/source/dkms.conf

@test "advice: without the driver's package, that and the headers are to be installed" {
	make_system $kernel $apt
	run advice no-module root="$system"
	[ "${lines[0]}" = "the driver is not installed" ]
	[ "${lines[1]}" = "sudo apt install linux-headers-6.1-test memrw-dkms" ]
}

@test "advice: headers that are there are not to be installed" {
	make_system $kernel $apt $headers
	run advice no-module root="$system"
	[ "${lines[1]}" = "sudo apt install memrw-dkms" ]
}

@test "advice: packages are not named where there is no apt" {
	make_system $kernel
	run advice no-module root="$system"
	[ "${lines[0]}" = "the driver is not installed" ]
	[[ "${lines[1]}" == "sudo make install-driver && sudo dkms install memrw/"* ]]
	make_system $source
	run advice no-module root="$system"
	[[ "${lines[1]}" == "install these headers, then: sudo dkms install memrw/1.2.3 "* ]]
	run advice wrong-abi root="$system"
	[[ "${lines[1]}" == "install the driver of that version, then: "* ]]
}

@test "advice: missing headers are named" {
	make_system $kernel $apt $source
	run advice no-module root="$system"
	[ "${lines[0]}" = "the module cannot be built without the headers of the kernel that runs, 6.1-test" ]
	[ "${lines[1]}" = "sudo apt install linux-headers-6.1-test && sudo modprobe memrw" ]
}

@test "advice: a module that has not been built is to be built" {
	make_system $kernel $apt $source $headers
	run advice no-module root="$system"
	[ "${lines[0]}" = "the module has not been built for the kernel that runs, 6.1-test" ]
	[ "${lines[1]}" = "sudo dkms install memrw/1.2.3 -k 6.1-test && sudo modprobe memrw" ]
}

@test "advice: of several versions the newest is to be built" {
	make_system $kernel $headers var/lib/dkms/memrw/{1.10.0,1.9.0}/source/dkms.conf
	run advice no-module root="$system"
	[[ "${lines[1]}" == "sudo dkms install memrw/1.10.0 "* ]]
}

@test "advice: a build that failed has a log" {
	log=var/log/memrw-dkms/6.1-test.log
	make_system $kernel $apt $source $headers $log
	run advice no-module root="$system"
	[ "${lines[0]}" = "the module could not be built for the kernel that runs, 6.1-test: see $system/$log" ]
}

@test "advice: the log of DKMS is one of this kernel, or none" {
	log=var/lib/dkms/memrw/1.2.3/build/make.log
	make_system $kernel $apt $source $headers $log
	for said in "DKMS make.log for memrw-1.2.3 for kernel %s (x86_64)" \
		"DKMS (dkms-3.2.2) make.log for memrw/1.2.3 for kernel %s (x86_64)"; do
		# shellcheck disable=SC2059 # it has the %s
		printf "$said\nerror\n" 6.1-test >"$system/$log"
		run advice no-module root="$system"
		[[ "${lines[0]}" == *"could not be built"*": see $system/$log" ]]
		# shellcheck disable=SC2059
		printf "$said\nerror\n" 6.1-test2 >"$system/$log"
		run advice no-module root="$system"
		[[ "${lines[0]}" == *"has not been built"* ]]
	done
}

@test "advice: where the kernel is another system's, nothing is to be installed" {
	make_system $apt
	run advice no-module root="$system"
	[[ "${lines[0]}" == "this system has no modules of the kernel that runs, 6.1-test"* ]]
	[ "${#lines[@]}" -eq 1 ]
}

# install_module VERSION: for modprobe to load, as far as it can tell.
install_module() {
	local PATH=$PATH:/sbin modules=$system/lib/modules/6.1-test

	# The guest has no compiler and no binutils, which come with it where memrw is built.
	if [ "$VIA" = driver ] || [ -e "$root/build/foreign" ]; then
		skip "the guest has no assembler to make a module with"
	fi
	mkdir -p "$modules/updates"
	printf '.section .modinfo, "a"\n.asciz "version=%s"\n' "$1" | as -o "$modules/updates/memrw.ko"
	depmod -b "$system" 6.1-test
}

load_module() {
	mkdir -p "$system/sys/module/memrw"
	echo "$1" >"$system/sys/module/memrw/version"
}

@test "advice: a module that is newer than the one loaded waits to be loaded" {
	make_system $kernel
	install_module 1.2.4
	load_module 1.2.3
	run --keep-empty-lines advice ready root="$system"
	[ "${lines[2]}" = "version 1.2.3 of the module is loaded, version 1.2.4 is installed, for the next boot" ]
	[ "${lines[3]}" = "close the device everywhere, then: sudo modprobe -r memrw && sudo modprobe memrw" ]
	run --keep-empty-lines advice wrong-abi root="$system"
	[ "${lines[1]}" = "sudo modprobe -r memrw && sudo modprobe memrw" ]
}

@test "advice: a module of the version that is loaded waits for nothing" {
	make_system $kernel
	install_module 1.2.3
	load_module 1.2.3
	run advice ready root="$system"
	[ "${#lines[@]}" -eq 0 ]
}

@test "advice: a module that is installed is to be loaded" {
	run advice no-module installed
	[ "${lines[0]}" = "the module memrw is not loaded" ]
	[ "${lines[1]}" = "sudo modprobe memrw" ]
}

@test "advice: a missing node is udev's to make" {
	run advice no-node
	[ "${lines[0]}" = "the module memrw is loaded, but udev has made no /dev/memrw" ]
	[ "${lines[1]}" = "sudo udevadm trigger --subsystem-match=misc" ]
}

@test "advice: who is not in the group is to join it" {
	run advice no-permission group-users
	[ "${lines[0]}" = "you are not in the group users" ]
	[ "${lines[1]}" = "sudo adduser $(id -un) users   (and log in again)" ]
}

@test "advice: who joined the group is to log in again" {
	run advice no-permission group-users in-group-database
	[ "${lines[0]}" = "you joined the group users after this login" ]
	[ "${lines[1]}" = "log in again (or: newgrp users)" ]
}

@test "advice: nobody is told to join the group root" {
	run advice no-permission
	[ "${lines[0]}" = "/dev/memrw has group root and mode 0660, not group memrw and mode 0660" ]
	[[ "${lines[1]}" == "sudo udevadm "* ]]
	run advice no-permission group-users mode-0600
	[ "${lines[0]}" = "/dev/memrw has group users and mode 0600, not group memrw and mode 0660" ]
}

@test "advice: a member who is refused all the same learns that" {
	run advice no-permission group-users in-group
	[ "${lines[0]}" = "/dev/memrw may not be opened here, although you are in its group, users" ]
}

@test "advice: versions that do not fit are to be upgraded" {
	make_system $apt
	run advice wrong-abi root="$system"
	[[ "${lines[0]}" == "the loaded module is of another version than this command, "* ]]
	[[ "${lines[1]}" == *"modprobe -r memrw"* ]]
}

@test "advice: a device that is ready needs none" {
	run advice ready
	[ -z "${lines[0]:-}" ]
}
