# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2154 # chroot.bash sets them
#
# debian/tests on the packages that were built, by autopkgtest, in a chroot.
# Of these the test "driver" loads the module: that one needs a machine.

load chroot

setup_file() {
	can_run || return 0
	cd "$BATS_TEST_DIRNAME/../../.." || return
	tests/lib/install-deps chroot >&2
	export tree=$BATS_FILE_TMPDIR/tree
	export results=$BATS_FILE_TMPDIR/results

	unpack_root
	add_packages apt-utils dctrl-tools dkms gcc libc6-dev libelf-dev libudev-dev \
		openssl passwd pkgconf python3 python3-cffi-backend
	tests/lib/copy-tree "$tree"
	make_linux_doc "$BATS_FILE_TMPDIR"
	# Not each test's own failure but what it says of each is for below.
	mounted autopkgtest --ignore-restrictions=breaks-testbed \
		--output-dir "$results" "$DEBS"/*.deb "$BATS_FILE_TMPDIR/linux-doc.deb" "$tree" \
		-- chroot "$root" >"$BATS_FILE_TMPDIR/log" 2>&1 || :
}

teardown_file() {
	remove_root
}

# The test of dkms depends on it, for the version of headers to install where
# there are none.  There are, so 60 MB of documentation may stay away.
make_linux_doc() {
	mkdir -p "$1/linux-doc/DEBIAN"
	cat >"$1/linux-doc/DEBIAN/control" <<-'END'
		Package: linux-doc
		Version: 0
		Architecture: all
		Maintainer: nobody <nobody@memrw.invalid>
		Description: stands in for the kernel's documentation
	END
	dpkg-deb --build "$1/linux-doc" "$1/linux-doc.deb" >&2
}

# says TEST VERDICT: one line of the summary.
says() {
	grep -E "^$1 +$2" "$results/summary" || {
		tail -n 40 "$BATS_FILE_TMPDIR/log"
		return 1
	}
}

@test "the installed command passes its test" {
	says command 'PASS$'
}

@test "a program built with the installed library passes its test" {
	says library 'PASS$'
}

@test "the binding for Python passes its test" {
	says python 'PASS$'
}

@test "memrw-dkms passes the test that is common to dkms packages" {
	says dkms-autopkgtest 'PASS \(superficial\)$'
	# Newer ones name the module, too.
	grep -E '^I: PASS ' "$results/dkms-autopkgtest-stdout" | grep -F " $kernel"
}

@test "the test of the driver waits for a machine" {
	says driver 'SKIP .*isolation-machine'
}
