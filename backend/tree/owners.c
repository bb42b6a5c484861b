/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the list of the overlay's owners. */
#include "tree/owners.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "choice/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { LIMIT = 1024 * 1024, WORDS = 3 };

static const char digits[] = "0123456789";

struct line {
	const struct accounts *accounts;
	const char *path;
	unsigned mode, uid, gid;
	bool has_mode, has_owner, whole; /* whole: a folder with all that is in it */
};

/* "\040" becomes a blank; in place. */
static bool decode(char *s, struct error *err)
{
	char *to = s;

	for (; *s; s++) {
		if (*s != '\\') {
			*to++ = *s;
			continue;
		}
		if (s[1] < '0' || s[1] > '3' || s[2] < '0' || s[2] > '7' || s[3] < '0' ||
			s[3] > '7')
			return error_set(err, ERROR_PROFILE,
				"a backslash is followed by three octal digits, as in \\040 for a blank");
		*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
		s += 3;
	}
	*to = '\0';
	return true;
}

static bool read_mode(const char *word, struct line *l, struct error *err)
{
	l->has_mode = strcmp(word, "-") != 0;
	if (!l->has_mode)
		return true;
	if (strlen(word) > 5 || strspn(word, "01234567") != strlen(word) ||
		strtoul(word, NULL, 8) > 07777)
		return error_set(err, ERROR_PROFILE,
			"'%.40s' is no mode: it is octal, like 0755, or '-' to keep it", word);
	l->mode = (unsigned)strtoul(word, NULL, 8);
	return !l->whole ||
	       error_set(err, ERROR_PROFILE,
		       "a folder and all that is in it cannot have one mode; write '-', and lines for those that differ");
}

static bool read_number(const char *word, unsigned *id)
{
	unsigned long long n = strtoull(word, NULL, 10);

	if (!*word || strlen(word) > 10 || strspn(word, digits) != strlen(word) ||
		n > 0xfffffffeULL)
		return false;
	*id = (unsigned)n;
	return true;
}

static bool read_owner(char *word, struct line *l, struct error *err)
{
	char *colon = strchr(word, ':');
	const struct account_user *u;
	const struct account_group *g;

	l->has_owner = strcmp(word, "-") != 0;
	if (!l->has_owner)
		return true;
	if (!colon)
		return error_set(err, ERROR_PROFILE,
			"'%.40s' is no owner: it is USER:GROUP, or '-' to keep it", word);
	*colon = '\0';
	u = accounts_user(l->accounts, word);
	g = accounts_group(l->accounts, colon + 1);
	if (!u && !read_number(word, &l->uid))
		return error_set(err, ERROR_PROFILE,
			"there is no user '%.40s'; the choice users makes one", word);
	if (!g && !read_number(colon + 1, &l->gid))
		return error_set(err, ERROR_PROFILE,
			"there is no group '%.40s'; each of users has one, and makes others",
			colon + 1);
	l->uid = u ? u->uid : l->uid;
	l->gid = g ? g->gid : l->gid;
	return true;
}

static bool is_meant(const struct line *l, size_t len, const struct tree_entry *e)
{
	if (!e->wins || strncmp(e->path, l->path, len) != 0)
		return false;
	return !e->path[len] || (l->whole && e->path[len] == '/');
}

static bool change(struct tree *t, const struct line *l, struct error *err)
{
	size_t len = strlen(l->path);
	bool any = false;

	for (size_t i = 0; i < t->entries.n; i++) {
		struct tree_entry *e = &t->entries.at[i];

		if (!is_meant(l, len, e))
			continue;
		any = true;
		if (l->has_mode && e->kind == TREE_LINK)
			return error_set(err, ERROR_PROFILE,
				"%.200s is a link, which has no mode; write '-'", l->path);
		if (l->has_mode)
			e->mode = l->mode;
		if (l->has_owner) {
			e->uid = l->uid;
			e->gid = l->gid;
		}
	}
	return any ||
	       error_set(err, ERROR_PROFILE, "the overlay has no %.200s", *l->path ? l->path : "/");
}

static bool take_line(struct tree *t, const struct accounts *accounts, char *s, struct error *err)
{
	static const char blanks[] = " \t\r";
	struct line l = {.accounts = accounts};
	char *word[WORDS] = {0};
	size_t n = 0, len;

	for (char *part; (part = strsep(&s, blanks));)
		if (*part && n++ < WORDS)
			word[n - 1] = part;
	if (!n || *word[0] == '#')
		return true;
	if (n != WORDS || *word[0] != '/')
		return error_set(err, ERROR_PROFILE, "a line is /PATH MODE USER:GROUP");
	if (!decode(word[0], err))
		return false;
	len = strlen(word[0]);
	l.whole = len && word[0][len - 1] == '/';
	if (l.whole)
		word[0][len - 1] = '\0';
	l.path = word[0];
	return read_mode(word[1], &l, err) && read_owner(word[2], &l, err) && change(t, &l, err);
}

bool owners_apply(
	struct tree *t, const char *path, const struct accounts *accounts, struct error *err)
{
	struct text source = TEXT_INIT;
	int number = 0;
	bool ok = text_read_file(&source, path, LIMIT, err);

	if (!ok)
		err->kind = ERROR_PROFILE;
	else if (strlen(source.s) != source.len)
		ok = error_set(
			err, ERROR_PROFILE, "%s has a NUL byte: it is no list of owners", path);
	for (char *s = source.s, *line; ok && (line = strsep(&s, "\n"));) {
		number++;
		ok = take_line(t, accounts, line, err) || error_in(err, "%s:%d", path, number);
	}
	text_release(&source);
	return ok;
}

void owners_give_homes(struct tree *t, const struct accounts *accounts)
{
	for (size_t i = 0; i < t->entries.n; i++) {
		struct tree_entry *e = &t->entries.at[i];

		for (size_t k = 0; k < accounts->users.n; k++) {
			const struct account_user *u = &accounts->users.at[k];
			struct line l = {.path = u->own ? u->home : "", .whole = true};
			size_t len = strlen(l.path);

			if (!len || !is_meant(&l, len, e))
				continue;
			e->uid = e->gid = u->uid;
			if (!e->path[len])
				e->mode = 0700;
		}
	}
}
