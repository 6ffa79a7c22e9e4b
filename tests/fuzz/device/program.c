// SPDX-License-Identifier: GPL-2.0-only
#include "program.h"

#include <string.h>

#include "value.h"

static size_t call_print(const struct call *call, char *text)
{
	const struct op *op = &ops[call->op];
	size_t length = sprintf(text, "%s", op->name);
	char value[32];

	for (unsigned int i = 0; i < OP_ARGS && op->args[i].name; i++) {
		value_print(op->args[i].kind, call->args[i], value);
		length += sprintf(text + length, " %s=%s", op->args[i].name, value);
	}
	return length + sprintf(text + length, "\n");
}

size_t program_print(const struct program *program, char *text)
{
	size_t length = 0;

	for (unsigned int i = 0; i < program->count; i++)
		length += call_print(&program->calls[i], text + length);
	return length + sprintf(text + length, "\n");
}

static bool parse_arg(const struct op *op, unsigned int i, const char *word, uint64_t *value)
{
	size_t length;

	if (!op->args[i].name)
		return !word;
	length = strlen(op->args[i].name);
	return word && !strncmp(word, op->args[i].name, length) && word[length] == '=' &&
	       value_parse(op->args[i].kind, word + length + 1, value);
}

/* All arguments, in their order; cuts the line up. */
static bool call_parse(struct call *call, char *line)
{
	char *rest, *word = strtok_r(line, " \n", &rest);
	int op = op_find(word);

	if (op < 0)
		return false;
	memset(call, 0, sizeof(*call));
	call->op = op;
	for (unsigned int i = 0; i < OP_ARGS; i++) {
		word = strtok_r(NULL, " \n", &rest);
		if (!parse_arg(&ops[op], i, word, &call->args[i]))
			return false;
	}
	return !strtok_r(NULL, " \n", &rest);
}

int program_read(struct program *program, FILE *file)
{
	char line[PROGRAM_LINE], copy[PROGRAM_LINE];

	program->count = 0;
	while (fgets(line, sizeof(line), file)) {
		if (line[0] == '#')
			continue;
		if (line[0] == '\n') {
			if (program->count)
				return 1;
			continue;
		}
		strcpy(copy, line);
		if (program->count == PROGRAM_CALLS ||
		    !call_parse(&program->calls[program->count++], copy)) {
			fprintf(stderr, "not a call, or one too many: %s", line);
			return -1;
		}
	}
	return program->count > 0;
}
