/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys by content: what a unit needs counts by what it holds, so that what was made anew with the same bytes changes nothing. */
#include "plan/plan.h"

#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/twin.h"

#include <string.h>

#include "base/banned.h"

#define STAGES "/stage/"

static bool is_stage(const char *cache, const struct unit *u)
{
	size_t len = strlen(cache);

	return u->result && strncmp(u->result, cache, len) == 0 &&
	       strncmp(u->result + len, STAGES, strlen(STAGES)) == 0;
}

/* The last steps of the stages that the unit of `s` needs and names in its inputs. What stands between, such as a sysroot, is
 * named by its parts. */
static void collect_for(
	const char *cache, const struct unit *u, const struct step *s, struct steps *out)
{
	for (size_t i = 0; i < s->needs.n; i++) {
		struct step *n = s->needs.at[i];
		bool known = false;

		for (size_t k = 0; k < out->n; k++)
			known = known || out->at[k] == n;
		if (n->unit != u && n->unit->key && strstr(u->inputs, n->unit->key)) {
			if (!known && is_stage(cache, n->unit))
				vec_push(out, n);
		} else if (n->unit == u || is_stage(cache, n->unit)) {
			collect_for(cache, u, n, out);
		}
	}
}

static void collect(const char *cache, const struct step *last, struct steps *out)
{
	collect_for(cache, last->unit, last, out);
}

bool plan_needs_alone_changed(const char *cache, const struct step *last, const char *old)
{
	const char *now = last->unit->inputs;
	struct steps needs = {0};
	bool alone = strlen(old) == strlen(now);

	collect(cache, last, &needs);
	for (size_t i = 0; alone && now[i];) {
		size_t k = 0;

		while (k < needs.n && strncmp(now + i, needs.at[k]->unit->key, HASH_HEX - 1) != 0)
			k++;
		alone = k < needs.n || old[i] == now[i];
		i += k < needs.n ? HASH_HEX - 1 : 1;
	}
	vec_release(&needs);
	return alone;
}

/* One that is about to be taken over holds what its twin holds. */
static bool content_of(const char *cache, const struct step *last, char hex[HASH_HEX])
{
	return twin_content(cache, last->unit->result, hex) ||
	       (last->twin && twin_content(cache, last->twin, hex));
}

/* Puts `with` in the place of `what`, which is as long. */
static void replace(struct text *t, const char *what, const char *with)
{
	for (char *at = t->s; (at = strstr(at, what)); at += HASH_HEX - 1)
		memcpy(at, with, HASH_HEX - 1);
}

bool plan_content_key(const char *cache, const struct step *last, char hex[HASH_HEX])
{
	const struct unit *u = last->unit;
	struct text inputs = TEXT_INIT;
	struct steps needs = {0};
	char content[HASH_HEX];
	bool ok = !u->tree && is_stage(cache, u);

	if (ok)
		collect(cache, last, &needs);
	ok = ok && needs.n;
	text_fmt(&inputs, "content %s\n%s", u->name, ok ? u->inputs : "");
	for (size_t i = 0; ok && i < needs.n; i++) {
		ok = content_of(cache, needs.at[i], content);
		if (ok)
			replace(&inputs, needs.at[i]->unit->key, content);
	}
	hash_bytes(inputs.s, inputs.len, hex);
	vec_release(&needs);
	text_release(&inputs);
	return ok;
}
