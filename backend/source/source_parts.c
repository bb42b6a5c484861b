/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the further archives of a source: those that Debian unpacks beside the first one, and its patches. */
#include "source/choice.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"
#include "source/debian.h"
#include "source/origin.h"
#include "source/pins.h"
#include "source/source.h"

#include <string.h>

#include "base/banned.h"

struct parting {
	struct sources *sources;
	const struct source_wish *wish;
	const struct source_choice *first;
	struct source_choices *out;
	struct strings roles;
};

/* "curl:debian" -> "debian"; NULL: no part of that source */
static const char *role_in(const char *component, const char *name)
{
	size_t len = strlen(component);

	return strncmp(name, component, len) == 0 && name[len] == ':' && name[len + 1]
		       ? name + len + 1
		       : NULL;
}

static bool has(const struct strings *list, const char *word)
{
	for (size_t i = 0; list && word && i < list->n; i++)
		if (strcmp(list->at[i], word) == 0)
			return true;
	return false;
}

static void add_role(struct parting *p, const char *name)
{
	const char *role = role_in(p->first->component, name);

	if (!role || has(&p->roles, role))
		return;
	if (strcmp(role, ARCHIVE_PATCHES) != 0 || p->wish->patches)
		vec_push_in(&p->sources->arena, &p->roles, role);
}

static bool belongs(const struct parting *p, const struct archive *a)
{
	return a->of && p->first->sha256 && strcmp(a->of, p->first->sha256) == 0;
}

static void look_for_roles(struct parting *p)
{
	const struct archive_list *all = &p->sources->packaged[PACKAGED_SOURCES].archives;

	for (size_t i = 0; i < all->n; i++)
		if (belongs(p, &all->at[i]))
			add_role(p, all->at[i].component);
}

/* Newest first; of the same version in the order of origins. */
static struct archive *next_best(struct offer *c, const struct parting *p, const bool *seen)
{
	struct archive *best = NULL;

	for (size_t i = 0; i < c->archives.n; i++) {
		struct archive *a = &c->archives.at[i];

		if (!seen[i] && belongs(p, a) &&
			(!best || debian_version_compare(a->version, best->version) > 0))
			best = a;
	}
	return best;
}

static const char *what_it_is(const struct parting *p, const char *role)
{
	struct arena *a = &p->sources->arena;

	if (strcmp(role, ARCHIVE_PATCHES) == 0)
		return arena_fmt(
			a, "Debian's patches for %s %s", p->first->component, p->first->version);
	return arena_fmt(a, "the part '%s' of %s %s", role, p->first->component, p->first->version);
}

static bool nowhere(struct parting *p, const char *role, const struct trials *t, struct error *err)
{
	struct text tried = TEXT_INIT;
	const char *name = p->first->component;

	trials_print(t, 4, &tried);
	if (strcmp(role, ARCHIVE_PATCHES) == 0)
		error_set(err, ERROR_SOURCE,
			"%s cannot be had: %.600s. Check the network, or build without them: patches = %s=none",
			what_it_is(p, role), tried.s, name);
	else
		error_set(err, ERROR_SOURCE,
			"%s cannot be had: %.600s. Check the network, add a mirror to the settings, or choose another version",
			what_it_is(p, role), tried.s);
	text_release(&tried);
	return false;
}

static void conclude(struct parting *p, const struct offer *c, const struct archive *a,
	const char *role, const struct trials *t)
{
	struct source_choice choice = {0};
	struct text tried = TEXT_INIT;

	if (t->n)
		text_str(&tried, "; passed over: ");
	trials_print(t, 3, &tried);
	choice_conclude(p->sources, c, a,
		arena_fmt(&p->sources->arena, "%s: %s (%s)%s", what_it_is(p, role), a->version,
			choice_origin(p->sources, a), tried.s),
		&choice);
	choice.role = role;
	vec_push_in(&p->sources->arena, p->out, choice);
	text_release(&tried);
}

