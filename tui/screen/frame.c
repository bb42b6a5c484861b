/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the frame around every full screen: title, path, rules, message and the row of keys (app.h). */
#include "screen/app.h"

#include "base/text.h"
#include "screen/terminal.h"
#include "shared/document.h"
#include "shared/keys.h"
#include "shared/model.h"
#include "shared/session.h"
#include "shared/width.h"

#include <string.h>

void frame_title(const struct app *app, struct text *out)
{
	size_t n = document_count_changes(&app->doc);

	text_fmt(out, "bootsmith  %s", app->doc.now.name);
	if (n)
		text_fmt(out, " *unsaved: %zu", n);
}

static void draw_row(
	struct app *app, struct rect r, enum role role, const char *left, const char *right)
{
	int w = right ? width_of(right) : 0;

	if (!r.rows) {
		terminal_cut(&app->term, left ? left : "");
		return;
	}
	/* The title has precedence over the text to its right. */
	if (left && width_of(left) + w + 3 > r.cols) {
		terminal_cut(&app->term, right ? right : "");
		w = 0;
	}
	if (left)
		put(&app->term, (struct rect){r.y, r.x, 1, r.cols - (w ? w + 2 : 0)}, 0, 1, role,
			left);
	if (w)
		put(&app->term, r, 0, r.cols - w - 1, ROLE_TEXT, right);
}

void frame_draw(
	struct app *app, const struct view *v, const struct layout *l, const struct heading *h)
{
	struct text hints = TEXT_INIT;

	draw_row(app, l->head, ROLE_TITLE, h->title, h->title_right);
	if (l->path.rows || (h->path && h->title && strcmp(h->path, h->title)))
		draw_row(app, l->path, ROLE_TEXT, h->path, h->path_right);
	put_rule(&app->term, l->rule_top, NULL);
	put_rule(&app->term, l->rule_bottom, NULL);
	if (app->message.len)
		put_wrapped(&app->term,
			(struct rect){l->message.y, 1, l->message.rows, l->message.cols - 2}, 0,
			app->message_role, app->message.s);
	else
		put(&app->term, l->message, 0, 1, app->hint_role, app->hint.s);
	keys_hints(v->keys, v->idle, l->keys.cols, &hints);
	put(&app->term, l->keys, 0, 0, ROLE_TEXT, hints.s);
	text_release(&hints);
}

void frame_line(struct app *app)
{
	struct rect r = {0, 0, app->term.rows, app->term.cols};
	const struct model *m = &app->session.model;

	if (session_is_alive(&app->session) && !app->session.is_boot)
		put_fmt(&app->term, r, 0, 0, ROLE_TEXT, "%dx%d too small; build %d%%; q quit",
			app->term.cols, app->term.rows, (int)(model_part(m) * 100));
	else
		put_fmt(&app->term, r, 0, 0, ROLE_TEXT, "%dx%d too small; q quit", app->term.cols,
			app->term.rows);
	put_cursor(&app->term, r, 0, 0, false);
}
