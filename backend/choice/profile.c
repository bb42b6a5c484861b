/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A person's choices: values, defaults, and whether they go together. */
#include "choice/profile.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/accounts.h"
#include "choice/option.h"
#include "choice/package.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

void profile_init(struct profile *p, const struct catalog *c, const char *name)
{
	*p = (struct profile){.arena = ARENA_INIT, .catalog = c, .head = "", .tail = ""};
	p->name = arena_str(&p->arena, name);
}

void profile_copy(struct profile *to, const struct profile *from, const char *name)
{
	profile_init(to, from->catalog, name);
	to->head = arena_str(&to->arena, from->head);
	to->tail = arena_str(&to->arena, from->tail);
	for (size_t i = 0; i < from->set.n; i++) {
		struct setting s = from->set.at[i];

		s.value = arena_str(&to->arena, s.value);
		s.effective = arena_str(&to->arena, s.effective);
		s.comment = arena_str(&to->arena, s.comment);
		s.line = 0;
		vec_push_in(&to->arena, &to->set, s);
	}
}

void profile_release(struct profile *p)
{
	arena_release(&p->arena);
}

bool profile_name_ok(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > 64 || !isalnum((unsigned char)name[0]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._+-", name[i]))
			return false;
	return true;
}

static struct setting *find(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->set.n; i++)
		if (strcmp(p->set.at[i].option->name, name) == 0)
			return &p->set.at[i];
	return NULL;
}

const char *profile_get(const struct profile *p, const char *name)
{
	const struct setting *s = find(p, name);
	const struct option *o;

	/* This asks for the values of other options and ends: conditions never go round in a circle (option.c). */
	if (s)
		return guard_holds(&s->option->when, profile_lookup, p) ? s->effective
									: s->option->fallback;
	o = option_find(&p->catalog->options, name);
	return o ? o->fallback : NULL;
}

const char *profile_chosen(const struct profile *p, const char *name)
{
	const struct setting *s = find(p, name);

	return s ? s->value : NULL;
}

bool profile_is_set(const struct profile *p, const char *name)
{
	return find(p, name) != NULL;
}

const char *profile_lookup(const void *ctx, const char *name)
{
	const struct profile *p = ctx;

	return profile_get(p, name);
}

static bool unknown(const struct profile *p, const char *name, struct error *err)
{
	const char *near = option_nearest(&p->catalog->options, name);

	if (near)
		return error_set(err, ERROR_PROFILE,
			"there is no choice '%.80s'; did you mean '%s'?", name, near);
	return error_set(err, ERROR_PROFILE,
		"there is no choice '%.80s'; 'bootsmith options' lists all", name);
}

static void remove_at(struct profile *p, size_t i)
{
	memmove(p->set.at + i, p->set.at + i + 1, (p->set.n - i - 1) * sizeof *p->set.at);
	p->set.n--;
}

static bool is_behind(const struct option_table *t, const struct option *o)
{
	return o < t->options.at || o >= t->options.at + t->options.n;
}

/* The table is one array; those of packages come behind it, by their names. */
static bool comes_after(
	const struct option_table *t, const struct option *a, const struct option *b)
{
	if (is_behind(t, a) && is_behind(t, b))
		return strcmp(a->name, b->name) > 0;
	return is_behind(t, a) || (!is_behind(t, b) && a > b);
}

static void insert(struct profile *p, const struct setting *s)
{
	size_t i = p->set.n;

	vec_push_in(&p->arena, &p->set, *s);
	while (i && comes_after(&p->catalog->options, p->set.at[i - 1].option, s->option)) {
		p->set.at[i] = p->set.at[i - 1];
		i--;
	}
	p->set.at[i] = *s;
}

/* A folder of recipes decides which packages there are, and so what their groups stand for. */
bool profile_use_recipes(
	struct profile *p, const struct option *o, const char *value, struct error *err)
{
	const struct catalog *base = p->catalog->base ? p->catalog->base : p->catalog;

	if (!o->content || strcmp(o->content, "recipes") != 0)
		return true;
	if (!value || !*value)
		p->catalog = base;
	else if (!catalog_with(&p->catalog, base, profile_file(p, &p->arena, value), err))
		return error_in(err, "%s", o->name);
	for (size_t i = p->set.n; i-- > 0;) {
		struct setting *s = &p->set.at[i];

		if (s->option->recipes)
			s->effective = package_expand(p->catalog, s->value, &p->arena);
		else if (!option_find(&p->catalog->options, s->option->name))
			remove_at(p, i); /* of a package that is gone */
	}
	return true;
}

static bool packages_known(
	const struct profile *p, const struct option *o, const char *value, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct strings words = {0};
	bool ok = conf_words(value, &arena, &words, err);

	for (size_t i = 0; ok && i < words.n; i++)
		ok = package_known(p->catalog, o, words.at[i], err);
	arena_release(&arena);
	return ok;
}

static bool acceptable(
	struct profile *p, const struct option *o, const char *value, struct error *err)
{
	return option_accepts(o, value, err) && (!o->recipes || packages_known(p, o, value, err));
}

bool profile_set(struct profile *p, const char *name, const char *value, struct error *err)
{
	const struct option *o = option_find(&p->catalog->options, name);
	struct setting s = {.option = o};
	struct setting *old;

	if (!o)
		return unknown(p, name, err);
	if ((value && !acceptable(p, o, value, err)) || !profile_use_recipes(p, o, value, err))
		return false;
	old = find(p, name);
	if (!value) {
		if (old)
			remove_at(p, (size_t)(old - p->set.at));
		return true;
	}
	s.value = s.effective = arena_str(&p->arena, value);
	if (o->recipes)
		s.effective = package_expand(p->catalog, s.value, &p->arena);
	if (!old) {
		insert(p, &s);
	} else {
		old->value = s.value;
		old->effective = s.effective;
	}
	return true;
}

