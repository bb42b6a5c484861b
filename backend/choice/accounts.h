/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who there is in the target system: users and groups of its own (share/tables/accounts) and those of the choices `users`,
 * `user-passwords` and `user-keys`.
 *
 *   users          = NAME[:UID[:GROUP,GROUP=GID,...[:HOME[:SHELL]]]] ...    without UID the next free one from 1000 on
 *   user-passwords = NAME:HASH ...        crypt(5), or `none` for an empty password; without a line nobody logs in with one
 *   user-keys      = NAME:KEY             a line each, the rest as in authorized_keys
 *
 * Recipes declare further ones that their programs run as (recipe.h), with numbers of their own below 1000:
 *
 *   user  = NAME UID HOME [SHELL [GROUP,GROUP]]        without a password; SHELL is /bin/false if there is none
 *   group = NAME GID
 *
 * Two recipes may declare the same, but nothing that differs. Each user has a group of the same name and number. All strings live
 * in the arena.
 */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "base/vec.h"
#include "choice/profile.h"

struct account_user {
	const char *name, *home, *shell;
	const char *hash; /* as in shadow(5) */
	const char *keys; /* lines of authorized_keys, each ended; "" when there are none */
	unsigned uid;
	bool own;	   /* chosen, not the system's */
	const char *where; /* "FILE:LINE" of the recipe that declares it, else NULL */
};

struct account_group {
	const char *name;
	struct strings members;
	unsigned gid;
	bool always, own; /* own: a user's, or named by one with a number */
	const char *where;
};

/* A line of a recipe: key is `user` or `group`. */
struct account_line {
	const char *key, *value, *where;
};

struct account_lines {
	struct account_line *at;
	size_t n, cap;
};

struct accounts {
	struct arena *arena;
	VEC(struct account_user) users;
	VEC(struct account_group) groups;
	const struct catalog
		*undecided; /* not known yet whose lines count: any recipe's group may be joined */
};

/* `lines`: those of the recipes that are built; NULL while that is not known. */
CHECKED bool accounts_read(struct accounts *a, const struct profile *p,
	const struct account_lines *lines, struct arena *arena, struct error *err);

const struct account_user *accounts_user(const struct accounts *a, const char *name);
const struct account_group *accounts_group(const struct accounts *a, const char *name);

/* Is what the choices say of users consistent? The sentence names the choice. */
CHECKED bool accounts_check(const struct profile *p, const char **choice, struct error *err);

#endif
