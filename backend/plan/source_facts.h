/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an unpacked source package of Debian says about itself: the files at its top, debian/control and debian/copyright (Debian
 * Policy, chapter 5; DEP-5), words of debian/rules and of the scripts that run when it is installed. Nothing of it is run, and
 * all of it is a stranger's: texts are one line each, without anything that a terminal or a recipe would take for more.
 */
#ifndef SOURCE_FACTS_H
#define SOURCE_FACTS_H

#include "base/arena.h"
#include "base/place.h"
#include "base/vec.h"

struct source_facts {
	const char *style,
		*say; /* by the build system; say: further lines, "" for none; NULL: unknown */
	const char *summary, *section, *url; /* NULL: not said */
	const char *licence;	  /* in SPDX's words, if all of them are known; else NULL */
	const char *said_licence; /* in Debian's; NULL: not said */
	struct strings licence_files;
	struct strings built_with;   /* names of binary packages */
	struct strings tools;	     /* the same, of those that are certainly no libraries */
	struct strings switches;     /* --enable-x, --with-y=z */
	struct strings users, modes; /* lines that make users, and that set modes */
};

/* `binary` is the package whose description counts, if there is one of that name. Everything lives in the arena. */
CHECKED bool source_facts_read(struct source_facts *f, const struct place *place,
	const char *folder, const char *binary, struct arena *a, struct error *err);

#endif
