/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads os-release; nothing else does. */
#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/os_release.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { OS_RELEASE_LIMIT = 64 * 1024 };

/* NULL if the file has no such line. */
static const char *value_of(struct arena *a, const char *source, const char *key)
{
	size_t key_len = strlen(key);
	struct text value = TEXT_INIT;
	const char *result;

	while (strncmp(source, key, key_len) != 0 || source[key_len] != '=') {
		source += strcspn(source, "\n");
		if (!*source++)
			return NULL;
	}
	source += key_len + 1;
	for (char quote = '\0'; *source && *source != '\n'; source++) {
		if (quote ? *source == quote : *source == '"' || *source == '\'') {
			quote = quote ? '\0' : *source;
			continue;
		}
		if (*source == '\\' && quote != '\'' && source[1] && source[1] != '\n')
			source++;
		text_char(&value, *source);
	}
	result = arena_str(a, value.s);
	text_release(&value);
	return result;
}

static void add_words(struct strings *out, struct arena *a, const char *words)
{
	for (size_t n; words && *words; words += n) {
		words += strspn(words, " \t");
		n = strcspn(words, " \t");
		if (n)
			vec_push_in(a, out, arena_strn(a, words, n));
	}
}

void os_release_read(struct os_release *r, const char *path, struct arena *a)
{
	struct text source = TEXT_INIT;
	struct error ignored;

	*r = (struct os_release){.title = "a system that does not say its name", .codename = ""};
	if (!path)
		path = access("/etc/os-release", R_OK) == 0 ? "/etc/os-release"
							    : "/usr/lib/os-release";
	if (text_read_file(&source, path, OS_RELEASE_LIMIT, &ignored)) {
		const char *title = value_of(a, source.s, "PRETTY_NAME");
		/* derived distributions use its archives, under its release names */
		const char *codename = value_of(a, source.s, "UBUNTU_CODENAME");

		if (!codename)
			codename = value_of(a, source.s, "VERSION_CODENAME");
		r->title = title ? title : r->title;
		r->codename = codename ? codename : r->codename;
		add_words(&r->ids, a, value_of(a, source.s, "ID"));
		add_words(&r->ids, a, value_of(a, source.s, "ID_LIKE"));
	}
	text_release(&source);
}
