/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists what can be chosen: the table of options, and the versions of a component. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"
#include "choice/pairing.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "cli/cli_out.h"
#include "shared/search.h"
#include "shared/words.h"
#include "source/source.h"
#include <string.h>

static json_t *values_json(const struct option *o)
{
	json_t *values = json_array();

	for (size_t i = 0; i < o->values.n; i++)
		json_array_append_new(
			values, json_pack("{s:o,s:o}", "name", json_text(o->values.at[i].name),
					"help", json_text(o->values.at[i].help)));
	return values;
}

static void option_json(const struct option *o)
{
	json_t *j = json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "name", json_text(o->name),
		"type", json_text(option_type_name(o->type)), "menu", json_text(o->menu), "prompt",
		json_text(o->prompt), "help", json_text(o->help), "default", json_text(o->fallback),
		"values", values_json(o), "needs", json_text(o->when_text));

	if (o->type == OPTION_NUMBER)
		json_object_update_new(j, json_pack("{s:I,s:I}", "low", (json_int_t)o->low, "high",
						  (json_int_t)o->high));
	if (o->component)
		json_object_set_new(j, "component", json_text(o->component));
	say_json(j);
}

static void option_full(const struct cli *c, const struct option *o)
{
	say_role(c, ROLE_TITLE, "%s: %s", o->name, o->prompt);
	say(c, "  type     %s", option_type_name(o->type));
	if (o->type == OPTION_NUMBER)
		say(c, "  range    %ld to %ld", o->low, o->high);
	say(c, "  default  %s", *o->fallback ? o->fallback : "(empty)");
	if (o->when_text && *o->when_text)
		say(c, "  depends  %s", o->when_text);
	if (o->component)
		say(c, "  versions `bootsmith versions %s` lists them", o->component);
	for (size_t i = 0; i < o->values.n; i++) {
		const struct option_value *v = &o->values.at[i];

		say(c, "  %s %-12s %s", i ? "       " : "values ", v->name, v->help ? v->help : "");
		if (v->reason)
			say(c, "  %-21s (not always: %s)", "", v->reason);
	}
	if (o->help)
		say(c, "\n%s", o->help);
}

static void allowed(const struct option *o, struct text *out)
{
	for (size_t i = 0; i < o->values.n; i++)
		text_fmt(out, "%s%s", i ? " | " : "", o->values.at[i].name);
	if (!o->values.n || o->type == OPTION_NUMBER || o->type == OPTION_PATH ||
		o->type == OPTION_HASH)
		text_fmt(out, "%s(%s)", o->values.n ? " | " : "", option_type_name(o->type));
}

static void options_overview(const struct cli *c)
{
	struct table t = {.columns = 4};
	const char *menu = NULL;

	for (size_t i = 0; i < c->catalog.options.options.n; i++) {
		const struct option *o = &c->catalog.options.options.at[i];
		struct text values = TEXT_INIT;

		allowed(o, &values);
		table_add(&t, menu && strcmp(menu, o->menu) == 0 ? "" : o->menu, o->name,
			*o->fallback ? o->fallback : "-", values.s);
		menu = o->menu;
		text_release(&values);
	}
	table_print(c, &t);
	table_release(&t);
	say(c, "\nMenu, name, default, values; `bootsmith options NAME` explains one.");
}

/* What is not there yet, else what has to do with the word, else what is spelt like it. */
static bool no_such_option(const struct option_table *t, const char *name, struct error *err)
{
	const struct option_wish *w = search_wish(t, name, true);
	const char *near = option_nearest(t, name);
	struct hits hits = {0};

	search_options(t, NULL, name, &hits);
	if (w)
		error_set(err, ERROR_USAGE, "there is no option '%s'. %s", name, w->help);
	else if (near || !hits.n)
		error_set(err, ERROR_USAGE,
			"there is no option '%s'%s%s%s; `bootsmith options` lists them", name,
			near ? " (did you mean '" : "", near ? near : "", near ? "'?)" : "");
	else
		error_set(err, ERROR_USAGE,
			"there is no option '%s'; nearest is %s, see `bootsmith options %s`", name,
			hits.at[0].option->name, hits.at[0].option->name);
	vec_release(&hits);
	return false;
}

bool verb_options(struct cli *c, struct error *err)
{
	const struct option_table *t = &c->catalog.options;
	const char *name = c->words.n ? c->words.at[0] : NULL;
	const struct option *o = name ? option_find(t, name) : NULL, *one;

	if (name && !o)
		return no_such_option(t, name, err);
	if (o && !c->flags.json)
		option_full(c, o);
	else if (!o && !c->flags.json)
		options_overview(c);
	for (size_t i = 0; c->flags.json && (one = option_at(t, i)); i++)
		if (!o || o == one)
			option_json(one);
	return true;
}

/* Profiles say `kernel`; the component behind it has the versions. */
static const char *component_of(const struct cli *c, const char *word)
{
	const struct option *o = option_find(&c->catalog.options, word);

	return o && o->component ? o->component : word;
}

static const char *reach_word(const struct archive *a)
{
	if (a->cached)
		return "in the cache";
	return a->reach == REACH_YES	? "reachable"
	       : a->reach == REACH_NO	? "not reachable"
	       : a->reach == REACH_BUSY ? "busy now"
					: "not tried";
}

