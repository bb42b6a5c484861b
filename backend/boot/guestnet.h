/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network a guest sees, sealed off where the system allows it: the calling process moves into name spaces of its own with
 * nothing but a loopback device, and in there answers names and files itself. The emulator that it starts afterwards inherits
 * that. Nothing of the outside is needed or touched, and no right is needed either.
 *
 * With LINK_TAP there is a bridge outside instead (bridge.h), where a DHCP server of ours answers too; with
 * LINK_BRIDGE the guest is in a network that is somebody else's, and nothing is answered.
 *
 * Where name spaces are not allowed, files come from a port of this machine's loopback device and names from its resolver.
 */
#ifndef GUESTNET_H
#define GUESTNET_H

#include "boot/bridge.h"
#include "boot/dhcp.h"
#include "boot/http.h"
#include "boot/machine.h"
#include "boot/relay.h"
#include "choice/facts.h"
#include <stdint.h>

enum { GUESTNET_FORWARDS = 12 };

struct guestnet {
	bool sealed;
	struct relay forwards[GUESTNET_FORWARDS];
	size_t n_forwards;
	struct bridge bridge; /* one that was made for the guest */
	const char *bridged;  /* our address on it */
	int dhcp;	      /* UDP socket on it, -1: none */
	struct dhcp_lease lease;
	int dns;		 /* UDP socket, -1: none */
	struct http http, http6; /* the latter over IPv6, where this machine speaks it */
	struct arena arena;
	const char *name;   /* the one name that exists */
	uint8_t address[4]; /* and its address */
	unsigned asked;	    /* answers to questions for it */
};

/* Where the emulator's user network puts things, so that the guest's fixed address fits: sets the facts net, host, nameserver
 * and guest from the choices network, address, gateway and dns. Over IPv6 (net6, host6) it is always the
 * same. */
void guestnet_layout(struct facts *facts);

void guestnet_init(struct guestnet *n);

/* Moves into the name spaces (when allowed) and opens the servers. `folder` gets a small file. Sets the facts sealed,
 * resolver (names can be resolved), dns-name, dns-address, url, token, url6 and host-ipv6 (this machine can answer at
 * url6). `word` is the run's random word. Each of the names in `forwards` gets a port of the outside's loopback device from
 * which connections go into the network: the fact port.NAME. Behind a blank may stand the port that it wants, with a '!' when
 * no other will do. */
CHECKED bool guestnet_open(struct guestnet *n, enum link link, struct facts *facts,
	const struct strings *forwards, const char *folder, const char *word, struct error *err);
void guestnet_release(struct guestnet *n);

/* For the caller's poll loop, as in http.h. At most GUESTNET_FDS entries. */
enum { GUESTNET_FDS = 2 * (HTTP_CONNECTIONS + 1) + 2 + GUESTNET_FORWARDS * RELAY_FDS };
size_t guestnet_poll(const struct guestnet *n, struct pollfd *fds);
void guestnet_serve(struct guestnet *n);

#endif
