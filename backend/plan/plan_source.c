/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans archives and source tree, which all components share that have the same source and patches. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/dates.h"
#include "plan/plan_steps.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static const char *digest_of(const struct source_choice *s)
{
	return s->sha256 ? s->sha256 : "accepted by name";
}

static struct step *add_fetch(struct maker *m, const struct source_choice *from)
{
	const char *inputs = arena_fmt(m->arena, "archive %s %s\nsha256 %s\n", from->component,
		from->version, digest_of(from));
	struct unit *u = plan_unit(
		m->plan, arena_fmt(m->arena, "%s.archive", from->component), "source", inputs);
	struct step *fetch;
	struct strings args = {0};

	u->result = from->path;
	u->work = NULL;
	fetch = plan_step(m->plan, u, arena_fmt(m->arena, "%s.fetch", from->component), "download");
	fetch->pool = POOL_NET;
	fetch->last = true;
	fetch->download_bytes = from->size;
	vec_push_in(m->arena, &args, from->path);
	vec_push_in(m->arena, &args, from->sha256 ? from->sha256 : "-");
	vec_push_in(m->arena, &args, arena_fmt(m->arena, "%llu", (unsigned long long)from->size));
	for (size_t i = 0; i < from->from.n; i++)
		vec_push_in(m->arena, &args,
			from->from.at[i].origin == ORIGIN_DEBIAN
				? arena_fmt(m->arena, "apt+%s", from->from.at[i].url)
				: from->from.at[i].url);
	plan_action(m->plan, fetch, ACTION_fetch, &args);
	return fetch;
}

static struct step *fetch_of(struct maker *m, const struct source_choice *from)
{
	for (size_t i = 0; i < m->plan->steps.n; i++)
		if (m->plan->steps.at[i]->unit->result == from->path)
			return m->plan->steps.at[i];
	return add_fetch(m, from);
}

/* The step is named after its source; a second tree of that source, with other patches, after its recipe. */
static const char *unpack_id(struct maker *m, const struct component *c)
{
	for (size_t i = 0; i < m->components.n; i++)
		if (m->components.at[i]->source == c->source)
			return arena_fmt(m->arena, "%s.unpack", c->recipe->name);
	return arena_fmt(m->arena, "%s.unpack", c->source->component);
}

static void add_word(struct maker *m, struct strings *args, const char *word)
{
	vec_push_in(m->arena, args, word);
}

/* A finished package, and which of its files may be machine code, in the key and as words of the action. */
static bool print_package(struct maker *m, const struct component *c, struct text *inputs,
	struct strings *args, struct error *err)
{
	const struct recipe *r = c->recipe;

	if (r->archive != RECIPE_BINARY)
		return true;
	text_str(inputs, "package\n");
	add_word(m, args, "package");
	for (size_t i = 0; i < r->values.n; i++) {
		const struct recipe_value *v = &r->values.at[i];
		const char *why = v->value + strcspn(v->value, " \t");

		if (strcmp(v->key, "elf") != 0 || !plan_holds(m, c, &v->guard))
			continue;
		if (v->value[0] != '/' || !*why)
			return error_set(err, ERROR_PROFILE,
				"%s:%d: elf is a pattern of paths in the package and what these files are for, such as: elf = /usr/lib/firmware/*.mbn programs of the sound processor",
				r->file, v->line);
		add_word(m, args, "elf");
		add_word(m, args, arena_strn(m->arena, v->value, (size_t)(why - v->value)));
		text_fmt(inputs, "elf %s\n", args->at[args->n - 1]);
		if (m->options->note)
			m->options->note(m->options->note_ctx,
				arena_fmt(m->arena, "%s takes machine code from its package, %s:%s",
					r->name, args->at[args->n - 1], why));
	}
	return true;
}

/* Archives that belong to the first one, in the key and as words of the action. */
static void print_parts(
	struct maker *m, const struct component *c, struct text *inputs, struct strings *args)
{
	for (size_t i = 0; i < c->parts.n; i++) {
		const struct source_choice *p = c->parts.at[i];

		if (p == c->debian) {
			text_fmt(inputs, "debian %s %s\n", p->version, digest_of(p));
			add_word(m, args, "debian");
			add_word(m, args, p->path);
			add_word(m, args, c->source->component);
			add_word(m, args, p->version);
		} else {
			text_fmt(inputs, "part %s %s\n", p->role, digest_of(p));
			add_word(m, args, "into");
			add_word(m, args, p->role);
			add_word(m, args, p->path);
		}
	}
}

