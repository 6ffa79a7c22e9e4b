# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # guest_dir is the test's
#
# A whole Debian in QEMU, of tests/package/system's making, and what a test says
# to it.  Sourced.  guest_dir is the directory that all of it lives in; a test
# may run in one process and the next in another.
#
#   guest_make SYSTEM FILE...    its disk; each FILE lies in /root/packages
#   guest_boot RELEASE           with that kernel of its own; returns once booted
#   guest SCRIPT                 run as root there; its output and status
#   guest_login USER SCRIPT      the same in a new login session of USER
#   guest_shut_down              in order; fails if its kernel complained
#   guest_kill

guest_top=$(readlink -f "$(dirname "${BASH_SOURCE[0]}")/../../..")
guest_seconds=900	# for one command, under emulation

# What a system has that someone has installed for himself: a disk, a name,
# two users.  (The test's own: the agent.)
guest_furnish() {
	local root=$1 here=$guest_top/tests/package/booted

	echo '/dev/vda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
	echo debian >"$root/etc/hostname"
	printf '127.0.0.1\tlocalhost\n127.0.1.1\tdebian\n' >"$root/etc/hosts"
	# What it takes to boot from this disk, without a minute of compressing it.
	printf 'MODULES=dep\nCOMPRESSLEVEL=1\n' >"$root/etc/initramfs-tools/conf.d/guest"
	chroot "$root" useradd -m -s /bin/bash alice
	chroot "$root" useradd -m -s /bin/bash bob
	install -m755 "$here/agent" "$root/usr/local/sbin/agent"
	install -m644 "$here/agent.service" "$root/etc/systemd/system/agent.service"
	chroot "$root" systemctl --quiet enable agent.service
}

guest_make() {
	local system=$1 root=$guest_dir/root
	shift

	mkdir -p "$root"
	tar --zstd -xf "$system" -C "$root"
	guest_furnish "$root"
	mkdir "$root/root/packages"
	cp -r "$@" "$root/root/packages"
	truncate -s 8G "$guest_dir/disk"
	mke2fs -q -t ext4 -d "$root" "$guest_dir/disk"
	rm -rf "$root"
	mkfifo "$guest_dir/agent.in" "$guest_dir/agent.out"
}

# guest_take NAME PATH...: the first of these on its disk that is a file.
guest_take() {
	local name=$1 path
	shift

	rm -f "$guest_dir/$name"
	for path in "$@"; do
		debugfs -R "dump $path $guest_dir/$name" "$guest_dir/disk" 2>/dev/null
		[ ! -s "$guest_dir/$name" ] || return 0
	done
	echo "guest: nothing of $* on its disk" >&2
	return 1
}

# The kernel is read from the guest's disk, as a boot loader does.
guest_take_kernel() {
	guest_take vmlinuz "/boot/vmlinuz-$1" "/usr/lib/modules/$1/vmlinuz" &&
		guest_take initrd.img "/boot/initrd.img-$1"
}

guest_accelerator() {
	if [ "${MEMRW_ACCEL-tcg}" = kvm ]; then
		echo -accel kvm -cpu host
	else
		echo -accel tcg,thread=multi -cpu 'max,-erms,-fsrm'
	fi
}

guest_start() {
	local qemu

	qemu=$("$guest_top/tests/lib/qemu") || return
	# shellcheck disable=SC2046 # words
	"$qemu" $(guest_accelerator) -smp 2 -m 2048 \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel "$guest_dir/vmlinuz" -initrd "$guest_dir/initrd.img" \
		-append 'root=/dev/vda rw console=ttyS0 panic=-1 oops=panic random.trust_cpu=on' \
		-drive "file=$guest_dir/disk,format=raw,if=virtio,cache=unsafe" \
		-chardev "file,id=console,path=$guest_dir/kernel.log" -serial chardev:console \
		-chardev "pipe,id=agent,path=$guest_dir/agent" -device virtio-serial-pci \
		-device virtserialport,chardev=agent,name=memrw.agent \
		</dev/null >"$guest_dir/qemu.log" 2>&1 3>&- &
	echo $! >"$guest_dir/pid"
}

# A zombie has ended, whoever may wait for it.
guest_runs() {
	grep -q '^State:.[^ZX]' "/proc/$(cat "$guest_dir/pid")/status" 2>/dev/null
}

# Print lines of the agent's until one matches; that one is in guest_line.
guest_expect() {
	local pattern=$1 out end=$((SECONDS + guest_seconds))

	exec {out}<"$guest_dir/agent.out"
	while [ $SECONDS -lt $end ]; do
		if IFS= read -r -t 5 guest_line <&"$out"; then
			[[ ! $guest_line =~ $pattern ]] || break
			printf '%s\n' "$guest_line"
		elif ! guest_runs; then
			break
		fi
	done
	exec {out}<&-
	[[ $guest_line =~ $pattern ]]
}

# QEMU's own fault, which it names: seen while a guest sets up its PCI devices.
guest_emulator_failed() {
	! guest_runs && grep -q 'Assertion .* failed' "$guest_dir/qemu.log"
}

guest_boot() {
	local tries

	guest_take_kernel "$1" || return
	for tries in 1 2 3; do
		guest_start || return
		! guest_expect '^ready$' || return 0
		guest_emulator_failed || break
		echo "guest: boot $tries: $(cat "$guest_dir/qemu.log")"
	done
	echo "guest: did not boot" >&2
	tail -n 40 "$guest_dir/kernel.log" "$guest_dir/qemu.log" >&2
	return 1
}

guest() {
	local mark guest_line=''

	mark=@$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	printf '%s %s\n' "$mark" "$(base64 -w0 <<<"$1")" >"$guest_dir/agent.in"
	# All of it, even where the reader of this needs no more than a line.
	guest_expect "^$mark [0-9]+$" >"$guest_dir/answer" || guest_line="$mark 125"
	sed '${/^$/d}' "$guest_dir/answer"
	return "${guest_line#* }"
}

# Through PAM, as login(1) does it, so with the groups that the user has now.
guest_login() {
	local script

	printf -v script '%q' "$2"
	guest "systemd-run --quiet --wait --pipe --uid=$1 --property=PAMName=login \
		--working-directory=/home/$1 bash -c $script"
}

guest_shut_down() {
	local tries

	printf '@off %s\n' "$(base64 -w0 <<<'systemctl poweroff')" >"$guest_dir/agent.in"
	for ((tries = 0; tries < 120; tries++)); do
		guest_runs || break
		sleep 1
	done
	! guest_runs && "$guest_top/tests/vm/kernel-complaints" "$guest_dir/kernel.log"
}

guest_kill() {
	[ ! -e "$guest_dir/pid" ] || kill "$(cat "$guest_dir/pid")" 2>/dev/null || :
}
