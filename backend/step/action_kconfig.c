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

static int first_line(const struct text *t)
{
	return (int)strcspn(t->s, "\n");
}

/* Also sets what the person's symbols depend on. */
static bool lift(const struct action_context *c, struct kconfig_request *q, struct arena *a,
	const char *config, struct error *err)
{
	struct kconfig_result before = {.family = ""};
	struct text told = TEXT_INIT;
	size_t wished = q->wishes.n;
	bool ok;

	ok = (access(config, F_OK) != 0 || kconfig_result_read(&before, config, err)) &&
	     kconfig_lift(q, a, &before, dirname(arena_str(a, config)), &told, err);
	dprintf(STDOUT_FILENO, "%s", told.s);
	if (ok && q->wishes.n > wished)
		action_tell(c, "note %.*s%s", first_line(&told), told.s,
			told.s[first_line(&told) + 1] ? " (and more, see the log of this step)"
						      : "");
	kconfig_result_release(&before);
	text_release(&told);
	return ok;
}

bool action_merge(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kconfig_request request;
	struct text source = TEXT_INIT, merged = TEXT_INIT;
	const char *config = args->at[0];
	bool ok;

	ok = kconfig_request(&request, &arena, args, 1, err) &&
	     place_make_folder(dirname(arena_str(&arena, config)), err);
	ok = ok && (!request.tree || !request.asked || lift(c, &request, &arena, config, err));
	/* without one start from an empty configuration */
	if (ok && access(config, F_OK) == 0)
		ok = text_read_file(&source, config, CONFIG_LIMIT, err);
	if (ok) {
		kconfig_merge(&request.wishes, source.s, &merged);
		ok = place_write_file(config, merged.s, merged.len, err);
	}
	if (ok)
		dprintf(STDOUT_FILENO, "%zu wishes merged into %s\n", request.wishes.n, config);
	text_release(&source);
	text_release(&merged);
	arena_release(&arena);
	return ok;
}

/* Reports what became of a whole configuration; refuses only one of another program. */
static bool judge_own(
	const struct action_context *c, const struct kconfig_verdict *v, struct error *err)
{
	if (!v->lines)
		return true;
	dprintf(STDOUT_FILENO, "%s", v->changed.s);
	if (!kconfig_is_ours(v, err))
		return false;
	dprintf(STDOUT_FILENO,
		"%zu of %zu lines of the configuration are unknown or came out otherwise\n",
		v->changes, v->lines);
	if (v->changes)
		action_tell(c,
			"note %zu of %zu lines of the configuration are unknown or came out otherwise (first: %.*s); the log of this step has all",
			v->changes, v->lines, first_line(&v->changed), v->changed.s);
	return true;
}

static bool judge(
	const struct action_context *c, const struct kconfig_verdict *v, struct error *err)
{
	if (v->misfits) {
		dprintf(STDOUT_FILENO, "%s", v->misfit.s);
		action_tell(c,
			"note %zu lines of the source's own fragments do not fit (first: %.*s); the log of this step has all",
			v->misfits, first_line(&v->misfit), v->misfit.s);
	}
	if (v->yields) {
		dprintf(STDOUT_FILENO, "%s", v->yielded.s);
		dprintf(STDOUT_FILENO, "%zu of our preferences gave way to the person's choices\n",
			v->yields);
	}
	if (!judge_own(c, v, err))
		return false;
	if (!v->refusals)
		return true;
	dprintf(STDOUT_FILENO, "%s", v->refused.s);
	if (v->refusals == 1)
		return error_set(err, ERROR_STEP, "%.*s", first_line(&v->refused), v->refused.s);
	return error_set(err, ERROR_STEP, "%.*s (and %zu more, see the log)",
		first_line(&v->refused), v->refused.s, v->refusals - 1);
}

static size_t switched_on(const struct kconfig_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += strcmp(r->at[i].value, "y") == 0 || strcmp(r->at[i].value, "m") == 0;
	return n;
}

bool action_verify(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kconfig_request request;
	struct kconfig_result result = {.family = ""};
	struct kconfig_verdict verdict = KCONFIG_VERDICT_INIT;
	const char *config = args->at[0];
	bool ok;

	ok = kconfig_request(&request, &arena, args, 2, err) &&
	     kconfig_result_read(&result, config, err) &&
	     kconfig_verify(&request, &result, args->at[1], dirname(arena_str(&arena, config)),
		     &verdict, err) &&
	     judge(c, &verdict, err);
	if (ok)
		action_tell(c, "symbols %zu", switched_on(&result));
	if (ok)
		dprintf(STDOUT_FILENO, "all %zu wishes were granted in %s\n",
			request.wishes.n - verdict.yields, config);
	kconfig_verdict_release(&verdict);
	kconfig_result_release(&result);
	arena_release(&arena);
	return ok;
}
