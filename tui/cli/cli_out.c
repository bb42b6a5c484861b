/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All text to the user's terminal or pipe goes through here. */
#include "base/arena.h"
#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"
#include "cli/cli_out.h"
#include "shared/width.h"
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *const role_on[] = {
	[ROLE_PLAIN] = "",
	[ROLE_GOOD] = "\033[32m",
	[ROLE_BAD] = "\033[1;31m",
	[ROLE_WARN] = "\033[33m",
	[ROLE_TITLE] = "\033[1m",
};

/* In a locale other than UTF-8 every other byte would come out as garbage. */
static void fold_to_ascii(struct text *t)
{
	size_t to = 0;

	for (size_t i = 0; i < t->len; i++) {
		unsigned char byte = (unsigned char)t->s[i];

		if (byte < 0x80)
			t->s[to++] = t->s[i];
		else if (byte >= 0xc0)
			t->s[to++] = '?';
	}
	if (t->cap)
		t->s[t->len = to] = '\0';
}

static void filter_lines(const struct cli *c, struct text *out, const char *s, size_t len)
{
	printable_lines(out, s, len);
	if (!c->utf8)
		fold_to_ascii(out);
}

static void put_filtered(const struct cli *c, FILE *to, enum role role, const char *s, size_t len)
{
	struct text shown = TEXT_INIT;
	bool painted = c->colour && role != ROLE_PLAIN;

	filter_lines(c, &shown, s, len);
	if (painted)
		fputs(role_on[role], to);
	fwrite(shown.s, 1, shown.len, to);
	if (painted)
		fputs("\033[0m", to);
	text_release(&shown);
}

FORMAT(4, 0)
static void put_formatted(
	const struct cli *c, FILE *to, enum role role, const char *fmt, va_list ap)
{
	char *line = NULL;
	int len = vasprintf(&line, fmt, ap);

	if (len >= 0) {
		put_filtered(c, to, role, line, (size_t)len);
		fputc('\n', to);
	}
	free(line);
}

void say(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_formatted(c, stdout, ROLE_PLAIN, fmt, ap);
	va_end(ap);
}

void say_role(const struct cli *c, enum role role, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_formatted(c, stdout, role, fmt, ap);
	va_end(ap);
}

void say_text(const struct cli *c, const char *text, size_t len)
{
	put_filtered(c, stdout, ROLE_PLAIN, text, len);
}

void say_json(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

void put_json_line(const char *line)
{
	size_t len = strcspn(line, "\n");

	fwrite(line, 1, len, stdout);
	putchar('\n');
}

json_t *json_text(const char *s)
{
	json_t *j = s ? json_string(s) : NULL;

	return j ? j : json_null();
}

void complain(const struct cli *c, const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("bootsmith: ", stderr);
	va_start(ap, fmt);
	put_formatted(c, stderr, ROLE_PLAIN, fmt, ap);
	va_end(ap);
}

void add_foreign(const struct cli *c, struct text *out, const char *s)
{
	struct text shown = TEXT_INIT;

	if (!s)
		return;
	printable(&shown, s, strcspn(s, "\n"));
	if (!c->utf8)
		fold_to_ascii(&shown);
	text_add(out, shown.s, shown.len);
	text_release(&shown);
}

void put_raw(const char *bytes, size_t len)
{
	fwrite(bytes, 1, len, stdout);
	fflush(stdout);
}

int columns_of(const struct cli *c)
{
	struct winsize size;

	if (!c->live)
		return INT_MAX;
	/* with a pager stdout is a pipe */
	for (int fd = STDOUT_FILENO; fd >= STDIN_FILENO; fd--)
		if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
			return size.ws_col;
	return 80;
}

bool can_ask(const struct cli *c)
{
	return !c->flags.no_input && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool ask_line(const struct cli *c, const char *question, const char *flag, struct text *answer,
	struct error *err)
{
	char line[256] = "";

	if (!can_ask(c))
		return error_set(err, ERROR_USAGE,
			"%s This needs an answer and nobody can be asked here: say it with %s",
			question, flag);
	fflush(stdout);
	put_filtered(c, stderr, ROLE_PLAIN, question, strlen(question));
	fputc(' ', stderr);
	fflush(stderr);
	if (fgets(line, sizeof line, stdin))
		text_add(answer, line, strcspn(line, "\n"));
	return true;
}

bool ask(const struct cli *c, const char *question, const char *flag, bool *yes, struct error *err)
{
	struct text answer = TEXT_INIT, whole = TEXT_INIT;
	bool ok;

	text_fmt(&whole, "%s%s", question, can_ask(c) ? " [y/N]" : "");
	ok = ask_line(c, whole.s, flag, &answer, err);
	*yes = answer.s[0] == 'y' || answer.s[0] == 'Y';
	text_release(&answer);
	text_release(&whole);
	return ok;
}

void table_add(struct table *t, ...)
{
	va_list ap;

	va_start(ap, t);
	for (size_t i = 0; i < t->columns; i++)
		vec_push_in(&t->arena, &t->cells, arena_str(&t->arena, va_arg(ap, const char *)));
	va_end(ap);
}

static void measure_columns(const struct table *t, size_t *widths)
{
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t width = (size_t)width_of(t->cells.at[i]), *most = &widths[i % t->columns];

		*most = width > *most ? width : *most;
	}
}

/* Where to break the line so that it fits: at the last possible blank after the margin; 0: nowhere. */
static size_t find_break(const char *line, size_t margin, int columns)
{
	size_t cut = width_fit(line, columns, NULL);

	if (!line[cut])
		return 0;
	while (cut > margin && line[cut] != ' ')
		cut--;
	return cut > margin ? cut : 0;
}

void say_within(const struct cli *c, FILE *to, const char *line, size_t margin)
{
	struct text part = TEXT_INIT;
	int columns = columns_of(c);
	size_t cut;

	text_str(&part, line);
	/* a narrow strip at the edge reads worse than the terminal's own wrapping */
	while (columns - (int)margin >= 20 && (cut = find_break(part.s, margin, columns))) {
		struct text rest = TEXT_INIT;

		text_fmt(&rest, "%*s%s", (int)margin, "", part.s + cut + 1);
		put_filtered(c, to, ROLE_PLAIN, part.s, cut);
		fputc('\n', to);
		text_release(&part);
		part = rest;
	}
	put_filtered(c, to, ROLE_PLAIN, part.s, part.len);
	fputc('\n', to);
	text_release(&part);
}

static void put_row(struct text *line, const char *const *cells, const size_t *widths, size_t n)
{
	while (n > 1 && !*cells[n - 1])
		n--;
	for (size_t i = 0; i < n; i++) {
		size_t pad = i + 1 < n ? widths[i] - (size_t)width_of(cells[i]) + 2 : 0;

		text_fmt(line, "%s%*s", cells[i], (int)pad, "");
	}
}

void table_print(const struct cli *c, struct table *t)
{
	size_t *widths = arena_alloc(&t->arena, t->columns * sizeof *widths), margin = 0;
	struct text line = TEXT_INIT;

	measure_columns(t, widths);
	for (size_t i = 0; i + 1 < t->columns; i++)
		margin += widths[i] + 2;
	for (size_t row = 0; row + t->columns <= t->cells.n; row += t->columns) {
		text_clear(&line);
		put_row(&line, t->cells.at + row, widths, t->columns);
		say_within(c, stdout, line.s, margin);
	}
	text_release(&line);
}

void table_release(struct table *t)
{
	arena_release(&t->arena);
}
