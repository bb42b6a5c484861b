/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proxy that the machine's package manager has for its archive (Acquire::http::Proxy and its kin). What the origin `debian`
 * offers is fetched through it, for the archive may not be reached in any other way.
 */
#ifndef DEBIAN_PROXY_H
#define DEBIAN_PROXY_H

#include "base/arena.h"

/* All its settings, as `apt-config dump` writes them; "" where there is no such program. In the arena. */
const char *debian_settings(struct arena *a);

/* For one URL: NULL means that the environment decides, as everywhere else; "" that there is none. In the arena. */
const char *debian_proxy(struct arena *a, const char *settings, const char *url);

#endif
