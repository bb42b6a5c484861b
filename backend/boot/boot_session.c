/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon of a test boot: the guest's network, one poll loop over everything that can happen, one or two attempts, and the
 * verdict as the last event and as a file. It ends by itself, or early on a signal. Its supervisor (journal.h) kills whatever is
 * left, so that no exit leaves a guest behind.
 */
#include "boot/boot_attempt.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/boot.h"
#include "boot/conversation.h"
#include "boot/diagnose.h"
#include "boot/findings.h"
#include "boot/guestnet.h"
#include "boot/machine.h"
#include "choice/facts.h"
#include "choice/ssh_key.h"
#include "run/event.h"
#include "run/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

struct session {
	struct journal *journal;
	struct boot_job *job;
	struct guestnet net;
	struct attempt attempt;
	int signals, keys;		    /* signalfd; the fifo of key presses */
	int cancelled;			    /* the signal */
	bool told;			    /* the verdict was reported */
	int status;			    /* the corresponding exit status; of a grid: so far */
	const struct event_cell_end **ends; /* of a grid, one for each cell; NULL: not started */
	char word[17];
};

static void note(struct session *s, const char *sentence)
{
	journal_note(s->journal, sentence);
}

static bool open_keys(struct session *s, struct error *err)
{
	struct text path = TEXT_INIT;

	text_fmt(&path, "%s/console", s->journal->folder);
	/* opened for reading and writing, so that it does not end when a writer leaves */
	if (mkfifo(path.s, 0600) == 0)
		s->keys = open(path.s, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (s->keys < 0)
		error_errno(err, "%s cannot be made", path.s);
	text_release(&path);
	return s->keys >= 0;
}

static bool open_signals(struct session *s, struct error *err)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
		s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals >= 0 || error_errno(err, "signals cannot be watched");
}

static bool open_net(struct session *s, struct error *err)
{
	struct strings forwards = {0};
	bool ok;

	machine_forwards(&s->job->machine, &s->job->facts, &s->job->arena, &forwards);
	boot_doors(s->job, &forwards);
	ok = guestnet_open(
		&s->net, s->job->link, &s->job->facts, &forwards, s->journal->folder, s->word, err);
	s->job->tap = s->net.bridge.tap;
	return ok;
}

/* What the person must know before the guest prints anything: which ports lead where. */
static void announce(struct session *s)
{
	const struct boot_job *job = s->job;
	struct strings sentences = {0};
	struct error err;

	if (!machine_announcements(&job->machine, &s->job->facts, &s->job->arena, &sentences, &err))
		note(s, err.text);
	for (size_t i = 0; i < sentences.n; i++)
		note(s, sentences.at[i]);
	for (size_t i = 0; i < job->doors.n; i++) {
		size_t host = strcspn(job->doors.at[i], " ");

		note(s, arena_fmt(&s->job->arena,
				"127.0.0.1:%.*s of this machine leads to port%s of the guest",
				(int)host, job->doors.at[i], job->doors.at[i] + host));
	}
}

/* For log-in from outside: a key pair that only this boot knows. */
static bool make_key(struct session *s, struct error *err)
{
	struct facts *facts = &s->job->facts;
	struct text line = TEXT_INIT;
	bool ok;

	if (!s->net.n_forwards)
		return true; /* nobody can log in with it */
	facts_set(facts, "key-name", "test-boot-%s", s->word);
	facts_set(facts, "key-file", "%s/key", s->journal->folder);
	ok = ssh_key_make(facts_get(facts, "key-file"), facts_get(facts, "key-name"), &line, err);
	if (ok)
		facts_set(facts, "public-key", "%s", line.s);
	text_release(&line);
	return ok;
}

static bool open_session(struct session *s, struct error *err)
{
	unsigned char random[8];

	if (getrandom(random, sizeof random, 0) != sizeof random)
		return error_errno(err, "there are no random bytes");
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(s->word + 2 * i, 3, "%02x", random[i]);
	if (!open_signals(s, err) || !open_keys(s, err) || !open_net(s, err) || !make_key(s, err))
		return false;
	if (!s->net.sealed && s->job->link == LINK_USER)
		note(s, "this machine allows no network name spaces: the guest shares its network");
	announce(s);
	return true;
}

static void close_session(struct session *s)
{
	const char *key = facts_get(&s->job->facts, "key-file");

	if (key)
		unlink(key); /* the key opens no other guest */
	boot_leave(s->journal->folder);
	guestnet_release(&s->net);
	if (s->signals >= 0)
		close(s->signals);
	if (s->keys >= 0)
		close(s->keys);
}

