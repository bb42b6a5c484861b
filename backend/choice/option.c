/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the table of options from share/options/. */
#include "choice/option.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog_load.h"
#include "choice/format.h"

#include <string.h>

#include "base/banned.h"

#define LONGEST_CHAIN 8 /* of options whose conditions name one another */

static const char *const type_names[] = {
	[OPTION_CHOICE] = "choice",
	[OPTION_LIST] = "list",
	[OPTION_TEXT] = "text",
	[OPTION_NUMBER] = "number",
	[OPTION_VERSION] = "version",
	[OPTION_PATH] = "path",
	[OPTION_PATHS] = "paths",
	[OPTION_NAME] = "name",
	[OPTION_ADDRESS] = "address",
	[OPTION_HASH] = "hash",
	[OPTION_KEY] = "key",
};
enum { TYPES = sizeof type_names / sizeof *type_names };

const char *option_type_name(enum option_type type)
{
	return type_names[type];
}

const struct option *option_at(const struct option_table *t, size_t i)
{
	if (i < t->options.n)
		return &t->options.at[i];
	i -= t->options.n;
	return i < t->of_packages.n ? t->of_packages.at[i] : NULL;
}

const struct option *option_find(const struct option_table *t, const char *name)
{
	const struct option *o;

	for (size_t i = 0; (o = option_at(t, i)); i++)
		if (strcmp(o->name, name) == 0)
			return o;
	return NULL;
}

const char *option_nearest(const struct option_table *t, const char *name)
{
	struct strings names = {0};
	const struct option *o;
	const char *near;

	for (size_t i = 0; (o = option_at(t, i)); i++)
		vec_push(&names, o->name);
	near = conf_nearest(name, names.at, names.n);
	vec_release(&names);
	return near;
}

/* One section of a file in share/options, as written. */
struct draft {
	const char *menu, *prompt, *type, *fallback, *help, *component, *content, *question,
		*reason, *aliases, *pattern, *also;
	struct strings values, names, near;
	struct guard when;
	long low, high, order;
	bool plain, formats, recipes, named;
};

static const struct conf_field draft_fields[] = {
	{"menu", CONF_TEXT, offsetof(struct draft, menu)},
	{"prompt", CONF_TEXT, offsetof(struct draft, prompt)},
	{"type", CONF_TEXT, offsetof(struct draft, type)},
	{"values", CONF_WORDS, offsetof(struct draft, values)},
	{"formats", CONF_YESNO, offsetof(struct draft, formats)},
	{"default", CONF_TEXT, offsetof(struct draft, fallback)},
	{"help", CONF_TEXT, offsetof(struct draft, help)},
	{"when", CONF_GUARD, offsetof(struct draft, when)},
	{"component", CONF_TEXT, offsetof(struct draft, component)},
	{"content", CONF_TEXT, offsetof(struct draft, content)},
	{"aliases", CONF_TEXT, offsetof(struct draft, aliases)},
	{"names", CONF_WORDS, offsetof(struct draft, names)},
	{"recipes", CONF_YESNO, offsetof(struct draft, recipes)},
	{"named", CONF_YESNO, offsetof(struct draft, named)},
	{"pattern", CONF_TEXT, offsetof(struct draft, pattern)},
	{"question", CONF_TEXT, offsetof(struct draft, question)},
	{"order", CONF_NUMBER, offsetof(struct draft, order)},
	{"low", CONF_NUMBER, offsetof(struct draft, low)},
	{"high", CONF_NUMBER, offsetof(struct draft, high)},
	{"plain", CONF_YESNO, offsetof(struct draft, plain)},
	{"reason", CONF_TEXT, offsetof(struct draft, reason)},
	{"also", CONF_TEXT, offsetof(struct draft, also)},
	{"near", CONF_WORDS, offsetof(struct draft, near)},
	{NULL, CONF_TEXT, 0},
};

/* The lines of a value's section: [value OPTION NAME]. */
struct loader {
	struct catalog *catalog;
	struct draft draft;
	const char *kind, *name, *file;
	int line;
};

static bool find_type(const char *name, enum option_type *type, struct error *err)
{
	for (int i = 0; i < TYPES; i++) {
		if (strcmp(type_names[i], name) == 0) {
			*type = (enum option_type)i;
			return true;
		}
	}
	return error_set(err, ERROR_PROFILE, "'%s' is not a type of option", name);
}

/* `formats = yes`: the values are the image formats that can be chosen. */
static void add_formats(struct option *o, struct catalog *c)
{
	for (size_t i = 0; i < c->formats.n; i++) {
		const struct format *f = c->formats.at[i];

		if (f->summary)
			vec_push_in(&c->arena, &o->values,
				(struct option_value){.name = f->name,
					.help = f->summary,
					.refuse = f->refuse,
					.reason = f->reason});
	}
}

