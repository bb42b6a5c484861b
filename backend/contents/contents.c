/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the reader for a file, and turns what it reports into a listing, or writes one entry out. */
#include "contents/contents_walk.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/write.h"
#include "contents/contents.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

/* ---- what it is ---- */

static bool has_bytes(const char *path, off_t at, const char *wanted, size_t len)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char bytes[8];
	bool has = fd >= 0 && pread(fd, bytes, len, at) == (ssize_t)len &&
		   memcmp(bytes, wanted, len) == 0;

	if (fd >= 0)
		close(fd);
	return has;
}

/* An archive may be compressed, and an ISO image may have a partition table. */
enum contents_kind contents_kind(const char *path)
{
	return has_bytes(path, 0, "/ D ", 4)		     ? CONTENTS_LISTING
	       : has_bytes(path, 1024 + 0x38, "\x53\xef", 2) ? CONTENTS_EXT4
	       : contents_is_archive(path)		     ? CONTENTS_ARCHIVE
	       : contents_is_pe(path)			     ? CONTENTS_PE
	       : contents_is_disk(path)			     ? CONTENTS_DISK
							     : CONTENTS_NONE;
}

static bool walk(
	const char *path, enum contents_kind kind, const struct walker *w, struct error *err)
{
	static contents_walk *const readers[] = {[CONTENTS_ARCHIVE] = contents_walk_archive,
		[CONTENTS_EXT4] = contents_walk_ext4,
		[CONTENTS_LISTING] = contents_walk_listing,
		[CONTENTS_FOLDER] = contents_walk_folder,
		[CONTENTS_DISK] = contents_walk_disk,
		[CONTENTS_PE] = contents_walk_pe};

	return kind == CONTENTS_NONE || readers[kind](path, w, err) || error_in(err, "%s", path);
}

/* Holes, hard links and compression can make a small file yield very much; real images stay far below this. */
static uint64_t most_bytes(const char *path, enum contents_kind kind)
{
	struct stat st;
	uint64_t most = stat(path, &st) == 0 ? (uint64_t)st.st_size * CONTENTS_RATIO : 0;

	return kind == CONTENTS_FOLDER ? UINT64_MAX : most > CONTENTS_BYTES ? most : CONTENTS_BYTES;
}

static bool count_bytes(uint64_t *left, size_t len, struct error *err)
{
	if (len > *left)
		return error_set(err, ERROR_STEP, "it holds more than %d times its own bytes",
			CONTENTS_RATIO);
	*left -= len;
	return true;
}

/* ---- the listing ---- */

struct lister {
	struct contents *contents;
	uint64_t left;	   /* bytes that may still be reported */
	struct hash *hash; /* the entry whose bytes are being reported; NULL: none */
};

static void finish_entry(struct lister *l)
{
	if (l->hash)
		hash_finish(l->hash, l->contents->of.at[l->contents->of.n - 1].sha256);
	l->hash = NULL;
}

static const char *without_slashes(struct arena *a, const char *path)
{
	size_t len;

	while (*path == '/' || (path[0] == '.' && path[1] == '/'))
		path += *path == '/' ? 1 : 2;
	len = strlen(path);
	while (len && path[len - 1] == '/')
		len--;
	return arena_strn(a, path, len);
}

static bool list_entry(void *ctx, const struct content *e, bool *wants_bytes, struct error *err)
{
	struct lister *l = ctx;
	struct contents *c = l->contents;
	struct content copy = *e;

	finish_entry(l);
	if (c->of.n >= CONTENTS_MOST)
		return error_set(err, ERROR_STEP,
			"it has more than %d files, and no real image has that many",
			CONTENTS_MOST);
	copy.path = without_slashes(&c->arena, e->path);
	copy.target = arena_str(&c->arena, e->target);
	copy.more = arena_str(&c->arena, e->more ? e->more : "");
	vec_push_in(&c->arena, &c->of, copy);
	*wants_bytes = !e->target && (S_ISREG(e->mode) || !e->mode);
	if (*wants_bytes)
		l->hash = hash_new();
	return true;
}

static bool hash_on(void *ctx, const void *bytes, size_t len, struct error *err)
{
	struct lister *l = ctx;

	hash_add(l->hash, bytes, len);
	return count_bytes(&l->left, len, err);
}

bool contents_list(struct contents *c, const char *path, enum contents_kind kind, struct error *err)
{
	struct lister l = {.contents = c, .left = most_bytes(path, kind)};
	struct walker w = {list_entry, hash_on, &l};
	bool ok;

	*c = (struct contents){.arena = ARENA_INIT};
	ok = walk(path, kind, &w, err);
	if (ok)
		finish_entry(&l);
	hash_free(l.hash);
	if (!ok)
		contents_release(c);
	return ok;
}

void contents_release(struct contents *c)
{
	arena_release(&c->arena);
	*c = (struct contents){.arena = ARENA_INIT};
}

/* ---- one entry ---- */

struct extractor {
	size_t number, at; /* at: entries reported so far */
	uint64_t left;	   /* bytes that may still be reported */
	const char *to;
	int fd;
};

static bool extract_entry(void *ctx, const struct content *e, bool *wants_bytes, struct error *err)
{
	struct extractor *x = ctx;

	(void)e;
	(void)err;
	*wants_bytes = x->at++ == x->number;
	return true;
}

static bool extract_bytes(void *ctx, const void *bytes, size_t len, struct error *err)
{
	struct extractor *x = ctx;

	return count_bytes(&x->left, len, err) &&
	       (write_all(x->fd, bytes, len) || error_errno(err, "%s cannot be written", x->to));
}

bool contents_extract(
	const char *path, enum contents_kind kind, size_t number, const char *to, struct error *err)
{
	struct extractor x = {.number = number, .left = most_bytes(path, kind), .to = to};
	struct walker w = {extract_entry, extract_bytes, &x};
	bool ok;

	x.fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (x.fd < 0)
		return error_errno(err, "%s cannot be made", to);
	ok = walk(path, kind, &w, err);
	if (close(x.fd) < 0 && ok)
		ok = error_errno(err, "%s cannot be written", to);
	return ok;
}
