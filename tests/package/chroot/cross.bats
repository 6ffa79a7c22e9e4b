# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2154 # chroot.bash sets them
#
# The packages, built for arm64 on amd64, beside those that were built natively.
# What is in them runs in QEMU's emulation of a user's programs, which has this
# machine's kernel and processes.

load chroot

packages=(libmemrw-dev libmemrw0 memrw)

# Where nothing can be fetched: for each test to be skipped.
setup_file() {
	local status=0 system

	can_run || return 0
	cd "$BATS_TEST_DIRNAME/../../.." || return
	system=$(tests/package/cross-system "$SUITE") || status=$?
	[ $status -ne 77 ] || return 0
	[ $status -eq 0 ] || return "$status"

	mkdir "$logs"
	unpack_system "$system"
	mkdir "$root/native"
	cp "$DEBS"/*_amd64.deb "$root/native"
	tests/lib/copy-tree "$root/memrw"
	# As the README has it.
	logged build inside make -C /memrw deb ARCH=arm64
	for package in "${packages[@]}"; do
		take_apart "$package" amd64 x86_64-linux-gnu "$root/native"
		take_apart "$package" arm64 aarch64-linux-gnu "$root/memrw/build/arm64"
	done
	logged install inside sh -c 'dpkg -i /memrw/build/arm64/*.deb'
	emulate_command
}

teardown_file() {
	remove_root
}

setup() {
	can_run || skip "chroots need root"
	[ -d "$root" ] || skip "no network to fetch the packages for cross-building from"
}

# take_apart PACKAGE ARCHITECTURE TRIPLET DIR: into $logs/ARCHITECTURE/PACKAGE,
# without what must differ, which goes to $logs/ARCHITECTURE/machine-code.
take_apart() {
	local into=$logs/$2/$1 code=$logs/$2/machine-code file

	mkdir -p "$code"
	dpkg-deb -R "$4/$1"_*_"$2".deb "$into"
	[ ! -d "$into/usr/lib/$3" ] || mv "$into/usr/lib/$3" "$into/usr/lib/TRIPLET"
	for file in usr/bin/memrw usr/lib/TRIPLET/libmemrw.{a,so.0}; do
		[ ! -f "$into/$file" ] || mv "$into/$file" "$code"
	done
	rm "$into/DEBIAN/md5sums"
	# The package of a library is named after its ABI, t64 here and not there.
	sed -i -e "s/^Architecture: $2$/Architecture: ARCHITECTURE/" -e '/^Installed-Size:/d' \
		-e '/^Depends:/s/ ([^)]*)//g' -e '/^Depends:/s/t64\b//g' "$into/DEBIAN/control"
	find "$into" -name '*.pc' -exec sed -i "s|/usr/lib/$3\\b|/usr/lib/TRIPLET|" {} +
	# Which debhelper made it.
	find "$into/DEBIAN" -name triggers -exec sed -i '/^#/d' {} +
}

# What is called memrw in there is then the one of arm64.
emulate_command() {
	mkdir "$root/emulated"
	cat >"$root/emulated/memrw" <<-'END'
		#!/bin/sh
		exec qemu-aarch64 /usr/bin/memrw "$@"
	END
	chmod +x "$root/emulated/memrw"
}

# machines FILE...: the machines that these are for.
machines() {
	readelf -h "$@" | sed -n 's/^ *Machine: *//p' | sort -u
}

# Of dpkg: the compiler is not the one of this machine's own architecture, and
# there are two of a library.
@test "they build, without a warning" {
	local known=(-e '^dpkg-architecture: warning: .* does not match CC system type'
		-e '^dpkg-shlibdeps: warning: diversions involved')

	grep -- 'aarch64-linux-gnu-gcc .*-Wall -Wextra' "$logs/build" >/dev/null
	grep -i warning: "$logs/build" | grep -v "${known[@]}" >"$logs/warnings" || :
	cat "$logs/warnings"
	[ ! -s "$logs/warnings" ]
}

