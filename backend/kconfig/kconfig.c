/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads fragments, merges them, and reads the resulting configuration. */
#include "kconfig/kconfig.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "kconfig/kconfig_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* Each wish is compared with those before it; a whole configuration of Linux has some 8000 lines. */
enum { MOST_WISHES = 20000 };

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
		line = kconfig_trimmed(a, line, len - 2);
	}
	while (true) {
		size_t n = alternative_length(line);

		if (w->n == KCONFIG_EITHER)
			return error_set(err, ERROR_PROFILE, "%s: more than %d alternatives",
				w->where, KCONFIG_EITHER);
		if (!kconfig_line_read(&w->either[w->n++], a, kconfig_trimmed(a, line, n), err))
			return error_in(err, "%s", w->where);
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

static bool same_wish(const struct kconfig_wish *a, const struct kconfig_wish *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = strcmp(a->either[i].symbol, b->either[i].symbol) == 0 &&
		       strcmp(a->either[i].value, b->either[i].value) == 0;
	return same;
}

bool kconfig_meets(const struct kconfig_wish *given, const struct kconfig_wish *wanted)
{
	return same_wish(given, wanted) ||
	       (given->n == 1 && wanted->n == 1 &&
		       strcmp(given->either[0].symbol, wanted->either[0].symbol) == 0 &&
		       strcmp(given->either[0].value, "y") == 0 &&
		       strcmp(wanted->either[0].value, "m") == 0);
}

static bool add_wish(struct kconfig_wishes *w, struct arena *a, const struct kconfig_wish *wish,
	struct error *err)
{
	for (size_t i = w->n; i-- > 0;) {
		const struct kconfig_wish *old = &w->at[i];

		if (!same_symbols(old, wish))
			continue;
		if (wish->voice == KCONFIG_FIRM && old->voice != KCONFIG_OURS &&
			!same_wish(old, wish))
			return error_set(err, ERROR_PROFILE,
				"%s: CONFIG_%s cannot be chosen, for it names programs, their words or folders of the build; leave it at %s",
				old->where, wish->either[0].symbol, wish->either[0].value);
		if (old->voice == KCONFIG_PACKAGE && wish->voice != KCONFIG_PACKAGE &&
			!kconfig_meets(wish, old))
			return error_set(err, ERROR_PROFILE,
				"%s: CONFIG_%s=%s does not go with %s, which asks for CONFIG_%s=%s; take out this line, or the package",
				wish->where, wish->either[0].symbol, wish->either[0].value,
				old->where, old->either[0].symbol, old->either[0].value);
		memmove(w->at + i, w->at + i + 1, (w->n - i - 1) * sizeof *w->at);
		w->n--;
	}
	vec_push_in(a, w, *wish);
	return true;
}

bool kconfig_wish_line(struct kconfig_wishes *w, struct arena *a, const char *line,
	const char *where, enum kconfig_voice voice, struct error *err)
{
	struct kconfig_wish wish = {.where = where, .voice = voice};

	if (!*line || kconfig_line_is_comment(line))
		return true;
	if (!parse_wish(&wish, a, line, err))
		return false;
	if (w->n == MOST_WISHES)
		return error_set(err, ERROR_PROFILE, "%s: there are more than %d wishes", where,
			MOST_WISHES);
	return add_wish(w, a, &wish, err);
}

/* The last folder and the name: enough to find the file, and short enough for a message. */
static const char *short_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	while (slash && slash > path && slash[-1] != '/')
		slash--;
	return slash ? slash : path;
}

bool kconfig_wish(struct kconfig_wishes *w, struct arena *a, const char *fragment,
	enum kconfig_voice voice, struct error *err)
{
	struct text source = TEXT_INIT;
	int number = 1;
	bool ok;

	if (strncmp(fragment, KCONFIG_PREFIX, strlen(KCONFIG_PREFIX)) == 0 || *fragment == '#')
		return kconfig_wish_line(w, a, kconfig_trimmed(a, fragment, strlen(fragment)),
			"the recipe", voice, err);
	ok = kconfig_text(&source, fragment, err);
	for (const char *s = source.s; ok && *s; number++) {
		size_t n = strcspn(s, "\n");

		ok = kconfig_wish_line(w, a, kconfig_trimmed(a, s, n),
			arena_fmt(a, "%s:%d", short_name(fragment), number), voice, err);
		s += n + (s[n] == '\n');
	}
	text_release(&source);
	return ok;
}

/* ---- merging ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The symbols of all wishes, sorted. */
static void list_symbols(const struct kconfig_wishes *w, struct strings *out)
{
	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; k < w->at[i].n; k++)
			vec_push(out, w->at[i].either[k].symbol);
	if (out->n > 1)
		qsort(out->at, out->n, sizeof *out->at, by_name);
}

static void print_line(const struct kconfig_line *l, struct text *out)
{
	if (strcmp(l->value, "n") == 0)
		text_fmt(out, "# " KCONFIG_PREFIX "%s" KCONFIG_NOT_SET "\n", l->symbol);
	else
		text_fmt(out, KCONFIG_PREFIX "%s=%s\n", l->symbol, l->value);
}

void kconfig_merge(const struct kconfig_wishes *w, const char *source, struct text *out)
{
	struct arena scratch = ARENA_INIT;
	struct strings wished = {0};

	list_symbols(w, &wished);
	while (*source) {
		size_t n = strcspn(source, "\n");
		struct kconfig_line line;

		if (!kconfig_line_parse(&line, &scratch, arena_strn(&scratch, source, n)) ||
			!wished.n ||
			!bsearch(&line.symbol, wished.at, wished.n, sizeof *wished.at, by_name)) {
			text_add(out, source, n);
			text_char(out, '\n');
		}
		source += n + (source[n] == '\n');
	}
	/* all alternatives: the program itself drops those it does not know */
	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; k < w->at[i].n; k++)
			print_line(&w->at[i].either[k], out);
	vec_release(&wished);
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
		r->family = arena_strn(&r->arena, slash + 1, strcspn(slash + 1, " "));
}

bool kconfig_result_read(struct kconfig_result *r, const char *path, struct error *err)
{
	struct text source = TEXT_INIT;
	bool ok;

	*r = (struct kconfig_result){.family = ""};
	ok = kconfig_text(&source, path, err);
	for (const char *s = source.s; ok && *s;) {
		size_t n = strcspn(s, "\n");
		const char *line = arena_strn(&r->arena, s, n);
		struct kconfig_line parsed;

		if (kconfig_line_parse(&parsed, &r->arena, line))
			vec_push_in(&r->arena, r, parsed);
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
	arena_release(&r->arena);
}

const char *kconfig_result_find(const struct kconfig_result *r, const char *symbol)
{
	const struct kconfig_line key = {symbol, NULL};
	const struct kconfig_line *hit =
		r->n ? bsearch(&key, r->at, r->n, sizeof *r->at, by_symbol) : NULL;

	return hit ? hit->value : NULL;
}
