/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a screen is opened with. The command line fills it in and hands it to whoever shows screens (struct cli's `screen`),
 * which it does not know otherwise.
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
	SCREEN_ATTACH, /* shows the newest run, of `profile` when that is given */
};

enum screen_color { SCREEN_COLOR_AUTO, SCREEN_COLOR_ALWAYS, SCREEN_COLOR_NEVER };

struct screen_start {
	const struct place *place;
	const struct catalog *catalog;
	const struct settings *settings;
	const char *profile; /* name or path; NULL: the one used last, else the shipped default */
	enum screen_entry entry;
	enum screen_color color; /* AUTO honours NO_COLOR */
	bool ascii;		 /* plain ASCII even where the locale knows UTF-8 */
	bool mouse; /* click and wheel; off, because capturing the mouse takes away copying */
};

/* Returned when this terminal cannot show a screen (no terminal, TERM=dumb, no cursor addressing): nothing was drawn, and
 * the caller goes on with plain text. */
#define SCREEN_UNUSABLE (-1)

/* Runs until the person leaves. The exit status of the program: 0, or what the contract says of the run that was shown last
 * when the entry was BUILD, BOOT or ATTACH; errors before the first frame are put into err and give its kind. */
typedef int screen_fn(const struct screen_start *start, struct error *err);

#endif
