/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A way into the guest's sealed network: connections to a port of this machine's loopback device go on to the same port of the
 * loopback device in there, where the emulator listens. The listener is opened before the caller moves into its name spaces and
 * stays outside; what it connects to is inside.
 *
 * It runs in the caller's poll loop like http.h. A side that sends faster than the other receives has to wait; at most
 * RELAY_CONNECTIONS are open.
 */
#ifndef RELAY_H
#define RELAY_H

#include "base/error.h"
#include "base/text.h"
#include <poll.h>
#include <stdint.h>

enum { RELAY_CONNECTIONS = 8 };

/* One direction's end: what came from the other side and is still to be sent here. */
struct relay_side {
	int fd; /* -1: closed */
	struct text out;
	bool heard_end; /* it has finished sending */
};

struct relay {
	int listener; /* -1: none */
	uint16_t port;
	struct relay_side of[RELAY_CONNECTIONS][2];
};

void relay_init(struct relay *r);

/* Listens on a port of the loopback device: `wanted` if it is free, else any. */
CHECKED bool relay_open(struct relay *r, uint16_t wanted, struct error *err);

/* Leaves listening on the port to somebody else: only the number stays. */
void relay_leave(struct relay *r);
void relay_release(struct relay *r);

size_t relay_poll(const struct relay *r, struct pollfd *fds);
enum { RELAY_FDS = 2 * RELAY_CONNECTIONS + 1 };
void relay_serve(struct relay *r);

#endif
