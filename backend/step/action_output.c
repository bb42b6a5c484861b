/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output FOLDER [FROM NAME]...: the results folder. Every file appears whole, by rename; the manifest comes last, so that it
 * never speaks of files that are not there. Files of an earlier build go only when its manifest lists them.
 */
#include "base/arena.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/history.h"
#include "image/inventory.h"
#include "step/action.h"
#include "tree/firmware.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

struct results {
	const struct action_context *context;
	const char *folder;
	json_t *artifacts;
	json_t *sizes; /* what each file weighs, and what is in it */
	struct text sums;
	struct text advice; /* a sentence for the person; empty: none */
};

static bool is_plain_name(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/');
}

static bool make_folder(const char *folder, struct error *err)
{
	struct stat st;

	if (stat(folder, &st) == 0 && !S_ISDIR(st.st_mode))
		return error_set(err, ERROR_HOST,
			"the results folder %s is a file; name another one with --output", folder);
	if (place_make_folder(folder, err)) {
		if (access(folder, W_OK | X_OK) == 0)
			return true;
		error_errno(err, "it cannot be written");
	}
	err->kind = ERROR_HOST;
	return error_in(
		err, "the results folder %s (another one can be named with --output)", folder);
}

/* Copies under a passing name, then lets it appear. */
static bool place_file(
	const struct results *r, const char *from, const char *name, struct error *err)
{
	struct text passing = TEXT_INIT, to = TEXT_INIT;
	bool ok;

	text_fmt(&passing, "%s/.%s.new", r->folder, name);
	text_fmt(&to, "%s/%s", r->folder, name);
	unlink(passing.s); /* of a build that was killed */
	ok = copy_file(from, passing.s, true, err) &&
	     (rename(passing.s, to.s) == 0 || error_errno(err, "%s cannot be written", to.s));
	if (!ok)
		unlink(passing.s);
	text_release(&passing);
	text_release(&to);
	return ok;
}

static bool record(struct results *r, const char *name, struct error *err)
{
	struct text path = TEXT_INIT;
	char hex[HASH_HEX];
	struct stat st;
	bool ok;

	text_fmt(&path, "%s/%s", r->folder, name);
	ok = hash_file(path.s, hex, err) &&
	     (stat(path.s, &st) == 0 || error_errno(err, "%s cannot be read", path.s));
	if (ok) {
		json_array_append_new(
			r->artifacts, json_pack("{s:s,s:I,s:s}", "path", name, "bytes",
					      (json_int_t)st.st_size, "sha256", hex));
		text_fmt(&r->sums, "%s  %s\n", hex, name);
	}
	text_release(&path);
	return ok;
}

/* The record lies beside an image; a file of a component has none. */
static bool weigh(struct results *r, const char *from, const char *name, struct error *err)
{
	struct arena a = ARENA_INIT;
	json_t *size = NULL;
	struct inventory c;
	bool ok = inventory_load(&c, dirname(arena_str(&a, from)), err) &&
		  inventory_json(&c, from, name, &size, err);

	if (ok)
		json_array_append_new(r->sizes, size);
	inventory_release(&c);
	arena_release(&a);
	return ok;
}

static bool add_image(struct results *r, const char *from, const char *name, struct error *err)
{
	if (!is_plain_name(name))
		return error_set(err, ERROR_PROFILE,
			"'%s' is no name for a file of the results folder", name);
	if (access(from, F_OK) != 0)
		return error_set(
			err, ERROR_STEP, "%s was to become %s, but it is not there", from, name);
	return place_file(r, from, name, err) && record(r, name, err) && weigh(r, from, name, err);
}

static bool add_text(
	const struct results *r, const char *name, const char *content, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	text_fmt(&path, "%s/%s", r->folder, name);
	if (content)
		ok = place_write_file(path.s, content, strlen(content), err);
	text_release(&path);
	return ok;
}

static bool is_wanted(const struct results *r, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach(r->artifacts, i,
		item) if (strcmp(json_string_value(json_object_get(item, "path")), name) ==
			  0) return true;
	return false;
}

