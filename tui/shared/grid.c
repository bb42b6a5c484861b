/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builds the table of a test grid. */
#include "shared/grid.h"

#include "base/arena.h"
#include "base/text.h"
#include "shared/width.h"

#include <string.h>

enum { ROOMY = 11 };

/* How a line is divided into columns: the first layout that fits, else the last. */
static const struct shape {
	int line, title, file, cell;
} shapes[] = {
	{GRID_COLUMNS, 18, 23, ROOMY},
	{54, 18, 0, ROOMY},
	{37, 13, 0, 7},
};

static const struct {
	const char *firmware, *head;
} columns[] = {{"direct", "direct"}, {"bios", "BIOS"}, {"uefi", "UEFI"}};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* ---- from the events ---- */

static void take_plan(struct grid *g, const struct event_cells *cells)
{
	for (size_t i = 0; i < cells->n; i++) {
		const struct event_cell *c = &cells->at[i];

		vec_push_in(&g->arena, &g->cells,
			(struct grid_cell){.firmware = arena_str(&g->arena, c->firmware),
				.medium = arena_str(&g->arena, c->medium),
				.title = arena_str(&g->arena, c->title),
				.file = arena_str(&g->arena, c->file),
				.why = arena_str(&g->arena, c->why),
				.state = c->why ? GRID_LEFT_OUT : GRID_WAIT});
	}
}

static struct grid_cell *cell_of(struct grid *g, long number)
{
	return number > 0 && (size_t)number <= g->cells.n ? &g->cells.at[number - 1] : NULL;
}

static void take_verdict(struct grid *g, struct grid_cell *c, const struct event_verdict *v)
{
	static const enum grid_state states[] = {[VERDICT_FAIL] = GRID_FAIL,
		[VERDICT_PASS] = GRID_PASS,
		[VERDICT_TIMEOUT] = GRID_TIMEOUT};

	if (!c)
		return;
	c->state = states[v->verdict];
	c->seconds = v->ready_seconds;
	c->log = arena_str(&g->arena, v->log);
	if (v->diagnosis) {
		c->line = arena_str(&g->arena, v->diagnosis->line);
		c->cause = arena_str(&g->arena, v->diagnosis->cause);
		c->remedy = arena_str(&g->arena, v->diagnosis->remedy);
	}
}

/* If it ended early, some boots were not started or did not finish. */
static void stop(struct grid *g)
{
	g->over = true;
	for (size_t i = 0; i < g->cells.n; i++)
		if (g->cells.at[i].state == GRID_RUN)
			g->cells.at[i].state = GRID_FAIL;
}

void grid_event(struct grid *g, const struct event *e)
{
	struct grid_cell *c;

	switch (e->kind) {
	case EVENT_GRID_PLAN:
		if (!g->cells.n)
			take_plan(g, &e->grid_plan.cells);
		break;
	case EVENT_BOOT_START:
		c = cell_of(g, e->boot_start.cell);
		if (c)
			c->state = GRID_RUN;
		break;
	case EVENT_VERDICT:
		take_verdict(g, cell_of(g, e->verdict.cell), &e->verdict);
		break;
	case EVENT_GRID:
	case EVENT_FINISHED:
	case EVENT_LOST:
		stop(g);
		break;
	default:
		break;
	}
}

void grid_release(struct grid *g)
{
	arena_release(&g->arena);
	*g = (struct grid){0};
}

size_t grid_count(const struct grid *g, enum grid_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < g->cells.n; i++)
		n += g->cells.at[i].state == state;
	return n;
}

/* ---- the table ---- */

static bool same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_row(const struct grid_cell *a, const struct grid_cell *b)
{
	return same(a->medium, b->medium) && same(a->file, b->file);
}

static bool begins_row(const struct grid *g, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (same_row(&g->cells.at[j], &g->cells.at[i]))
			return false;
	return true;
}

size_t grid_rows(const struct grid *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->cells.n; i++)
		n += begins_row(g, i);
	return n;
}

size_t grid_row_of(const struct grid *g, size_t cell)
{
	size_t row = 0;

	for (size_t i = 0; i < g->cells.n; i++) {
		if (!begins_row(g, i))
			continue;
		if (same_row(&g->cells.at[i], &g->cells.at[cell]))
			return row;
		row++;
	}
	return row;
}

static void pad(struct text *out, const char *s, int cols)
{
	int shown = 0;
	size_t len = width_fit(s, cols, &shown);

	text_add(out, s, len);
	text_fmt(out, "%*s", cols - shown + 1, "");
}

static const struct shape *shape_for(int cols)
{
	size_t i = 0;

	while (i + 1 < sizeof shapes / sizeof *shapes && shapes[i].line > cols)
		i++;
	return &shapes[i];
}

/* Where a line starts. */
static void print_names(
	const struct shape *s, const char *title, const char *file, struct text *out)
{
	pad(out, title, s->title);
	if (s->file)
		pad(out, file ? file : "", s->file);
}

