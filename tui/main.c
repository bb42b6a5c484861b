/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program: reads the command line, loads what the verb needs and calls it; without a verb it opens the screen. Errors become
 * one line on stderr and the exit status of their kind. --version and --help are answered before anything is loaded.
 */
#include "base/error.h"
#include "base/place.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "cli/cli.h"
#include "cli/cli_flags.h"
#include "cli/cli_out.h"
#include "cli/cli_questions.h"
#include "proc/pager.h"
#include "views/screen_main.h"
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static bool has_value(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

/* How output looks: decided once, from flags, environment and the kind of stdout. */
static void choose_looks(struct cli *c)
{
	const char *term = getenv("TERM"), *ci = getenv("CI");
	bool terminal = isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;

	c->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	c->live = terminal && !c->flags.plain && !has_value("BOOTSMITH_PLAIN") &&
		  !(ci && strcmp(ci, "true") == 0);
	if (c->flags.color == FLAG_COLOR_AUTO)
		c->colour = c->live && !has_value("NO_COLOR");
	else
		c->colour = c->flags.color == FLAG_COLOR_ALWAYS && !c->flags.plain;
}

static bool enter_folder(const struct cli *c, struct error *err)
{
	if (!c->flags.directory || chdir(c->flags.directory) == 0)
		return true;
	error_errno(err, "the folder %s cannot be entered", c->flags.directory);
	err->kind = ERROR_USAGE;
	return false;
}

static bool load(struct cli *c, unsigned needs, struct error *err)
{
	if (!(needs & ~(unsigned)NEEDS_PAGER))
		return true;
	if (!(c->loaded & NEEDS_PLACE) && !place_load(&c->place, err))
		return false;
	c->loaded |= NEEDS_PLACE;
	if (needs & ~c->loaded & NEEDS_CATALOG) {
		if (!catalog_load(&c->catalog, &c->place, err))
			return false;
		c->loaded |= NEEDS_CATALOG;
	}
	if (needs & NEEDS_SETTINGS) {
		if (!settings_load(&c->settings, &c->place, err))
			return false;
		c->loaded |= NEEDS_SETTINGS;
	}
	return true;
}

static void release(struct cli *c)
{
	if (c->loaded & NEEDS_SETTINGS)
		settings_release(&c->settings);
	if (c->loaded & NEEDS_CATALOG)
		catalog_release(&c->catalog);
	if (c->loaded & NEEDS_PLACE)
		place_release(&c->place);
	vec_release(&c->words);
	flags_release(&c->flags);
}

static bool open_screen(struct cli *c, const char *profile, struct error *err)
{
	struct screen_start start = {.place = &c->place,
		.catalog = &c->catalog,
		.settings = &c->settings,
		.profile = profile};

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || c->flags.no_input) {
		complain(c, "%s",
			c->flags.no_input ? "--no-input opens no screen; give a verb"
					  : "without a terminal there is no screen; give a verb");
		help_usage(c, true);
		return true;
	}
	if (!enter_folder(c, err) || !load(c, NEEDS_CATALOG | NEEDS_SETTINGS, err))
		return false;
	if (c->flags.plain)
		return questions_ask(c, err);
	if (c->flags.color != FLAG_COLOR_AUTO)
		start.color = c->colour ? SCREEN_COLOR_ALWAYS : SCREEN_COLOR_NEVER;
	c->status = c->screen(&start, err);
	if (err->kind != ERROR_NONE)
		return false;
	if (c->status != SCREEN_UNUSABLE)
		return true;
	c->status = 0;
	complain(c,
		"this terminal (TERM=%s) cannot show the screen, so the questions come line by line",
		has_value("TERM") ? getenv("TERM") : "");
	return questions_ask(c, err);
}

/* Colours and widths are known by now, from the terminal. */
static void open_pager(struct cli *c)
{
	if (c->live && !c->flags.json && isatty(STDIN_FILENO))
		c->pager = pager_start();
}

