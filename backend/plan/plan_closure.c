/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which recipes take part, and in which order: those that are wanted, and the closure of what they need. All that is said here is
 * known from the recipes and the choices, before anything is asked of the network.
 *
 * Depth first, wanted recipes by name and needs as they are written, so what is needed comes first and the order is always the
 * same. What must only be there at run time is looked at last, because it may need in turn what it is needed by.
 */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "choice/recipe.h"

#include <string.h>

#include "base/banned.h"

static const char cannot[] = "cannot";

enum need_kind { NEED_STAGE, NEED_TOOL, NEED_RUN, NEED_LIBC };
static const struct {
	const char *key;
	bool host; /* these are for this machine, whatever they are needed by */
} kinds[] = {
	[NEED_STAGE] = {"needs", false},
	[NEED_TOOL] = {"tools", true},
	[NEED_RUN] = {"run-time", false},
	[NEED_LIBC] = {"libc", false},
};

struct need {
	enum need_kind kind;
	const struct recipe *recipe;
	int line; /* of the recipe that has it; 0: its style says so */
};
struct needs {
	struct need *at;
	size_t n, cap;
};

/* A recipe, and how it was come to. */
struct stop {
	const struct recipe *recipe;
	int line; /* of the need in the recipe before */
};

/* For its own sake: by the choices, or because something must find it there. */
struct root {
	const struct recipe *recipe;
	const char *why; /* NULL: its own condition */
};

struct closer {
	struct maker *maker;
	struct error *err;
	VEC(struct root) roots;
	VEC(struct stop) path;
	const char *why; /* of the root that the path begins with */
};

static const char *where(const struct closer *c, const struct recipe *r, int line)
{
	return line ? arena_fmt(c->maker->arena, "%s:%d", r->file, line) : r->file;
}

/* "packages: " or the like, then "'a' needs 'b' (FILE:LINE), 'b' needs 'c' (FILE:LINE)", from one stop of the path on. */
static void say_path(const struct closer *c, size_t from, struct text *out)
{
	for (size_t i = from; i + 1 < c->path.n; i++) {
		const struct recipe *r = c->path.at[i].recipe;

		text_fmt(out, "%s'%s' needs '%s' (%s)", i > from ? ", " : "", r->name,
			c->path.at[i + 1].recipe->name, where(c, r, c->path.at[i + 1].line));
	}
}

static bool circle(const struct closer *c, size_t from)
{
	struct text way = TEXT_INIT;

	say_path(c, from, &way);
	error_set(c->err, ERROR_PROFILE,
		"%s: recipes need each other in a circle: %s; none of them can be built first, so one of these needs must go",
		where(c, c->path.at[from].recipe, c->path.at[from + 1].line), way.s);
	text_release(&way);
	return false;
}

