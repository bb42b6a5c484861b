/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names events as the table of boot messages does. */
#include "base/error.h"
#include "base/known.h"
#include "boot/diagnose.h"
#include "choice/facts.h"

#include <string.h>

#include "base/banned.h"

enum { EVENTS = DIAGNOSIS_CHECK + 1 };

static const char *const events[EVENTS] = {
	[DIAGNOSIS_NONE] = "",
	[DIAGNOSIS_SILENT] = "silent",
	[DIAGNOSIS_SILENT_KVM] = "silent-kvm",
	[DIAGNOSIS_SILENT_RESET] = "silent-reset",
	[DIAGNOSIS_STARVED] = "starved",
	[DIAGNOSIS_STUCK] = "stuck",
	[DIAGNOSIS_NO_SHELL] = "no-shell",
	[DIAGNOSIS_SLOW] = "slow",
	[DIAGNOSIS_RESET] = "reset",
	[DIAGNOSIS_OFF] = "off",
	[DIAGNOSIS_STAYED] = "stayed",
	[DIAGNOSIS_EMULATOR] = "emulator",
	[DIAGNOSIS_CANCELLED] = "cancelled",
	[DIAGNOSIS_CHECK] = "check",
};

const struct known_row *diagnose_event(
	const struct known *k, enum diagnosis_event event, const char *check)
{
	return known_event(k, events[event], check);
}

const struct known_row *diagnose_best(
	const struct known *k, enum diagnosis_event event, const char *check)
{
	const struct known_row *noticed = diagnose_event(k, event, check);
	const struct known_row *seen =
		event == DIAGNOSIS_NONE && !check ? diagnose_spoiled(k) : known_best(k, check);

	return seen && (!noticed || noticed->rank < seen->rank) ? seen : noticed;
}

static bool is_event(const char *word)
{
	for (size_t e = DIAGNOSIS_NONE + 1; e < EVENTS; e++)
		if (strcmp(events[e], word) == 0)
			return true;
	return false;
}

bool diagnose_load(
	struct known *k, const struct place *p, const struct facts *facts, struct error *err)
{
	if (!known_load(k, p, "boot", (struct known_facts){facts_lookup, facts}, err))
		return false;
	for (size_t i = 0; i < k->rows.n; i++) {
		const struct known_row *row = k->rows.at[i];

		if (row->event && !is_event(row->event))
			return error_set(err, ERROR_PROFILE,
				"%s:%d: '%s' is not an event that a boot can notice", row->file,
				row->number, row->event);
	}
	return true;
}

const struct known_row *diagnose_spoiled(const struct known *k)
{
	for (size_t i = 0; i < k->rows.n; i++)
		if (k->rows.at[i]->line && k->rows.at[i]->spoils)
			return k->rows.at[i];
	return NULL;
}
