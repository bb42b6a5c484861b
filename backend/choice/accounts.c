/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads users and groups from the table and the choices, and refuses what would not be one system. */
#include "choice/accounts.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "choice/recipe.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { FIRST_OWN = 1000, LEAST_ID = 103, MOST_ID = 60000, FIELDS = 5, MOST_WORDS = 5 };

static const char table[] = "share/tables/accounts";
static const char users_choice[] = "users", passwords[] = "user-passwords", keys[] = "user-keys";

const struct account_user *accounts_user(const struct accounts *a, const char *name)
{
	for (size_t i = 0; i < a->users.n; i++)
		if (strcmp(a->users.at[i].name, name) == 0)
			return &a->users.at[i];
	return NULL;
}

const struct account_group *accounts_group(const struct accounts *a, const char *name)
{
	for (size_t i = 0; i < a->groups.n; i++)
		if (strcmp(a->groups.at[i].name, name) == 0)
			return &a->groups.at[i];
	return NULL;
}

/* ---- the system's own ---- */

static bool take_account(void *ctx, const struct conf_line *line, struct error *err)
{
	struct accounts *a = ctx;
	struct strings words = {0};
	char *end = NULL;
	unsigned long id;

	if (!line->key || !conf_words(line->value, a->arena, &words, err) || words.n < 2)
		return error_set(err, ERROR_PROFILE,
			"a line of this table is user = NAME UID or group = NAME GID");
	id = strtoul(words.at[1], &end, 10);
	if (*end || id > UINT_MAX - 1)
		return error_set(
			err, ERROR_PROFILE, "'%.40s' is not a number of an account", words.at[1]);
	if (strcmp(line->key, "user") == 0)
		vec_push_in(a->arena, &a->users,
			(struct account_user){.name = words.at[0], .uid = (unsigned)id});
	else if (strcmp(line->key, "group") == 0)
		vec_push_in(a->arena, &a->groups,
			(struct account_group){
				.name = words.at[0], .gid = (unsigned)id, .always = words.n > 2});
	else
		return error_set(
			err, ERROR_PROFILE, "'%.40s' is neither user nor group", line->key);
	return true;
}

static bool read_table(struct accounts *a, const struct place *place, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = place_find(place, table, &path)
			  ? conf_read(path.s, a->arena, take_account, a, err)
			  : error_set(err, ERROR_PROFILE, "there is no %s in the data folders",
				    table);

	text_release(&path);
	return ok;
}

/* ---- those of the choices ---- */

static bool is_name(const char *s)
{
	size_t len = strlen(s);

	return len && len <= 31 && !strchr("-0123456789", *s) &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

static bool is_free(const struct accounts *a, unsigned id)
{
	for (size_t i = 0; i < a->users.n; i++)
		if (a->users.at[i].uid == id)
			return false;
	for (size_t i = 0; i < a->groups.n; i++)
		if (a->groups.at[i].gid == id)
			return false;
	return true;
}

static bool read_id(const struct accounts *a, const char *word, const char *whose, unsigned *id,
	struct error *err)
{
	char *end;
	unsigned long n = strtoul(word, &end, 10);

	if (strspn(word, "0123456789") != strlen(word) || strlen(word) > 5 || n < LEAST_ID ||
		n > MOST_ID)
		return error_set(err, ERROR_PROFILE,
			"'%.40s' is no number for %s: those from %d to %d are free to choose", word,
			whose, LEAST_ID, MOST_ID);
	if (!is_free(a, (unsigned)n))
		return error_set(err, ERROR_PROFILE,
			"%s cannot have the number %lu: another user or group has it", whose, n);
	*id = (unsigned)n;
	return true;
}

/* An absolute path without "." and "..", that is nobody else's. */
static bool read_home(
	const struct accounts *a, const char *home, const char *whose, struct error *err)
{
	bool ok = *home == '/' && home[1] && home[strlen(home) - 1] != '/' && !strstr(home, "//") &&
		  !strstr(home, "/./") && !strstr(home, "/../");
	const char *last = strrchr(home, '/');

	if (!ok || strcmp(last, "/.") == 0 || strcmp(last, "/..") == 0 || strlen(home) > 200)
		return error_set(err, ERROR_PROFILE,
			"'%.80s' cannot be the home of %s; it is a path like /home/%s", home, whose,
			whose);
	for (size_t i = 0; i < a->users.n; i++)
		if (a->users.at[i].home && strcmp(a->users.at[i].home, home) == 0)
			return error_set(err, ERROR_PROFILE,
				"%s and %s cannot have the same home %s", a->users.at[i].name,
				whose, home);
	return true;
}

/* Recipes whose lines are not read yet may declare it. */
static bool may_come(const struct accounts *a, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; a->undecided && i < a->undecided->recipes.n; i++) {
		const struct recipe *r = a->undecided->recipes.at[i];

		for (size_t k = 0; k < r->values.n; k++)
			if ((strcmp(r->values.at[k].key, "user") == 0 ||
				    strcmp(r->values.at[k].key, "group") == 0) &&
				strncmp(r->values.at[k].value, name, len) == 0 &&
				r->values.at[k].value[len] == ' ')
				return true;
	}
	return false;
}

