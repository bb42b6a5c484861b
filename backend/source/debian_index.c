/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extracts the few wanted source packages from a Sources file of tens of megabytes. It reads line by line and skips other
 * packages, so memory use stays small.
 */
#include "source/debian.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/version.h"
#include "source/index_lines.h"
#include "source/transfer.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define VERSION_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+:~-"

enum { MOST_FILES = 500 };

/* A file of a source package that can be of use. */
struct listed {
	const char *file, *sha256;
	uint64_t size;
};

struct stanza {
	bool wanted, in_sums;
	const char *component;
	struct text package, version, folder;
	VEC(struct listed) files; /* in `arena`, as all that is below */
	struct arena arena;
};

struct scan {
	const struct suite *suite;
	const struct package_wishes *wishes;
	struct arena *arena;
	struct archive_list *out;
	struct stanza stanza;
	struct text upstream; /* version of the stanza as upstream writes it */
};

bool debian_package_fits(const char *pattern, const char *name)
{
	static const char hole[] = "{series}";
	const char *at;
	size_t before, digits;

	/* thousands of patterns meet tens of thousands of names */
	if (*pattern != *name && *pattern != *hole)
		return false;
	at = strstr(pattern, hole);
	if (!at)
		return strcmp(pattern, name) == 0;
	before = (size_t)(at - pattern);
	if (strncmp(pattern, name, before) != 0)
		return false;
	digits = strspn(name + before, "0123456789.");
	return digits && isdigit((unsigned char)name[before]) &&
	       strcmp(name + before + digits, at + strlen(hole)) == 0;
}

/* What follows "PACKAGE_VERSION" in a file's name, for the version without epoch; with `whole`, Debian's revision is part of it. */
static const char *after_version(const struct stanza *z, const char *name, bool whole)
{
	const char *version = strchr(z->version.s, ':');
	const char *dash;
	size_t len;

	version = version ? version + 1 : z->version.s;
	dash = whole ? NULL : strrchr(version, '-');
	len = dash ? (size_t)(dash - version) : strlen(version);
	if (strncmp(name, z->package.s, z->package.len) != 0 || name[z->package.len] != '_')
		return NULL;
	name += z->package.len + 1;
	return len && strncmp(name, version, len) == 0 ? name + len : NULL;
}

/* ".tar.xz", not ".tar.xz.asc" */
static bool is_tar(const char *end)
{
	return strncmp(end, ".tar.", 5) == 0 && end[5] && !strchr(end + 5, '.');
}

static const struct listed *find_file(const struct stanza *z, bool whole, const char *middle)
{
	for (size_t i = 0; i < z->files.n; i++) {
		const char *end = after_version(z, z->files.at[i].file, whole);

		if (end && strncmp(end, middle, strlen(middle)) == 0 &&
			is_tar(end + strlen(middle)))
			return &z->files.at[i];
	}
	return NULL;
}

static void start_stanza(struct scan *s)
{
	struct stanza *z = &s->stanza;

	z->wanted = z->in_sums = false;
	z->files.at = NULL;
	z->files.n = z->files.cap = 0;
	arena_release(&z->arena);
	text_clear(&z->package);
	text_clear(&z->version);
	text_clear(&z->folder);
}

/* Suites share files; the same file under another archive's URL counts as a further place. */
static bool known(const struct scan *s, const struct archive *a)
{
	for (size_t i = 0; i < s->out->n; i++) {
		const struct archive *b = &s->out->at[i];

		if (strcmp(b->url, a->url) == 0 && strcmp(b->component, a->component) == 0 &&
			(a->of ? b->of && strcmp(a->of, b->of) == 0 : !b->of))
			return true;
	}
	return false;
}

/* Adds the file to what is offered, unless its place is not one that can be fetched from. */
static void offer(struct scan *s, const struct listed *file, const char *component,
	const char *version, const char *of)
{
	struct stanza *z = &s->stanza;
	struct text series = TEXT_INIT;
	struct archive a = {.support = "", .origin = ORIGIN_DEBIAN, .size = file->size};

	/* it becomes part of names in the cache */
	if (!*version || version[strspn(version, VERSION_BYTES)])
		return;
	a.url = arena_fmt(s->arena, "%s%s/%s", s->suite->uri, z->folder.s, file->file);
	a.component = arena_str(s->arena, component);
	a.of = arena_str(s->arena, of);
	if (transfer_url_ok(a.url) && !known(s, &a)) {
		version_series(version, &series);
		a.version = arena_str(s->arena, version);
		a.series = arena_str(s->arena, series.s);
		a.where = s->suite->name;
		a.file = strrchr(a.url, '/') + 1;
		a.sha256 = arena_str(s->arena, file->sha256);
		vec_push_in(s->arena, s->out, a);
	}
	text_release(&series);
}

