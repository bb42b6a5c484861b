/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares two artifacts layer by layer, down to the files inside that differ. */
#include "contents/compare.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/vec.h"
#include "contents/contents.h"
#include "contents/opener.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { PIECE = 1 << 16, DEEPEST = 8 };

struct comparer {
	struct comparison *result;
	const char *work;
	const struct catalog *catalog;
	struct strings inside; /* the current position */
	size_t taken;	       /* numbers the files in the work folder */
};

static bool compare_pair(
	struct comparer *c, const char *first, const char *second, struct error *err);

/* ---- bytes ---- */

static bool fill(int fd, char *piece, size_t *n, const char *path, struct error *err)
{
	*n = 0;
	while (*n < PIECE) {
		ssize_t got = read(fd, piece + *n, PIECE - *n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_errno(err, "%s cannot be read", path);
		if (got == 0)
			break;
		*n += (size_t)got;
	}
	return true;
}

/* If one file is the beginning of the other, the offset is the shorter one's length. */
static bool compare_bytes(
	const char *first, const char *second, bool *same, uint64_t *offset, struct error *err)
{
	static char a[PIECE], b[PIECE];
	int fd_a = open(first, O_RDONLY | O_CLOEXEC), fd_b = open(second, O_RDONLY | O_CLOEXEC);
	bool ok = (fd_a >= 0 || error_errno(err, "%s cannot be opened", first)) &&
		  (fd_b >= 0 || error_errno(err, "%s cannot be opened", second));
	size_t n_a = PIECE, n_b = PIECE;

	*same = true;
	*offset = 0;
	while (ok && *same && n_a == PIECE && n_b == PIECE) {
		size_t i = 0;

		ok = fill(fd_a, a, &n_a, first, err) && fill(fd_b, b, &n_b, second, err);
		if (!ok || (n_a == n_b && memcmp(a, b, n_a) == 0)) {
			*offset += n_a;
			continue;
		}
		while (i < n_a && i < n_b && a[i] == b[i])
			i++;
		*offset += i;
		*same = false;
	}
	if (fd_a >= 0)
		close(fd_a);
	if (fd_b >= 0)
		close(fd_b);
	return ok;
}

/* ---- what is found ---- */

/* Different bytes matter more than different dates: they displace those. NULL: not recorded. */
static struct difference *place_for(struct comparison *r, bool has_offset)
{
	if (r->of.n < COMPARE_MOST) {
		vec_push_in(&r->arena, &r->of, (struct difference){0});
		return &r->of.at[r->of.n - 1];
	}
	for (size_t i = r->of.n; has_offset && i-- > 0;)
		if (!r->of.at[i].has_offset)
			return &r->of.at[i];
	return NULL;
}

static void found(struct comparer *c, const char *what, const uint64_t *offset)
{
	struct comparison *r = c->result;
	struct difference *d = place_for(r, offset != NULL);

	r->n++;
	if (!d)
		return;
	*d = (struct difference){.what = what, .has_offset = offset != NULL};
	d->offset = offset ? *offset : 0;
	for (size_t i = 0; i < c->inside.n; i++)
		vec_push_in(&r->arena, &d->inside, c->inside.at[i]);
}

/* ---- one container ---- */

/* An entry of either listing; several entries with one name are paired in order. */
struct entry {
	const struct content *content;
	size_t number;
};

struct side {
	const char *path;
	enum contents_kind kind;
	struct contents contents;
	VEC(struct entry) entries; /* by path */
};

static int by_path(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->content->path, y->content->path);

	return order ? order : (x->number > y->number) - (x->number < y->number);
}

static bool open_side(struct side *s, struct error *err)
{
	if (!contents_list(&s->contents, s->path, s->kind, err))
		return false;
	for (size_t i = 0; i < s->contents.of.n; i++)
		vec_push_in(
			&s->contents.arena, &s->entries, (struct entry){&s->contents.of.at[i], i});
	if (s->entries.n > 1)
		qsort(s->entries.at, s->entries.n, sizeof s->entries.at[0], by_path);
	return true;
}

static void number_differs(struct comparer *c, const char *what, uint64_t a, uint64_t b)
{
	if (a != b)
		found(c,
			arena_fmt(&c->result->arena, "its %s is %" PRIu64 " and %" PRIu64, what, a,
				b),
			NULL);
}