/* "needs network=static" for the first term that does not hold. */
static bool holds(const struct profile *p, const struct guard *g, struct text *why)
{
	for (size_t i = 0; i < g->n; i++) {
		struct guard one = {&g->at[i], 1, 1};

		if (guard_term_holds(&g->at[i], profile_lookup, p))
			continue;
		if (why) {
			const char *value = profile_get(p, g->at[i].name);

			text_str(why, "needs ");
			guard_print(&one, why);
			text_fmt(why, ", but %s is %s", g->at[i].name,
				value && *value ? value : "not set");
		}
		return false;
	}
	return true;
}

bool profile_option_available(const struct profile *p, const struct option *o, struct text *why)
{
	return holds(p, &o->when, why);
}

/* The choices as they would be with one value changed. */
struct supposed {
	const struct profile *profile;
	const char *name, *value;
};

static const char *supposed_lookup(const void *ctx, const char *name)
{
	const struct supposed *s = ctx;

	return strcmp(name, s->name) == 0 ? s->value : profile_get(s->profile, name);
}

bool profile_value_available(const struct profile *p, const struct option *o,
	const struct option_value *v, struct text *why)
{
	struct supposed with = {p, o->name, v->name};

	if (!v->reason || !guard_holds(&v->refuse, supposed_lookup, &with))
		return true;
	if (why)
		text_str(why, v->reason);
	return false;
}

/* "FILE:LINE: ", "FILE: " or "": where a person would change this setting. */
static void where(const struct profile *p, const struct setting *s, struct text *out)
{
	if (p->path && s && s->line)
		text_fmt(out, "%s:%d: ", p->path, s->line);
	else if (p->path)
		text_fmt(out, "%s: ", p->path);
}

static bool refused(
	const struct profile *p, const struct setting *s, const char *sentence, struct error *err)
{
	struct text place = TEXT_INIT;

	where(p, s, &place);
	error_set(err, ERROR_PROFILE, "%s%s", place.s, sentence);
	text_release(&place);
	return false;
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (list += strspn(list, " \t\n"); *list; list += strspn(list, " \t\n")) {
		size_t n = strcspn(list, " \t\n");

		if (n == len && memcmp(list, word, n) == 0)
			return true;
		list += n;
	}
	return false;
}

/* A value that is refused on its own, whether explicit or a default. */
static bool check_values(const struct profile *p, const struct option *o, struct error *err)
{
	const char *value = profile_get(p, o->name);
	struct text sentence = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < o->values.n; i++) {
		const struct option_value *v = &o->values.at[i];

		if (!has_word(value, v->name))
			continue;
		text_clear(&sentence);
		text_fmt(&sentence, "%s = %s: ", o->name, v->name);
		if (!profile_value_available(p, o, v, &sentence))
			ok = refused(p, find(p, o->name), sentence.s, err);
	}
	text_release(&sentence);
	return ok;
}

/* The default needs nothing: it is in force anyway. */
static bool lacks_company(const struct profile *p, const struct setting *s, struct text *why)
{
	return strcmp(s->value, s->option->fallback) != 0 &&
	       !profile_option_available(p, s->option, why);
}

bool profile_is_aside(const struct profile *p, const struct setting *s, struct text *sentence)
{
	struct text why = TEXT_INIT;
	bool aside = lacks_company(p, s, &why);

	if (aside && sentence) {
		where(p, s, sentence);
		text_fmt(sentence, "%s = %s is kept aside and does not count: it %s",
			s->option->name, s->value, why.s);
	}
	text_release(&why);
	return aside;
}

bool profile_counts(const struct profile *p, const char *name, struct error *err)
{
	const struct setting *s = find(p, name);
	struct text sentence = TEXT_INIT;
	bool ok = true;

	if (s) {
		text_fmt(&sentence, "%s = %s cannot be chosen: it ", name, s->value);
		ok = !lacks_company(p, s, &sentence) || refused(p, s, sentence.s, err);
	}
	text_release(&sentence);
	return ok;
}

/* Names and numbers that have to fit together, with those of the system, too. */
static bool check_accounts(const struct profile *p, struct error *err)
{
	const char *choice = "";
	struct error inner;
	struct text sentence = TEXT_INIT;
	bool ok = accounts_check(p, &choice, &inner);

	if (!ok) {
		text_fmt(&sentence, "%s: %s", choice, inner.text);
		refused(p, find(p, choice), sentence.s, err);
	}
	text_release(&sentence);
	return ok;
}

/* The folder that had one may not be chosen any more. */
static bool check_packages(const struct profile *p, struct error *err)
{
	for (size_t i = 0; i < p->set.n; i++) {
		const struct setting *s = &p->set.at[i];
		struct error inner;

		if (s->option->recipes && !packages_known(p, s->option, s->value, &inner))
			return refused(p, s, inner.text, err);
	}
	return true;
}

bool profile_check(const struct profile *p, struct error *err)
{
	const struct option_table *t = &p->catalog->options;

	for (size_t i = 0; i < t->options.n; i++)
		if (profile_option_available(p, &t->options.at[i], NULL) &&
			!check_values(p, &t->options.at[i], err))
			return false;
	for (size_t i = 0; i < t->rules.n; i++)
		if (guard_holds(&t->rules.at[i].when, profile_lookup, p))
			return refused(p, find(p, t->rules.at[i].when.at[0].name),
				t->rules.at[i].reason, err);
	return check_packages(p, err) && check_accounts(p, err);
}
