/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the proxy apt would use: a host's own setting wins over the general one, and https falls back to the settings of http
 * (apt-transport-http(1), apt-transport-https(1)).
 */
#include "source/debian_proxy.h"

#include "base/arena.h"
#include "base/text.h"
#include "proc/proc.h"

#include <string.h>

#include "base/banned.h"

enum { SETTINGS_LIMIT = 4 << 20, PATIENCE_MS = 10000 };

const char *debian_settings(struct arena *a)
{
	static const char *const argv[] = {"apt-config", "dump", NULL};
	struct text dump = TEXT_INIT;
	const char *result = "";
	struct error ignored;
	int status;

	if (proc_capture_for(
		    PATIENCE_MS, argv, NULL, NULL, SETTINGS_LIMIT, &dump, &status, &ignored) &&
		status == 0)
		result = arena_str(a, dump.s);
	text_release(&dump);
	return result;
}

/* Lines are NAME "VALUE"; names ignore case. NULL: not set, or empty. */
static const char *setting(struct arena *a, const char *settings, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = settings; line; line = strchr(line, '\n')) {
		const char *value;
		size_t n;

		line += *line == '\n';
		if (strncasecmp(line, name, len) != 0 || strncmp(line + len, " \"", 2) != 0)
			continue;
		value = line + len + 2;
		n = strcspn(value, "\"\n");
		return n && value[n] == '"' ? arena_strn(a, value, n) : NULL;
	}
	return NULL;
}

static const char *host_of(struct arena *a, const char *url)
{
	const char *start = strstr(url, "://") + 3;
	size_t len = strcspn(start, "/?#");
	const char *at = memrchr(start, '@', len);

	if (at) {
		len -= (size_t)(at + 1 - start);
		start = at + 1;
	}
	return arena_strn(a, start, *start == '[' ? strcspn(start, "/") : strcspn(start, ":/?#"));
}

/* Only what a transfer understands, and nothing that could break a line. */
static bool is_usable(const char *proxy)
{
	static const char *const schemes[] = {"http://", "https://", "socks5h://"};
	bool known = false;

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		known = known || strncasecmp(proxy, schemes[i], strlen(schemes[i])) == 0;
	for (; *proxy; proxy++)
		if ((unsigned char)*proxy <= ' ' || *proxy == 0x7f)
			return false;
	return known;
}

const char *debian_proxy(struct arena *a, const char *settings, const char *url)
{
	bool secure = strncmp(url, "https://", 8) == 0;
	const char *found = NULL, *host;

	if (!secure && strncmp(url, "http://", 7) != 0)
		return NULL;
	host = arena_fmt(a, "::%s", host_of(a, url));
	for (int all = 0; all < 2 && !found; all++) {
		if (secure)
			found = setting(a, settings,
				arena_fmt(a, "Acquire::https::Proxy%s", all ? "" : host));
		if (!found)
			found = setting(a, settings,
				arena_fmt(a, "Acquire::http::Proxy%s", all ? "" : host));
	}
	if (!found)
		return NULL;
	if (strcmp(found, "DIRECT") == 0)
		return "";
	return is_usable(found) ? found : NULL;
}
