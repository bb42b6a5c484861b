/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet from the guest: the answer has bounded length, or there is none. */
#include "boot/dns.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t address[4] = {10, 0, 2, 2};
	uint8_t answer[DNS_ANSWER];
	size_t len = dns_answer(data, size, "boot.test", address, answer);

	replay_must(len <= sizeof answer);
	if (len) {
		replay_must(len >= 12 && memcmp(answer, data, 2) == 0); /* the id of the question */
		replay_must(answer[2] & 0x80);				/* it is an answer */
	}
	return 0;
}
