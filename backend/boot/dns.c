/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers one question. */
#include "boot/dns.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum {
	HEADER = 12,
	NAME = 255, /* RFC 1035, 2.3.4 */
	TYPE_A = 1,
	TYPE_ANY = 255,
	CLASS_IN = 1,
	NO_ERROR = 0,
	FORMAT_ERROR = 1,
	NO_SUCH_NAME = 3,
	NOT_IMPLEMENTED = 4,
};

static unsigned word_at(const uint8_t *s)
{
	return (unsigned)s[0] << 8 | s[1];
}

/* Reads the question's name as text with dots; returns the offset after it, 0 if it is malformed. Questions do not use
 * compression, so a label longer than 63 is malformed too. */
static size_t read_name(const uint8_t *q, size_t len, char out[NAME + 1])
{
	size_t at = HEADER, n = 0;

	while (at < len && q[at]) {
		size_t label = q[at++];

		if (label > 63 || label > len - at || n + label + 1 > NAME)
			return 0;
		if (n)
			out[n++] = '.';
		for (size_t i = 0; i < label; i++) {
			/* a NUL or a dot inside a label must not make one name look like another */
			out[n++] = q[at + i] == '\0' || q[at + i] == '.' ? '?' : (char)q[at + i];
		}
		at += label;
	}
	if (at >= len)
		return 0;
	out[n] = '\0';
	return at + 1;
}

static void head(uint8_t *answer, const uint8_t *question, unsigned code, unsigned questions,
	unsigned answers)
{
	memset(answer, 0, HEADER);
	memcpy(answer, question, 2);
	answer[2] =
		(uint8_t)(0x84 |
			  (question[2] &
				  0x79)); /* answer, authoritative; kind and "recursion desired" as asked */
	answer[3] = (uint8_t)(0x80 | code);
	answer[5] = (uint8_t)questions;
	answer[7] = (uint8_t)answers;
}

static size_t add_address(uint8_t *at, const uint8_t address[4])
{
	/* name: pointer to the question's; type A, class IN, one minute, 4 bytes */
	static const uint8_t record[] = {0xc0, HEADER, 0, TYPE_A, 0, CLASS_IN, 0, 0, 0, 60, 0, 4};

	memcpy(at, record, sizeof record);
	memcpy(at + sizeof record, address, 4);
	return sizeof record + 4;
}

size_t dns_answer(const void *question, size_t len, const char *name, const uint8_t address[4],
	uint8_t answer[DNS_ANSWER])
{
	const uint8_t *q = question;
	char asked[NAME + 1];
	size_t end;
	bool known;

	if (len < HEADER || (q[2] & 0x80))
		return 0;
	if ((q[2] & 0x78) != 0) {
		head(answer, q, NOT_IMPLEMENTED, 0, 0);
		return HEADER;
	}
	end = word_at(q + 4) == 1 ? read_name(q, len, asked) : 0;
	if (!end || len - end < 4 || end + 4 + 16 > DNS_ANSWER) {
		head(answer, q, FORMAT_ERROR, 0, 0);
		return HEADER;
	}
	memcpy(answer + HEADER, q + HEADER, end + 4 - HEADER);
	known = strcasecmp(asked, name) == 0;
	if (known && (word_at(q + end) == TYPE_A || word_at(q + end) == TYPE_ANY) &&
		word_at(q + end + 2) == CLASS_IN) {
		head(answer, q, NO_ERROR, 1, 1);
		return end + 4 + add_address(answer + end + 4, address);
	}
	head(answer, q, known ? NO_ERROR : NO_SUCH_NAME, 1, 0);
	return end + 4;
}
