/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks servers whether they have a file, many at once, and remembers hosts that do not answer. */
#include "source/reach.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "source/transfer.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

enum {
	AT_ONCE = 16, /* requests in flight */
	PER_HOST = 4, /* requests to one server: more would be rude */
	DEAD_SECONDS = 600,
	PATIENCE_MS = 6000, /* to connect */
	ANSWER_MS = 20000,  /* for the whole answer */
};

struct asker {
	struct reach *reach;
	struct reach_query *query;
	CURL *curl;
	const char *host;
	bool small; /* the server rejects HEAD: request the first byte instead */
};

void reach_init(struct reach *r, struct arena *a, const char *file, int64_t now)
{
	*r = (struct reach){.arena = a, .file = file, .now = now, .patience_ms = PATIENCE_MS};
}

/* Scheme, host and port of a URL ("https://example.org"), "file" for file://; in the arena. */
static const char *host_of(struct arena *a, const char *url)
{
	const char *start = strstr(url, "://");
	size_t authority;
	const char *at;

	if (!start || strncmp(url, "file:", 5) == 0)
		return "file";
	start += 3;
	authority = strcspn(start, "/?#");
	at = memrchr(start, '@', authority);
	if (at) {
		authority -= (size_t)(at + 1 - start);
		start = at + 1;
	}
	return arena_fmt(
		a, "%.*s%.*s", (int)(strstr(url, "://") + 3 - url), url, (int)authority, start);
}

static bool take_dead_host(void *ctx, const struct conf_line *line, struct error *err)
{
	struct reach *r = ctx;
	struct strings words = {0};
	bool ok = !line->key || conf_words(line->value, r->arena, &words, err);

	if (ok && words.n == 3) {
		struct dead_host d = {words.at[0], words.at[2], strtoll(words.at[1], NULL, 10)};

		if (d.until > r->now && d.until <= r->now + DEAD_SECONDS)
			vec_push_in(r->arena, &r->dead, d);
	}
	return ok;
}

static void load(struct reach *r)
{
	struct error ignored;

	if (r->loaded)
		return;
	r->loaded = true;
	/* If the file cannot be read it costs a time-out, no more. */
	if (!conf_read(r->file, r->arena, take_dead_host, r, &ignored))
		r->dead.n = 0;
}

static const struct dead_host *find_dead(const struct reach *r, const char *host)
{
	for (size_t i = 0; i < r->dead.n; i++)
		if (strcmp(r->dead.at[i].host, host) == 0)
			return &r->dead.at[i];
	return NULL;
}

static void save(const struct reach *r)
{
	struct text t = TEXT_INIT;
	struct error ignored;

	text_str(&t, "# Servers that did not answer, until when they are left alone, and why.\n");
	for (size_t i = 0; i < r->dead.n; i++)
		text_fmt(&t, "dead = %s %lld \"%s\"\n", r->dead.at[i].host,
			(long long)r->dead.at[i].until, r->dead.at[i].reason);
	if (!place_write_file(r->file, t.s, t.len, &ignored))
		text_clear(&t); /* if the cache is read-only it costs a time-out, no more */
	text_release(&t);
}

static void bury(struct reach *r, const char *host, const char *reason)
{
	if (find_dead(r, host))
		return;
	vec_push_in(r->arena, &r->dead, (struct dead_host){host, reason, r->now + DEAD_SECONDS});
	save(r);
}

void reach_forget(struct reach *r)
{
	r->loaded = true;
	r->dead.n = 0;
	save(r);
}

static void answer(struct reach_query *q, bool yes, const char *trouble)
{
	q->answered = true;
	q->yes = yes;
	q->trouble = yes ? NULL : trouble;
}

/* A server that reports another size has another file, or an error page. */
static void judge_size(struct arena *a, struct reach_query *q, uint64_t announced)
{
	q->announced = announced;
	if (announced && q->size && announced != q->size)
		answer(q, false,
			arena_fmt(a, "it has %llu bytes there instead of %llu",
				(unsigned long long)announced, (unsigned long long)q->size));
	else
		answer(q, true, NULL);
}

static void ask_file(struct reach *r, struct reach_query *q)
{
	const char *path = transfer_path(r->arena, q->url);
	struct stat st;

	if (!path)
		answer(q, false, "the URL makes no sense");
	else if (stat(path, &st) != 0)
		answer(q, false,
			errno == ENOENT ? "no such file" : arena_str(r->arena, strerror(errno)));
	else if (!S_ISREG(st.st_mode))
		answer(q, false, "it is not a file");
	else
		judge_size(r->arena, q, (uint64_t)st.st_size);
}

static size_t swallow(char *bytes, size_t size, size_t n, void *ctx)
{
	(void)bytes;
	(void)ctx;
	return size * n > 4096 ? 0 : size * n; /* cut off a server that ignores the range */
}

