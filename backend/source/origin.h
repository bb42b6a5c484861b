/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of the index of sources: what is known about each component, and the origins that provide it.
 *
 * Origins are read in this order: the cache, the catalogue, the package index, the mirrors (which repeat what the two before them
 * list, and may have files of their own). All strings belong to the arena of `sources`.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include "base/hash.h"
#include "choice/recipe.h"
#include "source/reach.h"
#include "source/source.h"

/* What a catalogue says about a series. */
struct series {
	const char *label, *support;
	const char *url;  /* with {version} */
	const char *sums; /* upstream's own list of digests, may have {version}; NULL: none known */
};

/* What is available for one component. */
struct offer {
	const char *name;
	VEC(struct archive) archives;
	VEC(struct series) series;
	bool whole; /* set after the package index had its chance to be refreshed */
};

/* A file in the cache: its folder's name is the digest, verified when the file was put there. */
struct stocked {
	const char *sha256, *file;
	uint64_t size;
};

/* What the package indexes list: source packages and finished ones. Each is read when a recipe asks for one of that kind. */
enum packaged_kind { PACKAGED_SOURCES, PACKAGED_BINARIES, PACKAGED_KINDS };
struct packaged {
	struct extract *extract;		  /* as read last (debian.c); NULL: not yet */
	struct archive_list archives;		  /* of all components */
	VEC(const struct archive *) by_component; /* the same, sorted */
	bool read, fresh;
};

struct sources {
	struct arena arena;
	const struct catalog *catalog;
	const struct settings *settings;
	unsigned flags;
	source_note *note;
	void *note_ctx;
	VEC(struct offer *) offers;
	VEC(struct stocked) stock;
	struct packaged packaged[PACKAGED_KINDS];
	const char *packager; /* its settings, see debian_proxy.h; NULL: not read yet */
	struct strings problems;
	struct error host; /* a fault of this machine, a full disk; kind ERROR_NONE: none */
	struct reach reach;
	int64_t now; /* seconds since the epoch, when the index was opened */
};

/* The component with all its archives, best first. With `refresh` an outdated package index may be read again. */
CHECKED struct offer *offer_get(
	struct sources *s, const char *name, bool refresh, struct error *err);
void offer_add(struct sources *s, struct offer *c, const struct archive *a);

/* Finds out `reach` where it is unknown. Without the network only local files are checked. */
void archives_probe(struct sources *s, struct archive *at, size_t n);

/* Passes a sentence to whoever opened the index. */
void sources_say(const struct sources *s, const char *fmt, ...) FORMAT(2, 3);
/* Remembers why an origin offers less, and reports it. */
void sources_problem(struct sources *s, const char *fmt, ...) FORMAT(2, 3);

/* If this machine is to blame for what is unavailable, the error says so. */
void sources_blame(const struct sources *s, struct error *err);

/* Path of a version index file below the cache, in the arena. */
const char *sources_path(struct sources *s, const char *name);

/* Each adds what it knows about the component. */
CHECKED bool catalogue_fill(struct sources *s, struct offer *c, struct error *err);
void debian_fill(struct sources *s, struct offer *c);
void mirror_fill(struct sources *s, struct offer *c);
void stock_load(struct sources *s);
void stock_fill(struct sources *s, struct offer *c);
const struct stocked *stock_find(
	const struct sources *s, const char *sha256); /* NULL: not in the cache */
/* The version in a file name of the component; NULL if it is not one of its archives. */
const char *stock_version(struct arena *a, const char *component, const char *file);

/* The URL an archive would have on a mirror; NULL if unknown. */
const char *mirror_url(struct arena *a, const struct mirror *m, const char *upstream_url);
/* The URL upstream would have for a version that no catalogue lists; NULL without a catalogue. */
const char *catalogue_url(struct arena *a, const struct offer *c, const char *version);
/* The same of its list of digests. */
const char *catalogue_sums(struct arena *a, const struct offer *c, const char *version);

/*
 * The digest of that version's file by upstream's own list, which is read again when it is older than the settings allow; NULL:
 * it cannot be read, does not list it, or upstream is no origin. A list lies on the server that the catalogue names, as the
 * archives do: what vouches for it is the server's certificate.
 */
const char *sums_digest(
	struct sources *s, const struct offer *c, const char *version, const char *file);
/* From lines "SHA256  FILE" among others, as sha256sum(1) writes them; false: not there, or there twice with other digests. */
bool sums_find(const char *text, const char *file, char hex[HASH_HEX]);

/* Reads the extract of a package index; with `refresh` it is rebuilt if it is older than the settings allow. */
void debian_load(struct sources *s, enum packaged_kind kind, bool refresh);
/* Is it known what the index has of the component, be it nothing? False if it is asked for and could not be read since. */
bool debian_has_read(struct sources *s, const char *component);
/* That of the component's recipe. */
enum packaged_kind packaged_kind(const struct sources *s, const char *component);
/* Do the settings name the origin? */
bool origin_is_asked(const struct sources *s, enum origin origin);

#endif
