/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes lines of the control connection. */
#include "boot/qmp.h"

#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

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

void qmp_screendump(struct qmp *q, const char *file)
{
	json_t *o = json_pack("{s:s,s:{s:s,s:s},s:i}", "execute", "screendump", "arguments",
		"filename", file, "format", "png", "id", (int)++q->asked);
	char *dump = o ? json_dumps(o, JSON_COMPACT) : NULL;

	if (dump)
		text_fmt(&q->out, "%s\r\n", dump);
	else
		q->answered = q->asked; /* a name that is not UTF-8 */
	q->refused = !dump;
	free(dump);
	json_decref(o);
}

static enum qmp_stop stop_of(const json_t *data)
{
	const char *reason = json_string_value(json_object_get(data, "reason"));

	if (reason && strcmp(reason, "guest-reset") == 0)
		return QMP_STOP_RESET;
	return reason && strcmp(reason, "guest-shutdown") == 0 &&
			       json_is_true(json_object_get(data, "guest"))
		       ? QMP_STOP_OFF
		       : QMP_STOP_OTHER;
}

static void one_line(struct qmp *q, const char *line, size_t len)
{
	json_t *o = json_loadb(line, len, 0, NULL);
	const char *event = json_string_value(json_object_get(o, "event"));

	if (event && strcmp(event, "SHUTDOWN") == 0 && q->stop == QMP_STOP_NONE)
		q->stop = stop_of(json_object_get(o, "data"));
	if (json_is_integer(json_object_get(o, "id"))) {
		q->answered = (unsigned)json_integer_value(json_object_get(o, "id"));
		q->refused = json_object_get(o, "error");
	}
	json_decref(o);
}

void qmp_feed(struct qmp *q, const char *bytes, size_t len)
{
	while (len) {
		const char *end = memchr(bytes, '\n', len);
		size_t n = end ? (size_t)(end - bytes) : len;

		if (q->in.len + n > QMP_LINE)
			q->skipping = true;
		if (!q->skipping)
			text_add(&q->in, bytes, n);
		if (end && !q->skipping)
			one_line(q, q->in.s, q->in.len);
		if (end || q->skipping)
			text_clear(&q->in);
		if (end)
			q->skipping = false;
		n += end != NULL;
		bytes += n;
		len -= n;
	}
}
