/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what images, parts and files weigh from the manifest. */
#include "cache/weight.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fields.h"
#include "cache/results.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static int by_weight(const void *left, const void *right)
{
	const struct weight_row *a = left, *b = right;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void take_rows(
	struct weight *w, const json_t *list, const char *name, struct weight_rows *to)
{
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		vec_push_in(&w->arena, to,
			(struct weight_row){.name = field_text(o, name, &w->arena),
				.bytes = field_number(o, "bytes"),
				.content = field_number(o, "content"),
				.compression = field_text(o, "compression", &w->arena),
				.package = field_text(o, "package", &w->arena),
				.files = field_number(o, "files")});
	}
	if (to->n)
		qsort(to->at, to->n, sizeof *to->at, by_weight);
}

static void take_set_id(struct weight *w, const json_t *list, struct weight_image *to)
{
	const json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		vec_push_in(&w->arena, &to->set_id,
			(struct weight_set_id){field_text(o, "path", &w->arena),
				field_text(o, "package", &w->arena),
				field_text(o, "mode", &w->arena), (unsigned)field_number(o, "uid"),
				(unsigned)field_number(o, "gid")});
	}
}

static void take_image(struct weight *w, const json_t *o)
{
	struct weight_image image = {.file = field_text(o, "file", &w->arena),
		.bytes = field_number(o, "bytes"),
		.content = field_number(o, "content"),
		.content_files = field_number(o, "content_files"),
		.compression = field_text(o, "compression", &w->arena)};

	take_rows(w, json_object_get(o, "parts"), "name", &image.parts);
	take_rows(w, json_object_get(o, "packages"), "name", &image.packages);
	take_rows(w, json_object_get(o, "files"), "path", &image.files);
	take_set_id(w, json_object_get(o, "set_id"), &image);
	vec_push_in(&w->arena, &w->images, image);
}

bool weight_load(struct weight *w, const char *profile, const char *output, struct error *err)
{
	struct results r;
	const char *folder;
	const json_t *o;
	size_t i;

	*w = (struct weight){.arena = ARENA_INIT};
	folder = results_folder(&w->arena, profile, output);
	if (results_load(&r, folder, err)) {
		json_array_foreach(json_object_get(r.manifest, "sizes"), i, o)
		{
			take_image(w, o);
		}
		results_release(&r);
	}
	if (w->images.n)
		return true;
	error_set(err, ERROR_USAGE,
		"there is no build in %s that says what it weighs; build first: bootsmith build %s",
		folder, profile);
	weight_release(w);
	return false;
}

void weight_release(struct weight *w)
{
	arena_release(&w->arena);
}

bool weight_same(const struct weight_image *a, const struct weight_image *b)
{
	bool same = a->content == b->content && a->content_files == b->content_files &&
		    a->packages.n == b->packages.n;

	for (size_t i = 0; same && i < a->packages.n; i++)
		same = a->packages.at[i].bytes == b->packages.at[i].bytes &&
		       strcmp(a->packages.at[i].name, b->packages.at[i].name) == 0;
	return same;
}
