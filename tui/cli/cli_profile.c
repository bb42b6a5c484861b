/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs for profile files: new, set, show, list, diff. */
#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "choice/ssh_key.h"
#include "cli/cli_out.h"
#include <string.h>
#include <unistd.h>

static bool open_profile(struct cli *c, struct profile *p, const char *name, struct error *err)
{
	return profile_find(p, &c->catalog, &c->place, name, err);
}

/* A hash is for comparing, not for reading over somebody's shoulder. */
static const char *shown_value(const struct option *o, const char *value)
{
	return o->type == OPTION_HASH && strchr(value, '$') ? "(a hash, not shown)" : value;
}

/* "key=value", and for lists "key+=words" and "key-=words". */
struct change_word {
	const char *key, *value;
	char sign; /* '+', '-' or '=' */
};

static bool split_word(struct change_word *w, struct arena *a, const char *word, struct error *err)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : 0;

	w->sign = len > 1 && strchr("+-", word[len - 1]) ? word[len - 1] : '=';
	if (!len)
		return error_set(err, ERROR_USAGE, "'%s' is not of the form key=value", word);
	w->key = arena_strn(a, word, len - (w->sign != '='));
	w->value = equals[1] ? equals + 1 : NULL;
	return true;
}

/* An empty value restores the default. */
static bool apply_word(struct profile *p, const struct change_word *w, struct error *err)
{
	const struct option *o = option_find(&p->catalog->options, w->key);
	const char *value = w->value;

	if (value && o && o->type == OPTION_KEY &&
		!(value = ssh_key_from_file(value, &p->arena, err)))
		return false;
	if (value && o && (o->type == OPTION_PATH || o->type == OPTION_PATHS) &&
		!profile_typed_paths(p, o, &value, &p->arena, err))
		return false;
	if (o && w->sign == '+' && !profile_more(p, o, value ? value : "", &value, err))
		return false;
	if (o && w->sign == '-' && !profile_less(p, o, value ? value : "", &value, err))
		return false;
	return profile_set(p, w->key, value, err);
}

/* Which packages there are hangs on the folder of recipes, so that comes first. */
static bool is_first(const struct profile *p, const struct change_word *w)
{
	const struct option *o = option_find(&p->catalog->options, w->key);

	return o && o->content && strcmp(o->content, "recipes") == 0;
}

/* Applies the words from the nth on. */
static bool apply_words(
	struct profile *p, const struct strings *words, size_t from, struct error *err)
{
	struct change_word w;

	for (int round = 0; round < 2; round++)
		for (size_t i = from; i < words->n; i++)
			if (!split_word(&w, &p->arena, words->at[i], err) ||
				(is_first(p, &w) == !round && !apply_word(p, &w, err)))
				return false;
	return true;
}

static bool refuse_existing(
	const struct cli *c, const char *name, const char *path, struct error *err)
{
	struct text relative = TEXT_INIT, found = TEXT_INIT;
	bool exists = access(path, F_OK) == 0;

	text_fmt(&relative, "profiles/%s.profile", name);
	if (!exists)
		exists = place_find(&c->place, relative.s, &found);
	text_release(&relative);
	text_release(&found);
	if (exists && !c->flags.force)
		return error_set(err, ERROR_USAGE,
			"there is already a profile '%s'; --force replaces it, `bootsmith set` changes it",
			name);
	return true;
}

static bool fill_new(
	struct cli *c, struct profile *p, const char *name, const char *path, struct error *err)
{
	struct profile from;

	if (!c->flags.from) {
		profile_init(p, &c->catalog, name);
		return true;
	}
	if (!open_profile(c, &from, c->flags.from, err))
		return false;
	profile_copy(p, &from, name);
	profile_keep_files(p, from.path, path);
	profile_release(&from);
	return true;
}

/* What is asked for by this very command has to count; what is left from before may wait until it does again. */
static bool words_count(
	struct profile *p, const struct strings *words, size_t from, struct error *err)
{
	struct change_word w;

	for (size_t i = from; i < words->n; i++)
		if (!split_word(&w, &p->arena, words->at[i], err) || !profile_counts(p, w.key, err))
			return false;
	return true;
}

