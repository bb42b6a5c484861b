/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch PATH SHA256 SIZE URL...: afterwards the right archive is at PATH. The log says what was tried. A URL of the machine's
 * package archive starts with "apt+": it is fetched through apt's proxy. The proxy is not among the arguments because it may
 * contain a password.
 */
#include "step/action.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/vec.h"
#include "source/debian_proxy.h"
#include "source/fetch.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	action_progress(ctx, done, total, "bytes");
}

static void log_line(void *ctx, const char *sentence)
{
	(void)ctx;
	dprintf(STDOUT_FILENO, "%s\n", sentence);
}

static void tell(void *ctx, const char *sentence)
{
	action_tell(ctx, "note %s", sentence);
}

static bool read_arguments(const struct strings *args, struct fetch *f, struct error *err)
{
	char *end;

	errno = 0;
	f->path = args->at[0];
	f->sha256 = strcmp(args->at[1], "-") == 0 ? NULL : args->at[1];
	f->size = strtoull(args->at[2], &end, 10);
	if (*end || errno || (f->sha256 && !hash_is_hex(f->sha256)))
		return error_set(err, ERROR_INTERNAL,
			"fetch wants PATH SHA256 SIZE URL..., not %s %s %s", args->at[0],
			args->at[1], args->at[2]);
	return true;
}

static void take_url(
	struct arena *a, const char *url, struct strings *urls, struct strings *proxies)
{
	bool packaged = strncmp(url, "apt+", 4) == 0;

	url += packaged ? 4 : 0;
	vec_push_in(a, urls, url);
	vec_push_in(a, proxies, packaged ? debian_proxy(a, debian_settings(a), url) : NULL);
}

bool action_fetch(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct action_context copy = *c;
	struct strings urls = {0}, proxies = {0};
	struct arena arena = ARENA_INIT;
	struct text bad = TEXT_INIT;
	struct fetch f = {.urls = &urls,
		.proxies = &proxies,
		.progress = progress,
		.note = log_line,
		.tell = tell,
		.ctx = &copy};
	bool ok = read_arguments(args, &f, err);

	if (!ok || access(f.path, R_OK) == 0)
		return ok; /* it got its name only when it was right */
	for (size_t i = 3; i < args->n; i++)
		take_url(&arena, args->at[i], &urls, &proxies);
	text_fmt(&bad, "%s/bad", c->place->cache);
	f.bad = bad.s;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	ok = fetch_file(&f, err);
	arena_release(&arena);
	text_release(&bad);
	return ok;
}
