/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads, finds, lists, prints and saves profiles without losing a comment. */
#include "choice/profile.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/nearest.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

#define SUFFIX ".profile"

struct loader {
	struct profile *profile;
	bool first;
};

/* Comments above the first setting belong to the file if an empty line follows, else to the setting. */
static void split_head(struct profile *p, const char **comment)
{
	const char *cut = NULL;

	for (const char *s = *comment; (s = strstr(s, "\n\n")); s++)
		cut = s + 2;
	if (!cut && !p->head[0] && **comment == '#') {
		p->head = *comment;
		*comment = "";
	} else if (cut) {
		p->head = arena_strn(&p->arena, *comment, (size_t)(cut - *comment));
		*comment = cut;
	}
}

static bool take_choice(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;
	struct profile *p = l->profile;
	const char *comment = line->comment;

	if (!line->key)
		return error_set(err, ERROR_PROFILE, "a profile has no [sections]");
	if (line->guard->n)
		return error_set(err, ERROR_PROFILE, "a profile has no guards: write '%s = value'",
			line->key);
	if (profile_is_set(p, line->key))
		return error_set(err, ERROR_PROFILE, "'%s' is given twice", line->key);
	if (!profile_set(p, line->key, line->value, err))
		return false;
	if (l->first)
		split_head(p, &comment);
	l->first = false;
	for (size_t i = 0; i < p->set.n; i++) {
		if (strcmp(p->set.at[i].option->name, line->key) == 0) {
			p->set.at[i].line = line->line;
			p->set.at[i].comment = comment;
		}
	}
	return true;
}

/* The order of lines is free, and which packages can be named hangs on this one. */
static bool take_recipes(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;
	const struct option *o =
		line->key ? option_find(&l->profile->catalog->options, line->key) : NULL;

	return !o || profile_use_recipes(l->profile, o, line->value, err);
}

bool profile_parse(struct profile *p, const struct catalog *c, const char *file, const char *source,
	size_t len, struct error *err)
{
	const char *base = strrchr(file, '/');
	struct loader l = {p, true};
	size_t name_len;

	base = base ? base + 1 : file;
	name_len = strlen(base);
	if (name_len > strlen(SUFFIX) && strcmp(base + name_len - strlen(SUFFIX), SUFFIX) == 0)
		name_len -= strlen(SUFFIX);
	profile_init(p, c, "");
	p->name = arena_strn(&p->arena, base, name_len);
	p->path = arena_str(&p->arena, file);
	if (!conf_parse(file, source, len, &p->arena, take_recipes, &l, NULL, err) ||
		!conf_parse(file, source, len, &p->arena, take_choice, &l, &p->tail, err)) {
		profile_release(p);
		return false;
	}
	if (!profile_name_ok(p->name))
		p->name = arena_str(&p->arena, "unnamed");
	return true;
}

static bool in_data_folder(const struct catalog *c, const char *path)
{
	char *real = realpath(path, NULL);
	bool in = false;

	for (size_t i = 0; real && i < c->place->data.n; i++) {
		const char *folder = c->place->data.at[i];
		size_t len = strlen(folder);

		in = in || (strncmp(real, folder, len) == 0 &&
				   strncmp(real + len, "/profiles/", 10) == 0);
	}
	free(real);
	return in;
}

bool profile_open(struct profile *p, const struct catalog *c, const char *path, struct error *err)
{
	struct text source = TEXT_INIT;
	bool ok;

	if (access(path, F_OK) != 0)
		return error_set(err, ERROR_PROFILE, "there is no profile file %s", path);
	ok = text_read_file(&source, path, CONF_LIMIT, err) &&
	     profile_parse(p, c, path, source.s, source.len, err);
	text_release(&source);
	if (ok)
		p->shipped = in_data_folder(c, path);
	return ok;
}

static bool is_path(const char *name)
{
	size_t len = strlen(name);

	return strchr(name, '/') ||
	       (len > strlen(SUFFIX) && strcmp(name + len - strlen(SUFFIX), SUFFIX) == 0);
}

