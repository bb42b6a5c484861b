/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The origin `mirror`: folders from the user's settings, local or on a server, that repeat what the indexes list, either flat or
 * under upstream's paths. A mirror is only asked for bytes with a digest known from elsewhere, so it cannot change what is
 * accepted. A local one may also hold versions that nobody else lists: these have no digest and are used only when asked for by
 * name.
 */
#include "source/origin.h"

#include "base/arena.h"
#include "base/text.h"
#include "source/transfer.h"

#include <dirent.h>
#include <string.h>

#include "base/banned.h"

/* People's folder names contain blanks; URLs cannot. */
static const char *without_blanks(struct arena *a, const char *url)
{
	struct text t = TEXT_INIT;
	const char *result;

	for (; *url; url++)
		*url == ' ' ? text_str(&t, "%20") : text_char(&t, *url);
	result = arena_str(a, t.s);
	text_release(&t);
	return result;
}

const char *mirror_url(struct arena *a, const struct mirror *m, const char *upstream_url)
{
	const char *path = strstr(upstream_url, "://");

	path = path ? strchr(path + 3, '/') : NULL;
	if (!path)
		return NULL;
	if (!m->like_upstream)
		path = strrchr(path, '/');
	return arena_fmt(a, "%s%s", without_blanks(a, m->base), path);
}

static bool has_file(const struct offer *c, const char *file)
{
	for (size_t i = 0; i < c->archives.n; i++)
		if (strcmp(c->archives.at[i].file, file) == 0)
			return true;
	return false;
}

/* Versions in a flat local folder that no index lists. */
static void list_folder(struct sources *s, struct offer *c, const struct mirror *m)
{
	const char *folder = transfer_path(&s->arena, m->base);
	DIR *dir = folder ? opendir(folder) : NULL;
	const struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir))) {
		const char *version = stock_version(&s->arena, c->name, d->d_name);

		if (version && !has_file(c, d->d_name))
			offer_add(s, c,
				&(struct archive){.component = c->name,
					.version = version,
					.origin = ORIGIN_MIRROR,
					.where = m->base,
					.url = arena_fmt(&s->arena, "%s/%s",
						without_blanks(&s->arena, m->base), d->d_name),
					.file = arena_str(&s->arena, d->d_name)});
	}
	closedir(dir);
}

void mirror_fill(struct sources *s, struct offer *c)
{
	size_t known = c->archives.n;

	for (size_t m = 0; m < s->settings->mirrors.n; m++) {
		const struct mirror *mirror = &s->settings->mirrors.at[m];

		for (size_t i = 0; i < known; i++) {
			struct archive a = c->archives.at[i];

			a.url = a.origin == ORIGIN_CACHE ? NULL
							 : mirror_url(&s->arena, mirror, a.url);
			if (!a.url)
				continue;
			a.origin = ORIGIN_MIRROR;
			a.where = mirror->base;
			offer_add(s, c, &a);
		}
		if (!mirror->like_upstream)
			list_folder(s, c, mirror);
	}
}
