/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The origin `cache`: archives already here, in cache/source/SHA256/FILE. The digest was checked before the file got its name. An
 * archive that no index lists any more is still offered; its version is then taken from its name.
 */
#include "source/origin.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/text.h"
#include "source/debian.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

static bool ends_with(const char *s, const char *end)
{
	size_t a = strlen(s), b = strlen(end);

	return a > b && strcmp(s + a - b, end) == 0;
}

/* The one finished file in a digest's folder; an unfinished download beside it has another name. */
static void stock_folder(struct sources *s, const char *folder, const char *sha256)
{
	DIR *dir = opendir(folder);
	const struct dirent *d;
	struct stat st;

	if (!dir)
		return;
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.' || ends_with(d->d_name, ".part") ||
			ends_with(d->d_name, ".resume"))
			continue;
		if (stat(arena_fmt(&s->arena, "%s/%s", folder, d->d_name), &st) != 0 ||
			!S_ISREG(st.st_mode))
			continue;
		vec_push_in(&s->arena, &s->stock,
			(struct stocked){arena_str(&s->arena, sha256),
				arena_str(&s->arena, d->d_name), (uint64_t)st.st_size});
		break;
	}
	closedir(dir);
}

static int by_digest(const void *a, const void *b)
{
	return strcmp(((const struct stocked *)a)->sha256, ((const struct stocked *)b)->sha256);
}

void stock_load(struct sources *s)
{
	const char *folder = arena_fmt(&s->arena, "%s/source", s->catalog->place->cache);
	DIR *dir = opendir(folder);
	const struct dirent *d;

	if (!dir)
		return;
	while ((d = readdir(dir)))
		if (hash_is_hex(d->d_name))
			stock_folder(
				s, arena_fmt(&s->arena, "%s/%s", folder, d->d_name), d->d_name);
	closedir(dir);
	if (s->stock.n)
		qsort(s->stock.at, s->stock.n, sizeof *s->stock.at, by_digest);
}

const struct stocked *stock_find(const struct sources *s, const char *sha256)
{
	const struct stocked wanted = {.sha256 = sha256};

	return sha256 && s->stock.n
		       ? bsearch(&wanted, s->stock.at, s->stock.n, sizeof *s->stock.at, by_digest)
		       : NULL;
}

/* "linux-6.12.1.tar.xz" and "linux_6.12.1.orig.tar.xz" are version 6.12.1 of linux, "tzdata_2026c-1_all.deb" is 2026c-1 of tzdata;
 * NULL for files of other components. */
const char *stock_version(struct arena *a, const char *component, const char *file)
{
	size_t len = strlen(component);
	struct text upstream = TEXT_INIT;
	const char *version, *end;

	if (strncmp(file, component, len) != 0 || (file[len] != '-' && file[len] != '_'))
		return NULL;
	/* Debian's patches and further archives are no versions: of them only the index knows where they belong */
	if (file[len] == '_' && (strstr(file, ".debian.tar.") || strstr(file, ".orig-")))
		return NULL;
	file += len + 1;
	if (!isdigit((unsigned char)*file))
		return NULL;
	end = strstr(file, ".orig.tar.");
	if (!end) {
		end = ends_with(file, ".deb") ? strchr(file, '_') : strstr(file, ".tar.");
		return end ? arena_strn(a, file, (size_t)(end - file)) : NULL;
	}
	/* Such a name has no revision of Debian's, which is what is cut off first. */
	debian_upstream_version(arena_fmt(a, "%.*s-0", (int)(end - file), file), &upstream);
	version = upstream.len ? arena_str(a, upstream.s) : NULL;
	text_release(&upstream);
	return version;
}

void stock_fill(struct sources *s, struct offer *c)
{
	for (size_t i = 0; i < s->stock.n; i++) {
		const struct stocked *k = &s->stock.at[i];
		const char *version = stock_version(&s->arena, c->name, k->file);

		if (!version)
			continue;
		offer_add(s, c,
			&(struct archive){.component = c->name,
				.version = version,
				.origin = ORIGIN_CACHE,
				.where = "",
				.url = arena_fmt(&s->arena, "file://%s/source/%s/%s",
					s->catalog->place->cache, k->sha256, k->file),
				.file = k->file,
				.sha256 = k->sha256,
				.size = k->size});
	}
}
