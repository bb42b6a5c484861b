/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs one guest, and decides from what emulator and guest do how it ended and what the verdict is. */
#include "boot/boot_attempt.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/known.h"
#include "base/text.h"
#include "boot/boot.h"
#include "boot/conversation.h"
#include "boot/diagnose.h"
#include "boot/emulator.h"
#include "boot/findings.h"
#include "boot/machine.h"
#include "boot/outside.h"
#include "choice/facts.h"
#include "proc/proc.h"
#include "run/journal.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static const double kvm_longest = 4; /* times speak-seconds, on a busy machine */

static const double starved_least = 10; /* seconds */

enum { READ_AT_ONCE = 1 << 20 }; /* so that a flood does not keep us from checking the time */

/* ---- start and end ---- */

/* Which boot of a grid an event is about, from 1; 0: no grid. */
static long cell_number(const struct attempt *a)
{
	return a->job->grid ? (long)a->job->cell + 1 : 0;
}

static void tell_start(struct attempt *a)
{
	const struct boot_cell *c = &a->job->cells.at[a->job->cell];
	struct event e = {.kind = EVENT_BOOT_START};
	struct text console = TEXT_INIT;

	text_fmt(&console, "%s/console", a->journal->folder);
	e.boot_start = (struct event_boot_start){.accel = accel_word(a->emulator.accel),
		.firmware = loader_word(c->loader),
		.log = a->job->log,
		.console = console.s,
		.command = a->emulator.command.s,
		.medium = cell_medium(c),
		.file = c->file,
		.cell = cell_number(a)};
	journal_emit(a->journal, &e);
	text_release(&console);
}

bool attempt_start(struct attempt *a, struct boot_job *job, struct journal *j, enum accel accel,
	const char *word, struct error *err)
{
	struct emulator_wish wish = {.machine = &job->machine,
		.facts = &job->facts,
		.accel = accel,
		.window = job->display == DISPLAY_WINDOW,
		.tap = job->tap,
		.folder = job->output};
	bool ok;

	*a = (struct attempt){.job = job, .journal = j};
	findings_begin(&a->findings, job, j);
	conversation_begin(&a->conversation, job, j, &a->findings, word);
	wish.words = arena_fmt(&a->findings.arena, "%s/emulator.log", j->folder);
	ok = emulator_start(&a->emulator, &wish, err);
	if (a->emulator.command.len)
		tell_start(a);
	if (ok && (ftruncate(job->log_fd, 0) < 0 || lseek(job->log_fd, 0, SEEK_SET) < 0))
		ok = error_errno(err, "%s cannot be emptied", job->log);
	return ok;
}

void attempt_release(struct attempt *a)
{
	emulator_release(&a->emulator);
	conversation_release(&a->conversation);
	findings_release(&a->findings);
}

/* ---- the picture ---- */

void attempt_picture(struct attempt *a)
{
	const char *file = a->job->screenshot;
	struct text note = TEXT_INIT;

	if (!file || a->pictured || !a->emulator.running || a->emulator.control < 0)
		return;
	a->pictured = true;
	text_fmt(&note,
		emulator_picture(&a->emulator, file) ? "a picture of the guest's display is in %s"
						     : "the emulator made no picture in %s",
		file);
	journal_note(a->journal, note.s);
	text_release(&note);
}

/* ---- the end ---- */

/* True: there may be more. */
static bool hear(struct attempt *a)
{
	char bytes[65536];
	size_t n = emulator_hear(&a->emulator, bytes, sizeof bytes);

	if (n)
		conversation_hear(&a->conversation, bytes, n);
	return n;
}

/* The checks decide the verdict once everything that can be asked is answered. */
static void settle(struct attempt *a)
{
	if (a->conversation.stage == STAGE_OVER && !a->findings.over)
		findings_conclude(&a->findings, true);
}

/* Read its last output before it counts as gone. */
static void emulator_ended(struct attempt *a)
{
	const struct emulator *e = &a->emulator;
	bool silent;

	while (hear(a))
		continue;
	emulator_serve(&a->emulator);
	conversation_end(&a->conversation);
	silent = conversation_is_silent(&a->conversation);
	a->kvm_failed = e->accel == ACCEL_KVM && silent;
	conversation_off(&a->conversation, e->qmp.stop == QMP_STOP_OFF && e->status == 0);
	settle(a);
	if (a->conversation.stage == STAGE_FREE)
		findings_end(&a->findings, VERDICT_PASS, DIAGNOSIS_NONE);
	else if (e->status != 0 || (e->qmp.stop == QMP_STOP_NONE && silent))
		findings_end(&a->findings, VERDICT_FAIL, DIAGNOSIS_EMULATOR);
	else if (e->qmp.stop == QMP_STOP_RESET)
		findings_end(&a->findings, VERDICT_FAIL,
			silent ? DIAGNOSIS_SILENT_RESET : DIAGNOSIS_RESET);
	else
		findings_end(&a->findings, VERDICT_FAIL, DIAGNOSIS_OFF);
}

