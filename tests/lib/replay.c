/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replays files to a fuzz target. This main is used only if there is no other. */
#include "replay.h"
#include "base/text.h"
#include "grow.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* At most this many beginnings of a file are played. */
enum { BEGINNINGS = 400 };

static bool grow_file(const char *path)
{
	struct text all = TEXT_INIT;
	struct error err;
	bool ok = text_read_file(&all, path, 1 << 20, &err) &&
		  grow_try(path, (const uint8_t *)all.s, all.len);

	text_release(&all);
	return ok;
}

static bool play_file(const char *path)
{
	struct text all = TEXT_INIT;
	struct error err;
	size_t step;

	if (!text_read_file(&all, path, 1 << 20, &err)) {
		printf("%s\n", err.text);
		return false;
	}
	step = all.len / BEGINNINGS + 1;
	for (size_t len = 0;; len = len + step < all.len ? len + step : all.len) {
		/* a copy of the exact length, so that a sanitizer sees the byte after it being read */
		uint8_t *copy = xmalloc(len ? len : 1);

		memcpy(copy, all.s, len);
		LLVMFuzzerTestOneInput(copy, len);
		free(copy);
		if (len == all.len)
			break;
	}
	text_release(&all);
	return true;
}

typedef bool play_one(const char *path);

static bool play_folder(const char *path, DIR *dir, play_one *play, size_t *played)
{
	const struct dirent *entry;
	bool ok = true;

	while ((entry = readdir(dir))) {
		struct text file = TEXT_INIT;

		if (entry->d_name[0] == '.')
			continue;
		text_fmt(&file, "%s/%s", path, entry->d_name);
		ok = play(file.s) && ok;
		(*played)++;
		text_release(&file);
	}
	return ok;
}

/* With --grow each file is grown instead, to see whether time grows with it. */
int main(int argc, char **argv)
{
	const bool grows = argc > 1 && strcmp(argv[1], "--grow") == 0;
	play_one *play = grows ? grow_file : play_file;
	size_t played = 0;
	bool ok = true;

	for (int i = 1 + grows; i < argc; i++) {
		DIR *dir = opendir(argv[i]);

		if (dir) {
			ok = play_folder(argv[i], dir, play, &played) && ok;
			closedir(dir);
		} else {
			ok = play(argv[i]) && ok;
			played++;
		}
	}
	printf("%zu files played\n", played);
	return ok && played ? 0 : 1;
}
