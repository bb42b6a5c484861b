/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers of the smallest DHCP server there is: everybody who asks gets the one address (RFC 2131). The packets come from a
 * guest that is not trusted: whatever they hold, an answer is DHCP_ANSWER bytes or there is none.
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

/* Writes the answer to one packet and returns its length; 0: it deserves none. */
size_t dhcp_answer(const uint8_t *question, size_t len, const struct dhcp_lease *l,
	uint8_t answer[DHCP_ANSWER]);

#endif
