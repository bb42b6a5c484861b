/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the option tree and the values they stand for (tree.h). Their texts are in tree_text.c. */
#include "tree.h"

#include <string.h>

static bool seen_before(const struct option_table *t, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (!strcmp(t->options.at[j].menu, t->options.at[i].menu))
			return true;
	}
	return false;
}

static void fill_groups(const struct option_table *t, struct tree_rows *out)
{
	for (size_t i = 0; i < t->options.n; i++) {
		if (!seen_before(t, i))
			vec_push(out, (struct tree_row){
					      .kind = TREE_GROUP, .group = t->options.at[i].menu});
	}
}

static void fill_options(
	const struct document *d, const char *group, bool all, struct tree_rows *out)
{
	const struct option_table *t = &d->catalog->options;

	for (size_t i = 0; i < t->options.n; i++) {
		struct tree_row r = {
			.kind = TREE_OPTION, .group = group, .option = &t->options.at[i]};

		if (!strcmp(r.option->menu, group) && (all || tree_available(d, &r, NULL)))
			vec_push(out, r);
	}
}

static bool takes_other_values(const struct option *o)
{
	return o->type != OPTION_CHOICE && !(o->type == OPTION_LIST && o->values.n);
}

static void fill_values(
	const struct document *d, const struct option *o, bool all, struct tree_rows *out)
{
	for (size_t i = 0; i < o->values.n; i++) {
		struct tree_row r = {.kind = TREE_VALUE,
			.group = o->menu,
			.option = o,
			.value = &o->values.at[i]};

		if (all || tree_available(d, &r, NULL))
			vec_push(out, r);
	}
	if (takes_other_values(o))
		vec_push(out, (struct tree_row){.kind = TREE_OTHER, .group = o->menu, .option = o});
}

void tree_fill(
	const struct document *d, const struct tree_level *level, bool all, struct tree_rows *out)
{
	out->n = 0;
	if (level->option)
		fill_values(d, level->option, all, out);
	else if (level->group)
		fill_options(d, level->group, all, out);
	else
		fill_groups(&d->catalog->options, out);
}

bool tree_find(const struct tree_rows *rows, const struct option *o, size_t *at)
{
	for (size_t i = 0; i < rows->n; i++) {
		if (rows->at[i].option == o) {
			*at = i;
			return true;
		}
	}
	return false;
}

bool tree_available(const struct document *d, const struct tree_row *r, struct text *why)
{
	struct text unused = TEXT_INIT;
	bool ok = true;

	if (!why)
		why = &unused;
	if (r->option)
		ok = profile_option_available(&d->now, r->option, why);
	if (ok && r->value)
		ok = profile_value_available(&d->now, r->option, r->value, why);
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

bool tree_changed(const struct document *d, const struct tree_row *r)
{
	switch (r->kind) {
	case TREE_GROUP:
		return group_changed(d, r->group);
	case TREE_OPTION:
		return document_is_changed(d, r->option->name);
	case TREE_VALUE:
		return tree_has_value(&d->now, r->option, r->value->name) !=
		       tree_has_value(&d->saved, r->option, r->value->name);
	case TREE_OTHER:
		break;
	}
	return false;
}

bool tree_is_switch(const struct option *o)
{
	if (o->type != OPTION_CHOICE || o->values.n != 2)
		return false;
	return (!strcmp(o->values.at[0].name, "no") && !strcmp(o->values.at[1].name, "yes")) ||
	       (!strcmp(o->values.at[0].name, "yes") && !strcmp(o->values.at[1].name, "no"));
}

bool tree_opens(const struct tree_row *r)
{
	return r->kind == TREE_GROUP ||
	       (r->kind == TREE_OPTION && r->option->values.n && !tree_is_switch(r->option));
}

/* Where `word` stands in a list separated by blanks; NULL when it does not. */
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

bool tree_has_value(const struct profile *p, const struct option *o, const char *value)
{
	const char *now = profile_get(p, o->name);

	if (!now)
		return false;
	return o->type == OPTION_LIST ? word_in(now, value) != NULL : !strcmp(now, value);
}

/* The list without the word when it has it, else with it at its place in the table's order. */
static void flip_word(
	const struct document *d, const struct option *o, const char *word, struct text *out)
{
	bool had = tree_has_value(&d->now, o, word);

	for (size_t i = 0; i < o->values.n; i++) {
		const char *name = o->values.at[i].name;
		bool is_it = !strcmp(name, word);

		if (is_it ? !had : tree_has_value(&d->now, o, name))
			text_fmt(out, "%s%s", out->len ? " " : "", name);
	}
}

static size_t value_now(const struct document *d, const struct option *o)
{
	for (size_t i = 0; i < o->values.n; i++) {
		if (tree_has_value(&d->now, o, o->values.at[i].name))
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
		found = profile_value_available(&d->now, o, v, &reason);
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

bool tree_next_value(
	const struct document *d, const struct tree_row *r, struct text *value, struct text *why)
{
	text_clear(value);
	text_clear(why);
	if (!tree_available(d, r, why))
		return false;
	if (r->kind == TREE_VALUE && r->option->type == OPTION_LIST) {
		flip_word(d, r->option, r->value->name, value);
		if (!value->len && *r->option->fallback) {
			text_fmt(why, "%s needs at least one of its values", r->option->prompt);
			return false;
		}
		return true;
	}
	if (r->kind == TREE_VALUE) {
		text_str(value, r->value->name);
		return true;
	}
	if (r->kind == TREE_OPTION && r->option->type != OPTION_LIST && r->option->values.n)
		return next_of_option(d, r->option, value, why);
	if (r->kind == TREE_GROUP)
		text_str(why, "press Enter to open it");
	else
		text_fmt(why, "press Enter to %s", tree_opens(r) ? "choose" : "type a value");
	return false;
}
