/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Name spaces for one process and its children: a network whose loopback device answers for every address, and an
 * /etc/resolv.conf that names 127.0.0.1. There is no way back, so a child tries it first.
 */
#ifndef NETSPACE_H
#define NETSPACE_H

#include "base/error.h"

/* Would netspace_enter succeed? Does not change the caller. `resolv_conf` is the file to appear as /etc/resolv.conf. */
bool netspace_possible(const char *resolv_conf);
CHECKED bool netspace_enter(const char *resolv_conf, struct error *err);

#endif
