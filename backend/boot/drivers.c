/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compares what devices need with the kernel's configuration. */
#include "boot/drivers.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/emulator.h"
#include "boot/machine.h"
#include "choice/facts.h"
#include "kconfig/kconfig.h"
#include "plan/action_facts.h"
#include "plan/plan.h"
#include "plan/step.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static const char prefix[] = "kernel.";

/* ---- from a configuration to facts ---- */

/* The value of a symbol; NULL: it has none. */
typedef const char *symbol_lookup(const void *ctx, const char *symbol);

struct reader {
	symbol_lookup *lookup;
	const void *ctx;
	struct facts *facts;
};

/* What is compiled; a text or a number is nothing. */
static const char *built(const struct reader *r, const char *symbol)
{
	const char *value = r->lookup(r->ctx, symbol);

	return value && (strcmp(value, "y") == 0 || strcmp(value, "m") == 0) ? value : "n";
}

static void take_needs(const struct reader *r, const struct strings *needs)
{
	struct arena *a = &r->facts->arena;

	for (size_t i = 0; i < needs->n; i++)
		for (const char *s = needs->at[i]; *s;) {
			size_t n = strcspn(s, "|");
			const char *symbol = arena_strn(a, s, n);

			facts_set(r->facts, arena_fmt(a, "%s%s", prefix, symbol), "%s",
				built(r, symbol));
			s += n + (s[n] == '|');
		}
}

static void words_of(const struct machine_line *l, struct arena *a, struct strings *words)
{
	struct error ignored;

	if (!conf_words(l->value, a, words, &ignored))
		words->n = 0;
}

static void take_all(const struct machine *m, const struct reader *r, const char *how)
{
	const struct machine_devices *of[] = {&m->cards, &m->disks, &m->abilities};

	facts_set(r->facts, "configuration", "%s", how);
	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		for (size_t k = 0; k < of[i]->n; k++)
			take_needs(r, &of[i]->at[k].needs);
	for (size_t i = 0; i < m->media.n; i++)
		for (size_t k = 0; k < m->media.at[i].needs.n; k++) {
			struct strings words = {0};

			words_of(&m->media.at[i].needs.at[k], &r->facts->arena, &words);
			take_needs(r, &words);
		}
}

static const char *in_result(const void *ctx, const char *symbol)
{
	return kconfig_result_find(ctx, symbol);
}

static bool take_file(const struct machine *m, const char *path, struct facts *facts)
{
	struct kconfig_result config;
	struct error ignored;

	if (access(path, F_OK) != 0)
		return false;
	if (kconfig_result_read(&config, path, &ignored))
		take_all(m, &(struct reader){in_result, &config, facts}, "known");
	kconfig_result_release(&config);
	return true;
}

void drivers_read(const struct machine *m, const char *stage, struct facts *facts)
{
	struct arena *a = &facts->arena;

	if (m->configuration && access(arena_fmt(a, "%s/%s", stage, m->kernel), F_OK) == 0)
		take_file(m, arena_fmt(a, "%s/%s", stage, m->configuration), facts);
}

/* ---- before it is built ---- */

struct foreseen {
	struct kconfig_request request;
	struct kconfig_result own; /* a person's whole configuration */
};

static const char *in_foreseen(const void *ctx, const char *symbol)
{
	const struct foreseen *f = ctx;

	for (size_t i = f->request.wishes.n; i-- > 0;) {
		const struct kconfig_wish *w = &f->request.wishes.at[i];

		for (size_t k = 0; k < w->n; k++)
			if (strcmp(w->either[k].symbol, symbol) == 0)
				return w->either[k].value;
	}
	return kconfig_result_find(&f->own, symbol);
}

/* Names of fragments in the source say nothing until it is unpacked. */
static bool is_readable(const char *word)
{
	return strpbrk(word, "/=#") || *word == '-';
}

