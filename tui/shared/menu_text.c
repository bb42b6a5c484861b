/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes what a row of the option tree shows: mark, label, value or reason, and the text of the help pane (menu.h). */
#include "shared/menu.h"

#include "base/guard.h"
#include "base/text.h"
#include "choice/profile.h"
#include "shared/document.h"

#include <string.h>

static void option_mark(const struct document *d, const struct menu_row *r, struct text *out)
{
	if (menu_is_switch(r->option))
		text_str(out, strcmp(profile_get(&d->now, r->option->name), "yes") ? "[ ]" : "[*]");
	else
		text_str(out, " = ");
}

void menu_print_mark(const struct document *d, const struct menu_row *r, struct text *out)
{
	bool on;

	if (r->kind == MENU_GROUP) {
		text_str(out, "   ");
		return;
	}
	if (!menu_available(d, r, NULL)) {
		text_str(out, " x ");
		return;
	}
	if (r->kind == MENU_OPTION) {
		option_mark(d, r, out);
		return;
	}
	if (r->kind == MENU_OTHER) {
		const char *now = profile_get(&d->now, r->option->name);

		on = now && *now;
		for (size_t i = 0; on && i < r->option->values.n; i++)
			on = !menu_has_value(&d->now, r->option, r->option->values.at[i].name);
	} else {
		on = menu_has_value(&d->now, r->option, r->value->name);
	}
	if (r->option->type == OPTION_LIST)
		text_str(out, on ? "[*]" : "[ ]");
	else
		text_str(out, on ? "(*)" : "( )");
}

static const char *other_label(const struct option *o)
{
	switch (o->type) {
	case OPTION_HASH:
		return "Set a password ...";
	case OPTION_KEY:
		return "A public key, or its file ...";
	case OPTION_VERSION:
		return "Another version ...";
	case OPTION_PATH:
	case OPTION_PATHS:
		return "A path ...";
	case OPTION_NUMBER:
		return "A number ...";
	default:
		return "Another value ...";
	}
}

void menu_print_label(const struct menu_row *r, struct text *out)
{
	switch (r->kind) {
	case MENU_GROUP:
		text_str(out, r->group);
		break;
	case MENU_OPTION:
		text_str(out, r->option->prompt);
		break;
	case MENU_VALUE:
		text_str(out, r->value->name);
		break;
	case MENU_OTHER:
		text_str(out, other_label(r->option));
		break;
	}
}

const struct option_value *menu_find_value(const struct option *o, const char *name)
{
	for (size_t i = 0; i < o->values.n; i++) {
		if (!strcmp(o->values.at[i].name, name))
			return &o->values.at[i];
	}
	return NULL;
}

void menu_print_value(const struct document *d, const struct menu_row *r, struct text *out)
{
	const char *now = r->option ? profile_get(&d->now, r->option->name) : NULL;

	if (!menu_available(d, r, out))
		return;
	if (r->kind == MENU_OPTION && !menu_is_switch(r->option))
		text_str(out, document_show_value(r->option, now));
	else if (r->kind == MENU_VALUE && r->value->help)
		text_str(out, r->value->help);
	else if (r->kind == MENU_OTHER && now && menu_find_value(r->option, now) == NULL)
		text_str(out, document_show_value(r->option, now));
}

/* The file's line breaks mean nothing on a screen of another width. */
void menu_print_flat(const char *help, struct text *out)
{
	for (; help && *help; help++)
		text_char(out, *help == '\n' ? ' ' : *help);
}

static void group_help(const struct document *d, const char *group, struct text *out)
{
	const struct option_table *t = &d->catalog->options;
	size_t n = 0;

	for (size_t i = 0; i < t->options.n; i++)
		n += !strcmp(t->options.at[i].menu, group);
	text_fmt(out, "%zu options:", n);
	for (size_t i = 0; i < t->options.n; i++) {
		if (!strcmp(t->options.at[i].menu, group))
			text_fmt(out, " %s: %s%s", t->options.at[i].prompt,
				document_show_value(&t->options.at[i],
					profile_get(&d->now, t->options.at[i].name)),
				--n ? "," : ".");
	}
	text_char(out, '\n');
}

static void needs(const struct document *d, const struct option *o, struct text *out)
{
	if (!o->when.n)
		return;
	text_str(out, "Needs ");
	guard_print(&o->when, out);
	text_str(out, guard_holds(&o->when, profile_lookup, &d->now) ? " (met)\n"
								     : " (NOT met, w shows why)\n");
}

static void option_help(const struct document *d, const struct option *o, struct text *out)
{
	const char *now = profile_get(&d->now, o->name);
	const char *chosen = profile_chosen(&d->now, o->name);

	menu_print_flat(o->help, out);
	text_char(out, '\n');
	needs(d, o, out);
	text_fmt(out, "Now: %s", document_show_value(o, now));
	if (chosen && now && strcmp(chosen, now))
		text_fmt(out, "; %s is kept aside until this can be chosen again",
			document_show_value(o, chosen));
	if (document_is_changed(d, o->name))
		text_fmt(out, " (not saved; was %s)",
			document_show_value(o, document_chosen(&d->saved, o)));
	text_fmt(out, "   Default: %s   Key in profiles: %s\n",
		*o->fallback ? o->fallback : "(none)", o->name);
}

void menu_print_help(const struct document *d, const struct menu_row *r, struct text *out)
{
	if (r->kind == MENU_GROUP) {
		group_help(d, r->group, out);
		return;
	}
	if (r->value) {
		struct text why = TEXT_INIT;

		text_fmt(out, "%s: %s\n", r->value->name,
			r->value->help ? r->value->help : "a value of this option");
		if (!menu_available(d, r, &why))
			text_fmt(out, "Not available: %s\n", why.s);
		text_release(&why);
	}
	option_help(d, r->option, out);
}
