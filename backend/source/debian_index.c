/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Extracts the few wanted source packages from a Sources file of tens of megabytes. It reads line by line and skips other
 * packages, so memory use stays small.
 */
#include "source/debian.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/inflate.h"
#include "base/text.h"
#include "base/version.h"
#include "source/transfer.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { LONGEST_LINE = 1 << 20 };

struct stanza {
	bool wanted, in_sums;
	const char *component;
	struct text package, version, folder;
	struct text file, sha256;
	uint64_t size;
};

struct scan {
	const struct suite *suite;
	const struct package_wishes *wishes;
	struct arena *arena;
	struct archive_list *out;
	struct stanza stanza;
	struct text line;     /* read so far */
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

/* Went back to an earlier release without going back in its numbers: "2.12.7+dfsg+really2.9.14" holds 2.9.14. */
static const char *what_it_really_is(const char *version)
{
	static const char word[] = "really";
	const char *found;

	for (const char *at = version; (found = strstr(at, word)); at = found + strlen(word))
		if (isdigit((unsigned char)found[strlen(word)]))
			version = found + strlen(word);
	return version;
}

void debian_upstream_version(const char *version, struct text *out)
{
	const char *colon = strchr(version, ':');
	const char *dash, *end, *rc, *freed;

	text_clear(out);
	if (colon)
		version = colon + 1;
	version = what_it_really_is(version);
	dash = strrchr(version, '-');
	end = dash ? dash : version + strlen(version);
	rc = strstr(version, "~rc");
	if (rc && rc < end) {
		text_add(out, version, (size_t)(rc - version));
		text_char(out, '-');
		text_add(out, rc + 1, (size_t)(end - rc - 1));
	} else {
		text_add(out, version, (size_t)(end - version));
	}
	/* "+dfsg", "+ds", "~pre": modified by Debian, or not a version we can order */
	out->len = strcspn(out->s, "+~");
	freed = out->len ? strstr(out->s, ".dfsg") : NULL;
	if (freed && (size_t)(freed - out->s) < out->len)
		out->len = (size_t)(freed - out->s);
	if (out->cap)
		out->s[out->len] = '\0';
}

/* How this stanza's archive is named: without the epoch and Debian's revision, otherwise as Debian writes it. */
static bool is_orig(const struct stanza *z, const char *name)
{
	const char *version = strchr(z->version.s, ':');
	const char *dash;
	size_t len;

	version = version ? version + 1 : z->version.s;
	dash = strrchr(version, '-');
	len = dash ? (size_t)(dash - version) : strlen(version);
	if (strncmp(name, z->package.s, z->package.len) != 0 || name[z->package.len] != '_')
		return false;
	name += z->package.len + 1;
	if (strncmp(name, version, len) != 0 || strncmp(name + len, ".orig.tar.", 10) != 0)
		return false;
	return !strchr(name + len + 10, '.'); /* "xz", not "xz.asc" */
}

static void start_stanza(struct scan *s)
{
	struct stanza *z = &s->stanza;

	z->wanted = z->in_sums = false;
	text_clear(&z->package);
	text_clear(&z->version);
	text_clear(&z->folder);
	text_clear(&z->file);
	text_clear(&z->sha256);
	z->size = 0;
}

/* Suites share files; the same file under another archive's URL counts as a further place. */
static bool known(const struct scan *s, const struct archive *a)
{
	for (size_t i = 0; i < s->out->n; i++)
		if (strcmp(s->out->at[i].url, a->url) == 0 &&
			strcmp(s->out->at[i].component, a->component) == 0)
			return true;
	return false;
}

static void end_stanza(struct scan *s)
{
	struct stanza *z = &s->stanza;
	struct archive a = {
		.component = z->component, .support = "", .origin = ORIGIN_DEBIAN, .size = z->size};
	struct text series = TEXT_INIT;

	if (!z->wanted || !z->file.len || !z->folder.len || !hash_is_hex(z->sha256.s) ||
		strstr(z->folder.s, ".."))
		goto out;
	a.url = arena_fmt(s->arena, "%s%s/%s", s->suite->uri, z->folder.s, z->file.s);
	if (!transfer_url_ok(a.url) || known(s, &a))
		goto out;
	debian_upstream_version(z->version.s, &s->upstream);
	version_series(s->upstream.s, &series);
	a.version = arena_str(s->arena, s->upstream.s);
	a.series = arena_str(s->arena, series.s);
	a.where = s->suite->name;
	a.file = arena_str(s->arena, z->file.s);
	a.sha256 = arena_str(s->arena, z->sha256.s);
	vec_push_in(s->arena, s->out, a);
out:
	text_release(&series);
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
	if (errno || *end != ' ' || !is_orig(z, end + 1))
		return;
	text_clear(&z->sha256);
	text_clear(&z->file);
	text_add(&z->sha256, line, digits);
	text_str(&z->file, end + 1);
	z->size = size;
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
static void take_field(struct scan *s, const char *line)
{
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

static bool take_block(
	void *ctx, const void *block, size_t len, uint64_t consumed, struct error *err)
{
	struct scan *s = ctx;
	const char *bytes = block;

	(void)consumed;
	while (len) {
		const char *end = memchr(bytes, '\n', len);
		size_t n = end ? (size_t)(end - bytes) : len;

		if (s->line.len + n > LONGEST_LINE)
			return error_set(
				err, ERROR_SOURCE, "a line is longer than %d bytes", LONGEST_LINE);
		text_add(&s->line, bytes, n);
		if (end) {
			take_field(s, s->line.s);
			text_clear(&s->line);
			n++;
		}
		bytes += n;
		len -= n;
	}
	return true;
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
			.file = TEXT_INIT,
			.sha256 = TEXT_INIT},
		.line = TEXT_INIT,
		.upstream = TEXT_INIT};
	bool ok = inflate_file(path, take_block, &s, err);

	if (ok && s.line.len)
		take_field(&s, s.line.s);
	end_stanza(&s);
	text_release(&s.stanza.package);
	text_release(&s.stanza.version);
	text_release(&s.stanza.folder);
	text_release(&s.stanza.file);
	text_release(&s.stanza.sha256);
	text_release(&s.upstream);
	text_release(&s.line);
	return ok;
}
