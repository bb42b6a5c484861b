/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits for conditions, and finds them in rows, cursor and modes of the window; an expected screen is patterns, row by row. */
#include "base/text.h"
#include "look.h"
#include "window.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

double look_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

bool look_fault(struct drive *d, const char *why)
{
	snprintf(d->why, sizeof d->why, "%s", why);
	return false;
}

bool look_until(struct drive *d, condition *holds)
{
	double end = look_now() + d->deadline_s;

	while (!holds(d)) {
		if (look_now() > end)
			return false;
		if (!window_pump(&d->t, 50) && d->t.ended)
			return holds(d);
	}
	return true;
}

void look_settle(struct drive *d, int quiet_ms)
{
	double end = look_now() + d->deadline_s;

	while (look_now() < end && window_pump(&d->t, quiet_ms))
		;
}

static bool row_has(struct drive *d, int row, const char *what)
{
	struct text line = TEXT_INIT;
	bool found;

	window_row(&d->t, row, &line);
	found = strstr(line.s, what) != NULL;
	text_release(&line);
	return found;
}

static bool screen_has(struct drive *d, const char *what)
{
	for (int row = 0; row < d->t.rows; row++) {
		if (row_has(d, row, what))
			return true;
	}
	return false;
}

bool look_frame(struct drive *d)
{
	struct window *t = &d->t;

	if (t->ended || t->stopped || !t->alternate || t->cols < 20 || t->rows < 5)
		return true;
	if (row_has(d, t->rows - 1, "? Help") || row_has(d, t->rows - 1, "F1 Help"))
		return true;
	return look_fault(d, "the last row has neither '? Help' nor 'F1 Help'");
}

bool look_has(struct drive *d)
{
	return screen_has(d, d->word[1]) || look_fault(d, "the text is not on the screen");
}

bool look_lacks(struct drive *d)
{
	return !screen_has(d, d->word[1]) || look_fault(d, "the text is on the screen");
}

static int row_number(struct drive *d, const char *s)
{
	int row = atoi(s);

	return row < 0 ? d->t.rows + row : row;
}

/* row N has "text" */
bool look_row(struct drive *d)
{
	return row_has(d, row_number(d, d->word[1]), d->word[3]) ||
	       look_fault(d, "the row has no such text");
}

bool look_cursor(struct drive *d)
{
	return row_has(d, d->t.cursor.row, d->word[1]) ||
	       look_fault(d, "the cursor is on another row");
}

bool look_reverse(struct drive *d)
{
	for (int row = 0; row < d->t.rows; row++) {
		if (row_has(d, row, d->word[1]) && window_row_reversed(&d->t, row))
			return true;
	}
	return look_fault(d, "no row with this text is shown in reverse");
}

/* Does the line match, where "{*}" in the pattern stands for any run of characters? */
static bool matches(const char *pattern, const char *line)
{
	const char *star = strstr(pattern, "{*}");
	size_t before;

	if (!star)
		return strcmp(pattern, line) == 0;
	before = (size_t)(star - pattern);
	if (strncmp(pattern, line, before) != 0)
		return false;
	for (line += before;; line++) {
		if (matches(star + 3, line))
			return true;
		if (!*line)
			return false;
	}
}

/* The block is the whole screen from the top; a line "..." skips rows until the next one fits. */
bool look_expected(struct drive *d)
{
	const char *line = d->expected.s;
	struct text shown = TEXT_INIT;
	bool skip = false, ok = true;
	int row = 0;

	while (ok && *line) {
		const char *end = strchr(line, '\n');
		char *pattern = strndup(line, (size_t)(end - line));

		if (strcmp(pattern, "...") == 0) {
			skip = true;
		} else {
			for (ok = false; !ok && row < d->t.rows; row++) {
				text_clear(&shown);
				window_row(&d->t, row, &shown);
				ok = matches(pattern, shown.s);
				if (!ok && !skip)
					break;
			}
			skip = false;
		}
		if (!ok)
			snprintf(d->why, sizeof d->why, "no row fits: %.300s", pattern);
		free(pattern);
		line = end + 1;
	}
	text_release(&shown);
	return ok;
}

bool look_ended(struct drive *d)
{
	return d->t.ended || look_fault(d, "the program goes on");
}

bool look_stopped(struct drive *d)
{
	return d->t.stopped || look_fault(d, "the program was not suspended");
}

bool look_restored(struct drive *d)
{
	return window_modes_restored(&d->t) || look_fault(d, "the terminal was not restored");
}

bool look_ready(struct drive *d)
{
	return d->t.ended || window_is_raw(&d->t) ||
	       look_fault(d, "the program does not take keys one by one");
}
