/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A service: a program that runs as long as the system does and is started again when it ends. Declared once, as data, in
 * share/services/NAME.service, beside a recipe, or beside a profile; each init's templates decide how it is started.
 *
 *   summary = one line for the script that starts it
 *   also    = web server http            words by which people search for it
 *   before  = mkdir -p /srv/www          a command to run first; may be repeated
 *   run     = httpd -f -h /srv/www       the program, in the foreground; a word {option} is the profile's choice
 *   log     = yes                        its output is kept in /var/log/NAME
 *
 * run and before may have guards over the profile's choices: the last run that holds counts, and every before that does.
 *
 * Words are literal: shell syntax has no meaning.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"

struct service {
	const char *name, *file, *summary, *also, *run;
	struct strings before;
	bool log;
};

/* Strings live in the arena. */
CHECKED bool service_read(struct service *s, const char *name, const char *path,
	const struct traits *traits, struct arena *a, guard_lookup *lookup, const void *ctx,
	struct error *err);

/* One command as a line of a shell script, with words quoted where needed. */
CHECKED bool service_command(struct text *out, struct arena *a, const char *words,
	expand_lookup *lookup, void *ctx, struct error *err);

#endif
