/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plans what runs once over the finished system: one unit between the stages and the images. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "choice/trigger.h"
#include "plan/action_facts.h"
#include "plan/plan_steps.h"
#include "proc/proc.h"
#include "tree/tree.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const char unit_name[] = "triggers", all[] = "yes", none[] = "no";

static bool matches(const struct strings *patterns, const char *path)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (fnmatch(patterns->at[i], path, FNM_LEADING_DIR) == 0)
			return true;
	return false;
}

static const struct trigger *find(const struct triggers *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->at[i].name, name) == 0)
			return &list->at[i];
	return NULL;
}

/* What recipes say: the names of triggers, or "yes". */
static bool collect_names(
	struct maker *m, const struct triggers *list, struct strings *out, struct error *err)
{
	for (size_t i = 0; i < m->components.n; i++) {
		const struct component *c = m->components.at[i];
		const char *value = c->recipe->host ? NULL : plan_value(m, c, unit_name);
		size_t first = out->n;

		if (!value || strcmp(value, none) == 0)
			continue;
		if (!conf_words(value, m->arena, out, err))
			return error_in(err, "%s", c->recipe->file);
		for (size_t k = first; k < out->n; k++)
			if (strcmp(out->at[k], all) != 0 && !find(list, out->at[k]))
				return error_set(err, ERROR_PROFILE,
					"%s: there is no trigger '%.40s' in share/triggers",
					c->recipe->file, out->at[k]);
	}
	return true;
}

/* A listed file, such as one of an overlay, is known already. */
static bool is_listed(const struct trigger *t, const struct tree *tree)
{
	for (size_t i = 0; i < tree->entries.n; i++)
		if (tree->entries.at[i].kind == TREE_FILE &&
			matches(&t->below, tree->entries.at[i].path))
			return true;
	return false;
}

static bool may_run(const struct maker *m, const struct trigger *t, const struct strings *names,
	const struct tree *tree)
{
	bool said = false;

	for (size_t i = 0; i < names->n; i++)
		said = said || strcmp(names->at[i], all) == 0 || strcmp(names->at[i], t->name) == 0;
	return guard_holds(&t->when, profile_lookup, m->profile) && (said || is_listed(t, tree));
}

/* The stages, and of the listed entries those that it looks at; what is not among these changes nothing. */
static struct tree *part_of(struct maker *m, const struct tree *t, const struct triggers *list)
{
	struct tree *part = arena_alloc(m->arena, sizeof *part);

	tree_stages(t, part);
	for (size_t i = 0; i < t->entries.n; i++) {
		const struct tree_entry *e = &t->entries.at[i];
		bool is = e->wins;

		for (size_t k = 0; !is && k < list->n; k++)
			is = matches(&list->at[k].below, e->path) ||
			     matches(&list->at[k].reads, e->path) ||
			     matches(&list->at[k].makes, e->path);
		if (is)
			vec_push_in(m->arena, &part->entries, *e);
	}
	return part;
}

static void add_words(
	struct maker *m, struct strings *args, const char *mark, const struct strings *words)
{
	if (words->n)
		vec_push_in(m->arena, args, mark);
	for (size_t i = 0; i < words->n; i++)
		vec_push_in(m->arena, args, words->at[i]);
}

/* The tool's path, or its name if it is not installed: whether it is needed is known only when the packages are there. Tools for
 * administrators lie where people's PATH does not lead. */
static const char *tool_of(struct maker *m, const struct trigger *t)
{
	const char *own = getenv("PATH");
	const char *env[] = {
		arena_fmt(m->arena, "PATH=%s%s/usr/sbin:/sbin", own ? own : "", own ? ":" : ""),
		NULL};
	struct text path = TEXT_INIT;
	const char *found = proc_find(t->tool, env, &path) ? arena_str(m->arena, path.s) : t->tool;

	text_release(&path);
	return found;
}

/* The words behind the folders and the tool: they are in the key, too. */
static bool trigger_words(
	struct maker *m, const struct trigger *t, struct strings *args, struct error *err)
{
	vec_push_in(m->arena, args, t->each ? t->each : "-");
	add_words(m, args, ":below", &t->below);
	add_words(m, args, ":reads", &t->reads);
	add_words(m, args, ":makes", &t->makes);
	for (size_t i = 0; i < t->run.n; i++) {
		struct strings words = {0};

		if (!conf_words(t->run.at[i], m->arena, &words, err))
			return error_in(err, "%s", t->file);
		add_words(m, args, ":run", &words);
	}
	return true;
}

static bool print(struct maker *m, const struct trigger *t, struct text *out, struct error *err)
{
	struct strings words = {0};
	const char *tool = tool_of(m, t);
	char hex[HASH_HEX] = "none";
	bool ok = trigger_words(m, t, &words, err);

	if (ok && *tool == '/')
		ok = hash_file(tool, hex, err);
	text_fmt(out, "trigger %s %d %s\n", t->name, action_facts(ACTION_trigger)->revision, hex);
	for (size_t i = 0; i < words.n; i++)
		text_fmt(out, "%s%s", i ? " " : "  ", words.at[i]);
	text_char(out, '\n');
	return ok;
}

static bool add_actions(
	struct maker *m, const struct triggers *list, struct step *s, struct error *err)
{
	for (size_t i = 0; i < list->n; i++) {
		struct strings args = {0};

		vec_push_in(m->arena, &args,
			arena_fmt(m->arena, "%s/%s", s->unit->work, list->at[i].name));
		vec_push_in(m->arena, &args, arena_fmt(m->arena, "%s/stage/root", s->unit->work));
		vec_push_in(m->arena, &args, tool_of(m, &list->at[i]));
		if (!trigger_words(m, &list->at[i], &args, err))
			return false;
		plan_action(m->plan, s, ACTION_trigger, &args);
	}
	return true;
}

static bool add_step(struct maker *m, const struct triggers *list, const char *inputs,
	struct tree *part, struct tree *t, struct error *err)
{
	struct unit *u = plan_unit(m->plan, unit_name, "stage", inputs);
	struct step *s = plan_step(m->plan, u, "triggers.run", "run triggers");

	u->tree = part;
	plan_environment(m, s, u);
	if (!add_actions(m, list, s, err))
		return false;
	plan_publish(m->plan, s);
	for (size_t i = 0; i < m->components.n; i++)
		if (plan_fills_tree(m, m->components.at[i], 0))
			plan_needs(m->plan, s, m->components.at[i]->last);
	m->triggers = s;
	tree_graft(t, &(struct tree_graft){.from = arena_fmt(m->arena, "%s/root", u->result),
			      .id = arena_fmt(m->arena, "%s %s root", unit_name, u->key),
			      .to = "/",
			      .owner = "share/triggers",
			      .made = true});
	return true;
}

bool plan_add_triggers(struct maker *m, struct tree *t, struct error *err)
{
	struct triggers known, list = {0};
	struct strings names = {0};
	struct text inputs = TEXT_INIT;
	struct tree *part;
	bool ok = triggers_load(&known, m->profile->catalog, m->arena, err) &&
		  collect_names(m, &known, &names, err);

	for (size_t i = 0; ok && i < known.n; i++)
		if (may_run(m, &known.at[i], &names, t))
			vec_push_in(m->arena, &list, known.at[i]);
	if (ok && list.n) {
		part = part_of(m, t, &list);
		for (size_t i = 0; ok && i < list.n; i++)
			ok = print(m, &list.at[i], &inputs, err);
		ok = ok && tree_print(part, &inputs, err) &&
		     add_step(m, &list, arena_str(m->arena, inputs.s), part, t, err);
	}
	text_release(&inputs);
	return ok;
}
