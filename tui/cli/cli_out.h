/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verbs print goes through here: everything passes the printable filter, becomes ASCII if the locale is not UTF-8, and is
 * coloured only if requested. Text goes to stdout; complaints and questions go to stderr.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "base/text.h"
#include "cli/cli.h"
#include <jansson.h>

enum role { ROLE_PLAIN, ROLE_GOOD, ROLE_BAD, ROLE_WARN, ROLE_TITLE };

void say(const struct cli *c, const char *fmt, ...) FORMAT(2, 3); /* one line; adds the newline */
void say_role(const struct cli *c, enum role role, const char *fmt, ...) FORMAT(3, 4);
void say_text(const struct cli *c, const char *text, size_t len); /* lines, unchanged */
/* One line; on a terminal a long one is broken at blanks, and continuation lines are indented to the margin. */
void say_within(const struct cli *c, FILE *to, const char *line, size_t margin);
void say_json(json_t *object); /* one line; steals the reference */
void complain(const struct cli *c, const char *fmt, ...)
	FORMAT(2, 3); /* "bootsmith: ..." on stderr */

void put_json_line(const char *line); /* one from the backend, unchanged */
json_t *json_text(const char *s);     /* null for NULL and for text that is not UTF-8 */

/* Appends foreign text, made printable. */
void add_foreign(const struct cli *c, struct text *out, const char *s);

/* Writes to stdout unfiltered: for the status line's cursor movements and the interactive console. */
void put_raw(const char *bytes, size_t len);

/* The width of the terminal on stdout; without one, lines may have any length. */
int columns_of(const struct cli *c);

/* Asks on the terminal, default no. ERROR_USAGE naming `flag` if nobody can be asked. */
CHECKED bool ask(
	const struct cli *c, const char *question, const char *flag, bool *yes, struct error *err);

/* Asks for a line; `answer` gets it without its newline; false as with ask. */
CHECKED bool ask_line(const struct cli *c, const char *question, const char *flag,
	struct text *answer, struct error *err);
bool can_ask(const struct cli *c); /* is there somebody to ask? */

/* Rows of cells printed in columns; the last column is not padded, but wrapped at the terminal's edge. Cells are copied. */
struct table {
	size_t columns;
	struct arena arena;
	struct strings cells;
};
void table_add(struct table *t, ...); /* one const char * for each column */
void table_print(const struct cli *c, struct table *t);
void table_release(struct table *t);

#endif
