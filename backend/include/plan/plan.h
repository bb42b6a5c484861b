/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What has to be done for a profile: a graph of steps, made from recipes, styles and the chosen sources.
 *
 * A *unit* is what is kept as a whole: an archive, a source tree, the stage of a component, an image. Its key is the SHA-256 of
 * its canonical text `inputs`: everything that went in and nothing that did not (no path of this machine, no job count). The
 * same text is compared by golden tests, heads the log, and answers "why is this built again".
 * A *step* is one process: its actions run in order and the first that fails fails the step. Steps of a unit follow each other;
 * the last one publishes the unit by rename. Everything belongs to the plan's arena.
 */
#ifndef PLAN_H
#define PLAN_H

#include "choice/pairing.h"
#include "source/source.h"

enum step_pool { POOL_NET, POOL_CPU };

struct tree; /* the listing of a root file system (the backend's tree.h) */

/* One thing a step does: `verb` is a row of the backend's table of actions (run, fetch, unpack, merge, ...). */
struct action {
	const char *verb;
	struct strings args; /* fully expanded */
};

struct step;
struct steps {
	struct step **at;
	size_t n, cap;
};

struct unit {
	const char *name;   /* "linux" */
	const char *key;    /* 64 hex */
	const char *inputs; /* canonical text; key = SHA-256 of it */
	const char *result; /* path that exists exactly when the unit is whole */
	const char *
		work; /* folder for unfinished work, kept until the unit is published; NULL: none */
	struct cures cures; /* what the pairing table changed in it */
	struct tree *tree;  /* of an image: what goes in; NULL for others */
};

struct step {
	const char *id;	   /* "linux.build" */
	const char *title; /* "compile": a word or two for people */
	const struct unit *unit;
	enum step_pool pool;
	VEC(struct action) actions;
	struct strings env; /* KEY=VALUE, the whole environment of its programs */
	const char *cwd;    /* NULL: the work folder, or / */
	const char *dated;  /* the archive whose date it bears; NULL: that of the newest of all */
	struct strings
		count; /* first words of output lines that count as one object ("CC", "LD") */
	struct steps needs, needed_by;
	bool cached;		 /* nothing to do */
	const char *why;	 /* "not in the cache", "inputs changed: ..." or "in the cache" */
	bool last;		 /* publishes its unit */
	uint64_t download_bytes; /* what a fetch will have to download; 0 for others */
};

struct forecast {
	uint64_t download_bytes, disk_bytes, image_bytes; /* 0: not known */
	double seconds;					  /* 0: not known (no history) */
};

struct plan {
	struct arena arena;
	const char *profile; /* name */
	const char *output;  /* absolute folder of the results */
	struct steps steps;  /* in an order in which they could run one after the other */
	VEC(struct unit *) units;
	VEC(struct source_choice) sources;
	struct pairings *pairings; /* owns the cures */
	struct cures cures;	   /* all that these choices need */
	struct forecast forecast;
	const char *cache; /* absolute */
	long jobs;	   /* programs that may compile at once, over all steps */
	const char *profile_text, *lock_text,
		*manifest_text; /* what the results folder gets beside the images */
};

struct plan_options {
	const char *output; /* NULL: out/PROFILE below the current folder */
	long jobs;	    /* 0: the settings' */
	bool offline;
	bool fetch_only;  /* only the archives */
	bool refresh;	  /* look for newer versions, however new the indexes are */
	const char *lock; /* path of a lock file, "": none; NULL: the profile's own, see pins.h */
	const struct strings *accept, *avoid; /* see struct source_wish; may be NULL */
	source_note *note;
	void *note_ctx;
};

/* Chooses versions, expands recipes, looks into the cache. ERROR_PROFILE, ERROR_SOURCE or ERROR_HOST on failure. */
CHECKED bool plan_make(struct plan *p, const struct profile *profile, const struct settings *s,
	const struct plan_options *o, struct error *err);
void plan_release(struct plan *p);
/* The folder of a finished component of this key, in the arena; it may have been removed from the cache. */
const char *plan_stage(struct arena *a, const char *cache, const char *component, const char *key);
const struct step *plan_find(const struct plan *p, const char *id);

/* Canonical text of the whole plan without machine paths: what golden tests compare. */
void plan_print(const struct plan *p, struct text *out);
void plan_print_json(const struct plan *p, struct text *out); /* one line, the contract's object */
void plan_print_dot(const struct plan *p, struct text *out);

/* Why a step will run (or would not): the stored inputs of the profile's last finished build against today's, as a diff. */
CHECKED bool plan_why(
	const struct plan *p, const char *step_id, struct text *out, struct error *err);

#endif
