/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Identifies the compiler by the hashes of all its program and library files (share/host/toolchain), because two compilers with
 * the same version text can differ. Hashes are cached by path, size, time and inode of the file.
 */
#include "plan/toolchain.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

struct toolchain {
	struct arena arena;
	const struct place *place;
	const char *compiler;
	struct strings programs, files;
	struct text marks; /* lines "MARK PATH" of all hashed files */
};

static const struct conf_field fields[] = {
	{"compiler", CONF_TEXT, offsetof(struct toolchain, compiler)},
	{"programs", CONF_WORDS, offsetof(struct toolchain, programs)},
	{"files", CONF_WORDS, offsetof(struct toolchain, files)},
	{NULL, CONF_TEXT, 0},
};

static bool take_fact(void *ctx, const struct conf_line *line, struct error *err)
{
	struct toolchain *t = ctx;

	if (!conf_in(line, "", err))
		return false;
	if (strcmp(line->key, "shared") == 0) /* of the system's programs, see plan_libraries.c */
		return true;
	return conf_store(fields, line, t, &t->arena, err);
}

/* Size, time and inode: a file with all three unchanged is assumed to be the same. */
static const char *mark(struct toolchain *t, const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return NULL;
	return arena_fmt(&t->arena, "%lld:%lld.%09ld:%llu", (long long)st.st_size,
		(long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (unsigned long long)st.st_ino);
}

static bool add_file(struct toolchain *t, const char *label, const char *path, struct text *out,
	struct error *err)
{
	const char *tail = mark(t, path);
	char hex[HASH_HEX];

	if (!tail)
		return error_errno(err, "%s cannot be examined", path);
	if (!hash_file(path, hex, err))
		return false;
	text_fmt(&t->marks, "%s %s\n", tail, path);
	text_fmt(out, "tool %s %s\n", label, hex);
	return true;
}

/* Asks the compiler for the path of one of its programs or libraries; an answer that is not a path means it has none. */
static bool ask(struct toolchain *t, const struct strings *flags, const char *question,
	const char *name, struct text *path, struct error *err)
{
	struct strings argv = {0};
	int status;
	bool ok;

	vec_push_in(&t->arena, &argv, t->compiler);
	for (size_t i = 0; flags && i < flags->n; i++)
		vec_push_in(&t->arena, &argv, flags->at[i]);
	vec_push_in(&t->arena, &argv, arena_fmt(&t->arena, "%s=%s", question, name));
	vec_push_in(&t->arena, &argv, NULL);
	text_clear(path);
	ok = proc_capture(argv.at, NULL, NULL, 4096, path, &status, err);
	if (!ok)
		return error_in(
			err, "the C compiler is needed; install it ('bootsmith doctor' says how)");
	while (path->len && path->s[path->len - 1] == '\n')
		path->s[--path->len] = '\0';
	return true;
}

static bool add_each(struct toolchain *t, const struct strings *names, const char *question,
	struct text *out, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < names->n; i++) {
		ok = ask(t, NULL, question, names->at[i], &path, err);
		if (!ok)
			break;
		if (path.s[0] != '/' && !proc_find(names->at[i], NULL, &path))
			text_fmt(out, "tool %s none\n", names->at[i]);
		else
			ok = add_file(t, names->at[i], path.s, out, err);
	}
	text_release(&path);
	return ok;
}

static bool add_compiler(struct toolchain *t, struct text *out, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = proc_find(t->compiler, NULL, &path);

	if (!ok)
		error_set(err, ERROR_HOST,
			"there is no C compiler: no program '%s' in $PATH; install it ('bootsmith doctor' says how)",
			t->compiler);
	else
		ok = add_file(t, "compiler", path.s, out, err);
	text_release(&path);
	return ok;
}

/* Querying the compiler nine times takes longer than everything else in a build with nothing to do, so the answers are kept
 * too. */
static bool print_fresh(struct toolchain *t, struct text *out, struct error *err)
{
	return add_compiler(t, out, err) &&
	       add_each(t, &t->programs, "-print-prog-name", out, err) &&
	       add_each(t, &t->files, "-print-file-name", out, err);
}

