/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The images that are written from the finished stages. See plan_make.h.
 *
 * There are two trees: `root` is the system, `early` the small one that finds, checks and mounts a root on a disk. Every list of
 * files (share/rootfs) and every recipe says what goes into which; share/images/NAME.image says which of them an image holds.
 */
#include "plan_make.h"

#include "conf.h"
#include "overlay.h"
#include "rootfs.h"

#include <string.h>

#include "banned.h"

/* The two trees, and the recipe key that says what a component brings into each. */
static const struct {
	const char *name, *key;
} tree_names[] = {{"root", "rootfs"}, {"early", "early"}};

enum { TREES = sizeof tree_names / sizeof tree_names[0] };

struct planner {
	struct maker *maker;
	struct tree *trees[TREES]; /* NULL: not asked for yet */
	struct strings names;	   /* of the images that were added */
	struct plan_images *images;
};

/* ---- the trees ---- */

struct grafter {
	struct maker *maker;
	struct tree *tree;
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

/* The overlay is the person's part of the system, and no part of the way to it. */
static bool add_overlay(struct maker *m, struct tree *t, struct error *err)
{
	const char *overlay = profile_get(m->profile, "overlay");
	const char *slash = m->profile->path ? strrchr(m->profile->path, '/') : NULL;

	if (!*overlay)
		return true;
	if (overlay[0] != '/' && slash)
		overlay = arena_fmt(m->arena, "%.*s/%s", (int)(slash - m->profile->path),
			m->profile->path, overlay);
	return overlay_collect(t, overlay, err);
}

static bool collect_tree(struct maker *m, size_t which, struct tree *t, struct error *err)
{
	struct scope scope = {.maker = m};
	struct grafter g = {m, t};

	if (!rootfs_collect(t, tree_names[which].name, m->profile, plan_names, &scope, err))
		return false;
	for (size_t i = 0; i < m->components.n; i++)
		if (!plan_each_pair(
			    m, m->components.at[i], tree_names[which].key, add_graft, &g, err))
			return false;
	return plan_add_libraries(m, t, err) && (which != 0 || add_overlay(m, t, err));
}

/* Trees are collected when the first image asks for them. */
static bool tree_of(struct planner *p, size_t which, struct tree **out, struct error *err)
{
	struct tree **t = &p->trees[which];

	*out = *t;
	if (*t)
		return true;
	*t = arena_alloc(p->maker->arena, sizeof **t);
	(*t)->arena = p->maker->arena;
	*out = *t;
	return collect_tree(p->maker, which, *t, err);
}

/* ---- the images ---- */

/* share/images/NAME.image: the file's name, the action that writes it, the tree it holds, and the images that come along. */
struct image_kind {
	struct maker *maker;
	const char *file, *write, *with;
	size_t tree;
};

static bool take_tree(struct image_kind *k, const char *value, struct error *err)
{
	for (size_t i = 0; i < TREES; i++) {
		if (strcmp(tree_names[i].name, value) != 0)
			continue;
		k->tree = i;
		return true;
	}
	return error_set(
		err, ERROR_PROFILE, "there is no tree '%s': an image holds root or early", value);
}

static bool take_line(void *ctx, const struct conf_line *line, struct error *err)
{
	struct image_kind *k = ctx;
	const char **to = NULL;
	bool is_tree = line->key && strcmp(line->key, "tree") == 0;

	if (line->key && strcmp(line->key, "file") == 0)
		to = &k->file;
	else if (line->key && strcmp(line->key, "write") == 0)
		to = &k->write;
	else if (line->key && strcmp(line->key, "with") == 0)
		to = &k->with;
	if (!to && !is_tree)
		return error_set(err, ERROR_PROFILE,
			"an image is described by 'file', 'write', 'tree' and 'with' only");
	if (!guard_holds(line->guard, profile_lookup, k->maker->profile))
		return true;
	if (is_tree)
		return take_tree(k, line->value, err);
	*to = line->value;
	return true;
}

static bool read_kind(struct maker *m, const char *name, struct image_kind *k, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok;

	*k = (struct image_kind){.maker = m, .with = ""};
	if (!place_find(m->place, arena_fmt(m->arena, "share/images/%s.image", name), &path))
		ok = error_set(err, ERROR_PROFILE,
			"there is no share/images/%s.image: this format is not known", name);
	else if ((ok = conf_read(path.s, m->arena, take_line, k, err)) && (!k->file || !k->write))
		ok = error_set(err, ERROR_PROFILE,
			"%s: 'file' or 'write' is missing for these choices", path.s);
	text_release(&path);
	return ok;
}

static bool image_inputs(struct maker *m, const char *name, const struct strings *words,
	struct tree *t, const char **inputs, struct error *err)
{
	const struct action_kind *writer = action_find(words->at[0]);
	struct text out = TEXT_INIT;
	bool ok;