static bool take_words(const struct machine *m, const struct strings *words, struct facts *facts)
{
	struct foreseen f = {.own = {.family = ""}};
	struct strings wishes = {0};
	struct error ignored;
	size_t i;
	bool ok = true;

	for (i = 2; i < words->n && strcmp(words->at[i], "--own") != 0; i++)
		if (is_readable(words->at[i]))
			vec_push_in(&facts->arena, &wishes, words->at[i]);
	if (i + 1 < words->n)
		ok = kconfig_result_read(&f.own, words->at[i + 1], &ignored);
	ok = ok && kconfig_request(&f.request, &facts->arena, &wishes, 0, &ignored);
	if (ok)
		take_all(m, &(struct reader){in_foreseen, &f, facts}, "foreseen");
	kconfig_result_release(&f.own);
	return ok;
}

static bool keeps(const struct action *act, const char *file)
{
	for (size_t i = 1; act->verb == ACTION_keep && i < act->args.n; i += 2) {
		const char *end = strrchr(act->args.at[i], '/');

		if (end && strcmp(end + 1, file) == 0)
			return true;
	}
	return false;
}

/* The unit that makes the machine's kernel. */
static const struct unit *kernel_of(const struct machine *m, const struct plan *p)
{
	for (size_t i = 0; i < p->steps.n; i++)
		for (size_t k = 0; k < p->steps.at[i]->actions.n; k++)
			if (keeps(&p->steps.at[i]->actions.at[k], m->kernel))
				return p->steps.at[i]->unit;
	return NULL;
}

bool drivers_foresee(const struct machine *m, const struct plan *p, struct facts *facts)
{
	const struct unit *u = m->configuration ? kernel_of(m, p) : NULL;

	if (!u)
		return false;
	if (take_file(m, arena_fmt(&facts->arena, "%s/%s", u->result, m->configuration), facts))
		return true;
	for (size_t i = 0; i < p->steps.n; i++)
		for (size_t k = 0; k < p->steps.at[i]->actions.n; k++) {
			const struct action *act = &p->steps.at[i]->actions.at[k];

			if (p->steps.at[i]->unit == u && act->verb == ACTION_verify)
				return take_words(m, &act->args, facts);
		}
	return false;
}

/* ---- what fits ---- */

static bool is_driven(const struct facts *facts, const char *need, bool module, struct text *name)
{
	bool found = false;

	for (const char *s = need; !found && *s;) {
		size_t n = strcspn(s, "|");
		const char *value;

		text_clear(name);
		text_fmt(name, "%s%.*s", prefix, (int)n, s);
		value = facts_get(facts, name->s);
		found = value && (*value == 'y' || (module && *value == 'm'));
		s += n + (s[n] == '|');
	}
	return found;
}

/* Appends those that the kernel does not have to `lack`, which may be NULL. */
static bool has_all(
	const struct facts *facts, const struct strings *needs, bool module, struct text *lack)
{
	struct text name = TEXT_INIT;
	bool all = true;

	for (size_t i = 0; i < needs->n; i++) {
		if (is_driven(facts, needs->at[i], module, &name))
			continue;
		all = false;
		if (lack)
			text_fmt(lack, "%sCONFIG_%.*s", lack->len ? " and " : "",
				(int)strcspn(needs->at[i], "|"), needs->at[i]);
	}
	text_release(&name);
	return all;
}

static void ask_for(struct machine *m, struct machine_devices *d, struct facts *facts)
{
	struct text list = TEXT_INIT;

	for (size_t i = 0; i < d->n; i++) {
		struct error ignored;

		d->at[i].has = !d->at[i].ask;
		if (!d->at[i].ask || !has_all(facts, &d->at[i].needs, true, NULL))
			continue;
		if (!list.len && !emulator_says(m->program, &m->ask_devices, &list, &ignored))
			break;
		d->at[i].has = strstr(list.s, arena_fmt(&facts->arena, "\"%s\"", d->at[i].name));
	}
	text_release(&list);
}

void drivers_ask(struct machine *m, struct facts *facts)
{
	ask_for(m, &m->cards, facts);
	ask_for(m, &m->disks, facts);
}

