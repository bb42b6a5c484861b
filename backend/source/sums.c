/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Upstream's own lists of digests: they know every release, while a catalogue knows those of the day it was written. */
#include "source/origin.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/settings.h"
#include "source/fetch.h"
#include "source/reach.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum { MOST_BYTES = 4 << 20 }; /* the longest of kernel.org has half a megabyte */

bool sums_find(const char *text, const char *file, char hex[HASH_HEX])
{
	size_t len = strlen(file);
	bool found = false;

	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		size_t digits = strspn(at, "0123456789abcdef");
		const char *name = at + digits;

		if (digits != HASH_HEX - 1 || name[0] != ' ' || (name[1] != ' ' && name[1] != '*'))
			continue;
		name += 2;
		if (strncmp(name, file, len) != 0 || (name[len] && !strchr("\r\n", name[len])))
			continue;
		if (found && memcmp(hex, at, digits) != 0)
			return false;
		memcpy(hex, at, digits);
		hex[digits] = '\0';
		found = true;
	}
	return found;
}

static bool is_fresh(const struct sources *s, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	if (s->flags & SOURCES_OFFLINE || (st.st_mtime >= s->now && st.st_mtime <= time(NULL)))
		return true; /* read in this run */
	return !(s->flags & SOURCES_REFRESH) &&
	       s->now - st.st_mtime < s->settings->refresh_hours * 3600;
}

/* Whether its server answers at all is found out first: reach remembers those that do not. */
static bool get(struct sources *s, const char *url, const char *path, struct error *err)
{
	struct reach_query q = {.url = url};
	struct strings urls = {0};
	struct fetch f = {.path = path, .urls = &urls, .most = MOST_BYTES};

	reach_ask(&s->reach, &q, 1);
	if (!q.yes && !q.busy)
		return error_set(err, ERROR_SOURCE, "%s", q.trouble);
	sources_say(s, "reading the list of digests at %s", url);
	vec_push_in(&s->arena, &urls, url);
	/* Only a new one that is whole takes the place of the old one. */
	return fetch_file(&f, err);
}

const char *sums_digest(
	struct sources *s, const struct offer *c, const char *version, const char *file)
{
	const char *url = catalogue_sums(&s->arena, c, version);
	const char *path, *found = NULL;
	char name[HASH_HEX], hex[HASH_HEX];
	struct text text = TEXT_INIT;
	struct error err;

	if (!url)
		return NULL;
	hash_bytes(url, strlen(url), name);
	path = sources_path(s, arena_fmt(&s->arena, "sums-%.16s", name));
	if (!is_fresh(s, path) && !(s->flags & SOURCES_OFFLINE) && !get(s, url, path, &err))
		sources_problem(
			s, "upstream: its list of digests %s cannot be read: %s", url, err.text);
	if (text_read_file(&text, path, MOST_BYTES, &err) && sums_find(text.s, file, hex))
		found = arena_str(&s->arena, hex);
	text_release(&text);
	return found;
}
