/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: a table of verbs, each a function that gets what main.c has read for it. Usage, --help, "did you mean" and
 * the manual's table come from the rows, so that adding a verb takes one row and one function.
 */
#ifndef CLI_H
#define CLI_H

#include "choice/catalog.h"
#include "choice/settings.h"
#include "cli/cli_flags.h"
#include "shared/screen_start.h"

enum verb_needs {
	NEEDS_PLACE = 1,
	NEEDS_CATALOG = 2, /* and the place */
	NEEDS_SETTINGS = 4,
	NEEDS_PAGER = 8, /* its output may be longer than a screen */
};

struct cli;
struct pager;

/* False: the error is set and its kind is the exit status. True: c->status is. */
typedef bool verb_fn(struct cli *c, struct error *err);

struct verb {
	const char *name;
	const char *synopsis; /* what stands after the name */
	const char *summary;  /* one line, lower case, no full stop */
	const char *details;  /* sentences for --help; may be NULL */
	const char *examples; /* lines, each a whole command */
	const struct flag *flags;
	size_t least, most; /* words after the verb */
	unsigned needs;	    /* enum verb_needs */
	verb_fn *perform;
	bool internal; /* for packagers and tests: not listed */
};

struct cli {
	const struct verb *verb;
	struct flags flags;
	struct strings words; /* after the verb */
	struct place place;
	struct catalog catalog;
	struct settings settings;
	unsigned loaded; /* enum verb_needs */
	bool live;	 /* stdout is a terminal where a status line can be redrawn */
	bool colour, utf8;
	struct pager *pager; /* NULL: none */
	int status;	     /* exit status, 0 unless a verb sets it */
	screen_fn *screen;   /* opens a screen */
};

extern const struct verb verbs[]; /* ends with a row without a name */
extern const struct flag flags_global[];

const struct verb *verb_find(const char *name);
CHECKED bool verb_unknown(
	const char *name, struct error *err); /* always false; suggests the nearest */

/* cli_help.c */
void help_usage(struct cli *c, bool to_stderr);
void help_verb(const struct cli *c, const struct verb *v);

verb_fn verb_new, verb_set, verb_show, verb_list, verb_diff;
verb_fn verb_options, verb_packages, verb_versions, verb_manual, verb_help;
verb_fn verb_check, verb_doctor, verb_plan, verb_why, verb_lock, verb_verify;
verb_fn verb_fetch, verb_build, verb_attach, verb_boot, verb_log, verb_cache;
verb_fn verb_recipe, verb_write, verb_size;

#endif
