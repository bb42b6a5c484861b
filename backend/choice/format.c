/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads share/images: first the declared traits, then the formats. */
#include "choice/format.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/vec.h"
#include "choice/catalog_load.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* ---- traits ---- */

enum { MOST_TRAITS = 500 };

static bool take_trait(void *ctx, const struct conf_line *line, struct error *err)
{
	struct catalog *c = ctx;

	if (!line->key || line->guard->n)
		return error_set(err, ERROR_PROFILE, "a trait is declared as NAME = WHAT IT MEANS");
	if (trait_find(&c->traits, FORMAT_CHOICE, line->key))
		return error_set(err, ERROR_PROFILE, "the trait '%s' is declared twice", line->key);
	if (c->traits.n == MOST_TRAITS) /* each is compared with all */
		return error_set(
			err, ERROR_PROFILE, "more than %d traits are declared", MOST_TRAITS);
	vec_push_in(
		&c->arena, &c->traits, (struct trait){.choice = FORMAT_CHOICE, .name = line->key});
	return true;
}

static bool read_traits(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct catalog *c = ctx;

	(void)relative;
	return conf_read(path, &c->arena, take_trait, c, err);
}

/* A guard with an undeclared trait would never hold. */
static bool are_declared(struct catalog *c, const struct format *f, struct error *err)
{
	const struct traits *t = &c->traits;
	struct strings known = {0};
	const char *near, *name = NULL;

	for (size_t i = 0; !name && i < f->traits.n; i++)
		if (!trait_find(t, FORMAT_CHOICE, f->traits.at[i]))
			name = f->traits.at[i];
	if (!name)
		return true;
	for (size_t i = 0; i < t->n; i++)
		vec_push_in(&c->arena, &known, t->at[i].name);
	near = conf_nearest(name, known.at, known.n);
	error_set(err, ERROR_PROFILE,
		"the trait '%s' is declared in no share/images/*.traits%s%s%s", name,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	return false;
}

/* ---- share/images/NAME.image ---- */

static const struct conf_field facts[] = {
	{"summary", CONF_TEXT, offsetof(struct format, summary)},
	{"order", CONF_NUMBER, offsetof(struct format, order)},
	{"traits", CONF_WORDS, offsetof(struct format, traits)},
	{"drive", CONF_TEXT, offsetof(struct format, drive)},
	{"raw", CONF_TEXT, offsetof(struct format, raw)},
	{"list", CONF_TEXT, offsetof(struct format, list)},
	{"unpack", CONF_TEXT, offsetof(struct format, unpack)},
	{NULL, CONF_TEXT, 0},
};

static const struct {
	const char *key;
	bool acts;
} rows[] = {{"file", false}, {"tree", false}, {"only", false}, {"with", false}, {"hold", false},
	{"use", false}, {"needs", false}, {"name", false}, {"tool", false}, {"hash", false},
	{"env", true}, {"write", true}, {"part", true}, {"same", true}, {"lay", true},
	{"fat", true}, {"disk", true}, {"settle", true}, {"pe", true}, {"run", true},
	{"words", true}};

enum { ROWS = sizeof rows / sizeof *rows };

struct loader {
	struct catalog *catalog;
	struct format *format;
};

/* "64 7f10dabe" */
static bool take_magic(struct format *f, const char *value, struct arena *a, struct error *err)
{
	struct format_magic m = {0};
	int used = 0;

	if (sscanf(value, "%" SCNu64 " %n", &m.at, &used) == 1)
		value += used;
	while (used && m.len < FORMAT_MAGIC && isxdigit((unsigned char)value[0]) &&
		isxdigit((unsigned char)value[1]) && sscanf(value, "%2hhx", &m.bytes[m.len]) == 1) {
		value += 2;
		m.len++;
	}
	vec_push_in(a, &f->magic, m);
	return (m.len && !*value) ||
	       error_set(err, ERROR_PROFILE,
		       "'magic' is written OFFSET BYTES-IN-HEX, at most %d bytes", FORMAT_MAGIC);
}

static bool take_refusal(struct format *f, const struct conf_line *line, struct error *err)
{
	if (f->reason || !line->guard->n)
		return error_set(err, ERROR_PROFILE,
			"'refuse' is given once, with the choices that it is about: refuse[GUARD] = REASON");
	f->refuse = *line->guard;
	f->reason = line->value;
	return true;
}

static bool unknown(const char *key, struct arena *a, struct error *err)
{
	struct strings names = {0};
	const char *near;

	for (const struct conf_field *f = facts; f->key; f++)
		vec_push_in(a, &names, f->key);
	for (size_t i = 0; i < ROWS; i++)
		vec_push_in(a, &names, rows[i].key);
	near = conf_nearest(key, names.at, names.n);
	error_set(err, ERROR_PROFILE, "'%s' says nothing about an image%s%s%s", key,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	return false;
}

static bool take_fact(struct loader *l, const struct conf_line *line, struct error *err)
{
	struct format *f = l->format;

	if (line->guard->n)
		return error_set(
			err, ERROR_PROFILE, "'%s' is a fact and cannot have a guard", line->key);
	if (strcmp(line->key, "magic") == 0)
		return take_magic(f, line->value, &l->catalog->arena, err);
	return conf_store(facts, line, f, &l->catalog->arena, err) &&
	       (strcmp(line->key, "traits") != 0 || are_declared(l->catalog, f, err));
}

static bool take_key(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;

	if (!conf_in(line, "", err))
		return false;
	if (strcmp(line->key, "refuse") == 0)
		return take_refusal(l->format, line, err);
	for (const struct conf_field *f = facts; f->key; f++)
		if (strcmp(f->key, line->key) == 0)
			return take_fact(l, line, err);
	if (strcmp(line->key, "magic") == 0)
		return take_fact(l, line, err);
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].key, line->key) != 0)
			continue;
		vec_push_in(&l->catalog->arena, &l->format->lines,
			(struct format_line){line->key, line->value, *line->guard, line->file,
				line->line, rows[i].acts});
		return true;
	}
	return unknown(line->key, &l->catalog->arena, err);
}

