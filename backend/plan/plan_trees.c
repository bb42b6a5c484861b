/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Collects the trees that images hold, merged from the components' stages and the lists of files.
 *
 * There are five trees: `root` is the system, `early` the small one that finds, checks and mounts a root on a disk, `medium` what
 * a boot loader reads, `home` the content of /home if that is a separate file system, `efi` the parts of a program that firmware
 * starts. Every list of files (share/rootfs) and every recipe says what goes into which; share/images/NAME.image says which of
 * them an image holds.
 */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/text.h"
#include "choice/profile.h"
#include "tree/overlay.h"
#include "tree/owners.h"
#include "tree/rootfs.h"
#include "tree/tree.h"

#include <string.h>

#include "base/banned.h"

const struct plan_tree plan_trees[PLAN_TREES] = {{"root", "rootfs", true}, {"early", "early", true},
	{"medium", "medium", false}, {"home", "home", false}, {"data", "data", false},
	{"efi", "efi", false}};

struct grafter {
	struct maker *maker;
	struct tree *tree;
	const struct tree_rules *rules; /* of the component */
	bool whole;			/* all of its stage goes into the tree */
};

static bool add_graft(
	void *ctx, const struct component *c, const char *from, const char *to, struct error *err)
{
	struct grafter *g = ctx;
	struct arena *a = g->maker->arena;
	bool whole = strcmp(from, ".") == 0;

	(void)err;
	g->whole = g->whole || whole;
	/* one path for one file, so that a tree sees when it is brought twice */
	tree_graft(g->tree,
		&(struct tree_graft){.from = whole ? c->unit->result
						   : arena_fmt(a, "%s/%s", c->unit->result, from),
			.id = arena_fmt(a, "%s %s %s", c->recipe->name, c->unit->key, from),
			.to = to,
			.owner = arena_fmt(a, "recipe %s", c->recipe->name),
			.rules = g->rules});
	return true;
}

/* For recipes that choose folders; nothing is added if the option does not bring that part. */
static bool add_licences(struct grafter *g, const struct component *c, struct error *err)
{
	const char *folder = arena_fmt(g->maker->arena, "usr/share/licenses/%s", c->recipe->name);
	const char *wish = profile_get(g->maker->profile, "licences");

	if (g->whole || c->recipe->host || !c->licences.n || strcmp(wish, "yes") != 0)
		return true;
	return add_graft(g, c, folder, arena_fmt(g->maker->arena, "/%s", folder), err);
}

bool plan_fills_tree(const struct maker *m, const struct component *c, size_t which)
{
	bool licences = c->licences.n && strcmp(profile_get(m->profile, "licences"), "yes") == 0;

	return plan_value(m, c, plan_trees[which].key) ||
	       (plan_trees[which].runs && plan_value(m, c, "libraries")) ||
	       (which == 0 && !c->recipe->host &&
		       (licences || (c->member->for_itself && plan_value(m, c, "system"))));
}

/* `fills` of a recipe: folders of the system in which it certainly has files, so that this is known before it is built. */
static bool check_folders(struct maker *m, const struct tree *t, struct error *err)
{
	bool ok = overlay_leaves_all(t, err);

	for (size_t i = 0; ok && i < m->components.n; i++) {
		const struct component *c = m->components.at[i];
		const char *value = plan_value(m, c, "fills");
		struct strings folders = {0};

		ok = conf_words(value ? value : "", m->arena, &folders, err);
		for (size_t k = 0; ok && k < folders.n; k++)
			ok = overlay_leaves(t, folders.at[k],
				arena_fmt(m->arena, "recipe %s", c->recipe->name), err);
	}
	return ok;
}

/* The overlay belongs to the system itself, not to the trees that start it. */
static bool add_overlay(struct maker *m, struct tree *t, struct error *err)
{
	const char *overlay = profile_get(m->profile, "overlay");
	const char *owners = profile_get(m->profile, "overlay-owners");

	struct text lines = TEXT_INIT;

	if (!*overlay)
		return true;
	if (!overlay_collect(t, profile_file(m->profile, m->arena, overlay), err) ||
		!check_folders(m, t, err))
		return false;
	owners_give_homes(t, &m->accounts);
	if (*owners &&
		!owners_apply(t, profile_file(m->profile, m->arena, owners), &m->accounts, err))
		return false;
	overlay_say(t, strcmp(profile_get(m->profile, "home-size"), "none") != 0 ? "/home" : NULL,
		&lines);
	m->replaced.n = 0;
	overlay_replaced(t, m->arena, &m->replaced);
	for (char *s = lines.s, *line; m->options->note && (line = strsep(&s, "\n"));)
		if (*line)
			m->options->note(m->options->note_ctx, line);
	text_release(&lines);
	return true;
}

bool plan_collect_tree(struct maker *m, size_t which, struct tree *t, struct error *err)
{
	struct scope scope = {.maker = m};
	struct grafter g = {.maker = m, .tree = t};

	if (!rootfs_collect(t, plan_trees[which].name, m->profile, plan_names, &scope, err))
		return false;
	for (size_t i = 0; i < m->components.n; i++) {
		const struct component *c = m->components.at[i];

		g.rules = NULL;
		g.whole = false;
		if (plan_trees[which].runs &&
			!(g.rules = plan_rules(m, c, which == 0 && c->member->for_itself, err)))
			return false;
		if (!plan_each_pair(m, c, plan_trees[which].key, add_graft, &g, err) ||
			(which == 0 && c->member->for_itself &&
				!plan_each_pair(m, c, "system", add_graft, &g, err)))
			return false;
		if (which == 0 && !add_licences(&g, c, err))
			return false;
	}
	return (!plan_trees[which].runs || plan_add_libraries(m, t, err)) &&
	       (which != 0 || add_overlay(m, t, err));
}
