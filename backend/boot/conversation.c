/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Talks with a guest, from its first byte to the last check. */
#include "boot/conversation.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/known.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/check.h"
#include "boot/console.h"
#include "boot/diagnose.h"
#include "boot/findings.h"
#include "boot/outside.h"
#include "boot/talk.h"
#include "run/journal.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

/* seconds */
static const double after_fatal = 0.4;	/* wait for the rest of the message */
static const double prompt_rest = 0.05; /* it is only a prompt if nothing follows it */
static const double patience = 2; /* of silence, before looking for a shell without a prompt */
static const double between_probes = 3;
static const double noisy_patience = 10;   /* the same if it is never silent */
static const double answer_patience = 25;  /* how long a command may take */
static const double pause_between = 0.4;   /* before a check is tried again */
static const double outside_patience = 30; /* how long a program of this machine may take */

enum {
	LOG_LIMIT = 64 << 20,
	TYPED_AHEAD = 1 << 16, /* pending key presses that the guest has not read; more are lost */
};

/* ---- checks: one question after the other ---- */

static const struct check *current(const struct conversation *c)
{
	return c->check < c->job->checks.of.n ? c->job->checks.of.at[c->check] : NULL;
}

/* Data that cannot be expanded, or a program that cannot be started: nothing after it can be trusted. */
static void give_up(struct conversation *c, const struct error *err)
{
	findings_check(c->findings, current(c), CHECK_FAILED, err->text);
	c->answer_until = 0;
	c->stage = STAGE_OVER;
}

/* The second half of a check, or all of it: a program of this machine. */
static void ask_outside(struct conversation *c, double now)
{
	struct arena arena = ARENA_INIT;
	struct strings argv = {0};
	struct error err;

	c->answer_until = now + outside_patience;
	if (!check_host(current(c), &c->job->facts, &arena, &argv, &err)) {
		give_up(c, &err);
	} else {
		vec_push_in(&arena, &argv, NULL);
		if (!outside_start(&c->outside, argv.at, &err))
			give_up(c, &err);
	}
	arena_release(&arena);
}

static void ask(struct conversation *c, double now)
{
	const struct check *check = current(c);
	struct text command = TEXT_INIT;
	struct error err;

	c->ask_again = 0;
	if (!check_command(check, &c->job->facts, &command, &err)) {
		give_up(c, &err);
	} else if (!command.len) {
		ask_outside(c, now);
	} else if (check->event) {
		c->stage = STAGE_OFF;
		c->answer_until = c->check_until;
		talk_type(&c->talk, command.s);
		talk_type(&c->talk, "\n");
	} else {
		c->answer_until = now + answer_patience;
		talk_ask(&c->talk, command.s);
	}
	text_release(&command);
}

/* An interactive guest is not switched off: it is handed to the person when everything that can be asked is answered. A check
 * that is impossible here is reported and counts neither as passed nor as failed. */
static bool is_left_out(struct conversation *c, const struct check *check)
{
	struct text reason = TEXT_INIT;
	bool out = !check_applies(check, &c->job->facts) || (check->event && c->job->interactive);

	if (!out && check_skips(check, &c->job->facts, &reason)) {
		findings_check(c->findings, check, CHECK_UNTESTED, reason.s);
		out = true;
	}
	text_release(&reason);
	return out;
}

static void next_check(struct conversation *c, double now)
{
	const struct check *check;

	while ((check = current(c)) && is_left_out(c, check))
		c->check++;
	if (!check) {
		c->stage = c->job->interactive ? STAGE_FREE : STAGE_OVER;
		return;
	}
	c->check_until = now;
	if (!findings_has_failed(c->findings, check->after))
		c->check_until += (double)check->seconds;
	ask(c, now);
}

static void finish_check(struct conversation *c, bool ok, const char *detail, double now)
{
	findings_check(c->findings, current(c), ok ? CHECK_PASSED : CHECK_FAILED, detail);
	c->check++;
	c->ask_again = c->answer_until = 0;
	next_check(c, now);
}

