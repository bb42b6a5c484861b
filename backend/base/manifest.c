/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists a folder without following links, and compares the listing with an earlier one. */
#include "base/arena.h"
#include "base/boot_id.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/manifest.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define SOURCE_FILES 4000   /* of a source tree with more entries there is one digest, */
#define LISTED_FILES 100000 /* and of any other with more */
#define RECORD_LIMIT ((size_t)64 * 1024 * 1024)
#define HEAD	     "bootsmith-record 2 %" PRIu64 " %" PRIu64 " "
#define DIGEST	     "digest "

struct entry {
	const char *path; /* relative */
	unsigned mode;
	uint64_t size;	     /* of a regular file, else 0 */
	int64_t changed;     /* ctime, in ns */
	char hash[HASH_HEX]; /* "-": it has no content, or not read yet */
};

struct listing {
	struct arena arena;
	const char *root;
	VEC(struct entry) entries; /* sorted at the end */
	struct manifest_total total;
};

static void walk(struct listing *l, int parent, const char *name, const char *relative)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *d;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((d = readdir(dir))) {
		struct entry e = {.hash = "-"};
		struct stat st;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
			fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		e.path = arena_fmt(&l->arena, "%s%s%s", relative, *relative ? "/" : "", d->d_name);
		e.mode = st.st_mode;
		e.size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
		/* a folder's time changes whenever something in it does, which is found anyway */
		if (!S_ISDIR(st.st_mode))
			e.changed = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec;
		vec_push_in(&l->arena, &l->entries, e);
		l->total.files++;
		l->total.bytes += e.size;
		if (S_ISDIR(st.st_mode))
			walk(l, fd, d->d_name, e.path);
	}
	closedir(dir);
}