	if (!writer)
		return error_set(err, ERROR_PROFILE,
			"share/images/%s.image: there is no action '%s'", name, words->at[0]);
	text_fmt(&out, "image %s\nwriter %d\nwrite", name, writer->revision);
	for (size_t i = 0; i < words->n; i++)
		text_fmt(&out, " %s", words->at[i]);
	text_char(&out, '\n');
	ok = tree_print(t, &out, err);
	*inputs = arena_str(m->arena, out.s);
	text_release(&out);
	return ok;
}

static void image_needs(struct maker *m, struct step *s, size_t tree)
{
	for (size_t i = 0; i < m->components.n; i++)
		if (plan_value(m, m->components.at[i], tree_names[tree].key) ||
			plan_value(m, m->components.at[i], "libraries"))
			plan_needs(s, m->components.at[i]->last);
}

static void image_steps(struct maker *m, struct plan_image *image, const char *name,
	const struct image_kind *kind, const struct strings *words)
{
	struct strings args = {0}, publish = {0};

	image->file = kind->file;
	image->step =
		plan_step(m, image->unit, arena_fmt(m->arena, "%s.write", name), "write image");
	vec_push(&args, arena_fmt(m->arena, "%s/stage/%s", image->unit->work, kind->file));
	for (size_t i = 1; i < words->n; i++)
		vec_push(&args, words->at[i]);
	plan_action(m, image->step, words->at[0], &args);
	vec_push(&publish, arena_fmt(m->arena, "%s/stage", image->unit->work));
	vec_push(&publish, image->unit->result);
	plan_action(m, image->step, "publish", &publish);
	image_needs(m, image->step, kind->tree);
	image->step->last = true;
}

/* A file's name may have names in it. */
static bool expand_file(struct maker *m, struct image_kind *kind, struct error *err)
{
	struct scope scope = {.maker = m};
	struct text out = TEXT_INIT;
	bool ok = expand(&out, kind->file, plan_names, &scope, err);

	kind->file = arena_str(m->arena, out.s ? out.s : "");
	text_release(&out);
	return ok;
}

static bool add_image(
	struct planner *p, const char *name, struct image_kind *kind, struct error *err)
{
	struct maker *m = p->maker;
	struct scope scope = {.maker = m};
	struct strings words = {0};
	struct plan_image image = {0};
	struct tree *t = NULL;
	const char *inputs = NULL;
	bool ok = tree_of(p, kind->tree, &t, err) && expand_file(m, kind, err) &&
		  expand_words(&words, m->arena, kind->write, plan_names, &scope, err) &&
		  words.n > 0 && image_inputs(m, name, &words, t, &inputs, err);

	if (ok) {
		image.unit = plan_unit(m, name, "stage", inputs);
		image.unit->tree = t;
		image_steps(m, &image, name, kind, &words);
		vec_push(p->images, image);
	}
	vec_release(&words);
	return ok;
}

/* Each of the names once, and behind each what comes along with it. */
static bool add_images(struct planner *p, const char *list, struct error *err)
{
	size_t first = p->names.n;
	struct image_kind kind;

	if (!conf_words(list, p->maker->arena, &p->names, err))
		return false;
	for (size_t i = first; i < p->names.n; i++) {
		bool seen = false;

		for (size_t k = 0; k < i; k++)
			seen = seen || strcmp(p->names.at[k], p->names.at[i]) == 0;
		if (seen)
			continue;
		if (!read_kind(p->maker, p->names.at[i], &kind, err) ||
			!add_image(p, p->names.at[i], &kind, err) ||
			!conf_words(kind.with, p->maker->arena, &p->names, err))
			return false;
	}
	return true;
}

static bool in_use(const struct plan *p, const struct tree *t)
{
	for (size_t i = 0; i < p->units.n; i++)
		if (p->units.at[i]->tree == t)
			return true;
	return false;
}

bool plan_add_images(struct maker *m, struct plan_images *images, struct error *err)
{
	struct planner p = {.maker = m, .images = images};
	bool ok = add_images(&p, profile_get(m->profile, "image"), err);

	for (size_t i = 0; i < TREES; i++) {
		if (!p.trees[i] || in_use(m->plan, p.trees[i]))
			continue; /* plan_release empties it */
		vec_release(&p.trees[i]->entries);
		vec_release(&p.trees[i]->grafts);
	}
	vec_release(&p.names);
	return ok;
}
