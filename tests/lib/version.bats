# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
#
# dkms.conf is the one place that states the version; these repeat it.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
	[ -n "$version" ]
}

@test "debian/changelog has dkms.conf's version" {
	# Upstream's part of it, without a Debian revision.
	run sed -n '1s/^memrw (\([^)-]*\).*/\1/p' debian/changelog
	[ "$output" = "$version" ]
}

@test "the command has dkms.conf's version" {
	run build/memrw --version
	[ "$status" -eq 0 ]
	[[ " $output " == *" $version "* ]]
}

@test "the module has dkms.conf's version" {
	module=$(tests/lib/module "$(tests/lib/kernel)")
	run /sbin/modinfo -F version "$module"
	[ "$output" = "$version" ]
}
