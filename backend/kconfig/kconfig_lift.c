/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets what a person's symbols depend on, see kconfig.h. */
#include "kconfig/kconfig.h"
#include "kconfig/kconfig_tree.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <string.h>

#include "base/banned.h"

/* Conditions of a hostile tree may have endless ways to be met. Those of Linux are met within a few hundred tries. */
enum { DEEPEST = 24, MOST_TRIES = 20000 };

struct lifter {
	const struct kconfig_wishes *wishes;
	const struct kconfig_result *before;
	struct kconfig_tree tree;
	struct arena *arena;
	struct strings wanted;
	int depth, tries;
};

static const struct kconfig_wish *wish_of(
	const struct kconfig_wishes *w, const char *symbol, const char **value)
{
	for (size_t i = w->n; i-- > 0;)
		for (size_t k = 0; k < w->at[i].n; k++)
			if (strcmp(w->at[i].either[k].symbol, symbol) == 0) {
				*value = w->at[i].either[k].value;
				return &w->at[i];
			}
	return NULL;
}

static const char *value_of(const void *ctx, const char *symbol)
{
	const struct lifter *l = ctx;
	const char *value;

	for (size_t i = 0; i < l->wanted.n; i++)
		if (strcmp(l->wanted.at[i], symbol) == 0)
			return "y";
	if (!wish_of(l->wishes, symbol, &value))
		value = kconfig_result_find(l->before, symbol);
	return value ? value : "n";
}

static bool set(void *ctx, const char *symbol);

/* Makes one of the symbol's definitions hold. */
static bool supported(struct lifter *l, const char *symbol, const char *value)
{
	size_t n, before = l->wanted.n;
	const struct kconfig_definition *d = kconfig_tree_find(&l->tree, symbol, &n);

	for (; n; n--, d++) {
		const struct kconfig_cure cure = {.set = set,
			.ctx = l,
			.wanted = &l->wanted,
			.whole = d->tristate && strcmp(value, "y") == 0};
		bool ok = d->prompted || d->by_default;

		for (size_t i = 0; ok && i < d->needs.n; i++)
			ok = kconfig_curable(d->needs.at[i], value_of, l, &cure);
		if (ok)
			return true;
		l->wanted.n = before;
	}
	return false;
}

static bool set(void *ctx, const char *symbol)
{
	struct lifter *l = ctx;
	const struct kconfig_wish *wish;
	size_t before = l->wanted.n;
	const char *value;
	bool ok;

	/* a way to compile drivers that nothing here could use is no way to use them */
	if (l->depth == DEEPEST || l->tries++ >= MOST_TRIES || strcmp(symbol, "COMPILE_TEST") == 0)
		return false;
	wish = wish_of(l->wishes, symbol, &value);
	if (wish && (wish->voice == KCONFIG_THEIRS || wish->voice == KCONFIG_FIRM))
		return false;
	vec_push_in(l->arena, &l->wanted, arena_str(l->arena, symbol));
	l->depth++;
	ok = supported(l, symbol, "y");
	l->depth--;
	if (!ok)
		l->wanted.n = before;
	return ok;
}

static void lift_wish(struct lifter *l, const struct kconfig_wish *w, struct text *told)
{
	size_t before = l->wanted.n, n;
	const struct kconfig_line *line = NULL;

	for (size_t i = 0; i < w->n && !line; i++)
		if (kconfig_tree_find(&l->tree, w->either[i].symbol, &n))
			line = &w->either[i];
	if (!line || strcmp(line->value, "n") == 0 || !supported(l, line->symbol, line->value))
		return;
	for (size_t i = before; i < l->wanted.n; i++)
		text_fmt(told, "CONFIG_%s is switched on, too: CONFIG_%s depends on it (%s)\n",
			l->wanted.at[i], line->symbol, w->where);
}

bool kconfig_lift(struct kconfig_request *q, struct arena *a, const struct kconfig_result *before,
	const char *build, struct text *told, struct error *err)
{
	struct lifter l = {.wishes = &q->wishes, .before = before, .arena = a};
	size_t n = q->wishes.n;
	bool ok;

	ok = kconfig_tree_read(&l.tree, q->tree, build,
		kconfig_family(q->tree, before->family, value_of, &l, a), err);
	for (size_t i = 0; ok && i < n; i++)
		if (q->wishes.at[i].voice == KCONFIG_THEIRS)
			lift_wish(&l, &q->wishes.at[i], told);
	for (size_t i = 0; ok && i < l.wanted.n; i++)
		ok = kconfig_wish(&q->wishes, a, arena_fmt(a, "CONFIG_%s=y", l.wanted.at[i]),
			KCONFIG_THEIRS, err);
	kconfig_tree_release(&l.tree);
	return ok;
}
