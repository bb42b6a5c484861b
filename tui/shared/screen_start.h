/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a screen is opened with. The command line fills it in and passes it to struct cli's `screen`; that is all it knows about
 * screens.
 */
#ifndef SCREEN_START_H
#define SCREEN_START_H

#include "base/error.h"
#include "base/place.h"
#include "choice/catalog.h"
#include "choice/settings.h"

enum screen_entry {
	SCREEN_START,  /* the start screen */
	SCREEN_TREE,   /* the option tree of the profile */
	SCREEN_BUILD,  /* builds the profile at once */
	SCREEN_BOOT,   /* builds the profile and boots it */
	SCREEN_ATTACH, /* shows the newest run, of `profile` if given */
};

enum screen_color { SCREEN_COLOR_AUTO, SCREEN_COLOR_ALWAYS, SCREEN_COLOR_NEVER };

struct screen_start {
	const struct place *place;
	const struct catalog *catalog;
	const struct settings *settings;
	const char *profile; /* name or path; NULL: the one used last, else the shipped default */
	enum screen_entry entry;
	enum screen_color color; /* AUTO honours NO_COLOR */
	bool ascii;		 /* plain ASCII even if the locale is UTF-8 */
	bool mouse; /* click and wheel; off, because capturing the mouse prevents copying */
};

/* Returned if this terminal cannot show a screen (no terminal, TERM=dumb, no cursor addressing): nothing was drawn, and the
 * caller continues with plain text. */
#define SCREEN_UNUSABLE (-1)

/* Runs until the person leaves. Returns the program's exit status: 0, or by the contract that of the last shown run if the entry
 * was BUILD, BOOT or ATTACH; an error before the first frame is put into err, and its kind is the status. */
typedef int screen_fn(const struct screen_start *start, struct error *err);

#endif
