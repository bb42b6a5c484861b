/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checks of a guest that has come up: one question after the other, each with its patience. See boot_attempt.h. */
#include "boot/boot_attempt.h"

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/check.h"
#include "boot/diagnose.h"
#include "boot/outside.h"
#include "boot/talk.h"
#include "run/journal.h"

#include <string.h>

#include "base/banned.h"

/* seconds */
static const double answer_patience = 25;  /* how long a command may take */
static const double pause_between = 0.4;   /* before a check is tried again */
static const double outside_patience = 30; /* how long a program of this machine may take */

static struct check *current(const struct attempt *a)
{
	return a->check < a->job->checks.of.n ? a->job->checks.of.at[a->check] : NULL;
}

static void tell(struct attempt *a, const struct check_result *r)
{
	vec_push(&a->results, *r);
	journal_emit(a->journal,
		json_pack("{s:s,s:o,s:o,s:o}", "event", "check", "name", journal_text(r->name),
			"ok", attempt_ok(r), "detail", journal_text(r->detail)));
}

static void record(struct attempt *a, bool ok, const char *detail)
{
	struct check *c = current(a);
	const struct check_result r = {c->name, ok, false, arena_str(&a->arena, detail)};

	if (!ok && !a->failed) {
		a->failed = c->name;
		a->failed_check = c;
	}
	tell(a, &r);
}

static void conclude(struct attempt *a)
{
	bool ok = !a->failed && !diagnose_spoiled(&a->job->known);
	enum diagnosis_event event = DIAGNOSIS_NONE;

	if (a->failed)
		event = a->failed_check->event ? DIAGNOSIS_STAYED : DIAGNOSIS_CHECK;
	attempt_over(a, ok ? "pass" : "fail", event);
}

/* Data that cannot be expanded, or a program that cannot be started: nothing after it can be trusted. */
static void give_up(struct attempt *a, const struct error *err)
{
	record(a, false, err->text);
	a->answer_until = 0;
	conclude(a);
}

/* The second half of a check, or all of it: a program of this machine. */
static void ask_outside(struct attempt *a, double now)
{
	struct strings argv = {0};
	struct error err;

	if (check_host(current(a), &a->job->facts, &a->arena, &argv, &err)) {
		vec_push(&argv, NULL);
		a->answer_until = now + outside_patience;
		if (!outside_start(&a->outside, argv.at, &err))
			give_up(a, &err);
	} else {
		give_up(a, &err);
	}
	vec_release(&argv);
}

static void ask(struct attempt *a, double now)
{
	const struct check *c = current(a);
	struct text command = TEXT_INIT;
	struct error err;

	a->ask_again = 0;
	if (!check_command(c, &a->job->facts, &command, &err)) {
		give_up(a, &err);
	} else if (!command.len) {
		ask_outside(a, now);
	} else if (c->event) {
		attempt_picture(a);
		a->phase = PHASE_OFF;
		a->answer_until = a->check_until;
		talk_type(&a->talk, command.s);
		talk_type(&a->talk, "\n");
	} else {
		a->answer_until = now + answer_patience;
		talk_ask(&a->talk, command.s);
	}
	text_release(&command);
}

/* An interactive guest is not switched off: it becomes the person's when all that can be asked is answered. */
static bool is_left_out(const struct attempt *a, const struct check *c)
{
	return !check_applies(c, &a->job->facts) || (c->event && a->job->interactive);
}

static bool has_failed(const struct attempt *a, const char *name)
{
	for (size_t i = 0; name && i < a->results.n; i++)
		if (strcmp(a->results.at[i].name, name) == 0)
			return !a->results.at[i].ok && !a->results.at[i].untested;
	return false;
}

/* What cannot be tried here is said, and counts as neither. */
static bool cannot_be_tried(struct attempt *a, const struct check *c)
{
	struct text reason = TEXT_INIT;
	bool skips = check_skips(c, &a->job->facts, &reason);
	const struct check_result r = {c->name, false, true, arena_str(&a->arena, reason.s)};

	if (skips)
		tell(a, &r);
	text_release(&reason);
	return skips;
}

static void next_check(struct attempt *a, double now)
{
	while (current(a) && (is_left_out(a, current(a)) || cannot_be_tried(a, current(a))))
		a->check++;
	if (!current(a)) {
		if (a->job->interactive)
			a->phase = PHASE_FREE;
		else
			conclude(a);
		return;
	}
	a->check_until = has_failed(a, current(a)->after) ? now : now + (double)current(a)->seconds;
	ask(a, now);
}

void attempt_begin_checks(struct attempt *a, double now)
{
	a->phase = PHASE_CHECK;
	a->check = 0;
	next_check(a, now);
}

static void finish_check(struct attempt *a, bool ok, const char *detail, double now)
{
	record(a, ok, detail);
	a->check++;
	a->ask_again = a->answer_until = 0;
	next_check(a, now);
}

static void judge(struct attempt *a, const char *output, double now)
{
	struct check *c = current(a);
	struct text detail = TEXT_INIT;
	bool ok = check_judge(c, &a->job->facts, output, &detail);

	if (!ok && now + pause_between < a->check_until) {
		a->ask_again = now + pause_between;
		a->answer_until = 0;
	} else {
		finish_check(a, ok, detail.s, now);
	}
	text_release(&detail);
}

void attempt_check_answered(struct attempt *a, double now)
{
	if (!current(a) || a->ask_again || a->outside.running)
		return;
	if (current(a)->host.n)
		ask_outside(a, now);
	else
		judge(a, a->talk.output.s, now);
}

static void no_answer(struct attempt *a, double now)
{
	struct text detail = TEXT_INIT;

	outside_end(&a->outside);
	check_detail(current(a), &a->job->facts, false, "no answer in time", &detail);
	a->talk.asked = false;
	talk_type(&a->talk, "\003\n"); /* Ctrl-C, as a person would; then the next question */
	finish_check(a, false, detail.s, now);
	text_release(&detail);
}

void attempt_check_clock(struct attempt *a, double now)
{
	if (outside_has_ended(&a->outside))
		judge(a, a->outside.said.s, now);
	else if (a->ask_again && now >= a->ask_again)
		ask(a, now);
	else if (a->answer_until && now >= a->answer_until && a->phase == PHASE_OFF)
		attempt_check_off(a, false);
	else if (a->answer_until && now >= a->answer_until)
		no_answer(a, now);
}

/* The guest ended after it was asked to, or it did not. Either way nothing can be asked any more. */
void attempt_check_off(struct attempt *a, bool ok)
{
	struct text detail = TEXT_INIT;

	check_detail(current(a), &a->job->facts, ok, "", &detail);
	record(a, ok, detail.s);
	text_release(&detail);
	conclude(a);
}

double attempt_check_wake(const struct attempt *a)
{
	if (a->phase != PHASE_CHECK && a->phase != PHASE_OFF)
		return 0;
	return a->ask_again ? a->ask_again : a->answer_until;
}
