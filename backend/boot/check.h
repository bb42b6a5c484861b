/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checks of a running guest: share/checks, one [check NAME] section each.
 *
 *   order   = 10                    checks run in this order
 *   when    = GUARD                 over choices and facts; the check is left out if it does not hold
 *   given   = packages              also left out if this choice is empty
 *   run     = uname -r              typed into the shell; the last line whose guard holds counts
 *   host    = ssh -p {port.ssh} ...  a program of this machine, run after that (or instead, without run); its words stand for
 *                                   the answer. Not a shell's line
 *   tool    = ssh                   what `host` needs; if it is not installed the check is skipped, with a note
 *   expect  = ^{version.linux}$     extended regular expression that a line of the output must match; all that apply
 *   refuse  = ...                   no line may match these
 *   seconds = 15                    tried again for this long
 *   skip    = there is no network   if a line's guard holds the check is impossible here and counts as neither; this is why
 *   after   = network               but only once if that check failed: it will not get better
 *   event   = off                   instead of an answer: the guest switches itself off
 *   pass, fail                      the detail in the verdict; {found} is what the first `expect` found (its first group, if
 *                                   it has one), or in `fail` what was printed instead
 *   cause, remedy                   for the diagnosis when this check fails and no known message explains it
 */
#ifndef CHECK_H
#define CHECK_H

#include "choice/facts.h"

struct check_line {
	struct guard guard;
	const char *value;
};

struct check_lines {
	struct check_line *at;
	size_t n, cap;
};

struct check {
	const char *name, *given, *after, *event, *tool, *cause, *remedy, *file;
	long order, seconds;
	struct guard when;
	struct check_lines run, host, expect, refuse, pass, fail, skip;
};

struct check_list {
	struct arena arena;
	VEC(struct check *) of; /* in their order */
};

CHECKED bool check_load(struct check_list *l, const struct catalog *c, struct error *err);
/* Adds what each chosen package says itself: NAME.check beside its recipe, or a check of its command `try`. The fact `commands`
 * gets those that say nothing and are no libraries: they have a command of their name. The fact `services`
 * gets the services of chosen packages besides those of the profile. */
CHECKED bool check_add_packages(
	struct check_list *l, const struct profile *p, struct facts *facts, struct error *err);
void check_sort(struct check_list *l);
/* Adds one file. */
CHECKED bool check_read(
	struct check_list *l, const char *path, const struct traits *traits, struct error *err);
void check_release(struct check_list *l);

bool check_applies(const struct check *c, struct facts *facts);

/* Is it impossible here? The reason goes to `detail`. */
bool check_skips(const struct check *c, struct facts *facts, struct text *detail);

/* The command to type; nothing if the check is made only from outside. */
CHECKED bool check_command(
	const struct check *c, struct facts *facts, struct text *out, struct error *err);

/* The program to run on this machine, as words; none if the guest's answer is all. */
CHECKED bool check_host(const struct check *c, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err);

/* Judges the lines that the command printed; the sentence goes to `detail`. Broken data is a failed check whose detail says
 * so. */
bool check_judge(
	const struct check *c, struct facts *facts, const char *output, struct text *detail);

/* The detail of a check that got no answer or ended by its event. */
void check_detail(const struct check *c, struct facts *facts, bool ok, const char *found,
	struct text *detail);

#endif