/* At most ROOMY columns, or 7. */
static void print_cell(const struct grid_cell *c, bool utf8, bool roomy, struct text *out)
{
	const char *failed = utf8 ? "\xe2\x9c\x97 " : "";

	switch (c->state) {
	case GRID_LEFT_OUT:
		text_str(out, "-");
		break;
	case GRID_WAIT:
		text_str(out, ".");
		break;
	case GRID_RUN:
		text_str(out, "running");
		break;
	case GRID_PASS:
		text_fmt(out, "%s %.1f%s", utf8 ? "\xe2\x9c\x93" : "ok", c->seconds,
			roomy ? " s" : "");
		break;
	case GRID_FAIL:
		text_fmt(out, "%sFAIL", failed);
		break;
	case GRID_TIMEOUT:
		text_fmt(out, "%s%s", failed, roomy ? "TIME-OUT" : "TIME");
		break;
	}
}

static void print_row(const struct grid *g, const struct grid_cell *first, const struct shape *s,
	bool utf8, struct text *out, enum grid_state *worst)
{
	print_names(s, first->title, first->file, out);
	*worst = GRID_LEFT_OUT;
	for (size_t column = 0; column < COLUMNS; column++) {
		struct text cell = TEXT_INIT;

		for (size_t i = 0; i < g->cells.n; i++) {
			const struct grid_cell *c = &g->cells.at[i];

			if (!same_row(c, first) || strcmp(c->firmware, columns[column].firmware))
				continue;
			print_cell(c, utf8, s->cell >= ROOMY, &cell);
			*worst = c->state > *worst ? c->state : *worst;
		}
		pad(out, cell.s, s->cell);
		text_release(&cell);
	}
}

/* Blanks at the end of a line are useless. */
static void trim(struct text *out)
{
	while (out->len && out->s[out->len - 1] == ' ')
		out->s[--out->len] = '\0';
}

static void print_head(const struct shape *s, struct text *out)
{
	print_names(s, "medium", "file", out);
	for (size_t i = 0; i < COLUMNS; i++)
		pad(out, columns[i].head, s->cell);
	trim(out);
}

bool grid_print_line(const struct grid *g, size_t line, int cols, bool utf8, struct text *out,
	enum grid_state *worst)
{
	const struct shape *s = shape_for(cols);

	*worst = GRID_LEFT_OUT;
	if (line == 0) {
		print_head(s, out);
		return true;
	}
	for (size_t i = 0; i < g->cells.n; i++) {
		if (!begins_row(g, i) || --line)
			continue;
		print_row(g, &g->cells.at[i], s, utf8, out, worst);
		trim(out);
		return true;
	}
	return false;
}

/* ---- in words ---- */

static const char *head_of(const char *firmware)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (strcmp(firmware, columns[i].firmware) == 0)
			return columns[i].head;
	return firmware;
}

void grid_print_name(const struct grid_cell *c, struct text *out)
{
	text_fmt(out, "%s, %s", head_of(c->firmware), c->title);
	if (c->file && *c->file)
		text_fmt(out, ", %s", c->file);
}

void grid_print_sum(const struct grid *g, struct text *out)
{
	size_t failed = grid_count(g, GRID_FAIL), late = grid_count(g, GRID_TIMEOUT);

	text_fmt(out, "%zu of %zu passed", grid_count(g, GRID_PASS),
		g->cells.n - grid_count(g, GRID_LEFT_OUT));
	if (failed)
		text_fmt(out, ", %zu FAILED", failed);
	if (late)
		text_fmt(out, ", %zu timed out", late);
}

/* If all media share a reason for one way to start, it belongs to that way, not to each medium. */
static bool is_of_firmware(const struct grid *g, const struct grid_cell *c)
{
	bool shared = false;

	for (size_t i = 0; i < g->cells.n; i++) {
		const struct grid_cell *other = &g->cells.at[i];

		if (!same(other->why, c->why))
			continue;
		if (!same(other->firmware, c->firmware))
			return false;
		shared = shared || !same(other->title, c->title);
	}
	return shared;
}

static bool is_new_reason(const struct grid *g, size_t i)
{
	const struct grid_cell *c = &g->cells.at[i];

	for (size_t j = 0; c->why && j < i; j++)
		if (same(g->cells.at[j].why, c->why) &&
			(same(g->cells.at[j].title, c->title) || is_of_firmware(g, c)))
			return false;
	return c->why;
}

bool grid_print_reason(const struct grid *g, size_t line, struct text *out)
{
	for (size_t i = 0; i < g->cells.n; i++) {
		const struct grid_cell *c = &g->cells.at[i];

		if (!is_new_reason(g, i) || line--)
			continue;
		text_fmt(out, "%s: %s", is_of_firmware(g, c) ? head_of(c->firmware) : c->title,
			c->why);
		return true;
	}
	return false;
}
