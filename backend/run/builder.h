/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Executes a plan: starts every step whose needs are done if its pool (net, cpu) has room, those with the longest remaining chain
 * first, listens to all of them in one loop, and writes what happens to the journal. A step of the pool cpu holds a slot of the
 * jobserver; there is one slot for each compiler that may run. If a step fails, only the steps that need it fail too. A unit is
 * built under its lock, and what a plan uses from the cache is locked against removal until the builder ends.
 */
#ifndef BUILDER_H
#define BUILDER_H

#include "cache/history.h"
#include "proc/jobserver.h"
#include "run/event.h"
#include "run/guardian.h"
#include "run/journal.h"
#include "run/steplog.h"

enum task_state { TASK_WAITING, TASK_RUNNING, TASK_DONE };

/* The state of a unit while its steps run. */
struct unit_work {
	const struct unit *unit;
	int lock_fd;	/* -1: not held */
	size_t left;	/* unfinished steps */
	bool complete;	/* found complete under the lock although the plan had not seen it */
	bool twin;	/* the plan found it under another key: it is taken over, not built */
	bool was_there; /* its result existed before: then its existence proves nothing */
	bool told;	/* the note that another run holds it was written */
	bool failed;
	double began;
	uint64_t
		symbols; /* switched on in its finished configuration; 0: it has none, or not yet */
};

/* A running step. */
struct task {
	const struct step *step;
	struct unit_work *work;
	enum task_state state;
	enum step_result result;
	struct guardian guardian;
	struct job_share share; /* of a running step of the pool cpu */
	double ahead; /* seconds until everything that waits for it is done, as far as known */
	struct steplog log;
	const char *log_path;
	double cpu;	      /* seconds of processors' time, once it has ended */
	double began, told;   /* seconds; `told`: when progress was last written */
	uint64_t done, total; /* last reported progress */
	uint64_t guess;	      /* the first estimate of the total, 0: none */
	enum progress_unit unit;
	bool news;	      /* progress not written yet */
	struct text line;     /* start of an unfinished line from the worker */
	size_t action;	      /* the action now, or last, at work */
	int exit;	      /* of the failed program, 0: none */
	enum error_kind kind; /* of the failure */
	char *sentence;	      /* the worker's last words; heap */
};

/* The outcome. Strings live in the arena. */
struct outcome {
	struct arena arena;
	int status;		  /* exit status by the contract, 0: all done */
	long run, cached, failed; /* steps */
	bool gone;		  /* something is not in the cache any more: plan again */
	struct strings bad; /* SHA-256 of archives without a good copy: plan again without them */
	const struct event_failure *failure; /* of the first step; NULL: none */
	const char *sentence;		     /* what failed, for the last event */
};

struct builder_rules {
	bool replace;	  /* may another archive be tried? Then a bad one stops the rest soon */
	bool check_cache; /* compare all of the plan that is in the cache, every byte */
};

struct builder {
	struct journal *journal;
	const struct plan *plan;
	const struct place *place;
	struct outcome *outcome;
	struct arena arena;
	struct history history;
	VEC(struct task) tasks; /* in the plan's order */
	VEC(struct unit_work) works;
	VEC(struct task *) order; /* the order to start them in when there is a choice */
	bool slot_wanted;	  /* a step could start if a slot were free */
	int signal_fd;
	int cancelled;	/* the signal, 0: go on */
	double kill_at; /* when to stop waiting for cancelled steps */
	struct builder_rules rules;
	struct jobserver jobs;
	struct jail_power power; /* of the steps' sandbox */
};

/* Executes the plan; SIGTERM and SIGINT must be blocked and mean cancel. */
void builder_execute(struct outcome *o, struct journal *j, const struct plan *plan,
	const struct place *place, struct builder_rules rules);
void outcome_release(struct outcome *o);

/* Writes the plan event, and a build's last event with the artifacts in the results folder. */
void builder_emit_plan(struct journal *j, const struct plan *plan);
void builder_emit_finished(struct journal *j, const struct outcome *o, const char *output);

/* One task (builder_task.c). */
bool task_start(struct builder *b, struct task *t, struct error *err);
void task_hear(struct builder *b, struct task *t);     /* reads what its pipes hold */
void task_progress(struct builder *b, struct task *t); /* writes news when due */
void task_end(struct builder *b, struct task *t); /* its guardian has ended: result and events */
void task_fail(struct builder *b, struct task *t, const struct error *why);
void task_settle(
	struct builder *b, struct task *t, enum step_result result); /* done, reported, counted */

/* The units (builder_unit.c). */
enum unit_turn { TURN_OURS, TURN_LATER, TURN_NEVER };
enum unit_turn unit_enter(struct builder *b, struct task *t, struct error *err);
void unit_leave(struct builder *b, struct unit_work *w);
bool unit_hold_cached(struct builder *b, struct error *err);

#endif
