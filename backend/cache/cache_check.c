/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Believing an entry of the cache only as far as it was checked. See cache_entry.h. */
#include "base/copy.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/manifest.h"
#include "base/place.h"
#include "base/text.h"
#include "cache/cache_entry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define SOURCE "source/"
#define TREE   "tree/"

const char *cache_relative(const char *cache, const char *path)
{
	size_t len = strlen(cache);

	return path && strncmp(path, cache, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

bool cache_record(const char *cache, const char *staging, const char *result, struct error *err)
{
	const char *relative = cache_relative(cache, result);
	struct text record = TEXT_INIT;
	bool ok = true;

	if (relative) {
		cache_record_path(&record, cache, relative);
		ok = copy_make_parent(record.s, err) &&
		     manifest_record(
			     staging, record.s, strncmp(relative, TREE, strlen(TREE)) == 0, err);
	}
	text_release(&record);
	return ok;
}

/* An archive's name is its record, unless it was accepted without a known hash. */
static void check_archive(const char *path, const char *relative, struct cache_finding *f)
{
	const char *expected = relative + strlen(SOURCE);
	struct error why;
	char hex[HASH_HEX];

	if (strcspn(expected, "/") != HASH_HEX - 1)
		return;
	f->checked = true;
	if (!hash_file(path, hex, &why))
		text_str(&f->damage, why.text);
	else if (strncmp(hex, expected, HASH_HEX - 1) != 0)
		text_fmt(&f->damage, "its SHA-256 is %s", hex);
}

void cache_check(const char *cache, const char *relative, bool content, struct cache_finding *f)
{
	enum manifest_depth depth = content ? MANIFEST_CONTENT : MANIFEST_TOUCHED;
	struct text path = TEXT_INIT, record = TEXT_INIT;
	enum manifest_verdict verdict = MANIFEST_MISSING;
	struct error why;

	f->checked = false;
	text_clear(&f->damage);
	text_fmt(&path, "%s/%s", cache, relative);
	if (strncmp(relative, SOURCE, strlen(SOURCE)) == 0) {
		check_archive(path.s, relative, f);
	} else {
		cache_record_path(&record, cache, relative);
		if (!manifest_check(path.s, record.s, depth, &verdict, &f->damage, &why))
			text_str(&f->damage, why.text);
		f->checked = f->damage.len || verdict != MANIFEST_MISSING;
	}
	text_release(&path);
	text_release(&record);
}

bool cache_set_aside(const char *cache, const char *relative, struct text *where, struct error *err)
{
	struct text path = TEXT_INIT, record = TEXT_INIT;
	size_t name;
	bool ok;

	text_fmt(&path, "%s/%s", cache, relative);
	text_clear(where);
	text_fmt(where, "%s/bad/", cache);
	name = where->len;
	text_str(where, relative);
	for (char *c = where->s + name; *c; c++)
		if (*c == '/')
			*c = '-';
	ok = place_remove(where->s, err) &&
	     (rename(path.s, where->s) == 0 || errno == ENOENT ||
		     error_errno(err, "%s cannot be set aside", path.s));
	if (ok) {
		cache_record_path(&record, cache, relative);
		unlink(record.s);
	}
	text_release(&path);
	text_release(&record);
	return ok;
}
