/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the fields of an answer's header. */
#include "source/fetch_head.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

#include "base/banned.h"

/* Value of a header line of that name, NULL for others; *len excludes surrounding blanks. */
static const char *header_value(const char *line, size_t n, const char *name, size_t *len)
{
	size_t name_len = strlen(name);

	if (n <= name_len || strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
		return NULL;
	line += name_len + 1;
	n -= name_len + 1;
	while (n && isspace((unsigned char)*line)) {
		line++;
		n--;
	}
	while (n && isspace((unsigned char)line[n - 1]))
		n--;
	*len = n;
	return line;
}

/* Only printable ASCII is sent back to a server or stored. */
static void keep_validator(struct text *into, const char *value, size_t len)
{
	text_clear(into);
	if (len > HEAD_LONGEST_VALIDATOR)
		return;
	for (size_t i = 0; i < len; i++)
		if (value[i] < ' ' || value[i] > '~')
			return;
	text_add(into, value, len);
}

static bool read_number(const char **at, const char *end, uint64_t *n)
{
	const char *start = *at;

	for (*n = 0; *at < end && isdigit((unsigned char)**at); ++*at) {
		if (*n > UINT64_MAX / 10 - 1)
			return false;
		*n = *n * 10 + (uint64_t)(**at - '0');
	}
	return *at > start;
}

/* "bytes 100-199/200" or ".../ *" */
static void take_range(struct head *h, const char *value, size_t len)
{
	const char *end = value + len;
	uint64_t last;

	h->has_range = false;
	if (len < 6 || strncasecmp(value, "bytes ", 6) != 0)
		return;
	value += 6;
	if (!read_number(&value, end, &h->range_start) || value == end || *value++ != '-' ||
		!read_number(&value, end, &last) || value == end || *value++ != '/' ||
		last < h->range_start)
		return;
	if (value < end && *value == '*')
		h->range_total = 0;
	else if (!read_number(&value, end, &h->range_total) || last >= h->range_total)
		return;
	h->has_range = true;
}

void head_take(struct head *h, const char *line, size_t n)
{
	const char *value;
	size_t len;

	if (n >= 5 && strncmp(line, "HTTP/", 5) == 0) {
		text_clear(&h->etag);
		text_clear(&h->modified);
		h->has_range = false;
		h->length = h->range_start = h->range_total = 0;
	} else if ((value = header_value(line, n, "ETag", &len))) {
		if (len &&
			*value == '"') /* a weak one (W/"...") does not guarantee identical bytes */
			keep_validator(&h->etag, value, len);
	} else if ((value = header_value(line, n, "Last-Modified", &len))) {
		keep_validator(&h->modified, value, len);
	} else if ((value = header_value(line, n, "Content-Range", &len))) {
		take_range(h, value, len);
	} else if ((value = header_value(line, n, "Content-Length", &len))) {
		const char *at = value;

		if (!read_number(&at, value + len, &h->length))
			h->length = 0;
	}
}

void head_release(struct head *h)
{
	text_release(&h->etag);
	text_release(&h->modified);
}
