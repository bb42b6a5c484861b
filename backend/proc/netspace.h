/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Name spaces for one process and its children: a network with a loopback device that answers for every address there is, and
 * an /etc/resolv.conf that names 127.0.0.1. There is no way back, so it is tried out in a child first.
 */
#ifndef NETSPACE_H
#define NETSPACE_H

#include "base/error.h"

/* Would netspace_enter succeed? Leaves the caller as it is. `resolv_conf` is a file to be shown at /etc/resolv.conf. */
bool netspace_possible(const char *resolv_conf);
CHECKED bool netspace_enter(const char *resolv_conf, struct error *err);

#endif
