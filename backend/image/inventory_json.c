/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the manifest says about an image's weight. */
#include "image/inventory.h"

#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

enum { FILES_LISTED = 200 }; /* the rest is only counted */

struct package {
	const char *name;
	uint64_t bytes, files;
};

struct packages {
	struct package *at;
	size_t n, cap;
};

static int by_name(const void *left, const void *right)
{
	const struct inventory_file *a = left, *b = right;
	int by_package = strcmp(a->package, b->package);

	return by_package ? by_package : strcmp(a->path, b->path);
}

static int by_size(const void *left, const void *right)
{
	const struct inventory_file *a = left, *b = right;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	return by_name(left, right);
}

static int by_weight(const void *left, const void *right)
{
	const struct package *a = left, *b = right;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Sorts the files so that those of a package are together. */
static void add_up(const struct inventory_file *files, size_t n, struct packages *out)
{
	for (size_t i = 0; i < n; i++) {
		if (!out->n || strcmp(out->at[out->n - 1].name, files[i].package) != 0)
			vec_push(out, (struct package){.name = files[i].package});
		out->at[out->n - 1].bytes += files[i].bytes;
		out->at[out->n - 1].files++;
	}
	if (out->n)
		qsort(out->at, out->n, sizeof *out->at, by_weight);
}

static json_t *packages_json(struct inventory_file *files, size_t n)
{
	struct packages all = {0};
	json_t *list = json_array();

	qsort(files, n, sizeof *files, by_name);
	add_up(files, n, &all);
	for (size_t i = 0; i < all.n; i++)
		json_array_append_new(list,
			json_pack("{s:s,s:I,s:I}", "name", all.at[i].name, "bytes",
				(json_int_t)all.at[i].bytes, "files", (json_int_t)all.at[i].files));
	vec_release(&all);
	return list;
}

static json_t *files_json(struct inventory_file *files, size_t n)
{
	json_t *list = json_array();

	qsort(files, n, sizeof *files, by_size);
	for (size_t i = 0; i < n && i < FILES_LISTED; i++) {
		json_t *path = json_string(files[i].path);

		json_array_append_new(list,
			json_pack("{s:o,s:s,s:I}", "path", path ? path : json_string("?"),
				"package", files[i].package, "bytes", (json_int_t)files[i].bytes));
	}
	return list;
}

static void add_part(
	json_t *list, const char *name, uint64_t bytes, uint64_t content, const char *compression)
{
	json_t *o;

	if (!bytes)
		return;
	o = json_pack("{s:s,s:I}", "name", name, "bytes", (json_int_t)bytes);
	if (content)
		json_object_set_new(o, "content", json_integer((json_int_t)content));
	if (*compression)
		json_object_set_new(o, "compression", json_string(compression));
	json_array_append_new(list, o);
}

/* The known parts, what is around them, and what is empty. */
static json_t *parts_json(const struct inventory *c, uint64_t bytes, uint64_t filled)
{
	json_t *list = json_array();
	uint64_t known = 0;

	for (size_t i = 0; i < c->parts.n; i++) {
		const struct inventory_part *p = &c->parts.at[i];

		known += p->bytes;
		add_part(list, p->name, p->bytes, p->content, p->compression);
	}
	if (c->parts.n) {
		add_part(list, "tables", filled > known ? filled - known : 0, 0, "");
		add_part(list, "empty", bytes - filled, 0, "");
	}
	return list;
}

void inventory_put_set_id(const struct inventory *c, json_t *to)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->set_id.n; i++) {
		const struct inventory_set_id *s = &c->set_id.at[i];
		json_t *path = json_string(s->path);
		char mode[8];

		snprintf(mode, sizeof mode, "%04o", s->mode & 07777u);
		json_array_append_new(
			list, json_pack("{s:o,s:s,s:s,s:I,s:I}", "path",
				      path ? path : json_string("?"), "package", s->package, "mode",
				      mode, "uid", (json_int_t)s->uid, "gid", (json_int_t)s->gid));
	}
	if (c->set_id.n)
		json_object_set(to, INVENTORY_SET_ID, list);
	json_decref(list);
}

bool inventory_json(const struct inventory *c, const char *path, const char *file, json_t **out,
	struct error *err)
{
	struct inventory_file *files = xmalloc((c->files.n + 1) * sizeof *files);
	uint64_t filled = 0, content = 0;
	struct stat st;
	bool ok = stat(path, &st) == 0 || error_errno(err, "%s cannot be read", path);

	ok = ok && inventory_measure(path, &filled, err);
	if (ok) {
		if (c->files.n)
			memcpy(files, c->files.at, c->files.n * sizeof *files);
		for (size_t i = 0; i < c->files.n; i++)
			content += files[i].bytes;
		*out = json_pack("{s:s,s:I}", "file", file, "bytes", (json_int_t)st.st_size);
		if (*c->compression)
			json_object_set_new(*out, "compression", json_string(c->compression));
	}
	if (ok && c->files.n) {
		json_object_set_new(*out, "content", json_integer((json_int_t)content));
		json_object_set_new(*out, "content_files", json_integer((json_int_t)c->files.n));
		json_object_set_new(*out, "parts", parts_json(c, (uint64_t)st.st_size, filled));
		json_object_set_new(*out, "packages", packages_json(files, c->files.n));
		json_object_set_new(*out, "files", files_json(files, c->files.n));
		inventory_put_set_id(c, *out);
	}
	free(files);
	return ok;
}
