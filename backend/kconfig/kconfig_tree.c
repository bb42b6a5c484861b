/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the Kconfig files of a source tree. */
#include "kconfig/kconfig_tree.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

/* A source tree may be hostile: files that include each other and endless conditions are read only to a limit. Linux has six
 * megabytes of Kconfig files, and no expression of a quarter of that length. */
enum {
	DEEPEST = 64,
	FILE_LIMIT = 8 * 1024 * 1024,
	FILE_COST = 4096, /* what the smallest file counts */
	TREE_LIMIT = 64 * 1024 * 1024,
	EXPRESSION_LIMIT = 2048,
};

struct block {
	bool is_if; /* else a menu or a choice, whose `depends on` may still follow */
	const char *condition;
};

/* The files that are being read, innermost first. */
struct opened {
	const char *path;
	const struct opened *above;
};

struct reader {
	struct kconfig_tree *tree;
	const char *source, *build, *family;
	VEC(struct block) blocks;
	int depth;
	size_t followed; /* bytes of files */
	const struct opened *opened;
	/* of the file being read */
	const char *file;
	int line;
	bool in_symbol, in_menu; /* the one whose attributes are being read; neither: a comment's */
	bool in_help;
	int help_indent; /* -1: the first help line has not come yet */
};

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, R_OK) == 0;
}

static bool file_of(const struct reader *r, const char *relative, struct text *path)
{
	text_fmt(path, "%s/%s", r->source, relative);
	if (is_file(path->s))
		return true;
	text_clear(path);
	text_fmt(path, "%s/%s", r->build, relative);
	return is_file(path->s);
}

static bool is_opened(const struct reader *r, const char *path)
{
	const struct opened *o = r->opened;

	while (o && strcmp(o->path, path) != 0)
		o = o->above;
	return o != NULL;
}

/* NULL: it is longer than any that explains something. */
static const char *kept(struct reader *r, const char *expression)
{
	return strlen(expression) <= EXPRESSION_LIMIT ? arena_str(&r->tree->arena, expression)
						      : NULL;
}

/* Is `word` the first word of s? *rest is what follows. */
static bool is_word(const char *s, const char *word, const char **rest)
{
	size_t n = strlen(word);

	if (strncmp(s, word, n) != 0 || (s[n] && !isspace((unsigned char)s[n])))
		return false;
	*rest = s + n + strspn(s + n, " \t");
	return true;
}

static struct kconfig_definition *current(const struct reader *r)
{
	return r->in_symbol && r->tree->n ? &r->tree->at[r->tree->n - 1] : NULL;
}

static void begin_symbol(struct reader *r, const char *name)
{
	struct arena *a = &r->tree->arena;
	struct kconfig_definition d = {.file = r->file, .line = r->line};

	d.symbol = arena_strn(a, name, strcspn(name, " \t"));
	for (size_t i = 0; i < r->blocks.n && i < DEEPEST; i++)
		if (r->blocks.at[i].condition)
			vec_push_in(a, &d.needs, r->blocks.at[i].condition);
	vec_push_in(a, r->tree, d);
	r->in_symbol = true;
	r->in_menu = false;
}

static void begin_block(struct reader *r, bool is_if, const char *condition)
{
	vec_push_in(&r->tree->arena, &r->blocks,
		(struct block){is_if, condition ? kept(r, condition) : NULL});
	r->in_symbol = false;
	r->in_menu = !is_if;
}

static void end_block(struct reader *r)
{
	if (r->blocks.n)
		r->blocks.n--;
	r->in_symbol = r->in_menu = false;
}

static void add_need(struct reader *r, const char *expression)
{
	struct kconfig_definition *d = current(r);
	struct block *b = r->in_menu && r->blocks.n ? &r->blocks.at[r->blocks.n - 1] : NULL;
	const char *need = d || b ? kept(r, expression) : NULL;

	if (d && need)
		vec_push_in(&r->tree->arena, &d->needs, need);
	else if (need && !b->condition)
		b->condition = need;
	else if (need && strlen(b->condition) <= EXPRESSION_LIMIT)
		b->condition = arena_fmt(&r->tree->arena, "(%s) && (%s)", b->condition, expression);
}

