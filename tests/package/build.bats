# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
#
# What make deb builds.  Nothing of it is installed.

bats_require_minimum_version 1.5.0

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	tests/lib/install-deps build check python package
	libdir=/usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH)
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
	out=$PWD/build/package
	export libdir version out

	rm -rf "$out"
	mkdir -p "$out"
	tree_state >"$out/before"
	make deb >"$out/log" 2>&1 || {
		tail -n 40 "$out/log"
		return 1
	}
	for package in memrw-dkms memrw libmemrw0 libmemrw-dev python3-memrw; do
		dpkg-deb -x build/${package}_*.deb "$out/root"
	done
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

teardown() {
	[ -z "${place:-}" ] || rm -rf "$place"
}

# All files but those that were built, and when they last changed.
tree_state() {
	find . \( -path ./.git -o -path ./build \) -prune -o -type f -printf '%p %T@\n' | sort
}

# has_files PACKAGE: these, on standard input, and no others.
has_files() {
	dpkg-deb --fsys-tarfile build/"$1"_*.deb | tar -t | sed 's/^\.//' |
		grep -v -e '/$' -e '^/usr/share/doc/' | sort >"$out/there"
	sort | diff - "$out/there"
}

@test "make deb leaves the tree as it was" {
	diff "$out/before" <(tree_state)
}

@test "there are five packages for apt to install" {
	run sh -c 'cd build && echo *.deb'
	[[ $output =~ ^libmemrw-dev_[^\ ]+\ libmemrw0_[^\ ]+\ memrw-dkms_[^\ ]+\ memrw_[^\ ]+\ python3-memrw_[^\ ]+$ ]]
}

@test "memrw-dkms has what the driver is built from, and what sets it up" {
	{
		tests/lib/tree-files | tr '\0' '\n' |
			grep -E '^(dkms\.conf$|module/(Kbuild|.*\.[ch])$|include/)' |
			sed "s|^|/usr/src/memrw-$version/|"
		cat <<-'END'
			/etc/kernel/header_postinst.d/dkms-memrw
			/etc/kernel/postinst.d/dkms-memrw
			/etc/kernel/preinst.d/dkms-memrw
			/etc/modprobe.d/memrw.conf
			/usr/libexec/memrw-dkms/module
			/usr/lib/modules-load.d/memrw.conf
			/usr/lib/sysusers.d/memrw.conf
			/usr/lib/udev/rules.d/60-memrw.rules
		END
	} | has_files memrw-dkms
}

