/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks over one recipe without building it, see recipe_check.h. */
#include "plan/recipe_check.h"
#include "plan/recipe_look.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/package.h"
#include "choice/pairing.h"
#include "choice/recipe.h"
#include "kconfig/kconfig.h"
#include "source/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { LONGEST_SUMMARY = 72, LONGEST_LINE = 180, RECIPE_LIMIT = 1 << 20 };

static void fault(struct looker *k, bool grave, int line, const char *fmt, ...) FORMAT(4, 5);

static void fault(struct looker *k, bool grave, int line, const char *fmt, ...)
{
	struct recipe_fault f = {.file = k->recipe->file, .line = line, .grave = grave};
	char *s = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) >= 0) {
		f.text = s;
		k->check->say(k->check->ctx, &f);
	}
	va_end(ap);
	free(s);
}

static const struct recipe_line *find_line(const struct looker *k, const char *key)
{
	for (size_t i = 0; i < k->lines.n; i++)
		if (strcmp(k->lines.at[i].key, key) == 0)
			return &k->lines.at[i];
	return NULL;
}

static int line_of(const struct looker *k, const char *key)
{
	const struct recipe_line *l = find_line(k, key);

	return l ? l->line : 0;
}

static bool has(const struct strings *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->at[i], name) == 0)
			return true;
	return false;
}

const char *recipe_nearest(const struct looker *k, const struct strings *names, const char *word)
{
	const char *near = conf_nearest(word, names->at, names->n);

	return near ? arena_fmt(k->arena, "; did you mean '%s'?", near) : "";
}

/* ---- keys ---- */

/* {names} in a text, which others may fill in. */
static void find_uses(struct looker *k, const char *value)
{
	for (const char *s = value; (s = strchr(s, '{')); s++) {
		size_t n = strcspn(s + 1, "{} \t\n");

		if (s[1 + n] == '}')
			vec_push_in(k->arena, &k->uses, arena_strn(k->arena, s + 1, n));
	}
}

/* What a style reads: its defaults, and what its lines mention. */
static void find_style_keys(struct looker *k, struct strings *out)
{
	const struct style *s = k->style;
	struct strings own = k->uses;

	for (size_t i = 0; i < s->defaults.n; i++) {
		vec_push_in(k->arena, out, s->defaults.at[i].key);
		find_uses(k, s->defaults.at[i].value);
	}
	for (size_t i = 0; i < s->steps.n; i++)
		for (size_t n = 0; n < s->steps.at[i].lines.n; n++)
			find_uses(k, s->steps.at[i].lines.at[n].value);
	for (size_t i = own.n; i < k->uses.n; i++)
		vec_push_in(k->arena, out, k->uses.at[i]);
}

/* A key that ends in a dot takes a name. */
static bool fits(const char *known, const char *key)
{
	size_t n = strlen(known);

	return strcmp(known, key) == 0 ||
	       (n && known[n - 1] == '.' && strncmp(known, key, n) == 0 && key[n]);
}

static void check_keys(struct looker *k)
{
	struct strings of_style = {0}, all = {0};

	for (size_t i = 0; i < k->lines.n; i++)
		find_uses(k, k->lines.at[i].value);
	find_style_keys(k, &of_style);
	for (size_t i = 0; i < k->keys.n; i++)
		vec_push_in(k->arena, &all, k->keys.at[i]);
	for (size_t i = 0; i < of_style.n; i++)
		vec_push_in(k->arena, &all, of_style.at[i]);
	for (size_t i = 0; i < k->lines.n; i++) {
		const char *key = k->lines.at[i].key;
		bool known = has(&k->uses, key);

		for (size_t n = 0; !known && n < all.n; n++)
			known = fits(all.at[n], key);
		if (!known)
			fault(k, true, k->lines.at[i].line,
				"nothing reads '%s', neither bootsmith nor the style %s%s", key,
				k->style->name, recipe_nearest(k, &all, key));
	}
}

/* ---- guards ---- */

