/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A screen of scrolling text: logs, help, lists of changes. A growing log file is re-read and followed while its last line is
 * visible; every line passes the printable filter before it is stored.
 */
#ifndef PAGER_H
#define PAGER_H

#include "screen/app.h"

void pager_text(struct app *app, const char *title, const char *text, enum keys_view keys);
/* `error_line`: the text of the line to start at (NULL or not found: the end). */
void pager_file(struct app *app, const char *path, const char *error_line);

#endif
