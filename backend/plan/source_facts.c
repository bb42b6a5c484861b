/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what a source package says about itself, see source_facts.h. */
#include "plan/source_facts.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/vec.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

enum { FILE_LIMIT = 1 << 20, LONGEST_TEXT = 160, MOST = 64 };

/* A row of share/tables/debian-words. */
struct word {
	const char *kind, *name;
	struct strings file, patched;
	const char *style, *say, *then, *is;
};

struct reader {
	struct source_facts *facts;
	const char *folder, *binary;
	struct arena *arena;
	VEC(struct word) words;
	bool first, ours; /* of debian/control: the first paragraph, the one of `binary` */
	bool in_depends;  /* a field of several lines */
	bool all;	  /* of debian/copyright: the paragraph of all files */
	const struct word *build;
	struct error *err;
};

static const struct conf_field fields[] = {
	{"file", CONF_WORDS, offsetof(struct word, file)},
	{"style", CONF_TEXT, offsetof(struct word, style)},
	{"say", CONF_TEXT, offsetof(struct word, say)},
	{"patched", CONF_WORDS, offsetof(struct word, patched)},
	{"then", CONF_TEXT, offsetof(struct word, then)},
	{"is", CONF_TEXT, offsetof(struct word, is)},
	{NULL, CONF_TEXT, 0},
};

static bool take_word(void *ctx, const struct conf_line *line, struct error *err)
{
	struct reader *r = ctx;

	if (!conf_in(line, "[build NAME] [licence NAME] [section NAME] [tool NAME]", err))
		return false;
	if (!line->key) {
		vec_push_in(
			r->arena, &r->words, (struct word){.kind = line->kind, .name = line->name});
		return true;
	}
	return conf_store(fields, line, &r->words.at[r->words.n - 1], r->arena, err);
}

static const struct word *find_word(const struct reader *r, const char *kind, const char *name)
{
	for (size_t i = 0; i < r->words.n; i++)
		if (strcmp(r->words.at[i].kind, kind) == 0 &&
			strcasecmp(r->words.at[i].name, name) == 0)
			return &r->words.at[i];
	return NULL;
}

/* ---- texts of strangers ---- */

/* One line without control characters, and not longer than a person wants to read. */
static const char *one_line(struct arena *a, const char *s, size_t n)
{
	struct text out = TEXT_INIT;
	const char *result;

	while (n && isspace((unsigned char)*s)) {
		s++;
		n--;
	}
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	printable(&out, s, n < LONGEST_TEXT ? n : LONGEST_TEXT);
	result = arena_str(a, out.s);
	text_release(&out);
	return result;
}

static void keep(struct reader *r, struct strings *to, const char *word)
{
	for (size_t i = 0; i < to->n; i++)
		if (strcmp(to->at[i], word) == 0)
			return;
	if (to->n < MOST && *word)
		vec_push_in(r->arena, to, word);
}