static void facts_differ(struct comparer *c, const struct content *a, const struct content *b)
{
	const char *to_a = a->target ? a->target : "", *to_b = b->target ? b->target : "";

	if (a->mode != b->mode)
		found(c, arena_fmt(&c->result->arena, "its mode is %o and %o", a->mode, b->mode),
			NULL);
	number_differs(c, "owner", a->uid, b->uid);
	number_differs(c, "group", a->gid, b->gid);
	number_differs(c, "date", (uint64_t)a->mtime, (uint64_t)b->mtime);
	number_differs(c, "device's major number", a->major, b->major);
	number_differs(c, "device's minor number", a->minor, b->minor);
	if (strcmp(to_a, to_b) != 0)
		found(c, arena_fmt(&c->result->arena, "it leads to %s and %s", to_a, to_b), NULL);
}

static bool take_out(
	struct comparer *c, const struct side *s, size_t number, const char **to, struct error *err)
{
	*to = arena_fmt(&c->result->arena, "%s/taken-%zu", c->work, c->taken++);
	return contents_extract(s->path, s->kind, number, *to, err);
}

static bool go_inside(struct comparer *c, const struct side *a, const struct entry *x,
	const struct side *b, const struct entry *y, struct error *err)
{
	const char *first = NULL, *second = NULL;
	bool ok = take_out(c, a, x->number, &first, err) &&
		  take_out(c, b, y->number, &second, err) && compare_pair(c, first, second, err);

	if (first)
		unlink(first);
	if (second)
		unlink(second);
	return ok;
}

static bool compare_entries(struct comparer *c, const struct side *a, const struct entry *x,
	const struct side *b, const struct entry *y, struct error *err)
{
	const char *path = x->content->path;
	bool ok = true;

	if (strcmp(path, y->content->path) != 0)
		path = arena_fmt(
			&c->result->arena, "%s (%s in the second)", path, y->content->path);
	vec_push_in(&c->result->arena, &c->inside, arena_str(&c->result->arena, path));
	facts_differ(c, x->content, y->content);
	if (strcmp(x->content->sha256, y->content->sha256) != 0)
		ok = go_inside(c, a, x, b, y, err);
	c->inside.n--;
	return ok;
}

/* ---- two containers of one kind ---- */

struct lonely {
	struct entry entry;
	const struct lonely *mate; /* on the other side; NULL: none */
	bool shared;		   /* the other side has files in its folder */
	enum contents_kind kind;   /* if shared */
};

struct lonelies {
	struct lonely *at;
	size_t n, cap;
};

/* Those with bytes, in an order that brings together what may be paired. */
struct lonely_order {
	struct lonely **at;
	size_t n, cap;
};

static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

static int compare_folders(const struct lonely *x, const struct lonely *y)
{
	const char *a = x->entry.content->path, *b = y->entry.content->path;
	size_t n = folder_length(a), m = folder_length(b);

	return n != m ? (n < m ? -1 : 1) : memcmp(a, b, n);
}

/* By folder, then by kind, then as they were: all of them lie in one array. */
static int by_kind(const void *x, const void *y)
{
	const struct lonely *a = *(struct lonely *const *)x, *b = *(struct lonely *const *)y;
	int order = compare_folders(a, b);

	if (!order && a->kind != b->kind)
		order = a->kind < b->kind ? -1 : 1;
	return order ? order : (a > b) - (a < b);
}

static void sort_lonely(struct lonely_order *o)
{
	if (o->n)
		qsort(o->at, o->n, sizeof *o->at, by_kind);
}

static struct lonely_order order_lonely(struct comparer *c, struct lonelies *l)
{
	struct lonely_order o = {0};

	for (size_t i = 0; i < l->n; i++)
		if (l->at[i].entry.content->sha256[0])
			vec_push_in(&c->result->arena, &o, &l->at[i]);
	sort_lonely(&o);
	return o;
}

static void mark_shared(const struct lonely_order *a, const struct lonely_order *b)
{
	for (size_t i = 0, k = 0; i < a->n && k < b->n;) {
		int order = compare_folders(a->at[i], b->at[k]);

		if (!order)
			a->at[i]->shared = b->at[k]->shared = true;
		/* All of the first's, then the second goes on from where the folder began. */
		if (order <= 0)
			i++;
		else
			k++;
	}
	for (size_t k = 1; k < b->n; k++)
		if (b->at[k - 1]->shared && compare_folders(b->at[k - 1], b->at[k]) == 0)
			b->at[k]->shared = true;
}

