/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of versions that do not go together: rows that can be asked, or one sentence. */
#include "choice/pairing.h"
#include "base/error.h"
#include "choice/catalog.h"
#include "choice/pairing_rows.h"
#include "choice/profile.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

/* No tool: that would start a program. */
static const char *version(const void *ctx, const char *component)
{
	(void)ctx;
	return *component == 'l' ? "6.12.1" : *component == 'b' ? "1.36" : "2.0";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct catalog catalog = {.place = foreign_place()};
	struct pairings *p = NULL;
	struct profile profile;
	struct error err = {0};

	foreign_put("share/pairings/a.pairing", data, size);
	if (!pairings_load(&p, foreign_place(), &err)) {
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
		return 0;
	}
	profile_init(&profile, &catalog, "a");
	if (!p->tools.n && !pairings_check(p, &profile, version, NULL, &err))
		replay_must(err.text[0]);
	if (!p->tools.n)
		pairings_cures(p, &profile, version, NULL);
	pairings_tried(p, "linux", "6.12.1");
	profile_release(&profile);
	pairings_free(p);
	return 0;
}
