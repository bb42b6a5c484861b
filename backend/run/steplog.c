/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a step's log as output arrives. If the log cannot be written (full disk) the step goes on. */
#include "run/steplog.h"

#include "base/error.h"
#include "base/expand.h"
#include "base/text.h"
#include "plan/action_facts.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/banned.h"

static void put(struct steplog *l, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t done = write(l->fd, bytes, len);

		if (done <= 0)
			return;
		bytes += done;
		len -= (size_t)done;
	}
}

void steplog_words(struct text *out, const struct action *a)
{
	struct text shown = TEXT_INIT;

	text_str(out, action_facts(a->verb)->word);
	for (size_t i = 0; i < a->args.n; i++) {
		const char *word, *quote;

		text_clear(&shown);
		expand_print(&shown, a->args.at[i], NULL, NULL);
		word = shown.s;
		quote = !*word || strpbrk(word, " \t\n\"'") ? "'" : "";

		text_fmt(out, " %s", quote);
		for (; *word; word++)
			text_str(out, *word == '\n' ? "\\n" : (char[]){*word, '\0'});
		text_str(out, quote);
	}
	text_release(&shown);
	text_char(out, '\n');
}

/* A proxy's address may contain a password, and people share logs. */
static void print_variable(struct text *out, const char *variable)
{
	size_t name = strcspn(variable, "=");
	bool proxy = name > 6 && strncasecmp(variable + name - 6, "_proxy", 6) == 0;

	text_fmt(out, "# env     %.*s=", (int)name, variable);
	expand_print(out, proxy ? "(set)" : variable + name + (variable[name] != 0), NULL, NULL);
	text_char(out, '\n');
}

static void print_head(struct text *out, const struct step *s)
{
	text_fmt(out, "# step    %s (%s)\n", s->id, s->title ? s->title : "");
	if (s->cwd)
		text_fmt(out, "# folder  %s\n", s->cwd);
	for (size_t i = 0; i < s->env.n; i++)
		print_variable(out, s->env.at[i]);
	for (size_t i = 0; i < s->actions.n; i++) {
		text_str(out, "# action  ");
		steplog_words(out, &s->actions.at[i]);
	}
}

bool steplog_open(struct steplog *l, const char *path, const struct step *s, struct error *err)
{
	struct text head = TEXT_INIT;

	*l = (struct steplog){
		.count = &s->count, .limit = STEPLOG_LIMIT, .tail = TEXT_INIT, .ends_line = true};
	l->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (l->fd < 0)
		return error_errno(err, "the log %s cannot be written", path);
	print_head(&head, s);
	put(l, head.s, head.len);
	text_release(&head);
	return true;
}

static void count_word(struct steplog *l)
{
	l->counted = true;
	for (size_t i = 0; i < l->count->n; i++) {
		if (strlen(l->count->at[i]) == l->word_len &&
			memcmp(l->count->at[i], l->word, l->word_len) == 0) {
			l->objects++;
			return;
		}
	}
}

/* Only the first word of each line is examined; the rest is skipped. */
static void count_lines(struct steplog *l, const char *at, const char *end)
{
	while (at < end) {
		if (l->counted) {
			at = memchr(at, '\n', (size_t)(end - at));
			if (!at)
				return;
		}
		if (*at == '\n' || ((*at == ' ' || *at == '\t') && l->word_len > 0)) {
			if (!l->counted)
				count_word(l);
		} else if (*at != ' ' && *at != '\t') {
			if (l->word_len < sizeof l->word)
				l->word[l->word_len++] = *at;
			else
				l->counted = true; /* longer than any counted word */
		}
		if (*at++ == '\n') {
			l->counted = false;
			l->word_len = 0;
		}
	}
}

static void keep_tail(struct steplog *l, const char *bytes, size_t len)
{
	l->dropped += len;
	text_add(&l->tail, bytes, len);
	if (l->tail.len > 4 * STEPLOG_TAIL) {
		size_t extra = l->tail.len - STEPLOG_TAIL;

		memmove(l->tail.s, l->tail.s + extra, STEPLOG_TAIL + 1);
		l->tail.len = STEPLOG_TAIL;
	}
}

void steplog_take(struct steplog *l, const char *bytes, size_t len)
{
	size_t room = l->limit > l->written ? (size_t)(l->limit - l->written) : 0;
	size_t now = len < room ? len : room;

	if (len == 0)
		return;
	if (l->count->n > 0)
		count_lines(l, bytes, bytes + len);
	put(l, bytes, now);
	l->written += now;
	if (now < len)
		keep_tail(l, bytes + now, len - now);
	l->ends_line = bytes[len - 1] == '\n';
}

void steplog_close(struct steplog *l, const char *result, double seconds)
{
	struct text foot = TEXT_INIT;

	if (l->dropped > 0) {
		size_t kept = l->tail.len < STEPLOG_TAIL ? l->tail.len : STEPLOG_TAIL;

		text_fmt(&foot, "\n# %" PRIu64 " bytes were left out here; the last ones follow\n",
			l->dropped - kept);
		put(l, foot.s, foot.len);
		put(l, l->tail.s + l->tail.len - kept, kept);
		text_clear(&foot);
	}
	text_fmt(&foot, "%s# result  %s after %.3f s\n", l->ends_line ? "" : "\n", result, seconds);
	put(l, foot.s, foot.len);
	close(l->fd);
	text_release(&foot);
	text_release(&l->tail);
}
