/* SPDX-License-Identifier: GPL-2.0-or-later */
#define USED_FOR_TARGET
#include "ansidecl.h"
