/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What to do for a profile: a graph of steps, made from recipes, styles and the chosen sources.
 *
 * A plan is made of units and steps (step.h). Everything belongs to the plan's arena.
 */
#ifndef PLAN_H
#define PLAN_H

#include "choice/pairing.h"
#include "plan/step.h"
#include "proc/jail.h"
#include "source/source.h"

struct forecast {
	uint64_t download_bytes, disk_bytes, image_bytes; /* 0: unknown */
	double seconds, least, most;		 /* 0: nothing will run, or nothing is known */
	size_t here, measured, by_size, unknown; /* steps that will run, by what is known of them */
	bool scaled;				 /* what was measured elsewhere, to this machine */
};

/* What a step took where it was measured (figures.h in the backend). */
struct figure {
	const char *step;
	double cpu;
	uint64_t objects, symbols, bytes;
	bool holds; /* with the choices of this plan */
	bool whole; /* with whichever choices */
};
struct figures {
	struct figure *at;
	size_t n, cap;
};

/* How a source tree differs from the release: "debian:7.88.1-10+deb12u15 fix.patch", "" if it does not. */
struct patched {
	const char *component, *version, *patches;
};

struct plan {
	struct arena arena;
	const char *profile; /* name */
	const char *output;  /* absolute folder of the results */
	const char *
		lacking; /* what cannot be had: there are no images and no results; NULL: nothing */
	struct steps steps; /* in an order in which they could run one after another */
	VEC(struct unit *) units;
	VEC(struct source_choice) sources;
	VEC(struct source_choice) own; /* folders beside recipes: nothing to fetch or to lock */
	VEC(struct patched) patched;   /* a row for each source tree */
	struct pairings *pairings;     /* owns the cures */
	struct cures cures;	       /* everything these choices need */
	struct forecast forecast;
	struct figures figures;
	const char *cache;	   /* absolute */
	long jobs;		   /* programs that may compile at once, over all steps */
	struct jail_rules sandbox; /* of its steps */
	const char *profile_text, *lock_text,
		*manifest_text; /* what the results folder gets besides the images */
};

struct plan_options {
	const char *output; /* NULL: out/PROFILE below the current folder */
	long jobs;	    /* 0: from the settings */
	bool offline;
	bool fetch_only; /* only the archives */
	bool rest; /* where archives cannot be had, plan what does not need them (see `lacking`) */
	bool refresh;	  /* look for newer versions, however recent the indexes are */
	const char *lock; /* path of a lock file, "": none; NULL: the profile's own, see pins.h */
	const struct strings *accept, *avoid; /* see struct source_wish; may be NULL */
	source_note *note;
	void *note_ctx;
};

/* Chooses versions, expands recipes, looks into the cache. Fails with ERROR_PROFILE, ERROR_SOURCE or ERROR_HOST. */
CHECKED bool plan_make(struct plan *p, const struct profile *profile, const struct settings *s,
	const struct plan_options *o, struct error *err);
void plan_release(struct plan *p);
/* The folder for a profile's results, absolute: `given`, or out/PROFILE (NULL) below the current one. NULL: that one is gone. */
const char *plan_output(
	const char *profile, const char *given, struct arena *arena, struct error *err);
/* The folder of a finished component with this key, in the arena; it may have been removed from the cache. */
const char *plan_stage(struct arena *a, const char *cache, const char *component, const char *key);
const struct step *plan_find(const struct plan *p, const char *id);

/* The unit's key with each key of a needed unit in it replaced by what that one holds now. False: it needs none, it is an image
 * (whose identifiers are made from its key), or not all that it needs is there. */
CHECKED bool plan_content_key(const char *cache, const struct step *last, char hex[65]);

/* Do its inputs differ from `old` in nothing but the keys of what it needs? */
bool plan_needs_alone_changed(const char *cache, const struct step *last, const char *old);

/* Canonical text of the whole plan without machine paths, which golden tests compare. */
void plan_print(const struct plan *p, struct text *out);
void plan_print_json(const struct plan *p, struct text *out); /* one line, the contract's object */
void plan_print_dot(const struct plan *p, struct text *out);

/* Why a step will run (or would not): a diff between the stored inputs of the profile's last finished build and today's. */
CHECKED bool plan_why(
	const struct plan *p, const char *step_id, struct text *out, struct error *err);

#endif