static bool unknown_group(const struct accounts *a, const char *name, struct error *err)
{
	struct strings names = {0};
	const char *near;

	for (size_t i = 0; i < a->groups.n; i++)
		vec_push(&names, a->groups.at[i].name);
	near = conf_nearest(name, names.at, names.n);
	error_set(err, ERROR_PROFILE,
		"there is no group '%.40s'%s%s%s; a number makes one: %.40s=2000", name,
		near ? " (did you mean " : "", near ? near : "", near ? "?)" : "", name);
	vec_release(&names);
	return false;
}

/* "audio", or "project=2000", which makes it. */
static bool join(struct accounts *a, const char *user, const char *word, struct error *err)
{
	size_t len = strcspn(word, "=");
	const char *name = arena_strn(a->arena, word, len);
	const struct account_group *g = accounts_group(a, name);
	unsigned gid;

	if (!is_name(name))
		return error_set(err, ERROR_PROFILE,
			"'%.40s' cannot name a group: lower-case letters, digits, '-' and '_' do",
			name);
	if (!g && !word[len])
		return may_come(a, name) || unknown_group(a, name, err);
	if (g && word[len] &&
		(strspn(word + len + 1, "0123456789") != strlen(word + len + 1) ||
			strtoul(word + len + 1, NULL, 10) != g->gid))
		return error_set(err, ERROR_PROFILE, "the group %s has the number %u, not %.40s",
			name, g->gid, word + len + 1);
	if (!g) {
		if (!read_id(a, word + len + 1, name, &gid, err))
			return false;
		vec_push_in(a->arena, &a->groups,
			(struct account_group){.name = name, .gid = gid, .own = true});
		g = accounts_group(a, name);
	}
	for (size_t i = 0; i < g->members.n; i++)
		if (strcmp(g->members.at[i], user) == 0)
			return error_set(
				err, ERROR_PROFILE, "%s is in the group %s twice", user, name);
	vec_push_in(a->arena, &a->groups.at[g - a->groups.at].members, user);
	return true;
}

static unsigned next_free(const struct accounts *a)
{
	unsigned id = FIRST_OWN;

	while (!is_free(a, id))
		id++;
	return id;
}

static void split(struct accounts *a, const char *word, const char *field[FIELDS + 1])
{
	for (int i = 0; i <= FIELDS; i++) {
		size_t len = i < FIELDS ? strcspn(word, ":") : strlen(word);

		field[i] = arena_strn(a->arena, word, len);
		word += len + (word[len] == ':');
	}
}

static bool join_all(struct accounts *a, const char *user, const char *groups, struct error *err)
{
	for (const char *g = groups; *g;) {
		size_t len = strcspn(g, ",");

		if (!join(a, user, arena_strn(a->arena, g, len), err))
			return false;
		g += len + (g[len] == ',');
	}
	return true;
}

static bool is_declared(const struct accounts *a, const char *name, const char **where)
{
	const struct account_user *u = accounts_user(a, name);
	const struct account_group *g = accounts_group(a, name);

	*where = u && u->where ? u->where : g ? g->where : NULL;
	return *where != NULL;
}