static void check_term(struct looker *k, const struct guard_term *t, int line)
{
	const struct option_table *all = &k->catalog->options;
	const struct option *o = option_find(all, t->name);
	struct strings names = {0};

	if (!o && strcmp(t->name, "version") != 0 && strcmp(t->name, "series") != 0) {
		for (size_t i = 0; (o = option_at(all, i)); i++)
			vec_push_in(k->arena, &names, o->name);
		fault(k, true, line, "there is no choice '%s' to be tested%s", t->name,
			recipe_nearest(k, &names, t->name));
		return;
	}
	if (!o || o->type != OPTION_CHOICE)
		return;
	for (size_t i = 0; i < o->values.n; i++)
		vec_push_in(k->arena, &names, o->values.at[i].name);
	for (size_t i = 0; i < t->values.n; i++)
		if (!strchr(t->values.at[i], '*') && !has(&names, t->values.at[i]))
			fault(k, true, line, "%s is never '%s'%s", o->name, t->values.at[i],
				recipe_nearest(k, &names, t->values.at[i]));
}

static void check_guards(struct looker *k)
{
	for (size_t i = 0; i < k->lines.n; i++)
		for (size_t n = 0; n < k->lines.at[i].guard.n; n++)
			check_term(k, &k->lines.at[i].guard.at[n], k->lines.at[i].line);
	for (size_t i = 0; i < k->recipe->when.n; i++)
		for (size_t n = 0; n < k->recipe->when.at[i].n; n++)
			check_term(k, &k->recipe->when.at[i].at[n], line_of(k, "when"));
}

/* ---- needs ---- */

static const char *const need_keys[] = {"needs", "tools", "run-time"};

static bool is_need(const char *key, size_t kinds)
{
	for (size_t i = 0; i < kinds; i++)
		if (strcmp(key, need_keys[i]) == 0)
			return true;
	return false;
}

static bool is_provided(const struct looker *k, const char *name)
{
	for (size_t i = 0; i < k->catalog->recipes.n; i++)
		if (recipe_provides(k->catalog->recipes.at[i], name))
			return true;
	return false;
}

static void check_needs(struct looker *k)
{
	for (size_t i = 0; i < k->lines.n; i++) {
		const struct recipe_line *l = &k->lines.at[i];
		struct strings names = {0};
		struct error err;

		if (!is_need(l->key, 3) && strcmp(l->key, "conflicts") != 0)
			continue;
		if (!conf_words(l->value, k->arena, &names, &err))
			fault(k, true, l->line, "%s", err.text);
		for (size_t n = 0; n < names.n; n++)
			if (!recipe_find(k->catalog, names.at[n]) && !is_provided(k, names.at[n]))
				fault(k, true, l->line, "%s: there is no recipe '%s'%s", l->key,
					names.at[n], recipe_nearest(k, &k->names, names.at[n]));
	}
}

/* From `r` over needs that have no condition back to the recipe that is looked at: true, with the way in `out`. */
static bool leads_back(const struct looker *k, const struct recipe *r, bool *seen, struct text *out)
{
	for (size_t i = 0; i < r->values.n; i++) {
		const struct recipe_value *v = &r->values.at[i];
		struct strings names = {0};
		struct error ignored;

		if (!is_need(v->key, 2) || v->guard.n ||
			!conf_words(v->value, k->arena, &names, &ignored))
			continue;
		for (size_t n = 0; n < names.n; n++) {
			const struct recipe *to = recipe_find(k->catalog, names.at[n]);
			size_t before = out->len;

			if (!to || (to != k->recipe && seen[to->index]))
				continue;
			seen[to->index] = true;
			text_fmt(out, " -> %s", to->name);
			if (to == k->recipe || leads_back(k, to, seen, out))
				return true;
			out->len = before;
			out->s[before] = '\0';
		}
	}
	return false;
}

static void check_circle(struct looker *k)
{
	bool *seen = arena_alloc(k->arena, (k->catalog->recipes.n + 1) * sizeof *seen);
	struct text way = TEXT_INIT;

	if (leads_back(k, k->recipe, seen, &way))
		fault(k, true, line_of(k, "needs"),
			"it needs itself: %s%s; none of them can be built first, so one of these needs must go",
			k->recipe->name, way.s);
	text_release(&way);
}

/* ---- facts ---- */

static void check_licence(struct looker *k)
{
	const struct recipe *r = k->recipe;
	struct error err;

	if (!r->licence)
		fault(k, true, 0, "no licence is stated; write licence = and the SPDX name");
	else if (!licence_check(k->catalog->place, r->licence, &err))
		fault(k, true, line_of(k, "licence"), "licence: %s", err.text);
	if (r->section && !find_line(k, "licence-files"))
		fault(k, false, 0,
			"no licence-files: the licence's text, such as COPYING, should be kept with what is built");
}

