/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A settings file: settings with which a build can start, or one sentence. */
#include "choice/settings.h"
#include "base/error.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings s;
	struct error err = {0};

	foreign_put("config", data, size);
	if (!settings_load(&s, foreign_place(), &err)) {
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
		return 0;
	}
	replay_must(s.jobs > 0 && s.launcher && s.refresh_hours >= 0 && s.origins.n);
	for (size_t i = 0; i < s.mirrors.n; i++)
		replay_must(strstr(s.mirrors.at[i].base, "://"));
	settings_release(&s);
	return 0;
}