static void tell_aside(struct cli *c, const struct profile *p)
{
	for (size_t i = 0; i < p->set.n; i++) {
		struct text aside = TEXT_INIT;

		if (profile_is_aside(p, &p->set.at[i], &aside))
			complain(c, "%s", aside.s);
		text_release(&aside);
	}
}

static bool save_checked(
	struct cli *c, struct profile *p, size_t first_word, const char *path, struct error *err)
{
	if (!apply_words(p, &c->words, first_word, err) ||
		!words_count(p, &c->words, first_word, err) || !profile_check(p, err) ||
		!profile_save(p, path, err))
		return false;
	tell_aside(c, p);
	return true;
}

bool verb_new(struct cli *c, struct error *err)
{
	const char *name = c->words.at[0];
	struct text path = TEXT_INIT;
	struct profile p;
	bool ok = false;

	if (!profile_name_ok(name))
		return error_set(err, ERROR_USAGE,
			"'%s' cannot be the name of a profile: use letters, digits and . _ + -, at most 64, beginning with a letter or digit",
			name);
	text_fmt(&path, "%s/%s.profile", c->place.profiles, name);
	if (!refuse_existing(c, name, path.s, err) || !fill_new(c, &p, name, path.s, err))
		goto out;
	ok = save_checked(c, &p, 1, path.s, err);
	if (ok)
		say(c, "wrote %s", path.s);
	profile_release(&p);
out:
	text_release(&path);
	return ok;
}

bool verb_set(struct cli *c, struct error *err)
{
	const char *name = c->words.at[0];
	struct profile p;
	bool ok;

	if (!open_profile(c, &p, name, err))
		return false;
	if (p.shipped)
		ok = error_set(err, ERROR_USAGE,
			"%s comes with bootsmith and stays as it is; `bootsmith new NAME --from %s` makes a copy that is yours",
			p.name, name);
	else
		ok = save_checked(c, &p, 1, p.path, err);
	profile_release(&p);
	return ok;
}

static const struct setting *find_setting(const struct profile *p, const struct option *o)
{
	for (size_t i = 0; i < p->set.n; i++)
		if (p->set.at[i].option == o)
			return &p->set.at[i];
	return NULL;
}

static const char *chosen_value(const struct profile *p, const struct option *o)
{
	const char *chosen = profile_chosen(p, o->name);

	return chosen ? chosen : o->fallback;
}

/* "default", or the file and line that set it. */
static void value_origin(const struct profile *p, const struct option *o, struct text *out)
{
	const struct setting *s = find_setting(p, o);

	if (s)
		text_fmt(out, "%s:%d", p->path, s->line);
	else
		text_str(out, "default");
}

/* The options of packages, which come behind all others, are shown where something is chosen of them. */
static bool is_shown(const struct profile *p, const struct option *o, size_t i)
{
	return i < p->catalog->options.options.n || profile_is_set(p, o->name);
}

static void show_all(struct cli *c, const struct profile *p)
{
	struct table t = {.columns = 3};
	const struct option *o;

	for (size_t i = 0; (o = option_at(&p->catalog->options, i)); i++) {
		struct text value = TEXT_INIT, origin = TEXT_INIT, why = TEXT_INIT;

		if (!is_shown(p, o, i))
			continue;
		value_origin(p, o, &origin);
		if (!profile_option_available(p, o, &why)) {
			text_str(&origin, ", not in use: ");
			text_str(&origin, why.s);
		}
		text_str(&value, "= ");
		add_foreign(c, &value, shown_value(o, chosen_value(p, o)));
		table_add(&t, o->name, value.s, origin.s);
		text_release(&value);
		text_release(&origin);
		text_release(&why);
	}
	table_print(c, &t);
	table_release(&t);
}

static void show_set(struct cli *c, const struct profile *p)
{
	for (size_t i = 0; i < p->set.n; i++) {
		const struct setting *s = &p->set.at[i];

		say(c, "%-15s = %s", s->option->name, shown_value(s->option, s->value));
	}
}

