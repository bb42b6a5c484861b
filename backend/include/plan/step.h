/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is built, and how.
 *
 * A *unit* is kept as a whole: an archive, a source tree, the stage of a component, an image. Its key is the SHA-256 of its
 * canonical text `inputs`: everything that influences the result and nothing else (no path of this machine, no job count). Golden
 * tests compare this text, it is at the head of the log, and it answers "why is this built again". A *step* is one process: its
 * actions run in order and the first that fails fails the step. Steps of a unit follow each other; the last one publishes the
 * unit by rename. Both live in the plan's arena.
 */
#ifndef STEP_H
#define STEP_H

#include "base/text.h"
#include "base/vec.h"
#include "choice/pairing.h"
#include "plan/action_facts.h"

#include <stdbool.h>
#include <stdint.h>

enum step_pool { POOL_NET, POOL_CPU };

struct tree; /* the listing of a root file system (tree.h in the backend) */

/* One action of a step. */
struct action {
	enum action_verb verb;
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
	const char *result; /* path that exists if and only if the unit is complete */
	const char *
		work; /* folder for unfinished work, kept until the unit is published; NULL: none */
	struct cures cures; /* what the pairing table changed in it */
	struct tree *tree;  /* of an image: its content; NULL for others */
};

/* What a step will probably take. */
enum cost_from {
	COST_UNKNOWN,
	COST_HERE,     /* it ran here before */
	COST_MEASURED, /* on another machine, scaled to this one */
	COST_SIZE,     /* by the size of what it is made from, as others of its kind */
};

struct cost {
	enum cost_from from;
	double cpu;	/* seconds of this machine's processors, 0: unknown, or none to speak of */
	double seconds; /* if it has the machine for itself */
	double rough;	/* it may be so many times more, or less */
	uint64_t objects; /* that it will count, 0: unknown */
	uint64_t archive; /* bytes of the archive that it is made from, 0: none */
};

struct step {
	const char *id;	   /* "linux.build" */
	const char *title; /* "compile": a word or two for display */
	const struct unit *unit;
	enum step_pool pool;
	VEC(struct action) actions;
	struct strings env; /* KEY=VALUE, the whole environment of its programs */
	const char *cwd;    /* NULL: the work folder, or / */
	const char
		*dated; /* the archive whose date it uses; NULL: the newest date of all archives */
	struct strings
		count; /* first words of output lines that count as one object ("CC", "LD") */
	struct steps needs, needed_by;
	bool cached;	 /* nothing to do */
	const char *why; /* "not in the cache", "inputs changed: ..." or "in the cache" */
	bool last;	 /* publishes its unit */
	const char *
		twin; /* of the last: the entry of the cache that its unit is taken over from (plan_content.c); or NULL */
	bool twin_sought;	 /* whether there is one was looked at */
	uint64_t download_bytes; /* bytes a fetch will download; 0 for others */
	struct cost cost;
};

#endif
