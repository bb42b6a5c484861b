/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a manifest and starts a new one. */
#include "cache/results.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { MANIFEST_LIMIT = 64 << 20 };

struct field {
	const char *key;
	size_t offset; /* of a const char * */
};

static const struct field heads[] = {
	{"profile", offsetof(struct results, profile)}, {"key", offsetof(struct results, key)}};

/* In the order in which they are written. */
static const struct field component_fields[] = {{"name", offsetof(struct results_component, name)},
	{"source", offsetof(struct results_component, source)},
	{"version", offsetof(struct results_component, version)},
	{"archive", offsetof(struct results_component, archive)},
	{"sha256", offsetof(struct results_component, sha256)},
	{"licence", offsetof(struct results_component, licence)},
	{"url", offsetof(struct results_component, url)},
	{"key", offsetof(struct results_component, key)},
	{"patches", offsetof(struct results_component, patches)},
	{"licence_files", offsetof(struct results_component, licence_files)}};

static const struct field image_fields[] = {{"image", offsetof(struct results_image, format)},
	{"file", offsetof(struct results_image, file)}};

#define FIELDS(table) (table), sizeof(table) / sizeof *(table)

static void take(void *into, const struct field *fields, size_t n, const json_t *from)
{
	for (size_t i = 0; i < n; i++) {
		const char **to = (void *)((char *)into + fields[i].offset);

		*to = json_string_value(json_object_get(from, fields[i].key));
	}
}

static void put(json_t *into, const struct field *fields, size_t n, const void *from)
{
	for (size_t i = 0; i < n; i++) {
		const char *const *value = (const void *)((const char *)from + fields[i].offset);

		json_object_set_new(
			into, fields[i].key, *value ? json_string(*value) : json_null());
	}
}

const char *results_folder(struct arena *a, const char *profile, const char *wanted)
{
	return wanted ? wanted : arena_fmt(a, "out/%s", profile);
}

/* ---- reading ---- */

bool results_is_name(const char *name)
{
	return name && *name && *name != '.' && !strchr(name, '/');
}

static void take_components(struct results *r)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(r->manifest, "components"), i, o)
	{
		struct results_component c = {0};

		take(&c, FIELDS(component_fields), o);
		if (c.name && c.version)
			vec_push_in(&r->arena, &r->components, c);
	}
}

static void take_images(struct results *r)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(r->manifest, "images"), i, o)
	{
		struct results_image image = {0};

		take(&image, FIELDS(image_fields), o);
		if (image.format && results_is_name(image.file))
			vec_push_in(&r->arena, &r->images, image);
	}
}

static void take_artifacts(struct results *r)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(r->manifest, "artifacts"), i, o)
	{
		const char *file = json_string_value(json_object_get(o, "path"));
		const char *sha256 = json_string_value(json_object_get(o, "sha256"));
		json_int_t bytes = json_integer_value(json_object_get(o, "bytes"));

		if (results_is_name(file) && sha256 && hash_is_hex(sha256) && bytes >= 0)
			vec_push_in(&r->arena, &r->artifacts,
				(struct results_artifact){file, sha256, (uint64_t)bytes});
	}
}

static void take_replaced(struct results *r)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(r->manifest, "replaced"), i, o) if (json_is_string(o))
		vec_push_in(&r->arena, &r->replaced, json_string_value(o));
}

bool results_load(struct results *r, const char *folder, struct error *err)
{
	struct text text = TEXT_INIT;
	struct error ignored;
	const char *path;

	*r = (struct results){.arena = ARENA_INIT};
	path = arena_fmt(&r->arena, "%s/manifest.json", folder);
	if (text_read_file(&text, path, MANIFEST_LIMIT, &ignored))
		r->manifest = json_loadb(text.s, text.len, 0, NULL);
	text_release(&text);
	if (!json_is_object(r->manifest)) {
		error_set(err, ERROR_HOST, "%s cannot be read", path);
		results_release(r);
		return false;
	}
	take(r, FIELDS(heads), r->manifest);
	take_components(r);
	take_images(r);
	take_artifacts(r);
	take_replaced(r);
	return true;
}

void results_release(struct results *r)
{
	json_decref(r->manifest);
	arena_release(&r->arena);
	*r = (struct results){.arena = ARENA_INIT};
}

const char *results_image(const struct results *r, const char *format)
{
	for (size_t i = 0; i < r->images.n; i++)
		if (strcmp(r->images.at[i].format, format) == 0)
			return r->images.at[i].file;
	return NULL;
}

const struct results_artifact *results_artifact(const struct results *r, const char *file)
{
	for (size_t i = 0; i < r->artifacts.n; i++)
		if (strcmp(r->artifacts.at[i].file, file) == 0)
			return &r->artifacts.at[i];
	return NULL;
}

bool results_stand(const char *folder, const char *key)
{
	struct text path = TEXT_INIT;
	struct error ignored;
	struct results r;
	bool ok;

	if (!results_load(&r, folder, &ignored))
		return false;
	ok = r.key && strcmp(r.key, key) == 0 &&
	     r.artifacts.n == json_array_size(json_object_get(r.manifest, "artifacts"));
	for (size_t i = 0; ok && i < r.artifacts.n; i++) {
		struct stat st;

		text_clear(&path);
		text_fmt(&path, "%s/%s", folder, r.artifacts.at[i].file);
		ok = stat(path.s, &st) == 0 && (uint64_t)st.st_size == r.artifacts.at[i].bytes;
	}
	text_release(&path);
	results_release(&r);
	return ok;
}

void results_doubt(const char *folder)
{
	struct text path = TEXT_INIT;

	text_fmt(&path, "%s/manifest.json", folder);
	unlink(path.s);
	text_release(&path);
}

/* ---- starting one ---- */

const char *results_print(const struct results *r, struct arena *a)
{
	json_t *root = json_object(), *choices = json_object(), *components = json_array(),
	       *images = json_array(), *replaced = json_array();
	const char *text;
	char *s;

	for (size_t i = 0; i < r->choices.n; i++)
		json_object_set_new(
			choices, r->choices.at[i].name, json_string(r->choices.at[i].value));
	for (size_t i = 0; i < r->components.n; i++) {
		json_array_append_new(components, json_object());
		put(json_array_get(components, i), FIELDS(component_fields), &r->components.at[i]);
	}
	for (size_t i = 0; i < r->images.n; i++) {
		json_array_append_new(images, json_object());
		put(json_array_get(images, i), FIELDS(image_fields), &r->images.at[i]);
	}
	put(root, FIELDS(heads), r);
	json_object_set_new(root, "choices", choices);
	json_object_set_new(root, "components", components);
	json_object_set_new(root, "images", images);
	for (size_t i = 0; i < r->replaced.n; i++)
		json_array_append_new(replaced, json_string(r->replaced.at[i]));
	json_object_set_new(root, "replaced", replaced);
	s = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	if (!s)
		abort();
	text = arena_str(a, s);
	free(s);
	return text;
}
