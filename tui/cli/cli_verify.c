/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `verify`: builds again in a clean place where everything differs that must not matter, and compares every artifact. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "cache/results.h"
#include "choice/profile.h"
#include "cli/cli_flags.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "contents/compare.h"
#include "plan/plan.h"
#include "run/rebuild.h"
#include "run/run.h"
#include <string.h>

struct verifying {
	struct cli *cli;
	struct profile profile;
	struct rebuild again;
	struct arena arena;
	struct results first, second;
	const char *output; /* of the first build */
	json_t *artifacts;
	struct table table;
	size_t differing;
};

static void tell_note(void *ctx, const char *sentence)
{
	complain(ctx, "%s", sentence);
}

static struct plan_options plan_options(struct verifying *v)
{
	struct cli *c = v->cli;
	struct plan_options o = {.output = c->flags.output,
		.jobs = c->flags.jobs > 0 ? c->flags.jobs : 0,
		.offline = c->flags.offline,
		.accept = &c->flags.accept};

	if (!c->flags.json) {
		o.note = tell_note;
		o.note_ctx = c;
	}
	return o;
}

/* One build, followed to its end; its exit status becomes the command's so far. */
static bool build(struct verifying *v, const struct plan_options *plan, struct error *err)
{
	struct build_options options = {.plan = *plan};
	struct watch w;
	struct run *run;
	bool ok;

	fflush(stdout);
	if (!run_build(&run, &v->profile, &v->cli->settings, &options, err))
		return false;
	watch_init(&w, v->cli, run);
	ok = watch_run(&w, err);
	watch_release(&w);
	return ok;
}

static bool build_first(struct verifying *v, struct error *err)
{
	struct plan_options options = plan_options(v);

	if (!v->cli->flags.json)
		say_role(v->cli, ROLE_TITLE, "the first build");
	return build(v, &options, err);
}

/* The inputs of the first build decide what the second one may share. */
static bool prepare(struct verifying *v, struct error *err)
{
	struct cli *c = v->cli;
	struct plan_options options = plan_options(v);
	struct plan plan;
	bool ok;

	options.note = NULL;
	if (!plan_make(&plan, &v->profile, &c->settings, &options, err))
		return false;
	v->output = arena_str(&v->arena, plan.output);
	ok = results_load(&v->first, v->output, err) &&
	     rebuild_prepare(&v->again, &plan, &c->place, c->flags.images, err);
	plan_release(&plan);
	return ok;
}

static bool build_second(struct verifying *v, struct error *err)
{
	struct cli *c = v->cli;
	struct plan_options options = plan_options(v);

	if (!c->flags.json)
		say_role(c, ROLE_TITLE, "the second build, in %s", v->again.folder);
	rebuild_enter(&v->again);
	c->place.cache = v->again.cache;
	c->place.state = v->again.state;
	options.output = v->again.output;
	options.jobs = v->again.jobs;
	options.lock = *v->again.lock ? v->again.lock : NULL;
	options.note = NULL;
	if (!build(v, &options, err))
		return false;
	v->again.keep = c->flags.keep || (c->status > 0 && c->status < 128);
	return c->status || results_load(&v->second, v->again.output, err);
}

/* "initramfs.img: bin/date" */
static void print_inside(struct text *out, const char *artifact, const struct difference *d)
{
	text_str(out, artifact);
	for (size_t i = 0; i < d->inside.n; i++)
		text_fmt(out, ": %s", d->inside.at[i]);
}

static void tell_differences(
	const struct verifying *v, const char *name, const struct comparison *k)
{
	const struct cli *c = v->cli;
	struct text line = TEXT_INIT, shown = TEXT_INIT;

	for (size_t i = 0; i < k->of.n; i++) {
		text_clear(&line);
		text_clear(&shown);
		print_inside(&line, name, &k->of.at[i]);
		add_foreign(c, &shown, line.s);
		say_role(c, ROLE_BAD, "differs: %s", shown.s);
		text_clear(&shown);
		add_foreign(c, &shown, k->of.at[i].what);
		say(c, "  %s", shown.s);
	}
	if (k->n > k->of.n)
		say(c, "  and %zu more differences in %s", k->n - k->of.n, name);
	text_release(&line);
	text_release(&shown);
}

static json_t *differences_json(const struct comparison *k)
{
	json_t *list = json_array();

	for (size_t i = 0; i < k->of.n; i++) {
		const struct difference *d = &k->of.at[i];
		json_t *inside = json_array();

		for (size_t n = 0; n < d->inside.n; n++)
			json_array_append_new(inside, json_text(d->inside.at[n]));
		json_array_append_new(list,
			json_pack("{s:o,s:o,s:o}", "inside", inside, "what", json_text(d->what),
				"offset",
				d->has_offset ? json_integer((json_int_t)d->offset) : json_null()));
	}
	return list;
}

/* `differs` is the table's word for how; NULL: it does not. */
static void add_artifact(struct verifying *v, const struct results_artifact *a, const char *differs,
	const struct comparison *k)
{
	bool equal = !differs;
	char bytes[24];

	snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)a->bytes);
	table_add(&v->table, equal ? "equal" : differs, a->file, bytes, a->sha256);
	v->differing += !equal;
	json_array_append_new(v->artifacts,
		json_pack("{s:o,s:I,s:s,s:b,s:o,s:o}", "path", json_text(a->file), "bytes",
			(json_int_t)a->bytes, "sha256", a->sha256, "equal", (int)equal, "offset",
			k ? json_integer((json_int_t)k->offset) : json_null(), "differences",
			k ? differences_json(k) : json_array()));
}

