/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output FOLDER [FROM NAME]...: writes the results folder (cache/results.h); its manifest includes the files' sizes, the
 * build's cost and missing firmware.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/history.h"
#include "cache/results.h"
#include "image/inventory.h"
#include "proc/jail.h"
#include "step/action.h"
#include "tree/firmware.h"

#include <jansson.h>
#include <libgen.h>
#include <sys/stat.h>

#include "base/banned.h"

/* A file's size and contents: images have a record beside them; a component's file has none. */
static bool weigh(json_t *sizes, const char *from, const char *name, struct error *err)
{
	struct arena a = ARENA_INIT;
	json_t *size = NULL;
	struct inventory c;
	bool ok = inventory_load(&c, dirname(arena_str(&a, from)), err) &&
		  inventory_json(&c, from, name, &size, err);

	if (ok)
		json_array_append_new(sizes, size);
	inventory_release(&c);
	arena_release(&a);
	return ok;
}

/* What building each unit cost the last time, here or for another profile. */
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
			json_object_set_new(
				units, s->unit->name, json_real(clock_round(before + e->seconds)));
	}
	history_release(&h);
	return units;
}

/* The lists beside the images of all trees. `advice` receives a sentence for the person, if there is one. */
static bool add_firmware(
	const struct plan *plan, json_t *manifest, struct text *advice, struct error *err)
{
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
		json_object_set(manifest, "firmware", list);
	firmware_say(&all, advice);
	json_decref(list);
	arena_release(&a);
	return ok;
}

/* What the programs of this build were kept in. */
static json_t *sandbox(const struct action_context *c)
{
	json_t *words = json_array();
	struct strings marks = {0};

	if (c->power)
		jail_marks(c->power, &marks);
	for (size_t i = 0; i < marks.n; i++)
		json_array_append_new(words, json_string(marks.at[i]));
	vec_release(&marks);
	return words;
}

static bool add_files(const struct action_context *c, const struct strings *args,
	struct results_writer *w, json_t *sizes, struct error *err)
{
	for (size_t i = 1; i + 1 < args->n; i += 2) {
		if (!results_add(w, args->at[i], args->at[i + 1], err) ||
			!weigh(sizes, args->at[i], args->at[i + 1], err))
			return false;
		action_progress(c, (i + 1) / 2, args->n / 2, "files");
	}
	return true;
}

bool action_output(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct text advice = TEXT_INIT;
	json_t *manifest, *sizes;
	struct results_writer w;
	bool ok;

	if (args->n % 2 == 0)
		return error_set(
			err, ERROR_INTERNAL, "'output' needs a folder and pairs of FROM and NAME");
	umask(c->umask); /* the profile among them may hold a password's hash */
	if (!results_begin(&w, args->at[0], err))
		return false;
	manifest = json_object();
	json_object_set_new(manifest, "sandbox", sandbox(c));
	sizes = json_array();
	json_object_set_new(manifest, "sizes", sizes);
	ok = add_files(c, args, &w, sizes, err);
	json_object_set_new(manifest, "build_seconds", build_seconds(c));
	ok = ok && add_firmware(c->plan, manifest, &advice, err) &&
	     results_finish(&w, c->plan->profile_text, c->plan->lock_text, c->plan->manifest_text,
		     manifest, err);
	if (ok && advice.len)
		action_tell(c, "note %s", advice.s);
	json_decref(manifest);
	results_writer_release(&w);
	text_release(&advice);
	return ok;
}
