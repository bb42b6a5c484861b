/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers of a minimal DHCP server: every client gets the same address (RFC 2131). The packets come from an untrusted guest:
 * whatever they hold, an answer is DHCP_ANSWER bytes or there is none.
 */
#ifndef DHCP_H
#define DHCP_H

#include <stddef.h>
#include <stdint.h>

enum { DHCP_ANSWER = 300 };

/* Addresses in network order. */
struct dhcp_lease {
	uint8_t guest[4], mask[4], host[4], nameserver[4];
};

/* Writes the answer to one packet and returns its length; 0: no answer. */
size_t dhcp_answer(const uint8_t *question, size_t len, const struct dhcp_lease *l,
	uint8_t answer[DHCP_ANSWER]);

#endif