static bool find_kinds(
	struct comparer *c, const struct side *s, const struct lonely_order *o, struct error *err)
{
	for (size_t i = 0; i < o->n; i++) {
		struct lonely *l = o->at[i];
		const char *path = NULL;
		bool ok = !l->shared || take_out(c, s, l->entry.number, &path, err);

		if (ok && path)
			l->kind = contents_kind(path);
		if (path)
			unlink(path);
		if (!ok)
			return false;
	}
	return true;
}

/* A file named after its content (a layer of a container image) has another name when it differs: files of the same kind in the
 * same folder are paired, in their order. */
static bool pair_lonely(struct comparer *c, const struct side *a, struct lonelies *x,
	const struct side *b, struct lonelies *y, struct error *err)
{
	struct lonely_order first = order_lonely(c, x), second = order_lonely(c, y);

	mark_shared(&first, &second);
	if (!find_kinds(c, a, &first, err) || !find_kinds(c, b, &second, err))
		return false;
	sort_lonely(&first);
	sort_lonely(&second);
	for (size_t i = 0, k = 0; i < first.n && k < second.n;) {
		struct lonely *p = first.at[i], *q = second.at[k];
		int order = compare_folders(p, q);

		if (!order && p->kind != q->kind)
			order = p->kind < q->kind ? -1 : 1;
		if (!order) {
			p->mate = q;
			q->mate = p;
		}
		i += order <= 0;
		k += order >= 0;
	}
	return true;
}

static bool compare_pairs(struct comparer *c, const struct side *a, const struct lonelies *x,
	const struct side *b, bool containers, struct error *err)
{
	for (size_t i = 0; i < x->n; i++)
		if (x->at[i].mate && (x->at[i].kind != CONTENTS_NONE) == containers &&
			!compare_entries(c, a, &x->at[i].entry, b, &x->at[i].mate->entry, err))
			return false;
	return true;
}

static void tell_lonely(struct comparer *c, const struct lonelies *l, const char *what)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i].mate)
			continue;
		vec_push_in(&c->result->arena, &c->inside,
			arena_str(&c->result->arena, l->at[i].entry.content->path));
		found(c, what, NULL);
		c->inside.n--;
	}
}

static bool compare_sides(
	struct comparer *c, const struct side *a, const struct side *b, struct error *err)
{
	struct lonelies only_a = {0}, only_b = {0};
	size_t i = 0, k = 0;
	bool ok = true;

	while (ok && (i < a->entries.n || k < b->entries.n)) {
		const struct entry *x = i < a->entries.n ? &a->entries.at[i] : NULL;
		const struct entry *y = k < b->entries.n ? &b->entries.at[k] : NULL;
		int order = !x ? 1 : !y ? -1 : strcmp(x->content->path, y->content->path);

		if (order == 0)
			ok = compare_entries(c, a, x, b, y, err);
		else if (order < 0)
			vec_push_in(&c->result->arena, &only_a, (struct lonely){.entry = *x});
		else
			vec_push_in(&c->result->arena, &only_b, (struct lonely){.entry = *y});
		i += order <= 0;
		k += order >= 0;
	}
	/* Containers first: what differs in them says more. */
	ok = ok && pair_lonely(c, a, &only_a, b, &only_b, err) &&
	     compare_pairs(c, a, &only_a, b, true, err) &&
	     compare_pairs(c, a, &only_a, b, false, err);
	tell_lonely(c, &only_a, "only the first has it");
	tell_lonely(c, &only_b, "only the second has it");
	return ok;
}

/* What may merely follow from other differences (one more file renumbers all others) is reported only if there are no others. */
static void tell_more(struct comparer *c, const struct side *a, const struct side *b)
{
	for (size_t i = 0; i < a->entries.n && i < b->entries.n; i++) {
		const struct content *x = a->entries.at[i].content, *y = b->entries.at[i].content;

		if (strcmp(x->more, y->more) == 0)
			continue;
		vec_push_in(&c->result->arena, &c->inside, arena_str(&c->result->arena, x->path));
		found(c, arena_fmt(&c->result->arena, "it is %s; and %s", x->more, y->more), NULL);
		c->inside.n--;
	}
}

/* The same files: then their order differs, or bytes that belong to none of them. */
static void tell_rest(
	struct comparer *c, const struct side *a, const struct side *b, uint64_t offset)
{
	struct arena *arena = &c->result->arena;

