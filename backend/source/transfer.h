/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What all our transfers have in common: only http, https and file, certificates verified, few redirects and none to a file,
 * proxies and certificate bundles from the environment variables of curl and OpenSSL.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "base/arena.h"
#include "base/text.h"
#include <curl/curl.h>

#define TRANSFER_REDIRECTS 5L

/*
 * `proxy`: NULL means use the environment, "" means none. `strict`: a transfer that started with https may not be redirected to
 * http (only the connection vouches for the data).
 */
void transfer_prepare(CURL *curl, const char *url, const char *proxy, bool strict);

/* Is it one of the three kinds of URL, free of control characters and blanks? */
bool transfer_url_ok(const char *url);

/* The path of a file:// URL, NULL if it is none. */
const char *transfer_path(struct arena *a, const char *url);

/* The URL without user name and password: safe to show and store. */
void transfer_show(struct text *out, const char *url);

#endif
