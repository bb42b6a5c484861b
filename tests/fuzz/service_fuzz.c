/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A declaration of a service: each of its commands is one line whose words a shell takes for words, or there is one sentence. */
#include "choice/service.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include <string.h>

static const char *look_up(const void *ctx, const char *name)
{
	(void)ctx;
	return *name == 'a' ? "yes" : NULL;
}

static const char *expand_name(void *ctx, const char *name, bool *is_list)
{
	(void)ctx;
	*is_list = *name == 'b';
	return *name == 'a' ? "it's; $(one)" : *name == 'b' ? "one two" : NULL;
}

/* Outside quotes there is nothing that means something to a shell. */
static void judge(const char *line)
{
	bool quoted = false;

	for (const char *s = line; *s; s++) {
		if (*s == '\'')
			quoted = !quoted;
		else if (!quoted && *s == '\\')
			replay_must(*++s == '\'');
		else if (!quoted)
			replay_must(!strchr("$`;&|<>()\"*?[#~!{}\n", *s));
	}
	replay_must(!quoted);
}

static void command(struct arena *a, const char *words)
{
	struct text out = TEXT_INIT;
	struct error err = {0};

	if (service_command(&out, a, words, expand_name, NULL, &err))
		judge(out.s);
	else
		replay_must(err.text[0]);
	text_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = foreign_put("a.service", data, size);
	struct arena arena = ARENA_INIT;
	struct error err = {0};
	struct service s;

	if (service_read(&s, "a", path, NULL, &arena, look_up, NULL, &err)) {
		replay_must(s.summary && s.run);
		command(&arena, s.run);
		for (size_t i = 0; i < s.before.n; i++)
			command(&arena, s.before.at[i]);
	} else {
		replay_must(err.kind == ERROR_PROFILE && err.text[0]);
	}
	arena_release(&arena);
	return 0;
}
