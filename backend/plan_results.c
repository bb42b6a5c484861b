/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The images that are written from the finished stages, and the results folder. See plan_make.h. */
#include "plan_make.h"

#include "conf.h"
#include "hash.h"
#include "overlay.h"
#include "rootfs.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "banned.h"

/* share/images/NAME.image: the file's name and the action that writes it. */
struct image_kind {
	struct maker *maker;
	const char *file, *write;
};

struct image {
	struct unit *unit;
	struct step *step;
	const char *file;
};
struct images {
	struct image *at;
	size_t n, cap;
};

static bool take_line(void *ctx, const struct conf_line *line, struct error *err)
{
	struct image_kind *k = ctx;
	const char **to = NULL;

	if (line->key && strcmp(line->key, "file") == 0)
		to = &k->file;
	else if (line->key && strcmp(line->key, "write") == 0)
		to = &k->write;
	if (!to)
		return error_set(
			err, ERROR_PROFILE, "an image is described by 'file' and 'write' only");
	if (guard_holds(line->guard, profile_lookup, k->maker->profile))
		*to = line->value;
	return true;
}

static bool read_kind(struct maker *m, const char *name, struct image_kind *k, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok;

	*k = (struct image_kind){.maker = m};
	if (!place_find(m->place, arena_fmt(m->arena, "share/images/%s.image", name), &path))
		ok = error_set(err, ERROR_PROFILE,
			"there is no share/images/%s.image: this format is not known", name);
	else if ((ok = conf_read(path.s, m->arena, take_line, k, err)) && (!k->file || !k->write))
		ok = error_set(err, ERROR_PROFILE,
			"%s: 'file' or 'write' is missing for these choices", path.s);
	text_release(&path);
	return ok;
}

/* "FROM -> TO FROM -> TO" of a recipe's rootfs and output lines. */
typedef bool pair_sink(
	void *ctx, const struct component *c, const char *from, const char *to, struct error *err);

static bool each_pair(struct maker *m, const struct component *c, const char *key, pair_sink *sink,
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

struct grafter {
	struct maker *maker;
	struct tree *tree;
	struct step *step;
};

static bool add_graft(
	void *ctx, const struct component *c, const char *from, const char *to, struct error *err)
{
	struct grafter *g = ctx;
	struct arena *a = g->maker->arena;

	(void)err;
	tree_graft(g->tree,
		&(struct tree_graft){.from = arena_fmt(a, "%s/%s", c->unit->result, from),
			.id = arena_fmt(a, "%s %s %s", c->recipe->name, c->unit->key, from),
			.to = to,
			.owner = arena_fmt(a, "recipe %s", c->recipe->name)});
	return true;
}

static bool collect_tree(struct maker *m, struct tree *t, struct error *err)
{
	struct scope scope = {.maker = m};
	struct grafter g = {m, t, NULL};
	const char *overlay = profile_get(m->profile, "overlay");
	const char *slash = m->profile->path ? strrchr(m->profile->path, '/') : NULL;

	if (!rootfs_collect(t, m->profile, plan_names, &scope, err))
		return false;
	for (size_t i = 0; i < m->components.n; i++)
		if (!each_pair(m, m->components.at[i], "rootfs", add_graft, &g, err))
			return false;
	if (!*overlay)
		return true;
	if (overlay[0] != '/' && slash)
		overlay = arena_fmt(m->arena, "%.*s/%s", (int)(slash - m->profile->path),
			m->profile->path, overlay);
	return overlay_collect(t, overlay, err);
}

static bool image_inputs(struct maker *m, const char *name, const struct strings *words,
	struct tree *t, const char **inputs, struct error *err)
{
	struct text out = TEXT_INIT;
	bool ok;

	text_fmt(&out, "image %s\nwrite", name);
	for (size_t i = 0; i < words->n; i++)
		text_fmt(&out, " %s", words->at[i]);
	text_char(&out, '\n');
	ok = tree_print(t, &out, err);
	*inputs = arena_str(m->arena, out.s);
	text_release(&out);
	return ok;
}

static void image_needs(struct maker *m, struct step *s)
{
	for (size_t i = 0; i < m->components.n; i++)
		if (plan_value(m, m->components.at[i], "rootfs"))
			plan_needs(s, m->components.at[i]->last);
}

static bool add_image(
	struct maker *m, const char *name, struct tree *t, struct images *images, struct error *err)
{
	struct scope scope = {.maker = m};
	struct strings words = {0}, args = {0}, publish = {0};
	struct image image = {0};
	struct image_kind kind;
	const char *inputs;
	bool ok = read_kind(m, name, &kind, err) &&
		  expand_words(&words, m->arena, kind.write, plan_names, &scope, err) &&
		  words.n > 0 && image_inputs(m, name, &words, t, &inputs, err);

	if (ok) {
		image.file = kind.file;
		image.unit = plan_unit(m, name, "stage", inputs);
		image.unit->tree = t;
		image.step = plan_step(
			m, image.unit, arena_fmt(m->arena, "%s.write", name), "write image");
		vec_push(&args, arena_fmt(m->arena, "%s/stage/%s", image.unit->work, kind.file));
		for (size_t i = 1; i < words.n; i++)
			vec_push(&args, words.at[i]);
		plan_action(m, image.step, words.at[0], &args);
		vec_push(&publish, arena_fmt(m->arena, "%s/stage", image.unit->work));
		vec_push(&publish, image.unit->result);
		plan_action(m, image.step, "publish", &publish);
		image_needs(m, image.step);
		image.step->last = true;
		vec_push(images, image);
	}
	vec_release(&words);
	return ok;
}

/* ---- the results folder ---- */

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

/* What the results folder's manifest says before the artifacts are known. */
static const char *manifest(struct maker *m, const char *key)
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

	text_str(&out, "# The exact sources of this build. Beside a profile, as NAME.lock, this "
		       "file makes a build "
		       "take the same again.\n");
	for (size_t i = 0; i < m->plan->sources.n; i++) {
		const struct source_choice *c = &m->plan->sources.at[i];

		text_fmt(&out, "\n[source %s]\nversion = %s\n", c->component, c->version);
		if (c->sha256)
			text_fmt(&out, "sha256  = %s\n", c->sha256);
		if (c->size)
			text_fmt(&out, "size    = %llu\n", (unsigned long long)c->size);
		if (c->from.n)
			text_fmt(&out, "url     = %s\n", c->from.at[0].url);
	}
	s = arena_str(m->arena, out.s);
	text_release(&out);
	return s;
}

