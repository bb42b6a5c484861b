/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the control connection. See qmp.h. */
#include "qmp.h"

#include <jansson.h>
#include <string.h>

#include "banned.h"

void qmp_init(struct qmp *q)
{
	*q = (struct qmp){.in = TEXT_INIT, .out = TEXT_INIT};
	qmp_command(q, "qmp_capabilities");
}

void qmp_release(struct qmp *q)
{
	text_release(&q->in);
	text_release(&q->out);
}

void qmp_command(struct qmp *q, const char *name)
{
	text_fmt(&q->out, "{\"execute\":\"%s\"}\r\n", name);
}

static void one_line(const char *line, size_t len, qmp_sink *sink, void *ctx)
{
	json_t *o = json_loadb(line, len, 0, NULL);
	const json_t *data = json_object_get(o, "data");
	const char *name = json_string_value(json_object_get(o, "event"));
	const char *reason = json_string_value(json_object_get(data, "reason"));
	struct qmp_event e = {
		name, reason ? reason : "", json_is_true(json_object_get(data, "guest"))};

	if (name)
		sink(ctx, &e);
	json_decref(o);
}

void qmp_feed(struct qmp *q, const char *bytes, size_t len, qmp_sink *sink, void *ctx)
{
	while (len) {
		const char *end = memchr(bytes, '\n', len);
		size_t n = end ? (size_t)(end - bytes) : len;

		if (q->in.len + n > QMP_LINE)
			q->skipping = true;
		if (!q->skipping)
			text_add(&q->in, bytes, n);
		if (end && !q->skipping)
			one_line(q->in.s, q->in.len, sink, ctx);
		if (end || q->skipping)
			text_clear(&q->in);
		if (end)
			q->skipping = false;
		n += end != NULL;
		bytes += n;
		len -= n;
	}
}