static bool add_user(struct accounts *a, const char *word, struct error *err)
{
	const char *f[FIELDS + 1], *name, *where;
	struct account_user u = {.hash = "*", .keys = "", .own = true};

	split(a, word, f);
	name = f[0];
	if (!is_name(name))
		return error_set(err, ERROR_PROFILE,
			"'%.40s' cannot name a user: up to 31 lower-case letters, digits, '-' and '_' do",
			name);
	if (*f[FIELDS])
		return error_set(err, ERROR_PROFILE,
			"'%.80s' has more than NAME:UID:GROUPS:HOME:SHELL", word);
	if (is_declared(a, name, &where))
		return error_set(err, ERROR_PROFILE,
			"the name %s belongs to a program of the system, by %s; choose another one",
			name, where);
	if (accounts_user(a, name) || accounts_group(a, name))
		return error_set(err, ERROR_PROFILE, "there is a user or group %s already", name);
	u.name = name;
	u.home = *f[3] ? f[3] : arena_fmt(a->arena, "/home/%s", name);
	u.shell = *f[4] ? f[4] : "/bin/sh";
	u.uid = next_free(a);
	if ((*f[1] && !read_id(a, f[1], name, &u.uid, err)) || !read_home(a, u.home, name, err))
		return false;
	if (*u.shell != '/' || strlen(u.shell) > 200)
		return error_set(err, ERROR_PROFILE,
			"'%.80s' cannot be the shell of %s; it is a path like /bin/sh", u.shell,
			name);
	vec_push_in(a->arena, &a->users, u);
	vec_push_in(a->arena, &a->groups,
		(struct account_group){.name = name, .gid = u.uid, .own = true});
	return join_all(a, name, f[2], err);
}

/* ---- those of recipes ---- */

/* Whoever has the number is named: a recipe by its line, the system by its table. */
static bool taken(const struct accounts *a, const char *name, unsigned id, struct error *err)
{
	const char *other = NULL, *where = NULL;

	for (size_t i = 0; i < a->users.n; i++)
		if (a->users.at[i].uid == id) {
			other = a->users.at[i].name;
			where = a->users.at[i].where;
		}
	for (size_t i = 0; !other && i < a->groups.n; i++)
		if (a->groups.at[i].gid == id) {
			other = a->groups.at[i].name;
			where = a->groups.at[i].where;
		}
	return other &&
	       !error_set(err, ERROR_PROFILE,
		       "%s cannot have the number %u: %s has it, by %s; give one of them another number",
		       name, id, other, where ? where : table);
}

static bool declared_id(const char *word, unsigned *id, struct error *err)
{
	*id = (unsigned)strtoul(word, NULL, 10);
	return (strlen(word) <= 3 && *word && strspn(word, "0123456789") == strlen(word) && *id) ||
	       error_set(err, ERROR_PROFILE,
		       "'%.40s' is no number of a program's user or group: those from 1 to %d are",
		       word, FIRST_OWN - 1);
}

static bool differs(const char *name, const char *where, struct error *err)
{
	return error_set(err, ERROR_PROFILE,
		"%s is declared otherwise by %s; one of the recipes must use another name, or both the same words",
		name, where ? where : table);
}

static bool declare_group(
	struct accounts *a, const char *name, unsigned gid, const char *where, struct error *err)
{
	const struct account_group *g = accounts_group(a, name);

	if (g && g->gid == gid) {
		a->groups.at[g - a->groups.at].always = true;
		return true;
	}
	if (g)
		return differs(name, g->where, err);
	if (taken(a, name, gid, err))
		return false;
	vec_push_in(a->arena, &a->groups,
		(struct account_group){.name = name, .gid = gid, .always = true, .where = where});
	return true;
}

static bool declare_user(struct accounts *a, const struct strings *words, unsigned uid,
	const char *where, struct error *err)
{
	const char *name = words->at[0], *home = words->n > 2 ? words->at[2] : "";
	const struct account_user *u = accounts_user(a, name);
	struct account_user new = {.name = name,
		.home = home,
		.shell = words->n > 3 ? words->at[3] : "/bin/false",
		.hash = "*",
		.keys = "",
		.uid = uid,
		.where = where};

	if (words->n < 3 || *home != '/' || *new.shell != '/')
		return error_set(err, ERROR_PROFILE,
			"'user' is written NAME NUMBER HOME [SHELL [GROUP,GROUP]], with paths from /");
	if (u && u->where && u->uid == uid && strcmp(u->home, home) == 0 &&
		strcmp(u->shell, new.shell) == 0)
		return true;
	if (u)
		return differs(name, u->where, err);
	if (!declare_group(a, name, uid, where, err))
		return false;
	vec_push_in(a->arena, &a->users, new);
	return words->n <= 4 || join_all(a, name, words->at[4], err);
}

