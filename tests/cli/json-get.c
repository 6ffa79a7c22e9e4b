// SPDX-License-Identifier: GPL-2.0-only
/*
 * json-get [KEY|INDEX]...: one value of the JSON document on standard input,
 * strings as they are.  Fails if that is not exactly one document, or has no
 * such value.
 */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static json_t *step(json_t *value, const char *word)
{
	if (json_is_array(value))
		return json_array_get(value, strtoul(word, NULL, 10));
	return json_object_get(value, word);
}

int main(int argc, char **argv)
{
	json_error_t error;
	json_t *value = json_loadf(stdin, JSON_REJECT_DUPLICATES, &error);

	if (!value) {
		fprintf(stderr, "json-get: line %d: %s\n", error.line, error.text);
		return 1;
	}
	for (int i = 1; value && i < argc; i++)
		value = step(value, argv[i]);
	if (!value) {
		fputs("json-get: no such value\n", stderr);
		return 1;
	}
	if (json_is_string(value))
		fwrite(json_string_value(value), 1, json_string_length(value), stdout);
	else
		json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_COMPACT);
	putchar('\n');
	return 0;
}
