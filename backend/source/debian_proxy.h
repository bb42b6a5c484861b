/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proxy the machine's package manager uses for its archive (Acquire::http::Proxy and related settings). What the origin
 * `debian` offers is fetched through it, because there may be no other way to reach the archive.
 */
#ifndef DEBIAN_PROXY_H
#define DEBIAN_PROXY_H

#include "base/arena.h"

/* All settings of apt, as `apt-config dump` prints them; "" if there is no such program. In the arena. */
const char *debian_settings(struct arena *a);

/* For one URL: NULL means the environment decides, as everywhere else; "" means no proxy. In the arena. */
const char *debian_proxy(struct arena *a, const char *settings, const char *url);

#endif
