/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists packages and groups of them, and tells all about one. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/package.h"
#include "choice/profile.h"
#include "cli/cli_out.h"
#include "plan/package_facts.h"
#include "shared/packages.h"
#include "shared/search.h"
#include <string.h>

static json_t *names_json(const struct strings *names)
{
	json_t *all = json_array();

	for (size_t i = 0; i < names->n; i++)
		json_array_append_new(all, json_text(names->at[i]));
	return all;
}

static json_t *number(bool known, double n)
{
	return known ? json_integer((json_int_t)(n + 0.5)) : json_null();
}

static json_t *tried_json(const struct packages *l, const char *name)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->facts.tried.n; i++) {
		const struct package_tried *t = &l->facts.tried.at[i];

		if (strcmp(t->package, name) == 0)
			json_array_append_new(
				all, json_pack("{s:o,s:o,s:o,s:o}", "libc", json_text(t->libc),
					     "linkage", json_text(t->linkage), "version",
					     json_text(t->version), "date", json_text(t->date)));
	}
	return all;
}

static json_t *options_json(const struct packages *l, const struct package *k)
{
	json_t *all = json_array();

	for (size_t i = 0; i < k->options.n; i++) {
		const struct option *o = k->options.at[i];
		json_t *values = json_array();

		for (size_t v = 0; v < o->values.n; v++)
			json_array_append_new(values, json_text(o->values.at[v].name));
		json_array_append_new(
			all, json_pack("{s:o,s:o,s:o,s:o}", "name", json_text(o->name), "value",
				     json_text(profile_get(l->profile, o->name)), "values", values,
				     "help", json_text(o->help)));
	}
	return all;
}

/* The version only where one package was asked for: finding it for all takes a while. */
static void package_json(struct packages *l, const struct package *k, bool one)
{
	struct strings name = {.at = (const char *[]){k->name}, .n = 1}, needs = {0}, all = {0};
	struct package_sum sum = package_facts_sum(&l->facts, &name);
	json_t *j;

	package_needs(l->profile, k, &l->arena, &needs);
	package_closure(l->profile, &name, &l->arena, &all);
	j = json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:b}", "name", json_text(k->name), "section",
		json_text(k->section), "summary", json_text(k->summary), "provides",
		json_text(k->provides), "licence", json_text(k->licence), "url", json_text(k->url),
		"chosen", packages_state(l, k, NULL) == PACKAGE_CHOSEN);
	json_object_update_new(j,
		json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "needs", names_json(&needs), "packages",
			names_json(&all), "bytes", number(sum.sized, (double)sum.bytes), "files",
			number(sum.sized, (double)sum.files), "seconds",
			number(sum.timed, sum.seconds), "tried", tried_json(l, k->name), "options",
			options_json(l, k)));
	json_object_set_new(j, "tried_with_choices", json_boolean(packages_tried(l, k)));
	if (one)
		json_object_set_new(j, "version",
			json_text(package_facts_version(&l->facts, l->profile, l->settings, k)));
	say_json(j);
}

static void group_json(const struct package_group *g)
{
	struct text name = TEXT_INIT;

	text_fmt(&name, "@%s", g->name);
	say_json(json_pack("{s:o,s:o,s:o}", "name", json_text(name.s), "summary",
		json_text(g->summary), "packages", names_json(&g->packages)));
	text_release(&name);
}

static const char *state_word(enum package_state s)
{
	static const char *const words[] = {[PACKAGE_OFF] = "",
		[PACKAGE_CHOSEN] = "chosen",
		[PACKAGE_ALONG] = "comes along",
		[PACKAGE_CANNOT] = "not possible"};

	return words[s];
}

static void package_row(const struct cli *c, struct packages *l, struct table *t,
	const struct package *k, const char *section)
{
	struct strings one = {.at = (const char *[]){k->name}, .n = 1};
	struct text cost = TEXT_INIT, tried = TEXT_INIT, summary = TEXT_INIT;

	packages_print_cost(l, &one, &cost);
	packages_print_tried(l, k, &tried);
	add_foreign(c, &summary, k->summary);
	table_add(t, section, k->name, state_word(packages_state(l, k, NULL)), cost.s, tried.s,
		summary.s);
	text_release(&cost);
	text_release(&tried);
	text_release(&summary);
}

static void group_row(
	const struct cli *c, struct table *t, const struct package_group *g, bool first)
{
	struct text name = TEXT_INIT, summary = TEXT_INIT;

	text_fmt(&name, "@%s", g->name);
	add_foreign(c, &summary, g->summary);
	text_str(&summary, ":");
	for (size_t i = 0; i < g->packages.n; i++)
		text_fmt(&summary, " %s", g->packages.at[i]);
	table_add(t, first ? "Groups" : "", name.s, "", "", "", summary.s);
	text_release(&name);
	text_release(&summary);
}

