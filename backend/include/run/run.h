/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run: a build, a test boot or the writing of a device, carried out by a process of its own that outlives every window. The run
 * is a folder in the cache, run/ID/, with the append-only event log `events`, a lock that is held while the builder lives, and
 * step logs. This is the reader's and controller's side; any number of readers may follow one run. Only starting one may block.
 * Test boots are started by boot/run_boot.h.
 */
#ifndef RUN_H
#define RUN_H

#include "plan/plan.h"
#include "run/event.h"

#include <stdint.h>
#include <time.h>

struct run;

enum run_kind { RUN_BUILD, RUN_BOOT, RUN_GRID, RUN_WRITE };
const char *run_kind_word(enum run_kind kind);

struct build_options {
	struct plan_options plan;
	bool check_cache; /* compare every byte of what is taken from the cache with its record */
};

struct write_options {
	const char
		*device; /* name or path of a whole disk; the caller has asked for confirmation */
	const char
		*identity;  /* of the confirmed device (device.h); NULL: any device of that name */
	const char *image;  /* format; NULL: the profile's first that can be written */
	const char *output; /* folder with the results of the build, NULL: out/PROFILE */
};

/* Starts the builder in the background. ERROR_HOST if a run of the same profile is still alive. */
CHECKED bool run_build(struct run **out, const struct profile *p, const struct settings *s,
	const struct build_options *o, struct error *err);

/* What a build of these choices would take, by what is known without asking any server. `output`: as in build_options. */
struct run_costs {
	double least, most; /* seconds; 0: nothing will run, or nothing is known */
	uint64_t download_bytes, disk_bytes;
	size_t unknown; /* steps of which nothing is known */
};
CHECKED bool run_foresee(struct run_costs *f, const struct profile *p, const struct settings *s,
	const char *output, struct error *err);

/* Writes a build's image to a device and reads it back: two steps, "stick.write" and "stick.verify". */
CHECKED bool run_write(struct run **out, const struct profile *p, const struct write_options *o,
	struct error *err);

/* The newest run of a profile (NULL: of any profile), finished or not, the user's own before those of others; ERROR_USAGE if
 * there is none. */
CHECKED bool run_attach(
	struct run **out, const struct place *place, const char *profile, struct error *err);

/* The run in this folder. */
CHECKED bool run_open(struct run **out, const char *folder, struct error *err);

/* The user's runs that go on, newest first; all is the arena's. */
struct living_run {
	const char *folder, *profile;
	enum run_kind kind;
	time_t since;
};
struct living_runs {
	struct living_run *at;
	size_t n, cap;
};
void run_living(const struct place *place, struct arena *a, struct living_runs *l);

/* The previous run of the same profile, to be freed like any; NULL if there is none. */
struct run *run_before(const struct run *r);

const char *run_profile(const struct run *r);
const char *run_folder(const struct run *r);
bool run_is_own(const struct run *r); /* started by the user who asks */
void run_print_owner(const struct run *r, struct text *out);
/* The choices that a build was started with, to be released; false when it left none. */
CHECKED bool run_choices(
	const struct run *r, const struct catalog *c, struct profile *p, struct error *err);
bool run_is_boot(const struct run *r); /* also true of a grid of boots */
enum run_kind run_kind(const struct run *r);
bool run_is_alive(const struct run *r); /* its builder is alive */
int run_fd(const struct
	run *r); /* becomes readable when there may be news; poll with a timeout of 1 s at most */

/* Delivers all new events to the sink, starting with the run's first. False if the log is broken. */
CHECKED bool run_pump(struct run *r, event_sink *sink, void *ctx, struct error *err);

/* Asks the builder to end: all steps end within 2 s. Repeating it does no harm. */
void run_cancel(struct run *r);

/* Frees the reader; the builder goes on. */
void run_free(struct run *r);

#endif
