/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans the results folder: images and files of components, profile, lock and manifest. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/results.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "plan/plan_steps.h"
#include "source/pins.h"

#include <string.h>

#include "base/banned.h"

bool plan_each_pair(struct maker *m, const struct component *c, const char *key, plan_pair *sink,
	void *ctx, struct error *err)
{
	/* what is for this machine leaves nothing in the system */
	const char *value = c->recipe->host ? NULL : plan_value(m, c, key);
	struct strings words = {0};
	bool ok = !value || conf_words(value, m->arena, &words, err);

	if (ok && (words.n % 3 || (words.n && strcmp(words.at[1], "->") != 0)))
		ok = error_set(
			err, ERROR_PROFILE, "%s: '%s' is written FROM -> TO", c->recipe->file, key);
	for (size_t i = 0; ok && i < words.n; i += 3)
		ok = sink(ctx, c, words.at[i], words.at[i + 2], err);
	return ok;
}

struct output {
	struct maker *maker;
	struct strings args;
	struct text inputs;
	struct step *step, *licences;
};

static bool add_output(
	void *ctx, const struct component *c, const char *from, const char *to, struct error *err)
{
	struct output *o = ctx;

	(void)err;
	text_fmt(&o->inputs, "file %s from %s %s\n", to, c->recipe->name, c->unit->key);
	vec_push_in(o->maker->arena, &o->args,
		arena_fmt(o->maker->arena, "%s/%s", c->unit->result, from));
	vec_push_in(o->maker->arena, &o->args, to);
	return true;
}

/* What the results folder's manifest says before the artifacts exist. */
static const char *manifest(struct maker *m, const struct plan_images *images, const char *key)
{
	const struct option_table *t = &m->profile->catalog->options;
	struct results r = {.profile = m->plan->profile, .key = key, .replaced = m->replaced};
	const struct option *o;

	for (size_t i = 0; (o = option_at(t, i)); i++)
		if (o->type != OPTION_HASH &&
			(i < t->options.n || profile_is_set(m->profile, o->name)))
			vec_push_in(m->arena, &r.choices,
				(struct results_choice){o->name, profile_get(m->profile, o->name)});
	for (size_t i = 0; i < m->components.n; i++) {
		const struct component *c = m->components.at[i];

		vec_push_in(m->arena, &r.components,
			(struct results_component){.name = c->recipe->name,
				.source = c->source->component,
				.version = c->source->version,
				.archive = c->source->file,
				.sha256 = c->source->sha256,
				.patches = c->patches,
				.licence_files = plan_licence_words(m, c),
				.licence = c->recipe->licence ? c->recipe->licence : "",
				.url = c->recipe->url ? c->recipe->url : "",
				.key = c->unit->key});
	}
	for (size_t i = 0; i < images->n; i++)
		if (images->at[i].asked)
			vec_push_in(m->arena, &r.images,
				(struct results_image){
					images->at[i].unit->name, images->at[i].file});
	return results_print(&r, m->arena);
}

static const char *lock(struct maker *m)
{
	struct text out = TEXT_INIT;
	const char *s;

	pins_print(m->plan->sources.at, m->plan->sources.n, &out);
	s = arena_str(m->arena, out.s);
	text_release(&out);
	return s;
}

static void results_step(struct maker *m, struct output *o, const struct plan_images *images)
{
	struct unit *u = plan_unit(m->plan, "results", "stage", arena_str(m->arena, o->inputs.s));

	u->result =
		NULL; /* the folder may hold results of other choices: plan_look compares the manifest */
	u->work = NULL;
	o->step = plan_step(m->plan, u, "results.output", "results");
	o->step->last = true;
	plan_action(m->plan, o->step, ACTION_output, &o->args);
	if (o->licences)
		plan_needs(m->plan, o->step, o->licences);
	for (size_t i = 0; i < images->n; i++)
		if (images->at[i].asked)
			plan_needs(m->plan, o->step, images->at[i].step);
	for (size_t i = 0; i < m->components.n; i++)
		if (plan_value(m, m->components.at[i], "output"))
			plan_needs(m->plan, o->step, m->components.at[i]->last);
	m->plan->manifest_text = manifest(m, images, u->key);
}

static bool add_results(struct maker *m, const struct plan_images *images, struct error *err)
{
	struct output o = {.maker = m, .inputs = TEXT_INIT};
	char hex[HASH_HEX];
	const char *licences;
	bool ok = true;

	m->plan->lock_text = lock(m);
	hash_bytes(m->plan->profile_text, strlen(m->plan->profile_text), hex);
	text_fmt(&o.inputs, "results %s\nmanifest 2\nprofile %s\n", m->plan->profile, hex);
	hash_bytes(m->plan->lock_text, strlen(m->plan->lock_text), hex);
	text_fmt(&o.inputs, "lock %s\n", hex);
	vec_push_in(m->arena, &o.args, m->plan->output);
	for (size_t i = 0; ok && i < m->components.n; i++)
		ok = plan_each_pair(m, m->components.at[i], "output", add_output, &o, err);
	for (size_t i = 0; ok && i < images->n; i++) {
		if (!images->at[i].asked)
			continue;
		text_fmt(&o.inputs, "file %s from %s %s\n", images->at[i].file,
			images->at[i].unit->name, images->at[i].unit->key);
		vec_push_in(m->arena, &o.args,
			arena_fmt(
				m->arena, "%s/%s", images->at[i].unit->result, images->at[i].file));
		vec_push_in(m->arena, &o.args, images->at[i].file);
	}
	licences = ok ? plan_join_licences(m, &o.licences, &o.inputs) : NULL;
	if (licences) {
		vec_push_in(m->arena, &o.args, licences);
		vec_push_in(m->arena, &o.args, strrchr(licences, '/') + 1);
	}
	if (ok)
		results_step(m, &o, images);
	text_release(&o.inputs);
	return ok;
}

bool plan_add_results(struct maker *m, struct error *err)
{
	struct plan_images images = {0};
	bool ok = plan_add_images(m, &images, err) && add_results(m, &images, err);

	return ok;
}