static const struct machine_device *first_driven(
	const struct machine_devices *d, const struct facts *facts, bool module)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->at[i].has && has_all(facts, &d->at[i].needs, module, NULL))
			return &d->at[i];
	return NULL;
}

enum { MOST_NAMED = 4 }; /* devices in a sentence */

/* What the kernel lacks for the first of the devices: "CONFIG_A (card), or CONFIG_B and CONFIG_C (other)". */
static const char *all_lacks(const struct machine_devices *d, struct facts *facts, bool module)
{
	struct text out = TEXT_INIT, lack = TEXT_INIT;
	const char *s;
	size_t named = 0;

	for (size_t i = 0; i < d->n && named < MOST_NAMED; i++) {
		text_clear(&lack);
		if (d->at[i].has && !has_all(facts, &d->at[i].needs, module, &lack))
			text_fmt(&out, "%s%s (%s)", named++ ? ", or " : "", lack.s, d->at[i].name);
	}
	text_release(&lack);
	s = arena_str(&facts->arena, out.s ? out.s : "");
	text_release(&out);
	return s;
}

static const char *device_of(const struct machine_device *d)
{
	return d->device ? d->device : d->name;
}

static void fit_card(const struct machine *m, struct facts *facts)
{
	const char *usual = machine_last(&m->nic, facts);
	bool module = conf_is_yes(machine_last(&m->card_module, facts));
	const struct machine_device *d = NULL;

	if (facts_get(facts, "configuration")) {
		d = first_driven(&m->cards, facts, module);
		facts_set(facts, "card", "%s", d ? d->name : "none");
		facts_set(facts, "cards-lack", "%s", all_lacks(&m->cards, facts, module));
	}
	if (d || usual)
		facts_set(facts, "nic", "%s", d ? device_of(d) : usual);
}

const struct machine_device *drivers_disk(const struct machine *m, struct facts *facts)
{
	bool module = conf_is_yes(machine_last(&m->disk_module, facts));
	const struct machine_device *d = NULL;

	if (facts_get(facts, "configuration")) {
		d = first_driven(&m->disks, facts, module);
		facts_set(facts, "disk-type", "%s", d ? d->name : "none");
		facts_set(facts, "disks-lack", "%s", all_lacks(&m->disks, facts, module));
	}
	return d ? d : m->disks.n ? &m->disks.at[0] : NULL;
}

bool drivers_has_no_disk(const struct facts *facts)
{
	const char *type = facts_get(facts, "disk-type");

	return type && strcmp(type, "none") == 0;
}

bool drivers_number_disk(
	const struct machine *m, struct facts *facts, unsigned number, struct error *err)
{
	const struct machine_device *d = drivers_disk(m, facts);
	struct text words = TEXT_INIT;
	bool ok;

	facts_set(facts, "disk-number", "%u", number);
	if (!d)
		return true;
	ok = expand(&words, device_of(d), facts_expand, facts, err) || error_in(err, "%s", d->name);
	facts_set(facts, "disk-device", "%s", words.s ? words.s : "");
	text_release(&words);
	return ok;
}

void drivers_fit(const struct machine *m, struct facts *facts)
{
	drivers_disk(m, facts);
	fit_card(m, facts);
	for (size_t i = 0; facts_get(facts, "configuration") && i < m->abilities.n; i++) {
		const struct machine_device *d = &m->abilities.at[i];

		facts_set(facts, d->name, "%s",
			has_all(facts, &d->needs, false, NULL) ? "yes" : "no");
	}
}

const char *drivers_medium_lack(
	const struct machine_medium *medium, struct facts *facts, struct arena *a)
{
	struct text lack = TEXT_INIT;
	const char *s = NULL;

	for (size_t i = 0; facts_get(facts, "configuration") && i < medium->needs.n; i++) {
		const struct machine_line *l = &medium->needs.at[i];
		struct strings words = {0};

		words_of(l, a, &words);
		if (guard_holds(&l->guard, facts_lookup, facts))
			has_all(facts, &words, false, &lack);
	}
	if (lack.len)
		s = arena_str(a, lack.s);
	text_release(&lack);
	return s;
}
