/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs that start or follow runs: fetch, build, boot, attach. */
#include "base/error.h"
#include "base/text.h"
#include "boot/run_boot.h"
#include "choice/profile.h"
#include "cli/cli_console.h"
#include "cli/cli_flags.h"
#include "cli/cli_memory.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "run/run.h"
#include "shared/screen_start.h"
#include <string.h>
#include <unistd.h>

static void tell_note(void *ctx, const char *sentence)
{
	complain(ctx, "%s", sentence);
}

static bool open_valid(struct cli *c, struct profile *p, struct error *err)
{
	if (!profile_find(p, &c->catalog, &c->place, c->words.at[0], err))
		return false;
	if (profile_check(p, err))
		return true;
	profile_release(p);
	return false;
}

bool follow_run(struct cli *c, struct run *run, struct error *err)
{
	struct watch w;
	bool ok;

	watch_init(&w, c, run);
	ok = watch_run(&w, err);
	if (ok && c->status == 0 && c->flags.interactive && w.session.is_boot)
		ok = console_run(
			c, w.session.run, w.session.model.serial, w.session.model.console, err);
	watch_release(&w);
	return ok;
}

bool follow_build(struct cli *c, const struct profile *p, bool fetch_only, struct error *err)
{
	struct build_options options = {.plan = {.output = c->flags.output,
						.jobs = c->flags.jobs > 0 ? c->flags.jobs : 0,
						.offline = c->flags.offline,
						.fetch_only = fetch_only,
						.accept = &c->flags.accept},
		.check_cache = c->flags.check_cache};
	struct run *run;

	if (!c->flags.json && !c->flags.quiet) {
		options.plan.note = tell_note;
		options.plan.note_ctx = c;
	}
	fflush(stdout);
	return run_build(&run, p, &c->settings, &options, err) && follow_run(c, run, err);
}

static bool build_verb(struct cli *c, bool fetch_only, struct error *err)
{
	struct profile p;
	bool ok;

	if (!flags_check_jobs(&c->flags, err) || !open_valid(c, &p, err))
		return false;
	watch_signals();
	ok = follow_build(c, &p, fetch_only, err);
	profile_release(&p);
	return ok;
}

bool verb_fetch(struct cli *c, struct error *err)
{
	return build_verb(c, true, err);
}

bool verb_build(struct cli *c, struct error *err)
{
	return build_verb(c, false, err);
}

static struct boot_options boot_options_of(const struct cli *c)
{
	return (struct boot_options){.accel = c->flags.accel,
		.firmware = c->flags.firmware,
		.medium = c->flags.medium,
		.grid = c->flags.grid,
		.gdb = c->flags.gdb,
		.display = c->flags.display,
		.screenshot = c->flags.screenshot,
		.bridge = c->flags.bridge,
		.forwards = &c->flags.forwards,
		.output = c->flags.output,
		.memory_mib = c->flags.memory > 0 ? c->flags.memory : 0,
		.cpus = c->flags.cpus,
		.cpu = c->flags.cpu,
		.cards = c->flags.cards,
		.timeout_s = c->flags.timeout > 0 ? (double)c->flags.timeout : 0,
		.interactive = c->flags.interactive,
		.disks = &c->flags.disks,
		.append = &c->flags.append};
}

static bool boot(struct cli *c, const struct profile *p, struct error *err)
{
	struct boot_options options = boot_options_of(c);
	struct run *run;

	fflush(stdout);
	if (c->flags.smallest_memory) {
		if (!memory_search(c, p, &options, &options.memory_mib, err))
			return false;
		if (c->status >= 128)
			return true;
		fflush(stdout);
	}
	return run_boot(&run, p, &c->settings, &options, err) && follow_run(c, run, err);
}

/* The build is a run too, but not an interactive one. */
static bool build_then_boot(struct cli *c, const struct profile *p, struct error *err)
{
	struct boot_options options = boot_options_of(c);

	if (!run_boot_check(p, &options, err) || !follow_build(c, p, false, err))
		return false;
	return c->status || boot(c, p, err);
}

bool verb_boot(struct cli *c, struct error *err)
{
	struct profile p;
	bool ok;

	if (c->flags.interactive &&
		(c->flags.json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return error_set(err, ERROR_USAGE,
			"--interactive needs a terminal to type on, and no --json");
	if (c->flags.interactive && c->flags.smallest_memory)
		return error_set(err, ERROR_USAGE,
			"--smallest-memory makes many boots and --interactive keeps one: take one of them");
	if (c->flags.grid && (c->flags.interactive || c->flags.smallest_memory || c->flags.gdb ||
				     c->flags.screenshot))
		return error_set(err, ERROR_USAGE,
			"--grid makes many boots: it does not go together with --interactive, --smallest-memory, --gdb and --screenshot");
	if (c->flags.gdb && (c->flags.json || c->flags.smallest_memory))
		return error_set(err, ERROR_USAGE,
			"--gdb prints the command that attaches the debugger and lets the guest wait for it: it does not go together with --json and --smallest-memory");
	if (c->flags.timeout == 0)
		return error_set(err, ERROR_USAGE, "--timeout must be at least 1");
	if (!flags_check_jobs(&c->flags, err) || !open_valid(c, &p, err))
		return false;
	watch_signals();
	ok = build_then_boot(c, &p, err);
	profile_release(&p);
	return ok;
}

/* On a terminal the screen shows the run; false if this terminal cannot show one. */
static bool attach_screen(struct cli *c, const char *profile, struct error *err)
{
	struct screen_start start = {.place = &c->place,
		.catalog = &c->catalog,
		.settings = &c->settings,
		.profile = profile,
		.entry = SCREEN_ATTACH};

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || c->flags.plain || c->flags.json)
		return false;
	if (c->flags.color != FLAG_COLOR_AUTO)
		start.color = c->colour ? SCREEN_COLOR_ALWAYS : SCREEN_COLOR_NEVER;
	c->status = c->screen(&start, err);
	return c->status != SCREEN_UNUSABLE;
}

/* In a cache that several people share the newest run may be another one's. Who names a profile has said what he means. */
static bool agree_to_owner(struct cli *c, bool *yes, struct error *err)
{
	struct text question = TEXT_INIT;
	struct run *run;
	bool ok = true;

	*yes = true;
	if (c->words.n || c->flags.others)
		return true;
	if (!run_attach(&run, &c->place, NULL, err))
		return false;
	if (!run_is_own(run)) {
		text_fmt(&question, "The newest run is a %s of %s, by ",
			run_kind_word(run_kind(run)), run_profile(run));
		run_print_owner(run, &question);
		text_str(&question, ". Show it?");
		ok = ask(c, question.s, "--others, or name the profile", yes, err);
	}
	run_free(run);
	text_release(&question);
	return ok;
}

bool verb_attach(struct cli *c, struct error *err)
{
	struct run *run;
	bool yes;

	if (!agree_to_owner(c, &yes, err))
		return false;
	if (!yes)
		return true;

	if (attach_screen(c, c->words.n ? c->words.at[0] : NULL, err))
		return err->kind == ERROR_NONE;
	if (!run_attach(&run, &c->place, c->words.n ? c->words.at[0] : NULL, err))
		return false;
	watch_signals();
	return follow_run(c, run, err);
}