static bool compare_one(struct verifying *v, const struct results_artifact *a, struct error *err)
{
	const struct results_artifact *b = results_artifact(&v->second, a->file);
	struct comparison k;

	if (!b) {
		if (!v->cli->flags.json)
			say_role(v->cli, ROLE_BAD, "differs: %s: only the first build has it",
				a->file);
		add_artifact(v, a, "MISSING", NULL);
		return true;
	}
	if (!compare_files(&k, arena_fmt(&v->arena, "%s/%s", v->output, a->file),
		    arena_fmt(&v->arena, "%s/%s", v->again.output, b->file), v->again.work,
		    &v->cli->catalog, err))
		return false;
	if (!k.same && !v->cli->flags.json)
		tell_differences(v, a->file, &k);
	add_artifact(v, a, k.same ? NULL : "DIFFERS", k.same ? NULL : &k);
	comparison_release(&k);
	return true;
}

static void tell_varied(const struct verifying *v)
{
	const struct cli *c = v->cli;
	struct table t = {.columns = 4};

	table_add(&t, "varied", "folder", v->output, v->again.output);
	for (size_t i = 0; i < v->again.varied.n; i++) {
		const struct varied *x = &v->again.varied.at[i];
		struct text was = TEXT_INIT, now = TEXT_INIT;

		add_foreign(c, &was, x->was);
		add_foreign(c, &now, x->now ? x->now : x->why);
		table_add(&t, x->now ? "varied" : "NOT VARIED", x->what, was.s, now.s);
		text_release(&was);
		text_release(&now);
	}
	table_print(c, &t);
	table_release(&t);
}

static json_t *varied_json(const struct verifying *v)
{
	json_t *list = json_array();

	json_array_append_new(
		list, json_pack("{s:s,s:o,s:o,s:o}", "what", "folder", "was", json_text(v->output),
			      "now", json_text(v->again.output), "why", json_null()));
	for (size_t i = 0; i < v->again.varied.n; i++) {
		const struct varied *x = &v->again.varied.at[i];

		json_array_append_new(
			list, json_pack("{s:o,s:o,s:o,s:o}", "what", json_text(x->what), "was",
				      json_text(x->was), "now", json_text(x->now), "why",
				      json_text(x->why)));
	}
	return list;
}

static void tell_verdict(const struct verifying *v)
{
	const struct cli *c = v->cli;

	if (c->flags.json) {
		say_json(json_pack("{s:s,s:b,s:b,s:O,s:o}", "event", "verified", "ok",
			(int)(v->differing == 0), "images_only", (int)c->flags.images, "artifacts",
			v->artifacts, "varied", varied_json(v)));
		return;
	}
	tell_varied(v);
	if (c->flags.images)
		say(c, "only the images were written again, from the same compiled parts: this proves less than `bootsmith verify %s` without --images",
			c->words.at[0]);
	if (v->differing)
		say_role(c, ROLE_BAD, "%zu of %zu artifacts are not the same", v->differing,
			v->first.artifacts.n);
	else
		say_role(c, ROLE_GOOD, "all %zu artifacts are the same, byte for byte",
			v->first.artifacts.n);
}

static bool compare(struct verifying *v, struct error *err)
{
	for (size_t i = 0; i < v->first.artifacts.n; i++)
		if (!compare_one(v, &v->first.artifacts.at[i], err))
			return false;
	for (size_t i = 0; i < v->second.artifacts.n; i++) {
		const struct results_artifact *b = &v->second.artifacts.at[i];

		if (results_artifact(&v->first, b->file))
			continue;
		if (!v->cli->flags.json)
			say_role(v->cli, ROLE_BAD, "differs: %s: only the second build has it",
				b->file);
		add_artifact(v, b, "EXTRA", NULL);
	}
	if (!v->cli->flags.json)
		table_print(v->cli, &v->table);
	tell_verdict(v);
	v->cli->status = v->differing ? ERROR_STEP : 0;
	return true;
}

static bool verify(struct verifying *v, struct error *err)
{
	struct cli *c = v->cli;
	bool ok;

	if (!build_first(v, err))
		return false;
	if (c->status)
		return true;
	if (!prepare(v, err))
		return false;
	ok = build_second(v, err) && (c->status || compare(v, err));
	if (v->again.keep && !c->flags.json)
		say(c, "the second build is kept in %s", v->again.folder);
	rebuild_release(&v->again);
	return ok;
}

bool verb_verify(struct cli *c, struct error *err)
{
	struct verifying v = {.cli = c, .artifacts = json_array(), .table = {.columns = 4}};
	bool ok = false;

	if (flags_check_jobs(&c->flags, err) &&
		profile_find(&v.profile, &c->catalog, &c->place, c->words.at[0], err)) {
		watch_signals();
		ok = profile_check(&v.profile, err) && verify(&v, err);
		profile_release(&v.profile);
	}
	results_release(&v.first);
	results_release(&v.second);
	json_decref(v.artifacts);
	table_release(&v.table);
	arena_release(&v.arena);
	return ok;
}
