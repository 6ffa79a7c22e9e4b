# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests in a chroot share: a root made from SYSTEM, an archive of a
# whole Debian of SUITE, and commands in it.  Each command has its own mounts,
# which go away with it, however it ends.

# unpack_system ROOT
unpack_system() {
	mkdir -p "$1"
	tar -x -f "$SYSTEM" -C "$1" --numeric-owner --exclude='./dev/*'
	printf '#!/bin/sh\nexit 101\n' >"$1/usr/sbin/policy-rc.d"
	chmod +x "$1/usr/sbin/policy-rc.d"
}

# with_mounts ROOT COMMAND...: COMMAND here, while ROOT has /proc, /sys, /dev.
with_mounts() {
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare --mount bash -euc '
		mount -t proc proc "$1/proc"
		mount -t sysfs -o ro sysfs "$1/sys"
		mount --rbind /dev "$1/dev"
		shift
		exec "$@"' bash "$@"
}

# in_root ROOT COMMAND...
in_root() {
	local root=$1
	shift
	with_mounts "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

# The release of a kernel that ROOT has headers of: not the one that runs.
kernel_of() {
	local build

	for build in "$1"/lib/modules/*/build; do
		basename "$(dirname "$build")"
	done | sort -V | tail -n 1
}

are_installed() {
	local package

	for package in "${@:2}"; do
		# shellcheck disable=SC2016 # dpkg-query expands it
		in_root "$1" dpkg-query -W -f '${db:Status-Status}' "$package" 2>&1 |
			grep -qx installed || return
	done
}

# add_packages ROOT PACKAGE...: those that are missing, by this machine's apt,
# which knows the way to the archive.
add_packages() {
	local root=$1 conf
	shift

	! are_installed "$root" "$@" || return 0
	conf=$(tests/lib/apt-suite "$SUITE")
	APT_CONFIG=$conf DEBIAN_FRONTEND=noninteractive with_mounts "$root" \
		apt-get -qq -y --no-install-recommends \
		-o Dir::State::status="$root/var/lib/dpkg/status" \
		-o Dir::State::extended_states="$root/var/lib/apt/extended_states" \
		-o Dir::Cache="$root/var/cache/apt" \
		-o DPkg::Chroot-Directory="$root" \
		install "$@" </dev/null
}
