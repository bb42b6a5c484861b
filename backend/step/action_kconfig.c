/* SPDX-License-Identifier: GPL-2.0-or-later */
/* merge CONFIG FRAGMENT... and verify CONFIG SRCTREE FRAGMENT...: applies fragments, and checks that everything they asked for
 * was granted. */
#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "kconfig/kconfig.h"
#include "step/action.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { CONFIG_LIMIT = 8 * 1024 * 1024 };

static bool read_wishes(struct kconfig_wishes *w, struct arena *a, const struct strings *args,
	size_t from, struct error *err)
{
	for (size_t i = from; i < args->n; i++)
		if (!kconfig_wish(w, a, args->at[i], err))
			return false;
	return true;
}

bool action_merge(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kconfig_wishes wishes = {0};
	struct text source = TEXT_INIT, merged = TEXT_INIT;
	const char *config = args->at[0];
	bool ok;

	(void)c;
	ok = read_wishes(&wishes, &arena, args, 1, err) &&
	     place_make_folder(dirname(arena_str(&arena, config)), err);
	/* without one start from an empty configuration */
	if (ok && access(config, F_OK) == 0)
		ok = text_read_file(&source, config, CONFIG_LIMIT, err);
	if (ok) {
		kconfig_merge(&wishes, source.s, &merged);
		ok = place_write_file(config, merged.s, merged.len, err);
	}
	if (ok)
		dprintf(STDOUT_FILENO, "%zu wishes merged into %s\n", wishes.n, config);
	text_release(&source);
	text_release(&merged);
	vec_release(&wishes);
	arena_release(&arena);
	return ok;
}

static bool judge(size_t refused, struct text *reasons, struct error *err)
{
	size_t first = strcspn(reasons->s, "\n");

	if (!refused)
		return true;
	dprintf(STDOUT_FILENO, "%s", reasons->s);
	if (refused == 1)
		return error_set(err, ERROR_STEP, "%.*s", (int)first, reasons->s);
	return error_set(err, ERROR_STEP, "%.*s (and %zu more, see the log)", (int)first,
		reasons->s, refused - 1);
}

bool action_verify(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kconfig_wishes wishes = {0};
	struct kconfig_result result = {.family = ""};
	struct text reasons = TEXT_INIT;
	const char *config = args->at[0];
	size_t refused;
	bool ok;

	(void)c;
	ok = read_wishes(&wishes, &arena, args, 2, err) &&
	     kconfig_result_read(&result, config, err) &&
	     kconfig_verify(&wishes, &result, args->at[1], dirname(arena_str(&arena, config)),
		     &reasons, &refused, err) &&
	     judge(refused, &reasons, err);
	if (ok)
		dprintf(STDOUT_FILENO, "all %zu wishes were granted in %s\n", wishes.n, config);
	text_release(&reasons);
	kconfig_result_release(&result);
	vec_release(&wishes);
	arena_release(&arena);
	return ok;
}
