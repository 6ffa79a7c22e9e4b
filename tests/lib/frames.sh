# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# frame NAME SECONDS COMMAND...: run a test program and print what it says
# between two marks, for tap-merge to read.  Sourced, here and in the guest.
# FRAME_MARK is a word that no test can guess.

frame() {
	local name=$1 seconds=$2 status=0 start=$SECONDS
	shift 2

	printf '\n%s begin %s\n' "$FRAME_MARK" "$name"
	env -u FRAME_MARK CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 "$seconds" "$@" </dev/null 2>&1 ||
		status=$?
	printf '\n%s end %s\n%s took %s s\n' "$FRAME_MARK" "$status" "$name" $((SECONDS - start))
}
