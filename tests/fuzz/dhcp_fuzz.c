/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet of the guest: an answer to its question, or none. */
#include "boot/dhcp.h"
#include "replay.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct dhcp_lease lease = {
		{10, 0, 0, 2}, {255, 255, 255, 0}, {10, 0, 0, 1}, {10, 0, 0, 1}};
	uint8_t answer[DHCP_ANSWER];
	size_t len = dhcp_answer(data, size, &lease, answer);

	replay_must(!len ||
		    (len == DHCP_ANSWER && size >= 240 && memcmp(answer + 4, data + 4, 4) == 0));
	return 0;
}
