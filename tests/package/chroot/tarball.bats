# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2154 # chroot.bash sets them
#
# What the README says of systems without Debian's packages, from the release's
# tarball, on a Debian that knows nothing of memrw: make install, make
# install-driver, and plain dkms.

bats_require_minimum_version 1.5.0
load chroot

setup_file() {
	can_run || return 0
	cd "$BATS_TEST_DIRNAME/../../.." || return

	unpack_root
	add_packages dkms gcc kmod libcapstone-dev libedit-dev libelf-dev libjansson-dev libkmod-dev libncurses-dev \
		libudev-dev make openssl pkgconf systemd >&2

	make -s dist >&2
	mkdir "$root/release"
	cp "build/memrw-$version.tar.gz" "$root/release"
	tar -x -C "$root/release" -f "build/memrw-$version.tar.gz" --no-same-owner
	files >"$BATS_FILE_TMPDIR/before"
}

teardown_file() {
	remove_root
}

# here COMMAND...: in the unpacked tarball.
here() {
	# shellcheck disable=SC2016 # the inner shell expands it
	inside sh -euc 'cd "$1"; shift; exec "$@"' sh "/release/memrw-$version" "$@"
}

# What may change: what is built in the tree, caches, logs, and dkms's own key.
files() {
	(
		cd "$root"
		find . -xdev \( -path ./release -o -path ./proc -o -path ./sys -o -path ./dev \
			-o -path ./tmp -o -path ./var/cache -o -path ./var/log \
			-o -path './var/lib/dkms/mok.*' -o -path './lib/modules/*/modules.*' \
			-o -path './usr/lib/modules/*/modules.*' \) -prune -o ! -type d -print
	) | sort
}

module_is_installed() {
	[ "$(inside modinfo -k "$kernel" -F version memrw)" = "$version" ]
	[[ "$(inside modinfo -k "$kernel" -F filename memrw)" == */updates/dkms/memrw.ko* ]]
	[[ "$(inside modinfo -k "$kernel" -F vermagic memrw)" == "$kernel "* ]]
}

no_module_is_installed() {
	run ! inside modinfo -k "$kernel" memrw
	[ -z "$(inside dkms status memrw)" ]
}

@test "make builds the command, and make module the driver" {
	here make -j2
	here make module "KDIR=/lib/modules/$kernel/build"
	inside modinfo "/release/memrw-$version/module/memrw.ko" |
		grep -E "^version: +$version\$"
}

@test "make install installs a command and a library that are found" {
	here make install
	[[ " $(inside memrw --version) " == *" $version "* ]]
	[ "$(inside pkg-config --modversion libmemrw)" = "$version" ]
	inside ldd /usr/local/bin/memrw | grep -F /usr/local/lib/libmemrw.so.0
}

@test "make install-driver and dkms install a module for an installed kernel" {
	here make install-driver
	inside systemd-sysusers
	inside getent group memrw
	inside dkms install "memrw/$version" -k "$kernel"
	module_is_installed
}

@test "dkms remove, make uninstall-driver and make uninstall leave nothing" {
	inside dkms remove "memrw/$version" --all
	no_module_is_installed
	here make uninstall-driver
	here make uninstall
	inside groupdel memrw
	inside ldconfig
	files | diff "$BATS_FILE_TMPDIR/before" - | grep -v -e '^[0-9,]*[acd][0-9,]*$' \
		-e '/etc/g\?shadow-$' -e '/etc/group-$' -e '/etc/passwd-$' >"$BATS_TEST_TMPDIR/left" || :
	cat "$BATS_TEST_TMPDIR/left"
	[ ! -s "$BATS_TEST_TMPDIR/left" ]
	[ ! -e "$root/usr/src/memrw-$version" ]
}

@test "dkms adds, builds and installs the unpacked tarball" {
	inside dkms add "/release/memrw-$version"
	inside dkms build "memrw/$version" -k "$kernel"
	inside dkms install "memrw/$version" -k "$kernel"
	module_is_installed
	inside dkms remove "memrw/$version" --all
	no_module_is_installed
	rm -r "$root/usr/src/memrw-$version"
}

@test "dkms installs the unpacked tarball at once" {
	inside sh -euc "cd /release && dkms install ./memrw-$version -k $kernel"
	module_is_installed
	inside dkms remove "memrw/$version" --all
	rm -r "$root/usr/src/memrw-$version"
}

@test "dkms adds the tarball itself" {
	[ "$SUITE" != bookworm ] || skip "bookworm's dkms takes no tarball but its own"
	inside dkms add "/release/memrw-$version.tar.gz"
	inside dkms install "memrw/$version" -k "$kernel"
	module_is_installed
	inside dkms remove "memrw/$version" --all
	rm -r "$root/usr/src/memrw-$version"
}
