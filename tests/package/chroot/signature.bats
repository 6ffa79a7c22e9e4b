# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bats
# shellcheck disable=SC2154 # chroot.bash sets them
#
# The module that the installed package built is signed with the key of DKMS,
# which the machine's owner enrols for Secure Boot.

load chroot

setup_file() {
	can_run || return 0
	new_root
	# First without openssl, which a system need not have.
	mv "$root/usr/bin/openssl" "$root/usr/bin/openssl.away"
	logged install install_packages
	inside modinfo -k "$kernel" memrw >"$logs/unsigned"
	mv "$root/usr/bin/openssl.away" "$root/usr/bin/openssl"
	logged reconfigure inside dpkg-reconfigure memrw-dkms
	take_apart
}

teardown_file() {
	remove_root
}

# A signed module is the module, a CMS message, 12 bytes that end in the length
# of that message, and a line of text.
mark="~Module signature appended~"

take_apart() {
	local file size signature
	local out=$logs

	file=$(inside modinfo -k "$kernel" -F filename memrw)
	case $file in
	*.xz) inside xz -dc "$file" ;;
	*.zst) inside zstd -dc "$file" ;;
	*) inside cat "$file" ;;
	esac >"$out/signed.ko"
	tail -c "$((${#mark} + 1))" "$out/signed.ko" >"$out/mark"
	size=$(stat -c %s "$out/signed.ko")
	signature=$(tail -c "$((${#mark} + 1 + 4))" "$out/signed.ko" | od -An -N4 -tu4 --endian=big)
	size=$((size - ${#mark} - 1 - 12 - signature))
	head -c "$size" "$out/signed.ko" >"$out/module.ko"
	tail -c "+$((size + 1))" "$out/signed.ko" | head -c "$signature" >"$out/signature"
	openssl x509 -inform DER -in "$root/var/lib/dkms/mok.pub" >"$out/certificate"
}

# signed_by CERTIFICATE FILE: the signature is one over FILE by that key.  The
# certificate is not in the message, and nobody vouches for it but its owner.
signed_by() {
	openssl cms -verify -binary -inform DER -in "$logs/signature" -content "$2" \
		-nointern -noverify -certfile "$1" -out /dev/null
}

@test "without openssl the module is built, unsigned, and DKMS says so" {
	grep -Fx "version:        $version" "$logs/unsigned"
	run ! grep '^sig' "$logs/unsigned"
	# In the words of dkms 3.0, or of 3.2.
	grep -e "modules won't be signed" -e "openssl not found" "$logs/install"
}

# From here on it is the module that dpkg-reconfigure has built anew.
@test "the module has a signature" {
	[ "$(cat "$logs/mark")" = "$mark" ]
	[ "$(inside modinfo -k "$kernel" -F sig_id memrw)" = "PKCS#7" ]
}

@test "the signature is by the key of DKMS, over this module" {
	signed_by "$logs/certificate" "$logs/module.ko"
}

@test "a module that was changed does not fit the signature" {
	{
		printf '\177elf'
		tail -c +5 "$logs/module.ko"
	} >"$logs/changed.ko"
	run ! signed_by "$logs/certificate" "$logs/changed.ko"
}

@test "another key does not fit the signature" {
	openssl req -new -x509 -nodes -days 2 -subj "/CN=DKMS module signing key" \
		-newkey rsa:2048 -keyout "$logs/other.key" -out "$logs/other" 2>/dev/null
	run ! signed_by "$logs/other" "$logs/module.ko"
}

# What the README has users compare.
@test "modinfo names that key" {
	serial=$(openssl x509 -in "$logs/certificate" -noout -serial | sed 's/.*=//')
	[ "$(inside modinfo -k "$kernel" -F sig_key memrw | tr -d :)" = "$serial" ]
	[ "$(inside modinfo -k "$kernel" -F signer memrw)" = "DKMS module signing key" ]
}

@test "the key is root's alone" {
	[ "$(stat -c '%U %a' "$root/var/lib/dkms/mok.key")" = "root 600" ]
}
