/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the terminal emulator behind the console pane. */
#include "shared/guest.h"

#include "base/text.h"
#include "shared/guest_checks.h"
#include "shared/guest_filter.h"
#include "shared/width.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vterm.h>

/* How much is replayed into a new emulator, and read of a log that existed before us. */
#define HISTORY	   (256 * 1024)
#define LEAST_ROWS 5
#define LEAST_COLS 20

void guest_init(struct guest *g)
{
	*g = (struct guest){.history = TEXT_INIT, .answer = TEXT_INIT};
}

static void drop(struct guest *g)
{
	if (g->vt)
		vterm_free(g->vt);
	g->vt = g->screen = NULL;
}

void guest_release(struct guest *g)
{
	drop(g);
	text_release(&g->history);
	text_release(&g->answer);
}

static void on_output(const char *s, size_t len, void *ctx)
{
	struct guest *g = ctx;

	/* A guest that asks without end does not get answers without end. */
	if (g->answer.len < 1024)
		text_add(&g->answer, s, len);
}

void guest_size(struct guest *g, int rows, int cols)
{
	rows = rows < LEAST_ROWS ? LEAST_ROWS : rows;
	cols = cols < LEAST_COLS ? LEAST_COLS : cols;
	if (g->vt && rows == g->rows && cols == g->cols)
		return;
	drop(g);
	g->rows = rows;
	g->cols = cols;
	g->vt = vterm_new(rows, cols);
	vterm_set_utf8(g->vt, 1);
	vterm_output_set_callback(g->vt, on_output, g);
	g->screen = vterm_obtain_screen(g->vt);
	vterm_screen_enable_altscreen(g->screen, 1);
	vterm_screen_reset(g->screen, 1);
	vterm_input_write(g->vt, g->history.s, g->history.len);
	/* Questions in the replayed part were answered long ago. */
	text_clear(&g->answer);
}

static void keep(struct guest *g, const char *bytes, size_t len)
{
	text_add(&g->history, bytes, len);
	if (g->history.len < 2 * HISTORY)
		return;
	memmove(g->history.s, g->history.s + g->history.len - HISTORY, HISTORY + 1);
	g->history.len = HISTORY;
}

void guest_feed(struct guest *g, const char *bytes, size_t len)
{
	struct text clean = TEXT_INIT, own = TEXT_INIT;

	if (!g->with_checks) {
		guest_checks(&g->checks, bytes, len, &own);
		if (g->answering)
			guest_checks_flush(&g->checks, &own);
		bytes = own.s;
		len = own.len;
	}
	guest_filter(&g->filter, bytes, len, &clean);
	text_release(&own);
	keep(g, clean.s, clean.len);
	if (g->vt)
		vterm_input_write(g->vt, clean.s, clean.len);
	text_release(&clean);
}

void guest_show_checks(struct guest *g)
{
	guest_release(g);
	guest_init(g);
	g->with_checks = true;
}

bool guest_grow(struct guest *g, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char bytes[32 * 1024];
	uint64_t before = g->offset;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return false;
	/* Of a flood only the end is shown; the log has all of it. */
	if (!fstat(fd, &st) && st.st_size > 0 && (uint64_t)st.st_size > g->offset + 2 * HISTORY)
		g->offset = (uint64_t)st.st_size - HISTORY;
	while ((n = pread(fd, bytes, sizeof bytes, (off_t)g->offset)) > 0 &&
		g->offset - before < 8 * HISTORY) {
		guest_feed(g, bytes, (size_t)n);
		g->offset += (uint64_t)n;
	}
	close(fd);
	return g->offset != before;
}

void guest_cell(const struct guest *g, int y, int x, char out[32], unsigned *style)
{
	VTermScreenCell cell;
	size_t n = 0;

	out[0] = '\0';
	*style = 0;
	if (!g->screen || !vterm_screen_get_cell(g->screen, (VTermPos){y, x}, &cell))
		return;
	/* The right half of a wide character has no text of its own. */
	if (cell.chars[0] == (uint32_t)-1)
		return;
	*style = (cell.attrs.bold ? GUEST_BOLD : 0) | (cell.attrs.underline ? GUEST_UNDERLINE : 0) |
		 (cell.attrs.reverse ? GUEST_REVERSE : 0);
	if (!cell.chars[0])
		out[n++] = ' ';
	for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] < 0x110000;
		i++)
		n += width_encode(out + n, cell.chars[i]);
	out[n] = '\0';
}

void guest_cursor(const struct guest *g, int *y, int *x)
{
	VTermPos pos = {0, 0};

	if (g->vt)
		vterm_state_get_cursorpos(vterm_obtain_state(g->vt), &pos);
	*y = pos.row;
	*x = pos.col;
}
