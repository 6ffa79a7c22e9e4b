# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # the guest expands it; bats sets status and output
#
# What a user does with the packages, on a whole Debian in a virtual machine:
# one story, in which each test goes on from where the one before it left.
# Run by tests/package/check, which sets
#
#   SUITE    bookworm or trixie
#   SYSTEM   that suite's system, of tests/package/system
#   DEBS     the directory of the packages
#   NEXT     the directory of the packages of a later version

bats_require_minimum_version 1.5.0

setup_file() {
	guest_dir=$(mktemp -d "$BATS_TEST_DIRNAME/../../../build/package/guest.XXXXXX")
	export guest_dir
	load guest
	mkdir "$guest_dir/next"
	cp "$NEXT"/*.deb "$guest_dir/next"
	guest_make "$SYSTEM" "$DEBS"/*.deb "$guest_dir/next" "$BATS_TEST_DIRNAME/../../../debian"
}

teardown_file() {
	load guest
	guest_kill
	[ -e "$guest_dir/failed" ] || rm -rf "$guest_dir"
}

setup() {
	load guest
	[ ! -e "$guest_dir/failed" ] || {
		echo "the step before failed: $(cat "$guest_dir/failed")"
		return 1
	}
}

teardown() {
	[ -n "${BATS_TEST_COMPLETED-}" ] || [ -e "$guest_dir/failed" ] ||
		echo "$BATS_TEST_DESCRIPTION" >"$guest_dir/failed"
}

# The guest's kernels, oldest first.  (-c: also from a disk that is in use.)
kernels() {
	debugfs -c -R 'ls -p /boot' "$guest_dir/disk" 2>/dev/null |
		sed -n 's,.*/initrd\.img-\([^/]*\)/.*,\1,p' | sort -V
}

version_of() {
	dpkg-deb -f "$1"/memrw-dkms_*.deb Version
}

device_is_as_promised() {
	[ "$(guest 'stat -c "%U:%G %a %F" /dev/memrw')" = 'root:memrw 660 character special file' ]
}

# A program of the user's own, read and changed through the driver; and root,
# who goes by /proc, sees the same there.
works_for() {
	guest_login "$1" '
		sleep 1000 &
		pid=$!
		until [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.1; done
		echo $pid >/tmp/pid
		memrw read --via driver --raw $pid sleep+0 4 | tail -c 3
		memrw write --via driver -t u32 $pid "[heap]+0x400" 305419896
		memrw read --via driver -t u32 $pid "[heap]+0x400" | cut -f 2' | tee "$guest_dir/out"
	grep -q ^ELF "$guest_dir/out"
	grep -qx 305419896 "$guest_dir/out"
	guest 'memrw read --via procfs -t u32 $(cat /tmp/pid) "[heap]+0x400" | cut -f 2' | grep -qx 305419896
}

nothing_is_half_done() {
	[ -z "$(guest 'dpkg --audit')" ]
}

apt_install() {
	guest "apt-get -qq -y -o Dpkg::Progress-Fancy=0 -o Dpkg::Use-Pty=0 --no-install-recommends install $*"
}

@test "Debian boots, with a kernel and its headers" {
	guest_boot "$(kernels | tail -n 1)"
	guest '[ ! -e /dev/memrw ] && ! getent group memrw'
}

@test "apt install: module built and loaded, group and node there" {
	apt_install /root/packages/{memrw-dkms,memrw,libmemrw0}_*.deb
	nothing_is_half_done
	guest 'grep memrw /proc/modules; getent group memrw; ls -l /dev/memrw'
	guest 'dkms status memrw' | grep ': installed'
	guest 'grep -q "^memrw " /proc/modules'
	device_is_as_promised
}

@test "a member of the group uses it after a new login" {
	guest 'adduser --quiet alice memrw'
	works_for alice
}

@test "who is not in the group is told what to do" {
	run guest_login bob 'memrw read --via driver 1 0 1'
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *'you are not in the group memrw'*'adduser bob memrw'* ]]
}

# bob's program, under a name that would make up a field if it could.
start_bobs_program() {
	guest 'cat >/tmp/program <<"END"
printf "a b\nres=1" >/proc/$$/comm
while sleep 1000; do :; done
END
		systemd-run --quiet --unit=program --uid=bob bash /tmp/program
		until grep -q "^res=1" "/proc/$(systemctl show -P MainPID program)/comm"; do
			sleep 0.1
		done'
	bobs=$(guest 'systemctl show -P MainPID program')
}

# recorded USER RESULT: the one such record of a bind of bob's program.
recorded() {
	guest "ausearch --message KERNEL_OTHER --interpret --input-logs" |
		grep " op=memrw-bind .* uid=$1 .* res=$2 *\$" | tee "$guest_dir/out"
	[ "$(wc -l <"$guest_dir/out")" -eq 1 ]
	grep -F " exe=/usr/bin/memrw " "$guest_dir/out" | grep -F " opid=$bobs " | grep -F " ouid=bob "
}

