/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows help for a screen. The keys come from the table; only what a table cannot say is written here. */
#include "screen/help.h"

#include "base/text.h"
#include "screen/app.h"
#include "screen/pager.h"
#include "shared/keys.h"

static const struct {
	unsigned views;
	const char *text;
} notes[] = {
	{KEYS_TREE | KEYS_HITS,
		"Marks: [*] on  [ ] off  (*) chosen  ( ) not chosen  = a value  x not available, with the reason\n"
		"       + before a row: changed since it was saved   ---> opens another list\n"
		"Options that are not available are shown with their reason; w says what would make them available.\n"},
	{KEYS_WIZARD | KEYS_REVIEW,
		"Nothing is written before the review. Esc goes back and keeps every answer.\n"},
	{KEYS_BUILD,
		"States: wait  run  ok  cached (was built before)  FAIL  skip (a step before it failed)  stop (cancelled)\n"
		"The build is a process of its own: closing this window does not end it.\n"},
	{KEYS_BOOT | KEYS_GUEST,
		"While keys go to the booted system, Ctrl-] (or Ctrl-5) and then a key of the list leaves it.\n"},
	{KEYS_SEARCH | KEYS_HITS,
		"All words must be found, in any order, in the name, title, help or values of an option.\n"},
	{KEYS_FIELD,
		"The first character that is typed replaces a value that is shown in reverse; arrows edit it.\n"
		"Ctrl-A, Ctrl-E: start, end   Ctrl-U, Ctrl-K: delete to the start, end   Ctrl-W: delete a word\n"},
};

void help_open(struct app *app, enum keys_view keys)
{
	struct text text = TEXT_INIT, title = TEXT_INIT;

	keys_help(keys, &text);
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
		if (notes[i].views & keys)
			text_fmt(&text, "\n%s", notes[i].text);
	}
	/* Where letters are text or answers there is no key of its own for it. */
	if (app->term.cut.len && keys_find(keys, 'm') != ACT_WHOLE)
		text_fmt(&text, "\nCut on that screen:\n%s", app->term.cut.s);
	text_fmt(&title, "help: %s", keys_view_name(keys));
	pager_text(app, title.s, text.s, KEYS_HELP);
	text_release(&text);
	text_release(&title);
}

void help_whole(struct app *app)
{
	if (app->term.cut.len)
		pager_text(app, "what was cut", app->term.cut.s, KEYS_HELP);
	else
		app_say(app, ROLE_TEXT, "Nothing on this screen is cut.");
}
