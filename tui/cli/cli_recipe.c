/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `recipe new` writes a first recipe, `recipe check` looks over recipes. */
#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "cli/cli_out.h"
#include "plan/recipe_check.h"
#include "plan/recipe_draft.h"
#include <string.h>

struct counter {
	struct cli *cli;
	size_t faults, hints;
};

/* FILE:LINE: as compilers write it, so that editors find the place. */
static void take_fault(void *ctx, const struct recipe_fault *f)
{
	struct counter *k = ctx;
	struct text where = TEXT_INIT;

	text_str(&where, f->file);
	if (f->line)
		text_fmt(&where, ":%d", f->line);
	if (k->cli->flags.json)
		say_json(json_pack("{s:o,s:i,s:s,s:o}", "file", json_text(f->file), "line", f->line,
			"result", f->grave ? "FAIL" : "hint", "detail", json_text(f->text)));
	else if (f->grave)
		say_role(k->cli, ROLE_BAD, "%s: %s", where.s, f->text);
	else
		say(k->cli, "%s: hint: %s", where.s, f->text);
	k->faults += f->grave;
	k->hints += !f->grave;
	text_release(&where);
}

static const char *s_of(size_t n)
{
	return n == 1 ? "" : "s";
}

static bool check_recipes(struct cli *c, const struct strings *words, struct error *err)
{
	struct counter k = {.cli = c};
	struct recipe_check check = {.catalog = &c->catalog,
		.settings = c->flags.online ? &c->settings : NULL,
		.say = take_fault,
		.ctx = &k};

	if (!recipe_check(&check, words, err))
		return false;
	if (!c->flags.json)
		say(c, "%zu recipe%s: %zu fault%s, %zu hint%s", check.recipes, s_of(check.recipes),
			k.faults, s_of(k.faults), k.hints, s_of(k.hints));
	c->status = k.faults ? ERROR_PROFILE : 0;
	return true;
}

static void take_note(void *ctx, const char *sentence)
{
	const struct cli *c = ctx;

	if (!c->flags.json)
		say(c, "%s", sentence);
}

/* What is to be done next, as commands that can be copied. */
static void say_next(const struct cli *c, const char *name, const char *file, const char *folder,
	size_t questions)
{
	say(c, "%s is written, with %zu open question%s. What comes next:", file, questions,
		s_of(questions));
	say(c, "  ${EDITOR:-vi} %s", file);
	say(c, "  bootsmith recipe check %.*s", (int)(strrchr(file, '/') - file), file);
	say(c, "  bootsmith new try-%s recipes=%s packages=%s && bootsmith boot try-%s", name,
		folder, name, name);
}

static bool new_recipe(struct cli *c, const struct strings *words, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct recipe_draft d = {
		.catalog = &c->catalog, .settings = &c->settings, .note = take_note, .note_ctx = c};
	const char *file;
	size_t questions;
	bool ok;

	if (words->n != 1)
		return error_set(err, ERROR_USAGE,
			"one name is needed: bootsmith recipe new NAME [--from SOURCEPACKAGE]");
	d.name = words->at[0];
	d.from = c->flags.from ? c->flags.from : d.name;
	d.output = place_path(&arena, NULL, c->flags.output ? c->flags.output : "recipes");
	ok = recipe_draft(&d, &arena, &file, &questions, err);
	if (ok && c->flags.json)
		say_json(json_pack(
			"{s:o,s:I}", "file", json_text(file), "questions", (json_int_t)questions));
	else if (ok)
		say_next(c, d.name, file, d.output, questions);
	arena_release(&arena);
	return ok;
}

bool verb_recipe(struct cli *c, struct error *err)
{
	const struct strings rest = {.at = c->words.at + 1, .n = c->words.n - 1};
	const bool is_new = strcmp(c->words.at[0], "new") == 0;

	if (is_new ? c->flags.online : c->flags.from || c->flags.output)
		return error_set(err, ERROR_USAGE,
			"--online belongs to `bootsmith recipe check`, --from and --output to `bootsmith recipe new`");
	if (is_new)
		return new_recipe(c, &rest, err);
	if (strcmp(c->words.at[0], "check") == 0)
		return check_recipes(c, &rest, err);
	return error_set(err, ERROR_USAGE, "`bootsmith recipe` knows new and check, not '%s'",
		c->words.at[0]);
}