static void judge(struct conversation *c, const char *output, double now)
{
	struct text detail = TEXT_INIT;
	bool ok = check_judge(current(c), &c->job->facts, output, &detail);

	if (!ok && now + pause_between < c->check_until) {
		c->ask_again = now + pause_between;
		c->answer_until = 0;
	} else {
		finish_check(c, ok, detail.s, now);
	}
	text_release(&detail);
}

static void check_answered(struct conversation *c, double now)
{
	if (!current(c) || c->ask_again || c->outside.running)
		return;
	if (current(c)->host.n)
		ask_outside(c, now);
	else
		judge(c, c->talk.output.s, now);
}

static void no_answer(struct conversation *c, double now)
{
	struct text detail = TEXT_INIT;

	outside_end(&c->outside);
	check_detail(current(c), &c->job->facts, false, "no answer in time", &detail);
	c->talk.asked = false;
	talk_type(&c->talk, "\003\n"); /* Ctrl-C, as a person would; then the next question */
	finish_check(c, false, detail.s, now);
	text_release(&detail);
}

void conversation_off(struct conversation *c, bool ok)
{
	struct text detail = TEXT_INIT;

	if (c->stage != STAGE_OFF)
		return;
	check_detail(current(c), &c->job->facts, ok, "", &detail);
	findings_check(c->findings, current(c), ok ? CHECK_PASSED : CHECK_FAILED, detail.s);
	text_release(&detail);
	c->stage = STAGE_OVER;
}

static void check_clock(struct conversation *c, double now)
{
	bool late = c->answer_until && now >= c->answer_until;

	if (outside_has_ended(&c->outside))
		judge(c, c->outside.said.s, now);
	else if (c->ask_again && now >= c->ask_again)
		ask(c, now);
	else if (late && c->stage == STAGE_OFF)
		conversation_off(c, false);
	else if (late)
		no_answer(c, now);
}

/* ---- what the guest says ---- */

static bool has_reached(const struct conversation *c, const char *milestone)
{
	for (size_t i = 0; i < c->milestones.n; i++)
		if (strcmp(c->milestones.at[i], milestone) == 0)
			return true;
	return false;
}

static void reach(struct conversation *c, const char *milestone)
{
	if (has_reached(c, milestone))
		return;
	vec_push_in(&c->job->arena, &c->milestones, milestone);
	journal_emit(c->journal, &(struct event){.kind = EVENT_MILESTONE,
					 .milestone = {milestone, clock_now() - c->began}});
}

static void guest_line(void *ctx, const char *line, size_t len)
{
	struct conversation *c = ctx;
	struct known *k = &c->job->known;
	size_t seen = k->seen.n;

	if (strstr(line, c->talk.word))
		return; /* an echo of ours, or an answer */
	text_clear(&c->last_line);
	text_add(&c->last_line, line, len);
	for (known_line(k, NULL, line, len); seen < k->seen.n; seen++) {
		if (k->seen.at[seen]->kind == KNOWN_MILESTONE)
			reach(c, k->seen.at[seen]->id);
		if (k->seen.at[seen]->fatal && !c->fatal_at)
			c->fatal_at = clock_now() + after_fatal;
	}
}

static void guest_talk(void *ctx, const char *line, size_t len)
{
	struct conversation *c = ctx;

	if (!talk_line(&c->talk, line, len))
		return;
	if (c->stage == STAGE_BOOT) {
		reach(c, "init");
		c->ready_s = clock_now() - c->began;
		reach(c, "ready");
		c->stage = STAGE_CHECK;
		next_check(c, clock_now());
	} else if (c->stage == STAGE_CHECK) {
		check_answered(c, clock_now());
	}
}

void conversation_hear(struct conversation *c, const char *bytes, size_t len)
{
	size_t room = c->logged < LOG_LIMIT ? LOG_LIMIT - (size_t)c->logged : 0;
	size_t n = len < room ? len : room;

	c->heard = clock_now();
	if (n && write(c->job->log_fd, bytes, n) < 0)
		n = 0; /* a full disk must not end the boot; the verdict matters more than its log */
	c->logged += n;
	console_feed(&c->console, bytes, len);
}

