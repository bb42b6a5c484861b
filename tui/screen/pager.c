/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scrolls through text or a log file, with search. */
#include "screen/pager.h"

#include "base/error.h"
#include "base/text.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/terminal.h"
#include "shared/log_lines.h"
#include "shared/width.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pager_view {
	struct view view;
	char *title;
	char *path;  /* NULL: a text */
	char *text;  /* NULL: a file */
	int wrapped; /* columns that `lines` of a text are wrapped to */
	struct log_lines lines;
	size_t top;
	int left; /* columns scrolled to the right */
	int rows; /* of the window */
	bool follow;
	struct text query;
	size_t error_at; /* line of the first error; the number of lines if unknown */
};

static size_t last_top(const struct pager_view *p)
{
	size_t rows = p->rows > 0 ? (size_t)p->rows : 1;

	return p->lines.n > rows ? p->lines.n - rows : 0;
}

static void scroll_to(struct pager_view *p, size_t top)
{
	p->top = top < last_top(p) ? top : last_top(p);
	p->follow = p->path && p->top == last_top(p);
}

static enum role role_of(const struct pager_view *p, size_t i)
{
	if (i == p->error_at)
		return ROLE_BAD;
	return p->query.len && strcasestr(p->lines.at[i], p->query.s) ? ROLE_WARN : ROLE_TEXT;
}

/* The end of a path says more than its beginning. */
static void print_path(const struct pager_view *p, int cols, struct text *out)
{
	int extra = p->path ? width_of(p->path) - cols : 0;

	if (extra > 0)
		text_fmt(out, "..%s", p->path + log_lines_skip(p->path, extra + 2));
	else if (p->path)
		text_str(out, p->path);
}

/* Under the second of two columns, as help has them; where that leaves too little, further left. */
static int hang_of(const char *line, int cols)
{
	const char *gap = strstr(line + strspn(line, " "), "  ");
	int hang = gap ? (int)(gap - line) + (int)strspn(gap, " ") : 0;

	if (gap && strstr(line + hang, "  "))
		return 0;
	return hang < cols / 2 ? hang : 4;
}

/* What is read is never cut at the right. */
static void wrap(struct pager_view *p, int cols)
{
	struct text line = TEXT_INIT;
	const char *s = p->text;
	size_t next;

	if (p->wrapped == cols || cols <= 0)
		return;
	p->wrapped = cols;
	log_lines_clear(&p->lines);
	while (*s) {
		size_t end = strcspn(s, "\n");
		int hang, indent = 0;
		const char *rest;

		text_clear(&line);
		text_add(&line, s, end);
		hang = hang_of(line.s, cols);
		rest = line.s;
		do {
			size_t fit = width_wrap(rest, cols - indent, &next);

			for (int i = 0; i < indent; i++)
				log_lines_add(&p->lines, " ", 1);
			log_lines_add(&p->lines, rest, fit);
			log_lines_add(&p->lines, "\n", 1);
			rest += next;
			indent = hang;
		} while (*rest);
		s += end + (s[end] == '\n');
	}
	text_release(&line);
}

static void pager_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct pager_view *p = (struct pager_view *)v;
	struct text path = TEXT_INIT;
	char where[96];
	size_t end;

	p->rows = l->body.rows;
	if (p->text)
		wrap(p, l->body.cols - 2);
	scroll_to(p, p->follow ? last_top(p) : p->top);
	end = p->top + (size_t)p->rows < p->lines.n ? p->top + (size_t)p->rows : p->lines.n;
	snprintf(where, sizeof where, "lines %zu to %zu of %zu", end ? p->top + 1 : 0, end,
		p->lines.n);
	print_path(p, l->path.cols - 2, &path);
	view_idle(v, ACT_NEXT, !p->query.len);
	view_idle(v, ACT_EDIT, p->error_at >= p->lines.n);
	frame_draw(app, v, l, &(struct heading){p->title, where, path.s, NULL});
	text_release(&path);
	for (int y = 0; y < l->body.rows && p->top + (size_t)y < p->lines.n; y++) {
		const char *line = p->lines.at[p->top + (size_t)y];
		size_t skip = log_lines_skip(line, p->left);

		put(&app->term, l->body, y, 1, role_of(p, p->top + (size_t)y), line + skip);
	}
	put_cursor(&app->term, l->body, 0, 0, false);
}

