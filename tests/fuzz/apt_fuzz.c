/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the machine's apt-get says, where the first byte is a letter that says of what: [c]omplaints become one sentence, paths of
 * [f]iles are absolute, and suites from [t]argets or [u]ris have names and addresses that can be a folder and a line of a file.
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include "source/debian_apt.h"
#include <string.h>

static const char known[] = "[distribution debian]\norigin = Debian\ncomponent = main\n"
			    "suites = stable testing\nsecurity = stable-security\n"
			    "own = yes\n";

static void suites_are_plain(const struct suites *suites)
{
	for (size_t i = 0; i < suites->n; i++) {
		const struct suite *s = &suites->at[i];

		replay_must(*s->name && *s->uri && !strstr(s->name, ".."));
		replay_must(!strpbrk(s->name, " \t\n\r\"") && !strpbrk(s->uri, " \t\n\r\""));
	}
	replay_must(suites->n <= 100);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct suite suite = {.name = "stable"};
	struct os_release release = {.title = "Debian", .codename = "bookworm"};
	struct arena arena = ARENA_INIT;
	struct strings files = {0};
	struct suites suites = {0};
	struct error err = {0};
	const char *said = size ? arena_strn(&arena, (const char *)data + 1, size - 1) : "";
	const char mode = size ? (char)data[0] : 'c';

	vec_push_in(&arena, &release.ids, "debian");
	if (mode == 'f') {
		apt_take_files(said, &arena, &files);
	} else if (mode == 't' || mode == 'u') {
		foreign_put("share/origins/debian", known, sizeof known - 1);
		if (!debian_suites_said(&suites, foreign_place(), &release, mode == 't' ? said : "",
			    said, &arena, &err))
			replay_must(err.kind == ERROR_SOURCE && err.text[0]);
	} else {
		replay_must(apt_judge(said, 100 << 8, &suite, &err) != APT_READ && err.text[0]);
	}
	for (size_t i = 0; i < files.n; i++)
		replay_must(files.at[i][0] == '/' && !strchr(files.at[i], '\n'));
	suites_are_plain(&suites);
	arena_release(&arena);
	return 0;
}