static bool add_option(struct loader *l, struct error *err)
{
	struct arena *a = &l->catalog->arena;
	struct option_table *t = &l->catalog->options;
	const struct draft *d = &l->draft;
	struct option o = {.name = l->name,
		.menu = d->menu,
		.prompt = d->prompt,
		.help = d->help ? d->help : "",
		.also = d->also ? d->also : "",
		.fallback = d->fallback ? d->fallback : "",
		.low = d->low,
		.high = d->high,
		.plain = d->plain,
		.component = d->component,
		.content = d->content,
		.pattern = d->pattern,
		.recipes = d->recipes,
		.named = d->named,
		.when = d->when,
		.question = d->question,
		.order = d->order,
		.file = l->file,
		.line = l->line};
	struct text need = TEXT_INIT;

	if (!d->prompt || !d->menu || !d->type)
		return error_set(err, ERROR_PROFILE,
			"option '%s' needs at least menu, prompt and type", l->name);
	if (!find_type(d->type, &o.type, err))
		return false;
	if (option_find(t, o.name))
		return error_set(err, ERROR_PROFILE, "option '%s' is defined twice", o.name);
	for (size_t i = 0; i < d->values.n; i++)
		vec_push_in(a, &o.values, (struct option_value){.name = d->values.at[i]});
	if (d->formats)
		add_formats(&o, l->catalog);
	if (d->aliases && !option_read_aliases(&o, l->catalog, d->aliases, err))
		return false;
	if (d->names.n && !option_find_names(&o, l->catalog, &d->names, err))
		return false;
	guard_print(&o.when, &need);
	o.when_text = o.when.n ? arena_fmt(a, "needs %s", need.s) : "";
	text_release(&need);
	vec_push_in(a, &t->options, o);
	return true;
}

static bool add_value(struct loader *l, struct error *err)
{
	struct strings words = {0};
	bool ok = conf_words(l->name, &l->catalog->arena, &words, err);
	const struct option *o =
		ok && words.n == 2 ? option_find(&l->catalog->options, words.at[0]) : NULL;
	struct option_value *v = NULL;

	for (size_t i = 0; o && i < o->values.n; i++)
		if (strcmp(o->values.at[i].name, words.at[1]) == 0)
			v = &o->values.at[i];
	if (!ok)
		return false;
	if (!v)
		return error_set(err, ERROR_PROFILE,
			"[value %s] names no value of an option above it", l->name);
	v->help = l->draft.help;
	v->refuse = l->draft.when;
	v->reason = l->draft.reason;
	return true;
}

static bool add_wish(struct loader *l, struct error *err)
{
	const struct draft *d = &l->draft;
	struct option_wish w = {l->name, d->also ? d->also : "", d->help, d->near};

	if (!w.help)
		return error_set(err, ERROR_PROFILE, "wish '%s' needs help", l->name);
	for (size_t i = 0; i < w.near.n; i++)
		if (!option_find(&l->catalog->options, w.near.at[i]))
			return error_set(err, ERROR_PROFILE,
				"wish '%s': '%s' is no option above it", l->name, w.near.at[i]);
	vec_push_in(&l->catalog->arena, &l->catalog->options.wishes, w);
	return true;
}

static bool add_rule(struct loader *l, bool advice, struct error *err)
{
	struct rule r = {l->draft.when, l->draft.reason, l->file, l->line};

	if (!r.reason || !r.when.n)
		return error_set(
			err, ERROR_PROFILE, "%s '%s' needs when and reason", l->kind, l->name);
	if (advice)
		vec_push_in(&l->catalog->arena, &l->catalog->options.advice, r);
	else
		vec_push_in(&l->catalog->arena, &l->catalog->options.rules, r);
	return true;
}

static bool finish_section(struct loader *l, struct error *err)
{
	bool ok = true;

	if (!l->kind)
		return true;
	if (strcmp(l->kind, "option") == 0)
		ok = add_option(l, err);
	else if (strcmp(l->kind, "value") == 0)
		ok = add_value(l, err);
	else if (strcmp(l->kind, "wish") == 0)
		ok = add_wish(l, err);
	else
		ok = add_rule(l, strcmp(l->kind, "advice") == 0, err);
	l->kind = NULL;
	return ok || error_in(err, "%s:%d", l->file, l->line);
}

static bool take_section(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;

	if (!conf_in(line,
		    "[option NAME] [value OPTION NAME] [rule NAME] [advice NAME] [wish NAME]", err))
		return false;
	if (line->key)
		return conf_store(draft_fields, line, &l->draft, &l->catalog->arena, err);
	if (!finish_section(l, err))
		return false;
	l->draft = (struct draft){0};
	l->kind = line->kind;
	l->name = line->name;
	l->file = line->file;
	l->line = line->line;
	return true;
}

static bool load_file(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct loader l = {.catalog = ctx};

	(void)relative;
	return conf_read_guarded(
		       path, &l.catalog->traits, &l.catalog->arena, take_section, &l, err) &&
	       finish_section(&l, err);
}

/* Whether an option counts may depend on others, and those on more; `left` ends what comes back to where it began. */
static bool comes_back(const struct option_table *t, const struct option *o, size_t left)
{
	for (size_t i = 0; o && i < o->when.n; i++)
		if (!left || comes_back(t, option_find(t, o->when.at[i].name), left - 1))
			return true;
	return false;
}

static bool refuse_circles(const struct option_table *t, struct error *err)
{
	for (size_t i = 0; i < t->options.n; i++)
		if (comes_back(t, &t->options.at[i], LONGEST_CHAIN))
			return error_set(err, ERROR_PROFILE,
				"option %s: whether it can be chosen depends on other options, and those come back to it or go on for more than %d; change its 'when'",
				t->options.at[i].name, LONGEST_CHAIN);
	return true;
}

bool option_load_all(struct catalog *c, struct error *err)
{
	bool ok = place_each(c->place, "share/options", ".options", load_file, c, err) &&
		  refuse_circles(&c->options, err);

	if (!ok || c->options.options.n)
		return ok;
	return error_set(err, ERROR_HOST,
		"no options found: share/options is missing; start bootsmith from its checkout, install it with 'make install', or name the data folder in $BOOTSMITH_PATH");
}
