/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds where the system's shared libraries come from: folders of the stages that recipes name (libraries = DIR -> TO), and
 * folders of this machine's compiler with the files that share/host/toolchain lists as `shared`. See tree_libraries.c.
 */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "plan/toolchain.h"
#include "tree/tree.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct collector {
	struct maker *maker;
	struct tree *tree;
	struct strings shared; /* file names */
};

static bool take_shared(void *ctx, const struct conf_line *line, struct error *err)
{
	struct collector *c = ctx;

	if (!line->key || strcmp(line->key, "shared") != 0 ||
		!guard_holds(line->guard, profile_lookup, c->maker->profile))
		return true;
	return conf_words(line->value, c->maker->arena, &c->shared, err);
}

/* The folder keeps its name in the system, because that is where the host's loader looks. */
static bool add_host_file(
	struct collector *c, const struct strings *flags, const char *name, struct error *err)
{
	struct arena *a = c->maker->arena;
	const char *path, *folder;
	char real[PATH_MAX], hex[HASH_HEX];

	if (!toolchain_file(c->maker->place, flags, name, a, &path, err))
		return false;
	if (!path)
		return true;
	folder = arena_strn(a, path, (size_t)(strrchr(path, '/') - path));
	if (!realpath(folder, real))
		return error_errno(err, "%s cannot be found", folder);
	if (!hash_file(path, hex, err))
		return false;
	folder = arena_str(a, real);
	vec_push_in(a, &c->tree->libraries,
		(struct tree_libraries){.from = folder,
			.root = "",
			.to = folder,
			.id = arena_fmt(a, "host %s %s", name, hex)});
	return true;
}

static bool add_host(struct collector *c, struct error *err)
{
	struct scope scope = {.maker = c->maker};
	struct strings flags = {0};
	struct text path = TEXT_INIT;
	bool list, ok = true;

	if (plan_names(&scope, "arch.cc-flags", &list))
		ok = conf_words(
			plan_names(&scope, "arch.cc-flags", &list), c->maker->arena, &flags, err);
	if (ok && place_find(c->maker->place, "share/host/toolchain", &path))
		ok = conf_read_guarded(path.s, &c->maker->profile->catalog->traits, c->maker->arena,
			take_shared, c, err);
	for (size_t i = 0; ok && i < c->shared.n; i++)
		ok = add_host_file(c, &flags, c->shared.at[i], err);
	text_release(&path);
	return ok;
}

static bool add_stage(
	void *ctx, const struct component *c, const char *from, const char *to, struct error *err)
{
	struct collector *l = ctx;
	struct arena *a = l->maker->arena;

	(void)err;
	vec_push_in(a, &l->tree->libraries,
		(struct tree_libraries){.from = arena_fmt(a, "%s/%s", c->unit->result, from),
			.root = c->unit->result,
			.to = to,
			.id = arena_fmt(a, "%s %s %s", c->recipe->name, c->unit->key, from)});
	return true;
}

bool plan_add_libraries(struct maker *m, struct tree *t, struct error *err)
{
	struct collector c = {.maker = m, .tree = t};
	bool ok = add_host(&c, err);

	for (size_t i = 0; ok && i < m->components.n; i++)
		ok = plan_each_pair(m, m->components.at[i], "libraries", add_stage, &c, err);
	return ok;
}
