/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A profile: the choices a person made, as values only; defaults live in the option table. Opened from a file it remembers
 * the person's comments, and saving keeps them. A profile is data: nothing in it is ever run by a shell.
 */
#ifndef PROFILE_H
#define PROFILE_H

#include "base/place.h"
#include "choice/catalog.h"
#include "choice/option.h"

struct setting {
	const struct option *option;
	const char *value;
	const char *effective; /* what it stands for: groups of packages are replaced by these */
	const char *
		comment; /* the comment lines above it, each with its newline; NULL or text in the arena */
	int line;	 /* 0 if it is not from a file */
};

struct profile {
	struct arena arena;
	const char *name; /* "first-boot" */
	const char *path; /* file it was read from or belongs in; NULL if it was never saved */
	bool shipped;	  /* in a data folder: we must not write it */
	const char *head; /* comment lines at the top of the file, "" if there are none */
	const char *tail; /* comment lines after the last setting */
	VEC(struct setting) set;       /* in table order */
	const struct catalog *catalog; /* with the recipes of a folder that the profile names */
};

/* Names are letters, digits, '.', '_', '+', '-', at most 64, not starting with '.' or '-'. */
bool profile_name_ok(const char *name);

CHECKED bool profile_open(
	struct profile *p, const struct catalog *c, const char *path, struct error *err);
CHECKED bool profile_parse(struct profile *p, const struct catalog *c, const char *file,
	const char *source, size_t len, struct error *err);
/* A name (the user's profiles first, then shipped ones) or a path (anything with a '/' or ending in ".profile"). */
CHECKED bool profile_find(struct profile *p, const struct catalog *c, const struct place *place,
	const char *name_or_path, struct error *err);
void profile_init(struct profile *p, const struct catalog *c, const char *name);
void profile_copy(struct profile *to, const struct profile *from, const char *name);
void profile_release(struct profile *p);

/* All profiles, the user's first, each group sorted by name. A broken file is listed with its error and no settings. */
struct profile_entry {
	const char *name, *path, *summary;
	bool shipped;
	const char *problem; /* NULL, or why it cannot be read */
};
struct profile_list {
	struct arena arena;
	VEC(struct profile_entry) of;
};
CHECKED bool profile_list_load(struct profile_list *l, const struct catalog *c,
	const struct place *place, struct error *err);
void profile_list_release(struct profile_list *l);

/* The effective value: the person's where the option's condition holds, else the default. Never NULL for a known name; NULL for
 * an unknown one. */
const char *profile_get(const struct profile *p, const char *name);
bool profile_is_set(const struct profile *p, const char *name);
/* What the person chose, whether it counts now or is kept aside; NULL: nothing. */
const char *profile_chosen(const struct profile *p, const char *name);
/* True when this setting does not count, because what it needs fell away; `sentence` (may be NULL) says so and why. */
bool profile_is_aside(const struct profile *p, const struct setting *s, struct text *sentence);
/* The same for a choice that is made just now, where it is a mistake: ERROR_PROFILE with file, line and reason. */
CHECKED bool profile_counts(const struct profile *p, const char *name, struct error *err);
guard_lookup profile_lookup; /* ctx is a const struct profile *: for guard_holds */

/* What a choice of paths names, absolute: "~/" is the home folder, all else begins in the profile's. Words that are among the
 * values of the option stand for themselves. */
CHECKED bool profile_paths(const struct profile *p, const struct option *o, struct arena *a,
	struct strings *out, struct error *err);
/* One path in the same way. */
const char *profile_file(const struct profile *p, struct arena *a, const char *path);
/* Appends a path as a word of a list, so that conf_words gives it back. */
void profile_quote_path(struct text *out, const char *path);
/* A value of paths as it is typed in the current folder, for a profile of another one: what is found from here becomes
 * absolute. */
CHECKED bool profile_typed_paths(const struct profile *p, const struct option *o,
	const char **value, struct arena *a, struct error *err);

/* Before `p`, whose paths begin in the folder of `origin`, is written to `path` in another one: they become absolute, and
 * go on naming the same files. */
void profile_keep_files(struct profile *p, const char *origin, const char *path);

/* Sets or, with value NULL, clears one choice. Checks only the value itself; profile_check checks the combination. */
CHECKED bool profile_set(struct profile *p, const char *name, const char *value, struct error *err);
/* The words of a list or of paths, with more words or without these; a member that is taken away leaves the others of its group.
 * In the profile's arena; NULL: nothing is left. ERROR_PROFILE when it is no list, or one to be taken away is not there. */
CHECKED bool profile_more(struct profile *p, const struct option *o, const char *words,
	const char **value, struct error *err);
CHECKED bool profile_less(struct profile *p, const struct option *o, const char *words,
	const char **value, struct error *err);
/* Before the choices are read: takes the recipes of the folder that this value of `o` names, if that is what it does. */
CHECKED bool profile_use_recipes(
	struct profile *p, const struct option *o, const char *value, struct error *err);

/* Can this option be chosen at all now? If not, `why` gets the reason ("needs network=static"). */
bool profile_option_available(const struct profile *p, const struct option *o, struct text *why);
bool profile_value_available(const struct profile *p, const struct option *o,
	const struct option_value *v, struct text *why);

/* Is the whole combination possible? What is kept aside has no say. The error is ERROR_PROFILE and names file and line. */
CHECKED bool profile_check(const struct profile *p, struct error *err);

/* What saving would write: only what differs from the defaults, in table order, with the person's comments. */
void profile_print(const struct profile *p, struct text *out);
CHECKED bool profile_save(const struct profile *p, const char *path,
	struct error *err); /* keeps the old file as PATH.old */

#endif
