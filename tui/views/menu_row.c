/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws one row: "> + [*] label   value   name  --->", dropping columns from the right as it gets narrower. */
#include "views/menu_row.h"

#include "base/text.h"
#include "screen/terminal.h"
#include "shared/menu.h"
#include "shared/width.h"

#define LABEL 8
#define ARROW 5
#define TRIED "tried"

struct columns {
	int label, value, name; /* widths; 0: not shown */
};

/* A reason is a sentence: it also gets the space of the name. */
static struct columns columns_of(const struct menu_row *row, int label, int cols, bool available)
{
	struct columns c = {0};
	int room = cols - LABEL - (available ? ARROW : 0);

	/* Values have long explanations and short names. */
	c.label = row->kind == MENU_VALUE ? 14 : 26;
	if (room < c.label + 10)
		c.label = label < room ? label : room;
	c.value = room - c.label - 1;
	if (c.value > 30 && row->kind == MENU_OPTION && available) {
		c.name = 16;
		c.value -= c.name + 1;
	}
	return c;
}

static struct rect part(struct rect r, int y, int x, int cols)
{
	return (struct rect){r.y + y, r.x + x, 1, cols};
}

void menu_row_draw(struct app *app, struct rect r, int y, const struct menu_row *row, bool focus)
{
	struct terminal *t = &app->term;
	bool ok = menu_available(&app->doc, row, NULL), tried = ok && menu_tried(&app->doc, row);
	struct columns c;
	enum role role = ok ? ROLE_TEXT : ROLE_DIM;
	struct text mark = TEXT_INIT, label = TEXT_INIT, value = TEXT_INIT;

	menu_print_mark(&app->doc, row, &mark);
	menu_print_label(row, &label);
	menu_print_value(&app->doc, row, &value);
	c = columns_of(row, width_of(label.s), r.cols, ok);
	put_fmt(t, r, y, 1, role, "%s%s %s", focus ? ">" : " ",
		menu_changed(&app->doc, row) ? "+" : " ", mark.s);
	put(t, part(r, y, LABEL, c.label), 0, 0, role, label.s);
	if (tried && c.value > (int)sizeof TRIED)
		c.value -= (int)sizeof TRIED - ARROW + 1;
	if (c.value > 3)
		put(t, part(r, y, LABEL + c.label + 1, c.value), 0, 0, role, value.s);
	if (c.name)
		put(t, part(r, y, r.cols - ARROW - c.name, c.name), 0, 0, ROLE_DIM,
			row->option->name);
	if (tried && c.value > (int)sizeof TRIED)
		put(t, r, y, r.cols - (int)sizeof TRIED, role, TRIED);
	if (menu_opens(row) && ok)
		put(t, r, y, r.cols - ARROW, role, "--->");
	if (focus)
		put_focus(t, r, y);
	text_release(&mark);
	text_release(&label);
	text_release(&value);
}
