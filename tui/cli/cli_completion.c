/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the lines of the shells' completions from the table of verbs; `manual` fills them into share/completion. */
#include "base/text.h"
#include "cli/cli.h"
#include "cli/cli_completion.h"
#include <string.h>

/* A string inside '...'; zsh also interprets the brackets and colons listed in `special`. */
static void put_quoted(struct text *out, const char *s, const char *special)
{
	for (; *s; s++) {
		if (*s == '\'')
			text_str(out, "'\\''");
		else if (strchr(special, *s))
			text_fmt(out, "\\%c", *s);
		else
			text_char(out, *s);
	}
}

static void put_choices(struct text *out, const char *choices)
{
	for (; *choices; choices++)
		text_char(out, *choices == '|' ? ' ' : *choices);
}

/* The values of a flag as far as shells know them: each shell has its own words for that. */
static const struct value_kind {
	const char *value, *bash, *zsh, *fish;
} kinds[] = {
	{"DIR", "folder", "_files -/", " -r -F"},
	{"FILE", "file", "_files", " -r -F"},
	{"PROFILE", "profile", "_bootsmith_words PROFILE", " -x -a '(__bootsmith_ask list)'"},
	{"", "words", "", " -x"},
};

static const struct value_kind *kind_of(const struct flag *f)
{
	const struct value_kind *k = kinds;

	while (*k->value && strcmp(k->value, f->value) != 0)
		k++;
	return k;
}

/* ---- bash: a branch for each verb, and one for each flag with known values ---- */

static void put_bash_flags(struct text *out, const struct flag *f)
{
	for (; f->name; f++)
		text_fmt(out, " --%s", f->name);
}

void completion_bash_verbs(struct text *out)
{
	for (const struct verb *v = verbs; v->name; v++) {
		if (v->internal)
			continue;
		text_fmt(out, "\t%s) synopsis='", v->name);
		put_quoted(out, v->synopsis, "");
		text_str(out, "' flags='");
		put_bash_flags(out, v->flags);
		text_str(out, "' ;;\n");
	}
}

void completion_bash_names(struct text *out)
{
	text_str(out, "\tverbs='");
	for (const struct verb *v = verbs; v->name; v++)
		if (!v->internal)
			text_fmt(out, "%s%s", v == verbs ? "" : " ", v->name);
	text_str(out, "'\n\tglobal='");
	put_bash_flags(out, flags_global);
	text_str(out, "'\n");
}

/* A flag's values are the same for all verbs, so use the first row. */
static void put_bash_value(struct text *out, const struct flag *f)
{
	struct text head = TEXT_INIT;

	text_fmt(&head, "\t--%s", f->name);
	if (f->letter)
		text_fmt(&head, " | -%c", f->letter);
	text_str(&head, ") ");
	if (f->type != FLAG_YES && !strstr(out->s, head.s)) {
		text_fmt(out, "%svalue=%s", head.s, kind_of(f)->bash);
		if (f->type == FLAG_CHOICE) {
			text_str(out, " choices='");
			put_choices(out, f->value);
			text_char(out, '\'');
		}
		text_str(out, " ;;\n");
	}
	text_release(&head);
}

void completion_bash_values(struct text *out)
{
	struct text lines = TEXT_INIT;

	for (const struct flag *f = flags_global; f->name; f++)
		put_bash_value(&lines, f);
	for (const struct verb *v = verbs; v->name; v++)
		for (const struct flag *f = v->flags; f->name; f++)
			put_bash_value(&lines, f);
	text_str(out, lines.s);
	text_release(&lines);
}

/* ---- zsh: the words of _arguments ---- */

static void put_zsh_flag(struct text *out, const struct flag *f)
{
	text_char(out, '\'');
	text_str(out, f->type == FLAG_WORDS ? "*" : "");
	text_fmt(out, "--%s%s[", f->name, f->value ? "=" : "");
	put_quoted(out, f->help, "[]:");
	text_char(out, ']');
	if (f->value)
		text_fmt(out, ":value:%s", kind_of(f)->zsh);
	if (f->type == FLAG_CHOICE) {
		text_char(out, '(');
		put_choices(out, f->value);
		text_char(out, ')');
	}
	text_char(out, '\'');
}

static void put_zsh_flags(struct text *out, const struct flag *f)
{
	for (; f->name; f++) {
		text_str(out, " \\\n\t\t\t");
		put_zsh_flag(out, f);
	}
}

void completion_zsh_global(struct text *out)
{
	for (const struct flag *f = flags_global; f->name; f++) {
		text_str(out, "\t\t");
		put_zsh_flag(out, f);
		text_char(out, '\n');
	}
}

void completion_zsh_names(struct text *out)
{
	for (const struct verb *v = verbs; v->name; v++) {
		if (v->internal)
			continue;
		text_fmt(out, "\t\t'%s:", v->name);
		put_quoted(out, v->summary, ":");
		text_str(out, "'\n");
	}
}

void completion_zsh_verbs(struct text *out)
{
	for (const struct verb *v = verbs; v->name; v++) {
		if (v->internal)
			continue;
		text_fmt(out, "\t%s)\n\t\t_arguments $global", v->name);
		put_zsh_flags(out, v->flags);
		text_str(out, " \\\n\t\t\t'*:word:_bootsmith_words \"");
		put_quoted(out, v->synopsis, "[]:");
		text_str(out, "\"'\n\t\t;;\n");
	}
}

/* ---- fish: a command for each flag ---- */

static void put_fish_flags(struct text *out, const char *condition, const struct flag *f)
{
	for (; f->name; f++) {
		text_fmt(out, "complete -c bootsmith%s -l %s", condition, f->name);
		if (f->letter)
			text_fmt(out, " -s %c", f->letter);
		if (f->value)
			text_str(out, kind_of(f)->fish);
		if (f->type == FLAG_CHOICE) {
			text_str(out, " -a '");
			put_choices(out, f->value);
			text_char(out, '\'');
		}
		text_str(out, " -d '");
		put_quoted(out, f->help, "");
		text_str(out, "'\n");
	}
}

void completion_fish(struct text *out)
{
	put_fish_flags(out, "", flags_global);
	for (const struct verb *v = verbs; v->name; v++) {
		struct text condition = TEXT_INIT;

		if (v->internal)
			continue;
		text_fmt(out, "complete -c bootsmith -n __bootsmith_no_verb -a %s -d '", v->name);
		put_quoted(out, v->summary, "");
		text_fmt(out,
			"'\n"
			"complete -c bootsmith -n '__bootsmith_verb %s' -a '(__bootsmith_words \"",
			v->name);
		put_quoted(out, v->synopsis, "");
		text_str(out, "\")'\n");
		text_fmt(&condition, " -n '__bootsmith_verb %s'", v->name);
		put_fish_flags(out, condition.s, v->flags);
		text_release(&condition);
	}
}
