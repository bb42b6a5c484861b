/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where to get the archives of a component's versions: the index over all origins, and the choice among them.
 *
 * Origins: `cache` (already here), `mirror` (the user's), `upstream` (the catalogue in share/catalogue/, URL and SHA-256),
 * `debian` (source packages through the system's own package configuration and apt's signature chain). An archive is one sequence
 * of bytes (one SHA-256); the same version may exist as several archives (Debian repacks some). Opening the index may touch the
 * network (package index, at most every settings.refresh_hours) unless SOURCES_OFFLINE.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "base/text.h"
#include "choice/catalog.h"
#include "choice/settings.h"
#include <stdint.h>

/* BUSY: the server turns everybody away for now; downloading waits for it. */
enum source_reach { REACH_UNKNOWN, REACH_YES, REACH_NO, REACH_BUSY };

/*
 * A source may consist of several archives. The further ones are sources of their own, called SOURCE:ROLE: what Debian unpacks
 * into the folder ROLE, and Debian's patches, whose version is the package's ("7.88.1-10+deb12u15"). They belong to certain bytes
 * of the first one.
 */
#define ARCHIVE_PATCHES "debian" /* the role of patches: debian.tar, or diff.gz of old packages */

struct archive {
	const char *component; /* the source name: "linux", "curl:debian" */
	const char *version;   /* exact */
	const char *of;	       /* of a further archive: SHA-256 of the first one; NULL otherwise */
	const char *series;    /* what a person may write instead: "6.12" */
	const char *support;   /* of the series: "longterm", "stable", "ended"; "" if unknown */
	enum origin origin;    /* from the cache: no index lists it any more */
	const char *where;     /* suite or mirror, for display: "trixie-security"; may be "" */
	const char *url;
	const char *file;   /* base name */
	const char *sha256; /* 64 hex, NULL if unknown */
	uint64_t size;	    /* 0 if unknown */
	bool cached;	    /* its bytes are in the cache */
	enum source_reach reach;
	const char *trouble; /* why reach is REACH_NO or REACH_BUSY, NULL otherwise */
};

struct archive_list {
	struct archive *at;
	size_t n, cap;
};

enum sources_flags { SOURCES_OFFLINE = 1, SOURCES_REFRESH = 2 };

/* What a long look-up is doing, for display ("reading the package index of ..."); may be NULL. The functions below may call it at
 * any time until sources_free. */
typedef void source_note(void *ctx, const char *sentence);

/* Everything returned below, lists included, belongs to the index and lives until sources_free. Opening is cheap; the package
 * index is read when a question first needs it. */
struct sources;
CHECKED bool sources_open(struct sources **out, const struct catalog *c, const struct settings *s,
	unsigned flags, source_note *note, void *ctx, struct error *err);
void sources_free(struct sources *s);

/* All archives known for a source, newest version first, then by order of origins. With `probe`, reach is determined. */
CHECKED bool sources_versions(struct sources *s, const char *component, bool probe,
	struct archive_list *out, struct error *err);

/* What was chosen for one component of one plan. */
struct source_choice {
	const char *component, *version, *series;
	const char *sha256; /* NULL only if the user accepted an archive of unknown hash by name */
	uint64_t size;
	const char *file;
	const char *path; /* where the archive is or will be in the cache */
	bool cached;
	struct archive_list from; /* the same bytes, in the order to try */
	const char *why;  /* "6.12: newest that can be had is 6.12.107 (debian, trixie-security)" */
	const char *role; /* of a further archive; NULL: it is the first one */
};
struct source_choices {
	struct source_choice *at;
	size_t n, cap;
};

/* `wanted` is a series or an exact version. `accept` names archives ("linux-6.12.200") that the user accepts without a known
 * hash. `avoid` lists SHA-256 values that failed in this run (wrong bytes everywhere): the next origin's archive is chosen
 * instead. */
struct source_wish {
	const char *component, *wanted;
	const struct strings *accept, *avoid;
	const char *
		lock; /* path of a lock file (pins.h), which alone decides; NULL or missing file: none */
	const char *profile; /* how messages refer to the lock */
	bool patches;	     /* Debian's, too */
};
CHECKED bool sources_choose(struct sources *s, const struct source_wish *wish,
	struct source_choice *out, struct error *err);

/* Adds the further archives of what was chosen. A lock alone decides which there are; without it Debian's newest patches that can
 * be had for the same bytes, if the origin `debian` is asked at all. */
CHECKED bool sources_choose_parts(struct sources *s, const struct source_wish *wish,
	const struct source_choice *first, struct source_choices *out, struct error *err);

/* For each binary package the source package that it comes from, by the package index that was read last; "" where that does not
 * know it. */
CHECKED bool sources_of_binaries(struct sources *s, const struct strings *binaries,
	struct strings *packages, struct error *err);

#endif
