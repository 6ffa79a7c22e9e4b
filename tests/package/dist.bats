# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
#
# make dist: the release as a tarball, and what can be done with it where there
# is no git.

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	tests/lib/install-deps build check package
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
	tarball=$PWD/build/memrw-$version.tar.gz
	# Not below a git tree.
	tree=$BATS_FILE_TMPDIR/memrw-$version
	export version tarball tree

	make -s dist
	cp "$tarball" "$BATS_FILE_TMPDIR/first.tar.gz"
	tar -x -C "$BATS_FILE_TMPDIR" -f "$tarball" --no-same-owner
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

@test "make dist gives the same bytes again" {
	umask 077
	TZ=UTC-9 LC_ALL=C make -s dist
	cmp "$tarball" "$BATS_FILE_TMPDIR/first.tar.gz"
}

@test "the tarball has the files of the last commit" {
	[ -e .git ] || skip "no git tree"
	diff <(git ls-tree -r --name-only HEAD | sed "s|^|memrw-$version/|" | sort) \
		<(tar -t -f "$tarball" | grep -v '/$' | sort)
}

@test "its version is stated in each place that states one" {
	cd "$tree"
	make -s userspace
	tests/lib/suite version
	tests/lint/tree
}

@test "it makes the packages" {
	cd "$tree"
	make deb >"$BATS_TEST_TMPDIR/log" 2>&1 || {
		tail -n 40 "$BATS_TEST_TMPDIR/log"
		return 1
	}
	run sh -c 'cd build && echo *.deb'
	[[ $output =~ ^libmemrw-dev_${version}[^\ ]*\ libmemrw0_[^\ ]+\ memrw-dkms_[^\ ]+\ memrw_[^\ ]+\ python3-memrw_[^\ ]+$ ]]
}

@test "it makes the same tarball, also once the driver was built in it" {
	cd "$tree"
	make -s module "KDIR=$("$BATS_TEST_DIRNAME/../lib/kernel")/build"
	[ -e module/memrw.ko ]
	make -s dist
	cmp "build/memrw-$version.tar.gz" "$tarball"
}
