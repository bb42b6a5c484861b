/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whether every wish was granted, and explains those that were not. */
#include "base/arena.h"
#include "base/text.h"
#include "kconfig/kconfig.h"
#include "kconfig/kconfig_tree.h"

#include <ctype.h>
#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

struct verifier {
	const struct kconfig_result *result;
	const char *source, *build;
	struct kconfig_tree tree;
	bool read; /* the tree has been read */
	struct arena *scratch;
	struct error *err;
};

static const char *value_or_no(const void *ctx, const char *symbol)
{
	const char *value = kconfig_result_find(ctx, symbol);

	return value ? value : "n";
}

/* The value of $(SRCARCH): the headline names the processor ("x86_64"), which may differ from the folder's name. In that case it
 * is the folder below arch/ whose upper-case name is a symbol that is set. */
static const char *family(const struct verifier *v)
{
	const char *name = v->result->family;
	struct text path = TEXT_INIT;
	const struct dirent *d;
	DIR *folders;
	bool found;

	text_fmt(&path, "%s/arch/%s", v->source, name);
	found = *name && access(path.s, F_OK) == 0;
	text_clear(&path);
	text_fmt(&path, "%s/arch", v->source);
	folders = found ? NULL : opendir(path.s);
	while (folders && !found && (d = readdir(folders))) {
		text_clear(&path);
		for (const char *c = d->d_name; *c; c++)
			text_char(&path, (char)toupper((unsigned char)*c));
		found = strcmp(value_or_no(v->result, path.s), "y") == 0;
		if (found)
			name = arena_str(v->scratch, d->d_name);
	}
	if (folders)
		closedir(folders);
	text_release(&path);
	return name;
}

static bool need_tree(struct verifier *v)
{
	if (v->read)
		return true;
	v->read = true;
	return kconfig_tree_read(&v->tree, v->source, v->build, family(v), v->err);
}

static const char *in_words(const char *value)
{
	return strcmp(value, "n") == 0 ? "not set" : value;
}

/* What prevents one definition of the symbol: "A, B"; empty if nothing does. */
static void obstacles(
	const struct verifier *v, const struct kconfig_definition *d, struct text *out)
{
	for (size_t i = 0; i < d->needs.n; i++)
		kconfig_unmet(d->needs.at[i], value_or_no, v->result, out);
}

/* Of several definitions, use the one with the fewest obstacles. */
static const struct kconfig_definition *closest(
	const struct verifier *v, const char *symbol, struct text *least)
{
	const struct kconfig_definition *best = NULL;

	for (size_t i = 0; i < v->tree.n; i++) {
		const struct kconfig_definition *d = &v->tree.at[i];
		struct text unmet = TEXT_INIT;

		if (strcmp(d->symbol, symbol) != 0)
			continue;
		obstacles(v, d, &unmet);
		if (!best || (d->prompted && !best->prompted) ||
			(d->prompted == best->prompted && unmet.len < least->len)) {
			best = d;
			text_clear(least);
			text_str(least, unmet.s);
		}
		text_release(&unmet);
	}
	return best;
}

static void explain(const struct verifier *v, const struct kconfig_wish *w,
	const struct kconfig_line *l, struct text *out)
{
	const char *got = value_or_no(v->result, l->symbol);
	struct text unmet = TEXT_INIT;
	const struct kconfig_definition *d = closest(v, l->symbol, &unmet);

	text_fmt(out, "CONFIG_%s: %s asks for '%s', but it came out as '%s'", l->symbol, w->where,
		in_words(l->value), in_words(got));
	if (!d)
		text_str(out, "; this version does not know such a symbol, check its name");
	else if (unmet.len && strcmp(l->value, "n") != 0)
		text_fmt(out, "; it depends on what is not there: %s (%s:%d)", unmet.s, d->file,
			d->line);
	else if (!d->prompted)
		text_fmt(out, "; it cannot be chosen, other symbols decide about it (%s:%d)",
			d->file, d->line);
	else if (strcmp(l->value, "n") == 0)
		text_fmt(out, "; another symbol that is set selects it (%s:%d)", d->file, d->line);
	else
		text_fmt(out, "; the value is not allowed together with the rest (%s:%d)", d->file,
			d->line);
	text_char(out, '\n');
	text_release(&unmet);
}

static bool granted(const struct verifier *v, const struct kconfig_line *l)
{
	return strcmp(value_or_no(v->result, l->symbol), l->value) == 0;
}

/* The alternative that counts: the first that exists. NULL: none does. */
static const struct kconfig_line *counting(struct verifier *v, const struct kconfig_wish *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (kconfig_result_find(v->result, w->either[i].symbol) ||
			kconfig_tree_knows(&v->tree, w->either[i].symbol))
			return &w->either[i];
	return NULL;
}

static bool check_wish(
	struct verifier *v, const struct kconfig_wish *w, struct text *out, size_t *refused)
{
	const struct kconfig_line *l;

	/* usually true, and then the Kconfig files need not be read */
	if (granted(v, &w->either[0]))
		return true;
	if (!need_tree(v))
		return false;
	l = counting(v, w);
	if (l ? granted(v, l) : w->optional)
		return true;
	explain(v, w, l ? l : &w->either[0], out);
	++*refused;
	return true;
}

bool kconfig_verify(const struct kconfig_wishes *w, const struct kconfig_result *r,
	const char *source, const char *build, struct text *out, size_t *refused, struct error *err)
{
	struct arena scratch = ARENA_INIT;
	struct verifier v = {
		.result = r, .source = source, .build = build, .scratch = &scratch, .err = err};
	bool ok = true;

	*refused = 0;
	for (size_t i = 0; ok && i < w->n; i++)
		ok = check_wish(&v, &w->at[i], out, refused);
	if (v.read)
		kconfig_tree_release(&v.tree);
	arena_release(&scratch);
	return ok;
}
