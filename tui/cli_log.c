/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `log`: what the programs of the last run printed, or the guest's serial console when the last run was a boot. */
#include "cli_out.h"
#include "nearest.h"
#include "run.h"
#include <string.h>

struct entry {
	const char *step, *log, *result;
};

struct logs {
	struct arena arena;
	VEC(struct entry) of; /* in the order in which the steps began */
};

static void collect(void *ctx, const struct event *e)
{
	struct logs *l = ctx;

	if (e->kind == EVENT_STEP_START && e->log)
		vec_push(&l->of, (struct entry){arena_str(&l->arena, e->step),
					 arena_str(&l->arena, e->log), "running"});
	if (e->kind == EVENT_BOOT_START && e->log)
		vec_push(&l->of, (struct entry){"serial", arena_str(&l->arena, e->log), "console"});
	for (size_t i = 0; e->kind == EVENT_STEP_DONE && i < l->of.n; i++)
		if (strcmp(l->of.at[i].step, e->step) == 0)
			l->of.at[i].result = arena_str(&l->arena, e->result);
}

/* Line by line: logs are long, and each line is foreign text. */
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
	struct strings names = {0};
	const char *near;

	for (size_t i = 0; i < l->of.n; i++)
		vec_push(&names, l->of.at[i].step);
	near = conf_nearest(c->words.at[1], names.at, names.n);
	error_set(err, ERROR_USAGE,
		"the last run of %s did not run a step '%s'%s%s%s; `bootsmith log %s` shows all it "
		"ran",
		c->words.at[0], c->words.at[1], near ? " (did you mean '" : "", near ? near : "",
		near ? "'?)" : "", c->words.at[0]);
	vec_release(&names);
	return false;
}

static bool print_logs(const struct cli *c, const struct logs *l, struct error *err)
{
	const char *wanted = c->words.n > 1 ? c->words.at[1] : NULL;
	bool ok = true, found = false;

	for (size_t i = 0; ok && i < l->of.n; i++) {
		const struct entry *e = &l->of.at[i];

		if (wanted && strcmp(wanted, e->step) != 0)
			continue;
		found = true;
		if (!wanted)
			say_role(c, ROLE_TITLE, "== %s (%s) %s", e->step,
				e->result ? e->result : "?", e->log);
		ok = print_log(c, e->log, err);
	}
	if (ok && wanted && !found)
		return no_such_step(c, l, err);
	if (ok && !found)
		say(c, "the last run of %s ran no step: everything was in the cache",
			c->words.at[0]);
	return ok;
}

bool verb_log(struct cli *c, struct error *err)
{
	struct logs l = {.arena = ARENA_INIT};
	struct run *run;
	bool ok;

	if (!run_attach(&run, &c->place, c->words.at[0], err))
		return false;
	ok = run_pump(run, collect, &l, err) && print_logs(c, &l, err);
	run_free(run);
	vec_release(&l.of);
	arena_release(&l.arena);
	return ok;
}
