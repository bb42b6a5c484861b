/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the option tree and the values they represent. Their texts are in menu_text.c. */
#include "shared/menu.h"

#include "base/text.h"
#include "base/vec.h"
#include "choice/pairing.h"
#include "choice/profile.h"
#include "shared/document.h"

#include <string.h>

static bool seen_before(const struct option_table *t, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (!strcmp(t->options.at[j].menu, t->options.at[i].menu))
			return true;
	}
	return false;
}

static void fill_groups(const struct option_table *t, struct menu_rows *out)
{
	for (size_t i = 0; i < t->options.n; i++) {
		if (!seen_before(t, i))
			vec_push(out, (struct menu_row){
					      .kind = MENU_GROUP, .group = t->options.at[i].menu});
	}
}

static void fill_options(
	const struct document *d, const char *group, bool all, struct menu_rows *out)
{
	const struct option_table *t = &d->catalog->options;

	for (size_t i = 0; i < t->options.n; i++) {
		struct menu_row r = {
			.kind = MENU_OPTION, .group = group, .option = &t->options.at[i]};

		if (!strcmp(r.option->menu, group) && (all || menu_available(d, &r, NULL)))
			vec_push(out, r);
	}
}

static bool takes_other_values(const struct option *o)
{
	return o->type != OPTION_CHOICE && !(o->type == OPTION_LIST && o->values.n);
}

static void fill_values(
	const struct document *d, const struct option *o, bool all, struct menu_rows *out)
{
	for (size_t i = 0; i < o->values.n; i++) {
		struct menu_row r = {.kind = MENU_VALUE,
			.group = o->menu,
			.option = o,
			.value = &o->values.at[i]};

		if (all || menu_available(d, &r, NULL))
			vec_push(out, r);
	}
	if (takes_other_values(o))
		vec_push(out, (struct menu_row){.kind = MENU_OTHER, .group = o->menu, .option = o});
}

void menu_fill(
	const struct document *d, const struct menu_level *level, bool all, struct menu_rows *out)
{
	out->n = 0;
	if (level->option)
		fill_values(d, level->option, all, out);
	else if (level->group)
		fill_options(d, level->group, all, out);
	else
		fill_groups(&d->catalog->options, out);
}

bool menu_find(const struct menu_rows *rows, const struct option *o, size_t *at)
{
	for (size_t i = 0; i < rows->n; i++) {
		if (rows->at[i].option == o) {
			*at = i;
			return true;
		}
	}
	return false;
}

static bool versions_allow(const struct document *d, const struct option *o,
	const struct option_value *v, struct text *why)
{
	const struct pairing_choices choices = {&d->now, o, v->name};
	struct error err;

	if (!d->pairings || o->type != OPTION_VERSION ||
		pairings_allow(d->pairings, &choices, &err))
		return true;
	text_str(why, err.text);
	return false;
}

bool menu_value_available(const struct document *d, const struct option *o,
	const struct option_value *v, struct text *why)
{
	return profile_value_available(&d->now, o, v, why) && versions_allow(d, o, v, why);
}

bool menu_tried(const struct document *d, const struct menu_row *r)
{
	struct pairing_choices choices = {.profile = &d->now, .option = r->option};

	if (r->kind != MENU_VALUE || r->option->type != OPTION_VERSION || !d->pairings)
		return false;
	choices.value = r->value->name;
	return pairings_tried_with(d->pairings, &choices);
}

bool menu_available(const struct document *d, const struct menu_row *r, struct text *why)
{
	struct text unused = TEXT_INIT;
	bool ok = true;

	if (!why)
		why = &unused;
	if (r->option)
		ok = profile_option_available(&d->now, r->option, why);
	if (ok && r->value)
		ok = menu_value_available(d, r->option, r->value, why);
	text_release(&unused);
	return ok;
}

static bool group_changed(const struct document *d, const char *group)
{
	const struct option_table *t = &d->catalog->options;

	for (size_t i = 0; i < t->options.n; i++) {
		if (!strcmp(t->options.at[i].menu, group) &&
			document_is_changed(d, t->options.at[i].name))
			return true;
	}
	return false;
}

bool menu_changed(const struct document *d, const struct menu_row *r)
{
	switch (r->kind) {
	case MENU_GROUP:
		return group_changed(d, r->group);
	case MENU_OPTION:
		return document_is_changed(d, r->option->name);
	case MENU_VALUE:
		return menu_has_value(&d->now, r->option, r->value->name) !=
		       menu_has_value(&d->saved, r->option, r->value->name);
	case MENU_OTHER:
		break;
	}
	return false;
}