@test "there is one of each for arm64, and none for all" {
	cd "$root/memrw/build/arm64"
	printf "%s_${version}_arm64.deb\n" "${packages[@]}" | diff - <(printf '%s\n' *.deb)
	for package in *.deb; do
		[ "$(dpkg-deb -f "$package" Architecture)" = arm64 ]
	done
}

@test "what is machine code is arm64's" {
	cd "$logs/arm64/machine-code"
	[ "$(echo *)" = "libmemrw.a libmemrw.so.0 memrw" ]
	for file in *; do
		[ "$(machines "$file")" = AArch64 ]
	done
}

# Symbols and dependencies, but for versions, are among it.
@test "all else is as in those that were built natively" {
	diff -r --no-dereference "$logs/amd64" "$logs/arm64" --exclude=machine-code
	for arch in amd64 arm64; do
		(cd "$logs/$arch" && find . ! -type d -printf '%M %p %l\n' | sort) >"$logs/modes.$arch"
	done
	diff "$logs/modes.amd64" "$logs/modes.arm64"
}

# Of the standards' version each lintian thinks as its own age has it.
@test "lintian finds nothing in them" {
	# shellcheck disable=SC2016 # the inner shell expands it
	inside sh -c 'cd /memrw/build/arm64/deb && exec lintian --allow-root --pedantic \
		--display-info --display-experimental \
		--fail-on error,warning,info,pedantic,experimental \
		--suppress-tags newer-standards-version,out-of-date-standards-version \
		*.changes'
}

@test "they are installed, and everything that they depend on is there" {
	everything_is_configured
	for package in "${packages[@]}"; do
		# shellcheck disable=SC2016 # dpkg-query expands it
		inside dpkg-query -W -f '${db:Status-Abbrev}' "$package:arm64" | grep '^ii'
	done
}

# cross_compile NAME FLAGS: /NAME, which prints the library's version.
cross_compile() {
	cat >"$root/program.c" <<-'END'
		#include <linux/memrw.h>
		#include <memrw.h>
		#include <stdio.h>

		int main(void)
		{
			puts(memrw_version());
			return MEMRW_ABI_VERSION != 1;
		}
	END
	# shellcheck disable=SC2016 # the inner shell expands it
	inside sh -c 'exec aarch64-linux-gnu-gcc -Wall -Werror -o "/$1" /program.c $2' sh "$1" "$2"
	[ "$(machines "$root/$1")" = AArch64 ]
}

@test "a program that is cross-built with the shared library, as pkg-config says, runs" {
	cross_compile shared "$(inside aarch64-linux-gnu-pkg-config --cflags --libs libmemrw)"
	readelf -d "$root/shared" | grep -F '[libmemrw.so.0]'
	[ "$(inside qemu-aarch64 /shared)" = "$version" ]
}

# Which takes an archive with an index of arm64's symbols.
@test "a program that is cross-built with the static library runs" {
	cross_compile static "-l:libmemrw.a -ludev -lelf"
	run ! grep -F '[libmemrw.so.0]' <(readelf -d "$root/static")
	[ "$(inside qemu-aarch64 /static)" = "$version" ]
}

@test "the command runs" {
	[ "$(inside /emulated/memrw --version)" = "memrw $version" ]
}

# Its own test, with the bash of this machine to look into.
@test "the command reads and writes the memory of a program" {
	inside env PATH=/emulated:/usr/bin:/bin AUTOPKGTEST_TMP=/tmp /memrw/debian/tests/command
}

# Multi-Arch: same: what both have in one place is the same.
@test "the libraries can be installed beside the native ones" {
	inside sh -c 'dpkg --unpack /native/libmemrw*.deb'
	[ -e "$root/usr/lib/x86_64-linux-gnu/libmemrw.so.0" ]
	[ -e "$root/usr/lib/aarch64-linux-gnu/libmemrw.so.0" ]
}
