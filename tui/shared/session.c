/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts, follows and leaves a run. */
#include "shared/session.h"

#include "base/clock.h"
#include "base/printable.h"
#include "base/text.h"
#include "boot/run_boot.h"
#include "run/event.h"
#include "run/run.h"
#include "shared/grid.h"
#include "shared/model.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void session_close(struct session *s)
{
	if (s->run) {
		if (s->kept_guest && run_is_alive(s->run))
			run_cancel(s->run);
		run_free(s->run);
	}
	model_release(&s->model);
	*s = (struct session){0};
}

void session_begin(struct session *s, struct run *run)
{
	session_close(s);
	s->run = run;
	s->is_boot = run_is_boot(run);
	s->is_write = run_kind(run) == RUN_WRITE;
	s->began = clock_now();
}

static const struct boot_options boot_to_type_to = {.interactive = true};

bool session_may_boot(const struct profile *p, struct error *err)
{
	const struct boot_options glance = {.interactive = true, .glance = true};

	return run_boot_check(p, &glance, err);
}

bool session_build(struct session *s, const struct profile *p, const struct settings *settings,
	bool boot_next, struct error *err)
{
	struct build_options options = {0};
	struct run *run;

	if (boot_next && !run_boot_check(p, &boot_to_type_to, err))
		return false;
	if (!run_build(&run, p, settings, &options, err))
		return false;
	session_begin(s, run);
	s->boot_next = boot_next;
	return true;
}

bool session_boot(struct session *s, const struct profile *p, const struct settings *settings,
	struct error *err)
{
	struct run *run;

	if (!run_boot(&run, p, settings, &boot_to_type_to, err))
		return false;
	session_begin(s, run);
	s->kept_guest = true;
	return true;
}

bool session_grid(struct session *s, const struct profile *p, const struct settings *settings,
	struct error *err)
{
	struct boot_options options = {.grid = true};
	struct run *run;

	if (!run_boot(&run, p, settings, &options, err))
		return false;
	session_begin(s, run);
	return true;
}

bool session_write(
	struct session *s, const struct profile *p, const struct device *d, struct error *err)
{
	struct write_options options = {.device = d->path, .identity = d->identity};
	struct run *run;

	if (!run_write(&run, p, &options, err))
		return false;
	session_begin(s, run);
	return true;
}

const char *session_noun(const struct session *s)
{
	return s->is_boot ? "boot" : s->is_write ? "writing" : "build";
}

bool session_attach(
	struct session *s, const struct place *place, const char *profile, struct error *err)
{
	struct run *run;

	if (!run_attach(&run, place, profile, err))
		return false;
	session_begin(s, run);
	return true;
}

bool session_switch(struct session *s, const char *folder, struct error *err)
{
	struct run *run;

	if (!run_open(&run, folder, err))
		return false;
	s->kept_guest = false;
	session_begin(s, run);
	session_pump(s);
	return true;
}

/* The newest event says how long before it the run began; the log's time stamp says when that event was written. */
static void date_beginning(struct session *s)
{
	struct text path = TEXT_INIT;
	struct stat st;

	text_fmt(&path, "%s/events", run_folder(s->run));
	if (!stat(path.s, &st)) {
		double began = clock_now() - clock_age(&st.st_mtim) - s->model.last;

		if (began < s->began - 0.5 || began > s->began + 0.5)
			s->began = began;
	}
	text_release(&path);
}

static void take_event(void *ctx, const struct event *e)
{
	struct session *s = ctx;

	model_event(&s->model, e);
	if (s->also)
		s->also(s->also_ctx, e);
}

bool session_pump(struct session *s)
{
	size_t before = s->model.events;
	struct error err = {0};

	if (!s->run || s->problem.kind)
		return false;
	if (!run_pump(s->run, take_event, s, &err)) {
		s->problem = err;
		return true;
	}
	if (s->model.events == before)
		return false;
	date_beginning(s);
	return true;
}

bool session_is_alive(const struct session *s)
{
	if (!s->run || s->problem.kind)
		return false;
	/* A builder that has written its last event is done, even if it has not exited yet; a guest may be kept after its
	 * verdict. */
	return !s->model.finished || (s->is_boot && run_is_alive(s->run));
}

double session_elapsed(const struct session *s)
{
	double elapsed = clock_now() - s->began;

	if (s->model.finished)
		return s->model.seconds > 0 ? s->model.seconds : s->model.last;
	return elapsed > 0 ? elapsed : 0;
}

void session_send(const struct session *s, const char *bytes, size_t len)
{
	int fd;

	if (!s->model.console)
		return;
	/* Without a reader (the guest is gone) opening fails at once, and a full pipe drops keys instead of stopping the
	 * screen. */
	fd = open(s->model.console, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, bytes, len) < 0)
		len = 0;
	close(fd);
}

static void say(struct text *out, const char *label, const char *value)
{
	if (!value || !*value)
		return;
	text_fmt(out, "  %-8s ", label);
	printable(out, value, strlen(value));
	text_char(out, '\n');
}

static void say_failure(const struct model_failure *f, struct text *out)
{
	say(out, "step", f->step);
	say(out, "error", f->line);
	say(out, "cause", f->cause);
	say(out, "remedy", f->remedy);
	say(out, "log", f->log);
}

static void say_end(const struct session *s, struct text *out)
{
	const struct model *m = &s->model;
	const char *name = run_profile(s->run);

	if (m->grid.cells.n) {
		text_fmt(out, "bootsmith: grid of %s: ", name);
		grid_print_sum(&m->grid, out);
	} else if (s->is_boot && m->judged)
		text_fmt(out, "bootsmith: boot of %s: %s", name, verdict_word(m->verdict));
	else if (model_was_cancelled(m))
		text_fmt(out, "bootsmith: the %s of %s was cancelled", session_noun(s), name);
	else if (m->lost)
		text_fmt(out, "bootsmith: the %s of %s ended without a last word", session_noun(s),
			name);
	else
		text_fmt(out, "bootsmith: %s of %s %s", session_noun(s), name,
			m->ok ? "done" : "FAILED");
	if (m->ready_seconds > 0 && m->ok)
		text_fmt(out, ", ready after %.1f s", m->ready_seconds);
	text_char(out, '\n');
}

void session_print_owner(const struct session *s, struct text *out)
{
	if (!s->run || run_is_own(s->run))
		return;
	text_str(out, ", of ");
	run_print_owner(s->run, out);
}

void session_farewell(const struct session *s, struct text *out)
{
	const struct model *m = &s->model;

	if (!s->run)
		return;
	if (!m->finished) {
		text_fmt(out,
			"bootsmith: the %s of %s goes on in the background; 'bootsmith attach' shows it\n",
			session_noun(s), run_profile(s->run));
		return;
	}
	say_end(s, out);
	if (session_is_alive(s) && !s->kept_guest)
		text_fmt(out,
			"bootsmith: the booted system of %s is still on; 'bootsmith attach %s' shows it again\n",
			run_profile(s->run), run_profile(s->run));
	for (size_t i = 0; i < m->failures.n; i++)
		say_failure(&m->failures.at[i], out);
	if (s->is_write && m->notes.n)
		say(out, "written", m->notes.at[m->notes.n - 1]);
	for (size_t i = 0; i < m->artifacts.n; i++)
		say(out, "made", m->artifacts.at[i]);
	if (s->is_boot && !m->failures.n)
		say(out, "log", m->serial);
}
