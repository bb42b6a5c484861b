/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks up an action by its verb. */
#include "plan/action_facts.h"

#include <string.h>

#include "base/banned.h"

#define FACTS(verb, least, revision, function) {#verb, least, revision},
static const struct action_facts rows[] = {ACTION_ROWS(FACTS)};

enum action_verb action_find(const char *word)
{
	enum action_verb verb = 0;

	while (verb < ACTION_VERBS && strcmp(rows[verb].word, word) != 0)
		verb++;
	return verb;
}

const struct action_facts *action_facts(enum action_verb verb)
{
	return &rows[verb];
}
