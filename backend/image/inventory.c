/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records what goes into an image while it is written, and adds up what it weighs. */
#include "image/inventory.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fields.h"
#include "base/place.h"
#include "base/sparse.h"
#include "base/text.h"
#include "tree/tree.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define FILE_NAME "inventory"
#define RECIPE	  "recipe "
#define IMAGE	  "image "
#define LISTS	  "share/rootfs/"
enum { BLOCK = 4096, PIECE = 256 * BLOCK, INVENTORY_LIMIT = 256 << 20 };

/* ---- the file ---- */

static void take_all(struct inventory *c, const json_t *root)
{
	const json_t *o;
	size_t i;

	c->compression = field_text(root, "compression", &c->arena);
	json_array_foreach(json_object_get(root, "parts"), i, o)
	{
		vec_push_in(&c->arena, &c->parts,
			(struct inventory_part){field_text(o, "name", &c->arena),
				field_number(o, "bytes"), field_number(o, "content"),
				field_text(o, "compression", &c->arena)});
	}
	json_array_foreach(json_object_get(root, "files"), i, o)
	{
		vec_push_in(&c->arena, &c->files,
			(struct inventory_file){field_text(o, "path", &c->arena),
				field_text(o, "package", &c->arena), field_number(o, "bytes")});
	}
	json_array_foreach(json_object_get(root, INVENTORY_SET_ID), i, o)
	{
		vec_push_in(&c->arena, &c->set_id,
			(struct inventory_set_id){field_text(o, "path", &c->arena),
				field_text(o, "package", &c->arena),
				(unsigned)strtoul(field_text(o, "mode", &c->arena), NULL, 8),
				(unsigned)field_number(o, "uid"),
				(unsigned)field_number(o, "gid")});
	}
}

bool inventory_load(struct inventory *c, const char *folder, struct error *err)
{
	const char *path;
	struct text text = TEXT_INIT;
	json_error_t why;
	json_t *root;

	*c = (struct inventory){.arena = ARENA_INIT, .compression = ""};
	path = arena_fmt(&c->arena, "%s/" FILE_NAME, folder);
	if (access(path, F_OK) != 0)
		return true;
	if (!text_read_file(&text, path, INVENTORY_LIMIT, err))
		return false;
	root = json_loadb(text.s, text.len, 0, &why);
	text_release(&text);
	if (!root)
		return error_set(err, ERROR_STEP,
			"%s is damaged (%s); `bootsmith cache verify` looks for more", path,
			why.text);
	take_all(c, root);
	json_decref(root);
	return true;
}

void inventory_release(struct inventory *c)
{
	arena_release(&c->arena);
}

static json_t *part_json(const struct inventory_part *p)
{
	json_t *o = json_pack("{s:s,s:I}", "name", p->name, "bytes", (json_int_t)p->bytes);

	if (p->content)
		json_object_set_new(o, "content", json_integer((json_int_t)p->content));
	if (*p->compression)
		json_object_set_new(o, "compression", json_string(p->compression));
	return o;
}

/* A name that is not UTF-8 cannot be written as JSON; its size counts all the same. */
static json_t *file_json(const struct inventory_file *f)
{
	json_t *path = json_string(f->path);

	return json_pack("{s:o,s:s,s:I}", "path", path ? path : json_string("?"), "package",
		f->package, "bytes", (json_int_t)f->bytes);
}

bool inventory_save(const struct inventory *c, const char *folder, struct error *err)
{
	json_t *root = json_object(), *files = json_array(), *parts = json_array();
	struct text path = TEXT_INIT;
	char *dump;
	bool ok;

	for (size_t i = 0; i < c->parts.n; i++)
		json_array_append_new(parts, part_json(&c->parts.at[i]));
	for (size_t i = 0; i < c->files.n; i++)
		json_array_append_new(files, file_json(&c->files.at[i]));
	json_object_set_new(root, "compression", json_string(c->compression));
	json_object_set_new(root, "parts", parts);
	json_object_set_new(root, "files", files);
	inventory_put_set_id(c, root);
	dump = json_dumps(root, JSON_COMPACT);
	text_fmt(&path, "%s/" FILE_NAME, folder);
	ok = place_write_soon(path.s, dump, strlen(dump), err);
	free(dump);
	json_decref(root);
	text_release(&path);
	return ok;
}

/* ---- what goes in ---- */

