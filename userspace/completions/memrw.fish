# SPDX-License-Identifier: GPL-2.0-only
#
# fish completion of memrw(1): the command itself says what there is.

function __memrw_complete
	set -l words (commandline -opc)
	set -l offered (memrw complete $words[2..-1] (commandline -ct) 2>/dev/null)
	if contains :file $offered
		__fish_complete_path (string replace -r '^--[a-z-]+=' '' -- (commandline -ct))
	end
	string match -v :file -- $offered
end

complete -c memrw -f -a '(__memrw_complete)'
