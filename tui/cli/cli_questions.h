/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The wizard's questions without a screen; needs catalog and settings, and a terminal to ask on. */
#ifndef CLI_QUESTIONS_H
#define CLI_QUESTIONS_H

#include "cli/cli.h"

/* Asks, saves the profile, and if wanted builds and boots it. */
CHECKED bool questions_ask(struct cli *c, struct error *err);

#endif