/* "recipe busybox" is the package busybox, "share/rootfs/base.files:12" the list base. */
static const char *package_of(struct inventory *c, const struct tree_entry *e)
{
	if (e->wins)
		return "overlay";
	if (e->rank == TREE_MADE)
		return "triggers";
	if (strncmp(e->owner, RECIPE, strlen(RECIPE)) == 0)
		return arena_str(&c->arena, e->owner + strlen(RECIPE));
	if (strncmp(e->owner, LISTS, strlen(LISTS)) == 0)
		return arena_fmt(&c->arena, "rootfs/%.*s",
			(int)strcspn(e->owner + strlen(LISTS), ".:"), e->owner + strlen(LISTS));
	if (strncmp(e->owner, IMAGE, strlen(IMAGE)) == 0)
		return arena_str(&c->arena, e->owner);
	return "libraries";
}

static uint64_t content_of(const struct inventory *c)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->files.n; i++)
		sum += c->files.at[i].bytes;
	return sum;
}

static struct inventory_part *part_of(struct inventory *c, const char *name)
{
	for (size_t i = 0; i < c->parts.n; i++)
		if (strcmp(c->parts.at[i].name, name) == 0)
			return &c->parts.at[i];
	vec_push_in(&c->arena, &c->parts,
		(struct inventory_part){.name = arena_str(&c->arena, name), .compression = ""});
	return &c->parts.at[c->parts.n - 1];
}

/* Including what the file itself contains; *is_image false: the file has no record, and with `whole` it is a part anyway. */
static bool add_image(struct inventory *c, const char *name, const char *file, uint64_t bytes,
	bool whole, bool *is_image, struct error *err)
{
	const char *folder = dirname(arena_str(&c->arena, file));
	struct inventory_part *p;
	struct inventory inner;
	bool ok = inventory_load(&inner, folder, err);

	*is_image = ok && inner.files.n;
	if (ok && (*is_image || whole)) {
		p = part_of(c, name);
		p->bytes += bytes;
		p->content += content_of(&inner);
		p->compression = arena_str(&c->arena, inner.compression);
	}
	for (size_t i = 0; ok && i < inner.files.n; i++) {
		const struct inventory_file *f = &inner.files.at[i];

		vec_push_in(&c->arena, &c->files,
			(struct inventory_file){arena_str(&c->arena, f->path),
				arena_str(&c->arena, f->package), f->bytes});
	}
	for (size_t i = 0; ok && i < inner.set_id.n; i++) {
		struct inventory_set_id s = inner.set_id.at[i];

		s.path = arena_str(&c->arena, s.path);
		s.package = arena_str(&c->arena, s.package);
		vec_push_in(&c->arena, &c->set_id, s);
	}
	inventory_release(&inner);
	return ok;
}

bool inventory_add_tree(struct inventory *c, const struct tree *t, struct error *err)
{
	for (size_t i = 0; i < t->entries.n; i++) {
		const struct tree_entry *e = &t->entries.at[i];
		bool is_image = false;

		if (e->kind != TREE_FILE)
			continue;
		if (e->mode & (S_ISUID | S_ISGID))
			vec_push_in(&c->arena, &c->set_id,
				(struct inventory_set_id){arena_str(&c->arena, e->path),
					package_of(c, e), e->mode, e->uid, e->gid});
		if (e->from && strncmp(e->owner, IMAGE, strlen(IMAGE)) == 0 &&
			!add_image(c, e->owner + strlen(IMAGE), e->from, tree_file_bytes(e), false,
				&is_image, err))
			return false;
		if (!is_image)
			vec_push_in(&c->arena, &c->files,
				(struct inventory_file){arena_str(&c->arena, e->path),
					package_of(c, e), tree_file_bytes(e)});
	}
	return true;
}

bool inventory_add_part(struct inventory *c, const char *name, const char *file, struct error *err)
{
	uint64_t bytes;
	bool is_image;

	return inventory_measure(file, &bytes, err) &&
	       add_image(c, name, file, bytes, true, &is_image, err);
}

/* ---- measuring ---- */

static bool is_empty(const char *bytes, size_t len)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0;
}

static uint64_t count_piece(const char *bytes, size_t len)
{
	uint64_t count = 0;

	for (size_t at = 0; at < len; at += BLOCK) {
		size_t n = len - at < BLOCK ? len - at : BLOCK;

		count += is_empty(bytes + at, n) ? 0 : n;
	}
	return count;
}

bool inventory_measure(const char *path, uint64_t *bytes, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *piece = xmalloc(PIECE);
	uint64_t at = 0, hole = 0;
	ssize_t n = -1;

	*bytes = 0;
	while (fd >= 0 && ((n = sparse_read(fd, &at, piece, PIECE, &hole)) > 0 || hole))
		*bytes += count_piece(piece, (size_t)n);
	if (n < 0)
		error_errno(err, "%s cannot be read", path);
	if (fd >= 0)
		close(fd);
	free(piece);
	return n >= 0;
}
