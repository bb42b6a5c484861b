/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whether every wish was granted, and explains those that were not. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "kconfig/kconfig.h"
#include "kconfig/kconfig_tree.h"

#include <string.h>

#include "base/banned.h"

struct verifier {
	const struct kconfig_result *result;
	const char *source, *build;
	struct kconfig_tree tree;
	bool read; /* the tree has been read */
	struct arena *scratch;
	struct error *err;
};

static const char *value_or_no(const void *ctx, const char *symbol)
{
	const char *value = kconfig_result_find(ctx, symbol);

	return value ? value : "n";
}

static bool need_tree(struct verifier *v)
{
	if (v->read)
		return true;
	v->read = true;
	return kconfig_tree_read(&v->tree, v->source, v->build,
		kconfig_family(v->source, v->result->family, value_or_no, v->result, v->scratch),
		v->err);
}

static const char *in_words(const char *value)
{
	return strcmp(value, "n") == 0 ? "not set" : value;
}

/* What prevents one definition of the symbol: "A, B"; empty if nothing does. */
static void obstacles(
	const struct verifier *v, const struct kconfig_definition *d, struct text *out)
{
	for (size_t i = 0; i < d->needs.n; i++)
		kconfig_unmet(d->needs.at[i], value_or_no, v->result, out);
}

/* Of several definitions, use the one with the fewest obstacles. */
static const struct kconfig_definition *closest(
	const struct verifier *v, const char *symbol, struct text *least)
{
	const struct kconfig_definition *best = NULL, *d;
	size_t n;

	d = kconfig_tree_find(&v->tree, symbol, &n);
	for (; n; n--, d++) {
		struct text unmet = TEXT_INIT;

		obstacles(v, d, &unmet);
		if (!best || (d->prompted && !best->prompted) ||
			(d->prompted == best->prompted && unmet.len < least->len)) {
			best = d;
			text_clear(least);
			text_str(least, unmet.s);
		}
		text_release(&unmet);
	}
	return best;
}

static void explain(const struct verifier *v, const struct kconfig_wish *w,
	const struct kconfig_line *l, struct text *out)
{
	const char *got = value_or_no(v->result, l->symbol);
	struct text unmet = TEXT_INIT;
	const struct kconfig_definition *d = closest(v, l->symbol, &unmet);

	text_fmt(out, "CONFIG_%s: %s asks for '%s', but it came out as '%s'", l->symbol, w->where,
		in_words(l->value), in_words(got));
	if (!d)
		text_str(out, "; this version does not know such a symbol, check its name");
	else if (unmet.len && strcmp(l->value, "n") != 0)
		text_fmt(out, "; it depends on what is not there: %s (%s:%d)", unmet.s, d->file,
			d->line);
	else if (!d->prompted)
		text_fmt(out, "; it cannot be chosen, other symbols decide about it (%s:%d)",
			d->file, d->line);
	else if (strcmp(l->value, "n") == 0)
		text_fmt(out, "; another symbol that is set selects it (%s:%d)", d->file, d->line);
	else
		text_fmt(out, "; the value is not allowed together with the rest (%s:%d)", d->file,
			d->line);
	text_char(out, '\n');
	text_release(&unmet);
}

/* Without modules what asks for one is compiled in. */
static bool granted(const struct verifier *v, const struct kconfig_line *l)
{
	const char *got = value_or_no(v->result, l->symbol);

	return strcmp(got, l->value) == 0 ||
	       (strcmp(l->value, "m") == 0 && strcmp(got, "y") == 0 &&
		       strcmp(value_or_no(v->result, "MODULES"), "y") != 0);
}

/* Which alternative counts: the first that is known. NULL: none is. */
static const struct kconfig_line *counting(struct verifier *v, const struct kconfig_wish *w)
{
	size_t n;

	for (size_t i = 0; i < w->n; i++)
		if (kconfig_result_find(v->result, w->either[i].symbol) ||
			kconfig_tree_find(&v->tree, w->either[i].symbol, &n))
			return &w->either[i];
	return NULL;
}

