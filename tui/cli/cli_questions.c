/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks the wizard's questions line by line, for terminals that cannot show a screen. Nothing is written before the last answer;
 * end of input cancels without a trace.
 */
#include "cli/cli_questions.h"

#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "cli/cli.h"
#include "cli/cli_out.h"
#include "shared/document.h"
#include "shared/wizard.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE "first-boot"

/* False at the end of the input, which is no answer. */
static bool read_answer(struct text *answer)
{
	char line[512];

	fflush(stdout);
	text_clear(answer);
	if (!fgets(line, sizeof line, stdin)) {
		putchar('\n');
		return false;
	}
	text_add(answer, line, strcspn(line, "\n"));
	return true;
}

/* The numbered values; a value that cannot be chosen now says why and has no number. */
static void show_values(const struct cli *c, const struct document *d, const struct option *o)
{
	for (size_t i = 0; i < o->values.n; i++) {
		const struct option_value *v = &o->values.at[i];
		struct text why = TEXT_INIT;

		if (profile_value_available(&d->now, o, v, &why))
			say(c, "  %2zu  %-12s %s", i + 1, v->name, v->help ? v->help : "");
		else
			say(c, "      %-12s (%s)", v->name, why.s);
		text_release(&why);
	}
}

/* A number selects the value in that row, unless it is itself a value. */
static const char *meant(const struct option *o, const char *answer)
{
	char *end;
	unsigned long row = strtoul(answer, &end, 10);

	if (!isdigit((unsigned char)*answer) || *end || row < 1 || row > o->values.n)
		return answer;
	return o->values.at[row - 1].name;
}

/* Asks until the answer is acceptable; false at the end of the input. */
static bool ask_option(const struct cli *c, struct document *d, const struct option *o)
{
	struct text answer = TEXT_INIT;
	bool more, taken = false;

	printf("\n%s\n", o->question);
	show_values(c, d, o);
	do {
		struct error err = {0};

		printf("[%s] ", profile_get(&d->now, o->name));
		more = read_answer(&answer);
		if (!more)
			break;
		taken = !answer.len || document_set(d, o->name, meant(o, answer.s), &err);
		if (!taken)
			say(c, "%s", err.text);
	} while (!taken);
	text_release(&answer);
	return more;
}

static bool ask_options(const struct cli *c, struct document *d)
{
	struct questions questions;

	/* an answer may add or remove questions */
	wizard_questions(d, &questions);
	for (size_t i = 0; i < questions.n; i++) {
		if (!ask_option(c, d, questions.at[i]))
			return false;
		wizard_questions(d, &questions);
	}
	return true;
}

static bool ask_name(const struct cli *c, const struct document *d, struct text *name)
{
	struct text free = TEXT_INIT;
	bool more;

	document_free_name(d, &free);
	do {
		printf("\nWhat is it to be called?\n[%s] ", free.s);
		more = read_answer(name);
		if (more && !name->len)
			text_str(name, free.s);
		if (more && !profile_name_ok(name->s))
			say(c, "A name has letters, digits and . _ + -, at most 64.");
	} while (more && !profile_name_ok(name->s));
	text_release(&free);
	return more;
}

static bool save_and_boot(struct cli *c, struct document *d, const char *name, struct error *err)
{
	struct text command = TEXT_INIT, answer = TEXT_INIT;
	bool boot, ok = true;

	wizard_command(d, name, &command);
	say(c, "\nThe same as: %s", command.s);
	printf("Build it and boot it now? [y/N] ");
	boot = read_answer(&answer) && (answer.s[0] == 'y' || answer.s[0] == 'Y');
	if (document_is_dirty(d) || strcmp(name, d->now.name) != 0)
		ok = document_save(d, name, err);
	if (ok && boot) {
		vec_push(&c->words, d->now.name);
		c->verb = verb_find("boot");
		ok = c->verb->perform(c, err);
	} else if (ok) {
		struct error open = {0};

		say(c, "%s is saved; `bootsmith boot %s` builds and boots it", name, name);
		if (!profile_check(&d->now, &open))
			say(c, "Before that: %s", open.text);
	}
	text_release(&command);
	text_release(&answer);
	return ok;
}

bool questions_ask(struct cli *c, struct error *err)
{
	struct document d = {.catalog = &c->catalog, .place = &c->place};
	struct text name = TEXT_INIT;
	bool ok = false;

	say(c, "Enter keeps what stands in brackets, Ctrl-D ends without writing anything; `bootsmith --help` lists the verbs.");
	if (!document_open(&d, BASE, err))
		goto out;
	if (ask_options(c, &d) && ask_name(c, &d, &name)) {
		ok = save_and_boot(c, &d, name.s, err);
	} else {
		error_set(err, ERROR_USAGE, "nothing was written");
		document_forget_recovery(&c->place, d.now.name);
	}
out:
	document_release(&d);
	text_release(&name);
	return ok;
}
