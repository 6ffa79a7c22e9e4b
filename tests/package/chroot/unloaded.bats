# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2154 # chroot.bash sets them
#
# Where the module can be neither built nor loaded: the packages are installed,
# say so, and the command works through /proc.

load chroot

# First a chroot with a kernel but without its headers, then a container, which
# has no kernel at all.
setup_file() {
	can_run || return 0
	new_root
	logged bare inside apt-get -qq -y purge "linux-headers-*"
	logged chroot install_packages && touch "$logs/chroot.done"
	inside dpkg --audit >"$logs/chroot.audit"
	use_the_command inside >"$logs/chroot.use" 2>&1 || true
	inside memrw info >"$logs/chroot.info" 2>&1 || true

	logged purge purge_packages
	logged bare inside apt-get -qq -y purge "linux-image-*"
	contained sh -c "$apt_install" >"$logs/container" 2>&1 && touch "$logs/container.done"
	inside dpkg --audit >"$logs/container.audit"
	use_the_command contained >"$logs/container.use" 2>&1 || true
	contained memrw info >"$logs/container.info" 2>&1 || true
}

teardown_file() {
	remove_root
}

# use_the_command inside|contained: on a process of its own there.
use_the_command() {
	# shellcheck disable=SC2016 # for the inner shell to expand
	"$1" sh -c '
		text="the cake is in the oven" sleep 1000 &
		sleep 0.5
		memrw maps --via procfs $! | grep -F "[stack]"
		memrw read --via procfs $! "[stack]" 8 | head -n 1
		memrw read $! "[stack]" 8 | head -n 1
		kill $!
	'
}

is_installed_in() {
	cat "$logs/$1" "$logs/$1.audit"
	[ -e "$logs/$1.done" ]
	[ ! -s "$logs/$1.audit" ]
}

works_in() {
	cat "$logs/$1.use"
	grep -qF '[stack]' "$logs/$1.use"
	[ "$(grep -cE '^[0-9a-f]+  00 ' "$logs/$1.use")" -eq 2 ]
}

@test "chroot: the packages are installed without headers" {
	is_installed_in chroot
}

@test "chroot: a notice says that the driver is another system's to load" {
	grep -F "this is a chroot or a container" "$logs/chroot"
	run ! grep -i -e error -e modprobe "$logs/chroot"
}

@test "chroot: a notice says that there are no headers" {
	grep -F "built for no kernel: there are no kernel headers here" "$logs/chroot"
}

@test "chroot: the command works through /proc" {
	works_in chroot
}

@test "container: it is one, without the privilege to load modules" {
	[ "$(contained systemd-detect-virt --container)" != none ]
	run ! contained ischroot
	run contained sh -c 'grep CapBnd /proc/self/status'
	[ "$((0x${output##*[[:space:]]} >> 16 & 1))" -eq 0 ]
}

@test "container: the packages are installed without a kernel and the privilege" {
	is_installed_in container
}

@test "container: a notice says that the driver is another system's to load" {
	grep -F "this is a chroot or a container" "$logs/container"
	run ! grep -i -e error -e modprobe "$logs/container"
}

@test "container: the command works through /proc" {
	works_in container
}

@test "info does not advise to install what the running kernel is not of" {
	for place in chroot container; do
		cat "$logs/$place.info"
		grep -F "usable:   no, this system has no modules of the kernel that runs" \
			"$logs/$place.info"
		run ! grep -e '^try:.*apt' "$logs/$place.info"
	done
}