static bool declare(struct accounts *a, const struct account_line *l, struct error *err)
{
	struct strings words = {0};
	unsigned id;

	if (!conf_words(l->value, a->arena, &words, err))
		return false;
	if (words.n < 2 || words.n > MOST_WORDS || !is_name(words.at[0]))
		return error_set(err, ERROR_PROFILE,
			"'%s' is written NAME NUMBER, with a name of lower-case letters, digits, '-' and '_'",
			l->key);
	if (!declared_id(words.at[1], &id, err))
		return false;
	return strcmp(l->key, "user") == 0 ? declare_user(a, &words, id, l->where, err)
	       : words.n == 2		   ? declare_group(a, words.at[0], id, l->where, err)
			      : error_set(err, ERROR_PROFILE, "'group' is written NAME NUMBER");
}

/* ---- passwords and keys ---- */

/* The user before the first colon of a word of `choice`; what is behind it goes to `rest`. */
static struct account_user *named(
	struct accounts *a, const char *word, const char **rest, struct error *err)
{
	size_t len = strcspn(word, ":");
	const struct account_user *u = accounts_user(a, arena_strn(a->arena, word, len));

	if (u && u->own) {
		*rest = word + len + (word[len] == ':');
		return &a->users.at[u - a->users.at];
	}
	error_set(err, ERROR_PROFILE, "'%.*s' is no user of the choice users",
		len > 40 ? 40 : (int)len, word);
	return NULL;
}

static bool take_password(struct accounts *a, const char *word, struct error *err)
{
	const char *hash;
	struct account_user *u = named(a, word, &hash, err);

	if (!u)
		return false;
	if (strcmp(u->hash, "*") != 0)
		return error_set(err, ERROR_PROFILE, "%s has two passwords", u->name);
	u->hash = strcmp(hash, "none") == 0 ? "" : hash;
	return true;
}

static bool take_key(struct accounts *a, const char *line, struct error *err)
{
	const char *key;
	struct account_user *u = named(a, line, &key, err);

	if (u)
		u->keys = arena_fmt(a->arena, "%s%s\n", u->keys, key);
	return u != NULL;
}

/* Every part of a choice's value between any of `ends`. */
static bool each_part(struct accounts *a, const struct profile *p, const char *choice,
	const char *ends, bool (*take)(struct accounts *a, const char *part, struct error *err),
	struct error *err)
{
	const char *s = profile_get(p, choice);
	bool ok = true;

	for (s = s ? s : ""; ok && *(s += strspn(s, ends));) {
		size_t len = strcspn(s, ends);

		ok = take(a, arena_strn(a->arena, s, len), err);
		s += len;
	}
	return ok;
}

static bool declare_all(struct accounts *a, const struct account_lines *lines, struct error *err)
{
	/* groups first, for users are members of them */
	for (int users = 0; lines && users < 2; users++)
		for (size_t i = 0; i < lines->n; i++)
			if ((strcmp(lines->at[i].key, "user") == 0) == users &&
				!declare(a, &lines->at[i], err))
				return error_in(err, "%s", lines->at[i].where);
	return true;
}

static bool read_all(
	struct accounts *a, const struct profile *p, const char **choice, struct error *err)
{
	*choice = users_choice;
	if (!each_part(a, p, users_choice, " \t\n", add_user, err))
		return false;
	*choice = passwords;
	if (!each_part(a, p, passwords, " \t\n", take_password, err))
		return false;
	*choice = keys;
	return each_part(a, p, keys, "\n", take_key, err);
}

bool accounts_read(struct accounts *a, const struct profile *p, const struct account_lines *lines,
	struct arena *arena, struct error *err)
{
	const char *choice;

	*a = (struct accounts){.arena = arena, .undecided = lines ? NULL : p->catalog};
	return read_table(a, p->catalog->place, err) && declare_all(a, lines, err) &&
	       (read_all(a, p, &choice, err) || error_in(err, "%s", choice));
}

bool accounts_check(const struct profile *p, const char **choice, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct accounts a = {.arena = &arena, .undecided = p->catalog};
	const char *users = profile_get(p, users_choice);
	bool ok = true;

	*choice = users_choice;
	if (users && *users)
		ok = read_table(&a, p->catalog->place, err) && read_all(&a, p, choice, err);

	arena_release(&arena);
	return ok;
}
