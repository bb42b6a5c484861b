/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads fragments, merges them, and reads the resulting configuration. */
#include "kconfig/kconfig.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { CONFIG_LIMIT = 8 * 1024 * 1024 };
static const char prefix[] = "CONFIG_";
static const char not_set[] = " is not set";

/* ---- lines ---- */

static size_t symbol_length(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || s[n] == '_')
		n++;
	return n;
}

static const char *trimmed(struct arena *a, const char *s, size_t n)
{
	while (n && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	return arena_strn(a, s, n);
}

/* "CONFIG_X=value" or "# CONFIG_X is not set"; false for anything else. */
static bool parse_line(struct kconfig_line *out, struct arena *a, const char *s)
{
	bool hash = *s == '#';
	size_t n;

	if (hash)
		s += 1 + strspn(s + 1, " ");
	if (strncmp(s, prefix, sizeof prefix - 1) != 0)
		return false;
	s += sizeof prefix - 1;
	n = symbol_length(s);
	if (!n || (hash ? strncmp(s + n, not_set, sizeof not_set - 1) != 0 : s[n] != '='))
		return false;
	if (hash && s[n + sizeof not_set - 1])
		return false;
	out->symbol = arena_strn(a, s, n);
	out->value = hash ? "n" : trimmed(a, s + n + 1, strlen(s + n + 1));
	return true;
}

/* The end of the alternative at s: a '|' outside a quoted text. */
static size_t alternative_length(const char *s)
{
	bool quoted = false;
	size_t n = 0;

	for (; s[n] && (quoted || s[n] != '|'); n++)
		if (s[n] == '"' && (n == 0 || s[n - 1] != '\\'))
			quoted = !quoted;
	return n;
}

static bool parse_wish(struct kconfig_wish *w, struct arena *a, const char *line, struct error *err)
{
	size_t len = strlen(line);

	if (len >= 2 && strcmp(line + len - 2, " ?") == 0) {
		w->optional = true;
		line = trimmed(a, line, len - 2);
	}
	while (true) {
		size_t n = alternative_length(line);

		if (w->n == KCONFIG_EITHER)
			return error_set(err, ERROR_PROFILE, "%s: more than %d alternatives",
				w->where, KCONFIG_EITHER);
		if (!parse_line(&w->either[w->n++], a, trimmed(a, line, n)))
			return error_set(err, ERROR_PROFILE,
				"%s: '%s' is not a line of a configuration; write CONFIG_NAME=value or # CONFIG_NAME is not set",
				w->where, trimmed(a, line, n));
		if (!line[n])
			return true;
		line += n + 1;
	}
}

static bool same_symbols(const struct kconfig_wish *a, const struct kconfig_wish *b)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n; k++)
			if (strcmp(a->either[i].symbol, b->either[k].symbol) == 0)
				return true;
	return false;
}

static void add_wish(struct kconfig_wishes *w, const struct kconfig_wish *wish)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n; i++)
		if (!same_symbols(&w->at[i], wish))
			w->at[kept++] = w->at[i];
	w->n = kept;
	vec_push(w, *wish);
}

static bool is_comment(const char *line)
{
	struct arena scratch = ARENA_INIT;
	struct kconfig_line ignored;
	bool comment = *line == '#' && !strchr(line, '|') && !parse_line(&ignored, &scratch, line);

	arena_release(&scratch);
	return comment;
}

static bool one_wish(struct kconfig_wishes *w, struct arena *a, const char *line, const char *where,
	struct error *err)
{
	struct kconfig_wish wish = {.where = where};

	if (!*line || is_comment(line))
		return true;
	if (!parse_wish(&wish, a, line, err))
		return false;
	add_wish(w, &wish);
	return true;
}

/* The last folder and the name: enough to find the file, and short enough for a message. */
static const char *short_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	while (slash && slash > path && slash[-1] != '/')
		slash--;
	return slash ? slash : path;
}

