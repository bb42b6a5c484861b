/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets up curl the same way for all transfers. */
#include "source/transfer.h"

#include "base/arena.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const char *given(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static void certificates(CURL *curl)
{
	const char *file = given("CURL_CA_BUNDLE");
	const char *folder = given("SSL_CERT_DIR");

	if (!file)
		file = given("SSL_CERT_FILE");
	if (file)
		curl_easy_setopt(curl, CURLOPT_CAINFO, file);
	if (folder)
		curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}

void transfer_prepare(CURL *curl, const char *url, const char *proxy, bool strict)
{
	strict = strict && strncmp(url, "https:", 6) == 0;
	curl_easy_setopt(curl, CURLOPT_URL, url);
	if (proxy)
		curl_easy_setopt(curl, CURLOPT_PROXY, proxy);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
	curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, strict ? "https" : "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(curl, CURLOPT_MAXREDIRS, TRANSFER_REDIRECTS);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "bootsmith/" BOOTSMITH_VERSION);
	certificates(curl);
}

bool transfer_url_ok(const char *url)
{
	if (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0 &&
		strncmp(url, "file:///", 8) != 0)
		return false;
	for (; *url; url++)
		if ((unsigned char)*url <= ' ' || *url == 0x7f)
			return false;
	return true;
}

const char *transfer_path(struct arena *a, const char *url)
{
	const char *path = NULL;
	char *plain;

	if (strncmp(url, "file:///", 8) != 0)
		return NULL;
	plain = curl_easy_unescape(NULL, url + 7, 0, NULL);
	if (plain)
		path = arena_str(a, plain);
	curl_free(plain);
	return path;
}

void transfer_show(struct text *out, const char *url)
{
	const char *start = strstr(url, "://");
	size_t authority;
	const char *at;

	if (!start) {
		text_str(out, url);
		return;
	}
	start += 3;
	authority = strcspn(start, "/?#");
	at = memrchr(start, '@', authority);
	text_add(out, url, (size_t)(start - url));
	text_str(out, at ? at + 1 : start);
}
