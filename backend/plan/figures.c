/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads share/measured. */
#include "plan/figures.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

struct reader {
	struct figures *out;
	struct arena *arena;
	const struct figures_for *who;
};

static bool take_figure(void *ctx, const struct conf_line *line, struct error *err)
{
	struct reader *r = ctx;
	struct figure f = {0};
	char step[128];
	int used = 0;

	if (!line->key)
		return error_set(err, ERROR_PROFILE, "a table of figures has no sections");
	if (strcmp(line->key, "vary") == 0)
		return true;
	if (strcmp(line->key, "step") != 0)
		return error_set(err, ERROR_PROFILE,
			"'%s' is not known here; there are step and vary", line->key);
	if (sscanf(line->value, "%127s %lf %" SCNu64 " %" SCNu64 " %" SCNu64 "%n", step, &f.cpu,
		    &f.objects, &f.symbols, &f.bytes, &used) != 5 ||
		line->value[used] || !(f.cpu >= 0 && f.cpu < 1e8))
		return error_set(err, ERROR_PROFILE,
			"a figure is STEP CPU OBJECTS SYMBOLS BYTES, such as editor.build 51.3 213 0 1510000");
	f.step = arena_str(r->arena, step);
	f.whole = line->guard->n == 0;
	f.holds = guard_holds(line->guard, r->who->lookup, r->who->ctx);
	vec_push_in(r->arena, r->out, f);
	return true;
}

static bool read_table(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct reader *r = ctx;

	(void)relative;
	return conf_read_guarded(path, r->who->traits, r->arena, take_figure, r, err);
}

bool figures_read(
	struct figures *out, struct arena *a, const struct figures_for *who, struct error *err)
{
	struct reader r = {out, a, who};

	return place_each(who->place, "share/measured", ".steps", read_table, &r, err);
}

const struct figure *figures_find(const struct figures *f, const char *step)
{
	for (size_t i = f->n; i-- > 0;)
		if (f->at[i].holds && strcmp(f->at[i].step, step) == 0)
			return &f->at[i];
	return NULL;
}