static void take_signal(struct session *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof info) == sizeof info)
		s->cancelled = (int)info.ssi_signo;
	if (s->cancelled)
		findings_end(&s->attempt.findings, VERDICT_FAIL, DIAGNOSIS_CANCELLED);
}

static void take_keys(struct session *s)
{
	char bytes[1024];
	ssize_t n;

	while ((n = read(s->keys, bytes, sizeof bytes)) > 0)
		conversation_type(&s->attempt.conversation, bytes, (size_t)n);
}

/* One round of the loop. */
static void wait_and_serve(struct session *s)
{
	struct pollfd fds[ATTEMPT_FDS + GUESTNET_FDS + 2];
	double now = clock_now();
	double wake = attempt_wake(&s->attempt, now);
	size_t n = attempt_poll(&s->attempt, fds);

	n += guestnet_poll(&s->net, fds + n);
	fds[n++] = (struct pollfd){.fd = s->signals, .events = POLLIN};
	fds[n++] = (struct pollfd){.fd = s->keys, .events = POLLIN};
	if (poll(fds, n, wake > now ? (int)((wake - now) * 1000) + 1 : 0) < 0 && errno != EINTR)
		findings_end(&s->attempt.findings, VERDICT_FAIL, DIAGNOSIS_CANCELLED);
	guestnet_serve(&s->net);
	take_keys(s);
	attempt_step(&s->attempt, clock_now());
	take_signal(s);
}

static int status_of(const struct session *s)
{
	if (s->cancelled && s->attempt.findings.event == DIAGNOSIS_CANCELLED)
		return 128 + s->cancelled;
	return verdict_status(s->attempt.findings.verdict);
}

static void keep_result(struct session *s, const char *name, const struct event *result)
{
	struct text path = TEXT_INIT, content = TEXT_INIT;
	struct error err;

	text_fmt(&path, "%s/%s", s->job->output, name);
	event_write(result, EVENT_FILE, &content);
	if (!place_write_file(path.s, content.s, content.len, &err))
		note(s, err.text);
	text_release(&path);
	text_release(&content);
}

/* A grid's is that of the first failure, else of the first time-out. */
static void take_status(struct session *s)
{
	int status = status_of(s);

	if (!s->job->grid || s->status == 0 || status >= 128 ||
		(s->status == ERROR_TIMEOUT && status == ERROR_VERDICT))
		s->status = status;
}

/* The attempt's memory is freed with it, the job's stays. */
static const struct event_cell_end *cell_end(struct session *s, const struct event_verdict *v)
{
	struct arena *a = &s->job->arena;
	struct event_cell_end *end = arena_alloc(a, sizeof *end);
	struct event_diagnosis *d;

	*end = (struct event_cell_end){v->verdict, v->ready_seconds, NULL, arena_str(a, v->log)};
	if (v->diagnosis) {
		end->diagnosis = d = arena_alloc(a, sizeof *d);
		*d = (struct event_diagnosis){arena_str(a, v->diagnosis->id),
			arena_str(a, v->diagnosis->line), arena_str(a, v->diagnosis->cause),
			arena_str(a, v->diagnosis->remedy)};
	}
	return end;
}

static void tell_verdict(struct session *s)
{
	struct event e = attempt_verdict(&s->attempt);

	if (s->job->grid)
		s->ends[s->job->cell] = cell_end(s, &e.verdict);
	else
		keep_result(s, "verdict.json", &e);
	take_status(s);
	s->told = true;
	journal_emit(s->journal, &e);
}

/* Tells the person who gets the guest how to reach it. */
static void tell_hints(struct session *s)
{
	struct strings hints = {0};
	struct error err;

	if (!machine_hints(&s->job->machine, &s->job->facts, &s->job->arena, &hints, &err))
		note(s, err.text);
	for (size_t i = 0; i < hints.n; i++) {
		struct event e = {.kind = EVENT_NOTE};

		e.note.text = arena_fmt(&s->job->arena, "from another terminal: %s", hints.at[i]);
		e.note.hint = hints.at[i];
		journal_emit(s->journal, &e);
	}
}

/* The person's guest: the verdict is reported, the guest goes on until it powers off or the run is cancelled. */
static void stay(struct session *s)
{
	findings_conclude(&s->attempt.findings, false);
	tell_hints(s);
	tell_verdict(s);
	while (!s->attempt.findings.over)
		wait_and_serve(s);
}

