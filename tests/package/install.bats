# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
#
# make install and make install-driver, for systems without Debian's packages.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	root=$BATS_TEST_TMPDIR/root
	policy=$root/etc/modprobe.d/memrw.conf
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
}

make_here() {
	make -s "$@" DESTDIR="$root" >/dev/null
}

files_left() {
	find "$root" ! -type d
}

@test "make install installs a command that runs" {
	make_here install
	run env LD_LIBRARY_PATH="$root/usr/local/lib" "$root/usr/local/bin/memrw" --version
	[ "$status" -eq 0 ]
	[[ " $output " == *" $version "* ]]
}

@test "make install goes where it is told to" {
	make_here install prefix=/opt/memrw libdir=/opt/lib64 mandir=/opt/man
	[ -x "$root/opt/memrw/bin/memrw" ]
	[ -e "$root/opt/lib64/libmemrw.so" ]
	[ -e "$root/opt/man/man4/memrw.4" ]
	[ "$(cat "$root/opt/man/man3/memrw_target_read.3")" = ".so man3/memrw_target_open.3" ]
	[ "$(pkg-config --variable=libdir "$root/opt/lib64/pkgconfig/libmemrw.pc")" = /opt/lib64 ]
	[ "$(pkg-config --modversion "$root/opt/lib64/pkgconfig/libmemrw.pc")" = "$version" ]
	[ ! -e "$root/usr" ]
}

@test "make uninstall leaves nothing behind" {
	make_here install
	make_here uninstall
	[ -z "$(files_left)" ]
}

@test "make install-python installs what that Python finds, and make uninstall-python removes it" {
	tests/lib/install-deps python
	make_here install install-python
	place=$(find "$root" -path '*/memrw/__init__.py' | sed 's|/memrw/__init__.py$||')
	/usr/bin/python3 -c 'import site, sys; sys.exit(sys.argv[1] not in site.getsitepackages())' \
		"${place#"$root"}"
	run env PYTHONPATH="$place" LD_LIBRARY_PATH="$root/usr/local/lib" \
		/usr/bin/python3 -c 'import memrw; print(memrw.version())'
	[ "$output" = "$version" ]
	make_here uninstall uninstall-python
	[ -z "$(files_left)" ]
}

@test "make install-driver installs what dkms asks for" {
	make_here install-driver
	[ -e "$root/usr/src/memrw-$version/dkms.conf" ]
	[ -e "$root/usr/src/memrw-$version/module/Kbuild" ]
	[ -e "$root/usr/lib/udev/rules.d/60-memrw.rules" ]
}

@test "make uninstall-driver leaves nothing behind" {
	make_here install-driver
	make_here uninstall-driver
	[ -z "$(files_left)" ]
	[ ! -e "$root/usr/src/memrw-$version" ]
}

@test "make uninstall-driver leaves what others put beside the source" {
	make_here install-driver
	echo >"$root/usr/src/memrw-$version/module/notes"
	make_here uninstall-driver
	[ "$(files_left)" = "$root/usr/src/memrw-$version/module/notes" ]
}

@test "a policy that was set stays, whether the driver comes again or goes" {
	make_here install-driver
	echo "options memrw access=capable" >"$policy"
	make_here install-driver
	grep -F access=capable "$policy"
	make_here uninstall-driver
	[ "$(files_left)" = "$policy" ]
}
