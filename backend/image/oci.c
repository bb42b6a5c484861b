/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a container image. The layout is itself a small tree, written by the same writer. */
#include "image/oci.h"

#include "base/arena.h"
#include "base/compress.h"
#include "base/hash.h"
#include "image/pack.h"
#include "tree/tree.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define MEDIA "application/vnd.oci.image."

struct blob {
	char digest[HASH_HEX];
	uint64_t size;
};

struct layer {
	struct compress *z;
	struct hash *plain; /* of the archive before it is packed */
};

static bool to_layer(void *ctx, const void *bytes, size_t len, struct error *err)
{
	struct layer *l = ctx;

	hash_add(l->plain, bytes, len);
	return compress_write(l->z, bytes, len, err);
}

/* The layer's file; `plain` is the digest of its uncompressed content. */
static bool write_layer(const struct tree *t, const char *path, const struct oci_options *o,
	struct blob *blob, char plain[HASH_HEX], struct error *err)
{
	struct layer l = {.plain = hash_new()};
	struct pack_options p = {.format = PACK_TAR,
		.epoch = o->epoch,
		.no_devices = true,
		.sink = to_layer,
		.sink_ctx = &l,
		.tell = o->tell,
		.tell_ctx = o->tell_ctx};
	bool ok = compress_open(&l.z, path, "gzip", tree_bytes(t), err) && pack_write(t, &p, err) &&
		  compress_finish(l.z, &blob->size, err);

	compress_free(l.z);
	if (ok)
		hash_finish(l.plain, plain);
	else
		hash_free(l.plain);
	return ok && hash_file(path, blob->digest, err);
}

/* Image names allow only lower-case letters and few symbols. */
static const char *image_name(struct arena *a, const char *name)
{
	char *s = arena_strn(a, name, strlen(name));

	for (char *c = s; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		else if (!(*c >= 'a' && *c <= 'z') && !(*c >= '0' && *c <= '9') &&
			 !strchr("._-", *c))
			*c = '-';
	}
	return s;
}

/* ---- the layout ---- */

struct layout {
	struct tree tree;
	struct arena arena;
};

static bool add(struct layout *l, struct tree_entry e, struct error *err)
{
	e.kind = TREE_FILE;
	e.mode = 0644;
	e.owner = "the image layout";
	return tree_add(&l->tree, &e, err);
}

static bool add_text(struct layout *l, const char *path, const char *s, struct error *err)
{
	return add(
		l, (struct tree_entry){.path = path, .content = s, .content_len = strlen(s)}, err);
}

/* Takes ownership of the object. */
static const char *dump(struct layout *l, json_t *o)
{
	char *s = json_dumps(o, JSON_COMPACT | JSON_SORT_KEYS);
	const char *copy;

	if (!s)
		abort();
	copy = arena_str(&l->arena, s);
	free(s);
	json_decref(o);
	return copy;
}

static json_t *digest_of(const char *hex)
{
	return json_sprintf("sha256:%s", hex);
}

static json_t *descriptor(const char *media, const struct blob *b)
{
	return json_pack("{s:s,s:o,s:I}", "mediaType", media, "digest", digest_of(b->digest),
		"size", (json_int_t)b->size);
}

static const char *blob_path(struct layout *l, const struct blob *b)
{
	return arena_fmt(&l->arena, "/blobs/sha256/%s", b->digest);
}

/* A JSON document, also stored as a blob. */
static bool add_document(struct layout *l, const char *s, struct blob *b, struct error *err)
{
	hash_bytes(s, strlen(s), b->digest);
	b->size = strlen(s);
	return add_text(l, blob_path(l, b), s, err);
}

static const char *config_text(struct layout *l, const struct oci_options *o, const char *plain)
{
	json_t *command = json_array();
	char when[40] = "";
	struct tm tm;

	for (size_t i = 0; i < o->command->n; i++)
		json_array_append_new(command, json_string(o->command->at[i]));
	if (gmtime_r(&o->epoch, &tm))
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return dump(
		l, json_pack("{s:s,s:s,s:s,s:{s:o,s:[s],s:s},s:{s:s,s:[o]},s:[{s:s,s:s}]}",
			   "created", when, "architecture", o->arch, "os", o->os, "config", "Cmd",
			   command, "Env", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "WorkingDir", "/",
			   "rootfs", "type", "layers", "diff_ids", digest_of(plain), "history",
			   "created", when, "created_by", "bootsmith"));
}