static void check_summary(struct looker *k)
{
	const struct recipe *r = k->recipe;
	size_t len = strlen(r->summary);
	int line = line_of(k, "summary");

	if (strchr(r->summary, '\n') || len > LONGEST_SUMMARY)
		fault(k, true, line, "the summary has %zu bytes; menus show %d, in one line", len,
			LONGEST_SUMMARY);
	else if (len && r->summary[len - 1] == '.')
		fault(k, true, line, "the summary ends in a full stop; it is no sentence");
	if (k->lines.n && strcmp(k->lines.at[0].key, "summary") != 0)
		fault(k, false, k->lines.at[0].line,
			"the summary comes first, so that the file says what it is");
}

static void check_home(struct looker *k)
{
	const char *url = k->recipe->url;

	if (!url)
		fault(k, false, 0, "no home page: write url =");
	else if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		fault(k, true, line_of(k, "url"), "the home page '%s' is not an address in the web",
			url);
}

static bool is_needed(const struct looker *k, const struct recipe *r)
{
	for (size_t i = 0; i < k->catalog->recipes.n; i++)
		for (size_t n = 0; n < k->catalog->recipes.at[i]->values.n; n++) {
			const struct recipe_value *v = &k->catalog->recipes.at[i]->values.at[n];
			struct strings names = {0};
			struct error ignored;

			if (is_need(v->key, 1) && strstr(v->value, r->name) &&
				conf_words(v->value, k->arena, &names, &ignored) &&
				has(&names, r->name))
				return true;
		}
	return false;
}

/* A package should be tried; what others are built with is a library, and they try it. */
static void check_try(struct looker *k)
{
	const struct recipe *r = k->recipe;

	if (r->section && !r->host && !find_line(k, "try") && !is_needed(k, r))
		fault(k, false, 0,
			"no try: a command of it that the test boot can run, such as try = %s --version",
			r->name);
}

/* gcc.major, see plan_tool_value */
static bool is_of_tool(const struct looker *k, const char *name)
{
	static const char key[] = ".major";
	const char *dot = strrchr(name, '.');
	struct pairings *p = NULL;
	struct error ignored;
	bool known = dot && strcmp(dot, key) == 0 &&
		     pairings_load(&p, k->catalog->place, &ignored) &&
		     pairings_tool(p, arena_strn(k->arena, name, (size_t)(dot - name)));

	pairings_free(p);
	return known;
}

/* {kernel} must be a choice or of a tool, for nothing else is known when versions are chosen. */
static void check_version(struct looker *k)
{
	const char *v = k->recipe->version;
	struct source_wish wish = {.component = k->recipe->source, .wanted = v};
	struct source_choice choice = {0};
	struct archive_list list = {0};
	struct strings names = {0};
	const struct option *o;
	struct error err;
	bool literal = !strchr(v, '{');

	for (size_t i = 0; (o = option_at(&k->catalog->options, i)); i++)
		vec_push_in(k->arena, &names, o->name);
	for (const char *s = v; (s = strchr(s, '{')); s++) {
		const char *name = arena_strn(k->arena, s + 1, strcspn(s + 1, "}"));

		if (!option_find(&k->catalog->options, name) && !is_of_tool(k, name))
			fault(k, true, line_of(k, "version"), "there is no choice {%s}%s", name,
				recipe_nearest(k, &names, name));
	}
	if (!k->sources)
		return;
	if (!sources_versions(k->sources, k->recipe->source, false, &list, &err))
		fault(k, true, line_of(k, "version"), "%s", err.text);
	else if (!list.n)
		fault(k, true, line_of(k, "version"), "no origin offers %s", k->recipe->source);
	else if (literal && !sources_choose(k->sources, &wish, &choice, &err))
		fault(k, true, line_of(k, "version"), "%s", err.text);
}

/* ---- files beside it, and what it asks of others ---- */

static void check_files(struct looker *k)
{
	for (size_t i = 0; i < k->lines.n; i++) {
		const struct recipe_line *l = &k->lines.at[i];
		struct strings words = {0};
		struct error err;

		if (strcmp(l->key, "file") != 0 && strcmp(l->key, "patch") != 0)
			continue;
		if (!conf_words(l->value, k->arena, &words, &err))
			fault(k, true, l->line, "%s", err.text);
		for (size_t n = 0; n < words.n; n++)
			if (!strpbrk(words.at[n], "{=#") &&
				access(arena_fmt(k->arena, "%s/%s", k->recipe->folder, words.at[n]),
					F_OK) != 0)
				fault(k, true, l->line, "%s: there is no file %s beside the recipe",
					l->key, words.at[n]);
	}
}