/* What the pairing table says about the listed versions. */
struct marks {
	struct pairings *pairings;
	struct profile defaults; /* choices that a refusal may depend on */
	const char *component, *version;
	struct strings tried;
	struct cures cures;
	struct error refused; /* refused by a tool of this machine; "": not */
};

static const char *only_this(const void *ctx, const char *component)
{
	const struct marks *m = ctx;

	return strcmp(component, m->component) == 0 ? m->version : NULL;
}

static void mark(struct marks *m, const struct archive *a)
{
	m->component = a->component;
	m->version = a->version;
	m->tried = pairings_tried(m->pairings, a->component, a->version);
	m->cures = pairings_cures_of(m->pairings, a->component, a->version);
	m->refused = (struct error){0};
	if (pairings_check(m->pairings, &m->defaults, only_this, m, &m->refused))
		m->refused.text[0] = '\0';
}

static void version_json(const struct archive *a, const struct marks *m)
{
	json_t *combinations = json_array(), *cures = json_array();

	for (size_t i = 0; i < m->tried.n; i++)
		json_array_append_new(combinations, json_text(m->tried.at[i]));
	for (size_t i = 0; i < m->cures.n; i++)
		json_array_append_new(cures, json_text(m->cures.at[i]->name));
	say_json(json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:I,s:b,s:o,s:o,s:o,s:o}", "component",
		json_text(a->component), "version", json_text(a->version), "series",
		json_text(a->series), "origin", json_text(origin_word(a->origin)), "where",
		json_text(a->where), "url", json_text(a->url), "sha256", json_text(a->sha256),
		"hash_known", a->sha256 != NULL, "size", (json_int_t)a->size, "cached", a->cached,
		"reachable",
		a->reach == REACH_UNKNOWN ? json_null() : json_boolean(a->reach == REACH_YES),
		"tried", combinations, "cures", cures, "refused",
		*m->refused.text ? json_text(m->refused.text) : json_null()));
}

static void version_row(
	const struct cli *c, struct table *t, const struct archive *a, const struct marks *m)
{
	struct text version = TEXT_INIT, series = TEXT_INIT, origin = TEXT_INIT, size = TEXT_INIT;

	add_foreign(c, &version, a->version);
	add_foreign(c, &series, a->series);
	text_str(&origin, origin_word(a->origin));
	if (a->where && *a->where) {
		text_char(&origin, ' ');
		add_foreign(c, &origin, a->where);
	}
	if (a->size)
		words_bytes(&size, a->size);
	table_add(t, version.s, series.s, origin.s, a->sha256 ? "hash known" : "hash not known",
		reach_word(a), size.s,
		*m->refused.text ? "refused"
		: m->tried.n	 ? "tried"
				 : "");
	text_release(&version);
	text_release(&series);
	text_release(&origin);
	text_release(&size);
}

static void tell_note(void *ctx, const char *sentence)
{
	complain(ctx, "%s", sentence);
}

static void add_once(struct strings *lines, const char *line, struct arena *a)
{
	for (size_t i = 0; i < lines->n; i++)
		if (strcmp(lines->at[i], line) == 0)
			return;
	vec_push_in(a, lines, arena_str(a, line));
}

/* Below the table: each refusal and each cure once. */
static void note_marks(const struct marks *m, struct strings *lines, struct arena *a)
{
	if (*m->refused.text)
		add_once(lines, arena_fmt(a, "refused: %s", m->refused.text), a);
	for (size_t i = 0; i < m->cures.n; i++) {
		struct text line = TEXT_INIT;

		text_str(&line, "cure: ");
		words_cure(&line, m->cures.at[i]);
		add_once(lines, line.s, a);
		text_release(&line);
	}
}

static void list_versions(struct cli *c, const struct archive_list *list, struct marks *m)
{
	struct table t = {.columns = 7};
	struct arena arena = ARENA_INIT;
	struct strings lines = {0};

	for (size_t i = 0; i < list->n; i++) {
		mark(m, &list->at[i]);
		if (c->flags.json) {
			version_json(&list->at[i], m);
			continue;
		}
		version_row(c, &t, &list->at[i], m);
		note_marks(m, &lines, &arena);
	}
	table_print(c, &t);
	for (size_t i = 0; i < lines.n; i++)
		say(c, "%s", lines.at[i]);
	table_release(&t);
	arena_release(&arena);
}

bool verb_versions(struct cli *c, struct error *err)
{
	unsigned flags =
		(c->flags.offline ? SOURCES_OFFLINE : 0) | (c->flags.refresh ? SOURCES_REFRESH : 0);
	struct archive_list list = {0};
	struct sources *sources = NULL;
	struct marks marks = {0};
	bool ok;

	if (!pairings_load(&marks.pairings, &c->place, err))
		return false;
	profile_init(&marks.defaults, &c->catalog, "defaults");
	ok = sources_open(&sources, &c->catalog, &c->settings, flags, tell_note, c, err) &&
	     sources_versions(
		     sources, component_of(c, c->words.at[0]), !c->flags.offline, &list, err);
	if (ok)
		list_versions(c, &list, &marks);
	sources_free(sources);
	profile_release(&marks.defaults);
	pairings_free(marks.pairings);
	return ok;
}
