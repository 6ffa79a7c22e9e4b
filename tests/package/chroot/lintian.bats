# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
#
# The packages and their source, as the lintian of another Debian sees them.
#
# SUITE, SYSTEM, DEBS   a suite, an archive of a whole Debian of that suite,
#                       and the directory of the packages

load root

setup_file() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	cd "$BATS_TEST_DIRNAME/../../.." || return
	export root=$BATS_FILE_TMPDIR/root

	unpack_system "$root"
	add_packages "$root" lintian >&2
	mkdir "$root/packages"
	cp "$DEBS"/*.deb "$root/packages"
	tests/lib/copy-tree "$root/packages/tree"
	(cd "$root/packages" && dpkg-source --build tree) >&2
}

# Of the standards' version each lintian thinks as its own age has it.
@test "lintian finds nothing, in the source and in the packages" {
	# shellcheck disable=SC2016 # the inner shell expands it
	in_root "$root" sh -c 'cd packages && exec lintian --allow-root --pedantic \
		--display-info --display-experimental \
		--fail-on error,warning,info,pedantic,experimental \
		--suppress-tags newer-standards-version,out-of-date-standards-version \
		*.deb *.dsc'
}
