/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans the images, which are written from the finished stages. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/format.h"
#include "choice/profile.h"
#include "plan/action_facts.h"
#include "plan/plan_steps.h"
#include "proc/proc.h"
#include "tree/tree.h"

#include <string.h>

#include "base/banned.h"

enum { DEEPEST_HOLD = 4 }; /* an image in an image in an image */

struct planner {
	struct maker *maker;
	struct tree *trees[PLAN_TREES]; /* NULL: not requested yet */
	struct plan_images *images;
};

/* ---- the trees ---- */

/* Trees are collected when the first image needs them. Each image has a medium of its own, because different images may be on
 * it. */
static bool tree_of(struct planner *p, size_t which, struct tree **out, struct error *err)
{
	struct tree **t = &p->trees[which];

	*out = *t;
	if (*t && strcmp(plan_trees[which].name, "medium") != 0)
		return true;
	*t = arena_alloc(p->maker->arena, sizeof **t);
	(*t)->arena = p->maker->arena;
	*out = *t;
	return plan_collect_tree(p->maker, which, *t, err) &&
	       (which != 0 || plan_add_triggers(p->maker, *t, err));
}

/* ---- a format, for these choices (format.h) ---- */

/* Another image whose file is used. */
struct image_use {
	const char *name, *file;
	const char *id; /* represents it in the canonical text */
};

/* A line that makes the image, expanded as far as possible without the unit's key. */
struct image_line {
	const struct format_line *of;
	struct strings words;
};

/* A name defined by the description itself. */
struct image_name {
	const char *name, *value;
};

/* A format under these choices. */
struct image_kind {
	struct maker *maker;
	const struct format *format;
	const char *file; /* expanded */
	struct strings with, hold, use, needs, tool, hash;
	VEC(struct image_use) uses;
	VEC(struct image_name) names;
	size_t tree;
	bool stages;	     /* only what they bring */
	struct strings only; /* only these entries; none: all */
	VEC(struct image_line) lines;
};

static bool find_tree(struct image_kind *k, struct error *err)
{
	const struct format_line *l = format_line(k->format, "tree", k->maker->profile);

	k->tree = 0;
	while (l && k->tree < PLAN_TREES && strcmp(plan_trees[k->tree].name, l->value) != 0)
		k->tree++;
	return k->tree < PLAN_TREES ||
	       error_set(err, ERROR_PROFILE,
		       "%s:%d: there is no tree '%s': an image holds root, early, medium, home or efi",
		       l->file, l->line, l->value);
}

static bool find_part(struct image_kind *k, struct error *err)
{
	const struct format_line *l = format_line(k->format, "only", k->maker->profile);

	k->stages = l && strcmp(l->value, "stages") == 0;
	return !l || k->stages || l->value[0] == '/' ||
	       error_set(err, ERROR_PROFILE,
		       "%s:%d: of a tree there is no part '%s': 'only' knows stages, and paths",
		       l->file, l->line, l->value);
}

static bool take_name(struct image_kind *k, const struct format_line *l, struct error *err)
{
	struct arena *a = k->maker->arena;
	size_t len = strcspn(l->value, " \t\n");
	const char *words = l->value + len + strspn(l->value + len, " \t\n");

	if (!*words)
		return error_set(err, ERROR_PROFILE, "%s:%d: 'name' is written NAME WORDS", l->file,
			l->line);
	vec_push_in(a, &k->names, (struct image_name){arena_strn(a, l->value, len), words});
	return true;
}

static bool take_lines(struct image_kind *k, struct error *err)
{
	for (size_t i = 0; i < k->format->lines.n; i++) {
		const struct format_line *l = &k->format->lines.at[i];

		if (!guard_holds(&l->guard, profile_lookup, k->maker->profile))
			continue;
		if (l->acts)
			vec_push_in(k->maker->arena, &k->lines, (struct image_line){.of = l});
		else if (strcmp(l->key, "name") == 0 && !take_name(k, l, err))
			return false;
	}
	return true;
}

