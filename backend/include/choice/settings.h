/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's settings ($XDG_CONFIG_HOME/bootsmith/config): what concerns the machine rather than the system that is built.
 *
 *   origins   = cache mirror upstream debian     the order to ask origins in
 *   mirror    = https://example.org/pub          may be given several times; file://, http:// or https://
 *   mirror[layout=upstream] = file:///srv/m      laid out like upstream's paths instead of flat
 *   jobs      = 4                                default: the number of processors
 *   launcher  = ccache                           put before the compiler
 *   refresh-hours = 24                           how old a version index may be before it is fetched again
 *   sandbox   = auto                             of build steps: auto, require or off, see proc/jail.h
 *   sandbox-read  = ~/toolchains                 folders of this machine that steps may read besides, or write:
 *   sandbox-write = /var/cache/ccache            what a launcher keeps, for example
 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "base/arena.h"
#include "base/place.h"
#include "base/vec.h"
#include "proc/jail.h"

/* Where archives come from, see source.h. The settings can name all but the last, which lock files use. */
enum origin { ORIGIN_CACHE, ORIGIN_MIRROR, ORIGIN_UPSTREAM, ORIGIN_DEBIAN, ORIGIN_LOCK };
const char *origin_word(enum origin origin);

struct origins {
	enum origin *at;
	size_t n, cap;
};

struct mirror {
	const char *base;   /* without a trailing slash */
	bool like_upstream; /* base + path of the upstream URL, else base + file name */
};

struct settings {
	struct arena arena;
	struct origins origins;
	VEC(struct mirror) mirrors;
	long jobs;
	const char *launcher; /* "" if none */
	long refresh_hours;
	struct jail_rules sandbox;
};

/* More compile at once on no machine, and the pipe of make's job server holds no more. */
enum { SETTINGS_MOST_JOBS = 1024 };

CHECKED bool settings_load(struct settings *s, const struct place *place,
	struct error *err); /* a missing file is not an error */
void settings_release(struct settings *s);

/* Is the launcher, if there is one, a program of this machine? ERROR_HOST. */
CHECKED bool settings_find_launcher(
	const struct settings *s, const struct place *place, struct error *err);

#endif
