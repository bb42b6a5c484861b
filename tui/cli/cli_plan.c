/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what a build would do, and why: `plan` and `why`. */
#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "cli/cli_out.h"
#include "plan/plan.h"
#include "shared/words.h"
#include <string.h>

static void tell_note(void *ctx, const char *sentence)
{
	complain(ctx, "%s", sentence);
}

static bool make_plan(struct cli *c, struct plan *plan, struct error *err)
{
	struct plan_options options = {.output = c->flags.output,
		.offline = c->flags.offline,
		.accept = &c->flags.accept,
		.note = c->flags.json || c->flags.dot ? NULL : tell_note,
		.note_ctx = c};
	struct profile p;
	bool ok;

	if (!profile_find(&p, &c->catalog, &c->place, c->words.at[0], err))
		return false;
	ok = profile_check(&p, err) && plan_make(plan, &p, &c->settings, &options, err);
	profile_release(&p);
	return ok;
}

/* Notes already explained why these were chosen, while the plan was made. */
static void tell_sources(const struct cli *c, const struct plan *plan)
{
	for (size_t i = 0; i < plan->sources.n; i++) {
		const struct source_choice *s = &plan->sources.at[i];
		const struct archive *a = s->from.n ? s->from.at : NULL;

		if (s->role)
			continue; /* told with what it belongs to */
		say(c, "source: %s %s%s%s%s%s%s", s->component, s->version, a ? ", " : "",
			a ? origin_word(a->origin) : "", a && *a->where ? " " : "",
			a ? a->where : "", s->cached ? ", in the cache" : "");
	}
	for (size_t i = 0; i < plan->own.n; i++)
		say(c, "source: %s %s, beside its recipe", plan->own.at[i].component,
			plan->own.at[i].version);
}

/* What changes a source, and which ones Debian's patches do not, because they are not wanted or there are none. */
static void tell_patches(const struct cli *c, const struct plan *plan)
{
	struct text without = TEXT_INIT;

	for (size_t i = 0; i < plan->patched.n; i++) {
		const struct patched *p = &plan->patched.at[i];

		if (*p->patches)
			say(c, "patches: %s %s gets %s", p->component, p->version, p->patches);
		if (strncmp(p->patches, "debian:", 7) != 0)
			text_fmt(&without, "%s%s", without.len ? ", " : "", p->component);
	}
	if (without.len)
		say(c, "patches: none of Debian's for %s", without.s);
	text_release(&without);
}

static void tell_cures(const struct cli *c, const struct cures *cures)
{
	for (size_t i = 0; i < cures->n; i++) {
		struct text line = TEXT_INIT;

		words_cure(&line, cures->at[i]);
		say(c, "cure: %s", line.s);
		text_release(&line);
	}
}

static void tell_steps(const struct cli *c, const struct plan *plan)
{
	struct table t = {.columns = 4};

	for (size_t i = 0; i < plan->steps.n; i++) {
		const struct step *s = plan->steps.at[i];
		struct text why = TEXT_INIT;

		add_foreign(c, &why, s->why);
		table_add(&t, s->cached ? "cached" : "will run", s->id, s->title, why.s);
		text_release(&why);
	}
	table_print(c, &t);
	table_release(&t);
}

static void tell_source(struct text *line, size_t steps, const char *how)
{
	if (steps)
		text_fmt(line, "%s%zu %s", line->len ? ", " : "", steps, how);
}

static void tell_forecast(const struct cli *c, const struct plan *plan)
{
	const struct forecast *f = &plan->forecast;
	struct text line = TEXT_INIT;

	text_str(&line, "download ");
	words_bytes(&line, f->download_bytes);
	if (f->disk_bytes) {
		text_str(&line, ", disk ");
		words_bytes(&line, f->disk_bytes);
	}
	text_str(&line, ", time ");
	if (f->seconds > 0)
		words_about(&line, f->least, f->most);
	else
		text_str(&line, f->unknown ? "not known" : "none to speak of");
	if (f->image_bytes) {
		text_str(&line, ", image ");
		words_bytes(&line, f->image_bytes);
	}
	say(c, "forecast: %s", line.s);
	text_clear(&line);
	tell_source(&line, f->here, "as they ran here before");
	tell_source(&line, f->measured,
		f->scaled ? "as measured elsewhere, scaled to this machine"
			  : "as measured elsewhere, for what ran here says nothing yet");
	tell_source(&line, f->by_size, "by size alone");
	tell_source(&line, f->unknown, "not known");
	if (line.len)
		say(c, "time of the steps: %s", line.s);
	text_release(&line);
}

bool verb_plan(struct cli *c, struct error *err)
{
	struct text out = TEXT_INIT;
	struct plan plan;

	if (c->flags.json && c->flags.dot)
		return error_set(
			err, ERROR_USAGE, "--json and --dot are two forms of the same: choose one");
	if (!make_plan(c, &plan, err))
		return false;
	if (c->flags.json) {
		plan_print_json(&plan, &out);
		put_json_line(out.s);
	} else if (c->flags.dot) {
		plan_print_dot(&plan, &out);
		say_text(c, out.s, out.len);
	} else {
		tell_sources(c, &plan);
		tell_patches(c, &plan);
		tell_cures(c, &plan.cures);
		tell_steps(c, &plan);
		tell_forecast(c, &plan);
		say(c, "results: %s", plan.output);
	}
	text_release(&out);
	plan_release(&plan);
	return true;
}

static bool unknown_step(const struct plan *plan, const char *id, struct error *err)
{
	struct strings names = {0};
	const char *near;

	for (size_t i = 0; i < plan->steps.n; i++)
		vec_push(&names, plan->steps.at[i]->id);
	near = conf_nearest(id, names.at, names.n);
	error_set(err, ERROR_USAGE,
		"there is no step '%s'%s%s%s; `bootsmith plan %s` lists the steps", id,
		near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "", plan->profile);
	vec_release(&names);
	return false;
}

bool verb_why(struct cli *c, struct error *err)
{
	const char *id = c->words.at[1];
	struct text out = TEXT_INIT;
	struct plan plan;
	bool ok;

	if (!make_plan(c, &plan, err))
		return false;
	ok = plan_find(&plan, id) ? plan_why(&plan, id, &out, err) : unknown_step(&plan, id, err);
	say_text(c, out.s, out.len);
	if (out.len && out.s[out.len - 1] != '\n')
		putchar('\n');
	if (ok)
		tell_cures(c, &plan_find(&plan, id)->unit->cures);
	text_release(&out);
	plan_release(&plan);
	return ok;
}