@test "auditd writes down who bound, or tried to bind, another user's process" {
	apt_install auditd
	guest 'auditctl -s' | grep -x 'enabled 1'
	start_bobs_program
	run guest_login alice "memrw read --via driver $bobs '[heap]' 8"
	[ "$status" -eq 1 ]
	guest "memrw read --via driver $bobs '[heap]' 8"
	recorded alice no
	# Who logged in, whoever that is by now; the name is its own, and no field.
	grep -F " auid=alice " "$guest_dir/out"
	recorded root yes
	guest 'systemctl stop program'
}

@test "the test of the driver that the packages bring for autopkgtest passes" {
	guest 'cd packages && debian/tests/driver'
}

@test "reboot: the node, its mode and its group are there before multi-user.target" {
	guest_shut_down
	guest_boot "$(kernels | tail -n 1)"
	device_is_as_promised
	guest 'udevadm info -q property /dev/memrw
		systemctl show -p ActiveEnterTimestampMonotonic multi-user.target' >"$guest_dir/out"
	cat "$guest_dir/out"
	node=$(sed -n 's/^USEC_INITIALIZED=//p' "$guest_dir/out")
	target=$(sed -n 's/^ActiveEnterTimestampMonotonic=//p' "$guest_dir/out")
	[ "$node" -gt 0 ] && [ "$node" -lt "$target" ]
	works_for alice
}

@test "kernel upgrade: DKMS builds for the new kernel with no help" {
	case $SUITE in
	bookworm) apt_install linux-image-6.12-cloud-amd64 linux-headers-6.12-cloud-amd64 ;;
	trixie) apt_install -t trixie-backports linux-image-cloud-amd64 linux-headers-cloud-amd64 ;;
	esac
	nothing_is_half_done
	guest_shut_down
	[ "$(kernels | wc -l)" -eq 2 ]
}

@test "the new kernel boots, and the device works" {
	guest_boot "$(kernels | tail -n 1)"
	guest "[ \$(uname -r) = $(kernels | tail -n 1) ]"
	device_is_as_promised
	works_for alice
	guest_shut_down
}

@test "the old kernel still boots, and the device works" {
	guest_boot "$(kernels | head -n 1)"
	guest "[ \$(uname -r) = $(kernels | head -n 1) ]"
	device_is_as_promised
	works_for alice
}

@test "a kernel that is removed takes its module along" {
	new=$(kernels | tail -n 1)
	guest "apt-get -qq -y purge linux-image-$new 'linux-headers-${new%%[-+]*}*'"
	nothing_is_half_done
	guest "! find /lib/modules/$new /var/lib/dkms -name 'memrw.ko*' -path '*$new*' 2>/dev/null | grep ."
}

@test "package upgrade while the device is open: the old module stays, info says so" {
	guest "systemd-run --quiet --unit=holder --uid=alice --property=PAMName=login \
		sh -c 'exec sleep 1000 3<>/dev/memrw'
		until ls -l /proc/[0-9]*/fd 2>/dev/null | grep -q /dev/memrw; do sleep 0.1; done"
	apt_install /root/packages/next/{memrw-dkms,memrw,libmemrw0}_*.deb
	nothing_is_half_done
	[ "$(guest 'cat /sys/module/memrw/version')" = "$(version_of "$DEBS")" ]
	[ "$(guest 'modinfo -F version memrw')" = "$(version_of "$NEXT")" ]
	guest_login alice 'memrw info' | tee "$guest_dir/out"
	grep -qF "$(version_of "$DEBS")" "$guest_dir/out"
	grep -qF "$(version_of "$NEXT")" "$guest_dir/out"
	works_for alice
}

@test "once the device is closed, the new module takes over" {
	guest 'systemctl stop holder; modprobe -r memrw && modprobe memrw; udevadm settle'
	[ "$(guest 'cat /sys/module/memrw/version')" = "$(version_of "$NEXT")" ]
	device_is_as_promised
	works_for alice
}

@test "purge: module unloaded, nothing left but the group" {
	guest 'apt-get -qq -y purge memrw-dkms memrw libmemrw0'
	nothing_is_half_done
	guest '! grep "^memrw " /proc/modules && [ ! -e /dev/memrw ]'
	guest '! find / -xdev -iname "*memrw*" ! -path "/root/*" ! -path "/proc/*" \
		! -path "/sys/*" ! -path "/var/log/*" | grep .'
	guest 'getent group memrw'
}

@test "nothing made the kernel complain" {
	guest_shut_down
}
