/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The results folder, out/PROFILE: what a build leaves for people, and manifest.json, from which everybody else learns what is
 * there. Images, files of components, profile, lock, SHA256SUMS and the manifest belong to the build (results_writer);
 * serial.log, verdict.json, grid.json and grid/ to test boots; all other files to the person, and nobody touches them.
 *
 * Every file appears whole, by rename, and the manifest comes last, so that it never speaks of files that are not there.
 */
#ifndef RESULTS_H
#define RESULTS_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

#include <jansson.h>
#include <stdint.h>

struct results_choice {
	const char *name, *value;
};

/* What a component was made of; `key` is that of its unit. */
struct results_component {
	const char *name, *source, *version, *archive, *sha256, *licence, *url, *key;
	const char *licence_files; /* paths in the source, "" for none */
	const char *patches;	   /* "debian:7.88.1-10+deb12u15 fix.patch", "" for none */
};

/* Which file is which format. */
struct results_image {
	const char *format, *file;
};

/* A file of the folder, by its plain name. */
struct results_artifact {
	const char *file, *sha256;
	uint64_t bytes;
};

/* A manifest. What it lacks is NULL; entries without a name, or with one that leads out of the folder, are not in the lists. */
struct results {
	struct arena arena;
	json_t *manifest; /* owns all strings of one that was loaded */
	const char *profile, *key;
	VEC(struct results_choice) choices; /* written; nobody asks for them */
	VEC(struct results_component) components;
	VEC(struct results_image) images;
	VEC(struct results_artifact) artifacts;
	struct strings replaced; /* paths of built files that the overlay put others over */
};

/* The folder that a person names, or with NULL the profile's in the current one. */
const char *results_folder(struct arena *a, const char *profile, const char *wanted);

/* Can a file of the folder be called so? NULL cannot. */
bool results_is_name(const char *name);

/* ERROR_HOST when there is no manifest that can be read; nothing is to be released then. */
CHECKED bool results_load(struct results *r, const char *folder, struct error *err);
void results_release(struct results *r);

const char *results_image(const struct results *r, const char *format); /* its file; NULL: none */
const struct results_artifact *results_artifact(const struct results *r, const char *file);

/* Are the results of the unit with that key there in full? */
bool results_stand(const char *folder, const char *key);

/* Marks the results as invalid: what they were made of was damaged. The files stay. */
void results_doubt(const char *folder);

/* What is known before anything is built, as the beginning of a manifest: all but the artifacts. The text is `a`'s. */
const char *results_print(const struct results *r, struct arena *a);

/* Writes a build's results, in this order. */
struct results_writer {
	const char *folder;
	json_t *artifacts;
	struct text sums;
};

/* The folder is made where it is missing. */
CHECKED bool results_begin(struct results_writer *w, const char *folder, struct error *err);
/* A copy of the file `from`; `name` is plain. */
CHECKED bool results_add(
	struct results_writer *w, const char *from, const char *name, struct error *err);
/* The texts, then the manifest: its beginning from results_print (NULL: none), the artifacts, and the keys of `more`. Artifacts
 * of an earlier build that were not added this time go. */
CHECKED bool results_finish(struct results_writer *w, const char *profile, const char *lock,
	const char *plan, json_t *more, struct error *err);
void results_writer_release(struct results_writer *w);

#endif
