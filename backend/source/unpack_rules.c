/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides for each entry whether it may be unpacked. */
#include "source/unpack_rules.h"

#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { LONGEST_PATH = 4095, LONGEST_NAME = 255, DEEPEST = 64 };

#define FNV_START UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

static bool refuse(const struct entry *e, struct error *err, const char *why)
{
	struct text shown = TEXT_INIT;
	size_t len = e->path ? strlen(e->path) : 0;

	printable(&shown, e->path ? e->path : "", len < 200 ? len : 200);
	error_set(err, ERROR_SOURCE, "the entry '%s' %s", shown.s, why);
	text_release(&shown);
	return false;
}

static uint64_t step(uint64_t digest, char c)
{
	return (digest ^ (unsigned char)c) * FNV_PRIME;
}

/* Digest of a path as stored: never 0, the two lowest bits reserved for the kind. */
static uint64_t key_of(uint64_t digest)
{
	return (digest | 4) & ~UINT64_C(3);
}

/* The slot of a path, used or free. */
static uint64_t *slot(const struct rules *r, uint64_t key)
{
	size_t i = (size_t)(key >> 3) & (r->room - 1);

	while (r->seen[i] && (r->seen[i] & ~UINT64_C(3)) != key)
		i = (i + 1) & (r->room - 1);
	return &r->seen[i];
}

static void make_room(struct rules *r)
{
	uint64_t *old = r->seen;
	size_t n = r->room;

	if (r->n_seen * 2 < r->room)
		return;
	r->room = n ? n * 2 : 1024;
	r->seen = xmalloc(r->room * sizeof *r->seen);
	memset(r->seen, 0, r->room * sizeof *r->seen);
	for (size_t i = 0; i < n; i++)
		if (old[i])
			*slot(r, old[i] & ~UINT64_C(3)) = old[i];
	free(old);
}

/* The kind of the earlier entry with that path; false: there was none, and now `kind` is recorded. */
static bool seen_before(
	struct rules *r, uint64_t digest, enum entry_kind kind, enum entry_kind *before)
{
	uint64_t *at;

	make_room(r);
	at = slot(r, key_of(digest));
	if (*at) {
		*before = (enum entry_kind)(*at & 3);
		return true;
	}
	*at = key_of(digest) | (uint64_t)kind;
	r->n_seen++;
	return false;
}

static bool names_ok(const struct entry *e, const char *path, struct error *err)
{
	size_t depth = 0;

	if (strlen(path) > LONGEST_PATH)
		return refuse(e, err, "has a longer path than a system can have");
	for (const char *at = path; *at; depth++) {
		size_t len = strcspn(at, "/");

		if (!len)
			return refuse(e, err, "has an empty name in its path");
		if (len > LONGEST_NAME)
			return refuse(e, err, "has a longer name than a file system can keep");
		if ((len == 1 && at[0] == '.') || (len == 2 && at[0] == '.' && at[1] == '.'))
			return refuse(e, err, "has '.' or '..' in its path");
		at += len + (at[len] == '/');
	}
	if (depth > DEEPEST)
		return refuse(e, err, "lies deeper than any source file");
	return true;
}

