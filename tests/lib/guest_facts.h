/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fake guest with a network of its own: the choices and names that checks and machines ask for. */
#ifndef GUEST_FACTS_H
#define GUEST_FACTS_H

#include "choice/facts.h"

void guest_facts_set(struct facts *f);

#endif
