// SPDX-License-Identifier: LGPL-2.1-or-later

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "address_parse.h"
#include "number.h"

/**
 * struct parser - where we are
 * @text: the whole expression
 * @at: what comes next
 * @depth: brackets that are open
 * @terms: how many there were
 * @scope: what names mean
 * @message: for the first mistake
 */
struct parser {
	const char *text;
	const char *at;
	unsigned int depth;
	unsigned int terms;
	const struct mrw_address_scope *scope;
	struct mrw_message *message;
};

static int parse_sum(struct parser *parser, uint64_t *value);

#define FAIL_AT(parser, where, error, ...)				\
	((parser)->message->position = (where) - (parser)->text,	\
	 mrw_message_fail((parser)->message, error, __VA_ARGS__))

static void skip_blanks(struct parser *parser)
{
	parser->at += strspn(parser->at, " \t");
}

static bool is_operator(char c)
{
	return c == '+' || c == '-';
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* What may stand behind a term, other than the end. */
static bool ends_term(const struct parser *parser, char c)
{
	return is_operator(c) || (c == ']' && parser->depth > 0);
}

/* A copy of text that is looked up, without the blanks before an operator. */
static char *copy(struct parser *parser, const char *start, size_t length)
{
	char *name;

	while (length > 1 && (start[length - 1] == ' ' || start[length - 1] == '\t'))
		length--;
	name = strndup(start, length);
	if (!name)
		FAIL_AT(parser, start, ENOMEM, "out of memory");
	return name;
}

/*
 * Numbers
 */

/* Bytes up to the next operator, bracket that closes, or end. */
static size_t token_length(const struct parser *parser, const char *start)
{
	size_t length = 0;

	while (start[length] != '\0' && !ends_term(parser, start[length]))
		length++;
	return length;
}

/* Return: 0, or -1 with errno, as mrw_number_parse(). */
static int number_at(const struct parser *parser, const char *start, uint64_t *number)
{
	size_t length = token_length(parser, start);
	char token[64];

	while (length > 0 && start[length - 1] == ' ')
		length--;
	/* With so many digits it is out of range, whatever comes of the rest. */
	if (length >= sizeof(token))
		length = sizeof(token) - 1;
	memcpy(token, start, length);
	token[length] = '\0';
	return mrw_number_parse(token, number);
}

static bool begins_number(const struct parser *parser, const char *start)
{
	uint64_t number;

	return number_at(parser, start, &number) == 0 || errno == ERANGE;
}

/* Does an operator stand here, rather than a part of a name that is unknown? */
static bool operates(const struct parser *parser, const char *at)
{
	const char *operand = at + 1 + strspn(at + 1, " \t");

	return *operand == '\0' || *operand == '[' || is_quote(*operand) ||
	       begins_number(parser, operand);
}

/* "7-zip" is not seven less something, if there is one of that name. */
static bool is_plain_number(const struct parser *parser, const char *start)
{
	const char *end = start + token_length(parser, start);

	return begins_number(parser, start) &&
	       (!is_operator(*end) || operates(parser, end));
}

static int parse_number(struct parser *parser, uint64_t *value)
{
	if (number_at(parser, parser->at, value) < 0)
		return FAIL_AT(parser, parser->at, ERANGE,
			       "the number does not fit in 64 bits");
	parser->at += token_length(parser, parser->at);
	return 0;
}

/*
 * Bare names
 */

/* Where the name may end, the longest one last.  Return: how many. */
static size_t find_ends(const struct parser *parser, const char *ends[])
{
	const char *at = parser->at + 1;
	size_t count = 0;

	for (; *at != '\0' && count < MRW_ADDRESS_ENDS - 1; at++) {
		if (ends_term(parser, *at))
			ends[count++] = at;
	}
	ends[count++] = at + strlen(at);
	return count;
}

/* @module: in quotes, before a colon; or NULL.  Return: as mrw_name_look_up(). */
static int look_up(struct parser *parser, const char *module, const char *end,
		   uint64_t *value)
{
	char *name = copy(parser, parser->at, end - parser->at);
	int status;

	if (!name)
		return -1;
	parser->message->position = parser->at - parser->text;
	status = module ?
		 mrw_symbol_look_up(module, name, parser->scope, value, parser->message) :
		 mrw_name_look_up(name, parser->scope, value, parser->message);
	free(name);
	return status;
}

/* No end gave a name that there is: the one that is most likely meant. */
static const char *likely_end(const struct parser *parser)
{
	const char *at = parser->at + 1;

	while (*at != '\0' && !(ends_term(parser, *at) &&
				(*at == ']' || operates(parser, at))))
		at++;
	return at;
}

static int parse_likely_name(struct parser *parser, const char *module, uint64_t *value)
{
	const char *end = likely_end(parser);

	if (look_up(parser, module, end, value) < 0)
		return -1;
	parser->at = end;
	return 0;
}

static int unknown_name(struct parser *parser, const char *module, uint64_t *value)
{
	if (*parser->at == '\0')
		return FAIL_AT(parser, parser->at, EINVAL,
			       "a number, a name or a bracket is missing at the end");
	if (ends_term(parser, *parser->at))
		return FAIL_AT(parser, parser->at, EINVAL,
			       "a number, a name or a bracket is missing before the \"%c\"",
			       *parser->at);
	if (!module && begins_number(parser, parser->at))
		return parse_number(parser, value);
	return parse_likely_name(parser, module, value);
}

static int parse_name(struct parser *parser, const char *module, uint64_t *value)
{
	const char *ends[MRW_ADDRESS_ENDS];
	size_t count = *parser->at != '\0' ? find_ends(parser, ends) : 0;

	while (count-- > 0) {
		if (look_up(parser, module, ends[count], value) == 0) {
			parser->at = ends[count];
			return 0;
		}
		if (errno == ENOTUNIQ || errno == ENOMEM)
			return -1;
	}
	return unknown_name(parser, module, value);
}

/*
 * Names in quotes
 */

static char *parse_quoted(struct parser *parser)
{
	const char *start = parser->at + 1;
	const char *close = strchr(start, *parser->at);
	char *name;

	if (!close || close == start) {
		FAIL_AT(parser, parser->at, EINVAL, close ? "there is nothing in the quotes" :
			"the quote has no closing one");
		return NULL;
	}
	name = strndup(start, close - start);
	if (!name)
		FAIL_AT(parser, start, ENOMEM, "out of memory");
	else
		parser->at = close + 1;
	return name;
}

static int parse_quoted_symbol(struct parser *parser, const char *module,
			       uint64_t *value)
{
	const char *start = parser->at;
	char *symbol = parse_quoted(parser);
	int status;

	if (!symbol)
		return -1;
	parser->message->position = start - parser->text;
	status = mrw_symbol_look_up(module, symbol, parser->scope, value, parser->message);
	free(symbol);
	return status;
}

static int parse_symbol_of(struct parser *parser, const char *module, uint64_t *value)
{
	parser->at++;
	if (is_quote(*parser->at))
		return parse_quoted_symbol(parser, module, value);
	return parse_name(parser, module, value);
}

static int parse_quoted_name(struct parser *parser, uint64_t *value)
{
	const char *start = parser->at;
	char *name = parse_quoted(parser);
	int status;

	if (!name)
		return -1;
	parser->message->position = start - parser->text;
	if (*parser->at == ':')
		status = parse_symbol_of(parser, name, value);
	else
		status = mrw_name_look_up(name, parser->scope, value, parser->message);
	free(name);
	return status;
}

/*
 * Brackets
 */

/* Names in brackets that are the kernel's, whether or not the target has one. */
static bool is_kernel_name(const char *name)
{
	static const char * const names[] = {
		"[heap]", "[stack]", "[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]",
	};
	static const char * const prefixes[] = { "[anon:", "[anon_shmem:", "[stack:" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

/* Return: 1 a region of that name, 0 something else, -1 with errno. */
static int region_at(struct parser *parser, const char *name, uint64_t *value)
{
	const struct memrw_region *region = mrw_region_by_name(parser->scope, name);

	if (region) {
		*value = region->start;
		return 1;
	}
	if (is_kernel_name(name))
		return FAIL_AT(parser, parser->at, ENOENT, "no region is called \"%s\"",
			       name);
	return 0;
}

/* The kernel lets no name have a bracket of its own.  Return: as region_at(). */
static int parse_region(struct parser *parser, uint64_t *value)
{
	size_t length = 1 + strcspn(parser->at + 1, "[]");
	char *name;
	int found;

	if (parser->at[length] != ']')
		return 0;
	name = copy(parser, parser->at, length + 1);
	if (!name)
		return -1;
	found = region_at(parser, name, value);
	free(name);
	if (found > 0)
		parser->at += length + 1;
	return found;
}

static int read_pointer(struct parser *parser, const char *open, uint64_t *value)
{
	uint64_t address = *value;

	if (parser->scope->pointer(parser->scope->data, address, value) == 0)
		return 0;
	return FAIL_AT(parser, open, errno, "there is no pointer to read at 0x%jx: %s",
		       (uintmax_t)address, errno == EIO ?
		       "the memory there is not mapped or not accessible" :
		       strerror(errno));
}

static int parse_pointer(struct parser *parser, uint64_t *value)
{
	const char *open = parser->at++;

	parser->depth++;
	if (parse_sum(parser, value) < 0)
		return -1;
	parser->depth--;
	if (*parser->at != ']')
		return FAIL_AT(parser, open, EINVAL, "no closing bracket");
	parser->at++;
	return read_pointer(parser, open, value);
}

static int parse_bracket(struct parser *parser, uint64_t *value)
{
	int found;

	if (!strchr(parser->at, ']'))
		return FAIL_AT(parser, parser->at, EINVAL,
			       "no closing bracket");
	found = parse_region(parser, value);
	if (found == 0)
		return parse_pointer(parser, value);
	return found < 0 ? -1 : 0;
}

/*
 * Sums
 */

static int parse_term(struct parser *parser, uint64_t *value)
{
	skip_blanks(parser);
	if (parser->terms++ == MRW_ADDRESS_TERMS)
		return FAIL_AT(parser, parser->at, EINVAL,
			       "these are more than %d terms", MRW_ADDRESS_TERMS);
	if (*parser->at == '[')
		return parse_bracket(parser, value);
	if (is_quote(*parser->at))
		return parse_quoted_name(parser, value);
	if (is_plain_number(parser, parser->at))
		return parse_number(parser, value);
	return parse_name(parser, NULL, value);
}

static int operate(struct parser *parser, const char *operator, uint64_t operand,
		   uint64_t *value)
{
	if (*operator == '+' && __builtin_add_overflow(*value, operand, value))
		return FAIL_AT(parser, operator, ERANGE, "the sum does not fit in 64 bits");
	if (*operator == '-' && __builtin_sub_overflow(*value, operand, value))
		return FAIL_AT(parser, operator, ERANGE, "the difference is below 0");
	return 0;
}

static int parse_sum(struct parser *parser, uint64_t *value)
{
	if (parse_term(parser, value) < 0)
		return -1;
	skip_blanks(parser);
	while (is_operator(*parser->at)) {
		const char *operator = parser->at++;
		uint64_t operand = 0;

		if (parse_term(parser, &operand) < 0 ||
		    operate(parser, operator, operand, value) < 0)
			return -1;
		skip_blanks(parser);
	}
	if (*parser->at != '\0' && !ends_term(parser, *parser->at))
		return FAIL_AT(parser, parser->at, EINVAL,
			       "\"%s\" stands where a \"+\" or a \"-\" should", parser->at);
	return 0;
}

int mrw_address_evaluate(const char *text, const struct mrw_address_scope *scope,
			 uint64_t *address, struct mrw_message *message)
{
	struct parser parser = {
		.text = text,
		.at = text,
		.scope = scope,
		.message = message,
	};

	if (text[0] == '\0')
		return FAIL_AT(&parser, text, EINVAL, "the address is empty");
	return parse_sum(&parser, address);
}
