/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which program a sandbox hides: one that PATH has, as a link or a script that leads to where nothing is seen. */
#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "proc/jail_enter.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { SCRIPT = 16384 }; /* a launch script is short */

static bool is_seen(const struct jail *j, const char *path)
{
	const struct jail_view *best = NULL;

	for (size_t i = 0; i < j->views.n; i++) {
		const struct jail_view *v = &j->views.at[i];

		if (place_within(path, v->path) &&
			(!best || strlen(v->path) > strlen(best->path) ||
				(strcmp(v->path, best->path) == 0 && v->kind > best->kind)))
			best = v;
	}
	return best && best->kind != JAIL_COVER;
}

/* What a path leads to, if that is there and not seen; in the arena. */
static const char *hidden(const struct jail *j, const char *path, struct arena *a)
{
	char real[PATH_MAX];

	if (!realpath(path, real) || is_seen(j, real) || place_within(real, "/dev") ||
		place_within(real, "/proc"))
		return NULL;
	return arena_str(a, real);
}

/* The first path in a script that leads to a file where nothing is seen. */
static const char *hidden_in_script(const struct jail *j, const char *path, struct arena *a)
{
	struct text script = TEXT_INIT;
	struct error ignored;
	const char *found = NULL;

	if (!text_read_file(&script, path, SCRIPT, &ignored) || strncmp(script.s, "#!", 2) != 0)
		text_clear(&script);
	for (const char *at = strchr(script.s, '/'); at && !found; at = strchr(at, '/')) {
		size_t len = strcspn(at, " \t\n\"'`:;|&()<>=,");
		const char *word = arena_strn(a, at, len);

		if (access(word, X_OK) == 0)
			found = hidden(j, word, a);
		at += len;
	}
	text_release(&script);
	return found;
}

/* Where a program lies with what belongs to it, but never a whole home. */
static const char *folder_of(const char *path, struct arena *a)
{
	char *folder = arena_str(a, path);
	char *slash = strrchr(folder, '/');
	size_t deep = 0;

	*slash = '\0';
	slash = strrchr(folder, '/');
	for (const char *at = folder; *at; at++)
		deep += *at == '/';
	if (deep > 3 && (strcmp(slash, "/bin") == 0 || strcmp(slash, "/libexec") == 0))
		*slash = '\0';
	return folder;
}

bool jail_hides(struct jail_hidden *h, const struct jail *j, const char *search,
	const char *program, struct arena *a)
{
	*h = (struct jail_hidden){.program = program};
	if (strchr(program, '/')) {
		search = NULL;
		if (program[0] == '/' && access(program, X_OK) == 0)
			h->found = program;
	}
	for (const char *dir = search ? search : ""; *dir && !h->found;) {
		size_t len = strcspn(dir, ":");
		const char *path = arena_fmt(a, "%.*s/%s", (int)len, dir, program);

		dir += len + (dir[len] == ':');
		if (path[0] == '/' && access(path, X_OK) == 0)
			h->found = path;
	}
	if (!h->found)
		return false;
	h->wanted = hidden(j, h->found, a);
	if (!h->wanted)
		h->wanted = hidden_in_script(j, h->found, a);
	if (h->wanted)
		h->folder = folder_of(h->wanted, a);
	return h->wanted != NULL;
}
