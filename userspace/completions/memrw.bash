# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# bash completion of memrw(1): the command itself says what there is.

# bash takes "=" and ":" for words of their own: put them back together.
_memrw_words() {
	local i

	words=("${COMP_WORDS[1]}")
	for ((i = 2; i <= COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == [=:]* || ${words[-1]} == *[=:] ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
	done
	# A quote that the user put before a special character.
	words[-1]=${words[-1]//\\/}
}

_memrw() {
	local words word quoted cut

	COMPREPLY=()
	_memrw_words
	# What is there of the word already, for bash.
	cut=${words[-1]%"${words[-1]##*[=:]}"}
	while IFS= read -r word; do
		if [[ $word == :file ]]; then
			mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "${words[-1]#"$cut"}")
			compopt -o filenames
			continue
		fi
		# No compgen -W, which would expand words that other people may
		# choose: a process can be called "$(...)".
		printf -v quoted '%q' "${word#"$cut"}"
		[[ $word != --*= ]] || quoted=${word}
		COMPREPLY+=("$quoted")
	done < <(memrw complete "${words[@]}" 2>/dev/null)
	[[ ${COMPREPLY[0]:-} != *= ]] || compopt -o nospace
	return 0
}

complete -F _memrw memrw