/* Images that the manifest of an earlier build lists and that were not asked for this time. */
static void remove_old(const struct results *r)
{
	struct text path = TEXT_INIT;
	json_t *old;
	const json_t *item;
	size_t i;

	text_fmt(&path, "%s/manifest.json", r->folder);
	old = json_load_file(path.s, 0, NULL);
	json_array_foreach(json_object_get(old, "artifacts"), i, item)
	{
		const char *name = json_string_value(json_object_get(item, "path"));

		if (!name || !is_plain_name(name) || is_wanted(r, name))
			continue;
		text_clear(&path);
		text_fmt(&path, "%s/%s", r->folder, name);
		unlink(path.s);
	}
	json_decref(old);
	text_release(&path);
}

/* What building each unit cost when it was last built, here or for another profile. */
static json_t *build_seconds(const struct action_context *c)
{
	json_t *units = json_object();
	struct history h;

	history_load(&h, c->place);
	for (size_t i = 0; i < c->plan->steps.n; i++) {
		const struct step *s = c->plan->steps.at[i];
		const struct history_entry *e = history_find(&h, s->id, c->plan->profile);
		double before = json_number_value(json_object_get(units, s->unit->name));

		if (e && s != c->step)
			json_object_set_new(units, s->unit->name,
				json_real(
					(double)(long)((before + e->seconds) * 1000 + 0.5) / 1000));
	}
	history_release(&h);
	return units;
}

/* The lists beside the images of all trees. */
static bool add_firmware(struct results *r, json_t *root, struct error *err)
{
	const struct plan *plan = r->context->plan;
	json_t *list = json_array();
	struct firmware_list all = {0};
	struct arena a = ARENA_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < plan->units.n; i++)
		if (plan->units.at[i]->tree)
			ok = firmware_load(&all, plan->units.at[i]->result, &a, err);
	for (size_t i = 0; i < all.n; i++)
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:b}", "module", all.at[i].module, "file",
				      all.at[i].file, "present", (int)all.at[i].present));
	if (all.n)
		json_object_set(root, "firmware", list);
	firmware_say(&all, &r->advice);
	json_decref(list);
	vec_release(&all);
	arena_release(&a);
	return ok;
}

static bool write_manifest(struct results *r, struct error *err)
{
	const char *source = r->context->plan->manifest_text;
	json_t *root = source ? json_loads(source, 0, NULL) : NULL;
	struct text out = TEXT_INIT;
	char *dump;
	bool ok;

	if (!root)
		root = json_object();
	json_object_set(root, "artifacts", r->artifacts);
	json_object_set(root, "sizes", r->sizes);
	json_object_set_new(root, "build_seconds", build_seconds(r->context));
	ok = add_firmware(r, root, err);
	dump = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	text_fmt(&out, "%s\n", dump ? dump : "{}");
	ok = ok && add_text(r, "manifest.json", out.s, err);
	free(dump);
	text_release(&out);
	json_decref(root);
	return ok;
}

bool action_output(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct results r = {c, args->at[0], json_array(), json_array(), TEXT_INIT, TEXT_INIT};
	bool ok = make_folder(r.folder, err);

	if (ok && args->n % 2 == 0)
		ok = error_set(
			err, ERROR_INTERNAL, "'output' needs a folder and pairs of FROM and NAME");
	for (size_t i = 1; ok && i + 1 < args->n; i += 2) {
		ok = add_image(&r, args->at[i], args->at[i + 1], err);
		action_progress(c, (i + 1) / 2, args->n / 2, "files");
	}
	ok = ok && add_text(&r, "profile", c->plan->profile_text, err) &&
	     add_text(&r, "lock", c->plan->lock_text, err) &&
	     add_text(&r, "SHA256SUMS", r.sums.s, err);
	if (ok)
		remove_old(&r);
	ok = ok && write_manifest(&r, err);
	if (ok && r.advice.len)
		action_tell(c, "note %s", r.advice.s);
	json_decref(r.artifacts);
	json_decref(r.sizes);
	text_release(&r.sums);
	text_release(&r.advice);
	return ok;
}