/* Runs one guest to its end. False: it could not even be started. */
static bool attempt(struct session *s, enum accel accel, struct error *err)
{
	if (!attempt_start(&s->attempt, s->job, s->journal, accel, s->word, err))
		return false;
	while (!attempt_has_verdict(&s->attempt))
		wait_and_serve(s);
	attempt_picture(&s->attempt);
	if (!s->attempt.findings.over)
		stay(s);
	return true;
}

/* Attempts until one counts. */
static bool attempts(struct session *s, struct error *err)
{
	enum accel accel = s->job->accel;
	bool fell_back = false, again = true, retried = false;

	while (again) {
		if (!attempt(s, accel, err))
			return false;
		again = false;
		if (s->attempt.kvm_failed && s->job->may_fall_back && !s->cancelled) {
			note(s, "the guest says nothing under KVM on this machine; it is started again with emulation (tcg)");
			accel = ACCEL_TCG;
			fell_back = again = true;
		} else if (!retried && findings_should_retry(&s->attempt.findings)) {
			note(s, "this machine was too busy for the guest's timer; the guest is started once more");
			retried = again = true;
		}
		if (again)
			attempt_release(&s->attempt);
	}
	if (fell_back && !conversation_is_silent(&s->attempt.conversation)) {
		boot_remember_bad_kvm(s->job->place, s->job->machine.program);
		s->job->accel = accel;
		s->job->may_fall_back = false;
	}
	return true;
}

/* ---- a grid ---- */

/* Describes each cell to readers: before the first boot, and after the last with its outcome. */
static struct event_cells cells_of(const struct session *s)
{
	struct boot_job *job = s->job;
	struct event_cell *cells = arena_alloc(&job->arena, (job->cells.n + 1) * sizeof *cells);

	for (size_t i = 0; i < job->cells.n; i++) {
		const struct boot_cell *c = &job->cells.at[i];

		cells[i] = (struct event_cell){loader_word(c->loader), cell_medium(c),
			cell_title(c), c->file, c->why, s->ends[i]};
	}
	return (struct event_cells){cells, job->cells.n};
}

static void plan_grid(struct session *s)
{
	s->ends = arena_alloc(&s->job->arena, (s->job->cells.n + 1) * sizeof *s->ends);
	journal_emit(s->journal,
		&(struct event){.kind = EVENT_GRID_PLAN, .grid_plan.cells = cells_of(s)});
}

static long count(const struct session *s, enum verdict verdict)
{
	long n = 0;

	for (size_t i = 0; i < s->job->cells.n; i++)
		n += s->ends[i] && s->ends[i]->verdict == verdict;
	return n;
}

static void tell_grid(struct session *s)
{
	struct event e = {.kind = EVENT_GRID};

	e.grid = (struct event_grid){.ok = s->status == 0,
		.status = s->status,
		.seconds = clock_now() - s->journal->began,
		.passed = count(s, VERDICT_PASS),
		.failed = count(s, VERDICT_FAIL),
		.timeout = count(s, VERDICT_TIMEOUT),
		.cells = cells_of(s)};
	keep_result(s, "grid.json", &e);
	journal_emit(s->journal, &e);
}

/* ---- everything requested ---- */

static bool boot_cell(struct session *s, size_t cell, struct error *err)
{
	s->told = false;
	if (!boot_enter(s->job, cell, s->journal->folder, err) || !boot_open_log(s->job, err) ||
		!attempts(s, err))
		return false;
	if (!s->told)
		tell_verdict(s);
	return true;
}

static bool boot_cells(struct session *s, struct error *err)
{
	bool ok = true;

	if (s->job->grid)
		plan_grid(s);
	for (size_t i = 0; ok && !s->cancelled && i < s->job->cells.n; i++) {
		if (s->job->cells.at[i].why)
			continue;
		if (s->attempt.journal)
			attempt_release(&s->attempt);
		ok = boot_cell(s, i, err);
	}
	if (ok && s->job->grid)
		tell_grid(s);
	return ok;
}

int boot_session(struct journal *j, void *ctx)
{
	struct session s = {.journal = j, .job = ctx, .signals = -1, .keys = -1};
	struct error err = {0};

	setlocale(LC_ALL, "C"); /* serial bytes are matched as bytes */
	guestnet_init(&s.net);
	if (!open_session(&s, &err) || !boot_cells(&s, &err)) {
		journal_fail(j, (int)err.kind, err.text);
		s.status = err.kind;
	}
	if (s.attempt.journal)
		attempt_release(&s.attempt);
	close_session(&s);
	return s.status;
}