/* `bool "Words" if CONDITION`: a prompt that shows only under the condition. */
static void add_prompt(struct reader *r, const char *rest)
{
	struct kconfig_definition *d = current(r);
	size_t n;

	if (!d || (*rest != '"' && *rest != '\''))
		return;
	d->prompted = true;
	for (n = 1; rest[n] && rest[n] != *rest; n++)
		n += rest[n] == '\\' && rest[n + 1];
	rest += n + (rest[n] != '\0');
	rest += strspn(rest, " \t");
	if (is_word(rest, "if", &rest))
		add_need(r, rest);
}

static bool read_file(struct reader *r, const char *path, const char *relative, struct error *err);

static bool follow(struct reader *r, const char *rest, struct error *err)
{
	struct text path = TEXT_INIT, relative = TEXT_INIT;
	bool ok = true;

	for (; *rest && !isspace((unsigned char)*rest); rest++) {
		static const char variable[] = "$(SRCARCH)";

		if (strncmp(rest, variable, sizeof variable - 1) == 0) {
			text_str(&relative, r->family);
			rest += sizeof variable - 2;
		} else if (*rest != '"' && *rest != '\'') {
			text_char(&relative, *rest);
		}
	}
	/* for another architecture, or generated by a step that did not run: it explains nothing */
	if (r->depth < DEEPEST && r->followed < TREE_LIMIT && file_of(r, relative.s, &path) &&
		!is_opened(r, path.s))
		ok = read_file(r, path.s, arena_str(&r->tree->arena, relative.s), err);
	text_release(&path);
	text_release(&relative);
	return ok;
}

static bool structure(struct reader *r, const char *s, struct error *err, bool *taken)
{
	const char *rest;

	*taken = true;
	if (is_word(s, "config", &rest) || is_word(s, "menuconfig", &rest))
		begin_symbol(r, rest);
	else if (is_word(s, "if", &rest))
		begin_block(r, true, rest);
	else if (is_word(s, "menu", &rest) || is_word(s, "choice", &rest))
		begin_block(r, false, NULL);
	else if (is_word(s, "endif", &rest) || is_word(s, "endmenu", &rest) ||
		 is_word(s, "endchoice", &rest))
		end_block(r);
	else if (is_word(s, "comment", &rest))
		r->in_symbol = r->in_menu = false;
	else if (is_word(s, "source", &rest) || is_word(s, "osource", &rest))
		return follow(r, rest, err);
	else
		*taken = false;
	return true;
}

static void attribute(struct reader *r, const char *s)
{
	static const char *const types[] = {
		"bool", "boolean", "tristate", "int", "hex", "string", "prompt"};
	struct kconfig_definition *d = current(r);
	const char *rest;

	if (is_word(s, "depends", &rest) && is_word(rest, "on", &rest)) {
		add_need(r, rest);
	} else if (is_word(s, "visible", &rest) && is_word(rest, "if", &rest)) {
		add_need(r, rest);
	} else if (is_word(s, "help", &rest) || is_word(s, "---help---", &rest)) {
		r->in_help = true;
		r->help_indent = -1;
	}
	if (d && (is_word(s, "tristate", &rest) || is_word(s, "def_tristate", &rest)))
		d->tristate = true;
	if (d && (is_word(s, "def_bool", &rest) || is_word(s, "def_tristate", &rest) ||
			 is_word(s, "default", &rest)))
		d->by_default |= strcmp(rest, "y") == 0;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (is_word(s, types[i], &rest))
			add_prompt(r, rest);
}

static int indent_of(const char *s)
{
	int columns = 0;

	for (; *s == ' ' || *s == '\t'; s++)
		columns = *s == '\t' ? (columns | 7) + 1 : columns + 1;
	return columns;
}

/* Help ends at the first line that is indented less than its first line. */
static bool still_help(struct reader *r, const char *s)
{
	int indent = indent_of(s);

	if (!r->in_help)
		return false;
	if (!s[strspn(s, " \t")])
		return true;
	if (r->help_indent < 0 && indent > 0) {
		r->help_indent = indent;
		return true;
	}
	r->in_help = r->help_indent >= 0 && indent >= r->help_indent;
	return r->in_help;
}

