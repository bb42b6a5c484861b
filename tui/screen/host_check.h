/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inspects this machine for the start screen. */
#ifndef HOST_CHECK_H
#define HOST_CHECK_H

#include "screen/asked.h"

asked_find host_check;

#endif
