/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The results folder: images and files of components, profile, lock and manifest. See plan_make.h. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "source/pins.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

bool plan_each_pair(struct maker *m, const struct component *c, const char *key, plan_pair *sink,
	void *ctx, struct error *err)
{
	const char *value = plan_value(m, c, key);
	struct strings words = {0};
	bool ok = !value || conf_words(value, m->arena, &words, err);

	if (ok && (words.n % 3 || (words.n && strcmp(words.at[1], "->") != 0)))
		ok = error_set(
			err, ERROR_PROFILE, "%s: '%s' is written FROM -> TO", c->recipe->file, key);
	for (size_t i = 0; ok && i < words.n; i += 3)
		ok = sink(ctx, c, words.at[i], words.at[i + 2], err);
	vec_release(&words);
	return ok;
}

struct output {
	struct maker *maker;
	struct strings args;
	struct text inputs;
	struct step *step;
};

static bool add_output(
	void *ctx, const struct component *c, const char *from, const char *to, struct error *err)
{
	struct output *o = ctx;

	(void)err;
	text_fmt(&o->inputs, "file %s from %s %s\n", to, c->recipe->name, c->unit->key);
	vec_push(&o->args, arena_fmt(o->maker->arena, "%s/%s", c->unit->result, from));
	vec_push(&o->args, to);
	return true;
}

static json_t *component_json(const struct component *c)
{
	json_t *o = json_object();

	json_object_set_new(o, "name", json_string(c->recipe->name));
	json_object_set_new(o, "source", json_string(c->source->component));
	json_object_set_new(o, "version", json_string(c->source->version));
	json_object_set_new(o, "archive", json_string(c->source->file));
	json_object_set_new(
		o, "sha256", c->source->sha256 ? json_string(c->source->sha256) : json_null());
	json_object_set_new(
		o, "licence", json_string(c->recipe->licence ? c->recipe->licence : ""));
	json_object_set_new(o, "url", json_string(c->recipe->url ? c->recipe->url : ""));
	json_object_set_new(o, "key", json_string(c->unit->key));
	return o;
}

/* Which file is which format. */
static json_t *images_json(const struct plan_images *images)
{
	json_t *list = json_array();

	for (size_t i = 0; i < images->n; i++)
		if (images->at[i].asked)
			json_array_append_new(
				list, json_pack("{s:s,s:s}", "image", images->at[i].unit->name,
					      "file", images->at[i].file));
	return list;
}

/* What the results folder's manifest says before the artifacts are known. */
static const char *manifest(struct maker *m, const struct plan_images *images, const char *key)
{
	json_t *root = json_object(), *components = json_array(), *choices = json_object();
	const struct option_table *t = &m->profile->catalog->options;
	char *s;

	for (size_t i = 0; i < t->options.n; i++)
		if (t->options.at[i].type != OPTION_HASH)
			json_object_set_new(choices, t->options.at[i].name,
				json_string(profile_get(m->profile, t->options.at[i].name)));
	for (size_t i = 0; i < m->components.n; i++)
		json_array_append_new(components, component_json(m->components.at[i]));
	json_object_set_new(root, "profile", json_string(m->plan->profile));
	json_object_set_new(root, "key", json_string(key));
	json_object_set_new(root, "choices", choices);
	json_object_set_new(root, "components", components);
	json_object_set_new(root, "images", images_json(images));
	s = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	if (!s)
		abort();
	m->plan->manifest_text = arena_str(m->arena, s);
	free(s);
	return m->plan->manifest_text;
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
	struct unit *u = plan_unit(m, "results", "stage", arena_str(m->arena, o->inputs.s));

	u->result =
		NULL; /* the folder may hold the results of other choices: plan_look compares the manifest */
	u->work = NULL;
	o->step = plan_step(m, u, "results.output", "results");
	o->step->last = true;
	plan_action(m, o->step, "output", &o->args);
	for (size_t i = 0; i < images->n; i++)
		if (images->at[i].asked)
			plan_needs(o->step, images->at[i].step);
	for (size_t i = 0; i < m->components.n; i++)
		if (plan_value(m, m->components.at[i], "output"))
			plan_needs(o->step, m->components.at[i]->last);
	manifest(m, images, u->key);
}

static bool add_results(struct maker *m, const struct plan_images *images, struct error *err)
{
	struct output o = {.maker = m, .inputs = TEXT_INIT};
	char hex[HASH_HEX];
	bool ok = true;

	m->plan->lock_text = lock(m);
	hash_bytes(m->plan->profile_text, strlen(m->plan->profile_text), hex);
	text_fmt(&o.inputs, "results %s\nmanifest 2\nprofile %s\n", m->plan->profile, hex);
	hash_bytes(m->plan->lock_text, strlen(m->plan->lock_text), hex);
	text_fmt(&o.inputs, "lock %s\n", hex);
	vec_push(&o.args, m->plan->output);
	for (size_t i = 0; ok && i < m->components.n; i++)
		ok = plan_each_pair(m, m->components.at[i], "output", add_output, &o, err);
	for (size_t i = 0; ok && i < images->n; i++) {
		if (!images->at[i].asked)
			continue;
		text_fmt(&o.inputs, "file %s from %s %s\n", images->at[i].file,
			images->at[i].unit->name, images->at[i].unit->key);
		vec_push(&o.args, arena_fmt(m->arena, "%s/%s", images->at[i].unit->result,
					  images->at[i].file));
		vec_push(&o.args, images->at[i].file);
	}
	if (ok)
		results_step(m, &o, images);
	else
		vec_release(&o.args);
	text_release(&o.inputs);
	return ok;
}

bool plan_add_results(struct maker *m, struct error *err)
{
	struct plan_images images = {0};
	bool ok = plan_add_images(m, &images, err) && add_results(m, &images, err);

	vec_release(&images);
	return ok;
}