/* By sections, as on the screen. */
static void list_all(struct cli *c, struct packages *l)
{
	struct packages section = *l;
	struct table t = {.columns = 6};

	packages_fill(l, NULL, NULL);
	section.rows.at = NULL;
	section.rows.n = section.rows.cap = 0;
	for (size_t i = 0; i < l->rows.n; i++) {
		const struct package_row *r = &l->rows.at[i];

		if (r->kind == PACKAGE_GROUP && c->flags.json)
			group_json(r->group);
		else if (r->kind == PACKAGE_GROUP)
			group_row(c, &t, r->group, !i);
		else
			packages_fill(&section, r->section, NULL);
		for (size_t k = 0; r->kind == PACKAGE_SECTION && k < section.rows.n; k++) {
			const struct package *one = section.rows.at[k].package;

			if (section.rows.at[k].kind != PACKAGE_ONE)
				continue;
			if (c->flags.json)
				package_json(l, one, false);
			else
				package_row(c, l, &t, one, k ? "" : r->section);
		}
	}
	vec_release(&section.rows);
	table_print(c, &t);
	table_release(&t);
}

static bool list_found(struct cli *c, struct packages *l, const char *words, struct error *err)
{
	const struct option_wish *w = search_wish(&c->catalog.options, words, true);
	struct table t = {.columns = 6};

	packages_fill(l, NULL, words);
	if (!l->rows.n)
		return error_set(err, ERROR_USAGE, "there is no package '%.80s'%s%s", words,
			w ? ". " : "; `bootsmith packages` lists them", w ? w->help : "");
	for (size_t i = 0; i < l->rows.n; i++) {
		const struct package_row *r = &l->rows.at[i];

		if (r->kind == PACKAGE_ONE && c->flags.json)
			package_json(l, r->package, false);
		else if (r->kind == PACKAGE_ONE)
			package_row(c, l, &t, r->package, r->section);
	}
	table_print(c, &t);
	table_release(&t);
	return true;
}

static void tell_all(struct cli *c, struct packages *l, const struct package_row *r)
{
	struct text title = TEXT_INIT, lines = TEXT_INIT;

	if (r->kind == PACKAGE_GROUP)
		text_fmt(&title, "@%s", r->group->name);
	else
		text_fmt(&title, "%s (%s)", r->package->name, r->package->section);
	packages_print_detail(l, r, &lines);
	say_role(c, ROLE_TITLE, "%s", title.s);
	for (char *rest = lines.s, *line; (line = strsep(&rest, "\n"));)
		if (*line)
			say_within(c, stdout, line, 2);
	text_release(&title);
	text_release(&lines);
}

static bool tell(struct cli *c, struct packages *l, const char *word, struct error *err)
{
	struct package_row r = {.kind = PACKAGE_ONE};

	if (!word) {
		list_all(c, l);
		if (!c->flags.json && l->all.n) {
			struct text sum = TEXT_INIT;

			packages_print_sum(l, &sum);
			packages_print_untried(l, &l->all, &sum);
			say(c, "\n%s", sum.s);
			text_release(&sum);
		}
		return true;
	}
	if (*word == '@') {
		r.kind = PACKAGE_GROUP;
		if (!package_known(
			    l->profile->catalog, package_option(l->profile->catalog), word, err)) {
			err->kind = ERROR_USAGE;
			return false;
		}
		r.group = package_group_find(l->profile->catalog, word);
	} else {
		r.package = package_find(l->profile->catalog, word);
	}
	if (!r.group && !r.package)
		return list_found(c, l, word, err);
	if (!c->flags.json)
		tell_all(c, l, &r);
	else if (r.group)
		group_json(r.group);
	else
		package_json(l, r.package, true);
	return true;
}

bool verb_packages(struct cli *c, struct error *err)
{
	struct packages l;
	struct profile p;
	bool ok;

	if (!c->flags.profile)
		profile_init(&p, &c->catalog, "defaults");
	else if (!profile_find(&p, &c->catalog, &c->place, c->flags.profile, err))
		return false;
	packages_open(&l, &p, &c->settings);
	ok = l.problem.kind == ERROR_NONE;
	if (!ok)
		*err = l.problem;
	else
		ok = tell(c, &l, c->words.n ? c->words.at[0] : NULL, err);
	packages_release(&l);
	profile_release(&p);
	return ok;
}
