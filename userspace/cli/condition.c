// SPDX-License-Identifier: GPL-2.0-only

#include <stdlib.h>
#include <string.h>

#include "condition.h"

/* What a condition has besides its name. */
enum operand {
	OPERAND_NONE,
	OPERAND_VALUE,
	OPERAND_DIFFERENCE,	/* may be left out */
	OPERAND_REGIONS,
};

static const struct form {
	const char *name;
	enum memrw_scan_op op;
	enum operand operand;
	enum memrw_scan_op with_difference;
} forms[] = {
	/* An operator before one that it begins with. */
	{ "!=", MEMRW_SCAN_NE, OPERAND_VALUE, 0 },
	{ "==", MEMRW_SCAN_EQ, OPERAND_VALUE, 0 },
	{ "=", MEMRW_SCAN_EQ, OPERAND_VALUE, 0 },
	{ "<", MEMRW_SCAN_LT, OPERAND_VALUE, 0 },
	{ ">", MEMRW_SCAN_GT, OPERAND_VALUE, 0 },
	{ "+", MEMRW_SCAN_INCREASED_BY, OPERAND_VALUE, 0 },
	{ "-", MEMRW_SCAN_DECREASED_BY, OPERAND_VALUE, 0 },
	{ "?", MEMRW_SCAN_UNKNOWN, OPERAND_NONE, 0 },
	{ "changed", MEMRW_SCAN_CHANGED, OPERAND_NONE, 0 },
	{ "unchanged", MEMRW_SCAN_UNCHANGED, OPERAND_NONE, 0 },
	{ "increased", MEMRW_SCAN_INCREASED, OPERAND_DIFFERENCE, MEMRW_SCAN_INCREASED_BY },
	{ "decreased", MEMRW_SCAN_DECREASED, OPERAND_DIFFERENCE, MEMRW_SCAN_DECREASED_BY },
	{ "points", MEMRW_SCAN_POINTS_INTO, OPERAND_REGIONS, 0 },
};

/* struct parse - a condition while it is read; @word is its first */
struct parse {
	struct condition *condition;
	const struct console_line *line;
	size_t word;
	struct console_error *error;
};

static bool is_operator(const struct form *form)
{
	return strchr("!=<>+-?", form->name[0]);
}

static const struct form *find_form(const char *word)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const char *name = forms[i].name;

		if (is_operator(&forms[i]) ? strncmp(word, name, strlen(name)) == 0 :
					     strcmp(word, name) == 0)
			return &forms[i];
	}
	return NULL;
}

/* A sign or a digit, and ".." not at the beginning. */
static const char *range_dots(const char *word)
{
	return word[0] && strchr("+-.0123456789", word[0]) ? strstr(word + 1, "..") : NULL;
}

bool condition_begins(const char *word)
{
	const struct form *form = find_form(word);

	return range_dots(word) || (form && is_operator(form));
}

/* A place. */
#define COMPLAIN(parse, where, ...)						\
	console_error_set((parse)->error, (parse)->line->line, where, __VA_ARGS__)

static size_t column_of(const struct parse *parse, size_t word)
{
	return parse->line->words[word].column;
}

static int out_of_memory(const struct parse *parse)
{
	return COMPLAIN(parse, column_of(parse, parse->word), "%s", "");
}

static int expect_end(const struct parse *parse, size_t word)
{
	if (word >= parse->line->count)
		return 0;
	return COMPLAIN(parse, column_of(parse, word), "'%.40s' is one word too many",
			parse->line->words[word].text);
}

static int parse_range(struct parse *parse, const char *dots)
{
	const char *low = parse->line->words[parse->word].text;

	parse->condition->op = MEMRW_SCAN_RANGE;
	if (dots[2] == '\0')
		return COMPLAIN(parse, column_of(parse, parse->word),
				"'%.40s' has no upper end", low);
	if (expect_end(parse, parse->word + 1) < 0)
		return -1;
	parse->condition->value = strndup(low, dots - low);
	parse->condition->upper = strdup(dots + 2);
	return parse->condition->value && parse->condition->upper ? 0 : out_of_memory(parse);
}