/* A key that a recipe answers to. */
static bool is_asked(const struct looker *k, const char *key)
{
	for (size_t i = 0; i < k->catalog->recipes.n; i++)
		for (size_t n = 0; n < k->catalog->recipes.at[i]->values.n; n++) {
			const struct recipe_value *v = &k->catalog->recipes.at[i]->values.at[n];

			if (strcmp(v->key, "answers") == 0 && strcmp(v->value, key) == 0)
				return true;
		}
	return false;
}

static void check_asks(struct looker *k)
{
	for (size_t i = 0; i < k->lines.n; i++) {
		const struct recipe_line *l = &k->lines.at[i];
		struct kconfig_wishes wishes = {0};
		struct strings words = {0};
		struct error err;
		bool ok;

		if (!is_asked(k, l->key))
			continue;
		ok = conf_words(l->value, k->arena, &words, &err);
		for (size_t n = 0; ok && n < words.n; n++)
			ok = kconfig_wish_line(
				&wishes, k->arena, words.at[n], l->key, KCONFIG_PACKAGE, &err);
		if (!ok)
			fault(k, true, l->line, "%s", err.text);
		for (size_t n = 0; n < l->guard.n; n++)
			if (strcmp(l->guard.at[n].name, "version") == 0 ||
				strcmp(l->guard.at[n].name, "series") == 0)
				fault(k, true, l->line,
					"what %s is asked for is known before versions are; its guard cannot test them",
					l->key);
	}
}

/* ---- the text ---- */

static void check_text_line(struct looker *k, int number, const char *s, size_t n)
{
	size_t lead = strspn(s, " \t");

	if (n >= lead + 3 && strncmp(s + lead, "# ?", 3) == 0) {
		lead += 3 + (n > lead + 3 && s[lead + 3] == ' ');
		fault(k, true, number,
			"a question is open: %.*s (answer it, and take the line out)",
			(int)(n - lead), s + lead);
	}
	if (n > LONGEST_LINE)
		fault(k, false, number,
			"the line has %zu bytes; an indented line continues a value", n);
	if (n && strchr(" \t\r", s[n - 1]))
		fault(k, false, number, "the line ends in blanks");
}

static bool check_text(struct looker *k, struct error *err)
{
	struct text all = TEXT_INIT;
	bool ok = text_read_file(&all, k->recipe->file, RECIPE_LIMIT, err);
	int number = 1;

	for (const char *s = all.s; ok && *s; number++) {
		size_t n = strcspn(s, "\n");

		check_text_line(k, number, s, n);
		s += n + (s[n] == '\n');
	}
	text_release(&all);
	return ok;
}

/* ---- all of it ---- */

static bool take_line(void *ctx, const struct conf_line *line, struct error *err)
{
	struct looker *k = ctx;

	(void)err;
	if (line->key)
		vec_push_in(k->arena, &k->lines,
			(struct recipe_line){line->key, line->value, *line->guard, line->line});
	return true;
}

static void find_style(struct looker *k)
{
	struct strings names = {0};

	k->style = style_find(k->catalog, k->recipe->style);
	for (size_t i = 0; !k->style && i < k->catalog->styles.n; i++)
		vec_push_in(k->arena, &names, k->catalog->styles.at[i]->name);
	if (!k->style)
		fault(k, true, line_of(k, "style"), "there is no style '%s'%s", k->recipe->style,
			recipe_nearest(k, &names, k->recipe->style));
}

bool recipe_look(struct looker *k, const struct recipe *r, struct error *err)
{
	k->recipe = r;
	k->lines.at = NULL;
	k->lines.n = k->lines.cap = 0;
	k->uses = (struct strings){0};
	k->check->recipes++;
	if (!conf_read_guarded(r->file, &k->catalog->traits, k->arena, take_line, k, err) ||
		!check_text(k, err))
		return false;
	find_style(k);
	if (k->style)
		check_keys(k);
	check_guards(k);
	check_needs(k);
	check_circle(k);
	check_summary(k);
	check_licence(k);
	check_home(k);
	check_try(k);
	check_version(k);
	check_files(k);
	check_asks(k);
	return true;
}
