// SPDX-License-Identifier: GPL-2.0-only

#include <ctype.h>
#include <errno.h>
#include <histedit.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "command.h"
#include "console_complete.h"
#include "console_history.h"
#include "console_prompt.h"
#include "output.h"
#include "progress.h"
#include "report.h"

#define HISTORY_SIZE	1000

/*
 * struct prompt - what libedit is given to carry around
 * @signals: those that are blocked while no line is waited for
 */
struct prompt {
	struct console *console;
	sigset_t signals;
	EditLine *edit;
	History *history;
	char *history_path;
	char text[128];
};

/*
 * The prompt
 */

/* A process may call itself anything; the terminal is not to obey it. */
static void print_comm(char *text, size_t size, const char *comm)
{
	snprintf(text, size, "%s", comm);
	for (char *c = text; *c; c++) {
		if (!isprint((unsigned char)*c))
			*c = '?';
	}
}

static char *prompt_text(EditLine *edit)
{
	struct prompt *prompt;
	const struct console_scan *scan;
	char comm[32], number[32] = "", matches[40] = "";
	uint64_t count;

	el_get(edit, EL_CLIENTDATA, &prompt);
	scan = console_scan(prompt->console);
	count = memrw_scan_count(scan->scan);
	print_comm(comm, sizeof(comm), memrw_target_comm(prompt->console->target));
	if (prompt->console->scan_count > 1)
		snprintf(number, sizeof(number), " scan %u", scan->number);
	if (memrw_scan_started(scan->scan))
		snprintf(matches, sizeof(matches), " %ju %s", (uintmax_t)count,
			 count == 1 ? "match" : "matches");
	snprintf(prompt->text, sizeof(prompt->text), "%s[%d]%s%s> ", comm,
		 memrw_target_pid(prompt->console->target), number, matches);
	return prompt->text;
}

/*
 * Completion
 */

static void print_words(const struct completion *completion)
{
	putchar('\n');
	for (size_t i = 0; i < completion->count; i++)
		printf("%s%s", completion->words[i], i + 1 < completion->count ? "  " : "\n");
	fflush(stdout);
}

/* Return: what libedit is to do. */
static unsigned char insert(EditLine *edit, const struct completion *completion, size_t begun)
{
	size_t common = completion_common(completion);
	char text[64];

	snprintf(text, sizeof(text), "%.*s%s", (int)(common - begun),
		 completion->words[0] + begun, completion->count == 1 ? " " : "");
	if (text[0] == '\0') {
		print_words(completion);
		return CC_REDISPLAY;
	}
	return el_insertstr(edit, text) < 0 ? CC_ERROR : CC_REFRESH;
}

static unsigned char complete(EditLine *edit, int key)
{
	const LineInfo *line = el_line(edit);
	char *text = strndup(line->buffer, line->cursor - line->buffer);
	struct completion completion;
	size_t begun;

	(void)key;
	if (!text)
		return CC_ERROR;
	begun = completion_find(&completion, text);
	free(text);
	return completion.count ? insert(edit, &completion, begun) : CC_ERROR;
}

/*
 * History
 */

static void open_history(struct prompt *prompt)
{
	HistEvent event;

	prompt->history = history_init();
	if (!prompt->history)
		return;
	history(prompt->history, &event, H_SETSIZE, HISTORY_SIZE);
	history(prompt->history, &event, H_SETUNIQUE, 1);
	prompt->history_path = history_path();
	if (prompt->history_path)
		history(prompt->history, &event, H_LOAD, prompt->history_path);
	el_set(prompt->edit, EL_HIST, history, prompt->history);
}

static void remember(struct prompt *prompt, const char *line)
{
	HistEvent event;

	if (prompt->history && line[strspn(line, " \t\n")] != '\0')
		history(prompt->history, &event, H_ENTER, line);
}

static void close_history(struct prompt *prompt)
{
	HistEvent event;

	if (prompt->history && prompt->history_path)
		history(prompt->history, &event, H_SAVE, prompt->history_path);
	if (prompt->history)
		history_end(prompt->history);
	free(prompt->history_path);
}

/*
 * Lines
 */

/* Ctrl-C comes while this waits, and at no other time between two lines. */
static int next_key(EditLine *edit, wchar_t *key)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	struct prompt *prompt;
	wint_t got;

	el_get(edit, EL_CLIENTDATA, &prompt);
	/* Of a key and a signal, ppoll(2) has the key go first, whichever came first. */
	if (ppoll(NULL, 0, &(struct timespec){ 0 }, &prompt->signals) < 0 ||
	    ppoll(&input, 1, NULL, &prompt->signals) < 0)
		return -1;
	got = fgetwc(stdin);
	*key = got;
	return got == WEOF ? 0 : 1;
}

static int open_edit(struct prompt *prompt)
{
	prompt->edit = el_init("memrw", stdin, stdout, stderr);
	if (!prompt->edit)
		return -1;
	el_set(prompt->edit, EL_CLIENTDATA, prompt);
	el_set(prompt->edit, EL_PROMPT, prompt_text);
	el_set(prompt->edit, EL_EDITOR, "emacs");
	el_set(prompt->edit, EL_SIGNAL, 0);
	el_set(prompt->edit, EL_GETCFN, next_key);
	/* Of what was read and not looked at, poll(2) knows nothing. */
	setvbuf(stdin, NULL, _IONBF, 0);
	/* Of narrow strings it makes copies that it never frees. */
	el_wset(prompt->edit, EL_ADDFN, L"complete", L"complete a word", complete);
	el_set(prompt->edit, EL_BIND, "^I", "complete", NULL);
	open_history(prompt);
	/* What the user has in ~/.editrc goes before. */
	el_source(prompt->edit, NULL);
	return 0;
}

/* Return: a line; "" for one given up by Ctrl-C; NULL at the end. */
static const char *next_line(struct prompt *prompt)
{
	const char *line;
	sigset_t interrupt;
	int length;

	sigemptyset(&interrupt);
	sigaddset(&interrupt, SIGINT);
	sigprocmask(SIG_BLOCK, &interrupt, &prompt->signals);
	progress_forget_interrupt();
	line = el_gets(prompt->edit, &length);
	sigprocmask(SIG_SETMASK, &prompt->signals, NULL);
	if (line && length > 0)
		return line;
	putchar('\n');
	if (!progress_interrupted())
		return NULL;
	el_reset(prompt->edit);
	return "";
}

int console_prompt(struct console *console)
{
	struct prompt prompt = { .console = console };
	const char *line;

	if (open_edit(&prompt) < 0) {
		report("scan", "the terminal cannot be set up: %s", strerror(errno));
		return STATUS_FAILED;
	}
	while (!console->quit && output_flush() == 0 && (line = next_line(&prompt))) {
		remember(&prompt, line);
		console_run_text(console, NULL, 1, line);
	}
	close_history(&prompt);
	el_end(prompt.edit);
	return output_flush() < 0 ? STATUS_FAILED : STATUS_DONE;
}
