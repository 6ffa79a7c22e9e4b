# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the tests use them; bats sets them
#
# What the tests of the packages in a chroot share: a whole Debian to install
# them into, and kernels to plant there.  It is all done at the machine's own
# speed; what only a system that has booted can show is not for here.
#
# SUITE    a suite of Debian
# SYSTEM   a system of it, as tests/package/system makes it
# DEBS     the directory with the packages

bats_require_minimum_version 1.5.0

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$BATS_TEST_DIRNAME/../../../dkms.conf")
root=$BATS_FILE_TMPDIR/root
: "${SUITE:?}" "${SYSTEM:?}" "${DEBS:?}"
logs=$BATS_FILE_TMPDIR/logs

# tests/package/check is always root; one who runs a file by hand may not be,
# and chroot(2), mount(2) and files of other owners are root's.
can_run() {
	[ "$(id -u)" -eq 0 ]
}

setup() {
	can_run || skip "chroots need root"
}

# unpack_system SYSTEM: a new system in $root.
unpack_system() {
	mkdir "$root"
	# The newer kernel is for systems that boot.
	tar -C "$root" --numeric-owner --exclude='./var/cache/apt/archives/linux-*' -xf "$1"
	echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/memrw"
	# No service is started.
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod +x "$root/usr/sbin/policy-rc.d"
	cat >"$root/etc/apt/apt.conf.d/99memrw" <<-'CONF'
		APT::Install-Recommends "false";
		Dpkg::Use-Pty "0";
	CONF
}

