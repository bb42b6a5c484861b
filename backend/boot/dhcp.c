/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads one request and fills in the only answer. */
#include "boot/dhcp.h"

#include <stdbool.h>
#include <string.h>

#include "base/banned.h"

enum {
	AT_YOU = 16,
	AT_CLIENT = 28, /* its hardware address */
	AT_COOKIE = 236,
	AT_OPTIONS = 240,
	BOOT_REQUEST = 1,
	BOOT_REPLY = 2,
	OPTION_PAD = 0,
	OPTION_END = 255,
	OPTION_MASK = 1,
	OPTION_ROUTER = 3,
	OPTION_DNS = 6,
	OPTION_LEASE = 51,
	OPTION_KIND = 53,
	OPTION_SERVER = 54,
	DISCOVER = 1,
	OFFER = 2,
	REQUEST = 3,
	ACK = 5,
};

static const uint8_t cookie[4] = {99, 130, 83, 99};

/* DISCOVER, REQUEST ...; 0: not a DHCP packet. */
static uint8_t kind_of(const uint8_t *q, size_t len)
{
	size_t at = AT_OPTIONS;

	if (len < AT_OPTIONS || q[0] != BOOT_REQUEST || memcmp(q + AT_COOKIE, cookie, 4) != 0)
		return 0;
	while (at + 2 < len && q[at] != OPTION_END) {
		if (q[at] == OPTION_PAD) {
			at++;
			continue;
		}
		if (q[at] == OPTION_KIND && q[at + 1] == 1)
			return q[at + 2];
		at += 2U + q[at + 1];
	}
	return 0;
}

static uint8_t *put(uint8_t *to, uint8_t option, const uint8_t *bytes, uint8_t len)
{
	*to++ = option;
	*to++ = len;
	memcpy(to, bytes, len);
	return to + len;
}

size_t dhcp_answer(const uint8_t *question, size_t len, const struct dhcp_lease *l,
	uint8_t answer[DHCP_ANSWER])
{
	static const uint8_t day[4] = {0, 1, 0x51, 0x80};
	uint8_t kind = kind_of(question, len), reply = kind == DISCOVER ? OFFER : ACK;
	uint8_t *to = answer + AT_OPTIONS;

	if (kind != DISCOVER && kind != REQUEST)
		return 0;
	memset(answer, 0, DHCP_ANSWER);
	memcpy(answer, question, 12); /* its hardware address and transaction number */
	memcpy(answer + AT_CLIENT, question + AT_CLIENT, 16);
	answer[0] = BOOT_REPLY;
	answer[3] = 0;
	memcpy(answer + AT_YOU, l->guest, 4);
	memcpy(answer + AT_COOKIE, cookie, 4);
	to = put(to, OPTION_KIND, &reply, 1);
	to = put(to, OPTION_SERVER, l->host, 4);
	to = put(to, OPTION_LEASE, day, 4);
	to = put(to, OPTION_MASK, l->mask, 4);
	to = put(to, OPTION_ROUTER, l->host, 4);
	to = put(to, OPTION_DNS, l->nameserver, 4);
	*to = OPTION_END;
	return DHCP_ANSWER;
}