static bool take_words(struct image_kind *k, struct error *err)
{
	const struct {
		const char *key;
		struct strings *list;
	} table[] = {{"with", &k->with}, {"hold", &k->hold}, {"use", &k->use}, {"needs", &k->needs},
		{"tool", &k->tool}, {"hash", &k->hash}, {"only", &k->only}};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (!format_words(k->format, table[i].key, k->maker->profile, k->maker->arena,
			    table[i].list, err))
			return false;
	return true;
}

static bool choose_kind(struct maker *m, const char *name, struct image_kind *k, struct error *err)
{
	const struct format_line *file;

	*k = (struct image_kind){.maker = m, .format = format_find(m->profile->catalog, name)};
	if (!k->format)
		return error_set(err, ERROR_PROFILE,
			"there is no share/images/%s.image: this format is not known", name);
	if (!find_tree(k, err) || !find_part(k, err) || !take_words(k, err) || !take_lines(k, err))
		return false;
	file = format_line(k->format, "file", m->profile);
	if (!file || !k->lines.n)
		return error_set(err, ERROR_PROFILE,
			"%s: 'file' or 'write' is missing for these choices", k->format->file);
	k->file = file->value;
	return true;
}

/* ---- an image's unit and its step ---- */

struct image_scope {
	struct scope scope;
	const struct image_kind *kind;
	const char *work, *out; /* not needed until they are known */
};

static expand_lookup image_names;

/* The value that the description itself gives a name, with the names in it expanded; the last definition counts. */
static const char *own_name(void *ctx, const char *name, bool *is_list)
{
	struct image_scope *s = ctx;
	const struct image_kind *k = s->kind;

	*is_list = true;
	for (size_t i = k->names.n; i-- > 0;)
		if (strcmp(k->names.at[i].name, name) == 0)
			return plan_names_within(&s->scope, k->names.at[i].value, image_names);
	return NULL;
}

static const char *needed_stage(void *ctx, const char *name, bool *is_list)
{
	const struct image_scope *s = ctx;

	(void)is_list;
	return plan_needed_stage(s->scope.maker, &s->kind->needs, name);
}

static const struct image_use *used_image(const struct image_scope *s, const char *name)
{
	for (size_t i = 0; strncmp(name, "use.", 4) == 0 && i < s->kind->uses.n; i++)
		if (strcmp(s->kind->uses.at[i].name, name + 4) == 0)
			return &s->kind->uses.at[i];
	return NULL;
}

static const char *used_file(void *ctx, const char *name, bool *is_list)
{
	const struct image_use *use = used_image(ctx, name);

	(void)is_list;
	return use ? use->file : NULL;
}

static const char *used_in_key(void *ctx, const char *name, bool *is_list)
{
	(void)is_list;
	return used_image(ctx, name)->id;
}

static const char *unit_folder(void *ctx, const char *name, bool *is_list)
{
	const struct image_scope *s = ctx;

	(void)is_list;
	if (strcmp(name, "work") == 0)
		return s->work ? s->work : "";
	return strcmp(name, "out") != 0 ? NULL : s->out ? s->out : "";
}

/* Names that only a description knows; they come before all others. */
static const struct name_giver givers[] = {
	{KNOWN_NOW, own_name, NULL},
	{KNOWN_BY_KEY, needed_stage, NULL},	/* NAME.stage */
	{KNOWN_BY_KEY, used_file, used_in_key}, /* use.NAME */
	{KNOWN_BY_KEY, unit_folder, NULL},	/* work, out */
	{KNOWN_NOW, NULL, NULL},
};

static const char *image_names(void *ctx, const char *name, bool *is_list)
{
	struct image_scope *s = ctx;
	const char *value = plan_give(givers, &s->scope, name, is_list);

	return value ? value : plan_names(&s->scope, name, is_list);
}

static const char *image_names_in_key(void *ctx, const char *name, bool *is_list)
{
	struct image_scope *s = ctx;

	*is_list = false;
	return plan_give_in_key(givers, &s->scope, name);
}