@test "memrw has the command and its manual" {
	{
		(cd userspace/man && printf '/usr/share/man/man1/%s.gz\n' ./*.1 | sed 's|\./||')
		cat <<-'END'
			/usr/bin/memrw
			/usr/share/bash-completion/completions/memrw
			/usr/share/fish/vendor_completions.d/memrw.fish
			/usr/share/zsh/vendor-completions/_memrw
			/usr/share/man/man4/memrw.4.gz
		END
	} | has_files memrw
}

@test "libmemrw0 has the library" {
	has_files libmemrw0 <<<"$libdir/libmemrw.so.0"
}

@test "libmemrw-dev has what programs are built with, and a page for each function" {
	{
		sed -n 's/^\t\(memrw_[a-z0-9_]*\);/\1/p' userspace/libmemrw/memrw.map |
			sed 's|.*|/usr/share/man/man3/&.3.gz|'
		cat <<-END
			/usr/share/man/man3/libmemrw.3.gz
			/usr/include/linux/memrw.h
			/usr/include/memrw.h
			$libdir/libmemrw.a
			$libdir/libmemrw.so
			$libdir/pkgconfig/libmemrw.pc
		END
	} | has_files libmemrw-dev
}

@test "python3-memrw has the binding, compiled once for all versions of Python, and its types" {
	local packages=/usr/lib/python3/dist-packages

	{
		(cd userspace/python/memrw && printf "$packages/memrw/%s\n" *)
		cat <<-END
			$packages/memrw/_libmemrw.abi3.so
			$packages/memrw/_memory.abi3.so
			$packages/memrw-$version.dist-info/METADATA
			$packages/memrw-$version.dist-info/WHEEL
		END
	} | has_files python3-memrw
	dpkg-deb -f build/python3-memrw_*.deb Depends | grep -F 'python3:any (>= 3.11'
	dpkg-deb -f build/python3-memrw_*.deb Depends | grep -F 'libmemrw0 (>= '
}

@test "the binding for Python passes its test as packaged" {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$out/root/usr/lib/python3/dist-packages \
		LD_LIBRARY_PATH=$out/root$libdir debian/tests/python
}

@test "what memrw-dkms has in /etc is the administrator's: conffiles" {
	dpkg-deb -I build/memrw-dkms_*.deb conffiles | sort >"$out/conffiles"
	(cd "$out/root" && find etc -type f -printf '/%p\n' | sort) | diff - "$out/conffiles"
}

# A module with AUTOINSTALL that does not compile fails the kernel's packages.
@test "memrw-dkms leaves building for kernels to its own hooks" {
	run ! grep AUTOINSTALL "$out/root/usr/src/memrw-$version/dkms.conf"
	grep -Fx 'AUTOINSTALL="yes"' dkms.conf
	grep -Fx "version=$version" "$out/root/usr/libexec/memrw-dkms/module"
	for hook in postinst header_postinst preinst; do
		[ -x "$out/root/etc/kernel/$hook.d/dkms-memrw" ]
	done
}

# Of the standards' version each lintian thinks as its own age has it.
@test "lintian finds nothing, in the source and in the packages" {
	lintian --allow-root --pedantic --display-info --display-experimental \
		--fail-on error,warning,info,pedantic,experimental \
		--suppress-tags newer-standards-version,out-of-date-standards-version \
		build/deb/*.changes >"$out/log" || {
		cat "$out/log"
		return 1
	}
}

# The path that serves the build tree has no place in an installed command.
@test "the command has no run path" {
	objdump -p "$out/root/usr/bin/memrw" >"$out/headers"
	grep 'NEEDED.*libmemrw.so.0' "$out/headers"
	run ! grep -e RPATH -e RUNPATH "$out/headers"
}

# build_program FLAG...: one that prints the library's version.
build_program() {
	cat >"$out/program.c" <<-'END'
		#include <linux/memrw.h>
		#include <memrw.h>
		#include <stdio.h>

		int main(void)
		{
			puts(memrw_version());
			return MEMRW_ABI_VERSION != 1;
		}
	END
	gcc -Wall -Werror -o "$out/program" "$out/program.c" "$@"
}

pkg_config() {
	PKG_CONFIG_PATH=$out/root$libdir/pkgconfig PKG_CONFIG_SYSROOT_DIR=$out/root \
		pkg-config "$@" libmemrw
}

@test "a program is built with the shared library as pkg-config says" {
	mapfile -t flags < <(pkg_config --cflags --libs | xargs -n1)
	build_program "${flags[@]}"
	[ "$(LD_LIBRARY_PATH=$out/root$libdir "$out/program")" = "$version" ]
}

# Debian has no static libudev, so the rest stays shared.
@test "a program is built with the static library" {
	build_program -I"$out/root/usr/include" "$out/root$libdir/libmemrw.a" -ludev -lelf
	[ "$("$out/program")" = "$version" ]
	[ "$(pkg_config --print-requires-private | xargs)" = "libudev libelf" ]
}

# In its own trees and with its own key: the machine's dkms knows nothing of it.
dkms_here() {
	mok_signing_key=$out/dkms.key mok_certificate=$out/dkms.pub \
		dkms "$1" -m memrw -v "$version" -k "$release" --kernelsourcedir "$kernel/build" \
		--dkmstree "$out/dkms" --sourcetree "$out/root/usr/src"
}

@test "dkms builds the module from memrw-dkms, without a complaint" {
	kernel=$(tests/lib/kernel)
	release=$(cat "$kernel/release")
	mkdir -p "$out/dkms"

	dkms_here add >"$out/dkms.log" 2>&1
	dkms_here build >>"$out/dkms.log" 2>&1 || {
		cat "$out/dkms.log" "$out/dkms/memrw/$version/build/make.log"
		return 1
	}
	run ! grep -i -e 'bad exit' -e deprecat -e warning "$out/dkms.log"

	module=$out/dkms/memrw/$version/$release/$(uname -m)/module/memrw.ko
	[ "$(/sbin/modinfo -F version "$module")" = "$version" ]
	[[ "$(/sbin/modinfo -F vermagic "$module")" == "$release "* ]]
}

# Where nothing of it is denied: FUSE for the order of files in directories, a
# namespace for another host name.  Another user is ours to see to.
variations() {
	echo +all,-user_group
	[ -w /dev/fuse ] || echo -fileordering
	unshare -r --uts true || echo -domain_host
}

# as_nobody COMMAND...: as another user than the one who has made the packages.
as_nobody() {
	[ "$(id -u)" -eq 0 ] || {
		"$@"
		return
	}
	chown -R nobody: "$place"
	setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$@"
}

# Twice more, the second time with another clock, zone, locale, umask, path,
# environment, order of files, number of processors, kernel and host name.
@test "the same tree gives the same packages, whoever builds it, where and when" {
	place=$(mktemp -d)
	mkdir "$place/locales"
	# What reprotest has in mind.
	localedef -i et_EE -f UTF-8 "$place/locales/et_EE.UTF-8"
	tests/lib/copy-tree "$place/tree"
	(cd build/deb && sha256sum -- *.deb) >"$out/sums"

	cd "$place"
	as_nobody env HOME="$place" TMPDIR="$place" LOCPATH="$place/locales" \
		DEB_BUILD_OPTIONS=nocheck reprotest --verbosity=1 --no-diffoscope --min-cpus=1 \
		--store-dir="$place/store" --vary="$(variations | paste -sd,)" \
		-c 'dpkg-buildpackage --build=binary --no-sign' tree '../*.deb' >"$out/log" 2>&1 || {
		tail -n 40 "$out/log"
		return 1
	}
	cd store/control
	sha256sum --check --quiet "$out/sums"
}