	for (size_t i = 0; i < a->contents.of.n && i < b->contents.of.n; i++) {
		const char *x = a->contents.of.at[i].path, *y = b->contents.of.at[i].path;

		if (strcmp(x, y) == 0)
			continue;
		found(c,
			arena_fmt(arena,
				"its files are the same, in another order: %s stands where %s does",
				x, y),
			&offset);
		return;
	}
	found(c,
		arena_fmt(arena,
			"its files are the same, but bytes around them differ from offset %" PRIu64
			" on",
			offset),
		&offset);
}

static bool compare_containers(struct comparer *c, const char *first, const char *second,
	enum contents_kind kind, uint64_t offset, struct error *err)
{
	struct side a = {.path = first, .kind = kind}, b = {.path = second, .kind = kind};
	size_t before = c->result->n;
	bool ok = open_side(&a, err) && open_side(&b, err) && compare_sides(c, &a, &b, err);

	if (ok && c->result->n == before)
		tell_more(c, &a, &b);
	if (ok && c->result->n == before)
		tell_rest(c, &a, &b, offset);
	contents_release(&a.contents);
	contents_release(&b.contents);
	return ok;
}

/* ---- two files that another program opens ---- */

static bool compare_disks(struct comparer *c, const char *first, const char *second,
	uint64_t around, struct error *err)
{
	size_t before = c->result->n;
	bool ok;

	vec_push_in(&c->result->arena, &c->inside, "disk");
	ok = compare_pair(c, first, second, err);
	c->inside.n--;
	if (ok && c->result->n == before)
		found(c,
			arena_fmt(&c->result->arena,
				"the disk in it is the same, but bytes around it differ from offset %" PRIu64
				" on",
				around),
			&around);
	return ok;
}

static bool compare_opened(struct comparer *c, const char *first, const char *second,
	const struct format *format, uint64_t offset, struct error *err)
{
	struct arena *a = &c->result->arena;
	const char *x = arena_fmt(a, "taken-%zu", c->taken++);
	const char *y = arena_fmt(a, "taken-%zu", c->taken++);
	const char *one = arena_fmt(a, "%s/%s", c->work, x);
	const char *other = arena_fmt(a, "%s/%s", c->work, y);
	struct error ignored;
	bool ok = opener_run(format, first, c->work, x, err) &&
		  opener_run(format, second, c->work, y, err) &&
		  (opener_makes(format) == CONTENTS_NONE
				  ? compare_disks(c, one, other, offset, err)
				  : compare_containers(
					    c, one, other, opener_makes(format), offset, err));

	ok = place_remove(one, ok ? err : &ignored) && ok;
	return place_remove(other, ok ? err : &ignored) && ok;
}

/* Was a difference inside reported? If not, and without an error, they are no containers or nested too deep. A file with an
 * opener is not examined in any other way: the first bytes of a FAT file system could be mistaken for a partition table. */
static bool compare_inside(struct comparer *c, const char *first, const char *second,
	uint64_t offset, struct error *err)
{
	const struct format *format = opener_find(c->catalog, first);
	enum contents_kind kind = format ? CONTENTS_NONE : contents_kind(first);

	if (c->inside.n >= DEEPEST)
		return false;
	if (kind != CONTENTS_NONE && kind == contents_kind(second))
		return compare_containers(c, first, second, kind, offset, err);
	return format && format == opener_find(c->catalog, second) &&
	       compare_opened(c, first, second, format, offset, err);
}

static bool compare_pair(
	struct comparer *c, const char *first, const char *second, struct error *err)
{
	uint64_t offset;
	bool same;

	if (!compare_bytes(first, second, &same, &offset, err))
		return false;
	if (same || compare_inside(c, first, second, offset, err))
		return true;
	if (err->kind == ERROR_HOST)
		return false;
	*err = (struct error){0}; /* if opening fails after all compare as bytes */
	found(c,
		arena_fmt(&c->result->arena, "its bytes differ from offset %" PRIu64 " on", offset),
		&offset);
	return true;
}

bool compare_files(struct comparison *result, const char *first, const char *second,
	const char *work, const struct catalog *catalog, struct error *err)
{
	struct comparer c = {.result = result, .work = work, .catalog = catalog};
	bool ok;

	*err = (struct error){0};
	*result = (struct comparison){.arena = ARENA_INIT};
	ok = compare_bytes(first, second, &result->same, &result->offset, err) &&
	     (result->same || compare_pair(&c, first, second, err));
	if (!ok)
		comparison_release(result);
	return ok;
}

void comparison_release(struct comparison *c)
{
	arena_release(&c->arena);
	*c = (struct comparison){.arena = ARENA_INIT};
}