static bool not_found(
	const struct catalog *c, const struct place *place, const char *name, struct error *err)
{
	struct profile_list list;
	struct strings names = {0};
	const char *near = NULL;

	if (profile_list_load(&list, c, place, err)) {
		for (size_t i = 0; i < list.of.n; i++)
			vec_push_in(&list.arena, &names, list.of.at[i].name);
		near = conf_nearest(name, names.at, names.n);
		error_set(err, ERROR_PROFILE,
			"there is no profile '%.80s'%s%s%s; 'bootsmith list' shows all", name,
			near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
		profile_list_release(&list);
	}
	return false;
}

bool profile_find(struct profile *p, const struct catalog *c, const struct place *place,
	const char *name, struct error *err)
{
	struct text path = TEXT_INIT;
	struct text relative = TEXT_INIT;
	bool ok = false;

	if (is_path(name))
		return profile_open(p, c, name, err);
	if (!profile_name_ok(name))
		return error_set(err, ERROR_PROFILE,
			"'%.80s' cannot be the name of a profile: use letters, digits and . _ + -",
			name);
	text_fmt(&path, "%s/%s" SUFFIX, place->profiles, name);
	text_fmt(&relative, "profiles/%s" SUFFIX, name);
	if (access(path.s, F_OK) == 0 || place_find(place, relative.s, &path))
		ok = profile_open(p, c, path.s, err);
	else
		not_found(c, place, name, err);
	text_release(&path);
	text_release(&relative);
	return ok;
}

struct collector {
	struct profile_list *list;
	const struct catalog *catalog;
	bool shipped;
};

static bool collect(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct collector *c = ctx;
	struct arena *a = &c->list->arena;
	const char *base = strrchr(relative, '/') + 1;
	struct profile_entry e = {.path = arena_str(a, path), .shipped = c->shipped};
	struct error problem;
	struct profile p;

	(void)err;
	e.name = arena_strn(a, base, strlen(base) - strlen(SUFFIX));
	if (profile_open(&p, c->catalog, path, &problem)) {
		e.summary = arena_str(a, profile_get(&p, "summary"));
		if (!profile_check(&p, &problem))
			e.problem = arena_str(a, problem.text);
		profile_release(&p);
	} else {
		e.summary = "";
		e.problem = arena_str(a, problem.text);
	}
	if (!e.summary)
		e.summary = "";
	vec_push_in(a, &c->list->of, e);
	return true;
}

bool profile_list_load(struct profile_list *l, const struct catalog *c, const struct place *place,
	struct error *err)
{
	struct collector own = {l, c, false}, shipped = {l, c, true};
	struct place mine = {.arena = ARENA_INIT};
	char *parent = xstrdup(place->profiles);
	bool ok;

	*l = (struct profile_list){.arena = ARENA_INIT};
	*strrchr(parent, '/') = '\0'; /* the path ends in /profiles, where place_each starts */
	vec_push_in(&mine.arena, &mine.data, parent);
	ok = place_each(&mine, "profiles", SUFFIX, collect, &own, err) &&
	     place_each(place, "profiles", SUFFIX, collect, &shipped, err);
	arena_release(&mine.arena);
	free(parent);
	if (!ok)
		profile_list_release(l);
	return ok;
}

void profile_list_release(struct profile_list *l)
{
	arena_release(&l->arena);
}

/* A value of several lines is written with indented continuation lines. */
static void print_value(const struct setting *s, struct text *out)
{
	text_fmt(out, "%-15s = ", s->option->name);
	for (const char *at = s->value; *at; at++) {
		text_char(out, *at);
		if (*at == '\n')
			text_str(out, "    ");
	}
	text_char(out, '\n');
}

void profile_print(const struct profile *p, struct text *out)
{
	text_str(out, p->head);
	for (size_t i = 0; i < p->set.n; i++) {
		const struct setting *s = &p->set.at[i];
		bool differs = strcmp(s->value, s->option->fallback) != 0;

		if (s->comment)
			text_str(out, s->comment);
		if (differs)
			print_value(s, out);
	}
	text_str(out, p->tail);
}

static bool keep_old(const char *path, struct error *err)
{
	struct text old = TEXT_INIT, content = TEXT_INIT;
	bool ok = true;

	text_fmt(&old, "%s.old", path);
	if (access(path, F_OK) == 0)
		ok = text_read_file(&content, path, CONF_LIMIT, err) &&
		     place_write_file(old.s, content.s, content.len, err);
	text_release(&old);
	text_release(&content);
	return ok;
}

bool profile_save(const struct profile *p, const char *path, struct error *err)
{
	struct text out = TEXT_INIT;
	char *folder = xstrdup(path);
	char *slash = strrchr(folder, '/');
	bool ok = true;

	if (slash && slash != folder) {
		*slash = '\0';
		ok = place_make_folder(folder, err);
	}
	profile_print(p, &out);
	if (ok && out.len > CONF_LIMIT) /* a value of many lines grows by the indenting */
		ok = error_set(err, ERROR_PROFILE,
			"%s would be %zu bytes, and files of choices have at most %d: make its values or comments shorter",
			path, out.len, CONF_LIMIT);
	ok = ok && keep_old(path, err) && place_write_file(path, out.s, out.len, err);
	text_release(&out);
	free(folder);
	return ok;
}