/* Only what is a file of its own, and no link to another. */
static bool is_file(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Calls `take` for each line of a file of the source; false if there is no such file that can be read. */
static bool each_line(struct reader *r, const char *file,
	void (*take)(struct reader *r, const char *line, size_t n))
{
	const char *path = arena_fmt(r->arena, "%s/%s", r->folder, file);
	struct text all = TEXT_INIT;
	struct error ignored;
	bool ok = is_file(path) && text_read_file(&all, path, FILE_LIMIT, &ignored);

	for (const char *s = all.s; ok && *s;) {
		size_t n = strcspn(s, "\n");

		take(r, s, n);
		s += n + (s[n] == '\n');
	}
	text_release(&all);
	return ok;
}

/* The value of a field of that name; NULL: another line. */
static const char *field(const char *line, size_t n, const char *name, size_t *len)
{
	size_t l = strlen(name);

	if (n <= l || strncasecmp(line, name, l) != 0 || line[l] != ':')
		return NULL;
	*len = n - l - 1;
	return line + l + 1;
}

/* ---- debian/control ---- */

/* "libfoo-dev (>= 2) [linux-any] | libbar-dev, make" */
static void take_depends(struct reader *r, const char *s, size_t n)
{
	const char *end = s + n;

	while (s < end) {
		size_t part = 0, name = 0;

		while (s + part < end && s[part] != ',')
			part++;
		while (name < part && isspace((unsigned char)s[name]))
			name++;
		s += name;
		part -= name;
		name = 0;
		while (name < part && (isalnum((unsigned char)s[name]) || strchr("+-.", s[name])))
			name++;
		if (name && s[0] != '$') {
			const char *binary = arena_strn(r->arena, s, name);

			keep(r,
				find_word(r, "tool", binary) ? &r->facts->tools
							     : &r->facts->built_with,
				binary);
		}
		s += part + (s + part < end);
	}
}

static bool is_address(const char *s)
{
	return (strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0) &&
	       !strpbrk(s, " \t\\\"{}<>");
}

static void take_source_field(struct reader *r, const char *line, size_t n)
{
	struct source_facts *f = r->facts;
	const char *value, *text;
	size_t len;

	if ((value = field(line, n, "Section", &len))) {
		const char *name = one_line(r->arena, value, len);
		const struct word *w =
			find_word(r, "section", strchr(name, '/') ? strchr(name, '/') + 1 : name);

		f->section = w ? w->is : NULL;
	} else if ((value = field(line, n, "Homepage", &len))) {
		text = one_line(r->arena, value, len);
		f->url = is_address(text) ? text : NULL;
	}
}

static void take_binary_field(struct reader *r, const char *line, size_t n)
{
	struct source_facts *f = r->facts;
	const char *value;
	size_t len;

	if ((value = field(line, n, "Package", &len)))
		r->ours = strcmp(one_line(r->arena, value, len), r->binary) == 0;
	else if ((value = field(line, n, "Description", &len)) && (r->ours || !f->summary))
		f->summary = one_line(r->arena, value, len);
}

static void take_control(struct reader *r, const char *line, size_t n)
{
	const char *value;
	size_t len;

	if (!n) {
		r->first = r->in_depends = false;
		return;
	}
	if (*line == '#')
		return;
	if (isspace((unsigned char)*line)) {
		if (r->in_depends)
			take_depends(r, line, n);
		return;
	}
	value = field(line, n, "Build-Depends", &len);
	value = value ? value : field(line, n, "Build-Depends-Arch", &len);
	r->in_depends = r->first && value;
	if (r->in_depends)
		take_depends(r, value, len);
	else if (r->first)
		take_source_field(r, line, n);
	else
		take_binary_field(r, line, n);
}

/* ---- debian/copyright ---- */

static void take_copyright(struct reader *r, const char *line, size_t n)
{
	const char *value;
	size_t len;

	if ((value = field(line, n, "Files", &len)))
		r->all = strcmp(one_line(r->arena, value, len), "*") == 0;
	else if (r->all && !r->facts->said_licence && (value = field(line, n, "License", &len)))
		r->facts->said_licence = one_line(r->arena, value, len);
}

/* "GPL-2+ and Expat" in SPDX's words, NULL if one of them is unknown. */
static const char *in_spdx(struct reader *r, const char *said)
{
	struct text out = TEXT_INIT;
	const char *result = NULL;
	bool known = *said != '\0';

	while (known && *said) {
		size_t n = strcspn(said, " ,");
		const char *name = arena_strn(r->arena, said, n);
		const struct word *w = find_word(r, "licence", name);

		if (strcmp(name, "and") == 0 || strcmp(name, "or") == 0)
			text_str(&out, *name == 'a' ? " AND " : " OR ");
		else
			text_str(&out, w && w->is ? w->is : name);
		known = w || strcmp(name, "and") == 0 || strcmp(name, "or") == 0 ||
			strcmp(name, "MIT") == 0 || strcmp(name, "ISC") == 0;
		said += n + strspn(said + n, " ,");
	}
	if (known)
		result = arena_str(r->arena, out.s);
	text_release(&out);
	return result;
}

/* ---- debian/rules and scripts ---- */

static bool holds(const char *line, size_t n, const char *word)
{
	return memmem(line, n, word, strlen(word)) != NULL;
}

static void take_switches(struct reader *r, const char *line, size_t n)
{
	static const char *const leads[] = {
		"--enable-", "--disable-", "--with-", "--without-", "-D"};

	for (size_t i = 0; i + 2 < n; i++) {
		size_t len = 0;

		if (line[i] != '-' || (i && !strchr(" \t=\"'(", line[i - 1])))
			continue;
		for (size_t k = 0; k < sizeof leads / sizeof *leads && !len; k++)
			if (n - i > strlen(leads[k]) &&
				strncmp(line + i, leads[k], strlen(leads[k])) == 0)
				len = strlen(leads[k]);
		while (len && i + len < n &&
			(isalnum((unsigned char)line[i + len]) || strchr("-_=./", line[i + len])))
			len++;
		/* -DNAME is for the compiler, -Dname for meson */
		if (len && !isupper((unsigned char)line[i + 2]))
			keep(r, &r->facts->switches, arena_strn(r->arena, line + i, len));
		i += len;
	}
}

static bool sets_id(const char *line, size_t n)
{
	return (holds(line, n, "chmod") && (holds(line, n, "u+s") || holds(line, n, "g+s") ||
						   holds(line, n, " 4") || holds(line, n, " 2"))) ||
	       holds(line, n, "statoverride");
}

static void take_script(struct reader *r, const char *line, size_t n)
{
	while (n && isspace((unsigned char)*line)) {
		line++;
		n--;
	}
	if (!n || *line == '#')
		return;
	if (holds(line, n, "adduser ") || holds(line, n, "useradd "))
		keep(r, &r->facts->users, one_line(r->arena, line, n));
	if (sets_id(line, n))
		keep(r, &r->facts->modes, one_line(r->arena, line, n));
}

static void take_rules(struct reader *r, const char *line, size_t n)
{
	if (*line == '#')
		return;
	take_switches(r, line, n);
	if (sets_id(line, n))
		take_script(r, line, n);
}

/* ---- folders ---- */

static void find_build(struct reader *r)
{
	for (size_t i = 0; i < r->words.n && !r->facts->style; i++)
		for (size_t k = 0; k < r->words.at[i].file.n; k++)
			if (is_file(arena_fmt(
				    r->arena, "%s/%s", r->folder, r->words.at[i].file.at[k]))) {
				r->facts->style = r->words.at[i].style;
				r->facts->say = r->words.at[i].say;
				r->build = &r->words.at[i];
				break;
			}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in a folder of the source, sorted: only those that a recipe can hold. */
static void list(struct reader *r, const char *below, struct strings *out)
{
	DIR *dir = opendir(arena_fmt(r->arena, "%s/%s", r->folder, below));
	const struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[strspn(d->d_name,
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+")] ==
			'\0')
			vec_push_in(r->arena, out, arena_str(r->arena, d->d_name));
	if (dir)
		closedir(dir);
	if (out->n)
		qsort(out->at, out->n, sizeof *out->at, by_name);
}

static void find_licence_files(struct reader *r)
{
	static const char *const leads[] = {"COPYING", "LICENSE", "LICENCE", "COPYRIGHT"};
	struct strings names = {0};

	list(r, ".", &names);
	for (size_t k = 0; k < sizeof leads / sizeof *leads; k++)
		for (size_t i = 0; i < names.n; i++)
			if (strncasecmp(names.at[i], leads[k], strlen(leads[k])) == 0 &&
				is_file(arena_fmt(r->arena, "%s/%s", r->folder, names.at[i])))
				keep(r, &r->facts->licence_files, names.at[i]);
}

/* "+++ b/src/Makefile.am" */
static void take_patch(struct reader *r, const char *line, size_t n)
{
	const struct strings *names = &r->build->patched;

	for (size_t i = 0; n > 4 && strncmp(line, "+++ ", 4) == 0 && i < names->n; i++)
		if (holds(line, n, names->at[i]))
			r->facts->say = r->build->then;
}

static void find_patches(struct reader *r)
{
	struct strings names = {0};

	if (!r->build || !r->build->patched.n)
		return;
	list(r, "debian/patches", &names);
	for (size_t i = 0; i < names.n; i++)
		each_line(r, arena_fmt(r->arena, "debian/patches/%s", names.at[i]), take_patch);
}

static void find_scripts(struct reader *r)
{
	static const char *const ends[] = {"postinst", "preinst"};
	struct strings names = {0};

	list(r, "debian", &names);
	for (size_t i = 0; i < names.n; i++)
		for (size_t k = 0; k < 2; k++) {
			size_t len = strlen(names.at[i]), end = strlen(ends[k]);

			if (len >= end && strcmp(names.at[i] + len - end, ends[k]) == 0)
				each_line(r, arena_fmt(r->arena, "debian/%s", names.at[i]),
					take_script);
		}
}

bool source_facts_read(struct source_facts *f, const struct place *place, const char *folder,
	const char *binary, struct arena *a, struct error *err)
{
	struct reader r = {
		.facts = f, .folder = folder, .binary = binary, .arena = a, .first = true};

	*f = (struct source_facts){0};
	if (!conf_find(place, "share/tables/debian-words", "Debian's words are not known", NULL, a,
		    take_word, &r, err))
		return false;
	find_build(&r);
	find_licence_files(&r);
	each_line(&r, "debian/control", take_control);
	each_line(&r, "debian/copyright", take_copyright);
	each_line(&r, "debian/rules", take_rules);
	find_scripts(&r);
	find_patches(&r);
	if (f->said_licence)
		f->licence = in_spdx(&r, f->said_licence);
	return true;
}
