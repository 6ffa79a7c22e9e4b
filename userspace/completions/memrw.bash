# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# bash completion of memrw(1)

# The names and the IDs of the processes, and nothing but those.
_memrw_targets() {
	local comm name

	for comm in /proc/[0-9]*/comm; do
		if [[ $cur == [0-9]* ]]; then
			name=${comm#/proc/}
			name=${name%/comm}
		else
			read -r name 2>/dev/null <"$comm" || continue
		fi
		printf '%s\n' "$name"
	done
}

# Modules and bracketed names of the target, where the caller may see them.
_memrw_addresses() {
	memrw maps "$1" 2>/dev/null | awk '$6 != "" { sub(/.*\//, "", $6); print $6 }' | sort -u
}

# One word each line of standard input.  No compgen -W, which would expand
# words that other people may choose: a process can be called "$(...)".
_memrw_reply() {
	local word quoted

	while IFS= read -r word; do
		printf -v quoted '%q' "$word"
		[[ $word == "$cur"* || $quoted == "$cur"* ]] && COMPREPLY+=("$quoted")
	done
}

_memrw_options() {
	memrw "$1" --help 2>/dev/null | sed -n 's/^  .*\(--[a-z][a-z-]*=\{0,1\}\).*/\1/p'
}

# How many operands stand before the current word, and the target among them,
# in $target.
_memrw_count_operands() {
	local i target_operand=1

	operands=0 target=
	[[ ${words[1]} != atomic ]] || target_operand=2
	for ((i = 2; i < cword; i++)); do
		case ${words[i]} in
		-t | -n | -x | -f | -o | --type | --count | --hex | --file | --if-equal | --via | \
			--output | --region | --range | --interval | --min | --max | --duration)
			((i++))
			[[ ${words[i]} == = ]] && ((i++))
			;;
		-*) ;;
		*)
			((operands++))
			((operands != target_operand)) || target=${words[i]}
			;;
		esac
	done
}

_memrw_argument() {
	local option=$prev

	[[ $option == = ]] && option=${words[cword - 2]}
	[[ $cur == = ]] && cur=
	case $option in
	-t | --type) _memrw_reply < <(printf '%s\n' i8 u8 i16 u16 i32 u32 i64 u64 f32 f64 ptr str) ;;
	--via) _memrw_reply < <(printf '%s\n' auto driver procfs) ;;
	-f | --file | -o | --output) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && compopt -o filenames ;;
	-n | --count | -x | --hex | --if-equal | --region | --range | --interval | --min | --max | --duration) ;;
	*) return 1 ;;
	esac
	return 0
}

_memrw_operand() {
	local operands target

	_memrw_count_operands
	case ${words[1]}:$operands in
	maps:0 | freeze:0 | dump:0 | load:0 | diff:1 | read:0 | write:0 | atomic:1) _memrw_reply < <(_memrw_targets | sort -u) ;;
	diff:0 | load:1) mapfile -t COMPREPLY < <(compgen -f -- "$cur") && compopt -o filenames ;;
	read:1 | write:1 | freeze:1 | atomic:2) _memrw_reply < <(_memrw_addresses "$target") ;;
	atomic:0) _memrw_reply < <(printf '%s\n' load store exchange add compare-exchange) ;;
	help:0) _memrw_reply < <(printf '%s\n' info maps read write atomic freeze dump load diff) ;;
	esac
}

_memrw() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local words=("${COMP_WORDS[@]}") cword=$COMP_CWORD

	COMPREPLY=()
	if ((cword == 1)); then
		_memrw_reply < <(printf '%s\n' info maps read write atomic freeze dump load diff help --help --version)
	elif _memrw_argument; then
		:
	elif [[ $cur == -* ]]; then
		_memrw_reply < <(_memrw_options "${words[1]}")
		[[ ${COMPREPLY[0]:-} != *= ]] || compopt -o nospace
	else
		_memrw_operand
	fi
	return 0
}

complete -F _memrw memrw
