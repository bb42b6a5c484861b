/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extracts the few wanted binary packages (deb(5)) from a Packages file of tens of megabytes, line by line. A version is all of
 * the package's: its revisions hold other data.
 */
#include "source/debian.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/version.h"
#include "source/index_lines.h"
#include "source/transfer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define VERSION_BYTES "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+~-"

/* Fields of a stanza, by name. */
enum field {
	FIELD_PACKAGE,
	FIELD_VERSION,
	FIELD_ARCHITECTURE,
	FIELD_FILE,
	FIELD_SIZE,
	FIELD_SHA256,
	FIELDS
};
static const char *const names[FIELDS] = {[FIELD_PACKAGE] = "Package",
	[FIELD_VERSION] = "Version",
	[FIELD_ARCHITECTURE] = "Architecture",
	[FIELD_FILE] = "Filename",
	[FIELD_SIZE] = "Size",
	[FIELD_SHA256] = "SHA256"};

struct scan {
	const struct suite *suite;
	const struct package_wishes *wishes;
	struct arena *arena;
	struct archive_list *out;
	struct text fields[FIELDS];
	bool wanted; /* perhaps: somebody asks for a package of that name */
};

/* "NAME" or "NAME:ARCHITECTURE"; the first is for any. */
static bool fits(const char *wish, const char *name, const char *architecture)
{
	size_t len = strlen(name);

	return strncmp(wish, name, len) == 0 &&
	       (wish[len] ? wish[len] == ':' &&
				       (!architecture || strcmp(wish + len + 1, architecture) == 0)
			  : !architecture || strcmp(architecture, "all") == 0);
}

static bool known(const struct scan *s, const char *component, const char *url)
{
	for (size_t i = 0; i < s->out->n; i++)
		if (strcmp(s->out->at[i].url, url) == 0 &&
			strcmp(s->out->at[i].component, component) == 0)
			return true;
	return false;
}

static bool is_size(const char *s, uint64_t *size)
{
	char *end;

	errno = 0;
	*size = strtoull(s, &end, 10);
	return *s >= '0' && *s <= '9' && !*end && errno == 0;
}

/* What it says becomes part of URLs, and of names in the cache. */
static void offer(struct scan *s, const char *component)
{
	const char *version = s->fields[FIELD_VERSION].s, *colon = strchr(version, ':');
	const char *file = s->fields[FIELD_FILE].s, *dot = strrchr(file, '.');
	struct archive a = {.support = "", .origin = ORIGIN_DEBIAN, .where = s->suite->name};
	struct text series = TEXT_INIT;

	version = colon ? colon + 1 : version;
	if (!*version || version[strspn(version, VERSION_BYTES)] || !dot ||
		strcmp(dot, ".deb") != 0 || strstr(file, "..") ||
		!hash_is_hex(s->fields[FIELD_SHA256].s) ||
		!is_size(s->fields[FIELD_SIZE].s, &a.size))
		return;
	a.url = arena_fmt(s->arena, "%s%s", s->suite->uri, file);
	if (!transfer_url_ok(a.url) || known(s, component, a.url))
		return;
	version_series(version, &series);
	a.component = arena_str(s->arena, component);
	a.version = arena_str(s->arena, version);
	a.series = arena_str(s->arena, series.s);
	a.file = strrchr(a.url, '/') + 1;
	a.sha256 = arena_str(s->arena, s->fields[FIELD_SHA256].s);
	vec_push_in(s->arena, s->out, a);
	text_release(&series);
}

static void end_stanza(struct scan *s)
{
	for (size_t i = 0; s->wanted && i < s->wishes->n; i++)
		if (fits(s->wishes->at[i].pattern, s->fields[FIELD_PACKAGE].s,
			    s->fields[FIELD_ARCHITECTURE].s))
			offer(s, s->wishes->at[i].component);
	for (size_t i = 0; i < FIELDS; i++)
		text_clear(&s->fields[i]);
	s->wanted = false;
}

static void take_package(struct scan *s)
{
	for (size_t i = 0; i < s->wishes->n && !s->wanted; i++)
		s->wanted = fits(s->wishes->at[i].pattern, s->fields[FIELD_PACKAGE].s, NULL);
}

/* Package is the first field, so what nobody asks for is passed over. */
static void take_field(void *ctx, const char *line)
{
	struct scan *s = ctx;

	if (!*line)
		end_stanza(s);
	for (size_t i = 0; i < (s->wanted ? FIELDS : FIELD_PACKAGE + 1); i++) {
		size_t len = strlen(names[i]);

		if (strncmp(line, names[i], len) != 0 || line[len] != ':')
			continue;
		text_clear(&s->fields[i]);
		text_str(&s->fields[i], line + len + 1 + strspn(line + len + 1, " \t"));
		if (i == FIELD_PACKAGE)
			take_package(s);
		return;
	}
}

bool debian_read_binaries(const char *path, const struct suite *suite,
	const struct package_wishes *wishes, struct arena *a, struct archive_list *out,
	struct error *err)
{
	struct scan s = {.suite = suite, .wishes = wishes, .arena = a, .out = out};
	bool ok;

	for (size_t i = 0; i < FIELDS; i++)
		s.fields[i] = (struct text)TEXT_INIT;
	ok = index_lines(path, take_field, &s, err);
	end_stanza(&s);
	for (size_t i = 0; i < FIELDS; i++)
		text_release(&s.fields[i]);
	return ok;
}
