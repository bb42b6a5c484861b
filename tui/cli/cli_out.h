/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verbs print goes through here: everything passes the printable filter, becomes ASCII where the locale is not UTF-8, and
 * is coloured only where that was asked for. Text goes to stdout; complaints and questions go to stderr.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include "base/text.h"
#include "cli/cli.h"
#include <jansson.h>

enum role { ROLE_PLAIN, ROLE_GOOD, ROLE_BAD, ROLE_WARN, ROLE_TITLE };

void say(const struct cli *c, const char *fmt, ...)
	FORMAT(2, 3); /* one line; the newline is added */
void say_role(const struct cli *c, enum role role, const char *fmt, ...) FORMAT(3, 4);
void say_text(const struct cli *c, const char *text, size_t len); /* lines, as they are */
/* One line, on a terminal broken at blanks where it is too long; what follows stands under the margin. */
void say_within(const struct cli *c, FILE *to, const char *line, size_t margin);
void say_json(json_t *object); /* one line; steals the reference */
void complain(const struct cli *c, const char *fmt, ...)
	FORMAT(2, 3); /* "bootsmith: ..." on stderr */

void put_json_line(const char *line); /* one that the backend made, as it is */
json_t *json_text(const char *s);     /* null for NULL and for what is not UTF-8 */

/* Appends text that came from elsewhere, fit to be shown. */
void add_foreign(const struct cli *c, struct text *out, const char *s);

/* Writes to stdout without any filter: for the status line's own movements and the interactive console. */
void put_raw(const char *bytes, size_t len);

/* The width of the terminal that stdout is; where it is none, lines are as long as they like. */
int columns_of(const struct cli *c);

/* Asks on the terminal, default no. ERROR_USAGE naming `flag` when nobody can be asked. */
CHECKED bool ask(
	const struct cli *c, const char *question, const char *flag, bool *yes, struct error *err);

/* Asks for a line, which goes to `answer` without its newline; false as with ask. */
CHECKED bool ask_line(const struct cli *c, const char *question, const char *flag,
	struct text *answer, struct error *err);
bool can_ask(const struct cli *c); /* is there somebody to ask? */

/* Rows of cells printed in columns; the last column is not padded, and broken where the terminal ends. Cells are copied. */
struct table {
	size_t columns;
	struct arena arena;
	struct strings cells;
};
void table_add(struct table *t, ...); /* as many const char * as there are columns */
void table_print(const struct cli *c, struct table *t);
void table_release(struct table *t);

#endif