/* The file's name, which may contain names, and the words of all lines. */
static bool expand_kind(struct image_kind *k, struct error *err)
{
	struct image_scope s = {.scope = {.maker = k->maker, .dated = true}, .kind = k};
	struct text out = TEXT_INIT;
	bool ok = expand(&out, k->file, image_names, &s, err);

	k->file = arena_str(k->maker->arena, out.s);
	text_release(&out);
	if (ok && expand_is_marked(k->file))
		return error_set(err, ERROR_PROFILE,
			"%s: the name of the file cannot have what is known only when it is written",
			k->format->file);
	for (size_t i = 0; ok && i < k->lines.n; i++) {
		struct image_line *l = &k->lines.at[i];

		ok = expand_words(&l->words, k->maker->arena, l->of->value, image_names, &s, err) ||
		     error_in(err, "%s:%d", l->of->file, l->of->line);
	}
	return ok;
}

/* The action of a line. */
static enum action_verb action_of(const struct image_line *l)
{
	return action_find(
		strcmp(l->of->key, "write") == 0 && l->words.n ? l->words.at[0] : l->of->key);
}

static bool print_line(
	const struct image_kind *k, const struct image_line *l, struct text *out, struct error *err)
{
	struct image_scope s = {.scope = {.maker = k->maker, .dated = true}, .kind = k};
	enum action_verb verb = action_of(l);

	if (verb == ACTION_VERBS && strcmp(l->of->key, "env") != 0 &&
		strcmp(l->of->key, "words") != 0)
		return error_set(err, ERROR_PROFILE, "%s:%d: there is no action '%s'", l->of->file,
			l->of->line, l->words.n ? l->words.at[0] : l->of->key);
	if (verb < ACTION_VERBS && verb != ACTION_run)
		text_fmt(out, "writer %d\n", action_facts(verb)->revision);
	text_str(out, l->of->key);
	for (size_t i = 0; i < l->words.n; i++) {
		text_char(out, ' ');
		expand_print(out, l->words.at[i], image_names_in_key, &s);
	}
	text_char(out, '\n');
	return true;
}

static bool print_hashes(const struct image_kind *k, struct text *out, struct error *err)
{
	char hex[HASH_HEX];

	for (size_t i = 0; i < k->hash.n; i++) {
		if (!hash_file(k->hash.at[i], hex, err))
			return error_set(err, ERROR_HOST,
				"image = %s needs %s of this machine, which is not there; `bootsmith doctor --install` installs it",
				k->format->name, k->hash.at[i]);
		text_fmt(out, "host %s %s\n", k->hash.at[i], hex);
	}
	return true;
}

static void print_needs(const struct image_kind *k, struct text *out)
{
	for (size_t i = 0; i < k->needs.n; i++) {
		const struct component *c = plan_component(k->maker, k->needs.at[i]);

		if (c)
			text_fmt(out, "needs %s %s\n", c->recipe->name, c->unit->key);
	}
}

/* A Latin-1 name in an overlay: its writer would refuse it, after all else was built. */
static bool check_names(const struct image_kind *k, const struct tree *t, struct error *err)
{
	struct text shown = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && format_has(k->format, FORMAT_UTF8) && i < t->entries.n; i++) {
		const struct tree_entry *e = &t->entries.at[i];

		if (is_utf8(e->path, strlen(e->path)))
			continue;
		printable(&shown, e->path, strlen(e->path));
		ok = error_set(err, ERROR_PROFILE,
			"the name %s (%s) is not UTF-8, and image = %s can hold no other; rename the file, or choose another format",
			shown.s, e->owner, k->format->name);
	}
	text_release(&shown);
	return ok;
}

/* Found here and not by the writer, after all else was built. */
static bool check_sizes(const struct image_kind *k, const struct tree *t, struct error *err)
{
	for (size_t i = 0; format_has(k->format, FORMAT_SMALL) && i < t->entries.n; i++)
		if (tree_file_bytes(&t->entries.at[i]) > UINT32_MAX)
			return error_set(err, ERROR_PROFILE,
				"%s (%s) is larger than 4 GiB, which image = %s cannot hold; choose another format, or root = disk",
				t->entries.at[i].path, t->entries.at[i].owner, k->format->name);
	return true;
}

