/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects what a step may see from the plan. */
#include "step/confine.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/jail_enter.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

bool confine_is_on(const struct action_context *c)
{
	return c->power && (c->power->spaces || c->power->landlock);
}

const char *confine_search(const struct step *s)
{
	const char *const name = "PATH";
	size_t len = strlen(name);
	const char *value = NULL;

	for (size_t i = 0; i < s->env.n; i++)
		if (strncmp(s->env.at[i], name, len) == 0 && s->env.at[i][len] == '=')
			value = s->env.at[i] + len + 1;
	return value;
}

/* Steps in the order in which they were found; a step is found once. */
static void add_needs(struct steps *found, const struct step *s, struct arena *a)
{
	for (size_t i = 0; i < s->needs.n; i++) {
		size_t k = 0;

		while (k < found->n && found->at[k] != s->needs.at[i])
			k++;
		if (k == found->n)
			vec_push_in(a, found, s->needs.at[i]);
	}
}

bool confine_view(
	const struct action_context *c, struct jail *j, struct arena *a, struct error *err)
{
	const struct step *s = c->step;
	struct steps found = {0};

	if (!s->unit->work)
		return error_set(err, ERROR_INTERNAL,
			"%s runs a program but has no work folder to confine it to", s->id);
	if (!jail_open(j, c->power, c->place, confine_search(s), a, err))
		return false;
	jail_add(j, a, JAIL_WRITE, s->unit->work);
	jail_add(j, a, JAIL_COVER, c->place->cache);
	jail_add(j, a, JAIL_COVER, place_path(a, NULL, "~/"));
	add_needs(&found, s, a);
	for (size_t i = 0; i < found.n; i++) {
		const struct unit *u = found.at[i]->unit;

		add_needs(&found, found.at[i], a);
		if (u != s->unit && u->result)
			jail_add(j, a, JAIL_READ, u->result);
	}
	for (size_t i = 0; i < c->plan->sandbox.read.n; i++)
		jail_add(j, a, JAIL_READ, c->plan->sandbox.read.at[i]);
	for (size_t i = 0; i < c->plan->sandbox.write.n; i++)
		jail_add(j, a, JAIL_WRITE, c->plan->sandbox.write.at[i]);
	jail_sort(j);
	return true;
}

bool confine_temporary(
	const struct action_context *c, const char **folder, struct arena *a, struct error *err)
{
	*folder = arena_fmt(a, "%s/.tmp", c->step->unit->work);
	return confine_check(c, *folder, err) && place_make_folder(*folder, err);
}

/* Follows the links of a path as far as there are any. */
static bool stays(const char *path, const char *work, const char *real_work)
{
	struct text at = TEXT_INIT;
	char real[PATH_MAX];
	struct stat st;
	bool inside = true;

	for (const char *end = path + strlen(work); inside && *end;) {
		end++;
		end += strcspn(end, "/");
		text_clear(&at);
		text_add(&at, path, (size_t)(end - path));
		if (lstat(at.s, &st) == 0 && S_ISLNK(st.st_mode))
			inside = realpath(at.s, real) && place_within(real, real_work);
	}
	text_release(&at);
	return inside;
}

bool confine_check(const struct action_context *c, const char *path, struct error *err)
{
	const char *work = c->step && c->step->unit ? c->step->unit->work : NULL;
	char real[PATH_MAX];

	if (!work || !place_within(path, work) || !realpath(work, real) || stays(path, work, real))
		return true;
	return error_set(err, ERROR_STEP,
		"%s leads out of the step's own folder, by a link that a program of the step made; the recipe must use what the link leads to, or make a copy",
		path);
}
