/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What files of the target system say about users: passwd(5), group(5), shadow(5), and where homes are. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/text.h"
#include "choice/accounts.h"

#include <string.h>

#include "base/banned.h"

static const char homes[] = "/home/";

/* Which users a list has: all, those with a home below /home, or elsewhere; of these all, or those with a key. */
static const struct list {
	const char *name;
	bool below, elsewhere, keyed;
} lists[] = {
	{"user.names", true, true, false},
	{"user.keyed", true, true, true},
	{"user.homed", true, false, false},
	{"user.homed-keyed", true, false, true},
	{"user.rooted", false, true, false},
	{"user.rooted-keyed", false, true, true},
};
enum { LISTS = sizeof lists / sizeof *lists };

static bool has(const struct list *l, const struct account_user *u)
{
	bool below = u->own && strncmp(u->home, homes, sizeof homes - 1) == 0;

	return u->own && (below ? l->below : l->elsewhere) && (!l->keyed || *u->keys);
}

static const char *keep(struct arena *a, struct text *out)
{
	const char *s = arena_str(a, out->s);

	text_release(out);
	return s;
}

static const char *names(const struct maker *m, const struct list *l)
{
	struct text out = TEXT_INIT;

	for (size_t i = 0; i < m->accounts.users.n; i++)
		if (has(l, &m->accounts.users.at[i]))
			text_fmt(&out, "%s%s", out.len ? " " : "", m->accounts.users.at[i].name);
	return keep(m->arena, &out);
}

static void passwd(const struct account_user *u, struct text *out)
{
	text_fmt(out, "%s:x:%u:%u::%s:%s\n", u->name, u->uid, u->uid, u->home, u->shell);
}

static void shadow(const struct account_user *u, struct text *out)
{
	text_fmt(out, "%s:%s:1:0:99999:7:::\n", u->name, u->hash);
}

static const char *last(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Programs let in only whose shell stands in shells(5); what is no shell at all stays out. */
static void shells(const struct account_user *u, struct text *out)
{
	const char *line = u->shell;
	size_t len = strlen(line);

	if (strcmp(line, "/bin/sh") == 0 || strcmp(last(line), "false") == 0 ||
		strcmp(last(line), "nologin") == 0)
		return;
	for (const char *s = out->s; s && *s; s = strchr(s, '\n') + 1)
		if (strncmp(s, line, len) == 0 && s[len] == '\n')
			return;
	text_fmt(out, "%s\n", line);
}

static const char *groups(const struct maker *m)
{
	struct text out = TEXT_INIT;
	bool any = *names(m, &lists[0]);

	for (size_t i = 0; i < m->accounts.groups.n; i++) {
		const struct account_group *g = &m->accounts.groups.at[i];

		if (!g->always && !any)
			continue;
		text_fmt(&out, "%s:x:%u:", g->name, g->gid);
		for (size_t k = 0; k < g->members.n; k++)
			text_fmt(&out, "%s%s", k ? "," : "", g->members.at[k]);
		text_char(&out, '\n');
	}
	return keep(m->arena, &out);
}

static const struct file {
	const char *name;
	void (*print)(const struct account_user *u, struct text *out);
} files[] = {{"accounts.passwd", passwd}, {"accounts.shadow", shadow}, {"accounts.shells", shells}};

static const char *of_user(const struct maker *m, const struct account_user *u, const char *key)
{
	if (strcmp(key, "uid") == 0)
		return arena_fmt(m->arena, "%u", u->uid);
	if (strcmp(key, "home") == 0)
		return u->home;
	if (strcmp(key, "inner") == 0)
		return u->home + sizeof homes - 2;
	return strcmp(key, "keys") == 0 ? u->keys : NULL;
}

/* "user.LIST.NAME.KEY" */
static const char *of_list(const struct maker *m, const char *name)
{
	for (size_t i = 0; i < LISTS; i++) {
		size_t len = strlen(lists[i].name), word;
		const struct account_user *u;

		if (strncmp(name, lists[i].name, len) != 0 || name[len] != '.')
			continue;
		word = strcspn(name + len + 1, ".");
		u = accounts_user(&m->accounts, arena_strn(m->arena, name + len + 1, word));
		if (u && has(&lists[i], u) && name[len + 1 + word] == '.')
			return of_user(m, u, name + len + word + 2);
	}
	return NULL;
}

const char *plan_account_value(void *ctx, const char *name, bool *is_list)
{
	const struct maker *m = ((const struct scope *)ctx)->maker;
	struct text out = TEXT_INIT;

	*is_list = false;
	for (size_t i = 0; i < LISTS; i++)
		if ((*is_list = strcmp(name, lists[i].name) == 0))
			return names(m, &lists[i]);
	if (strcmp(name, "accounts.group") == 0)
		return groups(m);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if (strcmp(name, files[i].name) != 0)
			continue;
		for (size_t k = 0; k < m->accounts.users.n; k++)
			if (m->accounts.users.at[k].own || m->accounts.users.at[k].where)
				files[i].print(&m->accounts.users.at[k], &out);
		return keep(m->arena, &out);
	}
	return of_list(m, name);
}