static bool choose(struct parting *p, const char *role, struct error *err)
{
	struct sources *s = p->sources;
	const char *name = arena_fmt(&s->arena, "%s:%s", p->first->component, role);
	struct offer *c = offer_get(s, name, false, err);
	struct search x = {.sources = s, .offer = c, .wish = p->wish};
	bool *seen = c ? arena_alloc(&s->arena, c->archives.n + 1) : NULL;
	struct archive *a;

	while (c && (a = next_best(c, p, seen))) {
		seen[a - c->archives.at] = true;
		if (has(p->wish->avoid, a->sha256)) {
			search_passed_over(&x, a, "no server had the right bytes in this run");
			continue;
		}
		archives_probe(s, a, a->cached ? 0 : 1);
		if (a->cached || a->reach == REACH_YES || a->reach == REACH_BUSY) {
			conclude(p, c, a, role, &x.trials);
			return true;
		}
		search_passed_over(&x, a,
			a->trouble ? a->trouble
				   : "it is not in the cache, and this run uses no network");
	}
	return c && nowhere(p, role, &x.trials, err);
}

/* ---- locks ---- */

static bool choose_locked(struct parting *p, const struct pin *pin, struct error *err)
{
	struct source_wish wish = *p->wish;
	struct source_choice choice = {0};
	struct offer *c = offer_get(p->sources, pin->component, false, err);

	wish.component = pin->component;
	wish.wanted = pin->version;
	if (!c || !choice_locked(p->sources, c, &wish, pin, &choice, err))
		return false;
	choice.role = role_in(p->first->component, pin->component);
	vec_push_in(&p->sources->arena, p->out, choice);
	return true;
}

/* A lock from before there were such archives makes the same as it did then. */
static bool from_lock(struct parting *p, const struct pins *pins, struct error *err)
{
	bool patched = false;

	for (size_t i = 0; i < pins->n; i++) {
		const char *role = role_in(p->first->component, pins->at[i].component);
		bool patches = role && strcmp(role, ARCHIVE_PATCHES) == 0;

		patched |= patches;
		if (role && (!patches || p->wish->patches) && !choose_locked(p, &pins->at[i], err))
			return false;
	}
	look_for_roles(p);
	if (!patched && has(&p->roles, ARCHIVE_PATCHES))
		sources_say(p->sources,
			"%s has none of Debian's patches for %s, so none are applied; `bootsmith lock %s --update` takes them in",
			p->wish->lock, p->first->component, p->wish->profile);
	return true;
}

/* Patches that nobody could ask for are no reason to build without them; a machine without apt-get never has any. */
static bool may_lack(struct parting *p, struct error *err)
{
	const char *name = p->first->component;
	struct text path = TEXT_INIT;
	const bool may = !p->wish->patches || debian_has_read(p->sources, name) ||
			 !proc_find("apt-get", NULL, &path);

	text_release(&path);
	if (may)
		return true;
	return error_set(err, ERROR_SOURCE,
		"it is not known which patches Debian has for %s %s: the package index could not be read yet%s%.400s. `bootsmith versions %s --refresh` reads it; patches = %s=none builds without them",
		name, p->first->version, p->sources->problems.n ? ", " : "",
		p->sources->problems.n ? p->sources->problems.at[0] : "", name, name);
}

bool sources_choose_parts(struct sources *s, const struct source_wish *w,
	const struct source_choice *first, struct source_choices *out, struct error *err)
{
	struct parting p = {.sources = s, .wish = w, .first = first, .out = out};
	struct pins pins;

	if (!pins_read(&pins, w->lock, &s->arena, err))
		return false;
	if (pins.n)
		return from_lock(&p, &pins, err);
	/* whatever vouches for the first archive, only the package index knows what belongs to it */
	if (w->patches && !offer_get(s, first->component, true, err))
		return false;
	if (!may_lack(&p, err))
		return false;
	look_for_roles(&p);
	for (size_t i = 0; i < p.roles.n; i++)
		if (!choose(&p, p.roles.at[i], err))
			return false;
	return true;
}