/* If a guest has really run for a while under KVM and is silent, it will not start. On a busy machine it may just not have been
 * scheduled: its processor time tells. */
static bool is_dead_under_kvm(const struct attempt *a, double waited)
{
	double limit = (double)a->job->machine.speak_seconds;

	if (limit > a->job->limit_s / 2)
		limit = a->job->limit_s / 2;
	return a->emulator.accel == ACCEL_KVM && a->job->may_fall_back &&
	       conversation_is_silent(&a->conversation) && waited >= limit &&
	       (waited >= kvm_longest * limit || emulator_busy(&a->emulator) >= limit / 2);
}

/* Most of the time others had the processors; of a few seconds that says nothing. */
static bool is_starved(const struct attempt *a, double lasted)
{
	double waited = emulator_starved(&a->emulator);

	return waited >= starved_least && waited >= lasted / 2;
}

static void look_at_clock(struct attempt *a, double now)
{
	struct conversation *c = &a->conversation;
	double lasted = now - c->began;
	enum diagnosis_event silent =
		a->emulator.accel == ACCEL_KVM ? DIAGNOSIS_SILENT_KVM : DIAGNOSIS_SILENT;

	if (is_dead_under_kvm(a, lasted)) {
		a->kvm_failed = true;
		findings_end(&a->findings, VERDICT_FAIL, DIAGNOSIS_SILENT);
	}
	conversation_step(c, now);
	settle(a);
	if (conversation_is_lost(c, now)) {
		conversation_off(c, false);
		settle(a);
		findings_end(&a->findings, VERDICT_FAIL, DIAGNOSIS_OFF);
	}
	if (c->stage < STAGE_FREE && lasted >= a->job->limit_s)
		findings_end(&a->findings, VERDICT_TIMEOUT,
			is_starved(a, lasted)	    ? DIAGNOSIS_STARVED
			: conversation_is_silent(c) ? silent
						    : conversation_stopped(c));
}

/* ---- the loop ---- */

void attempt_step(struct attempt *a, double now)
{
	for (size_t got = 0; got < READ_AT_ONCE && hear(a); got += 65536)
		continue;
	settle(a);
	emulator_serve(&a->emulator);
	if (a->emulator.qmp.stop && a->job->screenshot) {
		/* stay for the picture after the guest has ended */
		attempt_picture(a);
		emulator_dismiss(&a->emulator);
	}
	if (!a->findings.over && emulator_has_ended(&a->emulator))
		emulator_ended(a);
	if (!a->findings.over)
		look_at_clock(a, now);
	if (a->conversation.stage == STAGE_OFF)
		attempt_picture(a); /* before what is typed switches the guest off */
	emulator_send(&a->emulator, &a->conversation.talk.typing);
}

size_t attempt_poll(const struct attempt *a, struct pollfd *fds)
{
	size_t n = emulator_poll(&a->emulator, a->conversation.talk.typing.len, fds);

	return n + outside_poll(&a->conversation.outside, fds + n);
}

double attempt_wake(const struct attempt *a, double now)
{
	double wake = conversation_wake(&a->conversation, now);
	double end = a->conversation.began + a->job->limit_s;

	return a->conversation.stage < STAGE_FREE && end < wake ? end : wake;
}

/* ---- the verdict ---- */

/* The emulator's own output: search it for messages, and keep the last line in case none is known. */
static void read_words(struct attempt *a, struct text *last)
{
	struct text words = TEXT_INIT;
	struct error err;

	if (!text_read_file(&words, a->emulator.words, 1 << 20, &err))
		text_clear(&words);
	text_fmt(last, "it said nothing and ended with %s", proc_words(a->emulator.status).s);
	for (const char *s = words.s; *s;) {
		size_t len = strcspn(s, "\n");

		if (len) {
			known_line(&a->job->known, "emulator", s, len);
			text_clear(last);
			text_add(last, s, len);
		}
		s += len + (s[len] == '\n');
	}
	text_release(&words);
}

bool attempt_has_verdict(const struct attempt *a)
{
	return a->findings.over || a->conversation.stage == STAGE_FREE;
}

struct event attempt_verdict(struct attempt *a)
{
	const struct boot_cell *c = &a->job->cells.at[a->job->cell];
	struct event e = {.kind = EVENT_VERDICT};
	struct text last = TEXT_INIT;

	if (a->findings.event == DIAGNOSIS_EMULATOR)
		read_words(a, &last);
	else
		text_str(&last, a->conversation.last_line.s);
	e.verdict = (struct event_verdict){.verdict = a->findings.verdict,
		.accel = accel_word(a->emulator.accel),
		.firmware = loader_word(c->loader),
		.ready_seconds = a->conversation.ready_s,
		.checks = findings_checks(&a->findings, false),
		.untested = findings_checks(&a->findings, true),
		.diagnosis = findings_diagnosis(&a->findings, last.s),
		.log = a->job->log,
		.medium = cell_medium(c),
		.file = c->file,
		.cell = cell_number(a)};
	text_release(&last);
	return e;
}
