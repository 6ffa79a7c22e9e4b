# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2154 # chroot.bash sets them
#
# The packages and their source, as the lintian of another Debian sees them.

load chroot

is_this_machines() {
	# shellcheck source=/dev/null
	[ "$SUITE" = "$(. /etc/os-release && echo "$VERSION_CODENAME")" ]
}

setup_file() {
	can_run && ! is_this_machines || return 0
	cd "$BATS_TEST_DIRNAME/../../.." || return

	unpack_root
	add_packages lintian >&2
	mkdir "$root/packages"
	cp "$DEBS"/*.deb "$root/packages"
	tests/lib/copy-tree "$root/packages/tree"
	(cd "$root/packages" && dpkg-source --build tree) >&2
}

teardown_file() {
	remove_root
}

# Of the standards' version each lintian thinks as its own age has it.
@test "lintian finds nothing, in the source and in the packages" {
	! is_this_machines || skip "build.bats has the lintian of this machine"
	# shellcheck disable=SC2016 # the inner shell expands it
	inside sh -c 'cd packages && exec lintian --allow-root --pedantic \
		--display-info --display-experimental \
		--fail-on error,warning,info,pedantic,experimental \
		--suppress-tags newer-standards-version,out-of-date-standards-version \
		*.deb *.dsc'
}