static bool load_file(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct catalog *c = ctx;
	struct format *f = arena_alloc(&c->arena, sizeof *f);
	struct loader l = {c, f};
	const char *base = strrchr(relative, '/') + 1;
	bool ok;

	f->name = arena_strn(&c->arena, base, strlen(base) - strlen(".image"));
	f->file = arena_str(&c->arena, path);
	f->order = LONG_MAX;
	ok = conf_find(
		c->place, arena_str(&c->arena, relative), "", NULL, &c->arena, take_key, &l, err);
	vec_push_in(&c->arena, &c->formats, f);
	return ok;
}

/* In display order; formats that nobody can choose come last. */
static int by_order(const void *a, const void *b)
{
	const struct format *x = *(struct format *const *)a, *y = *(struct format *const *)b;

	if (!x->summary != !y->summary)
		return x->summary ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->name, y->name);
}

bool format_load_all(struct catalog *c, struct error *err)
{
	bool ok = place_each(c->place, "share/images", ".traits", read_traits, c, err) &&
		  place_each(c->place, "share/images", ".image", load_file, c, err);

	if (c->formats.n)
		qsort(c->formats.at, c->formats.n, sizeof *c->formats.at, by_order);
	for (size_t i = 0; ok && i < c->traits.n; i++) {
		struct trait *t = &c->traits.at[i];

		for (size_t k = 0; k < c->formats.n; k++)
			if (c->formats.at[k]->summary && format_has(c->formats.at[k], t->name))
				vec_push_in(&c->arena, &t->values, c->formats.at[k]->name);
	}
	return ok;
}

/* ---- questions ---- */

const struct format *format_find(const struct catalog *c, const char *name)
{
	for (size_t i = 0; i < c->formats.n; i++)
		if (strcmp(c->formats.at[i]->name, name) == 0)
			return c->formats.at[i];
	return NULL;
}

bool format_has(const struct format *f, const char *trait)
{
	for (size_t i = 0; i < f->traits.n; i++)
		if (strcmp(f->traits.at[i], trait) == 0)
			return true;
	return false;
}

bool format_chosen(const char *name, guard_lookup *lookup, const void *ctx)
{
	const struct guard_term t = {.name = FORMAT_CHOICE, .values = {&name, 1, 1}};

	return guard_term_holds(&t, lookup, ctx);
}

const struct format_line *format_line(
	const struct format *f, const char *key, const struct profile *p)
{
	for (size_t i = f->lines.n; i-- > 0;)
		if (strcmp(f->lines.at[i].key, key) == 0 &&
			guard_holds(&f->lines.at[i].guard, profile_lookup, p))
			return &f->lines.at[i];
	return NULL;
}

bool format_words(const struct format *f, const char *key, const struct profile *p, struct arena *a,
	struct strings *out, struct error *err)
{
	for (size_t i = 0; i < f->lines.n; i++) {
		const struct format_line *l = &f->lines.at[i];

		if (strcmp(l->key, key) == 0 && guard_holds(&l->guard, profile_lookup, p) &&
			!conf_words(l->value, a, out, err))
			return error_in(err, "%s:%d", l->file, l->line);
	}
	return true;
}