static bool one_line(struct reader *r, const char *s, struct error *err)
{
	bool taken;

	if (still_help(r, s))
		return true;
	s += strspn(s, " \t");
	if (!*s || *s == '#')
		return true;
	if (!structure(r, s, err, &taken))
		return false;
	if (!taken)
		attribute(r, s);
	return true;
}

/* Takes one line off *rest, joining lines that end in a backslash. */
static void next_line(struct reader *r, const char **rest, struct text *line)
{
	bool goes_on = true;

	text_clear(line);
	while (goes_on && **rest) {
		size_t n;

		if (line->len)
			*rest += strspn(*rest, " \t");
		n = strcspn(*rest, "\n");
		goes_on = n && (*rest)[n - 1] == '\\';
		text_add(line, *rest, n - goes_on);
		*rest += n + ((*rest)[n] == '\n');
		r->line++;
	}
}

static bool read_file(struct reader *r, const char *path, const char *relative, struct error *err)
{
	struct reader outer = *r;
	struct opened opened = {path, r->opened};
	struct text source = TEXT_INIT, line = TEXT_INIT;
	bool ok = text_read_file(&source, path, FILE_LIMIT, err);

	r->followed += source.len + FILE_COST;
	r->depth++;
	r->opened = &opened;
	r->file = relative;
	r->line = 0;
	r->in_symbol = r->in_menu = r->in_help = false;
	for (const char *rest = source.s; ok && *rest;) {
		next_line(r, &rest, &line);
		ok = one_line(r, line.s, err);
	}
	r->depth = outer.depth;
	r->opened = outer.opened;
	r->file = outer.file;
	r->line = outer.line;
	r->in_symbol = r->in_menu = r->in_help = false;
	text_release(&source);
	text_release(&line);
	return ok;
}

const char *kconfig_family(const char *source, const char *named, kconfig_lookup *lookup,
	const void *ctx, struct arena *a)
{
	struct text path = TEXT_INIT;
	const struct dirent *d;
	DIR *folders;
	bool found;

	text_fmt(&path, "%s/arch/%s", source, named);
	found = *named && access(path.s, F_OK) == 0;
	text_clear(&path);
	text_fmt(&path, "%s/arch", source);
	folders = found ? NULL : opendir(path.s);
	while (folders && !found && (d = readdir(folders))) {
		text_clear(&path);
		for (const char *c = d->d_name; *c; c++)
			text_char(&path, (char)toupper((unsigned char)*c));
		found = strcmp(lookup(ctx, path.s), "y") == 0;
		if (found)
			named = arena_str(a, d->d_name);
	}
	if (folders)
		closedir(folders);
	text_release(&path);
	return named;
}

static int by_symbol(const void *a, const void *b)
{
	const struct kconfig_definition *x = a, *y = b;
	int order = strcmp(x->symbol, y->symbol);

	return order ? order : (x->order > y->order) - (x->order < y->order);
}

bool kconfig_tree_read(struct kconfig_tree *t, const char *source, const char *build,
	const char *family, struct error *err)
{
	struct reader r = {.tree = t, .source = source, .build = build, .family = family};
	const char *root = "Kconfig";
	struct text path = TEXT_INIT;
	bool ok;

	*t = (struct kconfig_tree){0};
	if (!file_of(&r, root, &path)) {
		text_clear(&path);
		root = "Config.in";
		if (!file_of(&r, root, &path)) {
			text_release(&path);
			return error_set(err, ERROR_STEP,
				"there is neither a Kconfig nor a Config.in in %s", source);
		}
	}
	ok = read_file(&r, path.s, root, err);
	for (size_t i = 0; i < t->n; i++)
		t->at[i].order = i;
	if (t->n)
		qsort(t->at, t->n, sizeof *t->at, by_symbol);
	text_release(&path);
	return ok;
}

void kconfig_tree_release(struct kconfig_tree *t)
{
	arena_release(&t->arena);
}

const struct kconfig_definition *kconfig_tree_find(
	const struct kconfig_tree *t, const char *symbol, size_t *n)
{
	size_t low = 0, high = t->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(t->at[middle].symbol, symbol) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*n = 0;
	while (low + *n < t->n && strcmp(t->at[low + *n].symbol, symbol) == 0)
		++*n;
	return *n ? &t->at[low] : NULL;
}