static bool unknown(const struct closer *c, const struct recipe *r, int line, const char *name)
{
	const struct catalog *all = c->maker->profile->catalog;
	struct strings names = {0};
	const char *near;

	for (size_t i = 0; i < all->recipes_by_name.n; i++)
		vec_push_in(c->maker->arena, &names, all->recipes_by_name.at[i]->name);
	near = conf_nearest(name, names.at, names.n);
	return error_set(c->err, ERROR_PROFILE,
		"%s: there is no recipe '%s', which '%s' needs%s%s%s", where(c, r, line), name,
		r->name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* Programs of this machine are not linked with libraries for the other, nor can those of the other be tools here. */
static bool wrong_side(
	const struct closer *c, const struct recipe *r, int line, const struct recipe *needed)
{
	if (needed->host)
		return error_set(c->err, ERROR_PROFILE,
			"%s: '%s' is compiled for this machine (host = yes), so '%s' cannot have it in its system; write tools = %s",
			where(c, r, line), needed->name, r->name, needed->name);
	return error_set(c->err, ERROR_PROFILE,
		"%s: '%s' is compiled for the system, but '%s' needs it on this machine; a recipe for that says host = yes",
		where(c, r, line), needed->name, r->name);
}

static bool is_chosen(const struct closer *c, const struct recipe *r)
{
	for (size_t i = 0; i < c->roots.n; i++)
		if (c->roots.at[i].recipe == r)
			return true;
	return false;
}

/* Of those that provide the name: the one that is chosen, else the first, by the order of their files; NULL: none does. */
static const struct recipe *provider(
	const struct closer *c, const struct recipe *r, bool host, const char *name)
{
	const struct catalog *all = c->maker->profile->catalog;
	const struct plan_options *o = c->maker->options;
	const struct recipe *first = NULL, *second = NULL;

	for (size_t i = 0; i < all->recipes.n; i++) {
		const struct recipe *p = all->recipes.at[i];

		if (p == r || p->host != host || !recipe_provides(p, name))
			continue;
		if (is_chosen(c, p))
			return p;
		second = second ? second : first ? p : NULL;
		first = first ? first : p;
	}
	if (second && o->note)
		o->note(o->note_ctx,
			arena_fmt(c->maker->arena,
				"'%s' needs '%s': '%s' comes with it, as the first that provides it; packages = %s takes another",
				r->name, name, first->name, second->name));
	return first;
}

static bool add_need(struct closer *c, struct needs *out, const struct recipe *r,
	enum need_kind kind, int line, const char *name)
{
	const struct recipe *needed = recipe_find(c->maker->profile->catalog, name);

	if (!needed && kind != NEED_LIBC)
		needed = provider(c, r, r->host || kinds[kind].host, name);
	if (!needed)
		return kind == NEED_LIBC || unknown(c, r, line, name);
	if (needed->host != (r->host || kinds[kind].host))
		return wrong_side(c, r, line, needed);
	if (recipe_is_given(needed, profile_lookup, c->maker->profile))
		return true;
	for (size_t i = 0; i < out->n; i++)
		if (out->at[i].recipe == needed && (out->at[i].kind == kind || kind == NEED_LIBC))
			return true;
	vec_push_in(c->maker->arena, out, (struct need){kind, needed, line});
	return true;
}

static bool add_needs(struct closer *c, struct needs *out, const struct recipe *r,
	enum need_kind kind, const struct recipe_value *v)
{
	struct strings names = {0};
	bool ok;

	if (strcmp(v->key, kinds[kind].key) != 0 ||
		!guard_holds(&v->guard, profile_lookup, c->maker->profile))
		return true;
	if (!conf_words(v->value, c->maker->arena, &names, c->err))
		return error_in(c->err, "%s:%d", r->file, v->line);
	ok = true;
	for (size_t i = 0; ok && i < names.n; i++)
		ok = add_need(c, out, r, kind, v->line, names.at[i]);
	return ok;
}

/* libc = yes or no, of the recipe or else of its style. */
static const char *libc_word(const struct closer *c, const struct recipe *r, int *line)
{
	const struct style *style = style_find(c->maker->profile->catalog, r->style);
	const char *word = NULL;

	*line = 0;
	for (size_t i = 0; style && i < style->defaults.n; i++)
		if (strcmp(style->defaults.at[i].key, kinds[NEED_LIBC].key) == 0)
			word = style->defaults.at[i].value;
	for (size_t i = 0; i < r->values.n; i++) {
		if (strcmp(r->values.at[i].key, kinds[NEED_LIBC].key) != 0 ||
			!guard_holds(&r->values.at[i].guard, profile_lookup, c->maker->profile))
			continue;
		word = r->values.at[i].value;
		*line = r->values.at[i].line;
	}
	return word;
}

static bool find_libc(struct closer *c, const struct recipe *r, struct needs *out)
{
	int line;
	const char *word = libc_word(c, r, &line);
	struct member *m = &c->maker->members[r->index];

	if (!word || strcmp(word, "no") == 0)
		return true;
	if (strcmp(word, "yes") != 0)
		return error_set(c->err, ERROR_PROFILE, "%s: 'libc' is yes or no, not '%s'",
			where(c, r, line), word);
	m->has_libc = !r->host;
	return r->host || add_need(c, out, r, NEED_LIBC, line,
				  profile_get(c->maker->profile, kinds[NEED_LIBC].key));
}

/* As they are written, the C library last. */
static bool find_needs(struct closer *c, const struct recipe *r, struct needs *out)
{
	bool ok = true;

	for (size_t i = 0; ok && i < r->values.n; i++)
		for (size_t k = 0; ok && k < NEED_LIBC; k++)
			ok = add_needs(c, out, r, (enum need_kind)k, &r->values.at[i]);
	return ok && find_libc(c, r, out);
}

/* `place` is where the reason stands. */
static bool refuse(
	const struct closer *c, const struct recipe *r, const char *why, const char *place)
{
	struct text way = TEXT_INIT;
	char *reason = arena_str(c->maker->arena, why);

	say_path(c, 0, &way);
	for (char *end; (end = strchr(reason, '\n'));)
		*end = ' ';
	error_set(c->err, ERROR_PROFILE, "%s%s%s'%s' cannot be had with these choices: %s (%s)",
		c->why ? c->why : "", way.s, way.len ? ", and " : "", r->name, reason, place);
	text_release(&way);
	return false;
}

static bool check_choices(const struct closer *c, const struct recipe *r)
{
	const struct profile *p = c->maker->profile;
	const struct style *style = style_find(p->catalog, r->style);

	for (size_t i = 0; i < r->values.n; i++) {
		const struct recipe_value *v = &r->values.at[i];

		/* what is given is only come to here by a person who asks for it */
		if ((strcmp(v->key, cannot) == 0 || strcmp(v->key, "given") == 0) &&
			guard_holds(&v->guard, profile_lookup, p))
			return refuse(c, r, v->value, where(c, r, v->line));
	}
	for (size_t i = 0; style && i < style->defaults.n; i++) {
		const struct style_line *v = &style->defaults.at[i];

		if (strcmp(v->key, cannot) == 0 && guard_holds(&v->guard, profile_lookup, p))
			return refuse(c, r, v->value,
				arena_fmt(c->maker->arena, "%s:%d", v->file, v->line));
	}
	return true;
}

static bool visit(struct closer *c, const struct recipe *r, int line);

static bool visit_needs(struct closer *c, const struct recipe *r, const struct needs *needs)
{
	struct member *m = &c->maker->members[r->index];

	for (size_t i = 0; i < needs->n; i++) {
		const struct need *n = &needs->at[i];

		if (n->kind == NEED_RUN) {
			vec_push_in(c->maker->arena, &c->roots,
				(struct root){n->recipe,
					arena_fmt(c->maker->arena,
						"'%s' needs '%s' when it runs (%s), and ", r->name,
						n->recipe->name, where(c, r, n->line))});
			continue;
		}
		vec_push_in(c->maker->arena, n->kind == NEED_TOOL ? &m->tools : &m->needs,
			n->recipe->name);
		if (!visit(c, n->recipe, n->line))
			return false;
	}
	return true;
}

static bool visit(struct closer *c, const struct recipe *r, int line)
{
	struct member *m = &c->maker->members[r->index];
	struct needs needs = {0};
	size_t from = 0;

	if (m->takes_part)
		return true;
	vec_push_in(c->maker->arena, &c->path, (struct stop){r, line});
	if (m->is_on_path) {
		while (c->path.at[from].recipe != r)
			from++;
		return circle(c, from);
	}
	m->is_on_path = true;
	if (!check_choices(c, r) || !find_needs(c, r, &needs) || !visit_needs(c, r, &needs))
		return false;
	m->is_on_path = false;
	m->takes_part = true;
	vec_push_in(c->maker->arena, &c->maker->order, r);
	c->path.n--;
	return true;
}

static bool find_roots(struct closer *c)
{
	const struct profile *p = c->maker->profile;
	const struct catalog *all = p->catalog;
	struct strings names = {0};

	for (size_t i = 0; i < all->recipes.n; i++)
		if (recipe_wants(all->recipes.at[i], profile_lookup, p))
			vec_push_in(c->maker->arena, &c->roots,
				(struct root){all->recipes.at[i], NULL});
	if (!conf_words(profile_get(p, "packages"), c->maker->arena, &names, c->err))
		return false;
	for (size_t i = 0; i < names.n; i++) {
		const struct recipe *r = recipe_find(all, names.at[i]);

		if (r)
			vec_push_in(c->maker->arena, &c->roots, (struct root){r, "packages: "});
	}
	return true;
}

bool plan_close(struct maker *m, struct error *err)
{
	struct closer c = {.maker = m, .err = err};

	m->members =
		arena_alloc(m->arena, (m->profile->catalog->recipes.n + 1) * sizeof *m->members);
	if (!find_roots(&c))
		return false;
	for (size_t i = 0; i < c.roots.n; i++) { /* grows by what is needed at run time */
		const struct recipe *r = c.roots.at[i].recipe;

		c.why = c.roots.at[i].why;
		m->members[r->index].for_itself = true;
		if (!visit(&c, r, 0))
			return false;
	}
	return plan_check_conflicts(m, err);
}
