/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the order of patches, and looks at a patch without applying it. */
#include "source/patches.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { LONGEST_NAME = 1000, LONGEST_LINE = 4096, MOST_STRIP = 9 };

static bool refuse(const char *name, const char *why, struct error *err)
{
	struct text shown = TEXT_INIT;
	size_t len = strlen(name);

	printable(&shown, name, len < 200 ? len : 200);
	error_set(err, ERROR_SOURCE, "'%s' %s", shown.s, why);
	text_release(&shown);
	return false;
}

static bool leads_up(const char *path)
{
	for (const char *at = path; *at;) {
		size_t len = strcspn(at, "/");

		if (len == 2 && at[0] == '.' && at[1] == '.')
			return true;
		at += len + (at[len] == '/');
	}
	return false;
}

/* ---- series ---- */

static bool take_name(struct patch_series *out, char *line, struct arena *a, struct error *err)
{
	static const char blanks[] = " \t\r";
	struct patch_name p = {.file = line + strspn(line, blanks), .strip = 1};
	size_t len = strcspn(p.file, blanks);
	char *rest = line + (p.file - line) + len;

	if (!len || *p.file == '#')
		return true;
	if (*rest)
		*rest++ = '\0';
	if (len > LONGEST_NAME || *p.file == '/' || leads_up(p.file))
		return refuse(p.file, "is no name of a patch in a series", err);
	for (char *word; rest += strspn(rest, blanks), *rest && *rest != '#'; rest = word) {
		size_t n = strcspn(rest, blanks);

		word = rest + n + (rest[n] != '\0');
		rest[n] = '\0';
		if (n != 3 || strncmp(rest, "-p", 2) != 0 || !isdigit((unsigned char)rest[2]))
			return refuse(rest,
				"is not known in a series; after a name there may be -p0 to -p9",
				err);
		p.strip = rest[2] - '0';
	}
	if (out->n == PATCHES_MOST)
		return error_set(err, ERROR_SOURCE, "there are more than %d patches", PATCHES_MOST);
	vec_push_in(a, out, p);
	return true;
}

bool patch_series_read(
	struct patch_series *out, const char *text, struct arena *a, struct error *err)
{
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, "\n");

		if (!take_name(out, arena_strn(a, at, len), a, err))
			return false;
		at += len + (at[len] == '\n');
	}
	return true;
}

/* ---- what is in a patch ---- */

struct look {
	struct patch_facts *facts;
	struct arena *arena;
	int strip;
	unsigned long old_lines, new_lines; /* of the hunk, still to come */
	bool git;			    /* behind the first "diff --git" */
	struct error *err;
};

static const char *after(const char *line, const char *word)
{
	size_t len = strlen(word);

	return strncmp(line, word, len) == 0 ? line + len : NULL;
}

/* A name ends at a tab (a date follows) or at the end; older programs put the date behind blanks. */
static bool name_ok(struct look *l, const char *from)
{
	const char *name = arena_strn(l->arena, from, strcspn(from, "\t\r"));
	const char *rest = name;

	if (strlen(name) > LONGEST_NAME)
		return refuse(name, "is too long a name", l->err);
	if (*name == '"')
		rest = ++name;
	if (after(name, "/dev/null"))
		return true;
	for (int i = 0; i < l->strip && strchr(rest, '/'); i++) {
		rest = strchr(rest, '/');
		rest += strspn(rest, "/");
	}
	if (!l->facts->made_for && rest > name + 2) {
		size_t len = strcspn(name, "/ ");
		const char *dash = memchr(name, '-', len);

		if (dash && isdigit((unsigned char)dash[1]))
			l->facts->made_for = arena_strn(l->arena, name, len);
	}
	if (*rest == '/' || leads_up(rest))
		return refuse(rest, "leads out of the tree", l->err);
	return true;
}

static bool names_ok(struct look *l, const char *line, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = after(line, words[i]);

		if (name && !name_ok(l, name))
			return false;
	}
	return true;
}

/* Lines that name files, or say what becomes of them. Those of git mean something behind "diff --git" alone, for patch as well;
 * elsewhere they are what somebody wrote about the patch. */
static bool header_ok(struct look *l, const char *line)
{
	static const char *const names[] = {"--- ", "+++ ", "*** ", "Index: "};
	static const char *const moves[] = {"rename from ", "rename to ", "copy from ", "copy to "};
	static const char *const modes[] = {
		"new file mode ", "new mode ", "old mode ", "deleted file mode "};

	if (after(line, "diff --git "))
		l->git = true;
	if (!names_ok(l, line, names, sizeof names / sizeof *names))
		return false;
	if (!l->git)
		return true;
	if (!names_ok(l, line, moves, sizeof moves / sizeof *moves))
		return false;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		const char *mode = after(line, modes[i]);

		if (!mode)
			continue;
		if (strncmp(mode, "100", 3) != 0)
			return refuse(line, "makes or removes a link or a folder", l->err);
		if (l->facts->kind == PATCH_NOTHING)
			l->facts->kind = PATCH_UNIFIED;
	}
	return true;
}

