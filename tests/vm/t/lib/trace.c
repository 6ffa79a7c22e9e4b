// SPDX-License-Identifier: GPL-2.0-only
#include "lib/trace.h"

#include <limits.h>
#include <sys/mount.h>
#include <unistd.h>

#include "lib/file.h"
#include "lib/test.h"

#define BUFFER_SIZE (4 << 20)

const char *trace_root(void)
{
	static const char * const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/tracing_on", roots[i]);
		if (!access(path, F_OK))
			return roots[i];
	}
	return mount("tracefs", roots[0], "tracefs", 0, NULL) < 0 ? NULL : roots[0];
}

static void set(const char *name, const char *value)
{
	char path[PATH_MAX];
	int error;

	snprintf(path, sizeof(path), "%s/%s", trace_root(), name);
	error = file_write(path, value);
	if (error)
		fail_msg("%s: %s", path, strerror(-error));
}

static void clear(void)
{
	char path[PATH_MAX];

	/* To open it for truncation is what empties it. */
	snprintf(path, sizeof(path), "%s/trace", trace_root());
	fclose(fopen(path, "we"));
}

void trace_start(const char *event)
{
	char path[PATH_MAX];

	if (!trace_root())
		skip_because("the kernel has no tracefs");
	set("tracing_on", "1");
	clear();
	snprintf(path, sizeof(path), "events/%s/enable", event);
	set(path, "1");
}

void trace_start_calls(const char *function)
{
	char path[PATH_MAX], probe[128];
	int error;

	if (!trace_root())
		skip_because("the kernel has no tracefs");
	snprintf(path, sizeof(path), "%s/kprobe_events", trace_root());
	file_write(path, "-:memrw_probe");	/* that of an earlier test */
	snprintf(probe, sizeof(probe), "p:memrw_probe %s", function);
	error = file_write(path, probe);
	if (error)
		skip_because("a probe of %s: %s", function, strerror(-error));
	trace_start("kprobes/memrw_probe");
	/* To turn it on may have called the function, too, as turning it off may. */
	clear();
}

void trace_pause(void)
{
	set("tracing_on", "0");
}

char *trace_stop(void)
{
	char *text = malloc(BUFFER_SIZE);
	char path[PATH_MAX];

	assert_non_null(text);
	set("tracing_on", "0");
	set("events/enable", "0");
	snprintf(path, sizeof(path), "%s/trace", trace_root());
	assert_true(file_read(path, text, BUFFER_SIZE) >= 0);
	clear();
	return text;
}

static bool line_is_about(const char *line, const char *end, const char *event, pid_t pid)
{
	char name[64], task[32];
	const char *found;

	snprintf(name, sizeof(name), ": %s: ", event);
	snprintf(task, sizeof(task), "-%d ", pid);
	found = strstr(line, name);
	if (!found || found > end)
		return false;
	found = strstr(line, task);
	return found && found < end;
}

bool trace_has(const char *text, const char *event, pid_t pid)
{
	for (const char *line = text; *line;) {
		const char *end = strchrnul(line, '\n');

		if (line_is_about(line, end, event, pid))
			return true;
		line = *end ? end + 1 : end;
	}
	return false;
}

static bool word_of_line(const char *line, const char *end, const char *name, char *word,
			 size_t size)
{
	char key[64];
	const char *found;
	size_t length;

	snprintf(key, sizeof(key), " %s=", name);
	found = strstr(line, key);
	if (!found || found > end)
		return false;
	found += strlen(key);
	length = strcspn(found, " \n");
	if (length >= size)
		return false;
	memcpy(word, found, length);
	word[length] = '\0';
	return true;
}

bool trace_word(const char *text, const char *event, pid_t pid, const char *name, char *word,
		size_t size)
{
	for (const char *line = text; *line;) {
		const char *end = strchrnul(line, '\n');

		if (line_is_about(line, end, event, pid))
			return word_of_line(line, end, name, word, size);
		line = *end ? end + 1 : end;
	}
	return false;
}

bool trace_number(const char *text, const char *event, pid_t pid, const char *name,
		  int64_t *number)
{
	char word[64], *end;

	if (!trace_word(text, event, pid, name, word, sizeof(word)))
		return false;
	*number = word[0] == '-' ? strtoll(word, &end, 0) : (int64_t)strtoull(word, &end, 0);
	return end != word && !*end;
}