static bool start(struct asker *k, struct reach *r, struct reach_query *q, bool small)
{
	CURL *curl = curl_easy_init();

	*k = (struct asker){r, q, curl, host_of(r->arena, q->url), small};
	if (!curl)
		return false;
	transfer_prepare(curl, q->url, q->proxy, false);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, r->patience_ms);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ANSWER_MS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_setopt(curl, CURLOPT_PRIVATE, k);
	if (small)
		curl_easy_setopt(curl, CURLOPT_RANGE, "0-0");
	else
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	return curl_multi_add_handle(r->multi, curl) == CURLM_OK;
}

static void stop(struct asker *k)
{
	curl_multi_remove_handle(k->reach->multi, k->curl);
	curl_easy_cleanup(k->curl);
	*k = (struct asker){0};
}

static bool is_dead(CURLcode code)
{
	return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
	       code == CURLE_COULDNT_CONNECT || code == CURLE_OPERATION_TIMEDOUT;
}

/* True if the question must be asked another way. */
static bool finish(struct asker *k, CURLcode code)
{
	struct reach *r = k->reach;
	struct reach_query *q = k->query;
	curl_off_t announced = -1;
	long status = 0;

	curl_easy_getinfo(k->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(k->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
	if (!k->small && code == CURLE_OK && (status == 403 || status == 405 || status == 501))
		return true;
	if (code == CURLE_WRITE_ERROR && k->small)
		code = CURLE_OK;
	if (code != CURLE_OK) {
		answer(q, false, arena_str(r->arena, curl_easy_strerror(code)));
		if (is_dead(code))
			bury(r, k->host, q->trouble);
	} else if (status < 200 || status > 299) {
		q->busy = status == 429 || status == 503;
		answer(q, false,
			status == 404 ? "not there (404)"
				      : arena_fmt(r->arena, "the server says %ld", status));
	} else {
		judge_size(r->arena, q, announced > 0 && !k->small ? (uint64_t)announced : 0);
	}
	return false;
}

/* Questions that need no network, or no longer do. */
static bool answer_early(struct reach *r, struct reach_query *q)
{
	const struct dead_host *d = find_dead(r, host_of(r->arena, q->url));

	if (!transfer_url_ok(q->url))
		answer(q, false, "only http, https and file URLs are used");
	else if (strncmp(q->url, "file:", 5) == 0)
		ask_file(r, q);
	else if (d)
		answer(q, false, d->reason);
	return q->answered;
}

static bool ready(struct reach *r)
{
	load(r);
	if (r->multi)
		return true;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	r->multi = curl_multi_init();
	if (!r->multi)
		return false;
	curl_multi_setopt(r->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)PER_HOST);
	return true;
}

/* Starts as many of the remaining questions as there is room for; returns how many are in flight. */
static size_t fill(
	struct reach *r, struct asker *askers, struct reach_query *q, size_t n, size_t *next)
{
	size_t busy = 0;

	for (size_t i = 0; i < AT_ONCE; i++) {
		while (!askers[i].query && *next < n) {
			struct reach_query *one = &q[(*next)++];

			if (!one->answered && !answer_early(r, one) &&
				!start(&askers[i], r, one, false))
				answer(one, false, "no memory for a transfer");
		}
		busy += askers[i].query != NULL;
	}
	return busy;
}

static void collect(struct reach *r)
{
	int left;
	const CURLMsg *m;

	while ((m = curl_multi_info_read(r->multi, &left))) {
		struct asker *k = NULL;
		struct asker done;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &k);
		done = *k;
		if (!finish(k, m->data.result)) {
			stop(k);
			continue;
		}
		stop(k);
		if (!start(k, r, done.query, true))
			answer(done.query, false, "no memory for a transfer");
	}
}

/* Do not wait for requests to a host that was just given up. */
static void drop_dead(struct asker *askers)
{
	for (size_t i = 0; i < AT_ONCE; i++) {
		const struct dead_host *d =
			askers[i].query ? find_dead(askers[i].reach, askers[i].host) : NULL;

		if (!d)
			continue;
		answer(askers[i].query, false, d->reason);
		stop(&askers[i]);
	}
}

void reach_ask(struct reach *r, struct reach_query *q, size_t n)
{
	struct asker askers[AT_ONCE] = {{0}};
	size_t next = 0;
	int running;

	if (!ready(r)) {
		for (size_t i = 0; i < n; i++)
			answer(&q[i], false, "no memory for a transfer");
		return;
	}
	while (fill(r, askers, q, n, &next)) {
		curl_multi_perform(r->multi, &running);
		collect(r);
		drop_dead(askers);
		if (running)
			curl_multi_poll(r->multi, NULL, 0, 1000, NULL);
	}
}

void reach_release(struct reach *r)
{
	if (r->multi)
		curl_multi_cleanup(r->multi);
	r->multi = NULL;
}
