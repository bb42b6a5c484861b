/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking up an action by its verb. */
#include "plan/action_facts.h"

#include <stdint.h>
#include <string.h>

#include "base/banned.h"

#define FACTS(verb, least, revision, function) {#verb, least, revision},
static const struct action_facts rows[] = {ACTION_ROWS(FACTS)};

size_t action_row(const char *verb)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].verb, verb) == 0)
			return i;
	return SIZE_MAX;
}

const struct action_facts *action_facts(const char *verb)
{
	size_t i = action_row(verb);

	return i == SIZE_MAX ? NULL : &rows[i];
}
