/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What apt says of its proxies (behind the first line, which is an address): one that can be used, none, or nothing. */
#include "source/debian_proxy.h"
#include "base/arena.h"
#include "base/text.h"
#include "replay.h"
#include "source/transfer.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	char *rest = arena_strn(&arena, (const char *)data, size), *url = strsep(&rest, "\n");
	struct text shown = TEXT_INIT;
	const char *proxy;

	if (transfer_url_ok(url)) {
		proxy = debian_proxy(&arena, rest ? rest : "", url);
		replay_must(
			!proxy || !*proxy || (strstr(proxy, "://") && !strpbrk(proxy, " \"\n")));
		transfer_path(&arena, url);
		transfer_show(&shown, url);
		replay_must(shown.len);
	}
	text_release(&shown);
	arena_release(&arena);
	return 0;
}
