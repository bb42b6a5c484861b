/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Performs an action by its row in the table, and reports to the builder over the progress fd. */
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "plan/action_facts.h"
#include "step/action.h"
#include "step/confine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

#define PACE_SECONDS 0.1

#define PERFORMER(verb, least, revision, function) function,
static action_fn *const performers[] = {ACTION_ROWS(PERFORMER)};

bool action_perform(const struct action_context *c, const struct action *a, struct error *err)
{
	const struct action_facts *facts = action_facts(a->verb);

	if (a->args.n < facts->least)
		return error_set(err, ERROR_INTERNAL, "the action '%s' needs %zu words, it got %zu",
			facts->word, facts->least, a->args.n);
	for (size_t i = 0; a->verb != ACTION_run && i < a->args.n; i++)
		if (!confine_check(c, a->args.at[i], err))
			return false;
	return performers[a->verb](c, &a->args, err);
}

void action_tell(const struct action_context *c, const char *fmt, ...)
{
	struct text line = TEXT_INIT;
	char *bytes = NULL;
	va_list ap;
	int len;

	if (c->progress_fd < 0)
		return;
	va_start(ap, fmt);
	len = vasprintf(&bytes, fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	text_add(&line, bytes, (size_t)len);
	free(bytes);
	for (size_t i = 0; i < line.len; i++)
		if (line.s[i] == '\n')
			line.s[i] = ' ';
	text_char(&line, '\n');
	/* If the builder has stopped listening, that is no reason to fail. */
	if (write(c->progress_fd, line.s, line.len) < 0)
		text_clear(&line);
	text_release(&line);
}

void action_progress(
	const struct action_context *c, uint64_t done, uint64_t total, const char *unit)
{
	double at = clock_now();

	if (c->paced && done != total && at - *c->paced < PACE_SECONDS)
		return;
	if (c->paced)
		*c->paced = at;
	action_tell(c, "progress %" PRIu64 " %" PRIu64 " %s", done, total, unit);
}
