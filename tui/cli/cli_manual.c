/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `manual PAGE`: prints the source share/man/PAGE.in (mdoc) or share/completion/PAGE.in (a shell's), with this program's own
 * tables in place of the lines @VERBS@, @OPTIONS@ and so on. The checked-in pages are made with it, and lint compares them.
 */
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/option.h"
#include "cli/cli.h"
#include "cli/cli_completion.h"
#include "shared/keys.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { PAGE_LIMIT = 1024 * 1024, TEXT_COLUMNS = 78 };

/* mdoc(7) interprets a dot at the start of a line and any backslash; quotes matter inside a macro's argument. */
static void put_text(struct text *out, const char *s, size_t len, bool in_macro)
{
	if (!in_macro && len && (*s == '.' || *s == '\''))
		text_str(out, "\\&");
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\\')
			text_str(out, "\\e");
		else if (in_macro && s[i] == '"')
			text_str(out, "\\(dq");
		else
			text_char(out, s[i]);
	}
}

/* Wraps one sentence: mdoc does not like long lines. */
static void put_sentence(struct text *out, const char *s, size_t len)
{
	while (len > TEXT_COLUMNS) {
		size_t cut = TEXT_COLUMNS;

		while (cut && s[cut] != ' ')
			cut--;
		if (!cut)
			break;
		put_text(out, s, cut, false);
		text_char(out, '\n');
		s += cut + 1;
		len -= cut + 1;
	}
	put_text(out, s, len, false);
	text_char(out, '\n');
}

/* Text of several sentences: each starts on a new line, as mdoc wants it. */
static void put_sentences(struct text *out, const char *s)
{
	struct text flat = TEXT_INIT;
	size_t from = 0;

	text_str(&flat, s);
	for (size_t i = 0; i < flat.len; i++) {
		if (flat.s[i] == '\n')
			flat.s[i] = ' ';
		if (i && flat.s[i] == ' ' && strchr(".?!", flat.s[i - 1])) {
			put_sentence(out, flat.s + from, i - from);
			from = i + 1;
		}
	}
	if (from < flat.len)
		put_sentence(out, flat.s + from, flat.len - from);
	text_release(&flat);
}

/* The tables' phrases start in lower case and have no full stop, because help shows them in columns. */
static void put_phrase(struct text *out, const char *s)
{
	struct text line = TEXT_INIT;

	text_fmt(&line, "%c%s.", toupper((unsigned char)*s), s + 1);
	put_sentences(out, line.s);
	text_release(&line);
}

static void put_flags(struct text *out, const struct flag *f, const char *compact)
{
	if (!f->name)
		return;
	text_fmt(out, ".Bl -tag -width Ds%s\n", compact);
	for (; f->name; f++) {
		text_str(out, ".It ");
		if (f->letter)
			text_fmt(out, "Fl %c , ", f->letter);
		text_fmt(out, "Fl Fl %s", f->name);
		if (f->value)
			text_fmt(out, " Ns = Ns Ar %s", f->value);
		text_char(out, '\n');
		put_phrase(out, f->help);
	}
	text_str(out, ".El\n");
}

static void put_verbs(const struct cli *c, struct text *out)
{
	(void)c;
	text_str(out, ".Bl -tag -width Ds\n");
	for (const struct verb *v = verbs; v->name; v++) {
		if (v->internal)
			continue;
		text_fmt(out, ".It Cm %s", v->name);
		if (*v->synopsis) {
			text_str(out, " Ar \"");
			put_text(out, v->synopsis, strlen(v->synopsis), true);
			text_char(out, '"');
		}
		text_char(out, '\n');
		put_phrase(out, v->summary);
		if (v->details)
			put_sentences(out, v->details);
		put_flags(out, v->flags, " -compact");
	}
	text_str(out, ".El\n");
}

static void put_global_flags(const struct cli *c, struct text *out)
{
	(void)c;
	put_flags(out, flags_global, "");
}

static void put_keys(const struct cli *c, struct text *out)
{
	enum keys_view view;
	const char *name;

	(void)c;
	for (size_t i = 0; keys_view_at(i, &view, &name); i++) {
		struct text help = TEXT_INIT;

		keys_help(view, &help);
		text_fmt(out, ".Ss Keys: %s\\&\n.Bd -literal\n", name);
		for (char *line = help.s; *line;) {
			char *end = line + strcspn(line, "\n");
			bool more = *end;

			*end = '\0';
			put_text(out, line, strlen(line), false);
			text_char(out, '\n');
			line = end + more;
		}
		text_str(out, ".Ed\n");
		text_release(&help);
	}
}