/* The kept lines are valid if every file behind them still has its mark. */
static bool still_true(struct toolchain *t, const char *marks)
{
	const char *line = marks;

	while (*line) {
		const char *end = strchr(line, '\n');
		const char *space = strchr(line, ' ');
		const char *now;

		if (!end || !space || space > end)
			return false;
		now = mark(t, arena_strn(&t->arena, space + 1, (size_t)(end - space - 1)));
		if (!now || strlen(now) != (size_t)(space - line) ||
			memcmp(now, line, strlen(now)) != 0)
			return false;
		line = end + 1;
	}
	return line != marks;
}

/* The kept file: the data file's hash and $PATH (either may change the result), the printed lines, an empty line, marks. */
static bool take_kept(struct toolchain *t, const char *head, const char *kept, struct text *out)
{
	size_t len = strlen(head);
	const char *marks;

	if (strncmp(kept, head, len) != 0 || !(marks = strstr(kept + len, "\n\n")))
		return false;
	if (!still_true(t, marks + 2))
		return false;
	text_add(out, kept + len, (size_t)(marks + 1 - (kept + len)));
	return true;
}

static void keep(struct toolchain *t, const char *file, const char *head, const struct text *lines)
{
	struct text all = TEXT_INIT;
	struct error ignored; /* if it cannot be kept the next build is only slower */

	text_fmt(&all, "%s%s\n%s", head, lines->s, t->marks.s);
	if (place_make_folder(arena_fmt(&t->arena, "%s/index", t->place->cache), &ignored) &&
		!place_write_file(file, all.s, all.len, &ignored))
		ignored.kind = ERROR_NONE;
	text_release(&all);
}

static bool print(struct toolchain *t, const char *path, struct text *out, struct error *err)
{
	const char *file = arena_fmt(&t->arena, "%s/index/toolchain", t->place->cache);
	const char *search = getenv("PATH");
	struct text kept = TEXT_INIT, lines = TEXT_INIT;
	struct error ignored;
	char hex[HASH_HEX];
	const char *head;
	bool ok = false;

	if (!conf_read(path, &t->arena, take_fact, t, err) || !hash_file(path, hex, err))
		goto out;
	if (!t->compiler) {
		error_set(err, ERROR_PROFILE, "%s names no compiler", path);
		goto out;
	}
	head = arena_fmt(&t->arena, "%s %s\n", hex, search ? search : "");
	if (text_read_file(&kept, file, CONF_LIMIT, &ignored) && take_kept(t, head, kept.s, out)) {
		ok = true;
		goto out;
	}
	ok = print_fresh(t, &lines, err);
	if (ok) {
		keep(t, file, head, &lines);
		text_add(out, lines.s, lines.len);
	}
out:
	text_release(&kept);
	text_release(&lines);
	return ok;
}

static bool find_data(const struct place *place, struct text *path, struct error *err)
{
	return place_find(place, "share/host/toolchain", path) ||
	       error_set(err, ERROR_HOST,
		       "the data file share/host/toolchain is missing; install bootsmith again");
}

bool toolchain_print(const struct place *place, struct text *out, struct error *err)
{
	struct toolchain t = {.arena = ARENA_INIT, .place = place, .marks = TEXT_INIT};
	struct text path = TEXT_INIT;
	bool ok;

	ok = find_data(place, &path, err) && print(&t, path.s, out, err);
	text_release(&path);
	text_release(&t.marks);
	arena_release(&t.arena);
	return ok;
}

bool toolchain_file(const struct place *place, const struct strings *flags, const char *name,
	struct arena *a, const char **path, struct error *err)
{
	struct toolchain t = {.arena = ARENA_INIT, .place = place, .marks = TEXT_INIT};
	struct text data = TEXT_INIT, answer = TEXT_INIT;
	bool ok = find_data(place, &data, err) && conf_read(data.s, &t.arena, take_fact, &t, err) &&
		  ask(&t, flags, "-print-file-name", name, &answer, err);

	*path = ok && answer.s[0] == '/' ? arena_str(a, answer.s) : NULL;
	text_release(&data);
	text_release(&answer);
	arena_release(&t.arena);
	return ok;
}