static bool print_inputs(
	const struct image_kind *k, const struct tree *t, const char **inputs, struct error *err)
{
	struct text out = TEXT_INIT;
	bool ok = true;

	/* its file is looked up under this name, which may be the profile's */
	text_fmt(&out, "image %s\nfile %s\n", k->format->name, k->file);
	print_needs(k, &out);
	for (size_t i = 0; ok && i < k->lines.n; i++)
		ok = print_line(k, &k->lines.at[i], &out, err);
	plan_print_dated(k->maker, &out);
	ok = ok && check_sizes(k, t, err) && check_names(k, t, err) && print_hashes(k, &out, err) &&
	     tree_print(t, &out, err);
	*inputs = arena_str(k->maker->arena, out.s);
	text_release(&out);
	return ok;
}

static void image_needs(const struct image_kind *k, struct step *s)
{
	struct maker *m = k->maker;
	size_t tree = k->tree;

	/* what is listed comes from no stage */
	for (size_t i = 0; (k->stages || !k->only.n) && i < m->components.n; i++)
		if (plan_fills_tree(m, m->components.at[i], tree))
			plan_needs(m->plan, s, m->components.at[i]->last);
	if (tree == 0 && m->triggers)
		plan_needs(m->plan, s, m->triggers);
	for (size_t i = 0; i < k->needs.n; i++)
		if (plan_component(m, k->needs.at[i]))
			plan_needs(m->plan, s, plan_component(m, k->needs.at[i])->last);
	plan_needs_dates(m, s);
}

static bool add_line(const struct image_kind *k, const struct image_line *l,
	const struct plan_image *image, const char *out, struct strings *more, struct error *err)
{
	struct image_scope s = {.scope = {.maker = k->maker, .known = KNOWN_BY_KEY, .dated = true},
		.kind = k,
		.work = image->unit->work,
		.out = out};
	struct arena *a = k->maker->arena;
	struct strings words = {0}, args = {0};
	bool is_write = strcmp(l->of->key, "write") == 0;

	if (!expand_marked(&words, a, &l->words, image_names, &s, err))
		return error_in(err, "%s:%d", l->of->file, l->of->line);
	if (strcmp(l->of->key, "env") == 0) {
		for (size_t i = 0; i < words.n; i++)
			vec_push_in(a, &image->step->env, words.at[i]);
	} else if (strcmp(l->of->key, "words") == 0) {
		for (size_t i = 0; i < words.n; i++)
			vec_push_in(a, more, words.at[i]);
	} else {
		if (is_write)
			vec_push_in(a, &args, out);
		for (size_t i = is_write; i < words.n; i++)
			vec_push_in(a, &args, words.at[i]);
		for (size_t i = 0; i < more->n; i++)
			vec_push_in(a, &args, more->at[i]);
		more->n = 0;
		plan_action(k->maker->plan, image->step, action_of(l), &args);
	}
	return true;
}

static bool add_step(const struct image_kind *k, struct plan_image *image, struct error *err)
{
	struct maker *m = k->maker;
	const char *out = arena_fmt(m->arena, "%s/stage/%s", image->unit->work, k->file);
	struct strings more = {0};
	bool ok = true;

	image->file = k->file;
	image->step = plan_step(m->plan, image->unit,
		arena_fmt(m->arena, "%s.write", k->format->name), "write image");
	plan_environment(m, image->step, image->unit);
	for (size_t i = 0; ok && i < k->lines.n; i++)
		ok = add_line(k, &k->lines.at[i], image, out, &more, err);
	plan_publish(m->plan, image->step);
	image_needs(k, image->step);
	return ok;
}

static bool has_tools(const struct image_kind *k, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < k->tool.n; i++)
		ok = proc_find(k->tool.at[i], NULL, &path) ||
		     error_set(err, ERROR_HOST,
			     "image = %s needs %s, which is not installed; `bootsmith doctor --install` installs it",
			     k->format->name, k->tool.at[i]);
	text_release(&path);
	return ok;
}

/* ---- all images ---- */

static bool need_image(
	struct planner *p, const char *name, bool asked, int depth, size_t *at, struct error *err);

