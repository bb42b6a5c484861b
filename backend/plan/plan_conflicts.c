/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What cannot be in one system: `conflicts = NAME` of a recipe, where NAME is another recipe or what others provide. A recipe
 * that provides and conflicts with the same name is the only one of that kind in its system.
 */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "choice/recipe.h"

#include <string.h>

#include "base/banned.h"

static bool has(const struct strings *words, const char *word)
{
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->at[i], word) == 0)
			return true;
	return false;
}

/* Why it is in the system, which is what a person can change. */
static void say_why(const struct maker *m, const struct recipe *r, struct text *out)
{
	struct strings names = {0};
	struct error ignored;

	text_fmt(out, "; '%s' is there because ", r->name);
	if (conf_words(profile_get(m->profile, "packages"), m->arena, &names, &ignored) &&
		has(&names, r->name)) {
		text_str(out, "packages has it");
		return;
	}
	for (size_t i = 0; i < r->when.n; i++)
		if (guard_holds(&r->when.at[i], profile_lookup, m->profile)) {
			text_str(out, "of ");
			guard_print(&r->when.at[i], out);
			return;
		}
	for (size_t i = 0; i < m->order.n; i++)
		if (has(&m->members[m->order.at[i]->index].needs, r->name)) {
			text_fmt(out, "'%s' needs it", m->order.at[i]->name);
			return;
		}
	text_str(out, "of what is needed at run time");
}

static bool refuse(const struct maker *m, const struct recipe *r, const struct recipe *other,
	const char *name, int line, struct error *err)
{
	struct text why = TEXT_INIT;

	say_why(m, r, &why);
	say_why(m, other, &why);
	error_set(err, ERROR_PROFILE,
		"%s:%d: '%s' and '%s' cannot be in one system: '%s' conflicts with '%s'%s%s%s%s; take one of the two out",
		r->file, line, r->name, other->name, r->name, name,
		strcmp(name, other->name) == 0 ? "" : ", which '",
		strcmp(name, other->name) == 0 ? "" : other->name,
		strcmp(name, other->name) == 0 ? "" : "' provides", why.s);
	text_release(&why);
	return false;
}

static bool check_name(const struct maker *m, const struct recipe *r, const char *name, int line,
	struct error *err)
{
	for (size_t i = 0; i < m->order.n; i++) {
		const struct recipe *other = m->order.at[i];

		if (other != r && !other->host &&
			(strcmp(other->name, name) == 0 || recipe_provides(other, name)))
			return refuse(m, r, other, name, line, err);
	}
	return true;
}

bool plan_check_conflicts(const struct maker *m, struct error *err)
{
	for (size_t i = 0; i < m->order.n; i++) {
		const struct recipe *r = m->order.at[i];

		for (size_t k = 0; !r->host && k < r->values.n; k++) {
			const struct recipe_value *v = &r->values.at[k];
			struct strings names = {0};

			if (strcmp(v->key, "conflicts") != 0 ||
				!guard_holds(&v->guard, profile_lookup, m->profile))
				continue;
			if (!conf_words(v->value, m->arena, &names, err))
				return error_in(err, "%s:%d", r->file, v->line);
			for (size_t n = 0; n < names.n; n++)
				if (!check_name(m, r, names.at[n], v->line, err))
					return false;
		}
	}
	return true;
}
