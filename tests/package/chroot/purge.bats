# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2154 # chroot.bash sets them
#
# What is left of the packages when they are removed, and purged.

load chroot

setup_file() {
	can_run || return 0
	new_root
	system_state >"$logs/before"
	logged install install_packages
	echo "options memrw access=capable" >>"$root/etc/modprobe.d/memrw.conf"
	logged remove inside apt-get -qq -y remove memrw-dkms
	system_state >"$logs/removed"
	logged purge purge_packages
	logged autoremove inside apt-get -qq -y autoremove --purge
	system_state >"$logs/after"
	inside modinfo -k "$kernel" -F filename memrw >"$logs/module" 2>/dev/null || true
	inside dkms status >"$logs/dkms"
	logged reinstall install_packages
}

teardown_file() {
	remove_root
}

# All there is: kind, mode, owner and name, and of what is not a directory the
# size, the time when it last changed, and where it points to.
system_state() {
	(
		cd "$root"
		find . -xdev -type d -printf 'd %m %U:%G %p\n' \
			-o -printf '%y %m %U:%G %p %s %T@ %l\n'
	) | sort
}

# Other programs' own books.
others() {
	grep -vE \
		-e ' \./var/(lib/dpkg|lib/apt|cache/apt|log/apt|cache/debconf|cache/ldconfig)/' \
		-e ' \./var/log/(dpkg|alternatives)\.log' \
		-e ' \./etc/(ld\.so\.cache|group-|gshadow-)' \
		-e ' \./lib/modules/[^/]+/modules\.[a-z.]+' \
		-e ' \./usr/lib/modules/[^/]+/modules\.[a-z.]+'
}

left_over() {
	diff "$logs/before" "$logs/$1" | grep '^[<>]' | others || true
}

names() {
	awk '{ print $5 }' | sort -u
}

@test "removed, memrw-dkms leaves its conffiles and the group alone" {
	left_over removed | names | grep -i memrw >"$logs/names"
	cat "$logs/names"
	for file in /etc/kernel/{header_postinst,postinst,preinst}.d/dkms-memrw /etc/modprobe.d/memrw.conf; do
		grep -Fx ".$file" "$logs/names"
	done
	run ! grep -e dkms/memrw -e usr/src -e updates -e udev -e modules-load "$logs/names"
}

# DKMS makes its key with the first module that it signs, and keeps it.
@test "purged, the packages leave nothing but the group and the key of DKMS" {
	left_over after
	diff - <(left_over after | names) <<-'END'
		./etc/group
		./etc/gshadow
		./var/lib/dkms/mok.key
		./var/lib/dkms/mok.pub
	END
}

@test "the group's line is all that /etc/group has more" {
	diff <(sed '/^memrw:/d' "$root/etc/group") <(tar -xOf "$SYSTEM" ./etc/group)
	grep -q '^memrw:' "$root/etc/group"
}

@test "purged, the driver is known neither to modprobe nor to DKMS" {
	[ ! -s "$logs/module" ]
	[ ! -s "$logs/dkms" ]
	run ! grep ' \./\(usr/\)\?lib/modules/[^/]*/updates' "$logs/after"
}

@test "what was installed again works, with the same group" {
	everything_is_configured
	has_module "$kernel"
	[ "$(grep -c '^memrw:' "$root/etc/group")" -eq 1 ]
}

@test "a policy that was purged is not there again" {
	run ! grep access=capable "$root/etc/modprobe.d/memrw.conf"
}
