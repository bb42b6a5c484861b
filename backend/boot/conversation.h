/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The conversation with one guest over its serial line, as a person would have it: it follows what the guest says (its log, the
 * table of known messages, how far it came), looks for its shell, and makes the checks one after the other, each with its own
 * time limit. Milestones are events; the checks' results go to the findings. Bytes in, `talk.typing` out; the caller carries them
 * and decides when it ends.
 */
#ifndef CONVERSATION_H
#define CONVERSATION_H

#include "boot/boot.h"
#include "boot/console.h"
#include "boot/findings.h"
#include "boot/outside.h"
#include "boot/talk.h"

enum conversation_stage {
	STAGE_BOOT, /* no shell yet */
	STAGE_CHECK,
	STAGE_OFF,  /* asked to power off */
	STAGE_FREE, /* interactive: the checks are done, the guest is the person's */
	STAGE_OVER, /* nothing is left to ask */
};

struct conversation {
	struct boot_job *job;
	struct journal *journal;
	struct findings *findings;
	enum conversation_stage stage;
	struct console console;
	struct talk talk;
	uint64_t logged; /* bytes in the job's log */

	double began, ready_s; /* clock_now; ready_s since `began`, 0: never */
	double heard;	       /* when the last byte came */
	double fatal_at;       /* a fatal message came: end at this time; 0: none */
	struct text last_line;
	struct strings milestones; /* those reached; names belong to the table */
	uint64_t answered_bytes;   /* console.bytes when we last reacted to a prompt */
	double probed;		   /* when we last tried to find a shell */

	size_t check;				     /* the current one */
	double check_until, answer_until, ask_again; /* 0: none */
	struct outside outside;
};

/* `word` is the run's, see talk.h. */
void conversation_begin(struct conversation *c, struct boot_job *job, struct journal *j,
	struct findings *findings, const char *word);
void conversation_release(struct conversation *c);

void conversation_hear(struct conversation *c, const char *bytes, size_t len);
void conversation_end(struct conversation *c); /* nothing more will come */

/* Types what is due, judges what came, checks the time. */
void conversation_step(struct conversation *c, double now);
double conversation_wake(const struct conversation *c, double now); /* when that is due next */

/* The guest ended after it was asked to, or not. Either way nothing more can be asked. */
void conversation_off(struct conversation *c, bool ok);

/* A person's key presses: only forwarded in STAGE_FREE. */
void conversation_type(struct conversation *c, const char *bytes, size_t len);

bool conversation_is_silent(const struct conversation *c); /* not a single byte came */
bool conversation_is_lost(
	const struct conversation *c, double now); /* because of a fatal message */
/* What the guest was doing, if it said something but not all that it should. */
enum diagnosis_event conversation_stopped(const struct conversation *c);

#endif