static void put_values(struct text *out, const struct option *o)
{
	text_str(out, ".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; i < o->values.n; i++) {
		text_fmt(out, ".It Cm %s\n", o->values.at[i].name);
		if (o->values.at[i].help)
			put_sentences(out, o->values.at[i].help);
		if (o->values.at[i].reason)
			put_sentences(out, o->values.at[i].reason);
	}
	text_str(out, ".El\n");
}

static void put_option(struct text *out, const struct option *o)
{
	struct text line = TEXT_INIT;

	text_fmt(out, ".It Cm %s\n", o->name);
	text_fmt(&line, "%s (%s", o->prompt, option_type_name(o->type));
	if (o->type == OPTION_NUMBER)
		text_fmt(&line, " from %ld to %ld", o->low, o->high);
	text_fmt(&line, "; default: %s", *o->fallback ? o->fallback : "empty");
	if (o->when_text && *o->when_text)
		text_fmt(&line, "; %s", o->when_text);
	text_str(&line, ").");
	put_sentences(out, line.s);
	if (o->help)
		put_sentences(out, o->help);
	if (o->values.n)
		put_values(out, o);
	text_release(&line);
}

static void put_options(const struct cli *c, struct text *out)
{
	const char *menu = "";

	for (size_t i = 0; i < c->catalog.options.options.n; i++) {
		const struct option *o = &c->catalog.options.options.at[i];

		if (strcmp(menu, o->menu) != 0)
			text_fmt(out, "%s.Ss %s\n.Bl -tag -width Ds\n", *menu ? ".El\n" : "",
				o->menu);
		menu = o->menu;
		put_option(out, o);
	}
	text_str(out, ".El\n");
}

/* The page's tables; a completion only has verbs, and needs nothing loaded. */
static const struct {
	const char *mark;
	void (*put)(const struct cli *c, struct text *out);
	void (*complete)(struct text *out);
} marks[] = {
	{"@VERBS@", put_verbs, NULL},
	{"@FLAGS@", put_global_flags, NULL},
	{"@KEYS@", put_keys, NULL},
	{"@OPTIONS@", put_options, NULL},
	{"@BASH-NAMES@", NULL, completion_bash_names},
	{"@BASH-VERBS@", NULL, completion_bash_verbs},
	{"@BASH-VALUES@", NULL, completion_bash_values},
	{"@ZSH-NAMES@", NULL, completion_zsh_names},
	{"@ZSH-GLOBAL@", NULL, completion_zsh_global},
	{"@ZSH-VERBS@", NULL, completion_zsh_verbs},
	{"@FISH@", NULL, completion_fish},
};

static bool put_mark(const struct cli *c, const char *line, struct text *out)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (strcmp(line, marks[i].mark) != 0)
			continue;
		if (marks[i].put)
			marks[i].put(c, out);
		else
			marks[i].complete(out);
		return true;
	}
	return false;
}

static void fill(const struct cli *c, char *source, struct text *out)
{
	for (char *line = source; *line;) {
		char *end = line + strcspn(line, "\n");
		bool more = *end;

		*end = '\0';
		if (!put_mark(c, line, out))
			text_fmt(out, "%s\n", line);
		line = end + more;
	}
}

static bool find_source(const struct cli *c, const char *page, struct text *path)
{
	static const char *const folders[] = {"man", "completion"};
	struct text relative = TEXT_INIT;
	bool found = false;

	for (size_t i = 0; !found && i < sizeof folders / sizeof *folders; i++) {
		text_clear(&relative);
		text_fmt(&relative, "share/%s/%s.in", folders[i], page);
		found = place_find(&c->place, relative.s, path);
	}
	text_release(&relative);
	return found;
}

bool verb_manual(struct cli *c, struct error *err)
{
	struct text path = TEXT_INIT, source = TEXT_INIT, out = TEXT_INIT;
	bool ok;

	if (find_source(c, c->words.at[0], &path))
		ok = text_read_file(&source, path.s, PAGE_LIMIT, err);
	else
		ok = error_set(err, ERROR_USAGE, "there is no page %s to fill in", c->words.at[0]);
	if (ok)
		fill(c, source.s, &out);
	fwrite(out.s, 1, out.len, stdout);
	text_release(&path);
	text_release(&source);
	text_release(&out);
	return ok;
}