static json_t *values_json(struct cli *c, const struct profile *p)
{
	json_t *values = json_object();
	const struct option *o;

	for (size_t i = 0; (o = option_at(&p->catalog->options, i)); i++) {
		struct text origin = TEXT_INIT;
		json_t *value = json_text(shown_value(o, chosen_value(p, o)));

		value_origin(p, o, &origin);
		if (c->flags.all && is_shown(p, o, i))
			json_object_set_new(values, o->name,
				json_pack("{s:o,s:s}", "value", value, "from", origin.s));
		else if (find_setting(p, o))
			json_object_set_new(values, o->name, value);
		else
			json_decref(value);
		text_release(&origin);
	}
	return values;
}

bool verb_show(struct cli *c, struct error *err)
{
	struct profile p;

	if (!open_profile(c, &p, c->words.at[0], err))
		return false;
	if (c->flags.json)
		say_json(json_pack("{s:o,s:o,s:b,s:o}", "name", json_text(p.name), "path",
			json_text(p.path), "shipped", p.shipped, "values", values_json(c, &p)));
	else if (c->flags.all)
		show_all(c, &p);
	else
		show_set(c, &p);
	profile_release(&p);
	return true;
}

static void list_row(struct cli *c, struct table *t, const struct profile_entry *e)
{
	struct text summary = TEXT_INIT;

	if (c->flags.json) {
		say_json(json_pack("{s:o,s:o,s:o,s:b,s:o}", "name", json_text(e->name), "path",
			json_text(e->path), "summary", json_text(e->summary), "shipped", e->shipped,
			"problem", json_text(e->problem)));
		return;
	}
	if (e->problem)
		text_str(&summary, "cannot be used: ");
	add_foreign(c, &summary, e->problem ? e->problem : e->summary);
	table_add(t, e->name, e->shipped ? "shipped" : "own", summary.s);
	text_release(&summary);
}

bool verb_list(struct cli *c, struct error *err)
{
	struct table t = {.columns = 3};
	struct profile_list l;

	if (!profile_list_load(&l, &c->catalog, &c->place, err))
		return false;
	for (size_t i = 0; i < l.of.n; i++)
		list_row(c, &t, &l.of.at[i]);
	table_print(c, &t);
	table_release(&t);
	profile_list_release(&l);
	return true;
}

/* A profile with recipes of its own may have options of packages that the other one does not know. */
static const char *value_or_empty(const struct profile *p, const struct option *o)
{
	const char *value = profile_get(p, o->name);

	return value ? value : "";
}

static void diff_option(struct cli *c, struct table *t, const struct option *o,
	const struct profile *a, const struct profile *b)
{
	const char *left = shown_value(o, value_or_empty(a, o)),
		   *right = shown_value(o, value_or_empty(b, o));
	struct text l = TEXT_INIT, r = TEXT_INIT;

	if (strcmp(value_or_empty(a, o), value_or_empty(b, o)) == 0)
		return;
	if (c->flags.json) {
		say_json(json_pack("{s:s,s:o,s:o}", "key", o->name, "a", json_text(left), "b",
			json_text(right)));
		return;
	}
	add_foreign(c, &l, *left ? left : "(empty)");
	text_str(&r, "-> ");
	add_foreign(c, &r, *right ? right : "(empty)");
	table_add(t, o->name, l.s, r.s);
	text_release(&l);
	text_release(&r);
}

bool verb_diff(struct cli *c, struct error *err)
{
	struct table t = {.columns = 3};
	struct profile a, b;
	const struct option *o;

	if (!open_profile(c, &a, c->words.at[0], err))
		return false;
	if (!open_profile(c, &b, c->words.at[1], err)) {
		profile_release(&a);
		return false;
	}
	for (size_t i = 0; (o = option_at(&a.catalog->options, i)); i++)
		diff_option(c, &t, o, &a, &b);
	for (size_t i = 0; (o = option_at(&b.catalog->options, i)); i++)
		if (!option_find(&a.catalog->options, o->name))
			diff_option(c, &t, o, &a, &b);
	table_print(c, &t);
	table_release(&t);
	profile_release(&a);
	profile_release(&b);
	return true;
}