static void results_step(struct maker *m, struct output *o, const struct images *images)
{
	struct unit *u = plan_unit(m, "results", "stage", arena_str(m->arena, o->inputs.s));

	u->result =
		NULL; /* the folder may hold the results of other choices: plan_look compares the manifest */
	u->work = NULL;
	o->step = plan_step(m, u, "results.output", "results");
	o->step->last = true;
	plan_action(m, o->step, "output", &o->args);
	for (size_t i = 0; i < images->n; i++)
		plan_needs(o->step, images->at[i].step);
	for (size_t i = 0; i < m->components.n; i++)
		if (plan_value(m, m->components.at[i], "output"))
			plan_needs(o->step, m->components.at[i]->last);
	manifest(m, u->key);
}

static bool add_results(struct maker *m, const struct images *images, struct error *err)
{
	struct output o = {.maker = m, .inputs = TEXT_INIT};
	char hex[HASH_HEX];
	bool ok = true;

	m->plan->lock_text = lock(m);
	hash_bytes(m->plan->profile_text, strlen(m->plan->profile_text), hex);
	text_fmt(&o.inputs, "results %s\nprofile %s\n", m->plan->profile, hex);
	hash_bytes(m->plan->lock_text, strlen(m->plan->lock_text), hex);
	text_fmt(&o.inputs, "lock %s\n", hex);
	vec_push(&o.args, m->plan->output);
	for (size_t i = 0; ok && i < m->components.n; i++)
		ok = each_pair(m, m->components.at[i], "output", add_output, &o, err);
	for (size_t i = 0; ok && i < images->n; i++) {
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
	struct tree *t = arena_alloc(m->arena, sizeof *t);
	struct strings names = {0};
	struct images images = {0};
	bool ok;

	t->arena = m->arena;
	ok = collect_tree(m, t, err) &&
	     conf_words(profile_get(m->profile, "image"), m->arena, &names, err);
	for (size_t i = 0; ok && i < names.n; i++)
		ok = add_image(m, names.at[i], t, &images, err);
	ok = ok && add_results(m, &images, err);
	if (!images.n) { /* no unit holds the tree that plan_release would empty */
		vec_release(&t->entries);
		vec_release(&t->grafts);
	}
	vec_release(&names);
	vec_release(&images);
	return ok;
}
