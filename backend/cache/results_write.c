/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a build's results. */
#include "cache/results.h"

#include "base/copy.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

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

bool results_begin(struct results_writer *w, const char *folder, struct error *err)
{
	*w = (struct results_writer){folder, json_array(), TEXT_INIT};
	if (make_folder(folder, err))
		return true;
	results_writer_release(w);
	return false;
}

void results_writer_release(struct results_writer *w)
{
	json_decref(w->artifacts);
	text_release(&w->sums);
	*w = (struct results_writer){.sums = TEXT_INIT};
}

/* Copies under a temporary name, then renames. */
static bool place_file(
	const struct results_writer *w, const char *from, const char *name, struct error *err)
{
	struct text passing = TEXT_INIT, to = TEXT_INIT;
	bool ok;

	text_fmt(&passing, "%s/.%s.new", w->folder, name);
	text_fmt(&to, "%s/%s", w->folder, name);
	unlink(passing.s); /* left by a build that was killed */
	ok = copy_file(from, passing.s, true, err) &&
	     (rename(passing.s, to.s) == 0 || error_errno(err, "%s cannot be written", to.s));
	if (!ok)
		unlink(passing.s);
	text_release(&passing);
	text_release(&to);
	return ok;
}

static bool record(struct results_writer *w, const char *name, struct error *err)
{
	struct text path = TEXT_INIT;
	char hex[HASH_HEX];
	struct stat st;
	bool ok;

	text_fmt(&path, "%s/%s", w->folder, name);
	ok = hash_file(path.s, hex, err) &&
	     (stat(path.s, &st) == 0 || error_errno(err, "%s cannot be read", path.s));
	if (ok) {
		json_array_append_new(
			w->artifacts, json_pack("{s:s,s:I,s:s}", "path", name, "bytes",
					      (json_int_t)st.st_size, "sha256", hex));
		text_fmt(&w->sums, "%s  %s\n", hex, name);
	}
	text_release(&path);
	return ok;
}

bool results_add(struct results_writer *w, const char *from, const char *name, struct error *err)
{
	if (!results_is_name(name))
		return error_set(err, ERROR_PROFILE,
			"'%s' is no name for a file of the results folder", name);
	if (access(from, F_OK) != 0)
		return error_set(
			err, ERROR_STEP, "%s was to become %s, but it is not there", from, name);
	return place_file(w, from, name, err) && record(w, name, err);
}

static bool add_text(
	const struct results_writer *w, const char *name, const char *content, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	text_fmt(&path, "%s/%s", w->folder, name);
	if (content)
		ok = place_write_file(path.s, content, strlen(content), err);
	text_release(&path);
	return ok;
}

static bool is_added(const struct results_writer *w, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach(w->artifacts, i, item)
	{
		if (strcmp(json_string_value(json_object_get(item, "path")), name) == 0)
			return true;
	}
	return false;
}

static void remove_old(const struct results_writer *w)
{
	struct text path = TEXT_INIT;
	struct error ignored;
	struct results old;

	if (!results_load(&old, w->folder, &ignored))
		return;
	for (size_t i = 0; i < old.artifacts.n; i++) {
		if (is_added(w, old.artifacts.at[i].file))
			continue;
		text_clear(&path);
		text_fmt(&path, "%s/%s", w->folder, old.artifacts.at[i].file);
		unlink(path.s);
	}
	results_release(&old);
	text_release(&path);
}

static bool write_manifest(
	const struct results_writer *w, const char *plan, json_t *more, struct error *err)
{
	json_t *root = plan ? json_loads(plan, 0, NULL) : NULL;
	struct text out = TEXT_INIT;
	char *dump;
	bool ok;

	if (!root)
		root = json_object();
	json_object_set(root, "artifacts", w->artifacts);
	json_object_update(root, more);
	dump = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	text_fmt(&out, "%s\n", dump ? dump : "{}");
	ok = add_text(w, "manifest.json", out.s, err);
	free(dump);
	text_release(&out);
	json_decref(root);
	return ok;
}

bool results_finish(struct results_writer *w, const char *profile, const char *lock,
	const char *plan, json_t *more, struct error *err)
{
	if (!add_text(w, "profile", profile, err) || !add_text(w, "lock", lock, err) ||
		!add_text(w, "SHA256SUMS", w->sums.s, err))
		return false;
	remove_old(w);
	return write_manifest(w, plan, more, err);
}