void conversation_end(struct conversation *c)
{
	console_end(&c->console);
}

/* ---- looking for its shell ---- */

static void probe(struct conversation *c, double now)
{
	if (c->talk.asked)
		talk_again(&c->talk, ":");
	else
		talk_ask(&c->talk, ":");
	c->probed = now;
}

/* Reacts to the unfinished line as a person would. */
static bool answer_prompt(struct conversation *c, double now)
{
	const struct known_row *row =
		c->console.talk.len ? known_find(&c->job->known, KNOWN_PROMPT, c->console.talk.s)
				    : NULL;

	if (!row || now - c->heard < prompt_rest || c->answered_bytes == c->console.bytes)
		return false;
	c->answered_bytes = c->console.bytes;
	if (!row->send) {
		probe(c, now);
	} else {
		if (strcmp(row->send, "enter") != 0)
			talk_type(&c->talk, row->send);
		talk_type(&c->talk, "\n");
	}
	return true;
}

/* Shells without a known prompt are found by typing to them when the guest is silent, or now and then if it never is. */
static void look_for_shell(struct conversation *c, double now)
{
	double silence = now - c->heard, pause = now - (c->probed > 0 ? c->probed : c->began);
	bool init = has_reached(c, "init");
	bool quiet = silence >= (init ? patience : 2 * patience) &&
		     (c->probed <= 0 || pause >= between_probes);
	bool noisy = init && pause >= noisy_patience;

	if (answer_prompt(c, now) || !c->console.bytes || (!quiet && !noisy))
		return;
	talk_type(&c->talk, "\n");
	probe(c, now);
}

/* ---- the whole ---- */

void conversation_begin(struct conversation *c, struct boot_job *job, struct journal *j,
	struct findings *findings, const char *word)
{
	*c = (struct conversation){.job = job,
		.journal = j,
		.findings = findings,
		.last_line = TEXT_INIT,
		.began = clock_now()};
	c->heard = c->began;
	console_init(&c->console, guest_line, guest_talk, c);
	talk_init(&c->talk, word);
	outside_init(&c->outside);
	known_reset(&job->known);
}

void conversation_release(struct conversation *c)
{
	outside_end(&c->outside);
	console_release(&c->console);
	talk_release(&c->talk);
	text_release(&c->last_line);
}

void conversation_step(struct conversation *c, double now)
{
	if (c->stage == STAGE_BOOT)
		look_for_shell(c, now);
	else if (c->stage == STAGE_CHECK || c->stage == STAGE_OFF)
		check_clock(c, now);
}

static double sooner(double a, double b)
{
	return b > 0 && b < a ? b : a;
}

double conversation_wake(const struct conversation *c, double now)
{
	double wake = now + 1, rested = c->heard + prompt_rest;

	if (c->stage == STAGE_BOOT && c->answered_bytes != c->console.bytes)
		wake = sooner(wake, rested > now ? rested : now + prompt_rest);
	if (c->stage == STAGE_CHECK || c->stage == STAGE_OFF)
		wake = sooner(wake, c->ask_again ? c->ask_again : c->answer_until);
	return sooner(wake, c->fatal_at);
}

void conversation_type(struct conversation *c, const char *bytes, size_t len)
{
	if (c->stage == STAGE_FREE && c->talk.typing.len + len <= TYPED_AHEAD)
		text_add(&c->talk.typing, bytes, len);
}

bool conversation_is_silent(const struct conversation *c)
{
	return c->console.bytes == 0;
}

bool conversation_is_lost(const struct conversation *c, double now)
{
	return c->fatal_at && now >= c->fatal_at && c->stage != STAGE_FREE;
}

enum diagnosis_event conversation_stopped(const struct conversation *c)
{
	if (c->ready_s > 0)
		return DIAGNOSIS_SLOW;
	return has_reached(c, "init") ? DIAGNOSIS_NO_SHELL : DIAGNOSIS_STUCK;
}
