# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2154 # chroot.bash sets them
#
# Kernels come, change and go while memrw-dkms is installed, and some of them
# the module cannot be built for.

load chroot

# A story in $logs: the tests below look at its chapters.
setup_file() {
	can_run || return 0
	new_root
	touch_last_hook
	plant_kernel 9.1-good
	plant_kernel 9.2-late
	plant_kernel 9.3-broken broken
	plant_kernel 9.4-off

	chapter install install_packages
	chapter good install_planted 9.1-good
	chapter again install_planted 9.1-good
	chapter late-image install_planted 9.2-late image
	chapter late-headers install_planted 9.2-late headers
	chapter broken install_planted 9.3-broken
	kernel_that_runs

	touch "$root/etc/dkms/no-autoinstall"
	chapter off install_planted 9.4-off
	rm "$root/etc/dkms/no-autoinstall"

	chapter gone inside dpkg --purge linux-headers-9.1-good linux-image-9.1-good
	chapter reinstall inside sh -c 'dpkg -i /memrw/memrw-dkms_*.deb'
}

# In a chroot memrw info takes the kernel of this machine for the system's own:
# let the system have one of that name, which the module does not compile for.
kernel_that_runs() {
	running=$(uname -r)
	export running
	[ "$running" != "$kernel" ] || return 0
	plant_kernel "$running" broken
	chapter runs-image install_planted "$running" image
	inside memrw info >"$logs/runs-image.info" || true
	chapter runs-headers install_planted "$running" headers
	inside memrw info >"$logs/runs-headers.info" || true
}

teardown_file() {
	remove_root
}

# Runs after all the other hooks, as that of the boot loader does.
touch_last_hook() {
	# shellcheck disable=SC2016 # for the hook to expand
	printf '#!/bin/sh\ntouch "/kernels/hooked-$1"\n' >"$root/etc/kernel/postinst.d/zz-last"
	chmod +x "$root/etc/kernel/postinst.d/zz-last"
}

# Its output, its exit status, and what has become of the module by then.
chapter() {
	local name=$1 status=0
	shift

	"$@" >"$logs/$name" 2>&1 || status=$?
	echo "$status" >"$logs/$name.status"
	{
		inside dkms status -m memrw
		(cd "$root/lib/modules" && find . -name 'memrw.ko*')
	} >"$logs/$name.modules"
	inside dpkg --audit >"$logs/$name.audit"
}

# went_well CHAPTER: and has left nothing half-configured.
went_well() {
	cat "$logs/$1" "$logs/$1.audit"
	[ "$(cat "$logs/$1.status")" -eq 0 ]
	[ ! -s "$logs/$1.audit" ]
}

# has CHAPTER KERNEL: the module, for that kernel, when the chapter is over.
has() {
	grep -q "^memrw/$version, $2, .*: installed" "$logs/$1.modules" &&
		grep -q "^\./$2/updates/dkms/memrw\.ko" "$logs/$1.modules"
}

has_not() {
	! grep -F "$2" "$logs/$1.modules"
}

@test "installing memrw-dkms builds the module for the kernel that is there" {
	went_well install
	has install "$kernel"
	[ "$(builds "$logs/install")" -eq 1 ]
}

@test "a new kernel gets the module from its own hooks, built once" {
	went_well good
	has good 9.1-good
	has good "$kernel"
	[ "$(builds "$logs/good")" -eq 1 ]
}

@test "a kernel that replaces one of its name gets the module anew, once" {
	went_well again
	has again 9.1-good
	[ "$(builds "$logs/again")" -eq 1 ]
}

@test "a kernel without headers is installed, and the headers are named" {
	went_well late-image
	grep -F "not built for 9.2-late: its headers are missing" "$logs/late-image"
	grep -F "apt install linux-headers-9.2-late" "$logs/late-image"
	[ -e "$root/kernels/hooked-9.2-late" ]
	has_not late-image 9.2-late
}

@test "headers that arrive later lead to a build" {
	went_well late-headers
	has late-headers 9.2-late
	[ "$(builds "$logs/late-headers")" -eq 1 ]
}

@test "a kernel that the module does not compile for is configured" {
	went_well broken
	[ -e "$root/kernels/hooked-9.3-broken" ]
	has_not broken 9.3-broken
}

@test "the module that does not compile leaves the others as they are" {
	has broken "$kernel"
	has broken 9.1-good
	has broken 9.2-late
}

@test "the user is told that it does not compile, why, and what to do" {
	grep -F "WARNING: memrw $version could not be built for the kernel 9.3-broken" "$logs/broken"
	grep -F "see /var/log/memrw-dkms/9.3-broken.log" "$logs/broken"
	grep -F "dkms install memrw/$version -k 9.3-broken" "$logs/broken"
}

@test "the compiler's words are in the log, also after later builds" {
	grep -F misc_register "$root/var/log/memrw-dkms/9.3-broken.log"
}

@test "a kernel that it was built for has no log there" {
	run ! ls "$root/var/log/memrw-dkms/9.1-good.log" "$root/var/log/memrw-dkms/$kernel.log"
}

# A chroot shows the kernel of the machine around it: info tells what that lacks
# only where it has no memrw loaded, and is not the one that the system has.
need_info() {
	[ ! -e /sys/module/memrw ] || skip "the driver is loaded here"
	[ "$running" != "$kernel" ] || skip "this machine runs the system's own kernel"
}

@test "info names the headers that are missing" {
	need_info
	went_well runs-image
	grep -Fx "try:      sudo apt install linux-headers-$running && sudo modprobe memrw" \
		"$logs/runs-image.info"
}

@test "info says that it does not compile, and where the log is" {
	need_info
	went_well runs-headers
	log=/var/log/memrw-dkms/$running.log
	grep -Fx "usable:   no, the module could not be built for the kernel that runs, $running: see $log" \
		"$logs/runs-headers.info"
	grep -F misc_register "$root$log"
}

@test "/etc/dkms/no-autoinstall is respected" {
	went_well off
	grep -F "not built for 9.4-off: /etc/dkms/no-autoinstall forbids it" "$logs/off"
	[ "$(builds "$logs/off")" -eq 0 ]
	has_not off 9.4-off
}

@test "a kernel that goes takes its module along" {
	went_well gone
	has_not gone 9.1-good
	[ ! -e "$root/lib/modules/9.1-good" ]
	has gone "$kernel"
}

@test "memrw-dkms is installed where one of the kernels cannot have the module" {
	went_well reinstall
	grep -F "could not be built for the kernel 9.3-broken" "$logs/reinstall"
	has reinstall "$kernel"
	has reinstall 9.2-late
	has reinstall 9.4-off
}
