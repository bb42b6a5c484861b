/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a test grid in sentences: a line when a boot begins and one when it ends, and the table at the end. See cli_watch.h. */
#include "base/text.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "shared/grid.h"
#include "shared/words.h"
#include <string.h>

static enum role role_of(enum grid_state state)
{
	switch (state) {
	case GRID_PASS:
		return ROLE_GOOD;
	case GRID_FAIL:
	case GRID_TIMEOUT:
		return ROLE_BAD;
	default:
		return ROLE_PLAIN;
	}
}

static size_t ended(const struct grid *g)
{
	return grid_count(g, GRID_PASS) + grid_count(g, GRID_FAIL) + grid_count(g, GRID_TIMEOUT);
}

void grid_print_progress(const struct grid *g, struct text *out)
{
	text_fmt(out, "%zu/%zu", ended(g), g->cells.n - grid_count(g, GRID_LEFT_OUT));
	for (size_t i = 0; i < g->cells.n; i++) {
		if (g->cells.at[i].state != GRID_RUN)
			continue;
		text_str(out, "  ");
		grid_print_name(&g->cells.at[i], out);
	}
}

static void report_failure(const struct watch *w, const struct grid_cell *c)
{
	const struct {
		const char *what, *text;
	} rows[] = {{"line", c->line},
		{"cause", c->cause ? c->cause : "not known; the log says more"},
		{"remedy", c->remedy}, {"log", c->log}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].text && *rows[i].text)
			say(w->cli, "  %-8s %s", rows[i].what, rows[i].text);
}

/* The boot of cell `number` starts under `accel`; NULL: it has ended. */
static void report_boot(const struct watch *w, long number, const char *accel)
{
	const struct grid_cell *c;
	struct text line = TEXT_INIT;

	if (number <= 0 || (size_t)number > w->session.model.grid.cells.n)
		return;
	c = &w->session.model.grid.cells.at[number - 1];
	text_fmt(&line, "[%zu/%zu] ", ended(&w->session.model.grid) + (accel != NULL),
		w->session.model.grid.cells.n - grid_count(&w->session.model.grid, GRID_LEFT_OUT));
	grid_print_name(c, &line);
	if (accel) {
		text_fmt(&line, ": boots (%s)", accel);
	} else if (c->state == GRID_PASS) {
		text_str(&line, ": PASS, ready after ");
		words_seconds(&line, c->seconds);
	} else {
		text_str(&line, c->state == GRID_TIMEOUT ? ": TIME-OUT" : ": FAIL");
	}
	say_role(w->cli, accel ? ROLE_PLAIN : role_of(c->state), "%s", line.s);
	if (!accel && c->state != GRID_PASS)
		report_failure(w, c);
	text_release(&line);
}

static void report_table(const struct watch *w)
{
	struct text line = TEXT_INIT;
	enum grid_state worst;

	say(w->cli, "%s", "");
	for (size_t i = 0; grid_print_line(
		     &w->session.model.grid, i, GRID_COLUMNS, w->cli->utf8, &line, &worst);
		i++) {
		say_role(w->cli, i ? role_of(worst) : ROLE_TITLE, "%s", line.s);
		text_clear(&line);
	}
	for (size_t i = 0; grid_print_reason(&w->session.model.grid, i, &line); i++) {
		say(w->cli, "%s- %s", i ? "" : "\n", line.s);
		text_clear(&line);
	}
	text_release(&line);
}

static void report_end(const struct watch *w, const struct event_grid *e)
{
	struct text sum = TEXT_INIT;

	report_table(w);
	grid_print_sum(&w->session.model.grid, &sum);
	text_str(&sum, " in ");
	words_seconds(&sum, e->seconds);
	say(w->cli, "%s", "");
	say_role(w->cli, e->ok ? ROLE_GOOD : ROLE_BAD, "grid: %s", sum.s);
	text_release(&sum);
}

bool report_grid(const struct watch *w, const struct event *e)
{
	if (!w->session.model.grid.cells.n)
		return false;
	switch (e->kind) {
	case EVENT_BOOT_START:
		report_boot(w, e->boot_start.cell, e->boot_start.accel);
		return true;
	case EVENT_VERDICT:
		report_boot(w, e->verdict.cell, NULL);
		return true;
	case EVENT_GRID:
		report_end(w, &e->grid);
		return true;
	case EVENT_MILESTONE:
		return true;
	case EVENT_CHECK:
		return e->check.outcome ==
		       CHECK_PASSED; /* the tick already says that everything is as it should be */
	default:
		return false;
	}
}
