/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which questions to ask, and writes the equivalent command. */
#include "shared/wizard.h"

#include "base/text.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "shared/document.h"
#include "shared/session.h"

#include <string.h>

static void insert(struct questions *out, const struct option *o)
{
	size_t at = out->n < WIZARD_MOST ? out->n++ : WIZARD_MOST - 1;

	if (out->at[at] && out->at[at]->order <= o->order)
		return;
	for (; at > 0 && out->at[at - 1]->order > o->order; at--)
		out->at[at] = out->at[at - 1];
	out->at[at] = o;
}

void wizard_questions(const struct document *d, struct questions *out)
{
	const struct option_table *t = &d->catalog->options;
	struct text unused = TEXT_INIT;

	*out = (struct questions){0};
	for (size_t i = 0; i < t->options.n; i++) {
		const struct option *o = &t->options.at[i];

		if (o->question && profile_option_available(&d->now, o, &unused))
			insert(out, o);
	}
	text_release(&unused);
}

/* Quotes a word for a shell only if needed, so that the usual command stays readable. */
static void quote(const char *value, struct text *out)
{
	if (*value &&
		!value[strspn(value,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/:,=@")]) {
		text_str(out, value);
		return;
	}
	text_char(out, '\'');
	for (; *value; value++) {
		if (*value == '\'')
			text_str(out, "'\\''");
		else
			text_char(out, *value);
	}
	text_char(out, '\'');
}

void wizard_command(const struct document *d, const char *name, struct text *out)
{
	const struct option *o;
	struct error no;
	const char *verb = session_may_boot(&d->now, &no) ? "boot" : "build";

	if (d->now.path && !document_is_dirty(d) && !strcmp(name, d->now.name)) {
		text_fmt(out, "bootsmith %s %s", verb, name);
		return;
	}
	if (document_can_save_in_place(d) && !strcmp(name, d->now.name))
		text_fmt(out, "bootsmith set %s", name);
	else
		text_fmt(out, "bootsmith new %s --from %s", name, d->saved.name);
	for (size_t i = 0; (o = option_at(&d->now.catalog->options, i)); i++) {
		const char *option = o->name;

		/* What does not count now is refused on a command line, and changes nothing. */
		if (!document_is_changed(d, option) || !profile_option_available(&d->now, o, NULL))
			continue;
		text_fmt(out, " %s=", option);
		quote(document_chosen(&d->now, o), out);
	}
	text_fmt(out, " && bootsmith %s %s", verb, name);
}