/* The value is the rest of the operator's word and all that follows. */
static int parse_operator_value(struct parse *parse, const struct form *form)
{
	struct console_word *word = &parse->line->words[parse->word];
	size_t length = strlen(form->name), first = parse->word;

	if (word->text[length] == '\0')
		first++;
	if (first == parse->line->count)
		return COMPLAIN(parse, word->column, "no value behind '%s'", form->name);
	parse->condition->column = column_of(parse, first);
	parse->condition->value = console_line_join(parse->line, first);
	if (!parse->condition->value)
		return out_of_memory(parse);
	if (first == parse->word) {
		char *value = parse->condition->value;

		memmove(value, value + length, strlen(value) - length + 1);
		parse->condition->column += length;
	}
	return 0;
}

static int parse_difference(struct parse *parse, const struct form *form)
{
	size_t word = parse->word + 1;

	if (word == parse->line->count)
		return 0;
	parse->condition->op = form->with_difference;
	parse->condition->column = column_of(parse, word);
	parse->condition->value = console_line_join(parse->line, word);
	return parse->condition->value ? 0 : out_of_memory(parse);
}

static int parse_form(struct parse *parse, const struct form *form)
{
	const char *text = parse->line->words[parse->word].text;

	parse->condition->op = form->op;
	parse->condition->pointees = parse->line->count;
	switch (form->operand) {
	case OPERAND_VALUE:
		return parse_operator_value(parse, form);
	case OPERAND_DIFFERENCE:
		return parse_difference(parse, form);
	case OPERAND_REGIONS:
		parse->condition->pointees = parse->word + 1;
		return 0;
	default:
		if (strcmp(text, form->name) != 0)
			return COMPLAIN(parse, column_of(parse, parse->word),
					"nothing may stand behind '%s'", form->name);
		return expect_end(parse, parse->word + 1);
	}
}

static int parse_bare(struct parse *parse)
{
	const char *text = parse->line->words[parse->word].text;
	const char *dots = range_dots(text);
	const struct form *form;

	parse->condition->column = column_of(parse, parse->word);
	if (dots)
		return parse_range(parse, dots);
	form = find_form(text);
	return form ? parse_form(parse, form) :
		      COMPLAIN(parse, column_of(parse, parse->word),
			       "'%.40s' is not a condition", text);
}

static int parse_against(struct parse *parse)
{
	size_t last = parse->line->count - 1;

	if (parse->line->count < 3)
		return COMPLAIN(parse, column_of(parse, last), "no %s behind '%.40s'",
				last ? "condition" : "NAME", parse->line->words[last].text);
	parse->condition->snapshot = parse->line->words[1].text;
	parse->word = 2;
	if (parse_bare(parse) < 0)
		return -1;
	if (condition_is_relative(parse->condition))
		return 0;
	return COMPLAIN(parse, column_of(parse, 2), "'%.40s' does not compare with what was",
			parse->line->words[2].text);
}

int condition_parse(struct condition *condition, const struct console_line *line,
		    struct console_error *error)
{
	struct parse parse = { .condition = condition, .line = line, .error = error };
	int result;

	*condition = (struct condition){ 0 };
	if (line->count == 0)
		return console_error_set(error, line->line, 1, "no condition");
	result = strcmp(line->words[0].text, "against") == 0 ? parse_against(&parse) :
							       parse_bare(&parse);
	if (result < 0)
		condition_clear(condition);
	return result;
}

bool condition_is_relative(const struct condition *condition)
{
	return condition->op >= MEMRW_SCAN_CHANGED &&
	       condition->op <= MEMRW_SCAN_DECREASED_BY;
}

void condition_clear(struct condition *condition)
{
	free(condition->value);
	free(condition->upper);
	*condition = (struct condition){ 0 };
}
