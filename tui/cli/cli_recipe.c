/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `recipe check` looks over recipes. */
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "cli/cli_out.h"
#include "plan/recipe_check.h"
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

bool verb_recipe(struct cli *c, struct error *err)
{
	const struct strings rest = {.at = c->words.at + 1, .n = c->words.n - 1};

	if (strcmp(c->words.at[0], "check") == 0)
		return check_recipes(c, &rest, err);
	return error_set(
		err, ERROR_USAGE, "`bootsmith recipe` knows check, not '%s'", c->words.at[0]);
}