static void add_unpack(
	struct maker *m, struct component *c, const char *inputs, const struct strings *args)
{
	c->source_tree = plan_unit(m->plan,
		arena_fmt(m->arena, "%s-%s", c->source->component, c->source->version), "tree",
		inputs);
	plan_note_cures(m, c, c->source_tree, true);
	args->at[1] = c->source_tree->result;
	c->source_tree->work = NULL;
	c->unpack = plan_step(m->plan, c->source_tree, unpack_id(m, c), "unpack");
	c->unpack->last = true;
	plan_action(m->plan, c->unpack, ACTION_unpack, args);
	if (c->fetch)
		plan_needs(m->plan, c->unpack, c->fetch);
	for (size_t i = 0; i < c->parts.n; i++)
		plan_needs(m->plan, c->unpack, fetch_of(m, c->parts.at[i]));
}

/* What the tree's key says of patches, for people: "debian:1.2-3 fix.patch". */
static const char *patched_words(struct maker *m, const char *inputs)
{
	static const char *const keys[][2] = {{"\ndebian ", "debian:"}, {"\npatch ", ""}};
	struct text out = TEXT_INIT;
	const char *words;

	for (size_t k = 0; k < 2; k++)
		for (const char *at = inputs; (at = strstr(at, keys[k][0]));) {
			at += strlen(keys[k][0]);
			text_fmt(&out, "%s%s%.*s", out.len ? " " : "", keys[k][1],
				(int)strcspn(at, " \n"), at);
		}
	words = arena_str(m->arena, out.s);
	text_release(&out);
	return words;
}

static bool find_parts(struct maker *m, struct component *c, struct error *err)
{
	size_t len = strlen(c->source->component);
	bool wanted;

	if (!plan_wants_debian(m, c->recipe, &wanted, err))
		return false;
	for (size_t i = 0; i < m->plan->sources.n; i++) {
		const struct source_choice *s = &m->plan->sources.at[i];
		bool patches = s->role && strcmp(s->role, ARCHIVE_PATCHES) == 0;

		if (!s->role || strncmp(s->component, c->source->component, len) != 0 ||
			s->component[len] != ':' || (patches && !wanted))
			continue;
		if (patches)
			c->debian = s;
		vec_push_in(m->arena, &c->parts, s);
	}
	return true;
}

/* A tree with the same in it is shared. */
static bool share_tree(struct maker *m, struct component *c, const char *inputs)
{
	for (size_t i = 0; i < m->components.n; i++) {
		const struct component *other = m->components.at[i];

		if (other->source != c->source || strcmp(other->source_tree->inputs, inputs) != 0)
			continue;
		c->unpack = other->unpack;
		c->source_tree = other->source_tree;
		c->patches = other->patches;
		return true;
	}
	return false;
}

bool plan_add_source(struct maker *m, struct component *c, struct error *err)
{
	struct text inputs = TEXT_INIT;
	struct strings args = {0};
	bool ok = find_parts(m, c, err);

	if (!ok)
		return false;
	c->fetch = c->recipe->archive == RECIPE_OWN ? NULL : fetch_of(m, c->source);
	for (size_t i = 0; i < c->parts.n; i++)
		fetch_of(m, c->parts.at[i]);
	if (m->options->fetch_only)
		return true;
	text_fmt(&inputs, "tree %s %s\nsha256 %s\n", c->source->component, c->source->version,
		digest_of(c->source));
	add_word(m, &args, c->source->path);
	add_word(m, &args, "");
	ok = print_package(m, c, &inputs, &args, err);
	print_parts(m, c, &inputs, &args);
	ok = ok && plan_add_patches(m, c, &args, &inputs, err);
	if (ok && !share_tree(m, c, inputs.s)) {
		add_unpack(m, c, arena_str(m->arena, inputs.s), &args);
		c->patches = patched_words(m, inputs.s);
		if (*c->patches || c->recipe->archive == RECIPE_SOURCE)
			vec_push_in(m->arena, &m->plan->patched,
				(struct patched){
					c->source->component, c->source->version, c->patches});
	}
	text_release(&inputs);
	return ok;
}

/* The date comes from the archives, so the key is made from them. */
void plan_print_dated(const struct maker *m, struct text *out)
{
	if (m->epoch)
		return;
	text_str(out, "date of the newest of");
	for (size_t i = 0; i < m->plan->sources.n; i++) {
		const struct source_choice *c = &m->plan->sources.at[i];

		if (!c->role)
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

		if (c->fetch && !dates_are_known(m->place, c->source->path) &&
			!is_needed(s, c->fetch))
			plan_needs(m->plan, s, c->fetch);
	}
}

/* The tree may have been here for long, without its archive and date; unpacking the archive finds the date, too. */
void plan_needs_date(const struct maker *m, const struct component *c, struct step *s)
{
	if (c->fetch && !m->epoch && access(c->source_tree->result, F_OK) == 0 &&
		!dates_are_known(m->place, c->source->path))
		plan_needs(m->plan, s, c->fetch);
}
