/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers chosen archives, and records which candidates were passed over. */
#include "source/choice.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/settings.h"
#include "source/origin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

/* Another order of origins or another mirror may change the choice. */
static const char *context(struct sources *s)
{
	struct text t = TEXT_INIT;
	char hex[HASH_HEX];

	for (size_t i = 0; i < s->settings->origins.n; i++)
		text_fmt(&t, "%s ", origin_word(s->settings->origins.at[i]));
	for (size_t i = 0; i < s->settings->mirrors.n; i++)
		text_fmt(&t, "%d %s\n", s->settings->mirrors.at[i].like_upstream,
			s->settings->mirrors.at[i].base);
	hash_bytes(t.s, t.len, hex);
	text_release(&t);
	return arena_strn(&s->arena, hex, 16);
}

struct memory {
	struct arena *arena;
	VEC(struct remembered) all;
};

/* choice = COMPONENT WANTED VERSION SHA256 WHEN CONTEXT URL; malformed lines are dropped */
static bool take_choice(void *ctx, const struct conf_line *line, struct error *err)
{
	struct memory *m = ctx;
	struct strings w = {0};
	bool ok = !line->key || conf_words(line->value, m->arena, &w, err);

	if (ok && w.n == 7)
		vec_push_in(m->arena, &m->all,
			(struct remembered){.component = w.at[0],
				.wanted = w.at[1],
				.version = w.at[2],
				.sha256 = w.at[3],
				.when = strtoll(w.at[4], NULL, 10),
				.context = w.at[5],
				.url = w.at[6]});
	return ok;
}

static void memory_load(struct sources *s, struct memory *m)
{
	struct error ignored;

	*m = (struct memory){.arena = &s->arena};
	/* An unreadable file is as good as none: the choice is made again. */
	if (!conf_read(sources_path(s, "chosen"), &s->arena, take_choice, m, &ignored))
		m->all.n = 0;
}

bool memory_find(
	struct sources *s, const char *component, const char *wanted, struct remembered *out)
{
	struct memory m;
	const char *now = context(s);
	bool found = false;

	memory_load(s, &m);
	for (size_t i = 0; i < m.all.n && !found; i++) {
		*out = m.all.at[i];
		found = strcmp(out->component, component) == 0 &&
			strcmp(out->wanted, wanted) == 0 && strcmp(out->context, now) == 0;
	}
	return found;
}

static void print_choice(struct text *t, const struct remembered *r)
{
	text_fmt(t, "choice = %s %s %s %s %" PRId64 " %s %s\n", r->component, r->wanted, r->version,
		r->sha256, r->when, r->context, r->url);
}

void memory_keep(struct sources *s, const struct remembered *r)
{
	struct remembered mine = *r;
	struct text t = TEXT_INIT;
	struct memory m;
	struct error ignored;

	mine.context = context(s);
	mine.when = s->now;
	text_str(&t, "# What was chosen for a series, so that it stays the same for a while. "
		     "Removing this file does no harm.\n");
	print_choice(&t, &mine);
	memory_load(s, &m);
	for (size_t i = 0; i < m.all.n; i++)
		if (strcmp(m.all.at[i].component, r->component) != 0 ||
			strcmp(m.all.at[i].wanted, r->wanted) != 0)
			print_choice(&t, &m.all.at[i]);
	/* If the cache cannot be written the choice is made anew each time. */
	if (place_make_folder(sources_path(s, "."), &ignored) &&
		!place_write_soon(sources_path(s, "chosen"), t.s, t.len, &ignored))
		sources_say(s, "the choice of %s %s cannot be remembered: %s", r->component,
			r->version, ignored.text);
	text_release(&t);
}

void search_passed_over(struct search *x, const struct archive *a, const char *reason)
{
	struct trials *t = &x->trials;

	for (size_t i = 0; i < t->n; i++) {
		if (t->at[i].origin == a->origin && strcmp(t->at[i].reason, reason) == 0) {
			t->at[i].n++;
			return;
		}
	}
	vec_push_in(&x->sources->arena, t, (struct trial){a->origin, a->version, reason, 1});
}

void trials_print(const struct trials *t, size_t most, struct text *out)
{
	for (size_t i = 0; i < t->n && i < most; i++) {
		const struct trial *k = &t->at[i];

		text_fmt(out, "%s%s from %s", i ? "; " : "", k->version, origin_word(k->origin));
		if (k->n > 1)
			text_fmt(out, " (and %zu more)", k->n - 1);
		text_fmt(out, ": %s", k->reason);
	}
	if (t->n > most)
		text_fmt(out, "; and %zu more reasons", t->n - most);
}
