/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains why a step runs again: compares the inputs of the profile's last finished build with today's, line by line. */
#include "plan/plan.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/vec.h"

#include <string.h>

#include "base/banned.h"

static void cut(const char *s, struct arena *a, struct strings *out)
{
	while (*s) {
		size_t len = strcspn(s, "\n");

		vec_push_in(a, out, arena_strn(a, s, len));
		s += len + (s[len] == '\n');
	}
}

static bool in(const struct strings *all, size_t from, const char *line, size_t *where)
{
	for (*where = from; *where < all->n; ++*where)
		if (strcmp(all->at[*where], line) == 0)
			return true;
	return false;
}

/* Both texts come from one template in the same order, so looking ahead for the next common line is enough. */
static void diff(const struct strings *old, const struct strings *new, struct text *out)
{
	size_t a = 0, b = 0, where;

	while (a < old->n || b < new->n) {
		if (a < old->n && b < new->n &&strcmp(old->at[a], new->at[b]) == 0) {
			a++;
			b++;
		} else if (a < old->n && !in(new, b, old->at[a], &where)) {
			text_fmt(out, "- %s\n", old->at[a++]);
		} else if (b < new->n) {
			text_fmt(out, "+ %s\n", new->at[b++]);
		} else {
			text_fmt(out, "- %s\n", old->at[a++]);
		}
	}
}

static void compare(const struct plan *p, const struct step *s, struct text *out)
{
	struct arena arena = ARENA_INIT;
	struct strings old_lines = {0}, new_lines = {0};
	struct text old = TEXT_INIT, path = TEXT_INIT, changes = TEXT_INIT;
	struct error ignored;

	text_fmt(&path, "%s/last/%s/%s.inputs", p->cache, p->profile, s->unit->name);
	if (!text_read_file(&old, path.s, 16 << 20, &ignored)) {
		text_fmt(out,
			"%s was never finished for this profile, so there is nothing to compare with.\n",
			s->unit->name);
	} else {
		cut(old.s, &arena, &old_lines);
		cut(s->unit->inputs, &arena, &new_lines);
		diff(&old_lines, &new_lines, &changes);
		if (changes.len)
			text_fmt(out,
				"Since the last finished build its inputs changed (- then, + now):\n"
				"%s",
				changes.s);
		else
			text_str(out, "Its inputs are those of the last finished build.\n");
	}
	text_release(&changes);
	text_release(&old);
	text_release(&path);
	arena_release(&arena);
}

bool plan_why(const struct plan *p, const char *step_id, struct text *out, struct error *err)
{
	const struct step *s = plan_find(p, step_id);
	struct strings names = {0};
	const char *near;

	if (!s) {
		for (size_t i = 0; i < p->steps.n; i++)
			vec_push(&names, p->steps.at[i]->id);
		near = conf_nearest(step_id, names.at, names.n);
		error_set(err, ERROR_USAGE,
			"the plan has no step '%.80s'%s%s%s; 'bootsmith plan' lists them", step_id,
			near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
		vec_release(&names);
		return false;
	}
	text_fmt(out, "%s %s: %s.\n", s->id, s->cached ? "will not run" : "will run", s->why);
	compare(p, s, out);
	return true;
}
