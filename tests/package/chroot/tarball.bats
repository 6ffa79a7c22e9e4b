# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
#
# What the README says of systems without Debian's packages, from the release's
# tarball, on a Debian that knows nothing of memrw: make install, make
# install-driver, and plain dkms.
#
# SUITE, SYSTEM   a suite, and an archive of a whole Debian of that suite

bats_require_minimum_version 1.5.0
load root

setup_file() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	cd "$BATS_TEST_DIRNAME/../../.." || return
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
	root=$BATS_FILE_TMPDIR/root

	unpack_system "$root"
	add_packages "$root" dkms gcc kmod libelf-dev libjansson-dev libkmod-dev libudev-dev make openssl \
		pkgconf systemd >&2
	kernel=$(kernel_of "$root")
	export version root kernel

	make -s dist >&2
	mkdir "$root/release"
	cp "build/memrw-$version.tar.gz" "$root/release"
	tar -x -C "$root/release" -f "build/memrw-$version.tar.gz" --no-same-owner
	files >"$BATS_FILE_TMPDIR/before"
}

# here COMMAND...: in the unpacked tarball.
here() {
	# shellcheck disable=SC2016 # the inner shell expands it
	in_root "$root" sh -euc 'cd "$1"; shift; exec "$@"' sh "/release/memrw-$version" "$@"
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
	[ "$(in_root "$root" modinfo -k "$kernel" -F version memrw)" = "$version" ]
	[[ "$(in_root "$root" modinfo -k "$kernel" -F filename memrw)" == */updates/dkms/memrw.ko* ]]
	[[ "$(in_root "$root" modinfo -k "$kernel" -F vermagic memrw)" == "$kernel "* ]]
}

no_module_is_installed() {
	run ! in_root "$root" modinfo -k "$kernel" memrw
	[ -z "$(in_root "$root" dkms status memrw)" ]
}

@test "make builds the command, and make module the driver" {
	here make -j2
	here make module "KDIR=/lib/modules/$kernel/build"
	in_root "$root" modinfo "/release/memrw-$version/module/memrw.ko" |
		grep -E "^version: +$version\$"
}

@test "make install installs a command and a library that are found" {
	here make install
	[[ " $(in_root "$root" memrw --version) " == *" $version "* ]]
	[ "$(in_root "$root" pkg-config --modversion libmemrw)" = "$version" ]
	in_root "$root" ldd /usr/local/bin/memrw | grep -F /usr/local/lib/libmemrw.so.0
}

@test "make install-driver and dkms install a module for an installed kernel" {
	here make install-driver
	in_root "$root" systemd-sysusers
	in_root "$root" getent group memrw
	in_root "$root" dkms install "memrw/$version" -k "$kernel"
	module_is_installed
}

@test "dkms remove, make uninstall-driver and make uninstall leave nothing" {
	in_root "$root" dkms remove "memrw/$version" --all
	no_module_is_installed
	here make uninstall-driver
	here make uninstall
	in_root "$root" groupdel memrw
	in_root "$root" ldconfig
	files | diff "$BATS_FILE_TMPDIR/before" - | grep -v -e '^[0-9,]*[acd][0-9,]*$' \
		-e '/etc/g\?shadow-$' -e '/etc/group-$' -e '/etc/passwd-$' >"$BATS_TEST_TMPDIR/left" || :
	cat "$BATS_TEST_TMPDIR/left"
	[ ! -s "$BATS_TEST_TMPDIR/left" ]
	[ ! -e "$root/usr/src/memrw-$version" ]
}

@test "dkms adds, builds and installs the unpacked tarball" {
	in_root "$root" dkms add "/release/memrw-$version"
	in_root "$root" dkms build "memrw/$version" -k "$kernel"
	in_root "$root" dkms install "memrw/$version" -k "$kernel"
	module_is_installed
	in_root "$root" dkms remove "memrw/$version" --all
	no_module_is_installed
	rm -r "$root/usr/src/memrw-$version"
}

@test "dkms installs the unpacked tarball at once" {
	in_root "$root" sh -euc "cd /release && dkms install ./memrw-$version -k $kernel"
	module_is_installed
	in_root "$root" dkms remove "memrw/$version" --all
	rm -r "$root/usr/src/memrw-$version"
}

@test "dkms adds the tarball itself" {
	[ "$SUITE" != bookworm ] || skip "bookworm's dkms takes no tarball but its own"
	in_root "$root" dkms add "/release/memrw-$version.tar.gz"
	in_root "$root" dkms install "memrw/$version" -k "$kernel"
	module_is_installed
	in_root "$root" dkms remove "memrw/$version" --all
	rm -r "$root/usr/src/memrw-$version"
}