static bool bytes_ok(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

/* Path below the top folder; a leading "./" and a trailing "/" are ignored. */
static bool below_top(struct rules *r, const struct entry *e, const char *path, struct text *out,
	struct error *err)
{
	size_t len, top;

	if (!path || !*path)
		return refuse(e, err, "has no name that can be read");
	if (!bytes_ok(path))
		return refuse(e, err, "has control characters in its name");
	if (*path == '/')
		return refuse(e, err, "has an absolute path");
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	len = strlen(path);
	while (len && path[len - 1] == '/')
		len--;
	text_clear(out);
	text_add(out, path, len);
	if (!names_ok(e, out->s, err))
		return false;
	top = strcspn(out->s, "/");
	if (r->further && !r->top.len && e->kind != ENTRY_FOLDER && top && !out->s[top])
		r->bare = true;
	if (r->flat || r->bare)
		return true;
	if (!r->top.len)
		text_add(&r->top, out->s, top);
	if (top != r->top.len || strncmp(out->s, r->top.s, top) != 0)
		return refuse(e, err, "does not lie in the one folder at the top of the archive");
	top += out->s[top] == '/';
	memmove(out->s, out->s + top, out->len - top + 1);
	out->len -= top;
	return true;
}

/* ".." only at the start and not above the top: whatever links the rest passes through, none of them leaves the tree either. */
static bool target_ok(
	const struct entry *e, const char *link, const char *target, struct error *err)
{
	size_t depth = 0;
	bool front = true;

	if (!target || !*target || strlen(target) > LONGEST_PATH || !bytes_ok(target))
		return refuse(e, err, "is a link with a target that makes no sense");
	if (*target == '/')
		return refuse(e, err, "is a link to an absolute path");
	for (const char *c = link; *c; c++)
		depth += *c == '/';
	for (const char *at = target; *at;) {
		size_t len = strcspn(at, "/");

		if (len == 2 && at[0] == '.' && at[1] == '.') {
			if (!front || !depth)
				return refuse(e, err, "is a link that leads out of the tree");
			depth--;
		} else if (len && !(len == 1 && at[0] == '.')) {
			front = false;
		}
		at += len + (at[len] == '/');
	}
	return true;
}

/* What is absolute in a system, from where the link is. */
static void from_here(const char *link, const char *target, struct text *out)
{
	if (*target != '/') {
		text_str(out, target);
		return;
	}
	for (const char *c = link; *c; c++)
		if (*c == '/')
			text_str(out, "../");
	target += strspn(target, "/");
	text_str(out, *target || out->len ? target : ".");
}

static bool kind_ok(const struct entry *e, struct error *err)
{
	if (e->kind == ENTRY_OTHER)
		return refuse(e, err, "is a device, a pipe or a socket");
	if (e->kind != ENTRY_FOLDER && e->kind != ENTRY_LINK && (e->mode & 06000))
		return refuse(e, err, "asks for set-uid or set-gid rights");
	return true;
}

static bool amount_ok(struct rules *r, const struct entry *e, struct error *err)
{
	uint64_t made = ++r->entries > r->n_seen ? r->entries : r->n_seen;

	if (made > r->most_entries)
		return refuse(e, err, "is one more than any source archive has");
	if (r->packed && made > RULES_FEW_ENTRIES && made > r->packed / RULES_ENTRY_BYTES)
		return refuse(e, err, "is one more than a source archive of that size has");
	if (e->kind != ENTRY_FILE)
		return true;
	if (e->size > r->most_file_bytes)
		return refuse(e, err, "is larger than any source file");
	r->bytes += e->size;
	if (r->bytes > r->most_bytes)
		return refuse(e, err, "makes the tree larger than any source tree");
	return true;
}

/* Folders above the entry exist or are created with it; the entry itself must be new. */
static bool place_ok(struct rules *r, const struct entry *e, struct error *err)
{
	enum entry_kind before, kind = e->kind == ENTRY_HARD_LINK ? ENTRY_FILE : e->kind;
	uint64_t digest = FNV_START;

	for (const char *c = r->path.s; *c; c++) {
		if (*c == '/' && seen_before(r, digest, ENTRY_FOLDER, &before) &&
			before != ENTRY_FOLDER)
			return refuse(e, err, "goes through something that is not a folder");
		digest = step(digest, *c);
	}
	if (seen_before(r, digest, kind, &before) &&
		(before != ENTRY_FOLDER || kind != ENTRY_FOLDER))
		return refuse(e, err, "is there twice");
	return true;
}

/* A hard link must name an earlier file: through a symbolic link it could lead elsewhere. */
static bool hard_link_ok(struct rules *r, const struct entry *e, struct error *err)
{
	enum entry_kind before = ENTRY_FOLDER;
	uint64_t digest = FNV_START;

	if (!below_top(r, e, e->target, &r->target, err))
		return false;
	for (const char *c = r->target.s; *c; c++)
		digest = step(digest, *c);
	make_room(r);
	before = (enum entry_kind)(*slot(r, key_of(digest)) & 3);
	if (!*slot(r, key_of(digest)) || before != ENTRY_FILE)
		return refuse(
			e, err, "is a second name of something that is not a file of this archive");
	return true;
}

bool rules_judge(struct rules *r, const struct entry *e, struct error *err)
{
	text_clear(&r->target);
	if (!below_top(r, e, e->path, &r->path, err) || !kind_ok(e, err) || !amount_ok(r, e, err))
		return false;
	if (!r->path.len)
		return e->kind == ENTRY_FOLDER ||
		       refuse(e, err, "is no folder, but source archives have one at the top");
	if (e->kind == ENTRY_HARD_LINK && !hard_link_ok(r, e, err))
		return false;
	if (e->kind == ENTRY_LINK) {
		if (r->flat && e->target)
			from_here(r->path.s, e->target, &r->target);
		else
			text_str(&r->target, e->target ? e->target : "");
		if (!target_ok(e, r->path.s, r->target.s, err))
			return false;
	}
	return place_ok(r, e, err);
}

void rules_release(struct rules *r)
{
	free(r->seen);
	r->seen = NULL;
	r->n_seen = r->room = 0;
	text_release(&r->top);
	text_release(&r->path);
	text_release(&r->target);
}