/* The next line that contains the search text, from `from` on in steps of 1 or -1, wrapping around. */
static bool find(struct pager_view *p, size_t from, bool forward)
{
	size_t n = p->lines.n;

	for (size_t k = 0; k < n; k++) {
		size_t i = forward ? (from + k) % n : (from + 2 * n - k) % n;

		if (!strcasestr(p->lines.at[i], p->query.s))
			continue;
		scroll_to(p, i);
		p->follow = false;
		return true;
	}
	return false;
}

static bool on_query(struct app *app, void *ctx, const char *text, struct error *err)
{
	struct pager_view *p = ctx;

	(void)app;
	text_clear(&p->query);
	text_str(&p->query, text);
	if (*text && !find(p, p->top, true))
		return error_set(err, ERROR_USAGE, "'%.60s' is not in this text.", text);
	return true;
}

static void search_again(struct pager_view *p, struct app *app, bool forward)
{
	if (!p->query.len)
		app_say(app, ROLE_TEXT, "Press / to look for something first.");
	else if (!find(p, forward ? p->top + 1 : p->top + p->lines.n - 1, forward))
		app_say(app, ROLE_WARN, "'%s' is not in this text.", p->query.s);
}

static bool scroll(struct pager_view *p, enum key_action action)
{
	size_t page = p->rows > 1 ? (size_t)p->rows - 1 : 1;

	switch (action) {
	case ACT_UP:
		scroll_to(p, p->top - (p->top > 0));
		return true;
	case ACT_DOWN:
		scroll_to(p, p->top + 1);
		return true;
	case ACT_PAGE_UP:
		scroll_to(p, p->top - (p->top < page ? p->top : page));
		return true;
	case ACT_PAGE_DOWN:
		scroll_to(p, p->top + page);
		return true;
	case ACT_FIRST:
		scroll_to(p, 0);
		return true;
	case ACT_LAST:
		scroll_to(p, p->lines.n);
		return true;
	default:
		return false;
	}
}

static void pager_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct pager_view *p = (struct pager_view *)v;

	(void)key;
	if (scroll(p, action))
		return;
	if (action == ACT_BACK || action == ACT_QUIT)
		app_remove(app, v);
	else if (action == ACT_LEFT)
		p->left -= p->left < 8 ? p->left : 8;
	else if (action == ACT_RIGHT)
		p->left += 8;
	else if (action == ACT_SEARCH)
		dialog_prompt(app, "Find",
			"Text to look for, upper and lower case alike:", p->query.s, PROMPT_TEXT,
			on_query, p);
	else if (action == ACT_NEXT || action == ACT_PREVIOUS)
		search_again(p, app, action == ACT_NEXT);
	else if (action == ACT_EDIT && p->error_at < p->lines.n)
		scroll_to(p, p->error_at);
	else if (action == ACT_EDIT)
		app_say(app, ROLE_TEXT, "No error line is known in this text.");
}

static void pager_news(struct view *v, struct app *app)
{
	struct pager_view *p = (struct pager_view *)v;

	(void)app;
	if (p->path)
		log_lines_grow(&p->lines, p->path);
}

static void pager_close(struct view *v)
{
	struct pager_view *p = (struct pager_view *)v;

	free(p->title);
	free(p->path);
	free(p->text);
	log_lines_release(&p->lines);
	text_release(&p->query);
}

static const struct view_ops ops = {pager_draw, pager_key, pager_news, pager_close};

void pager_text(struct app *app, const char *title, const char *text, enum keys_view keys)
{
	struct pager_view *p = view_new(sizeof *p, &ops, keys);

	p->title = xstrdup(title);
	p->query = (struct text)TEXT_INIT;
	log_lines_init(&p->lines);
	p->text = xstrdup(text);
	p->error_at = SIZE_MAX;
	app_push(app, &p->view);
}

void pager_file(struct app *app, const char *path, const char *error_line)
{
	struct pager_view *p = view_new(sizeof *p, &ops, KEYS_PAGER);

	p->title = xstrdup("log");
	p->path = xstrdup(path);
	p->query = (struct text)TEXT_INIT;
	log_lines_init(&p->lines);
	log_lines_grow(&p->lines, path);
	log_lines_flush(&p->lines);
	p->rows = app->term.rows;
	p->error_at = error_line ? log_lines_find(&p->lines, error_line) : SIZE_MAX;
	p->follow = p->error_at >= p->lines.n;
	if (!p->follow)
		p->top = p->error_at > 3 ? p->error_at - 3 : 0;
	app_push(app, &p->view);
}
