/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One transfer. The answer is checked before its first byte is kept: is it the requested rest, of the same file, of the expected
 * size? Servers may send anything; only what can be checked is trusted.
 */
#include "source/fetch_transfer.h"

#include "base/text.h"
#include "source/fetch_head.h"
#include "source/fetch_part.h"
#include "source/transfer.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/banned.h"

enum { MOST_HEADER_BYTES = 256 * 1024, SLOW_BYTES_A_SECOND = 1024 };

struct transfer {
	const struct fetch *fetch;
	struct part *part;
	const char *proxy;
	CURL *curl;
	struct head head;
	size_t header_bytes;
	uint64_t limit;	    /* no byte beyond this */
	bool judged;	    /* the header was checked and the body is being received */
	bool local;	    /* file:// */
	enum fetch_end end; /* once something was rejected */
	bool refused;
	struct text *reason;
	struct error *err;
};

static bool refuse(struct transfer *t, enum fetch_end end, const char *fmt, ...) FORMAT(3, 4);

static bool refuse(struct transfer *t, enum fetch_end end, const char *fmt, ...)
{
	char words[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	text_clear(t->reason);
	text_str(t->reason, words);
	t->refused = true;
	t->end = end;
	return false;
}

static bool crash(struct transfer *t)
{
	return refuse(t, FETCH_CRASHED, "it cannot be stored");
}

static size_t on_header(char *line, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	n *= size;
	t->header_bytes += n;
	if (t->header_bytes > MOST_HEADER_BYTES) {
		refuse(t, FETCH_GONE, "the server does not stop sending headers");
		return 0;
	}
	head_take(&t->head, line, n);
	return n;
}

/* Continues the part or starts over; *total is the announced size of the whole file, 0 if none is. */
static bool judge_answer(struct transfer *t, uint64_t *total)
{
	struct part *p = t->part;
	const struct head *h = &t->head;
	long status = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	*total = h->length;
	if (t->local || status == 200)
		return (!p->len && !p->stale) || part_restart(p, t->err) || crash(t);
	if (status != 206 || !p->len)
		return refuse(t, FETCH_GONE, "the server answers %ld", status);
	*total = h->range_total;
	if (!h->has_range || h->range_start != p->len ||
		(p->total && h->range_total && h->range_total != p->total))
		return refuse(
			t, FETCH_AGAIN, "the server sent another part than the one asked for");
	return true;
}

static bool judge_size(struct transfer *t, uint64_t total)
{
	uint64_t size = t->fetch->size, most = t->fetch->most ? t->fetch->most : FETCH_LARGEST;

	if (size && total && total != size)
		return refuse(t, FETCH_GONE,
			"the server announces %" PRIu64 " bytes instead of %" PRIu64, total, size);
	t->limit = size ? size : total ? total : most;
	if (t->part->len > t->limit)
		return refuse(t, FETCH_AGAIN, "there is more of it than there should be");
	if (t->limit > most)
		return refuse(t, FETCH_GONE,
			t->fetch->most ? "%" PRIu64 " bytes are more than are wanted"
				       : "%" PRIu64 " bytes are more than any source archive has",
			t->limit);
	return true;
}

static bool judge(struct transfer *t)
{
	struct part *p = t->part;
	const struct text *validator = t->head.etag.len ? &t->head.etag : &t->head.modified;
	uint64_t total;

	if (!judge_answer(t, &total) || !judge_size(t, total))
		return false;
	if (t->limit < FETCH_LARGEST && !part_reserve(p, t->limit, t->err))
		return crash(t);
	p->total = total ? total : t->fetch->size;
	if (validator->len) {
		text_clear(&p->validator);
		text_add(&p->validator, validator->s, validator->len);
	}
	if (!t->local && !part_describe(p, t->err))
		return crash(t);
	t->judged = true;
	return true;
}

static size_t on_bytes(char *bytes, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	n *= size;
	if (!t->judged && !judge(t))
		return 0;
	if (n > t->limit - t->part->len) {
		refuse(t, FETCH_GONE, "it sends more than %" PRIu64 " bytes", t->limit);
		return 0;
	}
	if (!part_add(t->part, bytes, n, t->err)) {
		crash(t);
		return 0;
	}
	if (t->fetch->progress)
		t->fetch->progress(t->fetch->ctx, t->part->len, t->part->total);
	return n;
}

static struct curl_slist *configure(struct transfer *t)
{
	const struct fetch *f = t->fetch;
	struct curl_slist *headers = NULL;
	struct text line = TEXT_INIT;

	transfer_prepare(t->curl, t->part->url.s, t->proxy, f->sha256 == NULL);
	curl_easy_setopt(t->curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(
		t->curl, CURLOPT_CONNECTTIMEOUT_MS, f->connect_ms ? f->connect_ms : 15000L);
	curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES_A_SECOND);
	curl_easy_setopt(t->curl, CURLOPT_LOW_SPEED_TIME, f->stall_s ? f->stall_s : 30L);
	curl_easy_setopt(t->curl, CURLOPT_BUFFERSIZE, 256L * 1024);
	curl_easy_setopt(t->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(t->curl, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
	if (t->part->len) {
		if (t->part->validator.len) {
			text_fmt(&line, "If-Range: %s", t->part->validator.s);
			headers = curl_slist_append(headers, line.s);
			curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
			text_clear(&line);
		}
		text_fmt(&line, "%" PRIu64 "-", t->part->len);
		curl_easy_setopt(t->curl, CURLOPT_RANGE, line.s);
	}
	text_release(&line);
	return headers;
}

static enum fetch_end judge_status(struct transfer *t)
{
	long status = 0;

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	text_fmt(t->reason, "the server answers %ld", status);
	if (status == 416 && t->part->len)
		return FETCH_AGAIN;
	return status >= 500 || status == 408 || status == 425 || status == 429 ? FETCH_LATER
										: FETCH_GONE;
}

/* Failures that another attempt will not cure. */
static bool is_final(CURLcode code)
{
	switch (code) {
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_TOO_MANY_REDIRECTS:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_FILE_COULDNT_READ_FILE:
	case CURLE_REMOTE_FILE_NOT_FOUND:
	case CURLE_WEIRD_SERVER_REPLY:
		return true;
	default:
		return false;
	}
}

static enum fetch_end judge_end(struct transfer *t, CURLcode code)
{
	const struct part *p = t->part;

	if (t->refused)
		return t->end;
	text_clear(t->reason);
	if (code == CURLE_HTTP_RETURNED_ERROR)
		return judge_status(t);
	if (code == CURLE_OPERATION_TIMEDOUT && p->len)
		text_fmt(t->reason, "the transfer came to a standstill after %" PRIu64 " bytes",
			p->len);
	else if (code != CURLE_OK)
		text_str(t->reason, curl_easy_strerror(code));
	if (code != CURLE_OK)
		return is_final(code) ? FETCH_GONE : FETCH_LATER;
	if (!t->judged) {
		text_str(t->reason, "the server sent nothing");
		/* Continuing failed: maybe the part is the whole file already. */
		return p->len ? FETCH_AGAIN : FETCH_GONE;
	}
	if (p->total && p->len < p->total) {
		text_fmt(t->reason, "it ended after %" PRIu64 " of %" PRIu64 " bytes", p->len,
			p->total);
		return FETCH_LATER;
	}
	return FETCH_WHOLE;
}

enum fetch_end fetch_transfer(const struct fetch *f, struct part *p, const char *proxy,
	struct text *reason, long *retry_after_s, struct error *err)
{
	struct transfer t = {.fetch = f,
		.part = p,
		.proxy = proxy,
		.head = HEAD_INIT,
		.local = strncmp(p->url.s, "file:", 5) == 0,
		.reason = reason,
		.err = err};
	struct curl_slist *headers = NULL;
	enum fetch_end end = FETCH_LATER;
	curl_off_t seconds = 0;

	*retry_after_s = 0;
	text_clear(reason);
	if (!transfer_url_ok(p->url.s)) {
		text_str(reason, "only http, https and file URLs are used");
		return FETCH_GONE;
	}
	t.curl = curl_easy_init();
	if (!t.curl) {
		text_str(reason, "no memory for a transfer");
		return FETCH_LATER;
	}
	headers = configure(&t);
	end = judge_end(&t, curl_easy_perform(t.curl));
	if (curl_easy_getinfo(t.curl, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0)
		*retry_after_s = seconds < 3600 ? (long)seconds : 3600;
	curl_easy_cleanup(t.curl);
	curl_slist_free_all(headers);
	head_release(&t.head);
	if (end == FETCH_AGAIN && !part_restart(p, err))
		end = FETCH_CRASHED;
	return end;
}
