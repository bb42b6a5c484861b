/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints usage and --help from the table of verbs; `manual` fills the same tables into the manual pages. */

#include "base/text.h"
#include "cli/cli.h"
#include "cli/cli_out.h"
#include <stdio.h>
#include <string.h>

static const char *const statuses[] = {
	"0 done",
	"1 internal error",
	"2 wrong usage or a missing answer",
	"3 a build step failed",
	"4 the guest failed its boot",
	"5 the boot took too long",
	"6 the profile is not valid",
	"7 this machine lacks something, or another run holds the place",
	"8 a source cannot be had or has the wrong hash",
	"128+n ended by signal n",
};

/* Help works before anything is loaded. */
static void put_flags(const struct cli *c, FILE *to, const struct flag *f)
{
	for (; f->name; f++) {
		struct text left = TEXT_INIT, line = TEXT_INIT;

		if (f->letter)
			text_fmt(&left, "-%c, ", f->letter);
		text_fmt(&left, "--%s%s%s", f->name, f->value ? "=" : "", f->value ? f->value : "");
		text_fmt(&line, "  %-28s %s", left.s, f->help);
		say_within(c, to, line.s, 31);
		text_release(&left);
		text_release(&line);
	}
}

void help_usage(struct cli *c, bool to_stderr)
{
	FILE *to = to_stderr ? stderr : stdout;

	fputs("bootsmith builds a small Linux system from source, as a profile asks for it, and boots it.\n"
	      "\n"
	      "Examples:\n"
	      "  bootsmith                       the screen (needs a terminal)\n"
	      "  bootsmith mine                  the screen on the profile `mine`\n"
	      "  bootsmith boot first-boot       build the default profile and boot it\n"
	      "  bootsmith new mine --from first-boot hostname=mine\n"
	      "\n"
	      "usage: bootsmith [VERB ... | PROFILE]\n"
	      "\n",
		to);
	for (const struct verb *v = verbs; v->name; v++) {
		struct text line = TEXT_INIT;

		text_fmt(&line, "  %-10s %s", v->name, v->summary);
		if (!v->internal)
			say_within(c, to, line.s, 13);
		text_release(&line);
	}
	fputs("\n"
	      "PROFILE is a name (`bootsmith list`) or a path.\n"
	      "\n"
	      "Flags of every verb (bootsmith VERB --help lists its own):\n",
		to);
	put_flags(c, to, flags_global);
	if (!to_stderr) {
		fputs("\nExit status:\n", to);
		for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
			fprintf(to, "  %s\n", statuses[i]);
	}
	c->status = to_stderr ? ERROR_USAGE : 0;
}

void help_verb(const struct cli *c, const struct verb *v)
{
	printf("bootsmith %s: %s\n\nExamples:\n", v->name, v->summary);
	for (const char *line = v->examples; *line; line += *line == '\n') {
		size_t len = strcspn(line, "\n");
		printf("  %.*s\n", (int)len, line);
		line += len;
	}
	printf("\nusage: bootsmith %s%s%s%s\n", v->name, *v->synopsis ? " " : "", v->synopsis,
		v->flags->name ? " [flags]" : "");
	if (v->details) {
		putchar('\n');
		say_within(c, stdout, v->details, 0);
	}
	if (v->flags->name)
		fputs("\nFlags:\n", stdout);
	put_flags(c, stdout, v->flags);
	fputs("\nFlags of every verb:\n", stdout);
	put_flags(c, stdout, flags_global);
}

bool verb_help(struct cli *c, struct error *err)
{
	const struct verb *v;

	if (!c->words.n) {
		help_usage(c, false);
		return true;
	}
	v = verb_find(c->words.at[0]);
	if (!v)
		return verb_unknown(c->words.at[0], err);
	help_verb(c, v);
	return true;
}
