/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans archive and source tree, which all components share that have the same source and patches. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/dates.h"
#include "plan/plan_steps.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static void add_fetch(struct maker *m, struct component *c)
{
	const struct source_choice *from = c->source;
	const char *inputs = arena_fmt(m->arena, "archive %s %s\nsha256 %s\n", from->component,
		from->version, from->sha256 ? from->sha256 : "accepted by name");
	struct unit *u = plan_unit(
		m->plan, arena_fmt(m->arena, "%s.archive", from->component), "source", inputs);
	struct strings args = {0};

	u->result = from->path;
	u->work = NULL;
	c->fetch =
		plan_step(m->plan, u, arena_fmt(m->arena, "%s.fetch", from->component), "download");
	c->fetch->pool = POOL_NET;
	c->fetch->last = true;
	c->fetch->download_bytes = from->size;
	vec_push_in(m->arena, &args, from->path);
	vec_push_in(m->arena, &args, from->sha256 ? from->sha256 : "-");
	vec_push_in(m->arena, &args, arena_fmt(m->arena, "%llu", (unsigned long long)from->size));
	for (size_t i = 0; i < from->from.n; i++)
		vec_push_in(m->arena, &args,
			from->from.at[i].origin == ORIGIN_DEBIAN
				? arena_fmt(m->arena, "apt+%s", from->from.at[i].url)
				: from->from.at[i].url);
	plan_action(m->plan, c->fetch, ACTION_fetch, &args);
}

/* The step is named after its source; a second tree of that source, with other patches, after its recipe. */
static const char *unpack_id(struct maker *m, const struct component *c)
{
	for (size_t i = 0; i < m->components.n; i++)
		if (m->components.at[i]->source == c->source)
			return arena_fmt(m->arena, "%s.unpack", c->recipe->name);
	return arena_fmt(m->arena, "%s.unpack", c->source->component);
}

static bool add_unpack(struct maker *m, struct component *c, struct error *err)
{
	const char *patches = plan_value(m, c, PLAN_PATCH);
	struct text inputs = TEXT_INIT;
	struct strings names = {0}, args = {0};
	char hex[HASH_HEX];
	bool ok = true;

	text_fmt(&inputs, "tree %s %s\nsha256 %s\n", c->source->component, c->source->version,
		c->source->sha256 ? c->source->sha256 : "accepted by name");
	vec_push_in(m->arena, &args, c->source->path);
	vec_push_in(m->arena, &args, "");
	if (patches)
		ok = conf_words(patches, m->arena, &names, err);
	for (size_t i = 0; ok && i < names.n; i++) {
		const char *path = arena_fmt(m->arena, "%s/%s", c->recipe->folder, names.at[i]);

		ok = hash_file(path, hex, err);
		text_fmt(&inputs, "patch %s %s\n", names.at[i], hex);
		vec_push_in(m->arena, &args, path);
	}
	c->source_tree = plan_unit(m->plan,
		arena_fmt(m->arena, "%s-%s", c->source->component, c->source->version), "tree",
		arena_str(m->arena, inputs.s));
	plan_note_cures(m, c, c->source_tree, true);
	args.at[1] = c->source_tree->result;
	c->source_tree->work = NULL;
	c->unpack = plan_step(m->plan, c->source_tree, unpack_id(m, c), "unpack");
	c->unpack->last = true;
	plan_action(m->plan, c->unpack, ACTION_unpack, &args);
	plan_needs(m->plan, c->unpack, c->fetch);
	text_release(&inputs);
	return ok;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

bool plan_add_source(struct maker *m, struct component *c, struct error *err)
{
	for (size_t i = 0; i < m->components.n; i++) {
		const struct component *other = m->components.at[i];

		if (other->source != c->source)
			continue;
		c->fetch = other->fetch;
		if (!same_text(plan_value(m, other, PLAN_PATCH), plan_value(m, c, PLAN_PATCH)))
			continue;
		c->unpack = other->unpack;
		c->source_tree = other->source_tree;
		return true;
	}
	if (!c->fetch)
		add_fetch(m, c);
	return m->options->fetch_only || add_unpack(m, c, err);
}

/* The date comes from the archives, so the key is made from them. */
void plan_print_dated(const struct maker *m, struct text *out)
{
	if (m->epoch)
		return;
	text_str(out, "date of the newest of");
	for (size_t i = 0; i < m->plan->sources.n; i++) {
		const struct source_choice *c = &m->plan->sources.at[i];

		text_fmt(out, " %s", c->sha256 ? c->sha256 : c->file);
	}
	text_char(out, '\n');
}

static bool is_needed(const struct step *s, const struct step *needed)
{
	for (size_t i = 0; i < s->needs.n; i++)
		if (s->needs.at[i] == needed)
			return true;
	return false;
}

void plan_needs_dates(const struct maker *m, struct step *s)
{
	for (size_t i = 0; !m->epoch && i < m->components.n; i++) {
		const struct component *c = m->components.at[i];

		if (!dates_are_known(m->place, c->source->path) && !is_needed(s, c->fetch))
			plan_needs(m->plan, s, c->fetch);
	}
}

/* The tree may have been here for long, without its archive and date; unpacking the archive finds the date, too. */
void plan_needs_date(const struct maker *m, const struct component *c, struct step *s)
{
	if (!m->epoch && access(c->source_tree->result, F_OK) == 0 &&
		!dates_are_known(m->place, c->source->path))
		plan_needs(m->plan, s, c->fetch);
}