static const char *count_of(const char *s, unsigned long *lines)
{
	char *end;

	if (!isdigit((unsigned char)*s))
		return NULL;
	strtoul(s, &end, 10);
	*lines = 1;
	if (*end == ',' && isdigit((unsigned char)end[1]))
		*lines = strtoul(end + 1, &end, 10);
	return end;
}

/* "@@ -1,5 +1,6 @@" */
static bool is_hunk(struct look *l, const char *line)
{
	const char *at = after(line, "@@ -");

	at = at ? count_of(at, &l->old_lines) : NULL;
	at = at && strncmp(at, " +", 2) == 0 ? count_of(at + 2, &l->new_lines) : NULL;
	if (!at || strncmp(at, " @@", 3) != 0) {
		l->old_lines = l->new_lines = 0;
		return false;
	}
	l->facts->kind = PATCH_UNIFIED;
	return true;
}

/* True: the line belongs to the hunk. A line that lost its blanks is an empty one; anything else ends a hunk too short. */
static bool in_hunk(struct look *l, const char *line)
{
	if (!l->old_lines && !l->new_lines)
		return false;
	if (*line == '\\')
		return true;
	if (*line == '-' && l->old_lines) {
		l->old_lines--;
	} else if (*line == '+' && l->new_lines) {
		l->new_lines--;
	} else if ((*line == ' ' || *line == '\t' || !*line || *line == '\r') && l->old_lines &&
		   l->new_lines) {
		l->old_lines--;
		l->new_lines--;
	} else {
		l->old_lines = l->new_lines = 0;
		return false;
	}
	return true;
}

bool patch_check(const char *text, size_t len, int strip, struct patch_facts *out, struct arena *a,
	struct error *err)
{
	struct look l = {.facts = out, .arena = a, .strip = strip, .err = err};
	const char *end = text + len;

	*out = (struct patch_facts){.kind = PATCH_NOTHING};
	if (strip < 0 || strip > MOST_STRIP)
		return error_set(err, ERROR_INTERNAL, "a patch cannot lose %d folders", strip);
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t n = stop ? (size_t)(stop - text) : (size_t)(end - text);
		char buffer[LONGEST_LINE + 1];
		size_t kept = n < LONGEST_LINE ? n : LONGEST_LINE;
		const char *line = memcpy(buffer, text, kept);
		bool ok = true;

		buffer[kept] = '\0';

		if (!in_hunk(&l, line) && !is_hunk(&l, line)) {
			line += strspn(line, " \t"); /* patch takes indented patches, too */
			if (after(line, "***************") && out->kind == PATCH_NOTHING)
				out->kind = PATCH_CONTEXT;
			else
				ok = header_ok(&l, line);
		}
		if (!ok)
			return false;
		text += n + (stop != NULL);
	}
	return true;
}

/* ---- what patch says ---- */

/* What follows the last such word before `end`, or the first of all if there is no end. */
static const char *what_follows(const char *said, const char *word, const char *end)
{
	const char *found = NULL;

	for (const char *at = said; (at = strstr(at, word)) && (!end || at < end); at++) {
		found = at + strlen(word);
		if (!end)
			break;
	}
	return found;
}

static const char *failed_hunk(const char *said)
{
	static const char word[] = "Hunk #";
	const char *hunk = said;

	while ((hunk = strstr(hunk, word))) {
		hunk += strlen(word);
		if (strncmp(hunk + strspn(hunk, "0123456789"), " FAILED", 7) == 0)
			return hunk;
	}
	return NULL;
}

const char *patch_complaint(const char *said, struct arena *a)
{
	const char *hunk = failed_hunk(said), *file;

	if (strstr(said, "Reversed (or previously applied) patch detected"))
		return "what it changes is changed already";
	if (hunk) {
		const char *line = strstr(hunk, " at ");

		file = what_follows(said, "patching file ", hunk);
		return arena_fmt(a, "hunk %.*s of %.*s at line %.*s fails",
			(int)strspn(hunk, "0123456789"), hunk, file ? (int)strcspn(file, "\n") : 6,
			file ? file : "a file", line ? (int)strspn(line + 4, "0123456789") : 1,
			line ? line + 4 : "?");
	}
	file = what_follows(said, "|+++ ", NULL);
	if (!strstr(said, "can't find file to patch"))
		return NULL;
	return arena_fmt(a, "the file %.*s that it changes is not there",
		file ? (int)strcspn(file, "\t\n ") : 0, file ? file : "");
}
