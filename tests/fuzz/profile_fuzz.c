/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An untrusted profile: refused with a sentence, or saving it gives a file that reads back as the same profile. */
#include "base/conf.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/catalog.h"
#include "choice/profile.h"
#include "replay.h"
#include <stdlib.h>
#include <string.h>

static const struct catalog *catalog(void)
{
	static struct place place;
	static struct catalog c;
	static bool loaded;
	struct error err;

	if (loaded)
		return &c;
	setenv("HOME", "/nonexistent", 0);
	setenv("BOOTSMITH_PATH", ".", 1);
	replay_must(place_load(&place, &err));
	replay_must(catalog_load(&c, &place, &err));
	loaded = true;
	return &c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text saved = TEXT_INIT, again = TEXT_INIT;
	struct profile p, q;
	struct error err = {0};

	if (!profile_parse(&p, catalog(), "fuzz", (const char *)data, size, &err)) {
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
		return 0;
	}
	if (!profile_check(&p, &err))
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
	profile_print(&p, &saved);
	if (saved.len <= CONF_LIMIT) { /* profile_save refuses more */
		replay_must(profile_parse(&q, catalog(), "saved", saved.s, saved.len, &err));
		profile_print(&q, &again);
		replay_must(strcmp(saved.s, again.s) == 0);
		profile_release(&q);
	}
	profile_release(&p);
	text_release(&saved);
	text_release(&again);
	return 0;
}