bool kconfig_wish(
	struct kconfig_wishes *w, struct arena *a, const char *fragment, struct error *err)
{
	struct text source = TEXT_INIT;
	int number = 1;
	bool ok;

	if (strncmp(fragment, prefix, sizeof prefix - 1) == 0 || *fragment == '#')
		return one_wish(w, a, trimmed(a, fragment, strlen(fragment)), "the recipe", err);
	ok = text_read_file(&source, fragment, CONFIG_LIMIT, err);
	for (const char *s = source.s; ok && *s; number++) {
		size_t n = strcspn(s, "\n");

		ok = one_wish(w, a, trimmed(a, s, n),
			arena_fmt(a, "%s:%d", short_name(fragment), number), err);
		s += n + (s[n] == '\n');
	}
	text_release(&source);
	return ok;
}

/* ---- merging ---- */

static bool is_wished(const struct kconfig_wishes *w, const char *symbol)
{
	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; k < w->at[i].n; k++)
			if (strcmp(w->at[i].either[k].symbol, symbol) == 0)
				return true;
	return false;
}

static void print_line(const struct kconfig_line *l, struct text *out)
{
	if (strcmp(l->value, "n") == 0)
		text_fmt(out, "# %s%s%s\n", prefix, l->symbol, not_set);
	else
		text_fmt(out, "%s%s=%s\n", prefix, l->symbol, l->value);
}

void kconfig_merge(const struct kconfig_wishes *w, const char *source, struct text *out)
{
	struct arena scratch = ARENA_INIT;

	while (*source) {
		size_t n = strcspn(source, "\n");
		struct kconfig_line line;

		if (!parse_line(&line, &scratch, arena_strn(&scratch, source, n)) ||
			!is_wished(w, line.symbol)) {
			text_add(out, source, n);
			text_char(out, '\n');
		}
		source += n + (source[n] == '\n');
	}
	/* all alternatives: the program itself drops those it does not know */
	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; k < w->at[i].n; k++)
			print_line(&w->at[i].either[k], out);
	arena_release(&scratch);
}

/* ---- the resulting configuration ---- */

static int by_symbol(const void *a, const void *b)
{
	return strcmp(
		((const struct kconfig_line *)a)->symbol, ((const struct kconfig_line *)b)->symbol);
}

/* "# Linux/x86 6.12.107 Kernel Configuration" */
static void read_headline(struct kconfig_result *r, const char *line)
{
	const char *slash = strchr(line, '/');

	if (*line == '#' && slash && !*r->family && strstr(line, "Configuration"))
		r->family = arena_strn(&r->arena, slash + 1, symbol_length(slash + 1));
}

bool kconfig_result_read(struct kconfig_result *r, const char *path, struct error *err)
{
	struct text source = TEXT_INIT;
	bool ok;

	*r = (struct kconfig_result){.family = ""};
	ok = text_read_file(&source, path, CONFIG_LIMIT, err);
	for (const char *s = source.s; ok && *s;) {
		size_t n = strcspn(s, "\n");
		const char *line = arena_strn(&r->arena, s, n);
		struct kconfig_line parsed;

		if (parse_line(&parsed, &r->arena, line))
			vec_push(r, parsed);
		else
			read_headline(r, line);
		s += n + (s[n] == '\n');
	}
	if (r->n)
		qsort(r->at, r->n, sizeof *r->at, by_symbol);
	text_release(&source);
	return ok;
}

void kconfig_result_release(struct kconfig_result *r)
{
	vec_release(r);
	arena_release(&r->arena);
}

const char *kconfig_result_find(const struct kconfig_result *r, const char *symbol)
{
	const struct kconfig_line key = {symbol, NULL};
	const struct kconfig_line *hit =
		r->n ? bsearch(&key, r->at, r->n, sizeof *r->at, by_symbol) : NULL;

	return hit ? hit->value : NULL;
}
