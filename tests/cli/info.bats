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
	[[ "$output" == *"usable:   no, the module memrw is not "* ]]
	[[ "$output" == *"try:      sudo "* ]]
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
	[[ "$(json why)" == "the module memrw is not "* ]]
	[[ "$(json try)" == "sudo "* ]]
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
	[ "$(json driver features)" = '["force","no-populate","region"]' ]
	[ "$(json driver version)" = "$(json version)" ]
	[ "$(json node path)" = /dev/memrw ]
	[ "$(json node mode)" = 0660 ]
	[ "$(json node group)" = memrw ]
	[ "$(json node in_group)" = true ]
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

@test "advice: a module that is not installed is to be installed" {
	run advice no-module
	[ "${lines[0]}" = "the module memrw is not installed for the running kernel" ]
	# shellcheck disable=SC2016 # for the user's shell to expand
	[ "${lines[1]}" = 'sudo apt install memrw-dkms "linux-headers-$(uname -r)"' ]
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
	run advice wrong-abi
	[[ "${lines[0]}" == "the loaded module is of another version than this command, "* ]]
	[[ "${lines[1]}" == *"modprobe -r memrw"* ]]
}

@test "advice: a device that is ready needs none" {
	run advice ready
	[ -z "${lines[0]:-}" ]
}
