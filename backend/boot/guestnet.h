/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network a guest sees, sealed off if the system allows it: the calling process moves into its own name spaces with only a
 * loopback device, and serves names and files there itself. The emulator that it starts afterwards inherits them. This neither
 * needs nor touches anything outside, and needs no privilege.
 *
 * With LINK_TAP there is a bridge outside instead (bridge.h), where a DHCP server of ours answers too; with LINK_BRIDGE the guest
 * is in somebody else's network, and we answer nothing.
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
	struct http http, http6; /* the latter over IPv6, if this machine has it */
	struct arena arena;
	const char *name;   /* the one name that exists */
	uint8_t address[4]; /* and its address */
	unsigned asked;	    /* questions for it that were answered */
};

/* The layout of the emulator's user network, chosen to fit the guest's fixed address: sets the facts net, host, nameserver and
 * guest from the choices network, address, gateway and dns. The IPv6 layout (net6, host6) is always the same. */
void guestnet_layout(struct facts *facts);

void guestnet_init(struct guestnet *n);

/* Moves into the name spaces (if allowed) and opens the servers. Writes a small file to `folder`. Sets the facts sealed, resolver
 * (names can be resolved), dns-name, dns-address, url, token, url6 and host-ipv6 (this machine can answer at url6). `word` is the
 * run's random word. Each name in `forwards` gets a port of the outside's loopback device from which connections go into the
 * network: the fact port.NAME. After a blank the name may be followed by the wanted port, and by '!' if no other will do. */
CHECKED bool guestnet_open(struct guestnet *n, enum link link, struct facts *facts,
	const struct strings *forwards, const char *folder, const char *word, struct error *err);
void guestnet_release(struct guestnet *n);

/* For the caller's poll loop, as in http.h. At most GUESTNET_FDS entries. */
enum { GUESTNET_FDS = 2 * (HTTP_CONNECTIONS + 1) + 2 + GUESTNET_FORWARDS * RELAY_FDS };
size_t guestnet_poll(const struct guestnet *n, struct pollfd *fds);
void guestnet_serve(struct guestnet *n);

#endif