static const char *manifest_text(
	struct layout *l, const struct blob *config, const struct blob *layer)
{
	return dump(l, json_pack("{s:i,s:s,s:o,s:[o]}", "schemaVersion", 2, "mediaType",
			       MEDIA "manifest.v1+json", "config",
			       descriptor(MEDIA "config.v1+json", config), "layers",
			       descriptor(MEDIA "layer.v1.tar+gzip", layer)));
}

static const char *index_text(
	struct layout *l, const struct oci_options *o, const struct blob *manifest)
{
	json_t *d = descriptor(MEDIA "manifest.v1+json", manifest);

	json_object_set_new(
		d, "platform", json_pack("{s:s,s:s}", "architecture", o->arch, "os", o->os));
	json_object_set_new(d, "annotations",
		json_pack("{s:o,s:o}", "org.opencontainers.image.ref.name",
			json_sprintf("%s:latest", image_name(&l->arena, o->name)),
			"io.containerd.image.name",
			json_sprintf("localhost/%s:latest", image_name(&l->arena, o->name))));
	return dump(l, json_pack("{s:i,s:s,s:[o]}", "schemaVersion", 2, "mediaType",
			       MEDIA "index.v1+json", "manifests", d));
}

static const char *docker_text(struct layout *l, const struct oci_options *o,
	const struct blob *config, const struct blob *layer)
{
	return dump(
		l, json_pack("[{s:s,s:[o],s:[s]}]", "Config", blob_path(l, config) + 1, "RepoTags",
			   json_sprintf("localhost/%s:latest", image_name(&l->arena, o->name)),
			   "Layers", blob_path(l, layer) + 1));
}

static bool fill(struct layout *l, const struct oci_options *o, const char *layer_file,
	const struct blob *layer, const char *plain, struct error *err)
{
	struct blob config, manifest;

	return add(l, (struct tree_entry){.path = blob_path(l, layer), .from = layer_file}, err) &&
	       add_document(l, config_text(l, o, plain), &config, err) &&
	       add_document(l, manifest_text(l, &config, layer), &manifest, err) &&
	       add_text(l, "/oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}", err) &&
	       add_text(l, "/index.json", index_text(l, o, &manifest), err) &&
	       add_text(l, "/manifest.json", docker_text(l, o, &config, layer), err) &&
	       tree_settle(&l->tree, err);
}

static bool to_file(void *ctx, const void *bytes, size_t len, struct error *err)
{
	return compress_write(ctx, bytes, len, err);
}

static bool write_layout(const struct layout *l, const char *path, const struct oci_options *o,
	uint64_t *size, struct error *err)
{
	struct compress *z = NULL;
	struct pack_options p = {.format = PACK_TAR, .epoch = o->epoch, .sink = to_file};
	bool ok = compress_open(&z, path, "none", 0, err);

	p.sink_ctx = z;
	ok = ok && pack_write(&l->tree, &p, err) && compress_finish(z, size, err);
	compress_free(z);
	if (!ok)
		unlink(path);
	return ok;
}

bool oci_write(const struct tree *t, const char *path, const struct oci_options *o, uint64_t *size,
	struct error *err)
{
	struct layout l = {.arena = ARENA_INIT};
	const char *layer_file = arena_fmt(&l.arena, "%s.layer", path);
	struct blob layer = {0};
	char plain[HASH_HEX];
	bool ok;

	l.tree.arena = &l.arena;
	ok = write_layer(t, layer_file, o, &layer, plain, err) &&
	     fill(&l, o, layer_file, &layer, plain, err) && write_layout(&l, path, o, size, err);
	unlink(layer_file);
	arena_release(&l.arena);
	return ok;
}
