/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What recipes ask of another's configuration: `kernel = CONFIG_TUN=m` of iptables, say, goes to the recipe with
 * `answers = kernel`. Whatever that one's own fragments have anyway is left out, and the rest is sorted by symbol, so that a
 * kernel is compiled again only for what it cannot do yet, and not because another package asks for the same.
 */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "choice/recipe.h"
#include "kconfig/kconfig.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct ask {
	struct kconfig_wish wish;
	const char *line, *names; /* as it is written; of those who ask, "a,b" */
};

struct asker {
	const struct maker *maker;
	const char *key;
	VEC(struct ask) asks;
	struct error *err;
};

static const char *symbol_of(const struct ask *a)
{
	return a->wish.either[0].symbol;
}

/* One that was asked before: the stronger of the two stays, and both have asked. */
static bool join(struct asker *k, struct ask *old, const struct ask *new)
{
	bool enough = kconfig_meets(&old->wish, &new->wish);

	if (!enough && !kconfig_meets(&new->wish, &old->wish))
		return error_set(k->err, ERROR_PROFILE,
			"%s: this asks for %s, but %s asks for %s; both cannot be in one system",
			new->wish.where, new->line, old->wish.where, old->line);
	if (!enough) {
		old->wish = new->wish;
		old->line = new->line;
	}
	old->names = arena_fmt(k->maker->arena, "%s,%s", old->names, new->names);
	return true;
}

static bool add(struct asker *k, const struct recipe *r, int number, const char *line)
{
	struct ask a = {.line = line, .names = r->name};
	struct kconfig_wishes one = {0};

	if (!kconfig_wish_line(&one, k->maker->arena, line,
		    arena_fmt(k->maker->arena, "%s:%d", r->file, number), KCONFIG_PACKAGE, k->err))
		return false;
	if (!one.n)
		return true;
	a.wish = one.at[0];
	for (size_t i = 0; i < k->asks.n; i++)
		if (strcmp(symbol_of(&k->asks.at[i]), symbol_of(&a)) == 0)
			return join(k, &k->asks.at[i], &a);
	vec_push_in(k->maker->arena, &k->asks, a);
	return true;
}

static bool add_line(struct asker *k, const struct recipe *r, const struct recipe_value *v)
{
	struct strings lines = {0};

	if (strcmp(v->key, k->key) != 0 ||
		!guard_holds(&v->guard, profile_lookup, k->maker->profile))
		return true;
	if (!conf_words(v->value, k->maker->arena, &lines, k->err))
		return error_in(k->err, "%s:%d", r->file, v->line);
	for (size_t i = 0; i < lines.n; i++)
		if (!add(k, r, v->line, lines.at[i]))
			return false;
	return true;
}

static bool collect(struct asker *k)
{
	const struct maker *m = k->maker;

	for (size_t i = 0; i < m->order.n; i++)
		for (size_t v = 0; !m->order.at[i]->host && v < m->order.at[i]->values.n; v++)
			if (!add_line(k, m->order.at[i], &m->order.at[i]->values.at[v]))
				return false;
	return true;
}

/* Its own fragments, as its style merges them. */
static bool read_fragments(const struct maker *m, const struct component *c,
	struct kconfig_wishes *out, struct error *err)
{
	const char *value = plan_value(m, c, "file");
	struct strings names = {0};
	bool ok = conf_words(value ? value : "", m->arena, &names, err);

	for (size_t i = 0; ok && i < names.n; i++) {
		/* cures add lines as they are */
		bool is_line = strchr(names.at[i], '=') || *names.at[i] == '#';

		ok = kconfig_wish(out, m->arena,
			is_line ? names.at[i]
				: arena_fmt(m->arena, "%s/%s", c->recipe->folder, names.at[i]),
			KCONFIG_OURS, err);
	}
	return ok;
}

static bool is_there(const struct kconfig_wishes *own, const struct ask *a)
{
	for (size_t i = 0; i < own->n; i++)
		if (kconfig_meets(&own->at[i], &a->wish))
			return true;
	return false;
}

static int by_symbol(const void *a, const void *b)
{
	return strcmp(symbol_of(a), symbol_of(b));
}

static void add_words(struct text *out, const struct ask *a)
{
	text_fmt(out, "%s" KCONFIG_FOR "%s \"", out->len ? " " : "", a->names);
	for (const char *s = a->line; *s; s++) {
		if (*s == '"' || *s == '\\')
			text_char(out, '\\');
		text_char(out, *s);
	}
	text_char(out, '"');
}

bool plan_find_asks(const struct maker *m, struct component *c, struct error *err)
{
	struct asker k = {.maker = m, .key = plan_value(m, c, "answers"), .err = err};
	struct kconfig_wishes own = {0};
	struct text out = TEXT_INIT;

	if (!k.key || !*k.key)
		return true;
	if (!collect(&k) || (k.asks.n && !read_fragments(m, c, &own, err)))
		return false;
	if (k.asks.n)
		qsort(k.asks.at, k.asks.n, sizeof *k.asks.at, by_symbol);
	for (size_t i = 0; i < k.asks.n; i++)
		if (!is_there(&own, &k.asks.at[i]))
			add_words(&out, &k.asks.at[i]);
	c->asks = arena_str(m->arena, out.s);
	text_release(&out);
	return true;
}