static int by_path(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static void list(struct listing *l, const char *root)
{
	*l = (struct listing){.arena = ARENA_INIT, .root = root};
	walk(l, AT_FDCWD, root, "");
	if (l->entries.n > 1)
		qsort(l->entries.at, l->entries.n, sizeof l->entries.at[0], by_path);
}

static void listing_release(struct listing *l)
{
	arena_release(&l->arena);
}

static bool is_large(const struct manifest_total *t, bool source)
{
	return t->files > (source ? SOURCE_FILES : LISTED_FILES);
}

static bool read_content(const char *root, struct entry *e, struct error *err)
{
	struct text path = TEXT_INIT;
	char target[4096];
	ssize_t len;
	bool ok = true;

	text_fmt(&path, "%s/%s", root, e->path);
	if (S_ISREG(e->mode)) {
		ok = hash_file(path.s, e->hash, err);
	} else if (S_ISLNK(e->mode)) {
		len = readlink(path.s, target, sizeof target);
		hash_bytes(target, len > 0 ? (size_t)len : 0, e->hash);
	}
	text_release(&path);
	return ok;
}

static void print_entry(struct text *out, const struct entry *e)
{
	text_fmt(out, "%o %" PRIu64 " %" PRId64 " %s %s\n", e->mode, e->size, e->changed, e->hash,
		e->path);
}

/* One line for all of a large folder; content is not in it. */
static void print_digest(struct text *out, const struct listing *l)
{
	struct text all = TEXT_INIT;
	char hex[HASH_HEX];

	for (size_t i = 0; i < l->entries.n; i++)
		print_entry(&all, &l->entries.at[i]);
	hash_bytes(all.s, all.len, hex);
	text_fmt(out, DIGEST "%s\n", hex);
	text_release(&all);
}

static bool write_record(
	const struct listing *l, const char *record, bool digest, struct error *err)
{
	struct text out = TEXT_INIT;
	bool ok;

	text_fmt(&out, HEAD, l->total.files, l->total.bytes);
	boot_id(&out);
	text_char(&out, '\n');
	if (digest)
		print_digest(&out, l);
	else
		for (size_t i = 0; i < l->entries.n; i++)
			print_entry(&out, &l->entries.at[i]);
	ok = place_write_file(record, out.s, out.len, err);
	text_release(&out);
	return ok;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool manifest_record(const char *folder, const char *record, bool source, struct error *err)
{
	struct listing l;
	bool ok = true, digest;

	if (!is_folder(folder))
		return true;
	list(&l, folder);
	digest = is_large(&l.total, source);
	for (size_t i = 0; ok && !digest && i < l.entries.n; i++)
		ok = read_content(folder, &l.entries.at[i], err);
	ok = ok && write_record(&l, record, digest, err);
	listing_release(&l);
	return ok;
}

/* ---- comparing ---- */

/* The first difference ends it. */
struct comparison {
	struct listing is;
	const char *was;  /* the rest of the record */
	bool all_content; /* of files that were not touched, too */
	bool fresh;	  /* content was read: the record can be renewed */
	bool digest;	  /* the record is one */
	struct text *reason;
};

static bool differs(struct comparison *c, const char *path, const char *how)
{
	text_fmt(c->reason, "%s %s", path, how);
	return false;
}

/* Takes a line of the record. */
static bool read_entry(struct comparison *c, struct entry *was, char **path)
{
	size_t len = strcspn(c->was, "\n");
	int used = 0;

	if (sscanf(c->was, "%o %" SCNu64 " %" SCNd64 " %64s %n", &was->mode, &was->size,
		    &was->changed, was->hash, &used) < 4 ||
		used == 0 || (size_t)used >= len || c->was[len] != '\n')
		return false;
	*path = arena_strn(&c->is.arena, c->was + used, len - (size_t)used);
	was->path = *path;
	c->was += len + 1;
	return true;
}

static bool same_entry(struct comparison *c, struct entry *is)
{
	struct entry was = {0};
	struct error why;
	char *path;

	if (!read_entry(c, &was, &path)) {
		text_str(c->reason, "its record is damaged");
		return false;
	}
	if (strcmp(was.path, is->path) != 0)
		return differs(c, was.path, "is not there any more");
	if (was.mode != is->mode || was.size != is->size)
		return differs(c, is->path, "is not what it was");
	if (!c->all_content && was.changed == is->changed) {
		memcpy(is->hash, was.hash, sizeof is->hash);
		return true;
	}
	c->fresh = true;
	if (!read_content(c->is.root, is, &why)) {
		text_str(c->reason, why.text);
		return false;
	}
	return strcmp(was.hash, is->hash) == 0 || differs(c, is->path, "is not what it was");
}

static bool same_digest(struct comparison *c)
{
	struct text is = TEXT_INIT;
	bool same;

	print_digest(&is, &c->is);
	same = strcmp(is.s, c->was) == 0;
	text_release(&is);
	if (!same)
		text_str(c->reason, "files in it were changed");
	return same;
}

static bool same_total(struct comparison *c)
{
	const struct manifest_total *is = &c->is.total;
	struct manifest_total was = {0};
	struct text boot = TEXT_INIT;
	int used = 0;

	if (sscanf(c->was, HEAD "%n", &was.files, &was.bytes, &used) < 2 || used == 0 ||
		!strchr(c->was, '\n')) {
		text_str(c->reason, "its record is damaged");
		return false;
	}
	c->was += used;
	boot_id(&boot);
	if (strncmp(c->was, boot.s, boot.len) != 0 || c->was[boot.len] != '\n')
		c->all_content = c->fresh = true;
	text_release(&boot);
	c->was = strchr(c->was, '\n') + 1;
	if (was.files == is->files && was.bytes == is->bytes)
		return true;
	text_fmt(c->reason,
		"it has %" PRIu64 " files and %" PRIu64 " bytes, it had %" PRIu64 " and %" PRIu64,
		is->files, is->bytes, was.files, was.bytes);
	return false;
}

static bool is_same(struct comparison *c)
{
	if (!same_total(c))
		return false;
	c->digest = strncmp(c->was, DIGEST, strlen(DIGEST)) == 0;
	if (c->digest)
		return same_digest(c);
	for (size_t i = 0; i < c->is.entries.n; i++)
		if (!same_entry(c, &c->is.entries.at[i]))
			return false;
	return true;
}

bool manifest_check(const char *folder, const char *record, enum manifest_depth depth,
	enum manifest_verdict *verdict, struct text *reason, struct error *err)
{
	struct comparison c = {.all_content = depth == MANIFEST_CONTENT, .reason = reason};
	struct text was = TEXT_INIT;
	struct error ignored;
	bool ok = true;

	*verdict = MANIFEST_MISSING;
	if (access(record, F_OK) != 0)
		return true;
	ok = text_read_file(&was, record, RECORD_LIMIT, err);
	if (ok) {
		list(&c.is, folder);
		c.was = was.s;
		*verdict = is_same(&c) ? MANIFEST_SAME : MANIFEST_DIFFERS;
		/* where it cannot be written, the same is compared again */
		if (*verdict == MANIFEST_SAME && c.fresh &&
			!write_record(&c.is, record, c.digest, &ignored))
			c.fresh = false;
		listing_release(&c.is);
	}
	text_release(&was);
	return ok;
}

bool manifest_content(const char *record, char hex[HASH_HEX])
{
	struct comparison c = {.is = {.arena = ARENA_INIT}};
	struct text was = TEXT_INIT, all = TEXT_INIT;
	struct entry e = {0};
	struct error ignored;
	bool ok = text_read_file(&was, record, RECORD_LIMIT, &ignored);
	char *path;

	c.was = strchr(was.s, '\n');
	ok = ok && c.was;
	for (c.was += ok; ok && *c.was;) {
		ok = read_entry(&c, &e, &path);
		e.changed = 0;
		if (ok)
			print_entry(&all, &e);
	}
	hash_bytes(all.s, all.len, hex);
	listing_release(&c.is);
	text_release(&was);
	text_release(&all);
	return ok;
}

/* ---- measuring ---- */

static bool read_total(const char *record, struct manifest_total *total)
{
	char head[128] = "";
	int fd = record ? open(record, O_RDONLY | O_CLOEXEC) : -1;
	bool ok;

	if (fd < 0)
		return false;
	ok = read(fd, head, sizeof head - 1) > 0 &&
	     sscanf(head, HEAD, &total->files, &total->bytes) == 2;
	close(fd);
	return ok;
}

struct manifest_total manifest_measure(const char *path, const char *record)
{
	struct manifest_total total = {0};
	struct listing l;
	struct stat st;

	if (!is_folder(path)) {
		if (lstat(path, &st) == 0)
			total = (struct manifest_total){1, (uint64_t)st.st_size};
		return total;
	}
	if (read_total(record, &total))
		return total;
	list(&l, path);
	total = l.total;
	listing_release(&l);
	return total;
}
