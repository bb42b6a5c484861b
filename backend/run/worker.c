/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The step's own process, and the stamps in a unit's work folder. */
#include "base/arena.h"
#include "base/boot_id.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "run/steplog.h"
#include "run/worker.h"
#include "step/action.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static void stamp_path(struct text *out, const struct step *s)
{
	text_fmt(out, "%s/.done-%s", s->unit->work, s->id);
}

/* "KEY BOOT": for which inputs and since which boot of this machine; so after a power cut no stamp counts, synced or not. */
static void stamp_text(struct text *out, const struct unit *u)
{
	text_fmt(out, "%s ", u->key ? u->key : "-");
	boot_id(out);
	text_char(out, '\n');
}

static bool holds_stamp(const char *path, const struct unit *u)
{
	struct text is = TEXT_INIT, should = TEXT_INIT;
	struct error ignored;
	bool same;

	stamp_text(&should, u);
	same = text_read_file(&is, path, 1000, &ignored) && strcmp(is.s, should.s) == 0;
	text_release(&is);
	text_release(&should);
	return same;
}

static bool write_stamp(const char *path, const struct unit *u, struct error *err)
{
	struct text should = TEXT_INIT;
	bool ok;

	stamp_text(&should, u);
	ok = place_write_soon(path, should.s, should.len, err);
	text_release(&should);
	return ok;
}

bool worker_was_done(const struct step *s)
{
	struct text path = TEXT_INIT;
	bool done;

	if (!s->unit->work)
		return false;
	stamp_path(&path, s);
	done = holds_stamp(path.s, s->unit);
	text_release(&path);
	return done;
}

bool worker_prepare(const struct unit *u, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	if (!u->work)
		return true;
	text_fmt(&path, "%s/.began", u->work);
	if (!holds_stamp(path.s, u))
		ok = place_remove(u->work, err) && place_make_folder(u->work, err) &&
		     write_stamp(path.s, u, err);
	text_release(&path);
	return ok;
}

static void announce(const struct action *a)
{
	struct text line = TEXT_INIT;

	steplog_words(&line, a);
	dprintf(STDOUT_FILENO, "+ %s", line.s);
	text_release(&line);
}

static bool perform_all(const struct action_context *c, struct error *err)
{
	for (size_t i = 0; i < c->step->actions.n; i++) {
		action_tell(c, "action %zu", i);
		announce(&c->step->actions.at[i]);
		if (!action_perform(c, &c->step->actions.at[i], err))
			return false;
	}
	return true;
}

/* A complete unit no longer needs its work folder. */
static bool close_unit(const struct unit *u, struct error *err)
{
	struct error ignored;

	if (u->result && access(u->result, F_OK) != 0)
		return error_set(err, ERROR_INTERNAL,
			"the last step of %s was done, but it left no %s", u->name, u->result);
	if (chdir("/") == 0 && u->work && !place_remove(u->work, &ignored))
		dprintf(STDERR_FILENO, "the work folder stays: %s\n", ignored.text);
	return true;
}

static bool leave_traces(const struct step *s, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	if (s->last)
		return close_unit(s->unit, err);
	if (s->unit->work) {
		stamp_path(&path, s);
		ok = write_stamp(path.s, s->unit, err);
	}
	text_release(&path);
	return ok;
}

static bool enter_folder(const struct step *s, struct error *err)
{
	const char *folder = s->cwd ? s->cwd : s->unit->work ? s->unit->work : "/";

	if (s->cwd && !place_make_folder(s->cwd, err))
		return false;
	return chdir(folder) == 0 || error_errno(err, "the folder %s cannot be entered", folder);
}

int worker_main(const struct plan *plan, const struct step *step, const struct place *place,
	const struct jail_power *power, const struct job_share *jobs)
{
	double paced = 0;
	struct step dated = *step;
	struct action_context c = {
		plan, &dated, place, WORKER_PROGRESS_FD, &paced, umask(022), power, jobs};
	const struct rlimit no_core = {0, 0};
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	bool ok;

	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGXFSZ,
		SIG_IGN); /* what is written here fails with EFBIG instead, which has words */
	ok = worker_date(plan, step, place, &arena, &dated, &err) && enter_folder(step, &err) &&
	     perform_all(&c, &err) && leave_traces(step, &err);
	if (!ok) {
		dprintf(STDERR_FILENO, "bootsmith: %s\n", err.text);
		action_tell(&c, "error %d %s", (int)err.kind, err.text);
	}
	arena_release(&arena);
	return ok ? 0 : 1;
}