static bool count_words(const struct cli *c, struct error *err)
{
	const struct verb *v = c->verb;

	if (c->words.n >= v->least && c->words.n <= v->most)
		return true;
	return error_set(err, ERROR_USAGE,
		"%s; usage: bootsmith %s %s. `bootsmith %s --help` shows examples",
		c->words.n < v->least ? "something is missing" : "too many words", v->name,
		v->synopsis, v->name);
}

/* A word that is no verb may be a profile, to be opened on the screen. */
static bool perform_profile(struct cli *c, char *const *argv, size_t n, struct error *err)
{
	const struct flag *tables[] = {flags_global, NULL};
	struct flags_input in = {tables, argv + 1, n - 1, false};
	struct error missing;
	struct profile p;

	if (!enter_folder(c, err) || !load(c, NEEDS_CATALOG, err))
		return false;
	c->flags.directory = NULL; /* done */
	if (!profile_find(&p, &c->catalog, &c->place, argv[0], &missing))
		return verb_unknown(argv[0], err);
	profile_release(&p);
	if (!flags_parse(&in, &c->flags, &c->words, NULL, err))
		return false;
	if (c->words.n)
		return error_set(err, ERROR_USAGE,
			"'%s' is a profile, and nothing can follow it; give a verb before it",
			argv[0]);
	choose_looks(c);
	return open_screen(c, argv[0], err);
}

static bool perform_verb(struct cli *c, char *const *argv, size_t n, struct error *err)
{
	const struct flag *tables[] = {NULL, flags_global, NULL};
	struct flags_input in = {tables, argv + 1, n - 1, false};

	c->verb = verb_find(argv[0]);
	if (!c->verb)
		return perform_profile(c, argv, n, err);
	tables[0] = c->verb->flags;
	if (!flags_parse(&in, &c->flags, &c->words, NULL, err))
		return false;
	if (c->flags.help) {
		open_pager(c);
		help_verb(c, c->verb);
		return true;
	}
	if (c->flags.version) {
		puts("bootsmith " BOOTSMITH_VERSION);
		return true;
	}
	choose_looks(c);
	if (!count_words(c, err) || !enter_folder(c, err) || !load(c, c->verb->needs, err))
		return false;
	if (c->verb->needs & NEEDS_PAGER)
		open_pager(c);
	return c->verb->perform(c, err);
}

static bool perform(struct cli *c, char *const *argv, size_t n, struct error *err)
{
	const struct flag *tables[] = {flags_global, NULL};
	struct flags_input in = {tables, argv, n, true};
	size_t used;

	if (!flags_parse(&in, &c->flags, &c->words, &used, err))
		return false;
	choose_looks(c);
	if (c->flags.version) {
		puts("bootsmith " BOOTSMITH_VERSION);
		return true;
	}
	if (used < n)
		return perform_verb(c, argv + used, n - used, err);
	if (c->flags.help) {
		open_pager(c);
		help_usage(c, false);
		return true;
	}
	return open_screen(c, NULL, err);
}

/* Output that could not be written (a full disk) must not look like success; a closed pipe ends us by its signal instead. */
static void finish_output(struct cli *c)
{
	if ((fflush(stdout) || ferror(stdout)) && c->status == 0) {
		complain(c, "the output could not be written completely: is the disk full?");
		c->status = ERROR_HOST;
	}
}

int main(int argc, char **argv)
{
	struct cli c = {.flags = FLAGS_INIT, .screen = screen_main};
	struct error err = {0};

	signal(SIGPIPE, SIG_DFL);
	setlocale(LC_CTYPE, "");
	if (!perform(&c, argv + 1, argc > 0 ? (size_t)argc - 1 : 0, &err)) {
		complain(&c, "%s", err.text);
		c.status = err.kind;
	}
	finish_output(&c);
	pager_end(c.pager);
	release(&c);
	return c.status;
}