/* Images whose file is on this one's medium, or is used by its lines. */
static bool hold_images(struct planner *p, struct image_kind *k, struct tree *t, int depth,
	struct strings *names, struct error *err)
{
	struct arena *a = p->maker->arena;
	size_t at;

	if (k->hold.n % 3)
		return error_set(
			err, ERROR_PROFILE, "%s: 'hold' is written NAME -> PATH", k->format->file);
	for (size_t i = 0; i < k->hold.n + k->use.n; i += i < k->hold.n ? 3 : 1) {
		bool is_held = i < k->hold.n;
		const char *name = is_held ? k->hold.at[i] : k->use.at[i - k->hold.n];
		const struct plan_image *image;
		const char *file, *id;

		if (!need_image(p, name, false, depth + 1, &at, err))
			return false;
		image = &p->images->at[at];
		file = arena_fmt(a, "%s/%s", image->unit->result, image->file);
		id = arena_fmt(a, "image %s %s", name, image->unit->key);
		vec_push_in(a, names, name);
		if (is_held)
			tree_graft(t, &(struct tree_graft){.from = file,
					      .id = id,
					      .to = k->hold.at[i + 2],
					      .owner = arena_fmt(a, "image %s", name)});
		else
			vec_push_in(a, &k->uses, (struct image_use){name, file, id});
	}
	return true;
}

static void need_held(struct planner *p, struct step *s, const struct strings *names)
{
	for (size_t i = 0; i < names->n; i++)
		for (size_t k = 0; k < p->images->n; k++)
			if (strcmp(p->images->at[k].unit->name, names->at[i]) == 0)
				plan_needs(p->maker->plan, s, p->images->at[k].step);
}

static bool part_of(
	struct planner *p, const struct image_kind *k, struct tree **out, struct error *err)
{
	struct tree *part, *whole;

	if (!tree_of(p, k->tree, &whole, err))
		return false;
	*out = whole;
	if (!k->only.n)
		return true;
	part = arena_alloc(p->maker->arena, sizeof *part);
	*out = part;
	if (!k->stages)
		return tree_listed(whole, &k->only, part, err);
	tree_stages(whole, part);
	return true;
}

static bool add_image(struct planner *p, struct image_kind *k, bool asked, int depth, size_t *at,
	struct error *err)
{
	struct plan_image image = {.asked = asked};
	struct strings held = {0};
	struct tree *t = NULL;
	const char *inputs = NULL;
	bool ok = has_tools(k, err) && part_of(p, k, &t, err) &&
		  hold_images(p, k, t, depth, &held, err) && expand_kind(k, err) &&
		  print_inputs(k, t, &inputs, err);

	if (ok) {
		image.unit = plan_unit(p->maker->plan, k->format->name, "stage", inputs);
		image.unit->tree = t;
		ok = add_step(k, &image, err);
		need_held(p, image.step, &held);
		*at = p->images->n;
		vec_push_in(p->maker->arena, p->images, image);
	}
	return ok;
}

static bool need_image(
	struct planner *p, const char *name, bool asked, int depth, size_t *at, struct error *err)
{
	struct image_kind k;
	bool ok;

	for (*at = 0; *at < p->images->n; ++*at) {
		if (strcmp(p->images->at[*at].unit->name, name) != 0)
			continue;
		p->images->at[*at].asked |= asked;
		return true;
	}
	if (depth > DEEPEST_HOLD)
		return error_set(err, ERROR_PROFILE, "image %s lies in itself", name);
	ok = choose_kind(p->maker, name, &k, err) && add_image(p, &k, asked, depth, at, err);
	for (size_t i = 0, with; ok && i < k.with.n; i++)
		ok = need_image(p, k.with.at[i], asked, depth, &with, err);
	return ok;
}

bool plan_add_images(struct maker *m, struct plan_images *images, struct error *err)
{
	struct planner p = {.maker = m, .images = images};
	struct strings names = {0};
	bool ok = conf_words(profile_get(m->profile, FORMAT_CHOICE), m->arena, &names, err);

	for (size_t i = 0, at; ok && i < names.n; i++)
		ok = need_image(&p, names.at[i], true, 0, &at, err);
	return ok;
}
