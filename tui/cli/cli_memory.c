/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot --smallest-memory: finds by bisection how little memory is enough for a passing verdict. */
#include "boot/run_boot.h"
#include "cli/cli_memory.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "run/event.h"
#include "run/run.h"
#include "shared/session.h"

#include <string.h>

enum { FIRST_MIB = 256, MOST_MIB = 8192, LEAST_SECONDS = 5 };

struct search {
	struct cli *cli;
	const struct profile *profile;
	const struct boot_options *options;
	double patience; /* seconds an attempt may take */
	double took;	 /* of the last attempt */
	long boots;
};

static void nothing_of(struct watch *w, const struct event *e)
{
	(void)w;
	(void)e;
}

static void nothing(struct watch *w)
{
	(void)w;
}

/* The guest's output during an attempt does not matter, only how it ends. */
static const struct renderer renderer_quiet = {
	.event = nothing_of, .tick = nothing, .close = nothing, .tick_ms = 100};

static const char *verdict_of(int status)
{
	if (status == 0)
		return verdict_word(VERDICT_PASS);
	return verdict_word(status == ERROR_TIMEOUT ? VERDICT_TIMEOUT : VERDICT_FAIL);
}

static void tell_attempt(const struct search *s, long mib, int status)
{
	if (s->cli->flags.json)
		say_json(json_pack("{s:s,s:I,s:s,s:f}", "event", "memory", "mib", (json_int_t)mib,
			"verdict", verdict_of(status), "seconds", s->took));
	else
		say(s->cli, "%ld MiB: %s after %.1f s", mib, verdict_of(status), s->took);
}

/* One quiet boot. *status is its verdict's exit status, or 128+n if the person interrupted. */
static bool attempt(struct search *s, long mib, int *status, struct error *err)
{
	struct boot_options options = *s->options;
	struct run *run;
	struct watch w;
	bool ok;

	options.memory_mib = mib;
	options.timeout_s = s->patience;
	options.interactive = false;
	if (!run_boot(&run, s->profile, &s->cli->settings, &options, err))
		return false;
	watch_init(&w, s->cli, run);
	w.renderer = &renderer_quiet;
	ok = watch_run(&w, err);
	s->took = session_elapsed(&w.session);
	s->boots++;
	*status = s->cli->status;
	watch_release(&w);
	if (ok)
		tell_attempt(s, mib, *status);
	return ok;
}

/* Bisects between two sizes: `enough` passed, `little` did not. */
static bool halve(struct search *s, long little, long enough, long *smallest, struct error *err)
{
	int status = 0;

	while (enough - little > 1 && status < 128) {
		long mib = little + (enough - little) / 2;

		if (!attempt(s, mib, &status, err))
			return false;
		*(status == 0 ? &enough : &little) = mib;
	}
	*smallest = enough;
	return true;
}

bool memory_search(struct cli *c, const struct profile *p, const struct boot_options *options,
	long *mib, struct error *err)
{
	struct search s = {
		.cli = c, .profile = p, .options = options, .patience = options->timeout_s};
	long first = options->memory_mib > 0 ? options->memory_mib : FIRST_MIB;
	int status = ERROR_VERDICT;

	*mib = 0;
	for (; first <= MOST_MIB; first *= 2) {
		if (!attempt(&s, first, &status, err))
			return false;
		if (status == 0 || status >= 128)
			break;
	}
	if (status != 0)
		return true; /* no size was enough: the following boot says why */
	/* a guest with too little memory prints nothing, or the wrong things: do not wait the full time for it */
	s.patience = s.took * 3 > LEAST_SECONDS ? s.took * 3 : LEAST_SECONDS;
	if (!halve(&s, 0, first, mib, err))
		return false;
	if (c->status >= 128)
		return true;
	if (c->flags.json)
		say_json(json_pack("{s:s,s:I,s:I}", "event", "smallest-memory", "mib",
			(json_int_t)*mib, "boots", (json_int_t)s.boots));
	else
		say(c, "smallest memory: %ld MiB, found by %ld boots", *mib, s.boots);
	return true;
}