/* "-NAME.tar.xz" of a further archive, which dpkg-source unpacks into the folder NAME: NAME, in the stanza's arena. */
static const char *role_of(struct stanza *z, const char *end)
{
	const char *name = end + 1;
	size_t len = 0;

	if (*end != '-')
		return NULL;
	while (isalnum((unsigned char)name[len]) || name[len] == '-')
		len++;
	return len && is_tar(name + len) ? arena_strn(&z->arena, name, len) : NULL;
}

/* What belongs to an archive: further archives of upstream's, and Debian's patches to it. */
static void offer_parts(struct scan *s, const char *of)
{
	static const char orig[] = ".orig";
	struct stanza *z = &s->stanza;

	for (size_t i = 0; i < z->files.n; i++) {
		const struct listed *f = &z->files.at[i];
		const char *end = after_version(z, f->file, false), *role = NULL;

		if (end && strncmp(end, orig, strlen(orig)) == 0)
			role = role_of(z, end + strlen(orig));
		end = after_version(z, f->file, true);
		if (end && (strcmp(end, ".diff.gz") == 0 ||
				   (strncmp(end, ".debian", 7) == 0 && is_tar(end + 7))))
			role = ARCHIVE_PATCHES;
		if (role)
			offer(s, f, arena_fmt(&z->arena, "%s:%s", z->component, role), z->version.s,
				of);
	}
}

/* A package that Debian itself makes has one archive, whose version is all of the package's. */
static void end_stanza(struct scan *s)
{
	struct stanza *z = &s->stanza;
	const struct listed *file;

	if (z->wanted && z->folder.len && z->version.len && !strstr(z->folder.s, "..")) {
		file = find_file(z, false, ".orig");
		if (file) {
			debian_upstream_version(z->version.s, &s->upstream);
			offer(s, file, z->component, s->upstream.s, NULL);
			offer_parts(s, file->sha256);
		} else if ((file = find_file(z, true, ""))) {
			const char *colon = strchr(z->version.s, ':');

			offer(s, file, z->component, colon ? colon + 1 : z->version.s, NULL);
		}
	}
	start_stanza(s);
}

/* " SHA256 SIZE NAME" */
static void take_sum(struct stanza *z, const char *line)
{
	char *end;
	size_t digits;
	uint64_t size;

	line += strspn(line, " ");
	digits = strspn(line, "0123456789abcdef");
	if (digits != HASH_HEX - 1 || line[digits] != ' ')
		return;
	errno = 0;
	size = strtoull(line + digits, &end, 10);
	if (errno || *end != ' ' || strchr(end, '/') || z->files.n == MOST_FILES)
		return;
	vec_push_in(&z->arena, &z->files,
		(struct listed){
			arena_str(&z->arena, end + 1), arena_strn(&z->arena, line, digits), size});
}

static const char *value_of(const char *line, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(line, key, len) != 0 || line[len] != ':')
		return NULL;
	return line + len + 1 + strspn(line + len + 1, " \t");
}

static void take_package(struct scan *s, const char *name)
{
	for (size_t i = 0; i < s->wishes->n && !s->stanza.wanted; i++) {
		if (!debian_package_fits(s->wishes->at[i].pattern, name))
			continue;
		s->stanza.wanted = true;
		s->stanza.component = s->wishes->at[i].component;
		text_str(&s->stanza.package, name);
	}
}

/* Fields come in any order, but Package is first, and the sums need both Package and Version. */
static void take_field(void *ctx, const char *line)
{
	struct scan *s = ctx;
	struct stanza *z = &s->stanza;
	const char *value;

	if (!*line) {
		end_stanza(s);
	} else if ((value = value_of(line, "Package"))) {
		take_package(s, value);
	} else if (!z->wanted) {
		return;
	} else if (*line == ' ' || *line == '\t') {
		if (z->in_sums)
			take_sum(z, line);
	} else {
		z->in_sums = value_of(line, "Checksums-Sha256") != NULL;
		if ((value = value_of(line, "Version")))
			text_str(&z->version, value);
		else if ((value = value_of(line, "Directory")))
			text_str(&z->folder, value);
	}
}

bool debian_read_index(const char *path, const struct suite *suite,
	const struct package_wishes *wishes, struct arena *a, struct archive_list *out,
	struct error *err)
{
	struct scan s = {.suite = suite,
		.wishes = wishes,
		.arena = a,
		.out = out,
		.stanza = {.package = TEXT_INIT,
			.version = TEXT_INIT,
			.folder = TEXT_INIT,
			.arena = ARENA_INIT},
		.upstream = TEXT_INIT};
	bool ok = index_lines(path, take_field, &s, err);

	end_stanza(&s);
	text_release(&s.stanza.package);
	text_release(&s.stanza.version);
	text_release(&s.stanza.folder);
	text_release(&s.upstream);
	return ok;
}
