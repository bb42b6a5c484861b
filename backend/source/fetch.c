/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decides which URL to try when, how often, and what to do with the result. */
#include "source/fetch.h"

#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "source/fetch_part.h"
#include "source/fetch_transfer.h"
#include "source/transfer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	ROUNDS = 4,
	LONGEST_RETRY_AFTER_S = 120, /* whoever asks for more is not waited for */
	WORTH_GOING_ON =
		1 << 20, /* bytes: a server that delivered this much is asked again at once */
};

/* One URL and its state. */
struct place_to_ask {
	const char *url, *proxy;
	bool given_up;
	bool whole_once; /* a wrong file assembled from parts was already fetched again in one piece */
	struct text reason; /* of its last failure */
	long retry_after_s;
};

struct errand {
	const struct fetch *fetch;
	struct place_to_ask *at;
	size_t n;
	struct error *err;
};

static void note(const struct fetch *f, const char *fmt, ...) FORMAT(2, 3);

static void note(const struct fetch *f, const char *fmt, ...)
{
	char sentence[1200];
	va_list ap;

	if (!f->note)
		return;
	va_start(ap, fmt);
	vsnprintf(sentence, sizeof sentence, fmt, ap);
	va_end(ap);
	f->note(f->ctx, sentence);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Wrong bytes are evidence: somebody may want to know whether it was an accident. */
static void keep_evidence(const struct fetch *f, struct part *p, const char *got)
{
	struct text to = TEXT_INIT, says = TEXT_INIT;
	struct error ignored;

	if (!f->bad || !place_make_folder(f->bad, &ignored)) {
		part_drop(p);
		return;
	}
	text_fmt(&to, "%s/%.12s-%s", f->bad, got, base_name(f->path));
	text_str(&says, "url = ");
	transfer_show(&says, p->url.s);
	text_fmt(&says, "\nexpected = %s\ngot = %s\nbytes = %llu\n", f->sha256, got,
		(unsigned long long)p->len);
	if (rename(p->path.s, to.s) == 0) {
		text_str(&to, ".note");
		if (!place_write_file(to.s, says.s, says.len, &ignored))
			note(f, "%s", ignored.text);
	}
	part_drop(p);
	text_release(&to);
	text_release(&says);
}

/* All bytes are here. True: they are right, and the file has its name. */
static enum fetch_end finish(struct errand *e, struct place_to_ask *k, struct part *p)
{
	const struct fetch *f = e->fetch;
	char got[HASH_HEX];
	bool resumed = p->resumed;

	part_digest(p, got);
	if (!f->sha256 || strcmp(got, f->sha256) == 0) {
		if (!part_publish(p, f->path, e->err))
			return FETCH_CRASHED;
		note(f, "%llu bytes, SHA-256 %s%s", (unsigned long long)p->len, got,
			f->sha256 ? " as expected" : " (not known before, accepted by name)");
		return FETCH_WHOLE;
	}
	text_clear(&k->reason);
	text_fmt(&k->reason, "wrong bytes: SHA-256 is %s instead of %s", got, f->sha256);
	if (resumed && !k->whole_once) {
		k->whole_once = true;
		part_drop(p);
		return FETCH_AGAIN;
	}
	keep_evidence(f, p, got);
	return FETCH_GONE;
}

/* Interrupted after the last byte, before its digest was checked. */
static bool is_complete(const struct fetch *f, const struct part *p)
{
	return p->len && p->len == (f->size ? f->size : p->total);
}

/* One transfer from one URL. `grown` receives how far it got beyond what was there. */
static enum fetch_end attempt(
	struct errand *e, struct place_to_ask *k, uint64_t *highest, bool *grown)
{
	struct text shown = TEXT_INIT;
	enum fetch_end end = FETCH_CRASHED;
	struct part p;

	transfer_show(&shown, k->url);
	if (!part_open(&p, e->fetch->path, k->url, e->fetch->sha256 != NULL, e->err))
		goto out;
	if (p.len)
		note(e->fetch, "going on at byte %llu of %s", (unsigned long long)p.len, shown.s);
	else
		note(e->fetch, "fetching %s%s", shown.s,
			k->proxy && *k->proxy ? " through the package manager's proxy" : "");
	*highest = p.len > *highest ? p.len : *highest;
	if (is_complete(e->fetch, &p))
		end = FETCH_WHOLE;
	else
		end = fetch_transfer(e->fetch, &p, k->proxy, &k->reason, &k->retry_after_s, e->err);
	*grown = p.len >= *highest + WORTH_GOING_ON;
	if (end == FETCH_WHOLE)
		end = finish(e, k, &p);
	if (end == FETCH_GONE && p.hash && !p.stale)
		part_drop(&p);
	if (end != FETCH_WHOLE && end != FETCH_CRASHED)
		note(e->fetch, "%s: %s", shown.s, k->reason.s);
out:
	part_close(&p);
	text_release(&shown);
	return end;
}

/* A URL is asked again at once as long as it makes progress. */
static enum fetch_end ask(struct errand *e, struct place_to_ask *k)
{
	uint64_t highest = 0;
	bool grown, again = false;
	enum fetch_end end;

	do {
		end = attempt(e, k, &highest, &grown);
		if (end == FETCH_AGAIN) {
			if (again)
				return FETCH_LATER;
			again = true;
		}
	} while (end == FETCH_AGAIN || (end == FETCH_LATER && grown && !k->retry_after_s));
	return end;
}

/* A server that wants to be left alone for longer than anybody waits. */
static bool is_away(struct errand *e, struct place_to_ask *k)
{
	if (k->retry_after_s <= LONGEST_RETRY_AFTER_S)
		return false;
	text_fmt(&k->reason, " and wants to be left alone for more than %d seconds",
		LONGEST_RETRY_AFTER_S);
	note(e->fetch, "%s", k->reason.s);
	return true;
}

/* How long until somebody may be asked again, and who asked for the wait; NULL: nobody, it is ours. */
static long wait_ms(const struct errand *e, int round, const struct place_to_ask **who)
{
	long ms = (e->fetch->pause_ms ? e->fetch->pause_ms : 1000) << round;
	const struct place_to_ask *soonest = NULL;

	*who = NULL;
	for (size_t i = 0; i < e->n; i++) {
		const struct place_to_ask *k = &e->at[i];

		if (!k->given_up && (!soonest || k->retry_after_s < soonest->retry_after_s))
			soonest = k;
	}
	if (!soonest || soonest->retry_after_s * 1000 <= ms)
		return ms;
	*who = soonest;
	return soonest->retry_after_s * 1000;
}

static void pause_before(const struct errand *e, int round)
{
	const struct place_to_ask *who;
	long ms = wait_ms(e, round, &who);
	struct text t = TEXT_INIT, shown = TEXT_INIT;

	/* Not all clients at the same moment: the server turned others away too. */
	ms += (getpid() * 7919L) % (ms / 4 + 1);
	if (who) {
		transfer_show(&shown, who->url);
		text_fmt(&t,
			"%.600s: %.200s; it is asked again in %ld s, as it wishes (try %d of %d)",
			shown.s, who->reason.s, (ms + 999) / 1000, round + 2, ROUNDS);
		note(e->fetch, "%s", t.s);
		if (e->fetch->tell)
			e->fetch->tell(e->fetch->ctx, t.s);
	}
	text_release(&shown);
	text_release(&t);
	poll(NULL, 0, (int)ms);
}

static bool report(struct errand *e)
{
	struct text t = TEXT_INIT;

	for (size_t i = 0; i < e->n; i++) {
		text_str(&t, i ? "; " : "");
		transfer_show(&t, e->at[i].url);
		text_fmt(&t, ": %s", e->at[i].reason.s);
	}
	error_set(e->err, ERROR_SOURCE, "%s could not be had. %.800s", base_name(e->fetch->path),
		t.len ? t.s : "There is no URL for it");
	text_release(&t);
	return false;
}

/* All URLs in order, then again those that may do better later. */
static bool run(struct errand *e)
{
	for (int round = 0; round < ROUNDS; round++) {
		size_t left = 0;

		for (size_t i = 0; i < e->n; i++) {
			struct place_to_ask *k = &e->at[i];

			if (k->given_up)
				continue;
			switch (ask(e, k)) {
			case FETCH_WHOLE:
				return true;
			case FETCH_CRASHED:
				return false;
			case FETCH_GONE:
				k->given_up = true;
				break;
			default:
				k->given_up = is_away(e, k);
				left += !k->given_up;
			}
		}
		if (!left)
			break;
		if (round + 1 < ROUNDS)
			pause_before(e, round);
	}
	return report(e);
}

bool fetch_file(const struct fetch *f, struct error *err)
{
	struct errand e = {.fetch = f, .n = f->urls->n, .err = err};
	struct text folder = TEXT_INIT;
	bool ok;

	text_add(&folder, f->path, (size_t)(base_name(f->path) - f->path));
	ok = !folder.len || place_make_folder(folder.s, err);
	e.at = xmalloc((e.n + 1) * sizeof *e.at);
	for (size_t i = 0; i < e.n; i++)
		e.at[i] = (struct place_to_ask){.url = f->urls->at[i],
			.proxy = f->proxies ? f->proxies->at[i] : NULL,
			.reason = TEXT_INIT};
	ok = ok && run(&e);
	for (size_t i = 0; i < e.n; i++)
		text_release(&e.at[i].reason);
	free(e.at);
	text_release(&folder);
	return ok;
}