/* A preference: what is left out may be there after all, and what is a module be compiled in. */
static bool gives_way(const struct verifier *v, const struct kconfig_line *l)
{
	return strcmp(l->value, "n") == 0 ||
	       (strcmp(l->value, "m") == 0 && strcmp(value_or_no(v->result, l->symbol), "y") == 0);
}

static bool check_wish(struct verifier *v, const struct kconfig_request *q,
	const struct kconfig_wish *w, struct kconfig_verdict *verdict)
{
	const struct kconfig_line *l;
	bool yields;

	/* mostly true, and then the Kconfig files need not be read */
	if (granted(v, &w->either[0]))
		return true;
	if (!need_tree(v))
		return false;
	l = counting(v, w);
	if (l ? granted(v, l) : w->optional)
		return true;
	if (!l)
		l = &w->either[0];
	if (w->voice == KCONFIG_TREE) {
		verdict->misfits++;
		explain(v, w, l, &verdict->misfit);
		return true;
	}
	yields = q->asked && w->voice == KCONFIG_OURS && gives_way(v, l);
	explain(v, w, l, yields ? &verdict->yielded : &verdict->refused);
	verdict->yields += yields;
	verdict->refusals += !yields;
	return true;
}

static bool is_wished(const struct kconfig_wishes *w, const char *symbol)
{
	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; k < w->at[i].n; k++)
			if (strcmp(w->at[i].either[k].symbol, symbol) == 0)
				return true;
	return false;
}

/*
 * A line of a person's whole configuration. What the program works out by itself, such as the compiler's version, is not theirs
 * to say; what fragments say instead was asked for.
 */
static void compare_line(struct verifier *v, const struct kconfig_request *q,
	const struct kconfig_wish *w, struct kconfig_verdict *verdict)
{
	const struct kconfig_line *l = &w->either[0];
	const struct kconfig_definition *d;
	struct text unmet = TEXT_INIT;

	verdict->lines++;
	d = closest(v, l->symbol, &unmet);
	text_release(&unmet);
	verdict->known += d != NULL;
	if (granted(v, l) || (d && !d->prompted) || is_wished(&q->wishes, l->symbol))
		return;
	verdict->changes++;
	explain(v, w, l, &verdict->changed);
}

bool kconfig_verify(const struct kconfig_request *q, const struct kconfig_result *r,
	const char *source, const char *build, struct kconfig_verdict *verdict, struct error *err)
{
	struct arena scratch = ARENA_INIT;
	struct verifier v = {
		.result = r, .source = source, .build = build, .scratch = &scratch, .err = err};
	bool ok = true;

	*verdict = (struct kconfig_verdict)KCONFIG_VERDICT_INIT;
	for (size_t i = 0; ok && i < q->wishes.n; i++)
		ok = check_wish(&v, q, &q->wishes.at[i], verdict);
	ok = ok && (!q->own.n || need_tree(&v));
	for (size_t i = 0; ok && i < q->own.n; i++)
		compare_line(&v, q, &q->own.at[i], verdict);
	if (v.read)
		kconfig_tree_release(&v.tree);
	arena_release(&scratch);
	return ok;
}

bool kconfig_is_ours(const struct kconfig_verdict *v, struct error *err)
{
	/* configurations of versions that lie years apart share far more */
	enum { LEAST_KNOWN = 10 };

	return v->known * LEAST_KNOWN >= v->lines ||
	       error_set(err, ERROR_PROFILE,
		       "only %zu of the %zu lines of this configuration are known here: it is another program's",
		       v->known, v->lines);
}

void kconfig_verdict_release(struct kconfig_verdict *v)
{
	text_release(&v->refused);
	text_release(&v->yielded);
	text_release(&v->misfit);
	text_release(&v->changed);
}