bool menu_is_switch(const struct option *o)
{
	if (o->type != OPTION_CHOICE || o->values.n != 2)
		return false;
	return (!strcmp(o->values.at[0].name, "no") && !strcmp(o->values.at[1].name, "yes")) ||
	       (!strcmp(o->values.at[0].name, "yes") && !strcmp(o->values.at[1].name, "no"));
}

bool menu_opens(const struct menu_row *r)
{
	return r->kind == MENU_GROUP || (r->kind == MENU_OPTION && r->option->recipes) ||
	       (r->kind == MENU_OPTION && r->option->values.n && !menu_is_switch(r->option));
}

/* Position of `word` in a list separated by blanks; NULL if it is not there. */
static const char *word_in(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		size_t n;

		list += strspn(list, " ");
		n = strcspn(list, " ");
		if (n == len && len && !memcmp(list, word, n))
			return list;
		list += n;
	}
	return NULL;
}

bool menu_has_value(const struct profile *p, const struct option *o, const char *value)
{
	const char *now = profile_get(p, o->name);

	if (!now)
		return false;
	return o->type == OPTION_LIST ? word_in(now, value) != NULL : !strcmp(now, value);
}

/* The list without the word if it has it, else with it, in the table's order. */
static void flip_word(
	const struct document *d, const struct option *o, const char *word, struct text *out)
{
	bool had = menu_has_value(&d->now, o, word);

	for (size_t i = 0; i < o->values.n; i++) {
		const char *name = o->values.at[i].name;
		bool is_it = !strcmp(name, word);

		if (is_it ? !had : menu_has_value(&d->now, o, name))
			text_fmt(out, "%s%s", out->len ? " " : "", name);
	}
}

static size_t value_now(const struct document *d, const struct option *o)
{
	for (size_t i = 0; i < o->values.n; i++) {
		if (menu_has_value(&d->now, o, o->values.at[i].name))
			return i;
	}
	return o->values.n;
}

static bool next_of_option(
	const struct document *d, const struct option *o, struct text *value, struct text *why)
{
	size_t n = o->values.n, now = value_now(d, o);
	struct text reason = TEXT_INIT;
	bool found = false;

	for (size_t i = 1; i < n && !found; i++) {
		const struct option_value *v = &o->values.at[(now + i) % n];

		text_clear(&reason);
		found = menu_value_available(d, o, v, &reason);
		if (found)
			text_str(value, v->name);
		else if (!why->len)
			text_str(why, reason.s);
	}
	if (!found && !why->len)
		text_fmt(why, "%s is typed: press Enter", o->prompt);
	text_release(&reason);
	return found;
}

/* The list with the word turned over; a list that has a default cannot be empty. */
static bool flipped(
	const struct document *d, const struct menu_row *r, struct text *value, struct text *why)
{
	flip_word(d, r->option, r->value->name, value);
	if (value->len || !*r->option->fallback)
		return true;
	text_fmt(why, "%s needs at least one of its values", r->option->prompt);
	return false;
}

bool menu_next_value(
	const struct document *d, const struct menu_row *r, struct text *value, struct text *why)
{
	text_clear(value);
	text_clear(why);
	if (!menu_available(d, r, why))
		return false;
	if (r->kind == MENU_VALUE && r->option->type == OPTION_LIST)
		return flipped(d, r, value, why);
	if (r->kind == MENU_VALUE) {
		text_str(value, r->value->name);
		return true;
	}
	if (r->kind == MENU_OPTION && r->option->type != OPTION_LIST && r->option->values.n)
		return next_of_option(d, r->option, value, why);
	if (r->kind == MENU_GROUP)
		text_str(why, "press Enter to open it");
	else
		text_fmt(why, "press Enter to %s", menu_opens(r) ? "choose" : "type a value");
	return false;
}

bool menu_switch_value(const struct document *d, const struct menu_row *r, bool on,
	struct text *value, struct text *why)
{
	const struct option *o = r->option;
	const struct option_value *v = r->kind == MENU_VALUE ? r->value : NULL;
	bool has = v && menu_has_value(&d->now, o, v->name);

	if (r->kind == MENU_GROUP)
		return menu_next_value(d, r, value, why);
	text_clear(value);
	text_clear(why);
	if (!menu_available(d, r, why))
		return false;
	if (v && has == on) {
		text_str(value, profile_get(&d->now, o->name));
		return true;
	}
	if (v && o->type == OPTION_LIST)
		return flipped(d, r, value, why);
	if (r->kind == MENU_OPTION)
		v = menu_find_value(o, on ? "yes" : "no");
	else if (!on)
		v = NULL;
	if (v) {
		text_str(value, v->name);
		return menu_value_available(d, o, v, why);
	}
	if (has)
		text_str(why, "choose another value instead");
	else
		text_fmt(why, "press Enter to %s: this is not a matter of yes or no",
			menu_opens(r) ? "choose" : "type a value");
	return false;
}
