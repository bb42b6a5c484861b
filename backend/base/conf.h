/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one syntax of all files that people edit: profiles, settings, options, recipes, styles, file lists, diagnosis tables,
 * checks.
 *
 *   # comment                     blank lines and comments between settings
 *   [section name]                kind and name; both may be absent in simple files
 *   key = value                   blanks around key and value are dropped
 *   key[libc=musl] = value        a guard: the line counts only if it holds
 *       more of the value         an indented line continues the value (joined by one newline)
 *
 * UTF-8 without NUL and other control characters, at most 1 MiB from people. Whether a key may be repeated is up to the receiver.
 */
#ifndef CONF_H
#define CONF_H

#include "base/guard.h"
#include "base/nearest.h" /* conf_nearest */
#include "base/place.h"

struct conf_line {
	const char *file;
	int line;
	const char *kind,
		*name; /* of the section, "" before the first; lives in the arena given to conf_parse */
	const char *key; /* NULL: this line opens a section */
	const struct guard *guard;
	const struct traits *traits; /* traits that a condition in the value may name */
	const char *value;
	const char *comment; /* comment lines directly above, with their newlines; "" when none */
};

/* Returning false stops the reading; conf puts "file:line: " before the error's sentence. Sinks are named take_ plus what a line
 * or section is. */
typedef bool conf_sink(void *ctx, const struct conf_line *line, struct error *err);

#define CONF_LIMIT (1024 * 1024)

/* Is a choice that has been accepted, or NULL, yes? */
bool conf_is_yes(const char *value);

/* All strings handed to the sink live in the arena. `tail` (may be NULL) receives comment lines after the last setting. */
CHECKED bool conf_parse(const char *file, const char *source, size_t len, struct arena *a,
	conf_sink *sink, void *ctx, const char **tail, struct error *err);
CHECKED bool conf_read(
	const char *path, struct arena *a, conf_sink *sink, void *ctx, struct error *err);
/* The same for a file that the program itself wrote, which is as long as it had to be. */
CHECKED bool conf_read_own(
	const char *path, struct arena *a, conf_sink *sink, void *ctx, struct error *err);
/* The same for a file whose guards may name traits (guard.h), which the catalogue defines. */
CHECKED bool conf_read_guarded(const char *path, const struct traits *traits, struct arena *a,
	conf_sink *sink, void *ctx, struct error *err);
/* The same for a file in the data folders ("share/machines/x86_64.machine"). `include = NAME` in it inserts the lines of NAME
 * from the same folder. If there is no such file, `lack` says what that means: "this architecture is not known". */
CHECKED bool conf_find(const struct place *p, const char *relative, const char *lack,
	const struct traits *traits, struct arena *a, conf_sink *sink, void *ctx,
	struct error *err);

/* The line opens or is in one of these sections, which are listed as messages show them: "[need NAME] [packages]"; "" means none
 * exist. */
CHECKED bool conf_in(const struct conf_line *line, const char *sections, struct error *err);

/* One row says how a section's key is stored: receivers walk a table instead of comparing names. */
enum conf_type { CONF_TEXT, CONF_WORDS, CONF_NUMBER, CONF_YESNO, CONF_GUARD };
struct conf_field {
	const char *key;
	enum conf_type type;
	size_t offset; /* of a const char *, struct strings, long, bool or struct guard in the receiving struct */
};
/* Stores a line into `into` as its table says (the row with key NULL ends it); an unknown key is an error that suggests the
 * nearest. */
CHECKED bool conf_store(const struct conf_field *fields, const struct conf_line *line, void *into,
	struct arena *a, struct error *err);

/* Splits at blanks, into a vector that lives in the arena; "double quotes" keep blanks, a backslash makes the next character
 * literal. */
CHECKED bool conf_words(
	const char *source, struct arena *a, struct strings *out, struct error *err);

#endif
