/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every transfer of ours has in common: only http, https and file, certificates verified, few redirects and none to a
 * file, proxies and certificate bundles from the environment as curl and OpenSSL name them.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "base/arena.h"
#include "base/text.h"
#include <curl/curl.h>

#define TRANSFER_REDIRECTS 5L

/*
 * `proxy`: NULL means what the environment says, "" none. `strict`: a transfer that began with https may not be redirected to
 * http (nothing but the connection vouches for it).
 */
void transfer_prepare(CURL *curl, const char *url, const char *proxy, bool strict);

/* Is it one of the three kinds of URL, free of control characters and blanks? */
bool transfer_url_ok(const char *url);

/* The path of a file:// URL, NULL when it is none. */
const char *transfer_path(struct arena *a, const char *url);

/* The URL without a user name and password in it: what may be shown and stored. */
void transfer_show(struct text *out, const char *url);

#endif
