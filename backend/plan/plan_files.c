/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What recipes say of the files that they bring: owners and modes, who gives way, and which parts stay out. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/accounts.h"
#include "choice/parts.h"
#include "choice/profile.h"
#include "tree/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { OWNED = 4, MODE_DIGITS = 5 };

static const char part_key[] = "part.", kept_part[] = "system";

/* "root" or "0". */
static bool read_number(const char *word, unsigned *id)
{
	unsigned long long n = strtoull(word, NULL, 10);

	if (!*word || strlen(word) > 10 || strspn(word, "0123456789") != strlen(word) ||
		n > 0xfffffffeULL)
		return false;
	*id = (unsigned)n;
	return true;
}

static bool read_owner(const struct accounts *a, const struct strings *words, struct tree_mode *to,
	struct error *err)
{
	const struct account_user *u = accounts_user(a, words->at[2]);
	const struct account_group *g = accounts_group(a, words->at[3]);

	if (!u && !read_number(words->at[2], &to->uid))
		return error_set(err, ERROR_PROFILE,
			"there is no user '%.40s'; a line 'user = %.40s NUMBER HOME' makes one",
			words->at[2], words->at[2]);
	if (!g && !read_number(words->at[3], &to->gid))
		return error_set(err, ERROR_PROFILE,
			"there is no group '%.40s'; a line 'group = %.40s NUMBER' makes one",
			words->at[3], words->at[3]);
	to->uid = u ? u->uid : to->uid;
	to->gid = g ? g->gid : to->gid;
	return true;
}

static bool read_mode(struct maker *m, const char *value, struct tree_mode *to, struct error *err)
{
	struct strings words = {0};
	const char *digits;
	size_t len;

	if (!conf_words(value, m->arena, &words, err))
		return false;
	if (words.n != 2 && words.n != OWNED)
		return error_set(err, ERROR_PROFILE,
			"'mode' is written PATH MODE or PATH MODE USER GROUP, as in /usr/bin/su 4755");
	digits = words.at[1];
	len = strlen(words.at[0]);
	if (strlen(digits) > MODE_DIGITS || strspn(digits, "01234567") != strlen(digits) ||
		strtoul(digits, NULL, 8) > 07777)
		return error_set(
			err, ERROR_PROFILE, "'%.40s' is no mode: it is octal, like 4755", digits);
	if (len < 2 || words.at[0][0] != '/')
		return error_set(err, ERROR_PROFILE,
			"'%.80s' is no path in the system: write it from /, as in /usr/bin/su",
			words.at[0]);
	to->mode = (unsigned)strtoul(digits, NULL, 8);
	to->make = words.at[0][len - 1] == '/';
	to->path = arena_strn(m->arena, words.at[0], len - to->make);
	return words.n == 2 || read_owner(&m->accounts, &words, to, err);
}

/* "usr/include" and "/usr/include" mean the same. */
static bool add_patterns(struct maker *m, const char *value, struct strings *to, struct error *err)
{
	struct strings words = {0};

	if (!conf_words(value, m->arena, &words, err))
		return false;
	for (size_t i = 0; i < words.n; i++)
		vec_push_in(m->arena, to,
			*words.at[i] == '/' || *words.at[i] == '*'
				? words.at[i]
				: arena_fmt(m->arena, "/%s", words.at[i]));
	return true;
}

static bool is_wanted(const struct maker *m, const char *part)
{
	return conf_is_yes(profile_get(m->profile, part));
}

static bool take_part(struct maker *m, const struct parts *parts, const struct recipe_value *v,
	struct tree_rules *r, struct error *err)
{
	const char *name = v->key + strlen(part_key);

	if (strcmp(name, kept_part) == 0)
		return add_patterns(m, v->value, &r->kept, err);
	if (!parts_find(parts, name))
		return error_set(err, ERROR_PROFILE,
			"there is no part '%.40s' in share/tables/parts; part.%s is what stays in the system in spite of its path",
			name, kept_part);
	return is_wanted(m, name) || add_patterns(m, v->value, &r->left, err);
}

static bool take_yields(struct maker *m, const char *value, struct tree_rules *r, struct error *err)
{
	r->yields = strcmp(value, "no") != 0;
	return strcmp(value, "no") == 0 || strcmp(value, "yes") == 0 ||
	       add_patterns(m, value, &r->alike, err);
}

static bool take_value(struct maker *m, const struct component *c, const struct parts *parts,
	const struct recipe_value *v, struct tree_rules *r, struct error *err)
{
	struct tree_mode mode = {.where = arena_fmt(m->arena, "%s:%d", c->recipe->file, v->line)};
	bool ok = true;

	if (strcmp(v->key, "mode") == 0) {
		ok = read_mode(m, v->value, &mode, err);
		vec_push_in(m->arena, &r->modes, mode);
	} else if (strcmp(v->key, "yields") == 0) {
		ok = take_yields(m, v->value, r, err);
	} else if (strncmp(v->key, part_key, strlen(part_key)) == 0) {
		ok = take_part(m, parts, v, r, err);
	}
	return ok || error_in(err, "%s", mode.where);
}

const struct tree_rules *plan_rules(
	struct maker *m, const struct component *c, bool all_modes, struct error *err)
{
	struct tree_rules *r = arena_alloc(m->arena, sizeof *r);
	struct parts parts;

	r->all_modes = all_modes;
	if (!parts_read(&parts, m->place, m->arena, err))
		return NULL;
	for (size_t i = 0; i < parts.n; i++) {
		if (is_wanted(m, parts.at[i].name))
			continue;
		for (size_t k = 0; k < parts.at[i].paths.n; k++)
			vec_push_in(m->arena, &r->left, parts.at[i].paths.at[k]);
		for (size_t k = 0; k < parts.at[i].links.n; k++)
			vec_push_in(m->arena, &r->links, parts.at[i].links.at[k]);
	}
	for (size_t i = 0; i < c->recipe->values.n; i++)
		if (plan_holds(m, c, &c->recipe->values.at[i].guard) &&
			!take_value(m, c, &parts, &c->recipe->values.at[i], r, err))
			return NULL;
	return r;
}

/* ---- users and groups ---- */

bool plan_declared_accounts(struct maker *m, struct error *err)
{
	struct account_lines lines = {0};

	for (size_t i = 0; i < m->order.n; i++) {
		const struct recipe *r = m->order.at[i];

		for (size_t k = 0; !r->host && k < r->values.n; k++) {
			const struct recipe_value *v = &r->values.at[k];

			if ((strcmp(v->key, "user") == 0 || strcmp(v->key, "group") == 0) &&
				guard_holds(&v->guard, profile_lookup, m->profile))
				vec_push_in(m->arena, &lines,
					(struct account_line){v->key, v->value,
						arena_fmt(m->arena, "%s:%d", r->file, v->line)});
		}
	}
	return !lines.n || accounts_read(&m->accounts, m->profile, &lines, m->arena, err);
}
