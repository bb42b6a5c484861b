/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `log`: prints the output of the last run's programs, or the guest's serial console if the last run was a boot. */
#include "base/arena.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/vec.h"
#include "cli/cli_out.h"
#include "run/event.h"
#include "run/run.h"
#include <string.h>

struct entry {
	const char *step, *log, *result;
};

struct logs {
	struct arena arena;
	VEC(struct entry) of; /* in the order in which the steps started */
	struct strings known; /* all planned steps */
};

static void collect(void *ctx, const struct event *e)
{
	struct logs *l = ctx;

	switch (e->kind) {
	case EVENT_PLAN:
		for (size_t i = 0; i < e->plan.steps.n; i++)
			vec_push_in(
				&l->arena, &l->known, arena_str(&l->arena, e->plan.steps.at[i].id));
		break;
	case EVENT_STEP_START:
		vec_push_in(&l->arena, &l->of,
			(struct entry){arena_str(&l->arena, e->step_start.step),
				arena_str(&l->arena, e->step_start.log), "running"});
		break;
	case EVENT_BOOT_START:
		vec_push_in(&l->arena, &l->of,
			(struct entry){
				"serial", arena_str(&l->arena, e->boot_start.log), "console"});
		break;
	case EVENT_STEP_DONE:
		for (size_t i = 0; i < l->of.n; i++)
			if (strcmp(l->of.at[i].step, e->step_done.step) == 0)
				l->of.at[i].result = step_result_word(e->step_done.result);
		break;
	default:
		break;
	}
}

/* Line by line, because logs are long and each line is foreign text. */
static bool print_log(const struct cli *c, const char *path, struct error *err)
{
	FILE *from = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;

	if (!from)
		return error_errno(err, "the log %s cannot be read", path);
	while ((len = getline(&line, &cap, from)) > 0)
		say_text(c, line, (size_t)len);
	free(line);
	fclose(from);
	return true;
}

static bool no_such_step(const struct cli *c, const struct logs *l, struct error *err)
{
	const char *step = c->words.at[1], *near = conf_nearest(step, l->known.at, l->known.n);
	bool known = near && strcmp(near, step) == 0;

	if (known)
		return error_set(err, ERROR_USAGE,
			"no run of %s that is still kept ran the step %s: it was in the cache each time",
			c->words.at[0], step);
	return error_set(err, ERROR_USAGE,
		"there is no step '%s'%s%s%s; `bootsmith plan %s` lists the steps", step,
		near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "",
		c->words.at[0]);
}

static bool has_step(const struct logs *l, const char *step)
{
	for (size_t i = 0; i < l->of.n; i++)
		if (strcmp(l->of.at[i].step, step) == 0)
			return true;
	return false;
}

static bool print_logs(const struct cli *c, const struct logs *l, struct error *err)
{
	const char *wanted = c->words.n > 1 ? c->words.at[1] : NULL;
	bool ok = true;

	for (size_t i = 0; ok && i < l->of.n; i++) {
		const struct entry *e = &l->of.at[i];

		if (wanted && strcmp(wanted, e->step) != 0)
			continue;
		if (!wanted)
			say_role(c, ROLE_TITLE, "== %s (%s) %s", e->step, e->result, e->log);
		ok = print_log(c, e->log, err);
	}
	if (ok && !l->of.n)
		say(c, "the last run of %s ran no step: everything was in the cache",
			c->words.at[0]);
	return ok;
}

/* The last run, and when looking for a step also earlier ones: in the last one the step may have been cached, or it was a
 * boot. */
static bool find_logs(struct run *run, const char *step, struct logs *l, struct error *err)
{
	bool ok = run_pump(run, collect, l, err);

	while (ok && run && step && !has_step(l, step)) {
		struct run *older = run_before(run);

		run_free(run);
		run = older;
		ok = !run || run_pump(run, collect, l, err);
	}
	run_free(run);
	return ok;
}

/* Runs are stored under the profile's name, however the person writes it. */
static const char *profile_name(const char *word, struct arena *a)
{
	const char *base = strrchr(word, '/') ? strrchr(word, '/') + 1 : word;
	const char *suffix = strstr(base, ".profile");

	return suffix && !suffix[8] ? arena_strn(a, base, (size_t)(suffix - base)) : base;
}

bool verb_log(struct cli *c, struct error *err)
{
	const char *step = c->words.n > 1 ? c->words.at[1] : NULL;
	struct logs l = {.arena = ARENA_INIT};
	struct run *run;
	bool ok;

	ok = run_attach(&run, &c->place, profile_name(c->words.at[0], &l.arena), err) &&
	     find_logs(run, step, &l, err);
	if (ok && step && !has_step(&l, step))
		ok = no_such_step(c, &l, err);
	else
		ok = ok && print_logs(c, &l, err);
	arena_release(&l.arena);
	return ok;
}
