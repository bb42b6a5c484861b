/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of the index of sources: what is known of each component, and the origins that fill it.
 *
 * A component is filled in this order: what lies in the cache, the catalogue, the package index, the mirrors (which repeat
 * what the two before them know, and may list files of their own). All strings belong to the arena of `sources`.
 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include "source/reach.h"
#include "source/source.h"

/* What a catalogue says of a series. */
struct series {
	const char *label, *support;
	const char *url; /* with {version} */
};

/* What can be had of one component. */
struct offer {
	const char *name;
	VEC(struct archive) archives;
	VEC(struct series) series;
	bool whole; /* filled after the package index had its chance to be refreshed */
};

/* A file of the cache: its folder's name is the digest that was checked when it was put there. */
struct stocked {
	const char *sha256, *file;
	uint64_t size;
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
	struct archive_list packaged; /* of the package index, all components */
	bool packages_read, packages_fresh;
	const char *packager; /* its settings, see debian_proxy.h; NULL: not read yet */
	struct strings problems;
	struct error
		host; /* what is wrong with this machine, a full disk; kind ERROR_NONE: nothing */
	struct reach reach;
	int64_t now; /* seconds since the epoch, when the index was opened */
};

/* The component with all its archives, best first. With `refresh` the package index may be read again where it is old. */
CHECKED struct offer *offer_get(
	struct sources *s, const char *name, bool refresh, struct error *err);
void offer_add(struct sources *s, struct offer *c, const struct archive *a);

/* Finds out reach where it is not known yet. Without the network only local files are looked at. */
void archives_probe(struct sources *s, struct archive *at, size_t n);

/* Says a sentence to whoever opened the index. */
void sources_say(const struct sources *s, const char *fmt, ...) FORMAT(2, 3);
/* Remembers why an origin has less to offer, and says it. */
void sources_problem(struct sources *s, const char *fmt, ...) FORMAT(2, 3);

/* When this machine is to blame for what cannot be had, the error says so. */
void sources_blame(const struct sources *s, struct error *err);

/* Path of a file of the version index below the cache, in the arena. */
const char *sources_path(struct sources *s, const char *name);

/* Each adds what it knows of the component. */
CHECKED bool catalogue_fill(struct sources *s, struct offer *c, struct error *err);
void debian_fill(struct sources *s, struct offer *c);
void mirror_fill(struct sources *s, struct offer *c);
void stock_load(struct sources *s);
void stock_fill(struct sources *s, struct offer *c);
const struct stocked *stock_find(
	const struct sources *s, const char *sha256); /* NULL: not in the cache */
/* The version that a file name of the component carries; NULL when it is none of its archives. */
const char *stock_version(struct arena *a, const char *component, const char *file);

/* The URL that a mirror would have for an archive; NULL when it cannot be said. */
const char *mirror_url(struct arena *a, const struct mirror *m, const char *upstream_url);
/* The URL that upstream would have for a version no catalogue lists; NULL without a catalogue. */
const char *catalogue_url(struct arena *a, const struct offer *c, const char *version);

/* Reads the extract of the package index; with `refresh` it is made again when it is older than the settings allow. */
void debian_load(struct sources *s, bool refresh);

#endif
