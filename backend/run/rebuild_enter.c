/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes this process to look like another user on another machine, as far as that needs no privilege. See rebuild.h. */
#include "run/rebuild.h"

#include "base/arena.h"
#include "proc/identity.h"

#include <errno.h>
#include <locale.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { OTHER_USER = 4711, OTHER_UMASK = 077, YET_ANOTHER_UMASK = 002 };

#define OTHER_HOST   "elsewhere"
#define OTHER_NAME   "somebody"
#define OTHER_ZONE   "<+1245>-12:45" /* needs no file of this machine, as the name of a place would */
#define OTHER_LOCALE "tr_TR.UTF-8"   /* where the small I is another letter */

static void vary(
	struct rebuild *r, const char *what, const char *was, const char *now, const char *why)
{
	struct arena *a = &r->arena;

	vec_push_in(a, &r->varied,
		(struct varied){what, arena_str(a, was), arena_str(a, now), arena_str(a, why)});
}

static void vary_variable(struct rebuild *r, const char *what, const char *name, const char *now)
{
	const char *was = getenv(name);

	vary(r, what, was ? was : "not set", now, NULL);
	setenv(name, now, 1);
}

/* Programs treat a locale that is not installed as none. */
static void vary_locale(struct rebuild *r)
{
	locale_t there = newlocale(LC_ALL_MASK, OTHER_LOCALE, (locale_t)0);
	const char *was = getenv("LC_ALL");

	if (there == (locale_t)0) {
		vary(r, "locale", was ? was : "not set", NULL,
			"the locale " OTHER_LOCALE " is not installed");
		return;
	}
	freelocale(there);
	vary_variable(r, "locale", "LC_ALL", OTHER_LOCALE);
	setenv("LANG", OTHER_LOCALE, 1);
}

/* In our own name space the same files are ours under another user id. */
static bool enter_spaces(void)
{
	unsigned uid = geteuid(), gid = getegid();

	return unshare(CLONE_NEWUSER | CLONE_NEWUTS) == 0 &&
	       identity_map(0, OTHER_USER, uid, OTHER_USER, gid) &&
	       sethostname(OTHER_HOST, strlen(OTHER_HOST)) == 0;
}

static void vary_machine(struct rebuild *r)
{
	const char *user = arena_fmt(&r->arena, "%u", geteuid());
	char host[256] = "";

	if (gethostname(host, sizeof host - 1) != 0)
		host[0] = '\0';
	if (enter_spaces()) {
		vary(r, "user", user, arena_fmt(&r->arena, "%d", OTHER_USER), NULL);
		vary(r, "host name", host, OTHER_HOST, NULL);
	} else {
		const char *why = arena_fmt(
			&r->arena, "this machine allows no name spaces: %s", strerror(errno));

		vary(r, "user", user, NULL, why);
		vary(r, "host name", host, NULL, why);
	}
	setenv("USER", OTHER_NAME, 1);
	setenv("LOGNAME", OTHER_NAME, 1);
	setenv("HOME", r->state, 1);
}

void rebuild_enter(struct rebuild *r)
{
	struct arena *a = &r->arena;
	mode_t was = umask(OTHER_UMASK), now = OTHER_UMASK;

	if (was == OTHER_UMASK)
		umask(now = YET_ANOTHER_UMASK);
	vary_machine(r);
	vary_variable(r, "time zone", "TZ", OTHER_ZONE);
	vary_locale(r);
	vary(r, "umask", arena_fmt(a, "%03o", was), arena_fmt(a, "%03o", now), NULL);
	vary(r, "jobs", arena_fmt(a, "%ld", r->jobs - 1), arena_fmt(a, "%ld", r->jobs), NULL);
	if (r->other_order)
		vary(r, "order in folders", "that of the cache's file system",
			"that of another file system", NULL);
	else
		vary(r, "order in folders", "that of the cache's file system", NULL,
			"no other file system has room");
	vary(r, "time", "the first build's", "later", NULL);
}