# The one that users have, in $kernel its kernel.
unpack_root() {
	unpack_system "$SYSTEM"
	# An initramfs takes longer than all the rest, and none is booted.
	rm "$root/etc/kernel/postinst.d/initramfs-tools"
	kernel=$(basename "$root"/lib/modules/*)
	export kernel
}

# The same with the packages in /memrw.
new_root() {
	mkdir "$logs"
	unpack_root
	mkdir "$root/memrw"
	cp "$DEBS"/*.deb "$root/memrw"
}

remove_root() {
	# Nothing is mounted there, see below; rm should stop at it all the same.
	rm -rf --one-file-system "$root"
}

environment=(env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive)

# What is mounted for a command goes with its mount namespace, however it ends.
# sysfs is read-only and /dev a new one, so that nothing in there reaches this
# machine's kernel and devices.
# shellcheck disable=SC2016 # for the inner shell to expand
with_mounts='
	set -e
	root=$1
	shift
	mount -t proc proc "$root/proc"
	mount -t sysfs -o ro sysfs "$root/sys"
	mount -t tmpfs -o mode=755 tmpfs "$root/dev"
	mkdir "$root/dev/pts" "$root/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
	ln -s pts/ptmx "$root/dev/ptmx"
	ln -s /proc/self/fd "$root/dev/fd"
	for node in null zero full random urandom tty; do
		cp -a "/dev/$node" "$root/dev"
	done
	exec "$@"
'

# mounted COMMAND...: out here, while the system has all that is to be mounted.
mounted() {
	unshare --mount "${environment[@]}" sh -c "$with_mounts" - "$root" "$@" </dev/null
}

# inside COMMAND...: as root in the system, which is a chroot.
inside() {
	unshare --mount --net "${environment[@]}" \
		sh -c "$with_mounts" - "$root" chroot "$root" "$@" </dev/null
}

# contained COMMAND...: as root in the system, which is a container, as PID 1
# and without the privilege to load modules.
contained() {
	unshare --mount --pid --fork --ipc --uts --net \
		setpriv --bounding-set -sys_module \
		"${environment[@]}" container=memrw-test \
		sh -c "$with_mounts" - "$root" chroot "$root" "$@" </dev/null
}

# add_packages PACKAGE...: by this machine's apt, which has the way to the
# archive that the system has not.
add_packages() {
	local conf

	conf=$("$BATS_TEST_DIRNAME/../../lib/apt-suite" "$SUITE")
	mounted env "APT_CONFIG=$conf" apt-get -qq -y --no-install-recommends \
		-o Dpkg::Use-Pty=0 -o DPkg::Chroot-Directory="$root" \
		-o Dir::State::status="$root/var/lib/dpkg/status" \
		-o Dir::State::extended_states="$root/var/lib/apt/extended_states" \
		-o Dir::Cache="$root/var/cache/apt" install "$@"
}

# logged NAME COMMAND...: its output goes to a file, and is shown if it fails.
logged() {
	local name=$1
	shift

	"$@" >"$logs/$name" 2>&1 || {
		cat "$logs/$name"
		return 1
	}
}

apt_install='apt-get -qq -y install /memrw/memrw-dkms_*.deb /memrw/memrw_*.deb /memrw/libmemrw0_*.deb'

install_packages() {
	inside sh -c "$apt_install"
}

purge_packages() {
	inside apt-get -qq -y purge memrw-dkms memrw libmemrw0
}

# No package is half-installed or half-configured.
everything_is_configured() {
	local audit

	audit=$(inside dpkg --audit)
	[ -z "$audit" ] || {
		echo "$audit"
		return 1
	}
}

# has_module KERNEL: DKMS says so, and modprobe would find it.
has_module() {
	inside dkms status -m memrw -v "$version" -k "$1" | grep -q ': installed' &&
		[ "$(inside modinfo -k "$1" -F version memrw)" = "$version" ]
}

# builds LOG: how many times DKMS has built the module.
builds() {
	grep -c '^Building module' "$1" || true
}

#
# Kernels that Debian does not have
#

# plant_kernel RELEASE [broken]: /kernels/linux-{image,headers}-RELEASE.deb with
# the maintainer scripts of the system's own kernel, so that the hooks are run
# as Debian runs them.  With the headers of a broken one our module does not
# compile: a function of the kernel's takes an argument more.
plant_kernel() {
	local release=$1 kind headers
	local image=$root/kernels/image/lib/modules/$release
	local build=$root/kernels/headers/lib/modules/$release/build

	mkdir -p "$image" "$root/kernels/image/boot" "${build%/*}" "$root/kernels/headers/usr/src"
	cp "$root/lib/modules/$kernel"/modules.{builtin,order} "$image"
	cp "$root/boot/config-$kernel" "$root/kernels/image/boot/config-$release"
	echo "not booted" >"$root/kernels/image/boot/vmlinuz-$release"

	headers=$root/kernels/headers/usr/src/linux-headers-$release
	cp -a "$root/usr/src/linux-headers-$kernel" "$headers"
	sed -i "s/$kernel/$release/" "$headers/include/generated/utsrelease.h" \
		"$headers/include/config/kernel.release"
	[ "${2-}" != broken ] ||
		echo '#define misc_register(misc) misc_register(misc, THIS_MODULE)' \
			>>"$headers/include/generated/autoconf.h"
	ln -s "/usr/src/linux-headers-$release" "$build"

	for kind in image headers; do
		control_of_planted "$kind" "$release"
		inside dpkg-deb --root-owner-group -Znone -b "/kernels/$kind" \
			"/kernels/linux-$kind-$release.deb" >/dev/null
		rm -rf "$root/kernels/$kind"
	done
}

control_of_planted() {
	local kind=$1 release=$2 script real
	local control=$root/kernels/$kind/DEBIAN

	mkdir "$control"
	cat >"$control/control" <<-CONTROL
		Package: linux-$kind-${release,,}
		Version: 1
		Architecture: all
		Maintainer: nobody <nobody@memrw.invalid>
		Description: a kernel for a test
	CONTROL
	for script in preinst postinst prerm postrm; do
		real=$root/var/lib/dpkg/info/linux-$kind-$kernel.$script
		[ -e "$real" ] || continue
		sed "s/$kernel/$release/g" "$real" >"$control/$script"
		chmod +x "$control/$script"
	done
}

# install_planted RELEASE [image|headers]: one of them, or both.
install_planted() {
	local kind

	set -- "$1" "${2:-image headers}"
	for kind in $2; do
		set -- "$@" "/kernels/linux-$kind-$1.deb"
	done
	shift 2
	inside dpkg -i "$@"
}
